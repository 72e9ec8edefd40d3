"""The shape of what is sent about a list that is to be read in."""

from portfolio.exchange.rules.headers import FIELDS, LONGEST_HEADER
from portfolio.web.fields import Form, Text, YesNo

FIELD_LABELS = {
    "title": "Namn",
    "id": "Listans egen beteckning",
    "unit": "Förvaltning eller enhet",
    "owner": "Projektägare",
    "start": "Start",
    "end": "Slut",
    "status": "Status",
    "impact": "Påverkan",
    "summary": "Kort sagt",
}
"""What a column can hold, in the words of the page and in its order."""

LONGEST_COLUMN_NAME = LONGEST_HEADER + 10
"""A name that comes again has got a number."""

_COLUMNS = {f"column_{name}": Text(LONGEST_COLUMN_NAME, load_default=None) for name in FIELDS}


class ColumnsForm(Form.from_dict(_COLUMNS)):  # type: ignore[misc]
    """The column for each field, and the sheet; `create_units` agrees to the units that are missing."""

    sheet = Text(120, load_default=None)
    create_units = YesNo(load_default=False)


class UnitsForm(Form):
    """Whether the units that the municipality lacks are to be added."""

    create_units = YesNo(load_default=False)


class ConfirmForm(Form):
    """The preview that is confirmed."""

    mark = Text(16, required=True)

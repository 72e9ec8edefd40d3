"""The shape of a goal in its form."""

from marshmallow import fields, post_load

from portfolio.web.fields import Form, Text, WholeNumber

FIRST, LAST = 1900, 2199
YEAR_HELP = "Skriv ett årtal, till exempel 2027."


def _year(**options: object) -> WholeNumber:
    return WholeNumber(FIRST, LAST, error_messages={"required": YEAR_HELP, "invalid": YEAR_HELP}, **options)


class GoalForm(Form):
    """Everything that a goal of some kind has; which of it is asked for depends on the kind."""

    name = Text(200, required=True, error_messages={"required": "Skriv vad målet heter."})
    text = Text(2000, load_default="")
    source = Text(200, load_default="")
    source_year = _year(load_default=None)
    factors = Text(1000, load_default="")
    units = fields.List(Text(20), load_default=list)
    first_year = _year(required=True)
    last_year = _year(load_default=None)
    parent = WholeNumber(1, 2**31 - 1, load_default=None, error_messages={"invalid": "Välj i listan."})

    @post_load
    def _lines(self, data: dict[str, object], **_: object) -> dict[str, object]:
        written = str(data["factors"]).splitlines()
        return data | {"factors": tuple(line.strip() for line in written if line.strip())}

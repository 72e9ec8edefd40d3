"""The forms about meetings."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from portfolio.meetings.rules.deciding import Basis, Ground
from portfolio.web.fields import Choice, Form, Text
from portfolio.web.forms import check

LONGEST_QUESTION = 500
LONGEST_LINE = 300
"""A line of the chooser: a code with its title."""


class QuestionForm(Form):
    """A question about an item."""

    item = fields.String(required=True)
    text = Text(LONGEST_QUESTION, required=True, error_messages={"required": "Skriv din fråga."})


class AddForm(Form):
    """An initiative that somebody puts on the agenda."""

    code = Text(LONGEST_LINE, required=True, error_messages={"required": "Skriv beteckningen, till exempel FI-011."})
    reason = Text(
        LONGEST_QUESTION, required=True, error_messages={"required": "Skriv vad gruppen ska ta ställning till."}
    )


class GroundForm(Form):
    """Who decides, of what kind, on what ground."""

    maker = Text(120, load_default="")
    basis = Choice(tuple(Basis), load_default=Basis.INTERNAL.value)
    point = Text(120, load_default="")
    principal = fields.Boolean(load_default=False)
    remark = Text(LONGEST_QUESTION, load_default="")
    withheld = fields.Boolean(load_default=False)


def ground_in(values: Mapping[str, str]) -> Ground:
    """The ground of the decision that stands in the form; Invalid names each box that is wrong."""
    form = GroundForm()
    sent: dict[str, Any] = {name: values[name] for name in form.fields if values.get(name, "").strip()}
    read = check(form, sent | {name: name in values for name in ("principal", "withheld")})
    basis = Basis(read["basis"])
    return Ground(read["maker"], basis, read["point"], read["principal"], read["remark"], read["withheld"])

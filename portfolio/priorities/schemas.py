"""The shape of an assessment in its form."""

import re
from typing import Any

from marshmallow import ValidationError

from portfolio.priorities.rules.assessment import MOST_KRONOR
from portfolio.priorities.rules.sentences import in_groups
from portfolio.web.fields import Form, Text, WholeNumber

GRADE_HELP = "Välj 1, 2 eller 3, eller att ingen vet än."
COST_HELP = "Skriv kostnaden i kronor, till exempel 1 250 000 eller 1 250 tkr."
TOO_DEAR = f"Skriv högst {in_groups(MOST_KRONOR)} kronor."
_UNIT = re.compile(r"\s*(kr|kronor|:-)\s*$", re.IGNORECASE)
_TKR = re.compile(r"(?P<thousands>\d[\d. ]*)(?:,(?P<rest>\d{1,3}))? ?tkr", re.IGNORECASE | re.ASCII)


class Kronor(WholeNumber):
    """Whole kronor as people write them: `1 250 000`, `1.250.000 kr`; thousands where they are said, `1 250 tkr`."""

    def __init__(self, **options: Any):
        """From nothing to MOST_KRONOR."""
        super().__init__(0, MOST_KRONOR, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        digits = "".join(_UNIT.sub("", _in_kronor(str(value))).replace(".", "").split())
        if not digits.isascii() or not digits.isdecimal():
            raise ValidationError(COST_HELP)
        if len(digits) > len(str(MOST_KRONOR)):
            raise ValidationError(TOO_DEAR)
        return super()._deserialize(digits, attr, data, **options)


def _in_kronor(written: str) -> str:
    """`1 250,5 tkr` as `1 250500`; anything else as it is."""
    found = _TKR.fullmatch(" ".join(written.split()))
    return written if found is None else found["thousands"].strip() + (found["rest"] or "").ljust(3, "0")


def _grade() -> WholeNumber:
    return WholeNumber(1, 3, load_default=None, error_messages={"invalid": GRADE_HELP})


class AssessmentForm(Form):
    """What is filled in on the page; what is left empty nobody knows yet."""

    benefit = _grade()
    urgency = _grade()
    feasibility = _grade()
    cost = Kronor(load_default=None)
    yearly_cost = Kronor(load_default=None)
    funded_by = Text(20, load_default=None)

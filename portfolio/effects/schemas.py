"""The shapes of the forms about effects."""

from typing import Any

from marshmallow import ValidationError

from portfolio.effects.rules.following import Answer
from portfolio.effects.rules.goals import BenefitKind
from portfolio.effects.rules.measuring import VALUE_HELP, Forecast, value_in
from portfolio.web.fields import Choice, Day, Form, Text, WholeNumber

LONGEST_CHANGE = 500
LONGEST_PASTE = 40_000
"""Characters: more than the rows that are read at a time."""
LONGEST_FIGURE = 40
WHOLE = {"invalid": "Skriv ett heltal, till exempel 400."}


class Figure(Text):
    """A number as people write it: `1 234,5` or `12 %`."""

    def __init__(self, **options: Any):
        """As long as a number is."""
        super().__init__(longest=LONGEST_FIGURE, **options)
        self.validators = []  # they would measure the number that the text has become

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        read = value_in(text) if len(text) <= LONGEST_FIGURE else None
        if read is None:
            raise ValidationError(f"{VALUE_HELP}.")
        return read


class GoalForm(Form):
    """An effektmål. Only what changes must be there; the three lights say what else is needed."""

    change = Text(LONGEST_CHANGE, load_default="")
    for_whom = Text(200, load_default="")
    baseline = Text(200, load_default="")
    target = Text(200, load_default="")
    by_when = Day(load_default=None)
    source = Text(200, load_default="")
    benefit = Choice(tuple(BenefitKind), load_default=None)
    hours = WholeNumber(0, 10_000_000, load_default=None, error_messages=WHOLE)
    tkr = WholeNumber(0, 10_000_000, load_default=None, error_messages=WHOLE)
    unit = Text(20, load_default=None)


class IndicatorForm(Form):
    """A nyckeltal."""

    name = Text(120, load_default="")
    measured_in = Text(30, load_default="")
    baseline = Figure(load_default=None)
    target = Figure(load_default=None)
    source = Text(200, load_default="")
    forecast = Choice(tuple(Forecast), load_default=Forecast.TOO_EARLY.value)


class AnswerForm(Form):
    """What came of one effektmål."""

    answer = Choice(tuple(Answer), load_default=None)
    text = Text(1000, load_default="")


class UseForm(Form):
    """Kan någon annan ha nytta av det här?"""

    useful = Choice(("yes", "no"), load_default=None)
    use = Text(500, load_default="")

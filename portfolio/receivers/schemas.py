"""The shapes of the receiving chefs' answers."""

from portfolio.receivers.rules import felt, readiness
from portfolio.receivers.rules.conditions import Answer
from portfolio.web.fields import Choice, Form, WholeNumber

CHOOSE = "Välj ett svar."
LEFT_OUT = {"required": CHOOSE, "invalid": CHOOSE}


def _answer() -> Choice:
    return Choice(tuple(Answer), required=True, error_messages=LEFT_OUT)


def _score() -> WholeNumber:
    return WholeNumber(readiness.LEAST, readiness.MOST, required=True, error_messages=LEFT_OUT)


class ConditionsForm(Form):
    """The three questions to the chef."""

    mandate = _answer()
    room = _answer()
    span = _answer()


class ReadinessForm(Form):
    """The five statements about the unit."""

    why = _score()
    will = _score()
    how = _score()
    can = _score()
    settled = _score()


class FeltForm(Form):
    """Which of the five buttons was pressed."""

    felt = WholeNumber(felt.LEAST, felt.MOST, required=True, error_messages=LEFT_OUT)

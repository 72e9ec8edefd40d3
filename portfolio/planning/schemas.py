"""The shapes of the forms about trials."""

from portfolio.initiatives.pages.forms import LONGEST_TEXT
from portfolio.web.fields import Day, Form, Text, WeekField
from portfolio.web.weeks import WEEK_HELP


class TrialForm(Form):
    """A new trial: only what it is called."""

    name = Text(120, required=True, error_messages={"required": "Skriv vad försöket ska heta."})


class WishForm(Form):
    """What a move asks for; which of the two counts depends on its kind."""

    start_week = WeekField(load_default=None, error_messages={"invalid": WEEK_HELP})
    until = Day(load_default=None)


class MoveForm(WishForm):
    """A further move: `start:FI-011` is to start FI-011."""

    move = Text(60, required=True, error_messages={"required": "Välj vad du vill prova."})


class ApplyForm(Form):
    """Why all of it is decided: each decision gets this reason. `despite` is for those that lack something."""

    reason = Text(LONGEST_TEXT, load_default="")
    despite = Text(LONGEST_TEXT, load_default="")

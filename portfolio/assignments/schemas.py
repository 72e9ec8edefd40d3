"""The shapes of the forms about assignments and groundwork."""

from portfolio.assignments.rules.groundwork import ChangeLead, ChangeType
from portfolio.initiatives.rules.proposals import SOURCE_WORDS
from portfolio.web.fields import Choice, Day, Form, Text

LONGEST_ANSWER = 2000


class AssignmentForm(Form):
    """Where an assignment comes from, and what it says. An empty answer is a question to ask."""

    assignment_source = Choice(tuple(SOURCE_WORDS), load_default=None)
    paragraph = Text(40, load_default="")
    diarienummer = Text(60, load_default="")
    what = Text(LONGEST_ANSWER, load_default="")
    for_whom = Text(LONGEST_ANSWER, load_default="")
    by_when = Text(LONGEST_ANSWER, load_default="")
    mandate = Text(LONGEST_ANSWER, load_default="")
    stops = Text(LONGEST_ANSWER, load_default="")


class GroundworkForm(Form):
    """What stands beside the plan before the decision."""

    participation = Text(LONGEST_ANSWER, load_default="")
    review_on = Day(load_default=None)
    breadth_reason = Text(LONGEST_ANSWER, load_default="")
    change_lead = Choice(tuple(ChangeLead), load_default=None)
    change_type = Choice(tuple(ChangeType), load_default=None)

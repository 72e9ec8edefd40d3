"""The shapes of the forms about initiatives. What the API reads has its own, in initiatives/schemas."""

from marshmallow import fields

from portfolio.initiatives.rules.ending import LessonTag
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.plans import PHASE_WORDS
from portfolio.initiatives.rules.proposals import SOURCE_WORDS, SUMMARY_LENGTH
from portfolio.initiatives.rules.triage import TriageClass
from portfolio.web.fields import Choice, Day, Form, Text, WeekField, WholeNumber, YesNo
from portfolio.web.weeks import WEEK_HELP

LONGEST_TEXT = 5000
"""Characters of a text of several paragraphs."""

WEEKS_HELP = "Skriv hur många veckor steget tar, till exempel 16."


class ObjectionForm(Form):
    """What the receiving chef objects."""

    text = Text(2000, required=True, error_messages={"required": "Skriv vad som inte stämmer."})


class PhaseForm(Form):
    """One step: how long it takes and what it does to each unit; no impact at all is left out."""

    kind = Choice(tuple(PHASE_WORDS), required=True)
    weeks = WholeNumber(1, 260, required=True, error_messages={"required": WEEKS_HELP, "invalid": WEEKS_HELP})
    impacts = fields.Dict(keys=fields.String(), values=WholeNumber(1, 3, allow_none=True), load_default=dict)


class PlanForm(Form):
    """What the preview needs: weeks, steps and impacts, and what the answer is weighed against."""

    start_week = WeekField(load_default=None, error_messages={"invalid": WEEK_HELP})
    phases = fields.List(fields.Nested(PhaseForm), load_default=list)
    owner = Text(120, load_default=None)
    must_finish_by = Day(load_default=None)


class FactsForm(Form):
    """The texts and facts of an initiative, which change nothing in the load."""

    title = Text(200, required=True, error_messages={"required": "Skriv vad som ska förändras."})
    summary = Text(SUMMARY_LENGTH, load_default="")
    why = Text(LONGEST_TEXT, load_default="")
    assignment_source = Choice(tuple(SOURCE_WORDS), load_default=None)
    owner = Text(120, load_default=None)
    delegate = Text(120, load_default=None)
    if_we_wait = Text(LONGEST_TEXT, load_default="")
    legal_duty = YesNo(load_default=False)
    must_finish_by = Day(load_default=None)
    risk_assessed_on = Day(load_default=None)
    consulted_on = Day(load_default=None)
    diarienummer = Text(60, load_default="")
    goal_area = Text(200, load_default=None)
    other_goal_areas = fields.List(Text(200), load_default=list)
    programme = Text(200, load_default=None)


class ProposalForm(FactsForm, PlanForm):
    """A whole proposal. Only the name must be there; the page says what else is needed before a start."""


class RunningForm(FactsForm):
    """What may be edited of a counting initiative, whose plan changes by decision only."""

    forecast_end_week = WeekField(load_default=None, error_messages={"invalid": WEEK_HELP})


class CaseNumberForm(Form):
    """All that the registrator changes."""

    diarienummer = Text(60, load_default="")


class ExceptionForm(Form):
    """Motiverat undantag: every answer must be there."""

    why = Text(LONGEST_TEXT, required=True, error_messages={"required": "Skriv varför det inte kan vänta."})
    relief = Text(LONGEST_TEXT, required=True, error_messages={"required": "Skriv hur de som berörs avlastas."})
    risk = Text(LONGEST_TEXT, required=True, error_messages={"required": "Skriv vad som händer om det går fel."})
    assessed = Choice(("yes", "no"), required=True, error_messages={"required": "Svara om riskbedömning har gjorts."})
    stance = Text(LONGEST_TEXT, required=True, error_messages={"required": "Skriv vad de berörda cheferna anser."})
    valid_to_week = WeekField(required=True, error_messages={"required": WEEK_HELP, "invalid": WEEK_HELP})


class LessonForm(Form):
    """What was learnt, and whether somebody else can use it."""

    text = Text(LONGEST_TEXT, load_default="")
    tag = Choice(tuple(LessonTag), load_default=None)
    useful = Choice(("yes", "no"), load_default=None)
    use = Text(LONGEST_TEXT, load_default="")


class HandoverForm(Form):
    """Tas över av, or upphör."""

    how = Choice(("line", "ends"), load_default=None)
    unit = Text(20, load_default=None)
    function = Text(120, load_default="")
    on = Day(load_default=None)


class DecisionForm(PlanForm):
    """Every field that some kind of decision has; which of them count depends on the kind."""

    kind = Choice(tuple(Kind), required=True)
    reason = Text(LONGEST_TEXT, load_default="")
    why = Text(LONGEST_TEXT, load_default="")
    until = Day(load_default=None)
    rank = WholeNumber(1, 1_000_000, load_default=None)
    responsible = Text(120, load_default=None)
    due = Day(load_default=None)
    despite = Text(LONGEST_TEXT, load_default=None)
    exception = fields.Nested(ExceptionForm, load_default=None)
    lesson = fields.Nested(LessonForm, load_default=None)
    handover = fields.Nested(HandoverForm, load_default=None)


class RankForm(Form):
    """A move in the list: `FI-011 3` is FI-011 to the third place."""

    move = Text(60, required=True)
    reason = Text(LONGEST_TEXT, load_default="")


def _answer(told: str = "Svara ja eller nej.") -> Choice:
    return Choice(("yes", "no"), required=True, error_messages={"required": told})


class TriageForm(Form):
    """The four questions that sort a proposal."""

    everyday = _answer()
    one_department = _answer()
    known_way = _answer()
    needed = _answer("Välj behov eller önskemål.")


class SortingForm(TriageForm):
    """The same with another class than the answers suggest, and why."""

    chosen = Choice(tuple(TriageClass), load_default=None)
    reason = Text(LONGEST_TEXT, load_default="")

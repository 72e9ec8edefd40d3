"""A decision, as it is sent and answered."""

from typing import Any

from marshmallow import fields, post_load

from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.schemas import CODE_LENGTH, Json, moment
from portfolio.initiatives.models import DecisionRow
from portfolio.initiatives.rules.ending import Handover, Lesson, LessonTag
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.schemas.dates import written_day
from portfolio.initiatives.schemas.plans import Phases
from portfolio.initiatives.schemas.shown import InitiativeView
from portfolio.initiatives.schemas.texts import LONGEST_TEXT
from portfolio.web.fields import MESSAGES, Choice, Form, Text
from portfolio.web.strict import IsoDate, IsoDayOrWeek, IsoWeek, Number, TrueOrFalse, View, Words

A_DAY_OR_WEEK = {"format": "date-or-week", "description": "A day, or a week, which stands for its Monday."}


class ExceptionBody(Form):
    """Why the limit may be exceeded: `granted_for` is the fingerprint of the conflicts that the chair has seen."""

    why = Words(LONGEST_TEXT, required=True)
    relief = Words(LONGEST_TEXT, required=True)
    risk = Words(LONGEST_TEXT, required=True)
    stance = Words(LONGEST_TEXT, required=True)
    valid_to_week = IsoWeek(required=True)
    granted_for = Words(64, required=True)

    @post_load
    def _as_ground(self, data: dict[str, Any], **_: object) -> Ground:
        return Ground(valid_to=data.pop("valid_to_week"), **data)


class LessonBody(Form):
    """What was learnt. `useful` is whether somebody else can use it, null unanswered; then `use` says how."""

    text = Words(LONGEST_TEXT, required=True)
    tag = Choice(tuple(LessonTag), load_default=None, allow_none=True)
    useful = TrueOrFalse(load_default=None, allow_none=True)
    use = Text(LONGEST_TEXT, load_default="")

    @post_load
    def _as_lesson(self, data: dict[str, Any], **_: object) -> Lesson:
        return Lesson(**data)


class HandoverBody(Form):
    """What becomes of the work: it `ends`, or a function in a unit takes it over `on` a day."""

    ends = TrueOrFalse(load_default=False)
    unit = Text(CODE_LENGTH, load_default=None, allow_none=True)
    function = Text(120, load_default="")
    on = IsoDate(load_default=None, allow_none=True)

    @post_load
    def _as_handover(self, data: dict[str, Any], **_: object) -> Handover:
        return Handover(**data)


class DecisionBody(Form):
    """A decision. `responsible` defaults to the owner, `due` of what begins to the first day of the start week.

    `lesson` is what a completion or a stop has taught, by default its reason; `handover` is of a completion.
    """

    kind = Choice(tuple(Kind), required=True)
    reason = Words(LONGEST_TEXT, required=True)
    start_week = IsoWeek(load_default=None, allow_none=True)
    phases = Phases(load_default=None, allow_none=True)
    until = IsoDayOrWeek(load_default=None, allow_none=True, metadata=A_DAY_OR_WEEK)
    rank = Number(1, 1_000_000, load_default=None, allow_none=True)
    responsible = Text(120, load_default=None, allow_none=True)
    due = IsoDayOrWeek(load_default=None, allow_none=True, metadata=A_DAY_OR_WEEK)
    despite = Text(LONGEST_TEXT, load_default=None, allow_none=True)
    exception = fields.Nested(ExceptionBody, load_default=None, allow_none=True, error_messages=MESSAGES)
    lesson = fields.Nested(LessonBody, load_default=None, allow_none=True, error_messages=MESSAGES)
    handover = fields.Nested(HandoverBody, load_default=None, allow_none=True, error_messages=MESSAGES)


class DecisionView(View):
    """A decision with its decision maker, reason and date; `undone_at` is null while it stands."""

    id = fields.Integer()
    kind = fields.String()
    reason = fields.String()
    decision_maker = fields.String()
    decided_at = fields.DateTime()
    responsible = fields.String()
    due = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)
    despite = fields.String(allow_none=True)
    exception = fields.Integer(allow_none=True)
    undone_at = fields.DateTime(allow_none=True)


def decision_view(row: DecisionRow) -> Json:
    """A decision as DecisionView has it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "reason": row.reason,
        "decision_maker": row.decision_maker,
        "decided_at": moment(row.decided_at),
        "responsible": row.responsible,
        "due": written_day(row.due),
        "until": written_day(row.until),
        "despite": row.despite,
        "exception": row.exception_id,
        "undone_at": None if row.undone_at is None else moment(row.undone_at),
    }


class DecidedView(InitiativeView):
    """The initiative as it is after a decision, and the decision."""

    decision = fields.Nested(DecisionView)

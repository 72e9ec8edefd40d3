"""The shapes of the API's calls about initiatives, tries and decisions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week
from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.gate import Conflict
from portfolio.capacity.rules.ways import AskException, Move, Pause, Reduce, Way
from portfolio.capacity.schemas import CODE_LENGTH, Json, moment
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.gate import Answer
from portfolio.initiatives.rules import (
    PHASE_WORDS,
    SOURCE_WORDS,
    SUMMARY_LENGTH,
    Handover,
    Kind,
    Lesson,
    LessonTag,
    ReportState,
    Status,
    shown_state,
    status_now,
)
from portfolio.scorecard.rules import MOST_AREAS, TOO_MANY_AREAS, AimNames
from portfolio.web.calls import Paging
from portfolio.web.fields import MESSAGES, Choice, Form, Text
from portfolio.web.openapi import Problem
from portfolio.web.strict import CODE_PATTERN, IsoDate, IsoDayOrWeek, IsoWeek, Number, TrueOrFalse, View, Words

LONGEST_TEXT = 5000
"""Characters of a text of several paragraphs."""
LONGEST_PHASE = 520
LONGEST_PLAN = 1040
"""Weeks: twenty years, more than anyone can plan and little enough to search."""
MOST_PHASES = 20
MOST_WITHOUT = 500
CODE_MESSAGE = "Skriv beteckningen med bokstäver och siffror, till exempel FI-021."
STATES = [state.value for state in ReportState if state is not ReportState.NOTHING_NEW]
"""How an initiative can go."""
A_DAY_OR_WEEK = {"format": "date-or-week", "description": "A day, or a week, which stands for its Monday."}


class EmptyText(Text):
    """Text that null empties."""

    def __init__(self, longest: int, **options: Any):
        """Null is empty text."""
        super().__init__(longest=longest, allow_none=True, **options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """Read text, or null as no text."""
        return "" if value is None else super().deserialize(value, attr, data, **options)


class PhaseBody(Form):
    """A phase. `impacts` is {unit: 1 to 3, or null for not yet rated}; 0 is the same as to leave the unit out."""

    kind = Choice(tuple(PHASE_WORDS), required=True)
    weeks = Number(1, LONGEST_PHASE, required=True)
    impacts = fields.Dict(
        keys=fields.String(),
        values=Number(0, 3, allow_none=True),
        load_default=dict,
        error_messages=MESSAGES | {"invalid": "Skicka ett objekt med varje enhets påverkan."},
    )

    @post_load
    def _as_phase(self, data: dict[str, Any], **_: object) -> Phase:
        impacts = {unit: level for unit, level in data["impacts"].items() if level != 0}
        return Phase(data["kind"], data["weeks"], impacts)


class Phases(fields.List[Phase]):
    """A plan's phases in order."""

    default_error_messages = MESSAGES | {"invalid": "Skicka en lista med steg."}

    def __init__(self, **options: Any):
        """At most MOST_PHASES, together at most LONGEST_PLAN weeks."""
        too_many = f"Skicka högst {MOST_PHASES} steg."
        super().__init__(
            fields.Nested(PhaseBody), validate=validate.Length(max=MOST_PHASES, error=too_many), **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        phases: list[Any] = super()._deserialize(value, attr, data, **options)
        if sum(phase.weeks for phase in phases) > LONGEST_PLAN:
            raise ValidationError(f"Hela planen får vara högst {LONGEST_PLAN} veckor.")
        return phases


class Names(fields.List[str]):
    """At most so many names; null is none."""

    default_error_messages = MESSAGES | {"invalid": "Skicka en lista med namn."}

    def __init__(self, most: int, too_many: str, **options: Any):
        """Tell with `too_many` that there are more than `most`."""
        super().__init__(
            Text(200, required=True), allow_none=True, validate=validate.Length(max=most, error=too_many), **options
        )


class InitiativeFacts(Form):
    """What is told of an initiative. `owner` and `delegate` are each a person's function or e-mail address.

    `goal_area` is the primary målområde, by its name in the styrkort; another text is kept, and counts as no goal.
    `other_goal_areas` are at most two more, and `programme` is the programme that the initiative is part of.

    The `delegate` (projektledare) gives the lägesrapporter in the owner's place. `risk_assessed_on` is the day on
    which the risks of the change were assessed (riskbedömning, AFS 2023:1), `consulted_on` that on which the unions
    had been consulted (samverkan, MBL 11 §); neither may lie ahead.
    """

    title = Words(200)
    summary = EmptyText(SUMMARY_LENGTH)
    why = EmptyText(LONGEST_TEXT)
    if_we_wait = EmptyText(LONGEST_TEXT)
    assignment_source = Choice(tuple(SOURCE_WORDS), allow_none=True)
    diarienummer = EmptyText(60)
    goal_area = Text(200, allow_none=True)
    other_goal_areas = Names(MOST_AREAS - 1, TOO_MANY_AREAS)
    programme = Text(200, allow_none=True)
    legal_duty = TrueOrFalse()
    must_finish_by = IsoDate(allow_none=True)
    risk_assessed_on = IsoDate(allow_none=True)
    consulted_on = IsoDate(allow_none=True)
    owner = Text(254, allow_none=True)
    delegate = Text(254, allow_none=True)
    start_week = IsoWeek(allow_none=True)
    phases = Phases()


class InitiativeChanges(InitiativeFacts):
    """What may be changed of an initiative: what is absent stays as it is, null clears.

    The plan of an initiative that counts, and its status, change by decision only.
    """

    forecast_end_week = IsoWeek(allow_none=True)


class NewInitiative(InitiativeFacts):
    """A proposal. Only the title must be there; `code` is given unless it is sent."""

    title = Words(200, required=True)
    code = Words(CODE_LENGTH)
    status = Choice((Status.PROPOSED, Status.IN_PREPARATION))

    @validates_schema
    def _code_fits_an_address(self, data: dict[str, Any], **_: object) -> None:
        if "code" in data and re.fullmatch(CODE_PATTERN, data["code"], re.IGNORECASE) is None:
            raise ValidationError(CODE_MESSAGE, "code")


class InitiativeQuery(Paging):
    """Which initiatives: those that meet every condition.

    `q` is looked for in title, summary, code and case number.
    """

    status = fields.List(Choice(tuple(Status)), load_default=list)
    unit = Text(CODE_LENGTH, load_default=None)
    q = Text(200, load_default="")


class TryBody(Form):
    """What to try in place of the initiative's own plan, and which other initiatives to think away."""

    start_week = IsoWeek(load_default=None, allow_none=True)
    phases = Phases(load_default=None, allow_none=True)
    without = fields.List(
        Text(CODE_LENGTH),
        load_default=list,
        validate=validate.Length(max=MOST_WITHOUT, error=f"Skicka högst {MOST_WITHOUT} beteckningar."),
        error_messages=MESSAGES | {"invalid": "Skicka en lista med beteckningar."},
    )


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


class PhaseView(View):
    """A phase of a plan; `weeks` without standstill."""

    kind = fields.String()
    weeks = fields.Integer()
    impacts = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True))


class InitiativeView(View):
    """An initiative. `owner` is a function; `owner_text` an owner whom an imported list names and nobody knows.

    `end_week` is the last planned week, `until` the day that it comes back, `paused_week` when it was paused.
    `delegate` is the function that reports in the owner's place. `reported_state` is how it goes: null where nobody
    has told since long (Uppgift saknas); `reported_at` is when somebody last did.
    """

    code = fields.String()
    title = fields.String()
    summary = fields.String()
    why = fields.String()
    if_we_wait = fields.String()
    status = fields.String(validate=validate.OneOf([status.value for status in Status]))
    owner = fields.String(allow_none=True)
    owner_text = fields.String()
    delegate = fields.String(allow_none=True)
    reported_state = fields.String(allow_none=True, validate=validate.OneOf([None, *STATES]))
    reported_at = fields.DateTime(allow_none=True)
    start_week = IsoWeek(allow_none=True)
    end_week = IsoWeek(allow_none=True)
    phases = fields.List(fields.Nested(PhaseView))
    rank = fields.Integer(allow_none=True)
    goal_area = fields.String(allow_none=True)
    other_goal_areas = fields.List(fields.String())
    programme = fields.String(allow_none=True)
    assignment_source = fields.String(allow_none=True)
    diarienummer = fields.String()
    legal_duty = fields.Boolean()
    must_finish_by = fields.Date(allow_none=True)
    risk_assessed_on = fields.Date(allow_none=True)
    consulted_on = fields.Date(allow_none=True)
    forecast_end_week = IsoWeek(allow_none=True)
    paused_week = IsoWeek(allow_none=True)
    until = fields.Date(allow_none=True)
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    version = fields.Integer()


@dataclass(frozen=True, slots=True)
class Known:
    """What every initiative in an answer is shown with: looked up once, however many there are.

    `codes` is {id: unit code}, `owners` {id: function}, `aims` what each initiative aims at, by its id.
    A lägesrapport from before `fresh_since` no longer holds.
    """

    codes: Mapping[int, str]
    owners: Mapping[int, str]
    aims: Mapping[int, AimNames]
    calendar: Calendar
    now: datetime
    fresh_since: datetime


def initiative_view(row: Initiative, known: Known) -> Json:
    """An initiative as InitiativeView has it."""
    phases = [_phase_of(phase.kind, phase.weeks, phase.impacts, known) for phase in row.phases]
    return {
        "code": row.code,
        "title": row.title,
        "summary": row.summary,
        "why": row.why,
        "if_we_wait": row.if_we_wait,
        "status": status_now(Status(row.status), row.start_week, this_week(known.now)),
        "owner": None if row.owner_id is None else known.owners[row.owner_id],
        "owner_text": row.owner_text,
        "delegate": None if row.delegate_id is None else known.owners[row.delegate_id],
        "reported_state": shown_state(row.reported_state, row.reported_at, known.fresh_since),
        "reported_at": None if row.reported_at is None else moment(row.reported_at),
        "start_week": _written(row.start_week),
        "end_week": _end_week(row, known.calendar),
        "phases": phases,
        "rank": row.rank,
        "goal_area": known.aims[row.id].area,
        "other_goal_areas": list(known.aims[row.id].others),
        "programme": known.aims[row.id].programme,
        "assignment_source": row.assignment_source,
        "diarienummer": row.diarienummer,
        "legal_duty": row.legal_duty,
        "must_finish_by": _day(row.must_finish_by),
        "risk_assessed_on": _day(row.risk_assessed_on),
        "consulted_on": _day(row.consulted_on),
        "forecast_end_week": _written(row.forecast_end_week),
        "paused_week": _written(row.paused_week),
        "until": _day(row.until),
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "version": row.version,
    }


def _phase_of(kind: str, weeks: int, impacts: Iterable[Any], known: Known) -> Json:
    by_unit = {known.codes[row.unit_id]: row.impact for row in sorted(impacts, key=lambda row: row.unit_id)}
    return {"kind": kind, "weeks": weeks, "impacts": by_unit}


def _end_week(row: Initiative, calendar: Calendar) -> str | None:
    if row.start_week is None or not row.phases:
        return None
    length = Phase("", sum(phase.weeks for phase in row.phases), {})
    return format_week(lay_out(row.start_week, [length], calendar)[-1].last)


def _written(week: Week | None) -> str | None:
    return None if week is None else format_week(week)


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


class TryConflictView(View):
    """One cell that the plan would push over a limit. `unit` is null and `person` an id for an owner's limit.

    `before` is without the plan and `after` with it. `binding` is false where the limit is preliminary.
    """

    unit = fields.String(allow_none=True)
    person = fields.Integer(allow_none=True)
    week = IsoWeek()
    measure = fields.String(validate=validate.OneOf(("load", "parallel", "owner")))
    before = fields.Integer()
    after = fields.Integer()
    limit = fields.Integer()
    binding = fields.Boolean()
    reason = fields.String(allow_none=True)
    filled_by = fields.List(fields.String())


class AlternativeView(View):
    """A way forward: which fields it has beside `kind` and `misses_finish` depends on `kind`.

    `move` and `pause` have `start_week` and `end_week`; `pause` has `codes` and `paused`; `reduce` has them and
    `phase` (1 is the first), `unit`, `from`, `to` and the whole `phases` to send; `exception` has `fingerprint`,
    `first_week` and `valid_to_week`.
    """

    kind = fields.String(validate=validate.OneOf(("move", "reduce", "pause", "exception")))
    misses_finish = fields.Boolean()


class TryView(View):
    """What the gate says of a plan. `unrated` is the number of touched cells with an impact that nobody has rated.

    `bound_by` is a cell that forbids the week before `earliest_start`, null when the wished week fits.
    `start_refused` tells that the start week itself cannot be one.
    """

    verdict = fields.String(validate=validate.OneOf(("fits", "fits_exactly", "warns", "does_not_fit")))
    start_week = IsoWeek()
    end_week = IsoWeek(allow_none=True)
    start_refused = fields.String(allow_none=True, validate=validate.OneOf(("past", "standstill")))
    conflicts = fields.List(fields.Nested(TryConflictView))
    limit_missing = fields.List(fields.String())
    unrated = fields.Integer()
    earliest_start = IsoWeek(allow_none=True)
    bound_by = fields.Nested(TryConflictView, allow_none=True)
    alternatives = fields.List(fields.Nested(AlternativeView))
    fingerprint = fields.String()


class OverCapacity(Problem, TryView):
    """The gate refuses: the problem with the body of a try."""


def try_view(answer: Answer) -> Json:
    """An answer of the gate as TryView has it."""
    plan, verdict, earliest = answer.plan, answer.verdict, answer.earliest
    stretches = plan.laid_out(answer.portfolio.calendar).stretches
    return {
        "verdict": verdict.kind,
        "start_week": format_week(plan.start),
        "end_week": format_week(stretches[-1].last) if stretches else None,
        "start_refused": verdict.refused_start,
        "conflicts": [_conflict_view(conflict) for conflict in verdict.conflicts],
        "limit_missing": list(verdict.limit_missing),
        "unrated": verdict.unrated,
        "earliest_start": _written(earliest.week),
        "bound_by": None if earliest.bound_by is None else _conflict_view(earliest.bound_by),
        "alternatives": [_way_view(way) for way in answer.ways],
        "fingerprint": answer.fingerprint,
    }


def _conflict_view(conflict: Conflict) -> Json:
    return {
        "unit": conflict.unit,
        "person": conflict.person,
        "week": format_week(conflict.week),
        "measure": conflict.measure,
        "before": conflict.before,
        "after": conflict.after,
        "limit": conflict.limit,
        "binding": conflict.binding,
        "reason": conflict.reason,
        "filled_by": list(conflict.filled_by),
    }


def _way_view(way: Way) -> Json:
    told: Json = {"misses_finish": way.misses_finish}
    if not isinstance(way, AskException):
        told |= {"start_week": format_week(way.start), "end_week": format_week(way.end)}
    match way:
        case Move():
            bound_by = None if way.bound_by is None else _conflict_view(way.bound_by)
            return {"kind": "move", **told, "bound_by": bound_by}
        case Reduce():
            change = {"phase": way.phase + 1, "unit": way.unit, "from": way.from_impact, "to": way.to_impact}
            return {"kind": "reduce", **told, **change, "phases": phases_view(way.phases)}
        case Pause():
            paused = [
                {"code": one.code, "resume_week": _written(one.resumes), "weeks_later": one.weeks_later}
                for one in way.paused
            ]
            return {"kind": "pause", **told, "codes": [one.code for one in way.paused], "paused": paused}
        case AskException():
            weeks = {"first_week": format_week(way.first), "valid_to_week": format_week(way.valid_to)}
            return {"kind": "exception", **told, **weeks, "fingerprint": way.fingerprint}


def phases_view(phases: Sequence[Phase]) -> list[Json]:
    """Phases as PhaseView has them."""
    return [{"kind": phase.kind, "weeks": phase.weeks, "impacts": dict(phase.impacts)} for phase in phases]


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
        "due": _day(row.due),
        "until": _day(row.until),
        "despite": row.despite,
        "exception": row.exception_id,
        "undone_at": None if row.undone_at is None else moment(row.undone_at),
    }


class DecidedView(InitiativeView):
    """The initiative as it is after a decision, and the decision."""

    decision = fields.Nested(DecisionView)

"""Decide on an initiative, and take a decision back. Each has one decision maker, a reason and a date.

Every kind is one small function that changes the initiative and names the event; `decide` does what all have
in common: rights, version, allowed step, the gate, the stored decision.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, Stale
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week, monday, parse_week
from portfolio.capacity import queries as capacity_queries
from portfolio.capacity.actions import claims
from portfolio.capacity.actions.exceptions import Ground, end_exception, pass_gate_with
from portfolio.capacity.actions.gate import pass_gate
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.calendar import Phase, remainder
from portfolio.capacity.rules.gate import Plan, refused_start
from portfolio.events.decisions import (
    DecisionUndone,
    InitiativeCancelled,
    InitiativeClosed,
    InitiativeCompleted,
    InitiativeDeferred,
    InitiativeNoted,
    InitiativePaused,
    InitiativePrepared,
    InitiativeReferred,
    InitiativeRejected,
    InitiativeReranked,
    InitiativeRescoped,
    InitiativeResumed,
    InitiativeReturned,
    InitiativeStarted,
)
from portfolio.events.event import Event, Json
from portfolio.events.initiatives import InitiativeEdited
from portfolio.initiatives.actions.acknowledging import forget_answers
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import rebind
from portfolio.initiatives.actions.plans import ensure_units_known, plan_as_json, set_phases
from portfolio.initiatives.models import DecisionRow, HandoverRow, Initiative, LessonRow
from portfolio.initiatives.queries import decisions
from portfolio.initiatives.queries.order import last_rank, open_ids_in_order
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import phases_of, places_of, plan_of, standing_plan_of, units_touched
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import code_of, initiative_by_code, initiatives_by_id
from portfolio.initiatives.queries.triage import lies_unclear
from portfolio.initiatives.rules import (
    BEGINNING,
    COUNTING,
    KIND_WORDS,
    MINUTED,
    OPEN,
    TEACHING,
    UNDECIDED,
    Handover,
    Kind,
    Lesson,
    Status,
    ensure_ready,
    handover_errors,
    is_own_and_simple,
    kinds_allowed,
    lesson_errors,
    may_still_undo,
    missing_for_start,
    moved_to,
    status_after,
    status_now,
)
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, ensure_may, may
from portfolio.units import queries as units

PREPARING = frozenset({Kind.PREPARE, Kind.RETURN, Kind.NOTE})
"""The kinds that prepare the group's work, which the coordinator may take too."""

IN_LINE = frozenset(Kind) - {Kind.REFER, Kind.RERANK}
"""What a förvaltningschef decides alone of what is simple and stays in the own unit: nothing that is for others."""

WEIGHTLESS = frozenset({Kind.DEFER, Kind.RETURN, Kind.REFER, Kind.NOTE, Kind.RERANK})
"""The kinds that leave the load as it is, whatever the initiative's status."""

REASON_ASKED = {Kind.COMPLETE: "Skriv vad effekten blev hittills.", Kind.CLOSE: "Skriv vad effekten blev."}
"""What is said where the reason is missing, of the kinds whose reason is what came of the initiative."""

START_REFUSED = {
    "past": "Veckan har redan varit. Välj den här veckan eller en senare.",
    "standstill": "Veckan ligger i ett uppehåll. Välj en vecka då arbetet pågår.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is decided. Which fields a kind needs stands in docs/decisions.md; a missing one is told at its field.

    `responsible` is a function and defaults to the owner's; `due` of what begins is by default the first day of the
    start week. `postpones` is whether a deferral puts the initiative itself off, not only a question about it.
    `lesson` and `handover` are what a completion and a stop leave behind. They are demanded of those who see a form:
    where no lesson is asked for, the reason is kept as the lesson. `why` is what becomes better, asked of a proposal
    that does not say it when it is taken into preparation.
    """

    kind: Kind
    reason: str
    start_week: Week | None = None
    phases: tuple[Phase, ...] | None = None
    until: date | None = None
    rank: int | None = None
    responsible: str | None = None
    due: date | None = None
    despite: str | None = None
    exception: Ground | None = None
    postpones: bool = True
    lesson: Lesson | None = None
    handover: Handover | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision: the stored row, the initiative as it is now, and conflicts that it uncovered."""

    decision: DecisionRow
    initiative: Initiative
    conflicts: Sequence[ConflictRow]


def ensure_may_decide(kind: Kind, by: Actor) -> None:
    """Refuse with NotPermitted a kind of decision that is not the actor's to take on any initiative."""
    prepares, in_line = kind in PREPARING, kind in IN_LINE
    ensure_may(by, May.DECIDE, *([May.PREPARE] if prepares else []), *([May.DECIDE_SIMPLE] if in_line else []))


def may_decide_on(initiative: Initiative, kind: Kind, by: Actor, phases: Sequence[Phase] = ()) -> bool:
    """Whether the actor may take a kind of decision on this initiative, with these phases in the place of its own.

    A förvaltningschef decides alone on what is simple (enkelt) and touches only the own unit and those below it,
    before and after the decision.
    """
    if may(by, May.DECIDE) or (kind in PREPARING and may(by, May.PREPARE)):
        return True
    ids = units.ids_by_code()
    asked_for = {ids[code] for phase in phases for code in phase.impacts if code in ids}
    places = places_of(units_touched(initiative) | asked_for)
    is_own = is_own_and_simple(initiative.triage_class, places, by.unit_id)
    return kind in IN_LINE and may(by, May.DECIDE_SIMPLE) and is_own


def decide(code: str, asked: Asked, *, version: int | None = None, by: Actor, now: datetime) -> Outcome:
    """Take one decision. Refusals in this order: right, initiative, field, version, step, readiness, gate."""
    ensure_may_decide(asked.kind, by)
    initiative = _locked(code)
    ensure(may_decide_on(initiative, asked.kind, by, asked.phases or ()))
    ensure(asked.exception is None or may(by, May.DECIDE))
    return _take(initiative, asked, by.name, version, by, now)


def decide_at_meeting(
    code: str, asked: Asked, maker: str, *, version: int | None = None, by: Actor, now: datetime
) -> Outcome:
    """Record a decision that `maker`, a function, takes at a meeting. Whoever leads the meeting writes it down.

    Refusals as in `decide`; at a meeting there must also be somebody who sees to it, and a last day.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    missing = {
        "maker": "" if maker.strip() else "Skriv vem som beslutar.",
        "responsible": "" if asked.responsible else "Välj vem som ser till att det blir gjort.",
        "due": "" if asked.due else "Skriv när det ska vara klart, till exempel 2027-02-15.",
    }
    errors = {name: [told] for name, told in missing.items() if told}
    if errors:
        raise Invalid(errors)
    return _take(_locked(code), asked, maker, version, by, now)


def close_followed_up(code: str, told: str, lesson: Lesson | None = None, *, by: Actor, now: datetime) -> Outcome:
    """Close an initiative with what came of it, once the last question about its effect has been answered.

    Whoever answers decides that; the caller has seen to their right. `lesson` is what others can use.
    """
    return _take(_locked(code), Asked(Kind.CLOSE, told, lesson=lesson), by.name, None, by, now)


def _locked(code: str) -> Initiative:
    lock_portfolio()
    return initiative_by_code(code, lock=True)


def _take(initiative: Initiative, asked: Asked, maker: str, version: int | None, by: Actor, now: datetime) -> Outcome:
    ensure_fields(initiative, asked, now)
    if version is not None and version != initiative.version:
        raise Stale(initiative.version)
    status = status_after(asked.kind, status_of(initiative, now))
    before = _memory_of(initiative)
    row = _store(initiative, asked, before, maker, by, now)
    event = _CHANGES[asked.kind](_Step(initiative, asked, row, status, now, by))
    touch(initiative, now)
    row.version_after = initiative.version
    conflicts = _conclude(initiative, event, row, before["status"] in COUNTING, by, now)
    return Outcome(row, initiative, conflicts)


def undo(decision_id: int, *, left_at: int | None = None, by: Actor, now: datetime) -> Outcome:
    """Take a decision back within 30 seconds: what was is restored, through the gate where that adds load.

    NotAllowedNow later than that, once its initiative has changed, and (MINUTED) once completed minutes tell of it.
    Of several on one initiative that were taken at one time the latest goes first; `left_at` is the version that the
    initiative then got.
    """
    lock_portfolio()
    row = decisions.decision(decision_id)
    kind = Kind(row.kind)
    initiative = initiative_by_code(code_of(row.initiative_id), lock=True)
    if by.person_id is None or by.person_id != row.decided_by_id:  # whoever wrote it down may strike it out
        ensure(may_decide_on(initiative, kind, by))
    if row.minuted:
        raise NotAllowedNow(MINUTED, kinds_allowed(status_of(initiative, now)))
    expected = row.version_after if left_at is None else left_at
    changed_since = initiative.version != expected or row.undone_at is not None
    if changed_since or not may_still_undo(row.decided_at, now):
        raise NotAllowedNow(initiative.status, kinds_allowed(status_of(initiative, now)))
    _restore(initiative, json.loads(row.before))
    _forget_what_was_left_behind(row)
    if row.exception_id is not None:
        end_exception(row.exception_id, now)
    if initiative.status in COUNTING:
        pass_gate(standing_plan_of(initiative, now), now)
    row.undone_at = now
    touch(initiative, now)
    event = DecisionUndone(initiative=initiative.code, decision=row.id, kind=kind, status=initiative.status)
    conflicts = rebind(initiative, event, f"Beslut om {initiative.code} ångrades", by=by, now=now)
    return Outcome(row, initiative, conflicts)


def let_stand(rows: Iterable[DecisionRow]) -> None:
    """Keep decisions from being taken back from now on: completed minutes tell of them."""
    for row in rows:
        row.minuted = True


@dataclass(frozen=True, slots=True)
class _Step:
    """One decision on its way: what every kind's change looks at."""

    initiative: Initiative
    asked: Asked
    row: DecisionRow
    status: Status
    now: datetime
    by: Actor

    def told(self) -> dict[str, Any]:
        """The fields that every decision's event has, after the change."""
        return {
            "initiative": self.initiative.code,
            "decision": self.row.id,
            "decision_maker": self.row.decision_maker,
            "reason": self.asked.reason,
            "status": self.initiative.status,
        }

    @property
    def until(self) -> str | None:
        """The day that the initiative comes back, as it is told."""
        return None if self.asked.until is None else self.asked.until.isoformat()


def ensure_fields(initiative: Initiative, asked: Asked, now: datetime) -> None:
    """Invalid names each box that a decision of this kind cannot do without, all at once."""
    errors: dict[str, list[str]] = {}
    if not asked.reason.strip():
        errors["reason"] = [REASON_ASKED.get(asked.kind, "Skriv skälet till beslutet.")]
    if asked.kind is Kind.DEFER and asked.until is None:
        errors["until"] = ["Skriv vilken dag ärendet kommer tillbaka, till exempel 2027-02-15."]
    if asked.kind is Kind.RERANK and asked.rank is None:
        errors["rank"] = ["Skriv vilken plats initiativet ska ha, till exempel 3."]
    if asked.kind is Kind.RESCOPE and asked.phases == ():
        errors["phases"] = ["Planen behöver minst ett steg."]
    if asked.kind in (Kind.START, Kind.RESUME, Kind.RESCOPE):
        errors |= _start_errors(initiative, asked, now)
    if asked.kind is Kind.PREPARE and asked.why is not None and not asked.why.strip():
        errors["why"] = ["Skriv vad som blir bättre för invånarna, eller vad den interna nyttan är."]
    errors |= _errors_of_what_is_left_behind(asked)
    if errors:
        raise Invalid(errors)
    ensure_units_known(asked.phases or ())


def _errors_of_what_is_left_behind(asked: Asked) -> dict[str, list[str]]:
    errors = {} if asked.lesson is None or asked.kind not in TEACHING else lesson_errors(asked.lesson)
    if asked.handover is None or asked.kind is not Kind.COMPLETE:
        return errors
    errors |= handover_errors(asked.handover)
    unit = asked.handover.unit
    if unit and unit not in units.ids_by_code():
        errors |= {"handover.unit": ["Välj en enhet i listan."]}
    return errors


def _start_errors(initiative: Initiative, asked: Asked, now: datetime) -> dict[str, list[str]]:
    wished = asked.start_week
    if wished is None and asked.kind is not Kind.RESUME:
        wished = initiative.start_week
    if wished is None:
        return {"start_week": ["Välj vilken vecka initiativet ska starta."]}
    begun = asked.kind is Kind.RESCOPE and status_of(initiative, now) is not Status.DECIDED
    present = initiative.start_week if begun else None
    plan = Plan(initiative.code, wished, (), present_start=present)
    refused = refused_start(plan, capacity_queries.calendar(), this_week(now))
    return {"start_week": [START_REFUSED[refused]]} if refused else {}


def responsible_by_default(initiative: Initiative) -> str:
    """Who sees to a decision where nobody else is named: the owner; nobody where there is none."""
    return function_of(initiative.owner_id) or ""


def due_by_default(start: Week | None) -> date | None:
    """By when what begins is to be carried out where no day is written: the first day of the start week."""
    return None if start is None else monday(start)


def _store(
    initiative: Initiative, asked: Asked, before: dict[str, Any], maker: str, by: Actor, now: datetime
) -> DecisionRow:
    row = DecisionRow(initiative_id=initiative.id, kind=asked.kind, reason=asked.reason, decided_at=now)
    row.decision_maker, row.decided_by_id = maker, by.person_id
    row.responsible = asked.responsible or responsible_by_default(initiative)
    start = asked.start_week if asked.start_week is not None else initiative.start_week
    row.due = asked.due or (due_by_default(start) if asked.kind in BEGINNING else None)
    row.until, row.despite = asked.until, asked.despite
    row.version_after, row.before = initiative.version, json.dumps(before)
    current_session().add(row)
    current_session().flush()  # the event names the decision
    return row


def _conclude(
    initiative: Initiative, event: Event, row: DecisionRow, counted: bool, by: Actor, now: datetime
) -> Sequence[ConflictRow]:
    """Record the event; where the load may have changed, bind what the initiative holds now."""
    _keep_order(initiative)
    counts = initiative.status in COUNTING
    if row.kind in WEIGHTLESS or not (counted or counts):
        record(event, by=by.name, now=now)
        return []
    if not counted and row.exception_id is None:
        # Its room was free: taking it can neither push a cell over its limit nor bring one under it.
        claims.hold_all({initiative.id: plan_of(initiative, now)})
        record(event, by=by.name, now=now)
        return []
    return rebind(initiative, event, f"Beslut om {initiative.code}: {KIND_WORDS[Kind(row.kind)]}", by=by, now=now)


def _keep_order(initiative: Initiative) -> None:
    """Open initiatives have a place in the order of priority, the others have none."""
    is_open = initiative.status in OPEN
    if is_open and initiative.rank is None:
        initiative.rank = last_rank() + 1
    elif not is_open and initiative.rank is not None:
        initiative.rank = None
        renumber(open_ids_in_order())


def renumber(order: Sequence[int]) -> None:
    """Give the open initiatives the places 1, 2, 3 … in this order."""
    current_session().flush()  # the order is read from the database
    places = {initiative_id: place for place, initiative_id in enumerate(order, start=1)}
    for initiative in initiatives_by_id(places):
        if initiative.rank != places[initiative.id]:
            initiative.rank = places[initiative.id]


def _prepare(step: _Step) -> Event:
    initiative, why = step.initiative, step.asked.why
    if why is not None and initiative.why != why:
        changes: dict[str, Json] = {"why": [initiative.why, why]}
        initiative.why = why
        record(InitiativeEdited(initiative=initiative.code, changes=changes), by=step.by.name, now=step.now)
    step.initiative.status, step.initiative.until = step.status, None
    return InitiativePrepared(**step.told())


def _start(step: _Step) -> Event:
    initiative, asked = step.initiative, step.asked
    phases = phases_of(initiative) if asked.phases is None else asked.phases
    ensure_ready(missing_of(initiative, phases), asked.despite)
    plan = plan_after(initiative, Kind.START, step.now, start=asked.start_week, phases=asked.phases)
    step.row.exception_id = _through_the_gate(step, plan)
    _take_plan(initiative, plan, asked.phases is not None)
    initiative.status, initiative.until = status_now(step.status, plan.start, this_week(step.now)), None
    return InitiativeStarted(**step.told(), **_started(step, plan))


def plan_after(
    initiative: Initiative,
    kind: Kind,
    now: datetime,
    *,
    start: Week | None = None,
    phases: tuple[Phase, ...] | None = None,
) -> Plan:
    """What the gate is asked when an initiative starts, gets a new frame or resumes, with what is left as `phases`.

    Only what keeps running keeps its start; a plan that is decided anew leaves its forecast behind.
    """
    plan = replace(plan_of(initiative, now, start=start, phases=phases), forecast_end=None)
    return replace(plan, present_start=None) if kind is Kind.START else plan


def _started(step: _Step, plan: Plan) -> dict[str, Any]:
    return {
        "start_week": format_week(plan.start),
        "despite": step.asked.despite,
        "exception": step.row.exception_id,
    }


def missing_of(initiative: Initiative, phases: Sequence[Phase]) -> list[str]:
    """What an initiative lacks to start with these phases, as code words.

    Whether the assignment and the effektmål are clear is asked once: what has been decided is carried out.
    """
    undecided = initiative.status in UNDECIDED
    unclear = undecided and lies_unclear(initiative)
    effects_unready = initiative.effects_unready if undecided else 0
    unrated = sum(level is None for phase in phases for level in phase.impacts.values())
    has_owner = initiative.owner_id is not None
    return missing_for_start(
        has_owner=has_owner,
        has_phases=bool(phases),
        unrated=unrated,
        unclear=unclear,
        effects_unready=effects_unready,
    )


def _through_the_gate(step: _Step, plan: Plan) -> int | None:
    if step.asked.exception is None:
        pass_gate(plan, step.now)
        return None
    ground = step.asked.exception
    return pass_gate_with(plan, ground, step.initiative.id, step.row.decision_maker, by=step.by, now=step.now)


def _take_plan(initiative: Initiative, plan: Plan, new_phases: bool) -> None:
    initiative.start_week, initiative.forecast_end_week = plan.start, None
    initiative.dragging_noted = False
    if new_phases:
        set_phases(initiative, plan.phases)
        forget_answers(initiative)


def _defer(step: _Step) -> Event:
    if step.asked.postpones:
        step.initiative.until = step.asked.until
    return InitiativeDeferred(**step.told(), until=step.until)


def _return(step: _Step) -> Event:
    step.initiative.until = step.asked.until
    return InitiativeReturned(**step.told(), until=step.until)


def _refer(step: _Step) -> Event:
    step.initiative.until = step.asked.until
    return InitiativeReferred(**step.told(), until=step.until)


def _note(step: _Step) -> Event:
    return InitiativeNoted(**step.told())


def _rerank(step: _Step) -> Event:
    before, wished = step.initiative.rank, step.asked.rank or 1
    renumber(moved_to(open_ids_in_order(), step.initiative.id, wished))
    return InitiativeReranked(**step.told(), before=before, after=step.initiative.rank or 1)


def _reject(step: _Step) -> Event:
    step.initiative.status, step.initiative.until = step.status, None
    return InitiativeRejected(**step.told())


def _rescope(step: _Step) -> Event:
    initiative, asked = step.initiative, step.asked
    before = plan_as_json(initiative)
    plan = plan_after(initiative, Kind.RESCOPE, step.now, start=asked.start_week, phases=asked.phases)
    if initiative.status in COUNTING:
        step.row.exception_id = _through_the_gate(step, plan)
    _take_plan(initiative, plan, asked.phases is not None)
    after, exception = plan_as_json(initiative), step.row.exception_id
    return InitiativeRescoped(**step.told(), before=before, after=after, exception=exception)


def _pause(step: _Step) -> Event:
    initiative, week = step.initiative, this_week(step.now)
    initiative.status, initiative.paused_week = Status.PAUSED, week
    initiative.until = step.asked.until
    return InitiativePaused(**step.told(), week=format_week(week), until=step.until)


def _resume(step: _Step) -> Event:
    initiative, asked = step.initiative, step.asked
    left = left_of(initiative)
    if initiative.phases and not left:
        raise NotAllowedNow(initiative.status, [kind for kind in kinds_allowed(Status.PAUSED) if kind != Kind.RESUME])
    ensure_ready(missing_of(initiative, left), asked.despite)
    plan = plan_after(initiative, Kind.RESUME, step.now, start=asked.start_week, phases=left)
    step.row.exception_id = _through_the_gate(step, plan)
    _take_plan(initiative, plan, new_phases=True)
    initiative.status, initiative.until = status_now(step.status, plan.start, this_week(step.now)), None
    initiative.paused_week, initiative.resumed_at = None, step.now
    return InitiativeResumed(**step.told(), **_started(step, plan))


def left_of(initiative: Initiative) -> tuple[Phase, ...]:
    """What is left of a paused plan."""
    phases = phases_of(initiative)
    if initiative.start_week is None or initiative.paused_week is None:
        return phases
    return remainder(initiative.start_week, phases, initiative.paused_week, capacity_queries.calendar())


def _complete(step: _Step) -> Event:
    step.initiative.status = step.status
    return InitiativeCompleted(**step.told(), lesson=_learn(step), handover=_hand_over(step))


def _learn(step: _Step) -> str:
    """Keep what was learnt; every completion and every stop leaves a lesson."""
    lesson = step.asked.lesson or Lesson(step.asked.reason)
    row = LessonRow(initiative_id=step.initiative.id, decision_id=step.row.id, text=lesson.text, created_at=step.now)
    row.tag, row.useful, row.use = lesson.tag, lesson.useful, lesson.use if lesson.useful else ""
    current_session().add(row)
    return lesson.text


def _hand_over(step: _Step) -> Json:
    """Keep who takes the work over, or that it ends; nothing where nobody has told."""
    told = step.asked.handover
    if told is None:
        return None
    given = Handover(ends=True) if told.ends else told
    row = HandoverRow(initiative_id=step.initiative.id, ends=bool(given.ends), function=given.function)
    row.unit_id = None if given.unit is None else units.unit_by_code(given.unit).id
    row.on_day = given.on
    current_session().add(row)
    on = None if given.on is None else given.on.isoformat()
    return {"ends": row.ends, "unit": given.unit, "function": given.function, "on": on}


def _forget_what_was_left_behind(row: DecisionRow) -> None:
    current_session().execute(delete(LessonRow).where(LessonRow.decision_id == row.id))
    if row.kind == Kind.COMPLETE:
        current_session().execute(delete(HandoverRow).where(HandoverRow.initiative_id == row.initiative_id))


def _close(step: _Step) -> Event:
    step.initiative.status = step.status
    if step.asked.lesson is not None:
        _learn(step)
    return InitiativeClosed(**step.told())


def _cancel(step: _Step) -> Event:
    step.initiative.status, step.initiative.until = step.status, None
    return InitiativeCancelled(**step.told(), lesson=_learn(step))


_CHANGES: dict[Kind, Callable[[_Step], Event]] = {
    Kind.PREPARE: _prepare,
    Kind.START: _start,
    Kind.DEFER: _defer,
    Kind.RETURN: _return,
    Kind.REFER: _refer,
    Kind.NOTE: _note,
    Kind.RERANK: _rerank,
    Kind.REJECT: _reject,
    Kind.RESCOPE: _rescope,
    Kind.PAUSE: _pause,
    Kind.RESUME: _resume,
    Kind.COMPLETE: _complete,
    Kind.CLOSE: _close,
    Kind.CANCEL: _cancel,
}


def _memory_of(initiative: Initiative) -> dict[str, Any]:
    """What an undo restores."""
    return {
        "status": initiative.status,
        "plan": plan_as_json(initiative),
        "rank": initiative.rank,
        "paused_week": None if initiative.paused_week is None else format_week(initiative.paused_week),
        "forecast": None if initiative.forecast_end_week is None else format_week(initiative.forecast_end_week),
        "until": None if initiative.until is None else initiative.until.isoformat(),
        "dragging_noted": initiative.dragging_noted,
        "resumed_at": None if initiative.resumed_at is None else initiative.resumed_at.isoformat(),
    }


def _restore(initiative: Initiative, memory: dict[str, Any]) -> None:
    plan = memory["plan"]
    initiative.status = memory["status"]
    initiative.start_week = _week(plan["start_week"])
    if plan != plan_as_json(initiative):
        set_phases(initiative, _phases(plan))
    initiative.paused_week, initiative.forecast_end_week = (
        _week(memory["paused_week"]),
        _week(memory["forecast"]),
    )
    initiative.until = None if memory["until"] is None else date.fromisoformat(memory["until"])
    initiative.dragging_noted = memory["dragging_noted"]
    initiative.resumed_at = None if memory["resumed_at"] is None else datetime.fromisoformat(memory["resumed_at"])
    _restore_rank(initiative, memory["rank"])


def _restore_rank(initiative: Initiative, rank: int | None) -> None:
    if rank is None:
        initiative.rank = None
        renumber(open_ids_in_order())
    elif rank != initiative.rank:
        renumber(moved_to(open_ids_in_order(), initiative.id, rank))


class PlanBefore(NamedTuple):
    """The plan that an initiative had when a decision was taken, and since when it was paused then."""

    start: Week | None
    phases: Sequence[Phase]
    paused: Week | None


def plan_before(row: DecisionRow) -> PlanBefore:
    """The plan that the initiative had when a decision was taken."""
    memory = json.loads(row.before)
    plan, paused = memory["plan"], _week(memory["paused_week"])
    return PlanBefore(_week(plan["start_week"]), _phases(plan), paused)


def _phases(plan: Mapping[str, Any]) -> list[Phase]:
    return [Phase(one["kind"], one["weeks"], one["impacts"]) for one in plan["phases"]]


def start_before(row: DecisionRow) -> Week | None:
    """The start week that the initiative had when a decision was taken."""
    return _week(json.loads(row.before)["plan"]["start_week"])


def _week(written: str | None) -> Week | None:
    return None if written is None else parse_week(written)

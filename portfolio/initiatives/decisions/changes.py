"""What each kind of decision changes: one small function each."""

from collections.abc import Callable
from typing import Any

from portfolio.base.errors import NotAllowedNow
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week
from portfolio.capacity.actions.exceptions import pass_gate_with
from portfolio.capacity.actions.gate import pass_gate
from portfolio.capacity.rules.gate import Plan
from portfolio.events.decisions import (
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
from portfolio.initiatives.actions.plans import plan_as_json, set_phases
from portfolio.initiatives.decisions.ending import hand_over, learn
from portfolio.initiatives.decisions.order import renumber
from portfolio.initiatives.decisions.plans import left_of, missing_in_frame, missing_of, plan_after
from portfolio.initiatives.decisions.step import Step
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.order import open_ids_in_order
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.rules.kinds import Kind, kinds_allowed
from portfolio.initiatives.rules.order import moved_to
from portfolio.initiatives.rules.starting import ensure_ready
from portfolio.initiatives.rules.statuses import COUNTING, Status, status_now
from portfolio.outbox.actions import record


def _prepare(step: Step) -> Event:
    initiative, why = step.initiative, step.asked.why
    if why is not None and initiative.why != why:
        changes: dict[str, Json] = {"why": [initiative.why, why]}
        initiative.why = why
        record(InitiativeEdited(initiative=initiative.code, changes=changes), by=step.by.name, now=step.now)
    step.initiative.status, step.initiative.until = step.status, None
    return InitiativePrepared(**step.told())


def _start(step: Step) -> Event:
    initiative, asked = step.initiative, step.asked
    phases = phases_of(initiative) if asked.phases is None else asked.phases
    ensure_ready(missing_of(initiative, phases), asked.despite)
    plan = plan_after(initiative, Kind.START, step.now, start=asked.start_week, phases=asked.phases)
    step.row.exception_id = _through_the_gate(step, plan)
    _take_plan(initiative, plan, asked.phases is not None)
    initiative.status, initiative.until = status_now(step.status, plan.start, this_week(step.now)), None
    return InitiativeStarted(**step.told(), **_started(step, plan))


def _started(step: Step, plan: Plan) -> dict[str, Any]:
    return {
        "start_week": format_week(plan.start),
        "despite": step.asked.despite,
        "exception": step.row.exception_id,
    }


def _through_the_gate(step: Step, plan: Plan) -> int | None:
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


def _defer(step: Step) -> Event:
    if step.asked.postpones:
        step.initiative.until = step.asked.until
    return InitiativeDeferred(**step.told(), until=step.until)


def _return(step: Step) -> Event:
    step.initiative.until = step.asked.until
    return InitiativeReturned(**step.told(), until=step.until)


def _refer(step: Step) -> Event:
    step.initiative.until = step.asked.until
    return InitiativeReferred(**step.told(), until=step.until)


def _note(step: Step) -> Event:
    return InitiativeNoted(**step.told())


def _rerank(step: Step) -> Event:
    before, wished = step.initiative.rank, step.asked.rank or 1
    renumber(moved_to(open_ids_in_order(), step.initiative.id, wished))
    return InitiativeReranked(**step.told(), before=before, after=step.initiative.rank or 1)


def _reject(step: Step) -> Event:
    step.initiative.status, step.initiative.until = step.status, None
    return InitiativeRejected(**step.told())


def _rescope(step: Step) -> Event:
    initiative, asked = step.initiative, step.asked
    before = plan_as_json(initiative)
    plan = plan_after(initiative, Kind.RESCOPE, step.now, start=asked.start_week, phases=asked.phases)
    if initiative.status in COUNTING:
        ensure_ready(missing_in_frame(initiative, asked.phases or ()), asked.despite)
        step.row.exception_id = _through_the_gate(step, plan)
    _take_plan(initiative, plan, asked.phases is not None)
    after, exception = plan_as_json(initiative), step.row.exception_id
    return InitiativeRescoped(**step.told(), before=before, after=after, exception=exception)


def _pause(step: Step) -> Event:
    initiative, week = step.initiative, this_week(step.now)
    initiative.status, initiative.paused_week = Status.PAUSED, week
    initiative.until = step.asked.until
    return InitiativePaused(**step.told(), week=format_week(week), until=step.until)


def _resume(step: Step) -> Event:
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


def _complete(step: Step) -> Event:
    step.initiative.status = step.status
    return InitiativeCompleted(**step.told(), lesson=learn(step), handover=hand_over(step))


def _close(step: Step) -> Event:
    step.initiative.status = step.status
    if step.asked.lesson is not None:
        learn(step)
    return InitiativeClosed(**step.told())


def _cancel(step: Step) -> Event:
    step.initiative.status, step.initiative.until = step.status, None
    return InitiativeCancelled(**step.told(), lesson=learn(step))


CHANGES: dict[Kind, Callable[[Step], Event]] = {
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
"""What carries out each kind of decision, through the gate where it adds load, and names its event."""

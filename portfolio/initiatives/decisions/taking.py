"""Take a decision: what all kinds have in common."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions import claims
from portfolio.capacity.models import ConflictRow
from portfolio.events.event import Event
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import rebind
from portfolio.initiatives.decisions.asked import Asked, due_by_default, ensure_fields, responsible_by_default
from portfolio.initiatives.decisions.changes import CHANGES
from portfolio.initiatives.decisions.memory import memory_of
from portfolio.initiatives.decisions.order import keep_order
from portfolio.initiatives.decisions.rights import ensure_may_decide, may_decide_on
from portfolio.initiatives.decisions.step import Step
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.ending import Lesson
from portfolio.initiatives.rules.kinds import BEGINNING, KIND_WORDS, Kind, status_after
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, ensure_may, may

WEIGHTLESS = frozenset({Kind.DEFER, Kind.RETURN, Kind.REFER, Kind.NOTE, Kind.RERANK})
"""The kinds that leave the load as it is, whatever the initiative's status."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision: the stored row, the initiative as it is now, and conflicts that it uncovered."""

    decision: DecisionRow
    initiative: Initiative
    conflicts: Sequence[ConflictRow]


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
    ensure_unchanged(version, initiative.version)
    status = status_after(asked.kind, status_of(initiative, now))
    before = memory_of(initiative)
    row = _store(initiative, asked, before, maker, by, now)
    event = CHANGES[asked.kind](Step(initiative, asked, row, status, now, by))
    touch(initiative, now)
    row.version_after = initiative.version
    conflicts = _conclude(initiative, event, row, before["status"] in COUNTING, by, now)
    return Outcome(row, initiative, conflicts)


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
    keep_order(initiative)
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

"""Keep what the receiving chefs answer: about their conditions, how ready their people are, how heavy it feels."""

from dataclasses import asdict
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.events.receivers import ConditionsAnswered, LoadFelt, ReadinessAnswered
from portfolio.initiatives.actions.acknowledging import locked_for_answer
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import Status
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure
from portfolio.receivers import queries
from portfolio.receivers.models import ConditionsRow, FeltLoadRow, ReadinessRow
from portfolio.receivers.queries import Computed, computed_load
from portfolio.receivers.rules.chefs import may_feel
from portfolio.receivers.rules.conditions import Conditions
from portfolio.receivers.rules.months import month_of
from portfolio.receivers.rules.readiness import Readiness
from portfolio.units import queries as units
from portfolio.units.models import UnitRow

NOBODY = "En mottagande chef"
"""Who is told to have said how heavy it feels."""


def answer_conditions(code: str, unit: str, given: Conditions, *, by: Actor, now: datetime) -> None:
    """The receiving chef of a unit tells what they have to lead a change with; a new answer replaces the old one."""
    initiative, there = locked_for_answer(code, unit, by)
    row = queries.conditions_row(initiative.id, there.id)
    if row is not None and queries.conditions_in(row) == given:
        return
    if row is None:
        row = ConditionsRow(initiative_id=initiative.id, unit_id=there.id)
    row.mandate, row.room, row.span = given.mandate, given.room, given.span
    row.answered_by, row.answered_at = by.name, now
    current_session().add(row)
    record(ConditionsAnswered(initiative=code, unit=unit, **asdict(given)), by=by.name, now=now)


def answer_readiness(code: str, unit: str, given: Readiness, *, by: Actor, now: datetime) -> None:
    """The receiving chef of a unit tells how ready it is this month; a new answer replaces this month's old one.

    NotAllowedNow unless the initiative is complex and is being carried out.
    """
    initiative, there = locked_for_answer(code, unit, by)
    if not queries.asks_how_ready(initiative, now):
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))
    month = month_of(today(now))
    row = queries.readiness_row(initiative.id, there.id, month)
    if row is not None and queries.readiness_in(row) == given:
        return
    if row is None:
        row = ReadinessRow(initiative_id=initiative.id, unit_id=there.id, month=month)
    for name, score in asdict(given).items():
        setattr(row, name, score)
    row.answered_by, row.answered_at = by.name, now
    current_session().add(row)
    event = ReadinessAnswered(initiative=code, unit=unit, month=month, scores=asdict(given))
    record(event, by=by.name, now=now)


def feel(unit: str, felt: int, *, by: Actor, now: datetime) -> None:
    """Tell how heavy the load of one's own unit feels this month, beside what is computed.

    A new answer replaces this month's old one.
    """
    lock_portfolio()
    there = units.unit_by_code(unit)
    ensure(may_feel(by, there.id))
    keep_felt(there, felt, computed_load(unit, now), by=by, now=now)


def keep_felt(there: UnitRow, felt: int, computed: Computed, *, by: Actor, now: datetime) -> None:
    """Write an answer beside the load that was computed when it was given. Call under the lock."""
    month = month_of(today(now))
    assert by.person_id is not None
    row = queries.felt_row(there.id, by.person_id, month)
    told = felt, computed.load, computed.limit
    if row is not None and (row.felt, row.load, row.limit) == told:
        return
    if row is None:
        row = FeltLoadRow(unit_id=there.id, person_id=by.person_id, month=month)
    row.felt, row.load, row.limit = told
    row.answered_at = now
    current_session().add(row)
    record(LoadFelt(unit=there.code, month=month), by=NOBODY, now=now)

"""Let a plan through on a motivated exception, and end exceptions."""

from dataclasses import dataclass
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, OverCapacity
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week
from portfolio.capacity import queries
from portfolio.capacity.actions.gate import verdict_under_lock
from portfolio.capacity.models import ExceptionCellRow, ExceptionRow
from portfolio.capacity.rules.gate import Plan, Verdict, fingerprint_of
from portfolio.capacity.rules.ways import longest_exception
from portfolio.events.capacity import ExceptionExpired, ExceptionGranted
from portfolio.outbox.actions import record
from portfolio.outbox.models import EventRow
from portfolio.people.rules import Actor
from portfolio.units import queries as units


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an exception is asked for, in the chair's words, and the conflicts that it was read for."""

    why: str
    relief: str
    risk: str
    stance: str
    valid_to: Week
    granted_for: str


def pass_gate_with(
    plan: Plan, ground: Ground, initiative_id: int, maker: str, *, by: Actor, now: datetime
) -> int | None:
    """Let a plan through on a motivated exception that `maker` grants; its id, or None if it fits without one.

    Refused as OverCapacity if the conflicts are no longer those that it was asked for.
    """
    verdict = verdict_under_lock(plan, now)
    if verdict.fits:
        return None
    if verdict.refused_start or fingerprint_of(verdict.binding) != ground.granted_for:
        raise OverCapacity(plan)
    _ensure_covers(verdict, ground.valid_to)
    return _grant(verdict, ground, plan.code, initiative_id, maker, by, now)


def _ensure_covers(verdict: Verdict, valid_to: Week) -> None:
    weeks = [conflict.week for conflict in verdict.binding]
    longest = longest_exception(min(weeks), queries.calendar())
    if not max(weeks) <= valid_to <= longest:
        told = f"Välj en vecka från {format_week(max(weeks))} till {format_week(longest)}."
        none = "Krockarna är för långa för ett undantag: det får gälla högst åtta veckor."
        raise Invalid({"exception.valid_to_week": [told if max(weeks) <= longest else none]})


def _grant(
    verdict: Verdict, ground: Ground, code: str, initiative_id: int, maker: str, by: Actor, now: datetime
) -> int:
    row = ExceptionRow(initiative_id=initiative_id, why=ground.why, relief=ground.relief, risk=ground.risk)
    row.stance, row.valid_to, row.granted_by, row.granted_at = ground.stance, ground.valid_to, maker, now
    current_session().add(row)
    current_session().flush()  # the cells refer to the exception's id
    ids = units.ids_by_code()
    for conflict in verdict.binding:
        cell = ExceptionCellRow(exception_id=row.id, week=conflict.week, measure=conflict.measure)
        cell.unit_id = None if conflict.unit is None else ids[conflict.unit]
        cell.person_id, cell.value, cell.limit = conflict.person, conflict.after, conflict.limit
        current_session().add(cell)
    cells = [f"{c.unit or 'owner'} {format_week(c.week)} {c.measure}" for c in verdict.binding]
    valid_to = format_week(ground.valid_to)
    granted = ExceptionGranted(initiative=code, exception=row.id, valid_to=valid_to, cells=[*cells])
    record(granted, by=by.name, now=now)
    return row.id


def end_exception(exception_id: int, now: datetime) -> None:
    """Take back an exception together with the decision that it was granted for."""
    row = current_session().get_one(ExceptionRow, exception_id)
    row.ended_at = now


def expire_exceptions(*, by: str, now: datetime) -> list[tuple[ExceptionRow, EventRow]]:
    """End every exception whose last week has passed; each with its event, for the clock to settle."""
    past = queries.exceptions_past(this_week(now))
    codes = queries.codes_of([row.initiative_id for row in past])
    expired = []
    for row in past:
        row.ended_at = now
        code, valid_to = codes[row.initiative_id], format_week(row.valid_to)
        event = ExceptionExpired(initiative=code, exception=row.id, valid_to=valid_to)
        expired.append((row, record(event, by=by, now=now)))
    return expired

"""Lower limits for some weeks, and add or remove standstills: always allowed, because they are reality."""

from datetime import datetime
from typing import NamedTuple

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week
from portfolio.capacity import queries
from portfolio.capacity.actions.claims import lay_out_again
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.calendar import Calendar, NothingEverRuns, Period
from portfolio.events.calendar import StandstillAdded, StandstillRemoved
from portfolio.events.capacity import CapLowered, CapRestored
from portfolio.people.rules import Actor, May, ensure, ensure_may, may_restore_limit, may_set_limits
from portfolio.units import queries as units
from portfolio.units.models import LoweredLimitRow, StandstillRow

LONGEST_STANDSTILL = 26
"""Weeks: half a year in which nothing runs is more than any summer."""


class Added(NamedTuple):
    """A standstill, what collides because of it, and how many counting initiatives are done later."""

    row: StandstillRow
    conflicts: list[ConflictRow]
    prolonged: int


def lower_limit(
    code: str,
    *,
    from_week: Week,
    to_week: Week,
    yearly: bool,
    limit: int | None,
    max_parallel: int | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> tuple[LoweredLimitRow, list[ConflictRow]]:
    """Lower a unit's limit for some weeks: always allowed, and the new conflicts are shown at once."""
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure(may_set_limits(by, units.ids_above(unit.id)))
    _ensure_in_order(from_week, to_week, yearly)
    if limit is None and max_parallel is None:
        raise Invalid({"limit": ["Skriv vilket tak som gäller, eller hur många som får pågå samtidigt."]})
    row = LoweredLimitRow(unit_id=unit.id, from_week=from_week, to_week=to_week, yearly=yearly)
    row.limit, row.max_parallel, row.reason = limit, max_parallel, reason
    current_session().add(row)
    current_session().flush()  # the event names the row
    event = CapLowered(
        unit=code,
        lowered_limit=row.id,
        from_week=format_week(from_week),
        to_week=format_week(to_week),
        yearly=yearly,
        limit=limit,
        max_parallel=max_parallel,
        reason=reason,
    )
    text = _because(f"Sänkt tak för {unit.name}", reason)
    return row, record_and_settle(event, text, codes=[code], by=by, now=now)


def restore_limit(code: str, lowered_id: int, *, by: Actor, now: datetime) -> None:
    """Remove a lowered limit. Of a unit whose limits are confirmed only its förvaltningschef or the chair may."""
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure(may_restore_limit(by, units.ids_above(unit.id), confirmed=unit.limits_confirmed))
    row = units.lowered_limit(unit.id, lowered_id)
    event = CapRestored(unit=code, lowered_limit=row.id, reason=row.reason)
    current_session().delete(row)
    record_and_settle(event, f"Sänkt tak för {unit.name} togs bort", codes=[code], by=by, now=now)


def add_standstill(*, from_week: Week, to_week: Week, yearly: bool, reason: str, by: Actor, now: datetime) -> Added:
    """Add a standstill: every plan that runs through it is laid out anew, and the new conflicts are shown."""
    ensure_may(by, May.SET_CALENDAR)
    lock_portfolio()
    _ensure_in_order(from_week, to_week, yearly)
    _ensure_something_runs(Period(from_week, to_week, yearly), this_week(now))
    row = StandstillRow(from_week=from_week, to_week=to_week, yearly=yearly, reason=reason)
    current_session().add(row)
    current_session().flush()  # the calendar is read again with the new row
    prolonged = lay_out_again()
    event = StandstillAdded(
        standstill=row.id,
        from_week=format_week(from_week),
        to_week=format_week(to_week),
        yearly=yearly,
        reason=reason,
    )
    conflicts = record_and_settle(event, _because("Nytt uppehåll", reason), by=by, now=now)
    return Added(row, conflicts, prolonged)


def remove_standstill(standstill_id: int, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Take away a standstill; the plans are laid out anew."""
    ensure_may(by, May.SET_CALENDAR)
    lock_portfolio()
    row = units.standstill(standstill_id)
    event = StandstillRemoved(standstill=row.id, reason=row.reason)
    current_session().delete(row)
    current_session().flush()  # the calendar is read again without the row
    lay_out_again()
    return record_and_settle(event, _because("Ett uppehåll togs bort", row.reason), by=by, now=now)


def _ensure_in_order(from_week: Week, to_week: Week, yearly: bool) -> None:
    if to_week < from_week and not yearly:
        raise Invalid({"to_week": ["Slutveckan ligger före startveckan."]})


def _because(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what


def _ensure_something_runs(new: Period, now: Week) -> None:
    """A year in which nothing ever runs would leave every plan without an end."""
    if not new.yearly and new.last - new.first >= LONGEST_STANDSTILL:
        raise Invalid({"to_week": [f"Ett uppehåll får vara högst {LONGEST_STANDSTILL} veckor."]})
    calendar = Calendar((*queries.calendar().standstills, new))
    try:
        runs = calendar.running_weeks(now, now + 520)
        calendar.next_running(now + 520)
    except NothingEverRuns:
        runs = 0
    if runs < 52:
        raise Invalid({"to_week": ["Uppehållet lämnar nästan ingen vecka kvar. Välj färre veckor."]})

"""Register what nobody decided (oplanerad händelse): never refused for want of room, because it has happened."""

from dataclasses import dataclass
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, Stale
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week
from portfolio.capacity import queries
from portfolio.capacity.actions.claims import FOR_EVER
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.models import ConflictRow, UnplannedEventRow
from portfolio.events.capacity import UnplannedEventChanged, UnplannedEventEnded, UnplannedEventRegistered
from portfolio.events.event import Json
from portfolio.people.rules import Actor, ensure, may_set_limits
from portfolio.units import queries as units
from portfolio.units.models import UnitRow

LONGEST_WEEKS = 104
"""A year or two of the unplanned has become everyday work: that is for the limit to tell."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What is told of an unplanned event: its level 1–3, its weeks and what it is; `to_week` None is not known."""

    level: int
    from_week: Week
    to_week: Week | None
    reason: str


def register_event(
    code: str, told: Happening, *, by: Actor, now: datetime
) -> tuple[UnplannedEventRow, list[ConflictRow]]:
    """Load a unit with something unplanned; the new conflicts that follow from it.

    Refuses with Invalid only weeks that cannot be, and with NotPermitted those who may not tell for the unit.
    """
    lock_portfolio()
    unit = units.unit_by_code(code)
    _ensure_may_tell(unit, by)
    _ensure_possible(told, now)
    row = UnplannedEventRow(unit_id=unit.id, registered_by=by.name, registered_at=now)
    _write(row, told)
    current_session().add(row)
    current_session().flush()  # the event names the row
    event = UnplannedEventRegistered(
        unit=code,
        unplanned_event=row.id,
        level=told.level,
        from_week=format_week(told.from_week),
        to_week=_written(told.to_week),
        reason=told.reason,
    )
    return row, record_and_settle(event, _cause(unit, told.reason), codes=[code], by=by, now=now)


def change_event(event_id: int, told: Happening, *, version: int, by: Actor, now: datetime) -> list[ConflictRow]:
    """Tell how an unplanned event has turned out so far; the new conflicts that follow.

    Refuses as Stale what somebody else has changed since, or ended.
    """
    lock_portfolio()
    row, unit = _row_and_unit(event_id, by)
    if row.version != version or row.ended_at is not None:
        raise Stale(row.version)
    _ensure_possible(told, now)
    before = Happening(row.level, row.from_week, row.to_week, row.reason)
    changes = _changes(before, told)
    if not changes:
        return []
    _write(row, told)
    row.version += 1
    event = UnplannedEventChanged(unit=unit.code, unplanned_event=row.id, changes=changes)
    return record_and_settle(event, _cause(unit, told.reason), codes=[unit.code], by=by, now=now)


def end_event(event_id: int, *, by: Actor, now: datetime) -> None:
    """The event is over: it counts through the current week, or never where its first week has not come."""
    lock_portfolio()
    row, unit = _row_and_unit(event_id, by)
    if row.ended_at is not None:
        return
    last = min(this_week(now), row.counts_to)
    row.to_week = row.counts_to = last if row.from_week <= last else row.from_week - 1
    row.ended_at, row.version = now, row.version + 1
    told = format_week(last) if row.from_week <= last else None
    event = UnplannedEventEnded(unit=unit.code, unplanned_event=row.id, last_week=told, reason=row.reason)
    text = f"En oplanerad händelse i {unit.name} är över"
    record_and_settle(event, text, codes=[unit.code], by=by, now=now)


def _row_and_unit(event_id: int, by: Actor) -> tuple[UnplannedEventRow, UnitRow]:
    row = queries.unplanned_event(event_id)
    unit = current_session().get_one(UnitRow, row.unit_id)
    _ensure_may_tell(unit, by)
    return row, unit


def _ensure_may_tell(unit: UnitRow, by: Actor) -> None:
    """Whoever answers for what the unit carries tells what has come over it."""
    ensure(may_set_limits(by, units.ids_above(unit.id)))


def _ensure_possible(told: Happening, now: datetime) -> None:
    if told.from_week > this_week(now) + LONGEST_WEEKS:
        raise Invalid({"from_week": ["Det ligger för långt fram. Registrera händelsen när den närmar sig."]})
    if told.to_week is None:
        return
    if told.to_week < told.from_week:
        raise Invalid({"to_week": ["Slutveckan ligger före startveckan."]})
    if told.to_week - told.from_week >= LONGEST_WEEKS:
        text = f"En oplanerad händelse får vara högst {LONGEST_WEEKS} veckor. Sänk taket om det har blivit vardag."
        raise Invalid({"to_week": [text]})


def _write(row: UnplannedEventRow, told: Happening) -> None:
    row.level, row.from_week, row.to_week, row.reason = told.level, told.from_week, told.to_week, told.reason
    row.counts_to = FOR_EVER if told.to_week is None else told.to_week


def _changes(before: Happening, after: Happening) -> dict[str, Json]:
    pairs: dict[str, tuple[Json, Json]] = {
        "level": (before.level, after.level),
        "from_week": (format_week(before.from_week), format_week(after.from_week)),
        "to_week": (_written(before.to_week), _written(after.to_week)),
        "reason": (before.reason, after.reason),
    }
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}


def _written(week: Week | None) -> str | None:
    return None if week is None else format_week(week)


def _cause(unit: UnitRow, reason: str) -> str:
    return f"Oplanerad händelse i {unit.name}: {reason}"

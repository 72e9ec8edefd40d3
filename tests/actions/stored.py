"""What the database holds after an action, read afresh."""

from datetime import datetime
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week, parse_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.load import load_map
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import history_of
from portfolio.units.queries import codes_by_id
from tests.make import NOW


def initiative(code: str) -> Initiative:
    """An initiative as it is stored now."""
    current_session().rollback()
    return initiative_by_code(code)


def status(code: str) -> str:
    """Its status."""
    return initiative(code).status


def plan(code: str) -> tuple[str, list[int]]:
    """Its start week and the weeks of its phases."""
    one = initiative(code)
    assert one.start_week is not None
    return format_week(one.start_week), [phase.weeks for phase in one.phases]


def told(subject: str) -> list[str]:
    """The kinds of event that a subject has seen, oldest first; of an initiative by its code alone."""
    current_session().rollback()
    named = subject if "/" in subject else f"initiative/{subject}"
    return [row.type for row in reversed(history_of(named))]


def newest(subject: str) -> EventRow:
    """The newest event of a subject."""
    current_session().rollback()
    return history_of(subject if "/" in subject else f"initiative/{subject}")[0]


def load(unit: str, first: str, last: str, now: datetime = NOW) -> list[int | None]:
    """The load of a unit from one week to another, inclusive."""
    current_session().rollback()
    begin, end = parse_week(first), parse_week(last)
    cells = load_map(capacity.whole_portfolio(), this_week(now), begin, end - begin + 1, [unit])[unit]
    return [cell.load for cell in cells]


def loaded_weeks(unit: str, first: str, last: str, now: datetime = NOW) -> list[str]:
    """The weeks in which something loads a unit."""
    begin = parse_week(first)
    return [format_week(begin + at) for at, points in enumerate(load(unit, first, last, now)) if points]


def conflicts(now: datetime = NOW) -> list[tuple[str | None, str, str, str]]:
    """The open conflicts: unit (None for an owner), week, measure and the kind of event that caused them."""
    current_session().rollback()
    codes: dict[Any, str] = dict(codes_by_id())
    return [
        (codes.get(row.unit_id), format_week(row.week), row.measure, row.cause)
        for row in capacity.open_conflicts(now)
    ]


def conflict_weeks(unit: str | None, now: datetime = NOW) -> list[str]:
    """The weeks of a unit's open conflicts."""
    return sorted({week for code, week, _, _ in conflicts(now) if code == unit})


def weeks_from(first: str, count: int) -> list[str]:
    """So many weeks in a row, as people write them."""
    begin: Week = parse_week(first)
    return [format_week(begin + at) for at in range(count)]

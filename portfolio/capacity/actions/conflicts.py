"""Keep the open conflicts in step with what is over its limit (capacity kernel §6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week
from portfolio.capacity import queries
from portfolio.capacity.models import ConflictRow, ExceptionCellRow
from portfolio.capacity.rules.conflicts import Breach, CellKey, breaches, uncovered
from portfolio.events.capacity import ConflictDetected, ConflictResolved, ExceptionEnded
from portfolio.events.event import Event
from portfolio.outbox.actions import record, record_all
from portfolio.outbox.models import EventRow
from portfolio.people.models import Person
from portfolio.people.rules import Actor
from portfolio.units import queries as units


def record_and_settle(
    event: Event,
    cause_text: str,
    *,
    codes: Collection[str] | None = None,
    owners: Collection[int] | None = None,
    by: Actor,
    now: datetime,
) -> list[ConflictRow]:
    """Record a change and settle the conflicts that it caused or resolved; the new conflicts."""
    cause = record(event, by=by.name, now=now)
    return settle(cause, cause_text, codes=codes, owners=owners, by=by.name, now=now)


def settle(
    cause: EventRow,
    cause_text: str,
    *,
    codes: Collection[str] | None = None,
    owners: Collection[int] | None = None,
    by: str,
    now: datetime,
) -> list[ConflictRow]:
    """Bring the open conflicts in step with reality after a change; the new ones name `cause`.

    `codes` and `owners` are what the change touched, None for everything. No cell is left over its
    confirmed limit without an exception or an open conflict (capacity kernel §6).
    """
    if codes is not None and not codes and not owners:
        return []
    current_session().flush()  # the queries below must see the change itself
    found = _uncovered_now(codes, owners, by, now)
    touched = _touched_units(codes)
    ids = units.ids_by_code()
    known = queries.unresolved_conflicts(
        None if touched is None else [ids[code] for code in touched],
        None if touched is None else list(owners or ()),
    )
    still_open = _close_settled(known, found, by, now)
    new = {key: breach for key, breach in found.items() if key not in still_open}
    rows = [_conflict(key, breach, ids, cause, cause_text, now) for key, breach in new.items()]
    current_session().add_all(rows)
    detected = [ConflictDetected(**_told(key), **asdict(breach), cause=cause.type) for key, breach in new.items()]
    record_all(detected, by=by, now=now)
    return rows


def _touched_units(codes: Collection[str] | None) -> set[str] | None:
    if codes is None:
        return None
    tree = queries.tree()
    return {above for code in codes if code in tree.units for above in tree.above(code)}


def _uncovered_now(
    codes: Collection[str] | None, owners: Collection[int] | None, by: str, now: datetime
) -> dict[CellKey, Breach]:
    if codes is None:
        portfolio = queries.whole_portfolio()
        wanted, persons = list(portfolio.tree.units), list(portfolio.max_owned)
    else:
        persons = list(owners or ())
        portfolio = queries.portfolio_around(codes, persons, now)
        wanted = sorted(_touched_units(codes) or ())
    found = breaches(portfolio, this_week(now), wanted, persons)
    _tighten_exceptions(found, wanted, persons, by, now)
    return uncovered(found, queries.exception_covers(now))


def _tighten_exceptions(
    found: Mapping[CellKey, Breach], codes: Collection[str], owners: Collection[int], by: str, now: datetime
) -> None:
    """An exception never grows into another: it follows its cells down, and ends where the limit is lowered.

    It ends altogether once none of the weeks ahead needs it, or its initiative no longer counts.
    """
    needless = []
    for row, counts, cells in queries.exceptions_in_force(now):
        touched = [(key, cell) for key, cell in cells if key.unit in codes or key.person in owners]
        gone = {key for key, cell in touched if not _is_kept(cell, found.get(key))}
        ahead = {key for key, _ in cells if key.week >= this_week(now)}
        if not counts or (ahead and ahead <= gone):
            row.ended_at = now
            needless.append(row)
    current_session().flush()  # what covers is read from the database
    names = queries.codes_of([row.initiative_id for row in needless]) if needless else {}
    ended = [ExceptionEnded(initiative=names[row.initiative_id], exception=row.id) for row in needless]
    record_all(ended, by=by, now=now)


def _is_kept(cell: ExceptionCellRow, breach: Breach | None) -> bool:
    """Whether a cell still needs its exception; it then follows the cell down, and otherwise goes."""
    if breach is None or breach.limit < cell.limit:
        current_session().delete(cell)
        return False
    cell.value = min(cell.value, breach.value)
    return True


def _close_settled(
    known: Sequence[ConflictRow], found: dict[CellKey, Breach], by: str, now: datetime
) -> set[CellKey]:
    """Resolve the open conflicts that are conflicts no more, bring the others up to date; those still open."""
    codes = units.codes_by_id()
    still_open: set[CellKey] = set()
    resolved: list[Event] = []
    for row in known:
        key = queries.cell_of(row, codes)
        breach = found.get(key)
        if breach is not None:
            row.value, row.limit = breach.value, breach.limit
            still_open.add(key)
        else:
            row.resolved_at = now
            if row.week >= this_week(now):
                resolved.append(ConflictResolved(**_told(key)))
    record_all(resolved, by=by, now=now)
    return still_open


def _conflict(
    key: CellKey, breach: Breach, unit_ids: Mapping[str, int], cause: EventRow, cause_text: str, now: datetime
) -> ConflictRow:
    row = ConflictRow(person_id=key.person, week=key.week, measure=key.measure, since=now)
    row.unit_id = None if key.unit is None else unit_ids[key.unit]
    row.value, row.limit = breach.value, breach.limit
    row.cause, row.cause_text, row.cause_seq = cause.type, cause_text[:200], cause.seq
    return row


def _told(key: CellKey) -> dict[str, Any]:
    person = None if key.person is None else current_session().get_one(Person, key.person).function
    return {"unit": key.unit, "person": person, "week": format_week(key.week), "measure": key.measure}

"""Read what the gate looks at: the tree with its limits, the calendar, and the counting initiatives."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, SelectBase, bindparam, column, func, or_, select, table

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.once import read_once
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, week_of
from portfolio.capacity.models import (
    ClaimRow,
    CommitmentRow,
    ConflictRow,
    ExceptionCellRow,
    ExceptionRow,
    UnplannedEventRow,
)
from portfolio.capacity.rules.calendar import Calendar, Period, Stretch
from portfolio.capacity.rules.clashes import Clash, OpenCell, grouped
from portfolio.capacity.rules.conflicts import CellKey
from portfolio.capacity.rules.limits import LoweredLimit, Unit
from portfolio.capacity.rules.load import (
    Cell,
    Commitment,
    Portfolio,
    Unplanned,
    fillers_of,
    load_map,
    owned_in,
    without_absence,
)
from portfolio.capacity.rules.tree import Moved, Succeeded, Tree
from portfolio.people.models import Person
from portfolio.units import queries as units
from portfolio.units.models import LoweredLimitRow, ReorganisationRow, StandstillRow, UnitChangeRow, UnitRow

NEVER = week_of(date.max)
"""The last week of what has no end."""

# Initiatives lie above capacity in the house, so only the columns that name them are known here.
INITIATIVES = table("initiative", column("id"), column("code"), column("title"))

# Read as plain rows: a map has thousands of claims, and an object for each would cost as much as all the rest.
HELD, CLAIMS = CommitmentRow.__table__.c, ClaimRow.__table__.c

# The questions of every page of load. To compose one takes as long as to ask it: each is composed once.
_HELD = select(HELD.initiative_id, HELD.code, HELD.owner_id, HELD.forecast_end).order_by(HELD.code)
_CLAIMS = select(CLAIMS.initiative_id, CLAIMS.first_week, CLAIMS.last_week, CLAIMS.unit_id, CLAIMS.impact)
_CLAIMS_SINCE = _CLAIMS.where(CLAIMS.counts_to >= bindparam("since"))
_UNPLANNED = select(UnplannedEventRow).order_by(UnplannedEventRow.id)
_UNPLANNED_SINCE = _UNPLANNED.where(UnplannedEventRow.counts_to >= bindparam("since"))
_LIMITS = select(Person.id, Person.max_owned)
_COVERED = (
    select(
        CommitmentRow.code,
        ExceptionCellRow.unit_id,
        ExceptionCellRow.person_id,
        ExceptionCellRow.week,
        ExceptionCellRow.measure,
        ExceptionCellRow.value,
    )
    .join(ExceptionRow, ExceptionRow.id == ExceptionCellRow.exception_id)
    .join(CommitmentRow, CommitmentRow.initiative_id == ExceptionRow.initiative_id)
    .where(ExceptionRow.ended_at.is_(None), ExceptionRow.valid_to >= bindparam("now"))
)
_PAST = (
    select(ExceptionRow)
    .where(ExceptionRow.ended_at.is_(None), ExceptionRow.valid_to < bindparam("week"))
    .order_by(ExceptionRow.id)
)
_OPEN = (
    select(ConflictRow)
    .where(ConflictRow.resolved_at.is_(None), ConflictRow.week >= bindparam("now"))
    .order_by(ConflictRow.week, ConflictRow.unit_id, ConflictRow.id)
)


def period_of(row: LoweredLimitRow | StandstillRow) -> Period:
    """The weeks of a lowered limit or a standstill."""
    return Period(row.from_week, row.to_week, row.yearly)


@read_once(StandstillRow)
def calendar() -> Calendar:
    """The weeks in which nothing runs."""
    return Calendar(tuple(period_of(row) for row in units.standstills()))


@read_once(UnitRow, LoweredLimitRow, ReorganisationRow, UnitChangeRow)
def tree() -> Tree:
    """Every unit with its limits, in the order in which they were added."""
    lowered: dict[int, list[LoweredLimit]] = defaultdict(list)
    for row in units.lowered_limits():
        lowered[row.unit_id].append(LoweredLimit(period_of(row), row.limit, row.max_parallel, row.reason))
    rows = units.all_units()
    codes = {row.id: row.code for row in rows}
    return Tree(
        {
            row.code: Unit(
                row.code,
                codes.get(row.parent_id) if row.parent_id is not None else None,
                row.limit,
                row.max_parallel,
                row.limits_confirmed,
                tuple(lowered[row.id]),
            )
            for row in rows
        },
        *_changes(codes),
    )


def _changes(codes: Mapping[int, str]) -> tuple[tuple[Moved, ...], tuple[Succeeded, ...]]:
    """What reorganisations change in the tree; a move that has been carried out stands in the units themselves."""
    moved = tuple(
        Moved(row.from_week, codes[change.unit_id], codes.get(change.other_id or 0))
        for row, change in units.moves_ahead()
    )
    succeeded = tuple(
        Succeeded(row.from_week, codes[change.unit_id], codes[change.other_id])
        for row, change in units.unit_changes()
        if change.what == "succeed" and change.other_id is not None
    )
    return moved, succeeded


def load_of_units(portfolio: Portfolio, now: Week, first: Week, weeks: int) -> dict[str, tuple[Cell, ...]]:
    """The load of each unit for `weeks` weeks from `first`, with `absent` where it does not exist."""
    return without_absence(load_map(portfolio, now, first, weeks), _existence(portfolio.tree))


def _existence(tree: Tree) -> dict[str, tuple[Week, Week]]:
    """{code: its first and last week} of the units that do not always exist.

    A unit that others are to stand in the place of is given its last day when that week has come, and ends before.
    """
    found = {
        row.code: (
            0 if row.valid_from is None else week_of(row.valid_from),
            NEVER if row.valid_to is None else week_of(row.valid_to),
        )
        for row in units.all_units()
        if row.valid_from is not None or row.valid_to is not None
    }
    for one in tree.succeeded:
        first, last = found.get(one.old, (0, NEVER))
        found[one.old] = first, min(last, one.week - 1)
    return found


def whole_portfolio(since: Week | None = None) -> Portfolio:
    """Every counting initiative: for the load map and for ways forward.

    `since` leaves out the phases that ended before that week: enough for whoever only looks ahead.
    """
    return _portfolio(_commitments(since=since), owner_limits(), _unplanned(since))


def portfolio_around(codes: Iterable[str], owners: Collection[int], now: datetime) -> Portfolio:
    """Only what the cells of these units, and those above them, can hold, and what these owners own.

    Its cost follows the counting initiatives that touch the same units, never the finished ones.
    """
    the_tree, ids = tree(), units.ids_by_code()
    touched = {above for code in codes if code in the_tree.units for above in the_tree.above(code)}
    filling = touched | {below for code in touched for below in the_tree.below(code)}
    unit_ids, week = [ids[code] for code in filling], this_week(now)
    unplanned = _unplanned(week, UnplannedEventRow.unit_id.in_(unit_ids))
    return _portfolio(_commitments(_meeting(unit_ids, owners, week)), owner_limits(owners), unplanned)


def _meeting(unit_ids: Collection[int], owners: Collection[int], now: Week) -> CompoundSelect[int]:
    """The ids of the counting initiatives that fill these units from `now` on or that these owners own."""
    filled = select(ClaimRow.initiative_id).where(ClaimRow.unit_id.in_(unit_ids), ClaimRow.counts_to >= now)
    return filled.union(select(CommitmentRow.initiative_id).where(CommitmentRow.owner_id.in_(owners)))


def _portfolio(
    commitments: Mapping[str, Commitment], limits: Mapping[int, int], unplanned: Mapping[str, Unplanned]
) -> Portfolio:
    return Portfolio(tree(), calendar(), commitments, limits, the_portfolio().drag_weeks, unplanned)


def _unplanned(since: Week | None, *filters: ColumnElement[bool]) -> dict[str, Unplanned]:
    """The unplanned events that count in some week from `since` on, by their keys."""
    wanted = _UNPLANNED if since is None else _UNPLANNED_SINCE
    codes = units.codes_by_id()
    rows = current_session().scalars(wanted.where(*filters) if filters else wanted, {"since": since})
    found = (unplanned_of(row, codes) for row in rows)
    return {one.key: one for one in found}


def unplanned_of(row: UnplannedEventRow, codes: Mapping[int, str]) -> Unplanned:
    """A stored unplanned event as the kernel reads it; `codes` are the units' by id.

    No initiative can have its key: a code has no space in it.
    """
    return Unplanned(f"händelse {row.id}", codes[row.unit_id], row.level, row.from_week, row.to_week, row.reason)


def unplanned_event(event_id: int) -> UnplannedEventRow:
    """One unplanned event; NotFound if there is none."""
    row = current_session().get(UnplannedEventRow, event_id)
    if row is None:
        raise NotFound
    return row


def unplanned_events_on(unit_ids: Collection[int], now: datetime) -> Sequence[UnplannedEventRow]:
    """What is unplanned in some units and not over yet, the soonest first."""
    wanted = (
        select(UnplannedEventRow)
        .where(UnplannedEventRow.unit_id.in_(unit_ids), UnplannedEventRow.counts_to >= this_week(now))
        .where(UnplannedEventRow.ended_at.is_(None))
        .order_by(UnplannedEventRow.from_week, UnplannedEventRow.id)
    )
    return current_session().scalars(wanted).all()


def owner_limits(owners: Collection[int] | None = None) -> dict[int, int]:
    """{person's id: how many counting initiatives they may own at a time}, of some persons or of all."""
    wanted, default = _LIMITS if owners is None else _LIMITS.where(Person.id.in_(owners)), the_portfolio().max_owned
    found = current_session().execute(wanted).all()
    return {person_id: default if own is None else own for person_id, own in found}


def _commitments(only: SelectBase | None = None, since: Week | None = None) -> dict[str, Commitment]:
    """The counting initiatives, or only those whose ids are asked for, laid out, in the order of their codes."""
    names = units.codes_by_id()
    held, claims = _HELD, _CLAIMS if since is None else _CLAIMS_SINCE
    if only is not None:
        held, claims = held.where(HELD.initiative_id.in_(only)), claims.where(CLAIMS.initiative_id.in_(only))
    session = current_session()
    session.flush()  # plain rows do not make the session write what is waiting, as objects do
    stretches = _stretches(session.execute(claims, {"since": since}).all(), names)
    return {
        code: Commitment(code, stretches.get(initiative_id, ()), owner, forecast)
        for initiative_id, code, owner, forecast in session.execute(held).all()
    }


def _stretches(claims: Iterable[Sequence[Any]], names: Mapping[int, str]) -> dict[int, tuple[Stretch, ...]]:
    """The claims by their initiatives' ids, phase by phase, as the kernel reads them."""
    impacts: dict[tuple[int, Week, Week], dict[str, int | None]] = defaultdict(dict)
    for initiative_id, first, last, unit_id, impact in claims:
        laid_out = impacts[initiative_id, first, last]
        if unit_id is not None:
            laid_out[names[unit_id]] = impact
    stretches: dict[int, tuple[Stretch, ...]] = defaultdict(tuple)
    for initiative_id, first, last in sorted(impacts):
        stretches[initiative_id] += (Stretch(first, last, impacts[initiative_id, first, last]),)
    return stretches


def past_their_end(week: Week) -> dict[str, Week]:
    """{code: promised last week} of the counting initiatives whose planned or forecast end lies before a week."""
    last = func.max(CLAIMS.last_week)
    ended = (
        select(HELD.code, last, HELD.forecast_end)
        .join(ClaimRow.__table__, CLAIMS.initiative_id == HELD.initiative_id)
        .where(or_(HELD.forecast_end.is_(None), HELD.forecast_end < week))
        .group_by(HELD.code, HELD.forecast_end)
        .having(last < week)
        .order_by(HELD.code)
    )
    current_session().flush()  # as above
    return {code: max(planned, forecast or planned) for code, planned, forecast in current_session().execute(ended)}


def held_by(initiative_id: int) -> tuple[set[str], set[int]]:
    """The codes of the units and the ids of the owners whose cells an initiative fills at present."""
    codes = units.codes_by_id()
    filled = select(ClaimRow.unit_id).where(ClaimRow.initiative_id == initiative_id)
    owned = select(CommitmentRow.owner_id).where(CommitmentRow.initiative_id == initiative_id)
    session = current_session()
    return (
        {codes[unit_id] for unit_id in session.scalars(filled) if unit_id is not None},
        {owner_id for owner_id in session.scalars(owned) if owner_id is not None},
    )


def cell_of(row: ConflictRow | ExceptionCellRow, codes: Mapping[int, str]) -> CellKey:
    """The cell that a stored row is about; `codes` are the units' by id."""
    unit = None if row.unit_id is None else codes[row.unit_id]
    return CellKey(unit, row.person_id, row.week, row.measure)


def exception_covers(now: datetime) -> dict[CellKey, int]:
    """The most that exceptions in force allow, per cell.

    An exception covers nothing where its initiative no longer is: it does not stay behind when that moves away.
    """
    rows = current_session().execute(_COVERED, {"now": this_week(now)}).all()
    if not rows:
        return {}
    names = units.codes_by_id()
    granted = select(CommitmentRow.initiative_id).where(CommitmentRow.code.in_({row[0] for row in rows}))
    excepted = _portfolio(_commitments(granted), {}, {})
    covers: dict[CellKey, int] = {}
    for code, unit_id, person, week, measure, value in rows:
        key = CellKey(None if unit_id is None else names[unit_id], person, week, measure)
        if code in _fillers_of(key, excepted, now):
            covers[key] = max(value, covers.get(key, 0))
    return covers


class InForce(NamedTuple):
    """An exception in force: its row, whether its initiative still counts, and the cells that it covers."""

    row: ExceptionRow
    counts: bool
    cells: list[tuple[CellKey, ExceptionCellRow]]


def exceptions_in_force(now: datetime) -> list[InForce]:
    """The exceptions whose last week has not passed and that nothing has ended."""
    wanted = (
        select(ExceptionRow, CommitmentRow.code, ExceptionCellRow)
        .outerjoin(CommitmentRow, CommitmentRow.initiative_id == ExceptionRow.initiative_id)
        .outerjoin(ExceptionCellRow, ExceptionCellRow.exception_id == ExceptionRow.id)
        .where(ExceptionRow.ended_at.is_(None), ExceptionRow.valid_to >= this_week(now))
    )
    rows = current_session().execute(wanted).all()
    names = units.codes_by_id() if rows else {}
    found: dict[int, InForce] = {}
    for row, code, cell in rows:
        one = found.setdefault(row.id, InForce(row, code is not None, []))
        if cell is not None:
            one.cells.append((cell_of(cell, names), cell))
    return sorted(found.values(), key=lambda one: one.row.id)


def _fillers_of(cell: CellKey, portfolio: Portfolio, now: datetime) -> Collection[str]:
    """The codes of the initiatives that fill a cell of a unit or of an owner."""
    if cell.unit is not None:
        return fillers_of(portfolio, cell.unit, cell.week, this_week(now))
    return [] if cell.person is None else owned_in(portfolio, cell.person, cell.week, this_week(now))


def excepted_weeks(now: datetime) -> dict[str, set[Week]]:
    """The weeks in which an exception in force covers a unit, by its code."""
    weeks: dict[str, set[Week]] = defaultdict(set)
    for key in exception_covers(now):
        if key.unit is not None:
            weeks[key.unit].add(key.week)
    return weeks


def exceptions_past(week: Week) -> Sequence[ExceptionRow]:
    """The exceptions in force whose last week lies before `week`."""
    return current_session().scalars(_PAST, {"week": week}).all()


def open_conflicts(now: datetime, *filters: ColumnElement[bool]) -> Sequence[ConflictRow]:
    """The open conflicts from the current week on, week by week."""
    wanted = _OPEN.where(*filters) if filters else _OPEN
    return current_session().scalars(wanted, {"now": this_week(now)}).all()


def conflicts_after(conflict_id: int, most: int, now: datetime) -> Sequence[ConflictRow]:
    """At most so many open conflicts from the current week on, in the order of their ids."""
    wanted = (
        select(ConflictRow)
        .where(ConflictRow.resolved_at.is_(None), ConflictRow.week >= this_week(now), ConflictRow.id > conflict_id)
        .order_by(ConflictRow.id)
        .limit(most)
    )
    return current_session().scalars(wanted).all()


def unresolved_conflicts(unit_ids: Collection[int] | None, owners: Collection[int] | None) -> Sequence[ConflictRow]:
    """The conflict rows without an end, for some units and owners or for all."""
    wanted = select(ConflictRow).where(ConflictRow.resolved_at.is_(None))
    if unit_ids is not None and owners is not None:
        wanted = wanted.where(or_(ConflictRow.unit_id.in_(unit_ids), ConflictRow.person_id.in_(owners)))
    return current_session().scalars(wanted).all()


def clashes(rows: Iterable[ConflictRow], portfolio: Portfolio, now: datetime) -> list[Clash]:
    """Conflict rows as people speak of them, with the initiatives that meet there."""
    codes = units.codes_by_id()
    cells = [
        OpenCell(
            cell_of(row, codes),
            row.value,
            row.limit,
            row.cause_text,
            row.since,
        )
        for row in rows
    ]
    return grouped(cells, portfolio, this_week(now))


def codes_of(initiative_ids: Collection[int]) -> dict[int, str]:
    """{id: code} of some initiatives, whether they count or not."""
    wanted = select(INITIATIVES.c.id, INITIATIVES.c.code).where(INITIATIVES.c.id.in_(initiative_ids))
    return {initiative_id: code for initiative_id, code in current_session().execute(wanted)}


def titles() -> dict[str, str]:
    """{code: title} of every initiative that counts."""
    wanted = select(INITIATIVES.c.code, INITIATIVES.c.title).join(
        CommitmentRow, CommitmentRow.code == INITIATIVES.c.code
    )
    return {code: title for code, title in current_session().execute(wanted)}


def functions() -> dict[int, str]:
    """{id: function} of every person."""
    return {person_id: name for person_id, name in current_session().execute(select(Person.id, Person.function))}

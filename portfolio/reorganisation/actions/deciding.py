"""Decide a change of the organisation from a week on."""

from collections.abc import Sequence
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week, monday, week_number
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.models import ConflictRow
from portfolio.events.event import Event
from portfolio.events.reorganisation import UnitMoved, UnitRenamed, UnitsMerged, UnitSplit
from portfolio.people.rules import Actor, May, ensure_may, may_confirm_limits
from portfolio.reorganisation import queries
from portfolio.reorganisation.actions.carrying_out import carry_out_now
from portfolio.reorganisation.actions.leading import lead_on
from portfolio.reorganisation.actions.possible import ensure_possible
from portfolio.reorganisation.rules import (
    Limits,
    Merge,
    Move,
    NewUnit,
    Rename,
    Split,
    Wanted,
    inherited,
    kind_of,
    told,
)
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import ReorganisationRow, UnitChangeRow, UnitRow
from portfolio.units.rules import never_came


def reorganise(
    wanted: Wanted, from_week: Week, *, by: Actor, now: datetime
) -> tuple[ReorganisationRow, list[ConflictRow]]:
    """Decide a change from a week on; the new conflicts that follow. From the current week it is carried out at once.

    Refused with Invalid, by field: a week that has been, units that are not there then or that change already, a
    place below itself, a code that is taken.
    """
    ensure_may(by, May.SHAPE_UNITS)
    lock_portfolio()
    rows = ensure_possible(wanted, from_week, now)
    names = {unit.code: unit.name for unit in units.all_units()}
    row = ReorganisationRow(kind=kind_of(wanted), from_week=from_week, told=told(wanted, names))
    row.decided_by, row.decided_at = by.name, now
    current_session().add(row)
    current_session().flush()  # what it does refers to it
    event = _prepare(wanted, rows, row, by, now)
    opened = record_and_settle(event, f"{row.told} från v. {week_number(from_week)}", by=by, now=now)
    if from_week == this_week(now):
        carry_out_now(row, by, now)
    return row, opened


def _prepare(wanted: Wanted, rows: Sequence[UnitRow], row: ReorganisationRow, by: Actor, now: datetime) -> Event:
    match wanted:
        case Rename():
            return _rename(wanted, rows[0], row)
        case Move():
            return _move(wanted, rows[0], row)
        case Merge():
            return _merge(wanted, rows, row, by, now)
        case Split():
            return _split(wanted, rows[0], row, by, now)


def _rename(wanted: Rename, unit: UnitRow, row: ReorganisationRow) -> Event:
    _change(row, "rename", unit.id, name=wanted.name, former=unit.name)
    week = format_week(row.from_week)
    return UnitRenamed(
        unit=unit.code, reorganisation=row.id, from_week=week, changes={"name": [unit.name, wanted.name]}
    )


def _move(wanted: Move, unit: UnitRow, row: ReorganisationRow) -> Event:
    _change(row, "move", unit.id, None if wanted.parent is None else units.ids_by_code()[wanted.parent])
    week = format_week(row.from_week)
    return UnitMoved(unit=unit.code, reorganisation=row.id, from_week=week, parent=wanted.parent)


def _merge(wanted: Merge, rows: Sequence[UnitRow], row: ReorganisationRow, by: Actor, now: datetime) -> Event:
    new = _come(wanted.into, rows, wanted.parent, row.from_week, by, now)
    for unit in rows:
        _change(row, "succeed", unit.id, new.id)
    week = format_week(row.from_week)
    return UnitsMerged(unit=new.code, reorganisation=row.id, from_week=week, merged=list(wanted.units))


def _split(wanted: Split, unit: UnitRow, row: ReorganisationRow, by: Actor, now: datetime) -> Event:
    parent = units.codes_by_id().get(unit.parent_id or 0)
    standing = queries.standing_on([unit.id], now)
    new = {one.code: _come(one, [unit], parent, row.from_week, by, now) for one in wanted.into}
    first = wanted.into[0].code
    for one in new.values():
        _change(row, "succeed", unit.id, one.id)
    for below in standing.below:
        _change(row, "move", below.id, new[wanted.below.get(below.code, first)].id)
    for person in standing.persons:
        _change(row, "staff", new[wanted.staff.get(person.id, first)].id, person_id=person.id)
    shares = {one.code: sorted(wanted.shares.get(one.code) or new) for one in standing.initiatives}
    leading = {code: {unit.code: codes} for code, codes in shares.items()}
    lead_on(leading, [unit.id], row, by, now)
    return UnitSplit(
        unit=unit.code,
        reorganisation=row.id,
        from_week=format_week(row.from_week),
        into=list(new),
        shares={code: list(codes) for code, codes in shares.items()},
    )


def _change(
    row: ReorganisationRow,
    what: str,
    unit_id: int,
    other_id: int | None = None,
    *,
    person_id: int | None = None,
    name: str = "",
    former: str = "",
) -> None:
    change = UnitChangeRow(reorganisation_id=row.id, what=what, unit_id=unit_id, other_id=other_id)
    change.person_id, change.name, change.former = person_id, name, former
    current_session().add(change)


def _come(
    new: NewUnit, replaced: Sequence[UnitRow], parent: str | None, from_week: Week, by: Actor, now: datetime
) -> UnitRow:
    """A unit that comes with the change. One that never came, because a change was taken back, comes after all."""
    limits = Limits(new.limit, new.max_parallel, limits_confirmed=True)
    if not may_confirm_limits(by, ()):
        limits = inherited(new, replaced)
    fields = {
        "name": new.name,
        "kind": replaced[0].kind,
        "parent": parent,
        "valid_from": monday(from_week),
        **limits._asdict(),
    }
    for unit in units.all_units():
        if unit.code == new.code and never_came(unit.valid_from, unit.valid_to):
            unit_rows.edit_unit(unit, fields | {"valid_to": None}, by=by, now=now)
            return unit
    return unit_rows.add_unit(fields | {"code": new.code}, by=by, now=now)

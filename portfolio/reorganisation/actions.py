"""Change the organisation from a week on: always allowed, and the load follows from that week at once.

The impacts stay where they are when units are merged or moved: the tree of the kernel leads them on from the week of
the change. When a unit is split each initiative is given to the new units; before the week these lead back to the old
one. Names, places and persons are brought in step when the week has come (`carry_out`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week, monday, week_number
from portfolio.capacity import queries as capacity
from portfolio.capacity.actions import claims
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.limits import Unit
from portfolio.capacity.rules.load import Cell, load_map
from portfolio.events.event import Event, Json
from portfolio.events.reorganisation import (
    InitiativeFollowedUnit,
    ReorganisationCarriedOut,
    ReorganisationUndone,
    UnitMoved,
    UnitRenamed,
    UnitsMerged,
    UnitSplit,
)
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.plans import set_phases
from portfolio.initiatives.queries.plans import phases_of, plan_of
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.outbox.actions import record
from portfolio.people.actions.persons import place
from portfolio.people.rules import Actor, May, ensure_may, may_confirm_limits
from portfolio.reorganisation import queries
from portfolio.reorganisation.rules import (
    Merge,
    Move,
    NewUnit,
    Rename,
    Split,
    Wanted,
    kind_of,
    led_on,
    told,
    why_not_then,
)
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import ReorganisationRow, UnitChangeRow, UnitRow
from portfolio.units.rules import is_valid, never_came

WEEKS_SHOWN = 26


def reorganise(
    wanted: Wanted, from_week: Week, *, by: Actor, now: datetime
) -> tuple[ReorganisationRow, list[ConflictRow]]:
    """Decide a change from a week on; the new conflicts that follow. From the current week it is carried out at once.

    Refused with Invalid, by field: a week that has been, units that are not there then or that change already, a
    place below itself, a code that is taken.
    """
    ensure_may(by, May.SHAPE_UNITS)
    lock_portfolio()
    rows = _ensure_possible(wanted, from_week, now)
    names = {unit.code: unit.name for unit in units.all_units()}
    row = ReorganisationRow(kind=kind_of(wanted), from_week=from_week, told=told(wanted, names))
    row.decided_by, row.decided_at = by.name, now
    current_session().add(row)
    current_session().flush()  # what it does refers to it
    event = _prepare(wanted, rows, row, by, now)
    opened = record_and_settle(event, f"{row.told} från v. {week_number(from_week)}", by=by, now=now)
    if from_week == this_week(now):
        _carry_out(row, by, now)
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
    new = _come(wanted.into, rows[0], wanted.parent, row.from_week, by, now)
    for unit in rows:
        _change(row, "succeed", unit.id, new.id)
    week = format_week(row.from_week)
    return UnitsMerged(unit=new.code, reorganisation=row.id, from_week=week, merged=list(wanted.units))


def _split(wanted: Split, unit: UnitRow, row: ReorganisationRow, by: Actor, now: datetime) -> Event:
    parent = units.codes_by_id().get(unit.parent_id or 0)
    standing = queries.standing_on([unit.id], now)
    new = {one.code: _come(one, unit, parent, row.from_week, by, now) for one in wanted.into}
    first = wanted.into[0].code
    for one in new.values():
        _change(row, "succeed", unit.id, one.id)
    for below in standing.below:
        _change(row, "move", below.id, new[wanted.below.get(below.code, first)].id)
    for person in standing.persons:
        _change(row, "staff", new[wanted.staff.get(person.id, first)].id, person_id=person.id)
    shares = {one.code: sorted(wanted.shares.get(one.code) or new) for one in standing.initiatives}
    leading = {code: {unit.code: codes} for code, codes in shares.items()}
    _lead_on(leading, [unit.id], row, by, now)
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


def _come(new: NewUnit, like: UnitRow, parent: str | None, from_week: Week, by: Actor, now: datetime) -> UnitRow:
    """A unit that comes with the change. One that never came, because a change was taken back, comes after all."""
    fields = {
        "name": new.name,
        "kind": like.kind,
        "parent": parent,
        "limit": new.limit,
        "max_parallel": new.max_parallel,
        "limits_confirmed": may_confirm_limits(by, ()),
        "valid_from": monday(from_week),
    }
    for unit in units.all_units():
        if unit.code == new.code and never_came(unit.valid_from, unit.valid_to):
            unit_rows.edit_unit(unit, fields | {"valid_to": None}, by=by, now=now)
            return unit
    return unit_rows.add_unit(fields | {"code": new.code}, by=by, now=now)


def _lead_on(
    leading: Mapping[str, Mapping[str, Iterable[str]]],
    unit_ids: Sequence[int],
    row: ReorganisationRow,
    by: Actor,
    now: datetime,
) -> None:
    """Put the impacts of open initiatives on other units: `{initiative: {unit: the units in its place}}`."""
    followed = [one for one in queries.open_on(unit_ids) if one.code in leading]
    for one in followed:
        to = {unit: list(codes) for unit, codes in leading[one.code].items()}
        set_phases(one, [replace(phase, impacts=led_on(phase.impacts, to)) for phase in phases_of(one)])
        touch(one, now)
        heirs: dict[str, Json] = {unit: [*codes] for unit, codes in to.items()}
        event = InitiativeFollowedUnit(initiative=one.code, from_week=format_week(row.from_week), units=heirs)
        record(event, by=by.name, now=now)
    current_session().flush()  # the claims are written past the session
    claims.bind_all({one.id: plan_of(one, now) for one in followed if one.status in COUNTING})


def _ensure_possible(wanted: Wanted, from_week: Week, now: datetime) -> list[UnitRow]:
    """The units that it happens to; Invalid, by field, for what cannot be."""
    problem = why_not_then(from_week, this_week(now))
    if problem:
        raise Invalid({"from_week": [problem]})
    field = "units" if isinstance(wanted, Merge) else "unit"
    if isinstance(wanted, Merge) and len(set(wanted.units)) < 2:
        raise Invalid({"units": ["Välj minst två enheter."]})
    rows = [units.unit_by_code(code) for code in dict.fromkeys(wanted.units)]
    for unit in rows:
        _ensure_free(unit, field, from_week)
    if isinstance(wanted, Move | Merge):
        _ensure_place(wanted.parent, rows, from_week)
    _ensure_codes(wanted)
    return rows


def _ensure_free(unit: UnitRow, field: str, from_week: Week) -> None:
    ahead = queries.ahead_for(unit.id)
    if ahead is not None:
        raise Invalid(
            {field: [f"Det är redan beslutat: {ahead.told}. Ångra det först, eller vänta tills det är gjort."]}
        )
    if not is_valid(unit.valid_from, unit.valid_to, monday(from_week)):
        raise Invalid({field: [f"{unit.name} finns inte den veckan."]})


def _ensure_place(parent: str | None, rows: Sequence[UnitRow], from_week: Week) -> None:
    if parent is None:
        return
    if parent not in units.ids_by_code():
        raise Invalid({"parent": [f"Enheten {parent} finns inte."]})
    if any(unit.code in capacity.tree().above(parent) for unit in rows):
        raise Invalid({"parent": ["Enheten kan inte ligga under sig själv."]})
    unit = units.unit_by_code(parent)
    if not is_valid(unit.valid_from, unit.valid_to, monday(from_week)) or queries.is_succeeded(unit.id):
        raise Invalid({"parent": [f"{unit.name} finns inte den veckan."]})


def _ensure_codes(wanted: Wanted) -> None:
    new = [wanted.into] if isinstance(wanted, Merge) else list(wanted.into) if isinstance(wanted, Split) else []
    taken = {unit.code for unit in units.all_units() if not never_came(unit.valid_from, unit.valid_to)}
    for number, one in enumerate(new, start=1):
        if one.code in taken:
            field = "code" if len(new) == 1 else f"code_{number}"
            raise Invalid({field: ["Beteckningen används redan. Välj en annan."]})
        taken.add(one.code)


def carry_out(reorganisation_id: int, *, by: Actor, now: datetime) -> None:
    """The week has come: bring names, places and persons in step. Nothing happens the second time."""
    lock_portfolio()
    row = units.reorganisation(reorganisation_id)
    if row.done_at is None and row.undone_at is None:
        _carry_out(row, by, now)


def _carry_out(row: ReorganisationRow, by: Actor, now: datetime) -> None:
    codes = units.codes_by_id()
    for change in queries.changes_of(row.id):
        unit = current_session().get_one(UnitRow, change.unit_id)
        match change.what:
            case "rename":
                unit_rows.edit_unit(unit, {"name": change.name}, by=by, now=now)
            case "move":
                parent = None if change.other_id is None else codes[change.other_id]
                unit_rows.edit_unit(unit, {"parent": parent}, by=by, now=now)
            case "succeed":
                last_day = monday(row.from_week) - timedelta(days=1)
                unit_rows.edit_unit(unit, {"valid_to": last_day}, by=by, now=now)
            case _:
                place(change.person_id or 0, unit.code, by=by, now=now)
    _bring_the_rest(row, by, now)
    row.done_at = now
    event = ReorganisationCarriedOut(reorganisation=row.id, told=row.told)
    record_and_settle(event, row.told, by=by, now=now)


def _bring_the_rest(row: ReorganisationRow, by: Actor, now: datetime) -> None:
    """Whoever still works in a unit that is gone, and what still lies below it, goes to the first in its place."""
    codes = units.codes_by_id()
    heirs: dict[int, str] = {}
    for change in queries.changes_of(row.id):
        if change.what == "succeed" and change.other_id is not None:
            heirs.setdefault(change.unit_id, codes[change.other_id])
    for person in queries.persons_in(heirs):
        place(person.id, heirs[person.unit_id or 0], by=by, now=now)
    for unit in units.all_units():
        if unit.parent_id in heirs:
            unit_rows.edit_unit(unit, {"parent": heirs[unit.parent_id]}, by=by, now=now)


def undo(reorganisation_id: int, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Take back a change whose week has not come; NotAllowedNow once it has. The new conflicts that follow."""
    ensure_may(by, May.SHAPE_UNITS)
    lock_portfolio()
    row = units.reorganisation(reorganisation_id)
    if row.undone_at is not None or row.done_at is not None or row.from_week <= this_week(now):
        raise NotAllowedNow(row.kind)
    row.undone_at = now
    _lead_back(row, by, now)
    event = ReorganisationUndone(reorganisation=row.id, told=row.told)
    return record_and_settle(event, f"Ångrat: {row.told}", by=by, now=now)


def _lead_back(row: ReorganisationRow, by: Actor, now: datetime) -> None:
    """What lies on the units that never come goes to those in whose place they were to stand, persons included."""
    codes, before = units.codes_by_id(), defaultdict(list)
    for change in queries.changes_of(row.id):
        if change.what == "succeed" and change.other_id is not None:
            before[change.other_id].append(change.unit_id)
    to = {codes[new]: [codes[old] for old in olds] for new, olds in before.items()}
    ids = list(before)
    _lead_on({one.code: to for one in queries.open_on(ids)}, ids, row, by, now)
    for person in queries.persons_in(ids):
        place(person.id, codes[before[person.unit_id or 0][0]], by=by, now=now)
    for unit_id in ids:
        unit = current_session().get_one(UnitRow, unit_id)
        never = monday(row.from_week) - timedelta(days=1)
        unit_rows.edit_unit(unit, {"valid_from": monday(row.from_week), "valid_to": never}, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a change would come to: each touched unit's weeks before and after, and what would collide.

    `names` and `units` are those afterwards, the new ones included; the cells are {code: from `first` on}.
    """

    told: str
    first: Week
    names: Mapping[str, str]
    units: Mapping[str, Unit]
    before: Mapping[str, Sequence[Cell]]
    after: Mapping[str, Sequence[Cell]]
    clashes: Sequence[Clash]


class _OnlyRehearsed(Exception):
    """Everything was done, looked at, and is taken back."""


def rehearse(wanted: Wanted, from_week: Week, *, by: Actor, now: datetime) -> Prospect:
    """Do all of it, look at what it comes to, and take it back: what is shown is what will be stored."""
    found: list[Prospect] = []
    try:
        with transaction():
            found.append(_look_at(wanted, from_week, by, now))
            raise _OnlyRehearsed
    except _OnlyRehearsed:
        return found[0]


def _look_at(wanted: Wanted, from_week: Week, by: Actor, now: datetime) -> Prospect:
    week = this_week(now)
    first = max(week, from_week - 4)
    before = load_map(capacity.whole_portfolio(), week, first, WEEKS_SHOWN)
    row, opened = reorganise(wanted, from_week, by=by, now=now)
    portfolio = capacity.whole_portfolio()
    after = load_map(portfolio, week, first, WEEKS_SHOWN)
    names = {unit.code: unit.name for unit in units.all_units()}
    clashes = capacity.clashes(opened, portfolio, now)
    return Prospect(row.told, first, names, portfolio.tree.units, before, after, clashes)

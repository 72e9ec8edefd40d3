"""Find units, their lowered limits and the standstills."""

from collections.abc import Container, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.once import read_once
from portfolio.base.weeks import Week
from portfolio.units.models import LoweredLimitRow, ReorganisationRow, StandstillRow, UnitChangeRow, UnitRow
from portfolio.units.rules import chain_above, is_valid, may_be_chosen

# Every page of load asks these. To compose a question takes as long as to ask it: each is composed once.
_UNITS = select(UnitRow).order_by(UnitRow.id)
_CHANGES = (
    select(ReorganisationRow, UnitChangeRow)
    .join(UnitChangeRow, UnitChangeRow.reorganisation_id == ReorganisationRow.id)
    .where(ReorganisationRow.undone_at.is_(None))
    .order_by(ReorganisationRow.from_week, UnitChangeRow.id)
)
_LOWERED = select(LoweredLimitRow).order_by(LoweredLimitRow.from_week, LoweredLimitRow.id)
_STANDSTILLS = select(StandstillRow).order_by(StandstillRow.from_week, StandstillRow.id)


@read_once(UnitRow)
def all_units() -> Sequence[UnitRow]:
    """Every unit in the order in which they were added."""
    return current_session().scalars(_UNITS).all()


def living(day: date, named: Container[str] = ()) -> list[UnitRow]:
    """The units that exist on a day, and those whose codes something names all the same."""
    return [unit for unit in all_units() if is_valid(unit.valid_from, unit.valid_to, day) or unit.code in named]


def units_to_choose(day: date, named: Container[str] = ()) -> list[UnitRow]:
    """As `living`, with those that are to come: what a plan can be put on from a day on."""
    return [unit for unit in all_units() if may_be_chosen(unit.valid_from, unit.valid_to, day) or unit.code in named]


def unit_by_code(code: str) -> UnitRow:
    """The unit; NotFound if there is none."""
    unit = current_session().scalar(select(UnitRow).where(UnitRow.code == code))
    if unit is None:
        raise NotFound
    return unit


@read_once(UnitRow)
def codes_by_id() -> Mapping[int, str]:
    """{id: code} of every unit."""
    return {unit.id: unit.code for unit in all_units()}


@read_once(UnitRow)
def ids_by_code() -> Mapping[str, int]:
    """{code: id} of every unit."""
    return {unit.code: unit.id for unit in all_units()}


def heirs() -> dict[int, int]:
    """{id: the id of the first in its place} of every unit in whose place others stand, or are to stand."""
    found: dict[int, int] = {}
    for _, change in unit_changes():
        if change.what == "succeed" and change.other_id is not None:
            found.setdefault(change.unit_id, change.other_id)
    return found


def parents_by_id() -> dict[int, int | None]:
    """{id: parent's id} of every unit; one that was merged into another lies under that one."""
    merged = {
        change.unit_id: change.other_id
        for row, change in unit_changes()
        if change.what == "succeed" and row.kind == "merge" and row.done_at is not None
    }
    return {unit.id: merged.get(unit.id, unit.parent_id) for unit in all_units()}


def ids_above(unit_id: int) -> list[int]:
    """The ids of a unit and every unit above it."""
    return chain_above(unit_id, parents_by_id())


@read_once(ReorganisationRow, UnitChangeRow)
def unit_changes() -> Sequence[tuple[ReorganisationRow, UnitChangeRow]]:
    """Everything that reorganisations do, or have done, each with its reorganisation; not what was taken back."""
    return [(row, change) for row, change in current_session().execute(_CHANGES)]


def reorganisations() -> Sequence[ReorganisationRow]:
    """Every change of the organisation, those that take effect last first."""
    wanted = select(ReorganisationRow).order_by(ReorganisationRow.from_week.desc(), ReorganisationRow.id.desc())
    return current_session().scalars(wanted).all()


def reorganisation(reorganisation_id: int) -> ReorganisationRow:
    """One change of the organisation; NotFound if there is none."""
    row = current_session().get(ReorganisationRow, reorganisation_id)
    if row is None:
        raise NotFound
    return row


def moves_ahead() -> list[tuple[ReorganisationRow, UnitChangeRow]]:
    """The moves whose week has not come, or that have not been carried out yet."""
    return [(row, change) for row, change in unit_changes() if change.what == "move" and row.done_at is None]


def names_in(week: Week) -> dict[str, str]:
    """{code: what the unit was called in a week}, for what was finished then."""
    names = {unit.id: unit.name for unit in all_units()}
    for row, change in reversed(unit_changes()):
        if change.what == "rename" and row.from_week > week and row.done_at:
            names[change.unit_id] = change.former
    return {unit.code: names[unit.id] for unit in all_units()}


def lowered_limits(unit_id: int | None = None) -> Sequence[LoweredLimitRow]:
    """The lowered limits of a unit, or of all, in the order of their weeks."""
    wanted = _LOWERED if unit_id is None else _LOWERED.where(LoweredLimitRow.unit_id == unit_id)
    return current_session().scalars(wanted).all()


def lowered_limit(unit_id: int, lowered_id: int) -> LoweredLimitRow:
    """One lowered limit of a unit; NotFound if there is none."""
    row = current_session().get(LoweredLimitRow, lowered_id)
    if row is None or row.unit_id != unit_id:
        raise NotFound
    return row


def standstills() -> Sequence[StandstillRow]:
    """Every standstill in the order of their weeks."""
    return current_session().scalars(_STANDSTILLS).all()


def standstill(standstill_id: int) -> StandstillRow:
    """One standstill; NotFound if there is none."""
    row = current_session().get(StandstillRow, standstill_id)
    if row is None:
        raise NotFound
    return row

"""Find units, their lowered limits and the standstills."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.once import read_once
from portfolio.units.models import LoweredLimitRow, StandstillRow, UnitRow
from portfolio.units.rules import chain_above


@read_once(UnitRow)
def all_units() -> Sequence[UnitRow]:
    """Every unit in the order in which they were added."""
    return current_session().scalars(select(UnitRow).order_by(UnitRow.id)).all()


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


def parents_by_id() -> dict[int, int | None]:
    """{id: parent's id} of every unit."""
    return {unit.id: unit.parent_id for unit in all_units()}


def ids_above(unit_id: int) -> list[int]:
    """The ids of a unit and every unit above it."""
    return chain_above(unit_id, parents_by_id())


def lowered_limits(unit_id: int | None = None) -> Sequence[LoweredLimitRow]:
    """The lowered limits of a unit, or of all, in the order of their weeks."""
    wanted = select(LoweredLimitRow).order_by(LoweredLimitRow.from_week, LoweredLimitRow.id)
    if unit_id is not None:
        wanted = wanted.where(LoweredLimitRow.unit_id == unit_id)
    return current_session().scalars(wanted).all()


def lowered_limit(unit_id: int, lowered_id: int) -> LoweredLimitRow:
    """One lowered limit of a unit; NotFound if there is none."""
    row = current_session().get(LoweredLimitRow, lowered_id)
    if row is None or row.unit_id != unit_id:
        raise NotFound
    return row


def standstills() -> Sequence[StandstillRow]:
    """Every standstill in the order of their weeks."""
    wanted = select(StandstillRow).order_by(StandstillRow.from_week, StandstillRow.id)
    return current_session().scalars(wanted).all()


def standstill(standstill_id: int) -> StandstillRow:
    """One standstill; NotFound if there is none."""
    row = current_session().get(StandstillRow, standstill_id)
    if row is None:
        raise NotFound
    return row

"""Add and change units, and confirm what they carry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portfolio.base.errors import ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions.conflicts import record_and_settle, settle
from portfolio.capacity.models import ConflictRow
from portfolio.events.capacity import LimitsConfirmed
from portfolio.people.rules import Actor, May, ensure, ensure_may, may_confirm_limits, may_set_limits
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import has_limits, loosens

LIMIT_FIELDS = frozenset({"limit", "max_parallel", "direct_reports"})
"""What the unit's own chief sets beside its place in the tree."""


def add_unit(fields: dict[str, Any], *, by: Actor, now: datetime) -> UnitRow:
    """Add a unit to the tree. Limits that the unit's own chief does not set stay as they are sent."""
    ensure_may(by, May.SHAPE_UNITS)
    lock_portfolio()
    return unit_rows.add_unit(fields, by=by, now=now)


def edit_unit(
    code: str, fields: dict[str, Any], *, version: int | None, by: Actor, now: datetime
) -> list[ConflictRow]:
    """Change a unit's facts, place or limits. Lowering a limit and moving a unit are always allowed.

    The new conflicts are given back, so that the page can show at once which initiatives now collide.
    """
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure_may_edit(unit, fields, by)
    unit_rows.ensure_changeable(unit, fields)
    ensure_unchanged(version, unit.version)
    event = unit_rows.edit_unit(unit, fields, by=by, now=now)
    if event is None:
        return []
    return settle(event, f"{unit.name} ändrades", by=by.name, now=now)


def ensure_may_edit(unit: UnitRow, fields: Mapping[str, Any], by: Actor) -> None:
    """Refuse with NotPermitted a change of fields that are not the actor's to change.

    A confirmed limit belongs to the förvaltningschef: only they, or the chair, raise or take away one, and only
    they make preliminary limits block or blocking ones preliminary. Whoever sets a unit's first limits may leave
    them preliminary: nothing that blocked stops blocking.
    """
    above = units.ids_above(unit.id)
    if set(fields) - LIMIT_FIELDS - {"limits_confirmed"}:
        ensure_may(by, May.SHAPE_UNITS)
    if set(fields) & LIMIT_FIELDS:
        ensure(may_set_limits(by, above))
    confirmed = fields.get("limits_confirmed", unit.limits_confirmed)
    is_first = not confirmed and not has_limits(unit) and not units.lowered_limits(unit.id)
    if (confirmed != unit.limits_confirmed and not is_first) or loosens(unit, fields):
        ensure(may_confirm_limits(by, above))


def confirm_limits(code: str, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """The förvaltningschef confirms the limits: from now on they block. What is confirmed already stays as it is."""
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure(may_confirm_limits(by, units.ids_above(unit.id)))
    if unit.limits_confirmed:
        return []
    unit.limits_confirmed = True
    unit.version += 1
    event = LimitsConfirmed(unit=code, limit=unit.limit, max_parallel=unit.max_parallel)
    return record_and_settle(event, f"Taket för {unit.name} bekräftades", codes=[code], by=by, now=now)

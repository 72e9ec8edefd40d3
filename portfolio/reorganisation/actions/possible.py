"""Whether a change can be made from a week on."""

from collections.abc import Sequence
from datetime import datetime

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, monday
from portfolio.capacity import queries as capacity
from portfolio.reorganisation import queries
from portfolio.reorganisation.rules import Merge, Move, Split, Wanted, why_not_then
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import is_valid, never_came


def ensure_possible(wanted: Wanted, from_week: Week, now: datetime) -> list[UnitRow]:
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
    if not is_valid(unit.valid_from, unit.valid_to, monday(from_week)) or unit.id in units.heirs():
        raise Invalid({"parent": [f"{unit.name} finns inte den veckan."]})


def _ensure_codes(wanted: Wanted) -> None:
    new = [wanted.into] if isinstance(wanted, Merge) else list(wanted.into) if isinstance(wanted, Split) else []
    taken = {unit.code for unit in units.all_units() if not never_came(unit.valid_from, unit.valid_to)}
    for number, one in enumerate(new, start=1):
        if one.code in taken:
            field = "code" if len(new) == 1 else f"code_{number}"
            raise Invalid({field: ["Beteckningen används redan. Välj en annan."]})
        taken.add(one.code)

"""Which initiative and unit a receiving chef answers about."""

from typing import NamedTuple

from portfolio.base.errors import NotFound
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.queries.plans import units_touched
from portfolio.initiatives.rules.statuses import OPEN
from portfolio.people.access import me
from portfolio.people.rules import ensure, may_acknowledge
from portfolio.units import queries as units
from portfolio.units.models import UnitRow


class Place(NamedTuple):
    """An initiative on a unit that it touches."""

    initiative: Initiative
    unit: UnitRow


def may_answer(initiative: Initiative, unit_id: int) -> bool:
    """Whether the visitor is the receiving chef of a unit, of an initiative that is not over."""
    return initiative.status in OPEN and may_acknowledge(me(), units.ids_above(unit_id))


def to_answer(code: str, unit_code: str) -> Place:
    """The place, for its receiving chef; NotPermitted for others, NotFound where there is nothing to answer."""
    initiative, unit = seen_by(me(), code), units.unit_by_code(unit_code)
    ensure(may_acknowledge(me(), units.ids_above(unit.id)))
    if unit.id not in units_touched(initiative) or initiative.status not in OPEN:
        raise NotFound
    return Place(initiative, unit)

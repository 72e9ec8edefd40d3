"""What a change would come to, before it is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portfolio.base.db import transaction
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.limits import Unit
from portfolio.capacity.rules.load import Cell
from portfolio.people.rules import Actor
from portfolio.reorganisation.actions.deciding import reorganise
from portfolio.reorganisation.rules import Wanted
from portfolio.units import queries as units

WEEKS_SHOWN = 26


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
    before = capacity.load_of_units(capacity.whole_portfolio(), week, first, WEEKS_SHOWN)
    row, opened = reorganise(wanted, from_week, by=by, now=now)
    portfolio = capacity.whole_portfolio()
    after = capacity.load_of_units(portfolio, week, first, WEEKS_SHOWN)
    names = {unit.code: unit.name for unit in units.all_units()}
    clashes = capacity.clashes(opened, portfolio, now)
    return Prospect(row.told, first, names, portfolio.tree.units, before, after, clashes)

"""Which cells are over a confirmed limit, and which of them an exception covers (capacity kernel §4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.gate import Measure
from portfolio.capacity.rules.limits import bounds_of, exceeds
from portfolio.capacity.rules.load import Ledger, Portfolio, counted_stretches, owned_in


class CellKey(NamedTuple):
    """One cell and what is measured in it; unit is None for the owner measure, person for the others."""

    unit: str | None
    person: int | None
    week: Week
    measure: Measure


@dataclass(frozen=True, slots=True)
class Breach:
    """How far a cell is over: its value and its limit."""

    value: int
    limit: int


def last_loaded_week(portfolio: Portfolio, now: Week) -> Week:
    """The last week in which anything counts, at the least the current one."""
    return max((stretch.last for _, stretch in counted_stretches(portfolio, now)), default=now)


def breaches(portfolio: Portfolio, now: Week, units: Iterable[str], owners: Iterable[int]) -> dict[CellKey, Breach]:
    """Every cell of these units and owners over a confirmed limit, from the current week on."""
    last = max(last_loaded_week(portfolio, now), now)
    return _unit_breaches(portfolio, now, last, units) | _owner_breaches(portfolio, now, last, owners)


def _unit_breaches(portfolio: Portfolio, now: Week, last: Week, units: Iterable[str]) -> dict[CellKey, Breach]:
    ledger = Ledger(portfolio.landings(now), now, last)
    found: dict[CellKey, Breach] = {}
    for code in units:
        unit = portfolio.tree.units[code]
        for week in range(now, last + 1) if unit.confirmed else ():
            load, parallel = ledger.load(code, week), ledger.parallel(code, week)
            if not parallel or portfolio.calendar.stands_still(week):
                continue
            bounds = bounds_of(unit, week)
            if bounds.limit is not None and load > bounds.limit:
                found[CellKey(code, None, week, "load")] = Breach(load, bounds.limit)
            if bounds.max_parallel is not None and parallel > bounds.max_parallel:
                found[CellKey(code, None, week, "parallel")] = Breach(parallel, bounds.max_parallel)
    return found


def _owner_breaches(portfolio: Portfolio, now: Week, last: Week, owners: Iterable[int]) -> dict[CellKey, Breach]:
    found: dict[CellKey, Breach] = {}
    for owner in owners:
        limit = portfolio.max_owned.get(owner)
        mine = sum(one.owner == owner for one in portfolio.commitments.values())
        if limit is None or not exceeds(mine, limit):
            continue
        for week in range(now, last + 1):
            owned = len(owned_in(portfolio, owner, week, now))
            if owned > limit:
                found[CellKey(None, owner, week, "owner")] = Breach(owned, limit)
    return found


def uncovered(found: Mapping[CellKey, Breach], covers: Mapping[CellKey, int]) -> dict[CellKey, Breach]:
    """The breaches that no exception explains; `covers` is the most that exceptions allow in a cell."""
    return {key: breach for key, breach in found.items() if breach.value > covers.get(key, -1)}

"""What a unit can carry in a week, and the word for how full it is (capacity kernel §1 and §3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Period

Level = Literal["absent", "standstill", "no_limit", "free", "low", "moderate", "full", "over"]

SEVERITY: dict[Level, int] = {"free": 0, "low": 1, "moderate": 2, "full": 3, "over": 4}
"""The order of the levels that can be compared; `absent`, `standstill` and `no_limit` never are."""

FULL_FROM, MODERATE_FROM = 0.9, 0.6
"""Shares of the limit from which a week is full and moderate (§3)."""


@dataclass(frozen=True, slots=True)
class LoweredLimit:
    """Sänkt tak: in `period` the unit carries at most these, whatever its base limits are."""

    period: Period
    limit: int | None
    max_parallel: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in the tree with what it can carry; None is "Inget tak satt" and never blocks.

    `confirmed` is false while the figures are a preset that the förvaltningschef has not confirmed:
    such limits warn and do not block.
    """

    code: str
    parent: str | None = None
    limit: int | None = None
    max_parallel: int | None = None
    confirmed: bool = True
    lowered: tuple[LoweredLimit, ...] = ()


class Bounds(NamedTuple):
    """What holds for one unit in one week, and why if it has been lowered."""

    limit: int | None
    max_parallel: int | None
    limit_reason: str | None = None
    parallel_reason: str | None = None


def bounds_of(unit: Unit, week: Week) -> Bounds:
    """The least of the base and every lowered limit that covers the week; a missing base is infinite."""
    covering = [row for row in unit.lowered if row.period.covers(week)]
    if not covering:
        return Bounds(unit.limit, unit.max_parallel)
    limit, limit_reason = _least(unit.limit, ((row.limit, row.reason) for row in covering))
    parallel, parallel_reason = _least(unit.max_parallel, ((row.max_parallel, row.reason) for row in covering))
    return Bounds(limit, parallel, limit_reason, parallel_reason)


def bounds_along(unit: Unit, weeks: Sequence[Week]) -> Sequence[Bounds]:
    """The same for many weeks, one by one."""
    if not unit.lowered:
        return [Bounds(unit.limit, unit.max_parallel)] * len(weeks)
    return [bounds_of(unit, week) for week in weeks]


def _least(base: int | None, lowered: Iterable[tuple[int | None, str]]) -> tuple[int | None, str | None]:
    bound, why = base, None
    for value, reason in lowered:
        if value is not None and (bound is None or value < bound):
            bound, why = value, reason
    return bound, why


def exceeds(value: int, bound: int | None) -> bool:
    """Whether a load or a count is more than a bound; None bounds nothing."""
    return bound is not None and value > bound


def level_of(load: int, parallel: int, bounds: Bounds) -> Level:
    """The level of a week that is not a standstill, the first of §3 that applies."""
    if exceeds(load, bounds.limit) or exceeds(parallel, bounds.max_parallel):
        return "over"
    if bounds.limit is None:
        return "no_limit"
    if bounds.limit == 0 or load / bounds.limit >= FULL_FROM:
        return "full"
    if load / bounds.limit >= MODERATE_FROM:
        return "moderate"
    return "low" if load > 0 else "free"


def worse(one: Level, other: Level) -> bool:
    """Whether one level is worse than another; false wherever either cannot be compared."""
    return one in SEVERITY and other in SEVERITY and SEVERITY[one] > SEVERITY[other]

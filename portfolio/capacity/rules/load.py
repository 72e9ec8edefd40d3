"""How much change lands on a unit in a week (capacity kernel §2 and §3)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar, Stretch
from portfolio.capacity.rules.limits import Bounds, Level, Unit, bounds_of, level_of, worse

DRAG_WEEKS = 8
"""How many weeks after the current one a dragging initiative still counts (§2, a setting)."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A counting initiative (decided or ongoing) laid out in the calendar.

    `owner` is a person's id; `forecast_end` the owner's latest reported last week; `rank` 1 is the first.
    """

    code: str
    stretches: tuple[Stretch, ...]
    owner: int | None = None
    forecast_end: Week | None = None
    rank: int | None = None
    legal_duty: bool = False


@dataclass(frozen=True)
class Tree:
    """The units by code, with the way up from each of them."""

    units: Mapping[str, Unit]
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def above(self, code: str) -> tuple[str, ...]:
        """The unit itself and every unit above it, lowest first."""
        known = self._above.get(code)
        if known is None:
            chain: list[str] = []
            step: str | None = code
            while step is not None and step not in chain:
                chain.append(step)
                step = self.units[step].parent
            known = self._above[code] = tuple(chain)
        return known

    def below(self, code: str) -> tuple[str, ...]:
        """Every unit below a unit, without the unit itself."""
        return tuple(other for other in self.units if other != code and code in self.above(other))


@dataclass(frozen=True)
class Portfolio:
    """Everything the kernel looks at: the tree with its limits, the calendar and the counting initiatives.

    `max_owned` gives each owner's limit by person id; an owner who is missing there has none.
    """

    tree: Tree
    calendar: Calendar = Calendar()
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    max_owned: Mapping[int, int] = field(default_factory=dict)
    drag_weeks: int = DRAG_WEEKS


class Weight(NamedTuple):
    """What one initiative puts on one unit in one week: its highest rated impact, and its unrated ones."""

    load: int = 0
    unrated: int = 0


NOTHING = Weight()
Weights = dict[str, Weight]

Rows = tuple[list[int], list[int], list[int]]
"""Load, parallel and unrated of one unit, week by week."""


def roll_up(impacts: Mapping[str, int | None], tree: Tree) -> Weights:
    """Impacts as they land: on each unit and every unit above it, the highest and never the sum (§3)."""
    weights: Weights = {}
    for code, impact in impacts.items():
        own = _alone(impact)
        for unit in tree.above(code):
            other = weights.get(unit)
            weights[unit] = own if other is None else _together(own, other)
    return weights


@cache
def _alone(impact: int | None) -> Weight:
    return Weight(impact or 0, int(impact is None))


def _together(one: Weight, other: Weight) -> Weight:
    return Weight(max(one.load, other.load), one.unrated + other.unrated)


def weight_on(unit: str, impacts: Mapping[str, int | None], tree: Tree) -> Weight | None:
    """What impacts put on one unit; None if they leave it alone."""
    found = [impact for code, impact in impacts.items() if unit in tree.above(code)]
    return Weight(max(impact or 0 for impact in found), found.count(None)) if found else None


def drags_on(commitment: Commitment, now: Week) -> bool:
    """Whether the planned or forecast last week has passed without completion (drar över)."""
    return bool(commitment.stretches) and _promised_end(commitment) < now


def effective_stretches(commitment: Commitment, now: Week, drag_weeks: int) -> tuple[Stretch, ...]:
    """The stretches as they count: the last one through a later forecast, or on for a while if it drags (§2)."""
    if not commitment.stretches:
        return ()
    *before, last = commitment.stretches
    end = now + drag_weeks if drags_on(commitment, now) else _promised_end(commitment)
    return (*before, Stretch(last.first, end, last.impacts))


def _promised_end(commitment: Commitment) -> Week:
    planned = commitment.stretches[-1].last
    return max(planned, commitment.forecast_end or planned)


class Ledger:
    """Load, parallel and unrated of every unit in a range of weeks.

    A standstill week has no figures: ask the calendar first. Built from differences, so that the cost is
    the number of stretches plus units times weeks.
    """

    def __init__(self, portfolio: Portfolio, now: Week, first: Week, last: Week, without: Iterable[str] = ()):
        """Sum the counting initiatives, but those whose codes are in `without`, from `first` to `last`."""
        self.first, self.last = first, last
        self._steps: dict[str, Rows] = {}
        for _, stretch in counted_stretches(portfolio, now, without):
            self._add(stretch, portfolio.tree)
        self._sums = {unit: _summed_up(steps) for unit, steps in self._steps.items()}

    def _add(self, stretch: Stretch, tree: Tree) -> None:
        start, stop = max(stretch.first, self.first), min(stretch.last, self.last)
        if start <= stop:
            for unit, weight in roll_up(stretch.impacts, tree).items():
                self._step(unit, start - self.first, stop - self.first + 1, weight)

    def _step(self, unit: str, start: int, stop: int, weight: Weight) -> None:
        if unit not in self._steps:
            self._steps[unit] = self._empty()
        load, parallel, unrated = self._steps[unit]
        load[start] += weight.load
        load[stop] -= weight.load
        parallel[start] += 1
        parallel[stop] -= 1
        unrated[start] += weight.unrated
        unrated[stop] -= weight.unrated

    def _empty(self) -> Rows:
        width = self.last - self.first + 2
        return [0] * width, [0] * width, [0] * width

    def rows(self, unit: str) -> Rows:
        """The unit's load, parallel and unrated, week by week from the first; one 0 follows the last."""
        return self._sums.get(unit) or self._empty()

    def load(self, unit: str, week: Week) -> int:
        """Points on the unit in the week."""
        return self._figure(unit, 0, week)

    def parallel(self, unit: str, week: Week) -> int:
        """Counting initiatives with an active impact on the unit, or below it, in the week."""
        return self._figure(unit, 1, week)

    def unrated(self, unit: str, week: Week) -> int:
        """Active impacts on the unit, or below it, that nobody has rated."""
        return self._figure(unit, 2, week)

    def _figure(self, unit: str, kind: int, week: Week) -> int:
        if not self.first <= week <= self.last:
            raise IndexError(f"week {week} is not in the ledger")
        rows = self._sums.get(unit)
        return 0 if rows is None else rows[kind][week - self.first]


def _summed_up(steps: Rows) -> Rows:
    load, parallel, unrated = steps
    return [*accumulate(load)], [*accumulate(parallel)], [*accumulate(unrated)]


class Cell(NamedTuple):
    """One unit in one week, as the load map shows it; in a standstill every figure is None."""

    week: Week
    level: Level
    load: int | None = None
    parallel: int | None = None
    unrated: int | None = None
    bounds: Bounds = Bounds(None, None)
    worse_below: bool = False


def load_map(
    portfolio: Portfolio, now: Week, first: Week, weeks: int, units: Iterable[str] | None = None
) -> dict[str, tuple[Cell, ...]]:
    """The load of each unit (all by default) for `weeks` weeks from `first`."""
    ledger = Ledger(portfolio, now, first, first + weeks - 1)
    flat = {code: tuple(_cells(unit, ledger, portfolio.calendar)) for code, unit in portfolio.tree.units.items()}
    wanted = flat if units is None else units
    return {code: _with_worse_below(code, flat, portfolio.tree) for code in wanted}


def _cells(unit: Unit, ledger: Ledger, calendar: Calendar) -> Iterator[Cell]:
    weeks = range(ledger.first, ledger.last + 1)
    always = None if unit.lowered else bounds_of(unit, ledger.first)
    for week, load, parallel, unrated in zip(weeks, *ledger.rows(unit.code), strict=False):
        if calendar.stands_still(week):
            yield Cell(week, "standstill")
        else:
            bounds = always or bounds_of(unit, week)
            yield Cell(week, level_of(load, parallel, bounds), load, parallel, unrated, bounds)


def _with_worse_below(code: str, flat: Mapping[str, tuple[Cell, ...]], tree: Tree) -> tuple[Cell, ...]:
    below = [flat[unit] for unit in tree.below(code)]
    if not below:
        return flat[code]
    return tuple(
        cell._replace(worse_below=True) if any(worse(row[at].level, cell.level) for row in below) else cell
        for at, cell in enumerate(flat[code])
    )


def counted_stretches(portfolio: Portfolio, now: Week, without: Iterable[str] = ()) -> Iterator[tuple[str, Stretch]]:
    """Every stretch of the counting initiatives as it counts, with the initiative's code."""
    left_out = frozenset(without)
    for code, commitment in portfolio.commitments.items():
        if code not in left_out:
            for stretch in effective_stretches(commitment, now, portfolio.drag_weeks):
                yield code, stretch


def filling(
    stretches: Iterable[tuple[str, Stretch]], unit: str, week: Week, portfolio: Portfolio
) -> dict[str, Weight]:
    """What initiatives put on one unit in a week, by code; empty in a standstill."""
    if portfolio.calendar.stands_still(week):
        return {}
    active = ((code, stretch.impacts) for code, stretch in stretches if stretch.first <= week <= stretch.last)
    weights = ((code, weight_on(unit, impacts, portfolio.tree)) for code, impacts in active)
    return {code: weight for code, weight in weights if weight is not None}


def fillers_of(portfolio: Portfolio, unit: str, week: Week, now: Week) -> dict[str, Weight]:
    """What each counting initiative puts on one unit in a week: {code: weight}."""
    return filling(counted_stretches(portfolio, now), unit, week, portfolio)


def owned_in(portfolio: Portfolio, owner: int, week: Week, now: Week) -> list[str]:
    """Codes of the counting initiatives that a person owns and that are active in the week."""
    return [
        code
        for code, commitment in portfolio.commitments.items()
        if commitment.owner == owner and is_active(commitment, week, now, portfolio)
    ]


def is_active(commitment: Commitment, week: Week, now: Week, portfolio: Portfolio) -> bool:
    """Whether the initiative has a phase in the week, as it counts (§2); never in a standstill."""
    if portfolio.calendar.stands_still(week) or not commitment.stretches:
        return False
    stretches = effective_stretches(commitment, now, portfolio.drag_weeks)
    return stretches[0].first <= week <= stretches[-1].last

"""The cells that a plan touches, with what all others put there."""

from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.base.weeks import Week
from portfolio.capacity.rules.gate import Plan, last_week_of
from portfolio.capacity.rules.limits import Bounds, Level, bounds_of, level_of
from portfolio.capacity.rules.load import Ledger, Portfolio, Weight, roll_up


@dataclass(frozen=True, slots=True)
class Touched:
    """One cell that a plan touches: the load and count of all others, and with the plan."""

    unit: str
    week: Week
    before: int
    after: int
    parallel: int
    bounds: Bounds

    @property
    def level(self) -> Level:
        """The level that the plan would give the cell."""
        return level_of(self.after, self.parallel, self.bounds)

    @property
    def figures(self) -> tuple[str, int, int, int | None]:
        """What cells that are told as one have in common."""
        return self.unit, self.before, self.after, self.bounds.limit

    @property
    def fullness(self) -> float:
        """How much of the limit is taken: 1.0 is full; a cell without a limit is never the fullest."""
        if self.bounds.limit is None:
            return -1.0
        return self.after / self.bounds.limit if self.bounds.limit else float(self.after) + 1


def touched_cells(plan: Plan, portfolio: Portfolio, now: Week) -> list[Touched]:
    """The cells from the current week on that a plan puts something on, with what all others put there."""
    last = max(last_week_of(plan, portfolio), now)
    others = Ledger(portfolio.landings(now), now, last, {plan.code})
    return [
        Touched(
            unit,
            week,
            others.load(unit, week),
            others.load(unit, week) + weight.load,
            others.parallel(unit, week) + 1,
            bounds_of(portfolio.tree.units[unit], week),
        )
        for unit, week, weight in _weights(plan, portfolio, now)
    ]


def _weights(plan: Plan, portfolio: Portfolio, now: Week) -> Iterable[tuple[str, Week, Weight]]:
    for stretch in plan.laid_out(portfolio.calendar).stretches:
        for first, last, ways_up in portfolio.tree.spans(max(stretch.first, now), stretch.last):
            weights = roll_up(stretch.impacts, ways_up)
            for week in range(first, last + 1):
                if not portfolio.calendar.stands_still(week):
                    yield from ((unit, week, weight) for unit, weight in weights.items())

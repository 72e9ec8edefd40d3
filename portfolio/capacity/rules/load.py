"""How much change lands on a unit in a week (capacity kernel §2 and §3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

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


@dataclass(frozen=True, slots=True)
class Weight:
    """What one initiative puts on one unit in one week: its highest rated impact, and its unrated ones."""

    load: int = 0
    unrated: int = 0


Weights = dict[str, Weight]


def roll_up(impacts: Mapping[str, int | None], tree: Tree) -> Weights:
    """Impacts as they land: on each unit and every unit above it, the highest and never the sum (§3)."""
    load: dict[str, int] = defaultdict(int)
    unrated: dict[str, int] = defaultdict(int)
    for code, impact in impacts.items():
        for unit in tree.above(code):
            load[unit] = max(load[unit], impact or 0)
            unrated[unit] += impact is None
    return {unit: Weight(load[unit], unrated[unit]) for unit in load}


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

    A standstill week has no figures: ask the calendar first. Built from differences, so the cost is the
    number of stretches plus units times weeks.
    """

    def __init__(self, portfolio: Portfolio, now: Week, first: Week, last: Week, without: Iterable[str] = ()):
        """Sum the counting initiatives, but those whose codes are in `without`, from `first` to `last`."""
        self.first, self.last = first, last
        self._rows: defaultdict[str, Rows] = defaultdict(self._empty_rows)
        left_out = frozenset(without)
        for code, commitment in portfolio.commitments.items():
            if code not in left_out:
                self._add(effective_stretches(commitment, now, portfolio.drag_weeks), portfolio.tree)
        self._sums = {unit: tuple([*accumulate(row)] for row in rows) for unit, rows in self._rows.items()}

    def _empty_rows(self) -> Rows:
        weeks = self.last - self.first + 1
        return [0] * (weeks + 1), [0] * (weeks + 1), [0] * (weeks + 1)

    def _add(self, stretches: Iterable[Stretch], tree: Tree) -> None:
        for stretch in stretches:
            start, stop = max(stretch.first, self.first), min(stretch.last, self.last)
            if start > stop:
                continue
            for unit, weight in roll_up(stretch.impacts, tree).items():
                for row, height in zip(self._rows[unit], (weight.load, 1, weight.unrated), strict=True):
                    row[start - self.first] += height
                    row[stop - self.first + 1] -= height


@dataclass(frozen=True, slots=True)
class Cell:
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
    flat = {code: tuple(_cells(code, ledger, portfolio)) for code in portfolio.tree.units}
    wanted = list(portfolio.tree.units) if units is None else list(units)
    return {code: _mark_worse_below(code, flat, portfolio.tree) for code in wanted}


def _cells(code: str, ledger: Ledger, portfolio: Portfolio) -> Iterator[Cell]:
    unit = portfolio.tree.units[code]
    for week in range(ledger.first, ledger.last + 1):
        if portfolio.calendar.stands_still(week):
            yield Cell(week, "standstill")
            continue
        bounds = bounds_of(unit, week)
        load, parallel = ledger.load(code, week), ledger.parallel(code, week)
        level = level_of(load, parallel, bounds)
        yield Cell(week, level, load, parallel, ledger.unrated(code, week), bounds)


def _mark_worse_below(code: str, flat: Mapping[str, tuple[Cell, ...]], tree: Tree) -> tuple[Cell, ...]:
    below = tree.below(code)
    if not below:
        return flat[code]
    return tuple(
        _marked(cell) if any(worse(flat[unit][at].level, cell.level) for unit in below) else cell
        for at, cell in enumerate(flat[code])
    )


def _marked(cell: Cell) -> Cell:
    return Cell(cell.week, cell.level, cell.load, cell.parallel, cell.unrated, cell.bounds, worse_below=True)


def owned_in(portfolio: Portfolio, owner: int, week: Week, now: Week, without: Iterable[str] = ()) -> list[str]:
    """Codes of the counting initiatives that a person owns and that are active in the week."""
    left_out = frozenset(without)
    return [
        code
        for code, commitment in portfolio.commitments.items()
        if commitment.owner == owner and code not in left_out and is_active(commitment, week, now, portfolio)
    ]


def is_active(commitment: Commitment, week: Week, now: Week, portfolio: Portfolio) -> bool:
    """Whether the initiative has a phase in the week, as it counts (§2); never in a standstill."""
    if portfolio.calendar.stands_still(week) or not commitment.stretches:
        return False
    stretches = effective_stretches(commitment, now, portfolio.drag_weeks)
    return stretches[0].first <= week <= stretches[-1].last

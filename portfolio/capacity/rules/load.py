"""How much change lands on a unit in a week (capacity kernel §2 and §3)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar, Stretch
from portfolio.capacity.rules.limits import Bounds, Level, Unit, bounds_of, level_of, worse
from portfolio.capacity.rules.tree import Tree, WaysUp

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


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Something that nobody has decided and that takes a unit's strength all the same (oplanerad händelse).

    It puts its `level` on `unit` from week `first` to `last`, and counts as one more that runs there. `last` is None
    while nobody knows when it is over. `key` is a name that no initiative can have; `what` is told on screen.
    """

    key: str
    unit: str
    level: int
    first: Week
    last: Week | None
    what: str

    def counted(self, now: Week, drag_weeks: int) -> Stretch:
        """Its weeks as they count in week `now`: one without an end goes on as what drags on does (§2)."""
        last = max(self.first, now) + drag_weeks if self.last is None else self.last
        return Stretch(self.first, last, {self.unit: self.level})


@dataclass(frozen=True)
class Portfolio:
    """Everything the kernel looks at: the tree with its limits, the calendar and the counting initiatives.

    `unplanned` is what nobody has decided and that loads all the same, by key: it is never tried, moved or paused.
    `max_owned` gives each owner's limit by person id; an owner who is missing there has none.
    """

    tree: Tree
    calendar: Calendar = Calendar()
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    max_owned: Mapping[int, int] = field(default_factory=dict)
    drag_weeks: int = DRAG_WEEKS
    unplanned: Mapping[str, Unplanned] = field(default_factory=dict)
    _landed: dict[Week, "Landings"] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Keep a copy of the commitments: what is worked out from them once must go on being true."""
        object.__setattr__(self, "commitments", MappingProxyType(dict(self.commitments)))

    def landings(self, now: Week) -> "Landings":
        """Where everything that counts lands, as it counts in week `now`; worked out once for all who ask."""
        known = self._landed.get(now)
        if known is None:
            known = self._landed[now] = landings_of(counted_stretches(self, now), self.tree)
        return known

    def changed(self, put: Iterable[Commitment] = (), gone: Collection[str] = ()) -> "Portfolio":
        """As it would be with some commitments put in, in the place of those with the same codes, and others gone."""
        new = {one.code: one for one in put}
        left = {code: one for code, one in self.commitments.items() if code not in gone}
        after = replace(self, commitments=left | new)
        old = [one for code, one in self.commitments.items() if code in gone or code in new]
        for now, known in self._landed.items():
            after._landed[now] = {**known, **self._changed_landings(known, old, new.values(), now)}
        return after

    def _changed_landings(
        self, known: "Landings", old: Iterable[Commitment], new: Iterable[Commitment], now: Week
    ) -> "Landings":
        """What lands on each unit that some commitments leave or come to."""
        gone = {one.code for one in old}
        left = landings_of(_counted(old, now, self.drag_weeks), self.tree)
        added = landings_of(_counted(new, now, self.drag_weeks), self.tree)
        return {
            unit: [*(one for one in known.get(unit, ()) if one[0] not in gone), *added.get(unit, ())]
            for unit in {*left, *added}
        }


class Weight(NamedTuple):
    """What one initiative puts on one unit in one week: its highest rated impact, and its unrated ones."""

    load: int = 0
    unrated: int = 0


NOTHING = Weight()
Weights = dict[str, Weight]

Rows = tuple[list[int], list[int], list[int]]
"""Load, parallel and unrated of one unit, week by week."""


def roll_up(impacts: Mapping[str, int | None], ways_up: WaysUp) -> Weights:
    """Impacts as they land: on each unit and every unit above it, the highest and never the sum (§3).

    `ways_up` are those of the weeks in question: `tree.spans` or `tree.ways_in`.
    """
    weights: Weights = {}
    for code, impact in impacts.items():
        own = _alone(impact)
        for unit in ways_up[code]:
            weights[unit] = _together(own, weights[unit]) if unit in weights else own
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


def dragging(portfolio: Portfolio, now: Week) -> dict[str, Week]:
    """{code: promised last week} of those that drag on."""
    return {code: _promised_end(one) for code, one in portfolio.commitments.items() if drags_on(one, now)}


def effective_stretches(commitment: Commitment, now: Week, drag_weeks: int) -> tuple[Stretch, ...]:
    """The stretches as they count: the last one through a later forecast, or on for a while if it drags (§2)."""
    if not commitment.stretches:
        return ()
    *before, last = commitment.stretches
    promised = _promised_end(commitment)
    end = now + drag_weeks if promised < now else promised
    return commitment.stretches if end == last.last else (*before, Stretch(last.first, end, last.impacts))


def _promised_end(commitment: Commitment) -> Week:
    planned = commitment.stretches[-1].last
    return max(planned, commitment.forecast_end or planned)


Landing = tuple[str, Week, Week, Weight]
"""A phase as it lands on a unit: its initiative's code, its first and last week, and what it puts there.

What is unplanned lands like a phase, under its key.
"""

Landings = Mapping[str, Sequence[Landing]]
"""The phases that land on each unit, initiative by initiative; a unit on which nothing lands may be missing."""


def landings_of(stretches: Iterable[tuple[str, Stretch]], tree: Tree) -> Landings:
    """Stretches, each with its initiative's code, by the units on which they land."""
    found: dict[str, list[Landing]] = defaultdict(list)
    for code, stretch in stretches:
        for first, last, ways_up in tree.spans(stretch.first, stretch.last):
            for unit, weight in roll_up(stretch.impacts, ways_up).items():
                found[unit].append((code, first, last, weight))
    return dict(found)


class Ledger:
    """Load, parallel and unrated of every unit in a range of weeks.

    A standstill week has no figures: ask the calendar first. A unit is summed up when it is first asked about,
    from differences: the cost is the number of phases that land there plus the number of weeks.
    """

    def __init__(self, landings: Landings, first: Week, last: Week, without: Collection[str] = ()):
        """Sum what lands from `first` to `last`, but for the initiatives whose codes are in `without`."""
        self.first, self.last = first, last
        self._landings, self._without = landings, without
        self._sums: dict[str, Rows] = {}

    def rows(self, unit: str) -> Rows:
        """The unit's load, parallel and unrated, week by week from the first; one 0 follows the last."""
        known = self._sums.get(unit)
        if known is None:
            known = self._sums[unit] = self._summed_up(unit)
        return known

    def _summed_up(self, unit: str) -> Rows:
        first, last, without = self.first, self.last, self._without
        width = last - first + 2
        load, parallel, unrated = [0] * width, [0] * width, [0] * width
        for code, begins, ends, (points, missing) in self._landings.get(unit, ()):
            start, stop = begins - first if begins > first else 0, (ends if ends < last else last) - first + 1
            if start < stop and code not in without:
                load[start] += points
                load[stop] -= points
                parallel[start] += 1
                parallel[stop] -= 1
                if missing:
                    unrated[start] += missing
                    unrated[stop] -= missing
        return [*accumulate(load)], [*accumulate(parallel)], [*accumulate(unrated)]

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
        return self.rows(unit)[kind][week - self.first]


def ledger_of(portfolio: Portfolio, now: Week, first: Week, last: Week) -> Ledger:
    """Everything that counts from `first` to `last`; what lies outside of those weeks is not even looked at."""
    stretches = counted_stretches(portfolio, now)
    within = ((code, stretch) for code, stretch in stretches if stretch.first <= last and first <= stretch.last)
    return Ledger(landings_of(within, portfolio.tree), first, last)


class Cell(NamedTuple):
    """One unit in one week, as the load map shows it; in a standstill, or if absent, every figure is None."""

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
    ledger = ledger_of(portfolio, now, first, first + weeks - 1)
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
    own = flat[code]
    if not own or not tree.below(code):
        return own
    first, marked = own[0].week, list(own)
    for begins, ends, ways_up in tree.spans(first, own[-1].week):
        below = [flat[unit] for unit, way in ways_up.items() if unit != code and code in way]
        for at in range(begins - first, ends - first + 1):
            if any(worse(row[at].level, own[at].level) for row in below):
                marked[at] = own[at]._replace(worse_below=True)
    return tuple(marked)


def without_absence(
    rows: Mapping[str, Sequence[Cell]], existence: Mapping[str, tuple[Week, Week]]
) -> dict[str, tuple[Cell, ...]]:
    """The same rows with `absent` where a unit does not exist; `existence` is {unit: its first and last week}.

    A unit that is not named there always exists. What weighs on a unit all the same still shows.
    """
    return {
        code: tuple(_seen_in(cell, *existence[code]) for cell in cells) if code in existence else tuple(cells)
        for code, cells in rows.items()
    }


def _seen_in(cell: Cell, first: Week, last: Week) -> Cell:
    is_there = first <= cell.week <= last
    return cell if is_there or cell.load or cell.parallel else Cell(cell.week, "absent")


def counted_stretches(portfolio: Portfolio, now: Week) -> Iterator[tuple[str, Stretch]]:
    """Every stretch as it counts: with its initiative's code, or the key of what is unplanned."""
    yield from _counted(portfolio.commitments.values(), now, portfolio.drag_weeks)
    for key, one in portfolio.unplanned.items():
        yield key, one.counted(now, portfolio.drag_weeks)


def _counted(commitments: Iterable[Commitment], now: Week, drag_weeks: int) -> Iterator[tuple[str, Stretch]]:
    for one in commitments:
        for stretch in effective_stretches(one, now, drag_weeks):
            yield one.code, stretch


def fillers_of(portfolio: Portfolio, unit: str, week: Week, now: Week) -> dict[str, Weight]:
    """What initiatives, by code, and unplanned events, by key, put on a unit in a week; empty in a standstill."""
    if portfolio.calendar.stands_still(week):
        return {}
    there = portfolio.landings(now).get(unit, ())
    return {code: weight for code, first, last, weight in there if first <= week <= last}


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

"""Small municipalities as plain values: what a test tells, for the kernel and for the oracle alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Phase, lay_out
from portfolio.capacity.rules.gate import Plan
from portfolio.capacity.rules.limits import LoweredLimit, Unit
from portfolio.capacity.rules.load import Commitment, Portfolio, Unplanned
from portfolio.capacity.rules.tree import Moved, Succeeded, Tree

NOW = parse_week("2026-W48")

steadily = settings(
    deadline=None,
    derandomize=True,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""The same examples on every machine and in every run."""

sparingly = settings(steadily, max_examples=40)
"""For answers that the oracle needs long to find."""


@dataclass(frozen=True)
class Run:
    """A counting initiative as it was decided: its start and phases, not yet laid out in the calendar."""

    code: str
    start: Week
    phases: tuple[Phase, ...]
    owner: int | None = None
    forecast_end: Week | None = None
    rank: int | None = None
    legal_duty: bool = False


@dataclass(frozen=True)
class World:
    """A whole municipality at one moment."""

    units: tuple[Unit, ...]
    runs: tuple[Run, ...] = ()
    standstills: tuple[Period, ...] = ()
    max_owned: Mapping[int, int] = field(default_factory=dict)
    now: Week = NOW
    unplanned: tuple[Unplanned, ...] = ()
    moved: tuple[Moved, ...] = ()
    succeeded: tuple[Succeeded, ...] = ()

    @property
    def calendar(self) -> Calendar:
        """The weeks as the kernel sees them."""
        return Calendar(self.standstills)

    @property
    def portfolio(self) -> Portfolio:
        """The municipality as the kernel sees it."""
        tree = Tree({unit.code: unit for unit in self.units}, self.moved, self.succeeded)
        commitments = {run.code: self.commitment(run) for run in self.runs}
        unplanned = {one.key: one for one in self.unplanned}
        return Portfolio(tree, self.calendar, commitments, self.max_owned, unplanned=unplanned)

    def commitment(self, run: Run) -> Commitment:
        """An initiative laid out in the calendar, as it counts."""
        stretches = lay_out(run.start, run.phases, self.calendar)
        return Commitment(run.code, stretches, run.owner, run.forecast_end, run.rank, run.legal_duty)

    def with_run(self, run: Run) -> "World":
        """The same municipality once the initiative's plan is this one."""
        return replace(self, runs=(*self.without(run.code).runs, run))

    def without(self, *codes: str) -> "World":
        """The same municipality without some initiatives."""
        return replace(self, runs=tuple(run for run in self.runs if run.code not in codes))

    def with_unit(self, unit: Unit) -> "World":
        """The same municipality with one unit's limits changed."""
        return replace(self, units=tuple(unit if old.code == unit.code else old for old in self.units))

    def plan(self, run: Run) -> Plan:
        """What is asked of the gate; an initiative that runs already keeps its past start."""
        running = [one.start for one in self.runs if one.code == run.code and one.start <= self.now]
        present = running[0] if running else None
        return Plan(run.code, run.start, run.phases, run.owner, present, run.forecast_end)


def phase(weeks: int, **impacts: int | None) -> Phase:
    """A phase in one line: `phase(4, SOC=2, KLF=None)`."""
    return Phase("implement", weeks, impacts)


def run(code: str, start: Week, *phases: Phase, owner: int | None = None, rank: int | None = None) -> Run:
    """An initiative in one line: `run("FI-001", NOW, phase(4, SOC=2))`."""
    return Run(code, start, phases, owner, rank=rank)


def w(text: str) -> Week:
    """A week of 2027, or of the year given: `w("5")`, `w("2026-W53")`."""
    return parse_week(text if "-" in text else f"2027-W{int(text):02d}")


CODES = ("KLF", "KAN", "ARK", "SOC", "HEM", "BUF")
OWNERS = (1, 2)
MOMENTS = tuple(map(parse_week, ("2026-W48", "2025-W50", "2020-W51", "2027-W20")))


def combinations_of(*choices: Iterable[object]) -> st.SearchStrategy[tuple]:
    """One choice of each, in one draw: many times faster than a draw for every figure."""
    return st.sampled_from(list(product(*choices)))


MOMENT, AHEAD, YES_OR_NO = st.sampled_from(MOMENTS), st.integers(-1, 10), st.booleans()
HOW_MANY = {most: st.sampled_from([0, 2, most]) for most in range(1, 9)}
SPANS = combinations_of(range(-8, 17), range(6), (False, True))
LIMITS = combinations_of((None, 4, 0, 2, 3, 4, 5, 6, 8), (None, None, None, None, 1, 2, 3), (True, True, True, False))
LOWERED = st.sampled_from([0, 0, 0, 1, 2])
RUNS = combinations_of(range(-10, 9), (None, *OWNERS, 1), (None, None, None, -3, 0, 4, 12), (None, 1, 5, 9))
OWNED = st.sampled_from([{}, {1: 1, 2: 1}, {1: 1, 2: 2}, {1: 2, 2: 1}])
ASKING = combinations_of((1, None, 2), range(5), (False, True), (False, True))
NEIGHBOURS = combinations_of(range(-6, 4), range(1, 10), ("KLF", "KAN"), (1, 2, 1, None), (None, 1, 1, 2), range(5))
FEW = st.sampled_from((None, 5, 3, 4, 6, 7))
SEVERAL = st.integers(3, 7)


@cache
@st.composite
def periods(draw: st.DrawFn, now: Week) -> Period:
    """Up to six weeks around now, given or yearly; now and then a yearly period that names week 53."""
    ahead, more, yearly = draw(SPANS)
    first = parse_week("2026-W53") if yearly and ahead % 4 == 0 else now + ahead
    return Period(first, first + more, yearly)


@cache
def standstill_lists(now: Week) -> st.SearchStrategy[list[Period]]:
    """Up to two standstills."""
    return st.lists(periods(now), max_size=2)


TREES = [
    (None,),
    (None, "KLF"),
    (None, "KLF", "KAN"),
    (None, None, "KLF", "KAN"),
    (None, "KLF", "KAN", "KLF", None),
    (None, "KLF", "KLF", None, "SOC", "SOC"),
    (None, "KLF", "KAN", None, "SOC", "HEM"),
]
"""Who stands under whom: the parents of the units in the order of CODES."""

SHAPES = st.sampled_from(TREES)


@cache
@st.composite
def trees(draw: st.DrawFn, now: Week) -> tuple[Unit, ...]:
    """Up to six units in a tree at most three deep."""
    parents = draw(SHAPES)
    placed = zip(CODES, parents, strict=False)
    return tuple(draw(limited_units(code, parent, now)) for code, parent in placed)


@cache
@st.composite
def limited_units(draw: st.DrawFn, code: str, parent: str | None, now: Week) -> Unit:
    """A unit with or without limits, preliminary now and then, with lowered limits that may overlap."""
    rows = []
    for number in range(draw(LOWERED)):
        limit, most, _ = draw(LIMITS)
        rows.append(LoweredLimit(draw(periods(now)), limit, most, f"skäl {number}"))
    limit, most, confirmed = draw(LIMITS)
    return Unit(code, parent, limit, most, confirmed, tuple(rows))


@cache
def phase_lists(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[Phase, ...]]:
    """One to three phases with impacts on up to three of the units, some not rated."""
    impacts = st.lists(combinations_of(codes, (1, 1, 2, 3, None)), max_size=3).map(dict)
    phases = st.builds(Phase, st.just("implement"), st.integers(1, 7), impacts)
    return st.lists(phases, min_size=1, max_size=3).map(tuple)


@cache
@st.composite
def runs(draw: st.DrawFn, code: str, codes: tuple[str, ...], now: Week) -> Run:
    """A counting initiative: behind, under way or ahead, with or without a forecast."""
    ahead, owner, forecast, rank = draw(RUNS)
    ends = None if forecast is None else now + forecast
    return Run(code, now + ahead, draw(phase_lists(codes)), owner, ends, rank, legal_duty=ahead % 5 == 0)


@cache
@st.composite
def worlds(draw: st.DrawFn, most_runs: int = 5) -> World:
    """A municipality of a few units and initiatives, with standstills, near a year's end or not."""
    now = draw(MOMENT)
    units = draw(trees(now))
    codes = tuple(unit.code for unit in units)
    counting = [draw(runs(f"FI-{number:03}", codes, now)) for number in range(1, draw(HOW_MANY[most_runs]) + 1)]
    standstills = tuple(draw(standstill_lists(now)))
    max_owned = draw(OWNED)
    unplanned = tuple(draw(unplanned_lists(codes, now)))
    moved, succeeded = draw(REORGANISATIONS)(units, now)
    return World(units, tuple(counting), standstills, max_owned, now, unplanned, moved, succeeded)


Reorganised = tuple[tuple[Moved, ...], tuple[Succeeded, ...]]


def _as_it_is(units: tuple[Unit, ...], now: Week) -> Reorganised:
    return (), ()


def _the_last_moves_to_the_top(units: tuple[Unit, ...], now: Week) -> Reorganised:
    return (Moved(now + 3, units[-1].code, None),), ()


def _the_last_moves_under_the_first(units: tuple[Unit, ...], now: Week) -> Reorganised:
    return ((Moved(now + 2, units[-1].code, units[0].code),), ()) if len(units) > 1 else ((), ())


def _the_last_two_become_the_first(units: tuple[Unit, ...], now: Week) -> Reorganised:
    """Merged, as the kernel sees it, whatever stands below whom: none but the top stands in their place."""
    return (), tuple(Succeeded(now + 4, unit.code, units[0].code) for unit in units[-2:] if len(units) > 2)


def _the_first_becomes_two(units: tuple[Unit, ...], now: Week) -> Reorganised:
    """Split into two that stand at the top."""
    new = [unit.code for unit in units[1:] if unit.parent is None][:2]
    return (), tuple(Succeeded(now + 1, units[0].code, code) for code in new)


REORGANISATIONS = st.sampled_from(
    [
        _as_it_is,
        _as_it_is,
        _the_last_moves_to_the_top,
        _the_last_moves_under_the_first,
        _the_last_two_become_the_first,
        _the_first_becomes_two,
    ]
)
"""What becomes of the tree some weeks ahead; most often nothing."""


@cache
def unplanned_lists(codes: tuple[str, ...], now: Week) -> st.SearchStrategy[list[Unplanned]]:
    """Nothing, or one thing or two that nobody decided, with or without a known end."""
    drawn = combinations_of((1, 2), codes, (1, 2, 3), range(-4, 8, 2), (None, 0, 3, 9))
    events = drawn.map(lambda event: _happening(now, *event))
    return st.lists(events, max_size=2, unique_by=lambda one: one.key)


def _happening(now: Week, number: int, unit: str, level: int, ahead: int, more: int | None) -> Unplanned:
    last = None if more is None else now + ahead + more
    return Unplanned(f"händelse {number}", unit, level, now + ahead, last, "Översvämning")


@st.composite
def asked(draw: st.DrawFn, most_runs: int = 5) -> tuple[World, Run]:
    """A municipality and what somebody asks for: something new, or another plan for what counts already."""
    world = draw(worlds(most_runs))
    codes = tuple(unit.code for unit in world.units)
    start = world.now + draw(AHEAD)
    owner, which, keeps_phases, keeps_start = draw(ASKING)
    if not world.runs or which == 0 or draw(YES_OR_NO):
        return world, Run("FI-900", start, draw(phase_lists(codes)), owner)
    present = world.runs[which % len(world.runs)]
    if not keeps_phases:
        present = replace(present, phases=draw(phase_lists(codes)), forecast_end=None)
    return world, replace(present, start=present.start if keeps_start else start, owner=owner or present.owner)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[World, Run]:
    """A department and its office where many things run at once, and one thing more that is asked for."""
    units = Unit("KLF", None, draw(FEW), draw(FEW)), Unit("KAN", "KLF", draw(FEW))
    neighbours = []
    for number in range(draw(SEVERAL)):
        ahead, weeks, unit, impact, owner, rank = draw(NEIGHBOURS)
        part = Phase("implement", weeks, {unit: impact})
        neighbours.append(Run(f"FI-{number:03}", NOW + ahead, (part,), owner, rank=rank, legal_duty=rank == 0))
    ahead, weeks, unit, impact, owner, _ = draw(NEIGHBOURS)
    wanted = Run("FI-900", NOW + max(ahead, 0), (Phase("implement", weeks, {unit: impact}),), owner)
    return World(units, tuple(neighbours), max_owned={1: 2, 2: 1}), wanted

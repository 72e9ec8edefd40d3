"""Capacity kernel §1–§5 once more, the slow way: every week, every unit, every initiative, one at a time.

Written from the text of docs/capacity.md and from nothing else. It takes the whole municipality before
and after a plan and compares them cell by cell, where the kernel looks only at what the plan touches.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Period, Phase
from portfolio.capacity.rules.limits import Unit
from tests.rules.capacity.worlds import Run, World

DRAG = 8
SEARCH = 104
EXCEPTION = 8

Impacts = Mapping[str, int | None]


def iso(week: Week) -> tuple[int, int]:
    """The ISO year and number of a week, by way of its Monday."""
    monday = date(1, 1, 1).toordinal() + 7 * week
    year, number, weekday = date.fromordinal(monday).isocalendar()
    assert weekday == 1
    return year, number


def covers(period: Period, week: Week) -> bool:
    """Walk through the period week by week; a yearly one as if round a clock with 53 numbers."""
    if not period.yearly:
        return week in range(period.first, period.last + 1)
    year, number = iso(week)
    last_of_year = date(year, 12, 28).isocalendar()[1]
    visited = set()
    hand, stop = iso(period.first)[1], iso(period.last)[1]
    while True:
        visited.add(last_of_year if hand == 53 else hand)
        if hand == stop:
            return number in visited
        hand = hand % 53 + 1


@dataclass(frozen=True)
class Clash:
    """One conflicting cell, without the words."""

    unit: str | None
    person: int | None
    week: Week
    measure: str
    before: int
    after: int
    limit: int
    binding: bool
    filled_by: tuple[str, ...]


class Oracle:
    """All answers about one municipality, found by looking at everything."""

    def __init__(self, world: World) -> None:
        """Lay every counting initiative out week by week."""
        self.world = world
        self.units = {unit.code: unit for unit in world.units}
        self.timelines = {run.code: self.timeline(run) for run in world.runs}

    def stands_still(self, week: Week) -> bool:
        return any(covers(period, week) for period in self.world.standstills)

    def planned(self, run: Run) -> dict[Week, Impacts]:
        """Walk from the start, skip standstill weeks, give each phase its number of weeks."""
        weeks: dict[Week, Impacts] = {}
        week = run.start
        for phase in run.phases:
            left = phase.weeks
            while left > 0:
                if not self.stands_still(week):
                    weeks[week] = phase.impacts
                    left -= 1
                week += 1
        return weeks

    def timeline(self, run: Run) -> dict[Week, Impacts]:
        """The plan as it counts: longer where a forecast is later, or where it drags on."""
        weeks = self.planned(run)
        if not weeks:
            return weeks
        planned_end = end = max(weeks)
        if run.forecast_end is not None and run.forecast_end > end:
            end = run.forecast_end
        if end < self.world.now:
            end = self.world.now + DRAG
        for week in range(planned_end + 1, end + 1):
            if not self.stands_still(week):
                weeks[week] = run.phases[-1].impacts
        return weeks

    def lies_in(self, unit: str, top: str, week: Week) -> bool:
        """Whether what lands on one unit in a week lands on another: climb, one step at a time, in all directions."""
        reached: set[str] = set()
        left = self.standing_for(unit, week)
        while left:
            step = left.pop()
            if step not in reached:
                reached.add(step)
                parent = self.parent_of(step, week)
                left |= set() if parent is None else self.standing_for(parent, week)
        return top in reached

    def standing_for(self, unit: str, week: Week) -> set[str]:
        """A unit that is gone is stood for by those after it, one that has not come by those before it."""
        heirs = {one.new for one in self.world.succeeded if one.old == unit and week >= one.week}
        forebears = {one.old for one in self.world.succeeded if one.new == unit and week < one.week}
        others = heirs or forebears
        return set().union(*(self.standing_for(other, week) for other in others)) if others else {unit}

    def parent_of(self, unit: str, week: Week) -> str | None:
        parent = self.units[unit].parent
        for one in sorted(self.world.moved):
            if one.unit == unit and week >= one.week:
                parent = one.parent
        return parent

    def impacts_on(self, code: str, unit: str, week: Week) -> list[int | None]:
        """What one initiative does in one week to a unit and everything below it."""
        active = self.timelines[code].get(week, {})
        return [impact for where, impact in active.items() if self.lies_in(where, unit, week)]

    def load(self, unit: str, week: Week) -> int:
        total = 0
        for code in self.timelines:
            rated = [impact for impact in self.impacts_on(code, unit, week) if impact is not None]
            total += max(rated, default=0)
        return total + sum(self.levels_of_what_happens(unit, week))

    def parallel(self, unit: str, week: Week) -> int:
        running = sum(1 for code in self.timelines if self.impacts_on(code, unit, week))
        return running + len(self.levels_of_what_happens(unit, week))

    def levels_of_what_happens(self, unit: str, week: Week) -> list[int]:
        """The levels of what is unplanned on a unit and below it; what has no known end goes on as what drags on."""
        found = []
        for one in self.world.unplanned if not self.stands_still(week) else ():
            last = max(one.first, self.world.now) + DRAG if one.last is None else one.last
            if one.first <= week <= last and self.lies_in(one.unit, unit, week):
                found.append(one.level)
        return found

    def unrated(self, unit: str, week: Week) -> int:
        return sum(self.impacts_on(code, unit, week).count(None) for code in self.timelines)

    def owned(self, owner: int, week: Week) -> int:
        return sum(1 for run in self.world.runs if run.owner == owner and week in self.timelines[run.code])

    def bound(self, unit: Unit, measure: str, week: Week) -> int | None:
        """The least of the base and every covering row; None is infinite."""
        name = "limit" if measure == "load" else "max_parallel"
        rows = [row for row in unit.lowered if covers(row.period, week)]
        found = [getattr(holder, name) for holder in (unit, *rows) if getattr(holder, name) is not None]
        return min(found, default=None)

    def reasons(self, unit: Unit, measure: str, week: Week) -> set[str | None]:
        """The words that may explain the limit: those of the lowest rows, if they lower anything."""
        name = "limit" if measure == "load" else "max_parallel"
        least = self.bound(unit, measure, week)
        if least == getattr(unit, name):
            return {None}
        rows = [row for row in unit.lowered if covers(row.period, week)]
        return {row.reason for row in rows if getattr(row, name) == least}

    def level(self, unit: Unit, week: Week) -> str:
        if self.stands_still(week):
            return "standstill"
        load, limit = self.load(unit.code, week), self.bound(unit, "load", week)
        parallel, most = self.parallel(unit.code, week), self.bound(unit, "parallel", week)
        if (limit is not None and load > limit) or (most is not None and parallel > most):
            return "over"
        if limit is None:
            return "no_limit"
        if limit == 0 or Fraction(load, limit) >= Fraction(9, 10):
            return "full"
        if Fraction(load, limit) >= Fraction(6, 10):
            return "moderate"
        return "low" if load > 0 else "free"

    def worse_below(self, unit: Unit, week: Week) -> bool:
        order = ["free", "low", "moderate", "full", "over"]
        own = self.level(unit, week)
        below = [
            self.level(other, week)
            for other in self.world.units
            if other.code != unit.code and self.lies_in(other.code, unit.code, week)
        ]
        return own in order and any(it in order and order.index(it) > order.index(own) for it in below)

    def after(self, asked: Run) -> "Oracle":
        """The municipality as it would be with the plan."""
        return Oracle(self.world.with_run(asked))

    def paused(self, *codes: str) -> "Oracle":
        """The municipality without some initiatives."""
        return Oracle(self.world.without(*codes))

    def figure(self, unit: str, measure: str, week: Week) -> int:
        return self.load(unit, week) if measure == "load" else self.parallel(unit, week)


@dataclass(frozen=True)
class Question:
    """A plan put to a municipality, with or without some other initiatives."""

    world: World
    asked: Run
    without: tuple[str, ...] = ()

    @cached_property
    def others(self) -> Oracle:
        return Oracle(self.world.without(self.asked.code, *self.without))

    @cached_property
    def present(self) -> Oracle:
        return Oracle(self.world.without(*self.without))

    @cached_property
    def result(self) -> Oracle:
        return Oracle(self.world.without(*self.without).with_run(self.asked))

    @cached_property
    def keeps_its_start(self) -> bool:
        begun = [run.start for run in self.world.runs if run.code == self.asked.code and run.start <= self.world.now]
        return begun == [self.asked.start]

    @cached_property
    def refused(self) -> str | None:
        if self.keeps_its_start:
            return None
        if self.asked.start < self.world.now:
            return "past"
        return "standstill" if self.others.stands_still(self.asked.start) else None

    @cached_property
    def weeks(self) -> list[Week]:
        """The plan's weeks from now on, as it would count."""
        return sorted(week for week in self.result.timelines[self.asked.code] if week >= self.world.now)

    @cached_property
    def touched(self) -> list[tuple[str, Week]]:
        return [
            (unit.code, week)
            for week in self.weeks
            for unit in self.world.units
            if self.result.impacts_on(self.asked.code, unit.code, week)
        ]

    def clashes(self) -> Iterator[Clash]:
        """Every cell that the plan adds to and that it takes over its limit."""
        for week in self.weeks:
            yield from self.owner_clash(week)
            for unit in self.world.units:
                for measure in ("load", "parallel"):
                    yield from self.clash(unit, measure, week)

    def clash(self, unit: Unit, measure: str, week: Week) -> Iterator[Clash]:
        limit = self.result.bound(unit, measure, week)
        after = self.result.figure(unit.code, measure, week)
        adds = after > self.present.figure(unit.code, measure, week)
        if limit is not None and adds and after > limit:
            before = self.others.figure(unit.code, measure, week)
            filled = tuple(
                code
                for code in sorted(self.others.timelines)
                if (found := self.others.impacts_on(code, unit.code, week)) and (measure == "parallel" or any(found))
            )
            yield Clash(unit.code, None, week, measure, before, after, limit, unit.confirmed, filled)

    def owner_clash(self, week: Week) -> Iterator[Clash]:
        owner = self.asked.owner
        limit = None if owner is None else self.world.max_owned.get(owner)
        if owner is None or limit is None:
            return
        after = self.result.owned(owner, week)
        if after > self.present.owned(owner, week) and after > limit:
            filled = sorted(
                run.code
                for run in self.others.world.runs
                if run.owner == owner and week in self.others.timelines[run.code]
            )
            yield Clash(None, owner, week, "owner", after - 1, after, limit, True, tuple(filled))

    @cached_property
    def fits(self) -> bool:
        return self.refused is None and not any(clash.binding for clash in self.clashes())

    @property
    def kind(self) -> str:
        if not self.fits:
            return "does_not_fit"
        if any(self.clashes()):
            return "warns"
        return "fits_exactly" if self.reaches_a_limit else "fits"

    @property
    def reaches_a_limit(self) -> bool:
        cells = [
            self.result.figure(code, measure, week) == self.result.bound(self.result.units[code], measure, week)
            for code, week in self.touched
            for measure in ("load", "parallel")
        ]
        owner = self.asked.owner
        full = [
            self.result.owned(owner, week) == self.world.max_owned.get(owner)
            for week in self.weeks
            if owner is not None
        ]
        return any(cells) or any(full)

    @property
    def limit_missing(self) -> list[str]:
        units = self.result.units
        return sorted({code for code, week in self.touched if self.result.bound(units[code], "load", week) is None})

    @property
    def unrated(self) -> int:
        return sum(1 for cell in self.touched if self.result.unrated(*cell) > 0)

    def at(self, start: Week) -> "Question":
        return replace(self, asked=replace(self.asked, start=start))

    def candidates(self) -> list[Week]:
        """The weeks in which a search looks for a start."""
        wished = self.asked.start
        weeks = range(max(wished, self.world.now), wished + SEARCH + 1)
        return [week for week in weeks if not self.others.stands_still(week)]

    @cached_property
    def runs_already(self) -> bool:
        return any(run.code == self.asked.code and run.start <= self.world.now for run in self.world.runs)

    def earliest(self) -> tuple[Week | None, Week | None]:
        """The first week that fits, and the last one before it that did not."""
        failed = None
        for week in [] if self.runs_already else self.candidates():
            if self.at(week).fits:
                return week, failed
            failed = week
        return None, failed

    def lowerings(self) -> list[tuple[int, str, int]]:
        """(phase, unit, to): the fewest points first, then the latest phase, then unit code."""
        found = [
            (impact - to, -number, unit, to)
            for number, phase in enumerate(self.asked.phases)
            for unit, impact in phase.impacts.items()
            if impact is not None
            for to in range(impact)
        ]
        return [(-number, unit, to) for _, number, unit, to in sorted(found)]

    def lowered(self, number: int, unit: str, to: int) -> "Question":
        phases = list(self.asked.phases)
        phases[number] = lower(phases[number], unit, to)
        return replace(self, asked=replace(self.asked, phases=tuple(phases)))

    def reduce(self) -> tuple[int, str, int, Week] | None:
        """(phase, unit, to, start) of the lowering to offer."""
        for lowering in self.lowerings():
            if self.lowered(*lowering).fits:
                return (*lowering, self.asked.start)
        moved, _ = self.earliest()
        for lowering in self.lowerings():
            start, _ = self.lowered(*lowering).earliest()
            if start is not None and (moved is None or start < moved):
                return (*lowering, start)
        return None

    def pausable(self) -> list[str]:
        """All that may be paused, the lowest rank first."""
        able = [run for run in self.others.world.runs if not run.legal_duty and not self.nearly_done(run)]
        able.sort(key=lambda run: (run.rank is not None, -(run.rank or 0), run.code))
        return [run.code for run in able]

    def nearly_done(self, run: Run) -> bool:
        weeks = self.others.planned(run)
        done = [week for week in weeks if week < self.world.now]
        return Fraction(len(done), len(weeks)) >= Fraction(8, 10)

    def pause(self) -> tuple[str, ...] | None:
        """The smallest set whose pause makes the wished week fit."""
        for size in (1, 2):
            for codes in combinations(self.pausable(), size):
                if replace(self, without=codes).fits:
                    return codes
        return None

    def exception(self) -> tuple[Week, Week] | None:
        """The first conflicting week and the last that an exception may cover, if it covers them all."""
        weeks = [clash.week for clash in self.clashes() if clash.binding]
        if not weeks or self.refused:
            return None
        last, valid = min(weeks) - 1, 0
        while valid < EXCEPTION:
            last += 1
            valid += not self.others.stands_still(last)
        return (min(weeks), last) if max(weeks) <= last else None


def lower(phase: Phase, unit: str, to: int) -> Phase:
    """The phase with one impact lowered, or left out when it becomes nothing."""
    impacts = {code: to if code == unit else impact for code, impact in phase.impacts.items()}
    return replace(phase, impacts={code: impact for code, impact in impacts.items() if impact != 0})

"""Which weeks run, and where a plan's phases fall among them (capacity kernel §1 and §2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

from portfolio.base.weeks import Week, week_number, week_year, weeks_in_year

LONGEST_SEARCH_WEEKS = 53 * 60
"""A plan is at most some years long; a walk past this finds a calendar in which nothing ever runs."""


class NothingEverRuns(Exception):
    """The standstills leave no week in which a plan could run."""


@dataclass(frozen=True, slots=True)
class Period:
    """Weeks from `first` to `last` inclusive; `yearly` compares ISO week numbers and ignores years.

    A yearly period may wrap the year end (51 to 2). Number 53 means the last week of a short year.
    """

    first: Week
    last: Week
    yearly: bool = False

    def covers(self, week: Week) -> bool:
        """Whether the week lies in the period."""
        if not self.yearly:
            return self.first <= week <= self.last
        first, last = week_number(self.first), week_number(self.last)
        number, last_number = week_number(week), weeks_in_year(week_year(week))
        begun, not_over = number >= min(first, last_number), number <= last
        return begun and not_over if first <= last else begun or not_over


@dataclass(frozen=True)
class Calendar:
    """The municipality's weeks: those in a standstill (uppehåll), and all the others, which run."""

    standstills: tuple[Period, ...] = ()
    _known: dict[Week, bool] = field(default_factory=dict, init=False, compare=False, repr=False)

    def stands_still(self, week: Week) -> bool:
        """Whether nothing runs in the week: nothing is counted and phase time does not pass."""
        if not self.standstills:
            return False
        known = self._known.get(week)
        if known is None:
            known = self._known[week] = any(period.covers(week) for period in self.standstills)
        return known

    def standstill_weeks(self, weeks: Iterable[Week]) -> frozenset[Week]:
        """Those of some weeks in which nothing runs."""
        asked = tuple(weeks)
        return frozenset(compress(asked, self._still(asked)))

    def next_running(self, week: Week) -> Week:
        """The first week from `week` on that is not a standstill; NothingEverRuns if there is none."""
        return self.nth_running(week, 1)

    def nth_running(self, week: Week, number: int) -> Week:
        """The `number`-th running week from `week` on, itself included; NothingEverRuns if there is none."""
        if not self.standstills:
            return week + number - 1
        first, left, furthest = week, number, week + number + LONGEST_SEARCH_WEEKS
        while first < furthest:
            last = first + left - 1
            left = sum(self._still(range(first, last + 1)))
            if not left:
                return last
            first = last + 1
        raise NothingEverRuns

    def _still(self, weeks: Sequence[Week]) -> list[bool]:
        """Which of some weeks stand still. A page asks this of thousands, and most of them are known already."""
        try:
            return [*map(self._known.__getitem__, weeks)]
        except KeyError:
            return [*map(self.stands_still, weeks)]

    def running_weeks(self, first: Week, last: Week) -> int:
        """How many weeks run from `first` to `last` inclusive."""
        weeks = range(first, last + 1)
        return len(weeks) - len(self.standstill_weeks(weeks))


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of an initiative: `weeks` counted without standstill, `impacts` as {unit code: 1, 2, 3 or None}.

    None is an impact that nobody has rated yet (obedömd): it adds no load but is counted as unrated.
    """

    kind: str
    weeks: int
    impacts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase laid out in the calendar: from its first running week to its last, both inclusive."""

    first: Week
    last: Week
    impacts: Mapping[str, int | None]


def lay_out(start: Week, phases: Iterable[Phase], calendar: Calendar) -> tuple[Stretch, ...]:
    """Walk from `start`, skip standstill weeks, give each phase its number of weeks (§1)."""
    stretches = []
    week = start
    for phase in phases:
        first = calendar.next_running(week)
        last = calendar.nth_running(first, phase.weeks)
        stretches.append(Stretch(first, last, phase.impacts))
        week = last + 1
    return tuple(stretches)


def remainder(start: Week, phases: Iterable[Phase], paused: Week, calendar: Calendar) -> tuple[Phase, ...]:
    """What is left of a plan paused in week `paused`: the running weeks before it have been run (§2).

    Empty when everything has been run: such an initiative must be re-planned before it resumes.
    """
    run = calendar.running_weeks(start, paused - 1)
    left = []
    for phase in phases:
        done = min(run, phase.weeks)
        run -= done
        if phase.weeks > done:
            left.append(replace(phase, weeks=phase.weeks - done))
    return tuple(left)


def share_run(start: Week, phases: Iterable[Phase], now: Week, calendar: Calendar) -> float:
    """How much of a plan's weeks has been run before week `now`, from 0 to 1; 1 for a plan without phases."""
    total = sum(phase.weeks for phase in phases)
    if total == 0:
        return 1.0
    return min(calendar.running_weeks(start, now - 1), total) / total

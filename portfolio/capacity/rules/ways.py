"""Ways forward when a plan does not fit: never a dead end (capacity kernel §5).

Every way is verified by the gate before it is offered. Nothing is ever moved automatically.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, combinations
from typing import NamedTuple

from portfolio.base.weeks import Week, sunday
from portfolio.capacity.rules.calendar import Calendar, Phase, remainder, share_run
from portfolio.capacity.rules.gate import (
    Conflict,
    Plan,
    Room,
    Verdict,
    fingerprint_of,
    last_week_of,
    refused_start,
)
from portfolio.capacity.rules.load import Commitment, Portfolio

SEARCH_WEEKS = 104
"""How many calendar weeks after the wished one an earliest start is searched, inclusive."""

EXCEPTION_WEEKS = 8
"""The most running weeks an exception may be valid, from the first conflicting week."""

NEARLY_DONE = 0.8
"""From this share run an initiative is never suggested for a pause."""


@dataclass(frozen=True, slots=True)
class Earliest:
    """The earliest start, or None with what forbids it.

    `bound_by` is a conflict of the last candidate that failed: the week before the found one, or the
    end of the search. None when the wished week itself fits.
    """

    week: Week | None
    bound_by: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Start in `start` instead; `end` is the new last week."""

    start: Week
    end: Week
    misses_finish: bool
    bound_by: Conflict | None


@dataclass(frozen=True, slots=True)
class Reduce:
    """Lower the impact on `unit` in phase number `phase` (0 is the first) `from_impact` → `to_impact`."""

    phase: int
    unit: str
    from_impact: int
    to_impact: int
    start: Week
    end: Week
    misses_finish: bool
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Paused:
    """What a pause does to one initiative: when it could resume, and how many weeks later it is done.

    Both are None when what is left of it never fits again within the search.
    """

    code: str
    resumes: Week | None
    weeks_later: int | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause these initiatives now, and the wished week fits."""

    paused: tuple[Paused, ...]
    start: Week
    end: Week
    misses_finish: bool


@dataclass(frozen=True, slots=True)
class AskException:
    """Ask the chair for a motivated exception, valid to `valid_to` at most, for exactly these conflicts."""

    fingerprint: str
    first: Week
    valid_to: Week
    misses_finish: bool


Way = Move | Reduce | Pause | AskException


def earliest_start(plan: Plan, wished: Week, portfolio: Portfolio, now: Week) -> Earliest:
    """The first running week from max(wished, now) at which the plan fits, through wished + 104 weeks.

    For a plan that already runs it is None: such a plan keeps its start.
    """
    return Request(replace(plan, start=wished), portfolio, now).earliest


def verdict_and_earliest(request: "Request") -> tuple[Verdict, Earliest]:
    """What `evaluate` says of what is asked for, and where it does not fit also `earliest_start`.

    Who fills the conflicting cells is left out: a list of many plans does not tell it, and it takes long to find.
    """
    return request.verdict, Earliest(None) if request.verdict.fits else request.earliest


def ways_forward(
    plan: Plan, verdict: Verdict, portfolio: Portfolio, now: Week, must_finish_by: date | None = None
) -> tuple[Way, ...]:
    """At most four ways, in the order of §5: move, reduce, pause, exception; none if the plan fits.

    `must_finish_by` is the last day by which the initiative has to be done.
    """
    return _ways(Request(plan, portfolio, now, must_finish_by), verdict)


class Tried(NamedTuple):
    """All that can be said of a plan."""

    verdict: Verdict
    earliest: Earliest
    ways: tuple[Way, ...]


def try_out(request: "Request") -> Tried:
    """What `evaluate`, `earliest_start` and `ways_forward` say of what is asked for."""
    verdict = request.room.filled_in(request.verdict)
    return Tried(verdict, request.earliest, _ways(request, verdict))


def misses(end: Week, must_finish_by: date | None) -> bool:
    """Whether a plan that ends in week `end` is not done by the given day."""
    return must_finish_by is not None and sunday(end) > must_finish_by


class Request:
    """A plan for its wished week, and one room in which all variants of it are tried; nothing is worked out twice.

    `must_finish_by` is the last day by which the initiative has to be done.
    `forbidden` are the weeks before the earliest start, once that has been searched, each with
    the units on which the plan is stopped, None for its owner.
    """

    def __init__(self, plan: Plan, portfolio: Portfolio, now: Week, must_finish_by: date | None = None):
        self.plan, self.portfolio, self.now = plan, portfolio, now
        self.first, self.last = max(plan.start, now), plan.start + SEARCH_WEEKS
        self._must_finish_by = must_finish_by
        self._nearly_done: dict[str, bool] = {}
        self.forbidden: dict[Week, set[str | None]] = {}
        furthest = replace(plan, start=max(self.first, self.last))
        self.room = Room(portfolio, now, plan, last_week_of(furthest, portfolio))

    @cached_property
    def verdict(self) -> Verdict:
        """Whether the plan fits as it is, without the initiatives that fill the conflicting cells."""
        return self.room.verdict(self.plan)

    @cached_property
    def earliest(self) -> Earliest:
        """The earliest start of the plan as it is, with what forbids the candidate before."""
        if self.plan.present_start is not None:
            return Earliest(None)
        for week, stopped_on in self.room.stopped_from(self.plan, self.first, self.last):
            if not stopped_on:
                return Earliest(week, self._bound_by())
            self.forbidden[week] = stopped_on
        return Earliest(None, self._bound_by())

    def _bound_by(self) -> Conflict | None:
        """A conflict of the last week that was found forbidden."""
        return self.room.blocker(replace(self.plan, start=max(self.forbidden))) if self.forbidden else None

    def first_freed(self, lowering: "_Lowering", stopped: Mapping[Week, Collection[str | None]]) -> Week | None:
        """The first of the weeks in which the plan is stopped (on which units) that the lowered plan fits in."""
        helped = self.portfolio.tree.above(lowering.unit)
        for week, stopped_on in stopped.items():
            # what is stopped on a unit that the lowering leaves alone need not be tried: it still is
            if all(unit in helped for unit in stopped_on):
                lowered = replace(lowering.of(self.plan), start=week)
                if not self.room.stopped_on(lowered):
                    return week
        return None

    def fits_without(self, codes: Iterable[str]) -> bool:
        """Whether the plan would be let through with some initiatives thought away; its start is not asked about."""
        last = last_week_of(self.plan, self.portfolio)
        return not Room(self.portfolio, self.now, self.plan, last, codes).stopped_on(self.plan)

    def is_nearly_done(self, one: Commitment) -> bool:
        """Whether so much of an initiative has been run that it is never suggested for a pause."""
        known = self._nearly_done.get(one.code)
        if known is None:
            calendar = self.portfolio.calendar
            share = share_run(_start(one), _phases(one, calendar), self.now, calendar)
            known = self._nearly_done[one.code] = share >= NEARLY_DONE
        return known

    def outcome(self, variant: Plan) -> tuple[Week, bool]:
        """The variant's last week, and whether that is too late."""
        end = last_week_of(variant, self.portfolio)
        return end, misses(end, self._must_finish_by)


def _ways(request: Request, verdict: Verdict) -> tuple[Way, ...]:
    if verdict.fits:
        return ()
    ways = _move(request), _reduce(request), _pause(request, verdict), _exception(request, verdict)
    return tuple(way for way in ways if way is not None)


def _move(request: Request) -> Move | None:
    earliest = request.earliest
    if earliest.week is None:
        return None
    end, missed = request.outcome(replace(request.plan, start=earliest.week))
    return Move(earliest.week, end, missed, earliest.bound_by)


class _Lowering(NamedTuple):
    """One impact made smaller; sorted, the fewest points come first, then the latest phase, then the unit."""

    points: int
    minus_phase: int
    unit: str
    to_impact: int

    def of(self, plan: Plan) -> Plan:
        """The plan with this impact lowered, or left out when it becomes 0."""
        at, phases = -self.minus_phase, list(plan.phases)
        impacts = {**phases[at].impacts, self.unit: self.to_impact}
        if not self.to_impact:
            del impacts[self.unit]
        phases[at] = replace(phases[at], impacts=impacts)
        return replace(plan, phases=tuple(phases))


def _reduce(request: Request) -> Reduce | None:
    """The smallest lowering that makes the wished week fit; if none, one that gives an earlier start."""
    lowerings = sorted(_lowerings(request.plan))
    wished: dict[Week, set[str | None]] = {}
    if not refused_start(request.plan, request.portfolio.calendar, request.now):
        wished = {request.plan.start: request.room.stopped_on(request.plan)}
    for stopped in (wished, request.forbidden):
        for lowering in lowerings:
            start = request.first_freed(lowering, stopped)
            if start is not None:
                return _reduction(request, lowering, start)
    return None


def _lowerings(plan: Plan) -> Iterator[_Lowering]:
    for at, phase in enumerate(plan.phases):
        for unit, impact in phase.impacts.items():
            for lower in range(impact or 0):
                yield _Lowering((impact or 0) - lower, -at, unit, lower)


def _reduction(request: Request, lowering: _Lowering, start: Week) -> Reduce:
    points, minus_phase, unit, lower = lowering
    lowered = replace(lowering.of(request.plan), start=start)
    end, missed = request.outcome(lowered)
    return Reduce(-minus_phase, unit, lower + points, lower, start, end, missed, lowered.phases)


def _pause(request: Request, verdict: Verdict) -> Pause | None:
    """The smallest set, 1 and then 2, whose pause makes the wished week fit; lowest rank first."""
    if verdict.refused_start:
        return None
    for chosen in _sets_that_free_enough(request, verdict):
        if request.fits_without(one.code for one in chosen):
            end, missed = request.outcome(request.plan)
            return Pause(_consequences(request, chosen), request.plan.start, end, missed)
    return None


def _sets_that_free_enough(request: Request, verdict: Verdict) -> Iterator[tuple[Commitment, ...]]:
    """One initiative, then two, that take at least as much from every blocking cell as the plan lacks."""
    hardest_first = sorted(verdict.binding, key=_lacking, reverse=True)
    filling = _filling(request, verdict)
    for chosen in chain(combinations(filling, 1), combinations(filling, 2)):
        frees_enough = all(_freed(request, chosen, conflict) >= _lacking(conflict) for conflict in hardest_first)
        if frees_enough and not any(map(request.is_nearly_done, chosen)):
            yield chosen


def _freed(request: Request, chosen: Iterable[Commitment], conflict: Conflict) -> int:
    return sum(request.room.taken_by(one.code, conflict) for one in chosen)


def _lacking(conflict: Conflict) -> int:
    return conflict.after - conflict.limit


def _filling(request: Request, verdict: Verdict) -> list[Commitment]:
    """Those that fill a blocking cell, the lowest rank first; never a legal duty."""
    codes = {code for conflict in verdict.binding for code in conflict.filled_by}
    able = (one for one in map(request.portfolio.commitments.__getitem__, codes) if not one.legal_duty)
    return sorted(able, key=lambda one: (one.rank is not None, -(one.rank or 0), one.code))


def _start(one: Commitment) -> Week:
    return one.stretches[0].first


def _phases(one: Commitment, calendar: Calendar) -> tuple[Phase, ...]:
    """The phases as planned, read back from the calendar."""
    return tuple(
        Phase("", calendar.running_weeks(stretch.first, stretch.last), stretch.impacts) for stretch in one.stretches
    )


def _consequences(request: Request, chosen: Sequence[Commitment]) -> tuple[Paused, ...]:
    """What the pause means for each: once the plan has its room they resume, the highest rank first."""
    calendar, gone = request.portfolio.calendar, {one.code for one in chosen}
    counting, found = [request.plan.laid_out(calendar)], []
    for one in reversed(chosen):
        rest = _resumed(request, one, request.portfolio.changed(put=counting, gone=gone))
        if rest is None:
            found.append(Paused(one.code, None, None))
            continue
        counting.append(rest.laid_out(calendar))
        later = last_week_of(rest, request.portfolio) - one.stretches[-1].last
        found.append(Paused(one.code, rest.start, later))
    return tuple(reversed(found))


def _resumed(request: Request, one: Commitment, portfolio: Portfolio) -> Plan | None:
    """What is left of a paused initiative, at the first week from the plan's start on where it fits."""
    calendar, wished = portfolio.calendar, max(request.first, _start(one))
    left = remainder(_start(one), _phases(one, calendar), request.now, calendar)
    rest = Plan(one.code, wished, left, one.owner)
    resumes = earliest_start(rest, wished, portfolio, request.now).week
    return None if resumes is None else replace(rest, start=resumes)


def _exception(request: Request, verdict: Verdict) -> AskException | None:
    """Offered only if the longest exception covers every conflicting cell."""
    weeks = [conflict.week for conflict in verdict.binding]
    if not weeks:
        return None
    first = min(weeks)
    valid_to = longest_exception(first, request.portfolio.calendar)
    if max(weeks) > valid_to:
        return None
    return AskException(fingerprint_of(verdict.binding), first, valid_to, request.outcome(request.plan)[1])


def longest_exception(first: Week, calendar: Calendar) -> Week:
    """The last week that an exception from week `first` may cover: the eighth running week."""
    return calendar.nth_running(first, EXCEPTION_WEEKS)

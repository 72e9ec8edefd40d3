"""Ways forward when a plan does not fit: never a dead end (capacity kernel §5).

Every way is verified by the gate before it is offered. Nothing is ever moved automatically.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from portfolio.base.weeks import Week, sunday
from portfolio.capacity.rules.calendar import Phase, Stretch
from portfolio.capacity.rules.gate import (
    Conflict,
    Plan,
    Room,
    Verdict,
    evaluate,
    fingerprint_of,
    last_week_of,
)
from portfolio.capacity.rules.load import Commitment, Portfolio, effective_stretches

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
    if plan.present_start is not None:
        return Earliest(None)
    return _search(plan, max(wished, now), wished + SEARCH_WEEKS, portfolio, now)


def _search(plan: Plan, first: Week, last: Week, portfolio: Portfolio, now: Week) -> Earliest:
    furthest = replace(plan, start=max(first, last))
    room = Room(portfolio, now, plan, last_week_of(furthest, portfolio))
    bound_by = None
    for week in range(first, last + 1):
        if portfolio.calendar.stands_still(week):
            continue
        conflict = room.blocker(replace(plan, start=week))
        if conflict is None:
            return Earliest(week, bound_by)
        bound_by = conflict
    return Earliest(None, bound_by)


def ways_forward(
    plan: Plan, verdict: Verdict, portfolio: Portfolio, now: Week, must_finish_by: date | None = None
) -> tuple[Way, ...]:
    """At most four ways, in the order of §5: move, reduce, pause, exception; none if the plan fits.

    `must_finish_by` is the last day by which the initiative has to be done.
    """
    if verdict.fits:
        return ()
    move = earliest_start(plan, plan.start, portfolio, now)
    found: list[Way | None] = [_move(plan, move, portfolio, must_finish_by)]
    if verdict.conflicts:
        found += [
            _reduce(plan, move.week, portfolio, now, must_finish_by),
            _pause(plan, verdict, portfolio, now, must_finish_by),
            _exception(plan, verdict, portfolio, must_finish_by),
        ]
    return tuple(way for way in found if way is not None)


def end_of(plan: Plan, portfolio: Portfolio) -> Week:
    """The plan's last week."""
    return last_week_of(plan, portfolio)


def misses(end: Week, must_finish_by: date | None) -> bool:
    """Whether a plan that ends in week `end` is not done by the given day."""
    return must_finish_by is not None and sunday(end) > must_finish_by


def _move(plan: Plan, earliest: Earliest, portfolio: Portfolio, must_finish_by: date | None) -> Move | None:
    if earliest.week is None:
        return None
    end = end_of(replace(plan, start=earliest.week), portfolio)
    return Move(earliest.week, end, misses(end, must_finish_by), earliest.bound_by)


def _reduce(
    plan: Plan, moved_to: Week | None, portfolio: Portfolio, now: Week, must_finish_by: date | None
) -> Reduce | None:
    """The smallest lowering that makes the wished week fit; if none, one that starts before `moved_to`."""
    lowerings = list(_lowerings(plan))
    wished_room = Room(portfolio, now, plan, last_week_of(plan, portfolio))
    for lowering in lowerings:
        if wished_room.blocker(lowering[0]) is None:
            return _reduction(plan, *lowering, plan.start, portfolio, must_finish_by)
    if plan.present_start is not None:
        return None
    last = plan.start + SEARCH_WEEKS if moved_to is None else moved_to - 1
    for lowering in lowerings:
        start = _search(lowering[0], max(plan.start, now), last, portfolio, now).week
        if start is not None:
            return _reduction(plan, *lowering, start, portfolio, must_finish_by)
    return None


def _lowerings(plan: Plan) -> Iterator[tuple[Plan, int, str, int]]:
    """Every single lowering as (plan, phase, unit, to): fewest points, then latest phase, then unit code."""
    steps = [
        (impact - lower, -at, unit, lower)
        for at, phase in enumerate(plan.phases)
        for unit, impact in phase.impacts.items()
        if impact
        for lower in range(impact)
    ]
    for _, minus_at, unit, lower in sorted(steps):
        yield _lowered(plan, -minus_at, unit, lower), -minus_at, unit, lower


def _lowered(plan: Plan, at: int, unit: str, lower: int) -> Plan:
    phase = plan.phases[at]
    kept = {code: impact for code, impact in phase.impacts.items() if code != unit}
    impacts = kept | ({unit: lower} if lower else {})
    return replace(plan, phases=(*plan.phases[:at], replace(phase, impacts=impacts), *plan.phases[at + 1 :]))


def _reduction(
    plan: Plan,
    lowered: Plan,
    at: int,
    unit: str,
    lower: int,
    start: Week,
    portfolio: Portfolio,
    must_finish_by: date | None,
) -> Reduce:
    before = plan.phases[at].impacts[unit] or 0
    end = end_of(replace(lowered, start=start), portfolio)
    return Reduce(at, unit, before, lower, start, end, misses(end, must_finish_by), lowered.phases)


def _pause(
    plan: Plan, verdict: Verdict, portfolio: Portfolio, now: Week, must_finish_by: date | None
) -> Pause | None:
    """The smallest set, 1 and then 2, whose pause makes the wished week fit; lowest rank first."""
    candidates = _pausable(verdict, portfolio, now)
    for size in (1, 2):
        for chosen in combinations(candidates, size):
            if evaluate(plan, portfolio, now, [one.code for one in chosen]).fits:
                end = end_of(plan, portfolio)
                paused = tuple(_paused(one, plan, chosen, portfolio, now) for one in chosen)
                return Pause(paused, plan.start, end, misses(end, must_finish_by))
    return None


def _pausable(verdict: Verdict, portfolio: Portfolio, now: Week) -> list[Commitment]:
    """Those that fill a blocking cell, the lowest rank first; never a legal duty or one nearly done."""
    filling = {code for conflict in verdict.binding for code in conflict.filled_by}
    able = [
        commitment
        for code, commitment in portfolio.commitments.items()
        if code in filling and not commitment.legal_duty and _share_done(commitment, portfolio, now) < NEARLY_DONE
    ]
    return sorted(able, key=lambda one: (-(one.rank if one.rank is not None else 10**9), one.code))


def _share_done(commitment: Commitment, portfolio: Portfolio, now: Week) -> float:
    weeks = [_running(stretch.first, stretch.last, portfolio) for stretch in commitment.stretches]
    left = [
        _running(max(stretch.first, now), stretch.last, portfolio)
        for stretch in commitment.stretches
        if stretch.last >= now
    ]
    return 1 - sum(left) / sum(weeks)


def _running(first: Week, last: Week, portfolio: Portfolio) -> int:
    return portfolio.calendar.running_weeks(first, last)


def _paused(one: Commitment, plan: Plan, chosen: tuple[Commitment, ...], portfolio: Portfolio, now: Week) -> Paused:
    """When what is left could resume, once the plan has taken the room, and what that delays."""
    left = tuple(_phase_left(stretch, portfolio, now) for stretch in one.stretches if stretch.last >= now)
    gone = {other.code for other in chosen} | {plan.code}
    after = {code: commitment for code, commitment in portfolio.commitments.items() if code not in gone}
    after[plan.code] = plan.laid_out(portfolio.calendar)
    rest = Plan(one.code, max(now, plan.start), left, one.owner)
    resumes = earliest_start(rest, rest.start, replace(portfolio, commitments=after), now).week
    if resumes is None:
        return Paused(one.code, None, None)
    was = effective_stretches(one, now, portfolio.drag_weeks)[-1].last
    return Paused(one.code, resumes, end_of(replace(rest, start=resumes), portfolio) - was)


def _phase_left(stretch: Stretch, portfolio: Portfolio, now: Week) -> Phase:
    return Phase("", _running(max(stretch.first, now), stretch.last, portfolio), stretch.impacts)


def _exception(
    plan: Plan, verdict: Verdict, portfolio: Portfolio, must_finish_by: date | None
) -> AskException | None:
    """Offered only if the longest exception covers every conflicting cell."""
    weeks = [conflict.week for conflict in verdict.binding]
    first = min(weeks)
    valid_to = longest_exception(first, portfolio)
    if max(weeks) > valid_to:
        return None
    missed = misses(end_of(plan, portfolio), must_finish_by)
    return AskException(fingerprint_of(verdict.binding), first, valid_to, missed)


def longest_exception(first: Week, portfolio: Portfolio) -> Week:
    """The last week that an exception from week `first` may cover: the eighth running week."""
    week = portfolio.calendar.next_running(first)
    for _ in range(EXCEPTION_WEEKS - 1):
        week = portfolio.calendar.next_running(week + 1)
    return week

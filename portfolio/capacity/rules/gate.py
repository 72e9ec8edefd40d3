"""May this plan start? The one function that every path which adds load passes (capacity kernel §4)."""

import hashlib
import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, filterfalse
from math import inf
from typing import Literal

from portfolio.base.weeks import Week, format_week
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.limits import Bounds, bounds_along
from portfolio.capacity.rules.load import (
    NOTHING,
    Commitment,
    Ledger,
    Portfolio,
    Weight,
    effective_stretches,
    fillers_of,
    roll_up,
)

Measure = Literal["load", "parallel", "owner"]
VerdictKind = Literal["fits", "fits_exactly", "warns", "does_not_fit"]
UnitWeek = tuple[str, Week]
Weighed = Sequence[tuple[str | None, int, Sequence[float]]]
"""What a phase puts on each unit with a confirmed limit, and from how much on that is too much week by week.

The owner stands among them as None, with 0: a full owner limit forbids an initiative whatever it weighs.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for: an initiative's whole plan from `start` on.

    `present_start` is set for an initiative that already runs: it keeps its past start, and has no
    earliest start. `forecast_end` goes with a plan that is not replaced (a change of owner, an undo).
    """

    code: str
    start: Week
    phases: tuple[Phase, ...]
    owner: int | None = None
    present_start: Week | None = None
    forecast_end: Week | None = None

    def laid_out(self, calendar: Calendar) -> Commitment:
        """The plan as it would stand among the counting initiatives."""
        return Commitment(self.code, lay_out(self.start, self.phases, calendar), self.owner, self.forecast_end)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One exact cell that the plan would push over a limit (krock).

    Unit is None for the owner measure and person None for the others. `before` is the load of all
    others, `after` that with the plan. `binding` is false where the limit is preliminary: it warns.
    `reason` says why the limit is lowered, if it is. `filled_by` are the codes of the initiatives that fill the
    cell, `unplanned` the keys of the events that do.
    """

    unit: str | None
    person: int | None
    week: Week
    measure: Measure
    before: int
    after: int
    limit: int
    binding: bool
    reason: str | None = None
    filled_by: tuple[str, ...] = ()
    unplanned: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[Week, str, str]:
        """Conflicts are told week by week, then by unit."""
        return self.week, self.unit or "", self.measure


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer. `refused_start` is set where the start week itself cannot be one.

    `limit_missing` are the touched units without a limit; `unrated` the number of touched cells in
    which some impact is not rated.
    """

    kind: VerdictKind
    conflicts: tuple[Conflict, ...] = ()
    limit_missing: tuple[str, ...] = ()
    unrated: int = 0
    refused_start: Literal["past", "standstill"] | None = None

    @property
    def fits(self) -> bool:
        """Whether the gate lets the plan through; preliminary limits only warn."""
        return self.kind != "does_not_fit"

    @property
    def binding(self) -> tuple[Conflict, ...]:
        """The conflicts that block."""
        return tuple(conflict for conflict in self.conflicts if conflict.binding)


def evaluate(plan: Plan, portfolio: Portfolio, now: Week, without: Iterable[str] = ()) -> Verdict:
    """Try a plan against all others, from the current week on; past weeks are never compared.

    `without` are codes of initiatives to be thought away. Evaluating twice gives the same.
    """
    room = Room(portfolio, now, plan, last_week_of(plan, portfolio), without)
    return room.filled_in(room.verdict(plan))


def last_week_of(plan: Plan, portfolio: Portfolio) -> Week:
    """The plan's last week, or its forecast if that is later."""
    stretches = plan.laid_out(portfolio.calendar).stretches
    planned = stretches[-1].last if stretches else plan.start
    return max(planned, plan.forecast_end or planned)


def refused_start(plan: Plan, calendar: Calendar, now: Week) -> Literal["past", "standstill"] | None:
    """Why the start week itself cannot be one; a running initiative keeps its start whatever it is."""
    if plan.start == plan.present_start:
        return None
    if plan.start < now:
        return "past"
    return "standstill" if calendar.stands_still(plan.start) else None


def fingerprint_of(conflicts: Iterable[Conflict]) -> str:
    """A short name for exactly these conflicts: an exception is granted for them and no others."""
    cells = [
        [c.unit, c.person, format_week(c.week), c.measure, c.before, c.after, c.limit]
        for c in sorted(conflicts, key=lambda conflict: conflict.order)
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


class Room:
    """What all others leave free: built once, then any number of variants of one plan is tried in it.

    Only variants of the initiative and owner that it is built for may be tried, up to `last`.
    """

    def __init__(self, portfolio: Portfolio, now: Week, plan: Plan, last: Week, without: Iterable[str] = ()):
        """Sum up what the others take from week `now` to `last`, and what the initiative has already."""
        self.portfolio, self.now = portfolio, now
        self._without = frozenset({plan.code, *without})
        self.last = max(last, now) + portfolio.drag_weeks
        self._others = Ledger(portfolio.landings(now), now, self.last, self._without)
        self._weeks = range(now, self.last + 1)
        self._still = portfolio.calendar.standstill_weeks(self._weeks)
        self._present = portfolio.commitments.get(plan.code)
        self._has = dict(self._cells_of(self._present)) if self._present else {}
        self._bounds: dict[str, Sequence[Bounds]] = {}
        self._too_much: dict[str | None, Sequence[float]] = {}
        self._filled: dict[UnitWeek, dict[str, Weight]] = {}
        self._owner = plan.owner
        self._owner_limit = None if plan.owner is None else portfolio.max_owned.get(plan.owner)
        self._owned = self._owned_weeks() if self._owner_limit is not None else {}

    def verdict(self, plan: Plan) -> Verdict:
        """The answer for one variant, without what fills the conflicting cells: that takes long to find."""
        start_problem = refused_start(plan, self.portfolio.calendar, self.now)
        if start_problem:
            return Verdict("does_not_fit", refused_start=start_problem)
        commitment = plan.laid_out(self.portfolio.calendar)
        cells = dict(self._cells_of(commitment))
        conflicts = sorted(self._conflicts(commitment, cells.items()), key=lambda conflict: conflict.order)
        return Verdict(
            self._kind(conflicts, commitment, cells),
            tuple(conflicts),
            tuple(sorted({unit for unit, week in cells if self._bounds_of(unit, week).limit is None})),
            self._unrated_among(cells),
        )

    def filled_in(self, verdict: Verdict) -> Verdict:
        """A verdict with the initiatives that fill every conflicting cell."""
        return replace(verdict, conflicts=tuple(map(self._filled_in, verdict.conflicts)))

    def stopped_on(self, plan: Plan) -> set[str | None]:
        """The units on which a confirmed limit stops a variant, None for its owner; none if the gate lets it in."""
        stretches = effective_stretches(plan.laid_out(self.portfolio.calendar), self.now, self.portfolio.drag_weeks)
        return self._stopped((one.first, one.last, self._weighed(one.impacts)) for one in stretches)

    def stopped_from(self, plan: Plan, first: Week, last: Week) -> Iterator[tuple[Week, set[str | None]]]:
        """The same for the plan begun in each running week from `first` to `last`: what a search for a start asks."""
        running = [*filterfalse(self._still.__contains__, range(first, self.last + 1))]
        phases = [(phase.weeks, self._weighed(phase.impacts)) for phase in plan.phases]
        for at, week in enumerate(running):
            if week > last:
                return
            yield week, self._stopped(_begun(running, at, phases, plan.forecast_end))

    def blocker(self, plan: Plan) -> Conflict | None:
        """The first binding conflict of a variant, if any."""
        commitment = plan.laid_out(self.portfolio.calendar)
        for owned in self._owner_conflicts(commitment):
            return owned
        for (unit, week), weight in self._cells_of(commitment):
            confirmed = self.portfolio.tree.units[unit].confirmed
            if confirmed and weight.load >= self._too_much_on(unit)[week - self.now]:
                return next(self._conflicts_in((unit, week), weight))
        return None

    def taken_by(self, code: str, conflict: Conflict) -> int:
        """How much of a conflicting cell one other initiative fills: what its pause would give back."""
        if conflict.unit is None:
            return int(code in conflict.filled_by)
        weight = self._filling(conflict.unit, conflict.week).get(code)
        if weight is None:
            return 0
        return weight.load if conflict.measure == "load" else 1

    def _kind(self, conflicts: Iterable[Conflict], plan: Commitment, cells: Mapping[UnitWeek, Weight]) -> VerdictKind:
        binding = {conflict.binding for conflict in conflicts}
        if binding:
            return "does_not_fit" if True in binding else "warns"
        exact = any(self._reaches_a_limit(cell, weight) for cell, weight in cells.items())
        return "fits_exactly" if exact or self._fills_the_owner(plan) else "fits"

    def _unrated_among(self, cells: Mapping[UnitWeek, Weight]) -> int:
        others = {unit: self._others.rows(unit)[2] for unit in {unit for unit, _ in cells}}
        return sum(weight.unrated + others[unit][week - self.now] > 0 for (unit, week), weight in cells.items())

    def _reaches_a_limit(self, cell: UnitWeek, weight: Weight) -> bool:
        bounds = self._bounds_of(*cell)
        load, parallel = self._others.load(*cell) + weight.load, self._others.parallel(*cell) + 1
        return load == bounds.limit or parallel == bounds.max_parallel

    def _fills_the_owner(self, plan: Commitment) -> bool:
        limit = self._owner_limit
        return limit is not None and any(len(self._owned_in(week)) + 1 == limit for week in self._weeks_of(plan))

    def _cells_of(self, commitment: Commitment) -> Iterator[tuple[UnitWeek, Weight]]:
        """The cells that an initiative fills from the current week on, week by week, unit by unit."""
        for stretch in effective_stretches(commitment, self.now, self.portfolio.drag_weeks):
            for first, last, ways_up in self.portfolio.tree.spans(max(stretch.first, self.now), stretch.last):
                weights = sorted(roll_up(stretch.impacts, ways_up).items())
                for week in range(first, last + 1):
                    if week not in self._still:
                        yield from (((unit, week), weight) for unit, weight in weights)

    def _stopped(self, laid_out: Iterable[tuple[Week, Week, Weighed]]) -> set[str | None]:
        stopped: set[str | None] = set()
        for first, last, weighed in laid_out:
            if last > self.last:
                raise IndexError(f"week {last} is not in the room")
            if last >= self.now:
                weeks = slice(max(first - self.now, 0), last - self.now + 1)
                for who, load, too_much in weighed:
                    if load >= min(too_much[weeks]):
                        stopped.add(who)
        return stopped

    def _weighed(self, impacts: Mapping[str, int | None]) -> Weighed:
        tree = self.portfolio.tree
        weighed: list[tuple[str | None, int, Sequence[float]]] = [
            (unit, weight.load, self._too_much_within(unit, first, last))
            for first, last, ways_up in tree.spans(self.now, self.last)
            for unit, weight in roll_up(impacts, ways_up).items()
            if tree.units[unit].confirmed
        ]
        return weighed if self._owner_limit is None else [*weighed, (None, 0, self._too_much_on(None))]

    def _weeks_of(self, commitment: Commitment) -> Iterator[Week]:
        """The weeks from the current one on in which an initiative is active, on units or not."""
        stretches = effective_stretches(commitment, self.now, self.portfolio.drag_weeks)
        if stretches:
            weeks = range(max(stretches[0].first, self.now), stretches[-1].last + 1)
            yield from (week for week in weeks if week not in self._still)

    def _conflicts(self, plan: Commitment, cells: Iterable[tuple[UnitWeek, Weight]]) -> Iterator[Conflict]:
        yield from self._owner_conflicts(plan)
        for (unit, week), weight in cells:
            if weight.load >= self._too_much_on(unit)[week - self.now]:
                yield from self._conflicts_in((unit, week), weight)

    def _conflicts_in(self, cell: UnitWeek, weight: Weight) -> Iterator[Conflict]:
        found = self._load_conflict(cell, weight), self._parallel_conflict(cell)
        return (conflict for conflict in found if conflict is not None)

    def _too_much_on(self, unit: str | None) -> Sequence[float]:
        """The least load of the initiative that exceeds a limit of a unit, or of its owner, week by week from now."""
        known = self._too_much.get(unit)
        if known is None:
            known = self._too_much_for_the_owner() if unit is None else self._too_much_for(unit)
            self._too_much[unit] = known
        return known

    def _too_much_within(self, unit: str, first: Week, last: Week) -> Sequence[float]:
        """The same, with nothing too much outside of some weeks: the unit is another's, or none, before or after."""
        too_much = self._too_much_on(unit)
        if (first, last) == (self.now, self.last):
            return too_much
        return [limit if first <= week <= last else inf for week, limit in zip(self._weeks, too_much, strict=True)]

    def _too_much_for(self, unit: str) -> Sequence[float]:
        """0 where it may not even run, infinity where nothing is too much, as in a standstill."""
        loads, parallels, _ = self._others.rows(unit)
        bounds = self._bounds_on(unit)
        found = [
            0
            if most is not None and parallel >= most
            else inf
            if limit is None
            else 1 + (limit - load if load < limit else 0)
            for (limit, most, _, _), load, parallel in zip(bounds, loads, parallels, strict=False)
        ]
        for at, has in self._had_on(unit):
            limit = bounds[at].limit
            found[at] = inf if limit is None else 1 + max(limit - loads[at], has)
        for week in self._still:
            found[week - self.now] = inf
        return found

    def _had_on(self, unit: str) -> list[tuple[int, int]]:
        """What the initiative puts on a unit already, each with its week's place in the room: that it may keep."""
        has = ((week - self.now, weight.load) for (where, week), weight in self._has.items() if where == unit)
        return [(at, load) for at, load in has if at < len(self._weeks)]

    def _too_much_for_the_owner(self) -> Sequence[float]:
        full, had = self._weeks_full_for_the_owner(), self._weeks_had_by_the_owner()
        return [0 if week in full and week not in had else inf for week in self._weeks]

    def _load_conflict(self, cell: UnitWeek, weight: Weight) -> Conflict | None:
        bounds, before = self._bounds_of(*cell), self._others.load(*cell)
        after, adds = before + weight.load, weight.load > self._has.get(cell, NOTHING).load
        if bounds.limit is None or after <= bounds.limit or not adds:
            return None
        return self._conflict(cell, "load", before, after, bounds.limit, bounds.limit_reason)

    def _parallel_conflict(self, cell: UnitWeek) -> Conflict | None:
        bounds, before = self._bounds_of(*cell), self._others.parallel(*cell)
        if bounds.max_parallel is None or before < bounds.max_parallel or cell in self._has:
            return None
        return self._conflict(cell, "parallel", before, before + 1, bounds.max_parallel, bounds.parallel_reason)

    def _conflict(
        self, cell: UnitWeek, measure: Measure, before: int, after: int, limit: int, reason: str | None
    ) -> Conflict:
        unit, week = cell
        binding = self.portfolio.tree.units[unit].confirmed
        return Conflict(unit, None, week, measure, before, after, limit, binding, reason)

    def _owner_conflicts(self, plan: Commitment) -> Iterator[Conflict]:
        limit = self._owner_limit
        if limit is None or len(self._owned) < limit:
            return
        had = self._weeks_had_by_the_owner()
        for week in self._weeks_of(plan):
            before = len(self._owned_in(week))
            if before >= limit and week not in had:
                yield Conflict(None, self._owner, week, "owner", before, before + 1, limit, binding=True)

    def _weeks_had_by_the_owner(self) -> frozenset[Week]:
        """The weeks in which the initiative is the owner's already."""
        had = self._present if self._present and self._present.owner == self._owner else None
        return frozenset(self._weeks_of(had)) if had else frozenset()

    def _owned_weeks(self) -> dict[str, frozenset[Week]]:
        """The weeks of the owner's other initiatives, by code."""
        return {
            code: frozenset(self._weeks_of(one))
            for code, one in self.portfolio.commitments.items()
            if one.owner == self._owner and code not in self._without
        }

    def _weeks_full_for_the_owner(self) -> Container[Week]:
        """The weeks in which the owner's other initiatives are as many as the limit allows, or more."""
        if self._owner_limit is None or len(self._owned) < self._owner_limit:
            return ()
        counted = Counter(chain.from_iterable(self._owned.values()))
        return {week for week in self._weeks if counted[week] >= self._owner_limit}

    def _owned_in(self, week: Week) -> list[str]:
        return [code for code, weeks in self._owned.items() if week in weeks]

    def _bounds_of(self, unit: str, week: Week) -> Bounds:
        return self._bounds_on(unit)[week - self.now]

    def _bounds_on(self, unit: str) -> Sequence[Bounds]:
        """What holds for a unit, week by week from the current one."""
        known = self._bounds.get(unit)
        if known is None:
            known = self._bounds[unit] = bounds_along(self.portfolio.tree.units[unit], self._weeks)
        return known

    def _filling(self, unit: str, week: Week) -> dict[str, Weight]:
        known = self._filled.get((unit, week))
        if known is None:
            there = fillers_of(self.portfolio, unit, week, self.now)
            known = {code: weight for code, weight in there.items() if code not in self._without}
            self._filled[unit, week] = known
        return known

    def _filled_in(self, conflict: Conflict) -> Conflict:
        if conflict.unit is None:
            return replace(conflict, filled_by=tuple(sorted(self._owned_in(conflict.week))))
        found = self._filling(conflict.unit, conflict.week).items()
        fill = sorted(code for code, weight in found if weight.load or conflict.measure == "parallel")
        unplanned = self.portfolio.unplanned
        return replace(
            conflict,
            filled_by=tuple(code for code in fill if code not in unplanned),
            unplanned=tuple(code for code in fill if code in unplanned),
        )


def _begun(
    running: Sequence[Week], at: int, phases: Sequence[tuple[int, Weighed]], forecast_end: Week | None
) -> Iterator[tuple[Week, Week, Weighed]]:
    """Phases laid out from place `at` of the running weeks on, the last one through a later forecast."""
    for left, (weeks, weighed) in zip(reversed(range(len(phases))), phases, strict=True):
        end = running[at + weeks - 1]
        yield running[at], end if left or forecast_end is None else max(end, forecast_end), weighed
        at += weeks

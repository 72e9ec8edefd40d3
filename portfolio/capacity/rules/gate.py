"""May this plan start? The one function that every path which adds load passes (capacity kernel §4)."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from portfolio.base.weeks import Week, format_week
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.limits import Bounds, bounds_of
from portfolio.capacity.rules.load import (
    NOTHING,
    Commitment,
    Ledger,
    Portfolio,
    Weight,
    counted_stretches,
    effective_stretches,
    filling,
    roll_up,
)

Measure = Literal["load", "parallel", "owner"]
VerdictKind = Literal["fits", "fits_exactly", "warns", "does_not_fit"]
UnitWeek = tuple[str, Week]


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
    `reason` says why the limit is lowered, if it is.
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
    return Room(portfolio, now, plan, last_week_of(plan, portfolio), without).verdict(plan)


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
        self._others = Ledger(portfolio, now, now, max(last, now) + portfolio.drag_weeks, self._without)
        self._present = portfolio.commitments.get(plan.code)
        self._landings: dict[tuple[tuple[str, int | None], ...], list[tuple[str, Weight]]] = {}
        self._has = dict(self._cells_of(self._present)) if self._present else {}
        self._bounds: dict[UnitWeek, Bounds] = {}
        self._forbidden: dict[UnitWeek, float] = {}
        self._filled: dict[UnitWeek, dict[str, Weight]] = {}
        self._stretches = list(counted_stretches(portfolio, now, self._without))
        self._owner = plan.owner
        self._owner_limit = None if plan.owner is None else portfolio.max_owned.get(plan.owner)
        self._owned = self._owned_weeks() if self._owner_limit is not None else {}

    def verdict(self, plan: Plan) -> Verdict:
        """The full answer for one variant, with the initiatives that fill every conflicting cell."""
        start_problem = refused_start(plan, self.portfolio.calendar, self.now)
        if start_problem:
            return Verdict("does_not_fit", refused_start=start_problem)
        commitment = plan.laid_out(self.portfolio.calendar)
        cells = dict(self._cells_of(commitment))
        conflicts = sorted(self._conflicts(commitment, cells.items()), key=lambda conflict: conflict.order)
        return Verdict(
            self._kind(conflicts, commitment, cells),
            tuple(replace(conflict, filled_by=self._fillers(conflict)) for conflict in conflicts),
            tuple(sorted({unit for unit, week in cells if self._bounds_of(unit, week).limit is None})),
            sum(weight.unrated + self._others.unrated(*cell) > 0 for cell, weight in cells.items()),
        )

    def blocker(self, plan: Plan) -> Conflict | None:
        """The first binding conflict of a variant, if any: what a search asks, and cheaper than a verdict."""
        commitment = plan.laid_out(self.portfolio.calendar)
        for owned in self._owner_conflicts(commitment):
            return owned
        for cell, weight in self._cells_of(commitment):
            if weight.load >= self._forbidden_from(cell):
                return next(self._conflicts_in(cell, weight))
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

    def _reaches_a_limit(self, cell: UnitWeek, weight: Weight) -> bool:
        bounds = self._bounds_of(*cell)
        load, parallel = self._others.load(*cell) + weight.load, self._others.parallel(*cell) + 1
        return load == bounds.limit or parallel == bounds.max_parallel

    def _fills_the_owner(self, plan: Commitment) -> bool:
        limit = self._owner_limit
        return limit is not None and any(len(self._owned_in(week)) + 1 == limit for week in self._weeks_of(plan))

    def _cells_of(self, commitment: Commitment) -> Iterator[tuple[UnitWeek, Weight]]:
        """The cells that an initiative fills from the current week on, week by week, unit by unit."""
        calendar = self.portfolio.calendar
        for stretch in effective_stretches(commitment, self.now, self.portfolio.drag_weeks):
            weights = self._landing(stretch.impacts)
            for week in range(max(stretch.first, self.now), stretch.last + 1):
                if not calendar.stands_still(week):
                    yield from (((unit, week), weight) for unit, weight in weights)

    def _landing(self, impacts: Mapping[str, int | None]) -> list[tuple[str, Weight]]:
        """Impacts as they land, unit by unit: the same for every start that is tried."""
        written = tuple(impacts.items())
        known = self._landings.get(written)
        if known is None:
            known = self._landings[written] = sorted(roll_up(impacts, self.portfolio.tree).items())
        return known

    def _weeks_of(self, commitment: Commitment) -> Iterator[Week]:
        """The weeks from the current one on in which an initiative is active, on units or not."""
        stretches = effective_stretches(commitment, self.now, self.portfolio.drag_weeks)
        if stretches:
            weeks = range(max(stretches[0].first, self.now), stretches[-1].last + 1)
            yield from (week for week in weeks if not self.portfolio.calendar.stands_still(week))

    def _conflicts(self, plan: Commitment, cells: Iterable[tuple[UnitWeek, Weight]]) -> Iterator[Conflict]:
        yield from self._owner_conflicts(plan)
        for cell, weight in cells:
            yield from self._conflicts_in(cell, weight)

    def _conflicts_in(self, cell: UnitWeek, weight: Weight) -> Iterator[Conflict]:
        found = self._load_conflict(cell, weight), self._parallel_conflict(cell)
        return (conflict for conflict in found if conflict is not None)

    def _forbidden_from(self, cell: UnitWeek) -> float:
        """The least load that a confirmed limit forbids the initiative in a cell: 0 where it may not even run."""
        known = self._forbidden.get(cell)
        if known is None:
            known = self._forbidden[cell] = self._least_forbidden(cell)
        return known

    def _least_forbidden(self, cell: UnitWeek) -> float:
        bounds = self._bounds_of(*cell)
        if not self.portfolio.tree.units[cell[0]].confirmed:
            return inf
        if self._parallel_conflict(cell) is not None:
            return 0
        if bounds.limit is None:
            return inf
        return 1 + max(self._has.get(cell, NOTHING).load, bounds.limit - self._others.load(*cell))

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
        for week in self._weeks_added_to_the_owner(plan):
            before = len(self._owned_in(week))
            if before >= limit:
                yield Conflict(None, self._owner, week, "owner", before, before + 1, limit, binding=True)

    def _weeks_added_to_the_owner(self, plan: Commitment) -> Iterator[Week]:
        had = self._present if self._present and self._present.owner == self._owner else None
        has = frozenset(self._weeks_of(had)) if had else frozenset()
        return (week for week in self._weeks_of(plan) if week not in has)

    def _owned_weeks(self) -> dict[str, frozenset[Week]]:
        """The weeks of the owner's other initiatives, by code."""
        return {
            code: frozenset(self._weeks_of(one))
            for code, one in self.portfolio.commitments.items()
            if one.owner == self._owner and code not in self._without
        }

    def _owned_in(self, week: Week) -> list[str]:
        return [code for code, weeks in self._owned.items() if week in weeks]

    def _bounds_of(self, unit: str, week: Week) -> Bounds:
        known = self._bounds.get((unit, week))
        if known is None:
            known = self._bounds[unit, week] = bounds_of(self.portfolio.tree.units[unit], week)
        return known

    def _filling(self, unit: str, week: Week) -> dict[str, Weight]:
        known = self._filled.get((unit, week))
        if known is None:
            known = self._filled[unit, week] = filling(self._stretches, unit, week, self.portfolio)
        return known

    def _fillers(self, conflict: Conflict) -> tuple[str, ...]:
        if conflict.unit is None:
            return tuple(sorted(self._owned_in(conflict.week)))
        found = self._filling(conflict.unit, conflict.week).items()
        return tuple(sorted(code for code, weight in found if weight.load or conflict.measure == "parallel"))

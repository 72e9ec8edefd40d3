"""May this plan start? The one function that every path which adds load passes (capacity kernel §4)."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from portfolio.base.weeks import Week, format_week
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.limits import Bounds, bounds_of, exceeds
from portfolio.capacity.rules.load import (
    Commitment,
    Ledger,
    Portfolio,
    Weight,
    Weights,
    effective_stretches,
    is_active,
    owned_in,
    roll_up,
)

Measure = Literal["load", "parallel", "owner"]
VerdictKind = Literal["fits", "fits_exactly", "warns", "does_not_fit"]
NOTHING = Weight()


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
    """The last week in which a plan as laid out could matter, the drag of an overdue one included."""
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
        self._owner = plan.owner
        self._last = max(last, now) + portfolio.drag_weeks
        self._others = Ledger(portfolio, now, now, self._last, self._without)
        self._bounds: dict[tuple[str, Week], Bounds] = {}
        self._owned: dict[Week, int] = {}
        self._present = portfolio.commitments.get(plan.code)
        self._has = dict(self._cells_of(self._present)) if self._present else {}

    def verdict(self, plan: Plan) -> Verdict:
        """The full answer for one variant, with the initiatives that fill every conflicting cell."""
        start_problem = refused_start(plan, self.portfolio.calendar, self.now)
        if start_problem:
            return Verdict("does_not_fit", refused_start=start_problem)
        commitment = plan.laid_out(self.portfolio.calendar)
        cells = dict(self._cells_of(commitment))
        conflicts = sorted(self._conflicts(commitment, cells.items()), key=lambda conflict: conflict.order)
        full = tuple(self._with_fillers(conflict) for conflict in conflicts)
        return Verdict(
            self._kind(full, commitment, cells),
            full,
            tuple(sorted({unit for unit, week in cells if self._bounds_of(unit, week).limit is None})),
            sum(weight.unrated + self._others.unrated(*cell) > 0 for cell, weight in cells.items()),
        )

    def blocker(self, plan: Plan) -> Conflict | None:
        """The first binding conflict of a variant, or None if it fits: what a search asks, cheaply."""
        commitment = plan.laid_out(self.portfolio.calendar)
        found = self._conflicts(commitment, self._cells_of(commitment))
        return next((conflict for conflict in found if conflict.binding), None)

    def _kind(
        self, conflicts: tuple[Conflict, ...], plan: Commitment, cells: dict[tuple[str, Week], Weight]
    ) -> VerdictKind:
        if any(conflict.binding for conflict in conflicts):
            return "does_not_fit"
        if conflicts:
            return "warns"
        exact = any(self._reaches_a_limit(cell, weight) for cell, weight in cells.items())
        return "fits_exactly" if exact or self._owner_is_full(plan) else "fits"

    def _cells_of(self, commitment: Commitment) -> Iterator[tuple[tuple[str, Week], Weight]]:
        """The cells that an initiative fills from the current week on, week by week."""
        calendar, tree = self.portfolio.calendar, self.portfolio.tree
        for stretch in effective_stretches(commitment, self.now, self.portfolio.drag_weeks):
            weights: Weights = roll_up(stretch.impacts, tree)
            for week in range(max(stretch.first, self.now), stretch.last + 1):
                if not calendar.stands_still(week):
                    yield from (((unit, week), weight) for unit, weight in weights.items())

    def _conflicts(self, plan: Commitment, cells: Iterable[tuple[tuple[str, Week], Weight]]) -> Iterator[Conflict]:
        yield from self._owner_conflicts(plan)
        for (unit, week), weight in cells:
            has = self._has.get((unit, week))
            bounds = self._bounds_of(unit, week)
            binding = self.portfolio.tree.units[unit].confirmed
            load, parallel = self._others.load(unit, week), self._others.parallel(unit, week)
            if bounds.limit is not None and weight.load > (has or NOTHING).load:
                after = load + weight.load
                if after > bounds.limit:
                    why = bounds.limit_reason
                    yield Conflict(unit, None, week, "load", load, after, bounds.limit, binding, why)
            if has is None and bounds.max_parallel is not None and parallel + 1 > bounds.max_parallel:
                limit, why = bounds.max_parallel, bounds.parallel_reason
                yield Conflict(unit, None, week, "parallel", parallel, parallel + 1, limit, binding, why)

    def _owner_conflicts(self, plan: Commitment) -> Iterator[Conflict]:
        limit = self._owner_limit
        if limit is None:
            return
        for week in self._weeks_added_to_the_owner(plan):
            before = self._owned_by_others(week)
            if exceeds(before + 1, limit):
                yield Conflict(None, self._owner, week, "owner", before, before + 1, limit, binding=True)

    def _weeks_added_to_the_owner(self, plan: Commitment) -> Iterator[Week]:
        had = self._present if self._present and self._present.owner == self._owner else None
        for week in self._active_weeks(plan):
            if had is None or not is_active(had, week, self.now, self.portfolio):
                yield week

    def _active_weeks(self, plan: Commitment) -> Iterator[Week]:
        stretches = effective_stretches(plan, self.now, self.portfolio.drag_weeks)
        if stretches:
            weeks = range(max(stretches[0].first, self.now), stretches[-1].last + 1)
            yield from (week for week in weeks if not self.portfolio.calendar.stands_still(week))

    @property
    def _owner_limit(self) -> int | None:
        return None if self._owner is None else self.portfolio.max_owned.get(self._owner)

    def _owned_by_others(self, week: Week) -> int:
        known = self._owned.get(week)
        if known is None:
            known = self._owned[week] = len(self._owner_fills(week))
        return known

    def _owner_fills(self, week: Week) -> list[str]:
        if self._owner is None:
            return []
        return owned_in(self.portfolio, self._owner, week, self.now, self._without)

    def _owner_is_full(self, plan: Commitment) -> bool:
        limit = self._owner_limit
        return limit is not None and any(
            self._owned_by_others(week) + 1 == limit for week in self._active_weeks(plan)
        )

    def _reaches_a_limit(self, cell: tuple[str, Week], weight: Weight) -> bool:
        bounds = self._bounds_of(*cell)
        load, parallel = self._others.load(*cell) + weight.load, self._others.parallel(*cell) + 1
        return load == bounds.limit or parallel == bounds.max_parallel

    def _bounds_of(self, unit: str, week: Week) -> Bounds:
        known = self._bounds.get((unit, week))
        if known is None:
            known = self._bounds[unit, week] = bounds_of(self.portfolio.tree.units[unit], week)
        return known

    def _with_fillers(self, conflict: Conflict) -> Conflict:
        if conflict.unit is None:
            return replace(conflict, filled_by=tuple(sorted(self._owner_fills(conflict.week))))
        found = fillers_of(self.portfolio, conflict.unit, conflict.week, self.now, self._without)
        fillers = (code for code, weight in found.items() if weight.load or conflict.measure == "parallel")
        return replace(conflict, filled_by=tuple(sorted(fillers)))


def fillers_of(
    portfolio: Portfolio, unit: str, week: Week, now: Week, without: Iterable[str] = ()
) -> dict[str, Weight]:
    """What each counting initiative puts on a unit in a week: {code: weight}; empty in a standstill."""
    left_out = frozenset(without)
    found: dict[str, Weight] = {}
    if portfolio.calendar.stands_still(week):
        return found
    for code, commitment in portfolio.commitments.items():
        for stretch in effective_stretches(commitment, now, portfolio.drag_weeks):
            if code not in left_out and stretch.first <= week <= stretch.last:
                weight = roll_up(stretch.impacts, portfolio.tree).get(unit)
                if weight is not None:
                    found[code] = weight
    return found

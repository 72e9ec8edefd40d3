"""What must hold whatever the municipality does (capacity kernel §6)."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Period, Phase
from portfolio.capacity.rules.gate import Conflict, evaluate
from portfolio.capacity.rules.limits import LoweredLimit, Unit, exceeds
from portfolio.capacity.rules.load import Cell, load_map
from portfolio.capacity.rules.ways import Request, earliest_start, verdict_and_earliest
from tests.rules.capacity.worlds import (
    MOMENTS,
    Run,
    World,
    asked,
    limited_units,
    phase_lists,
    sparingly,
    steadily,
    worlds,
)

Cells = dict[tuple[str, Week], Cell]


def cells(world: World) -> Cells:
    found = load_map(world.portfolio, world.now, world.now - 16, 60)
    running = ((unit, cell) for unit, row in found.items() for cell in row if cell.level != "standstill")
    return {(unit, cell.week): cell for unit, cell in running}


def enlarge(impacts, unit: str, impact: int):
    return {**impacts, unit: max(impact, impacts.get(unit) or 0)}


@steadily
@given(worlds(), st.data())
def test_adding_or_enlarging_an_impact_never_lowers_a_load(world, data):
    if not world.runs:
        return
    chosen = data.draw(st.sampled_from(world.runs))
    at = data.draw(st.integers(0, len(chosen.phases) - 1))
    unit = data.draw(st.sampled_from(world.units)).code
    phases = list(chosen.phases)
    phases[at] = replace(phases[at], impacts=enlarge(phases[at].impacts, unit, data.draw(st.integers(1, 3))))
    before, after = cells(world), cells(world.with_run(replace(chosen, phases=tuple(phases))))
    for key, cell in before.items():
        assert after[key].load >= cell.load
        assert after[key].parallel >= cell.parallel


@steadily
@given(asked())
def test_pausing_never_raises_a_load_and_never_makes_a_plan_fit_less(case):
    world, wanted = case
    plan = world.plan(wanted)
    before = cells(world)
    for one in world.runs:
        after = cells(world.without(one.code))
        assert all(after[key].load <= cell.load for key, cell in before.items())
        assert all(after[key].parallel <= cell.parallel for key, cell in before.items())
        if one.code != wanted.code and evaluate(plan, world.portfolio, world.now).fits:
            assert evaluate(plan, world.portfolio, world.now, [one.code]).fits


@steadily
@given(worlds(), st.data())
def test_lowering_a_limit_never_turns_over_into_something_else(world, data):
    unit = data.draw(st.sampled_from(world.units))
    weeks = Period(world.now, world.now + data.draw(st.integers(0, 9)), data.draw(st.booleans()))
    limits = st.none() | st.integers(0, 6)
    row = LoweredLimit(weeks, data.draw(limits), data.draw(limits), "skäl")
    before, after = cells(world), cells(world.with_unit(replace(unit, lowered=(*unit.lowered, row))))
    for key, cell in before.items():
        assert cell.level != "over" or after[key].level == "over"
        assert (after[key].load, after[key].parallel) == (cell.load, cell.parallel)


@steadily
@given(worlds(), st.data())
def test_moving_an_impact_to_a_unit_below_never_changes_the_load_above(world, data):
    world = replace(world, moved=(), succeeded=())
    pairs = [(above, below) for above in world.portfolio.tree.units for below in world.portfolio.tree.below(above)]
    if not pairs:
        return
    above, below = data.draw(st.sampled_from(pairs))
    weeks, impact = data.draw(st.integers(1, 5)), data.draw(st.sampled_from([1, 2, 3, None]))
    placed = [
        cells(world.with_run(Run("FI-900", world.now, (Phase("implement", weeks, {unit: impact}),))))
        for unit in (above, below)
    ]
    for unit in world.portfolio.tree.above(above):
        for (code, week), cell in placed[0].items():
            if code == unit:
                moved = placed[1][unit, week]
                assert (moved.load, moved.parallel, moved.unrated) == (cell.load, cell.parallel, cell.unrated)


@steadily
@given(asked())
def test_evaluating_twice_gives_the_same(case):
    world, wanted = case
    plan, portfolio = world.plan(wanted), world.portfolio
    first = evaluate(plan, portfolio, world.now)
    assert evaluate(plan, portfolio, world.now) == first
    assert evaluate(plan, world.portfolio, world.now) == first


@steadily
@given(asked())
def test_the_verdict_and_the_earliest_start_are_the_same_found_together_and_each_by_itself(case):
    world, wanted = case
    plan, portfolio = world.plan(wanted), world.portfolio
    verdict, earliest = verdict_and_earliest(Request(plan, portfolio, world.now))
    full = evaluate(plan, portfolio, world.now)
    assert verdict == replace(full, conflicts=tuple(map(_without_fillers, full.conflicts)))
    if not verdict.fits:
        assert earliest == earliest_start(plan, plan.start, portfolio, world.now)


def _without_fillers(conflict: Conflict) -> Conflict:
    return replace(conflict, filled_by=(), unplanned=())


@steadily
@given(asked(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_changes_nothing(case, random):
    world, wanted = case
    runs, phases = list(world.runs), []
    random.shuffle(runs)
    for one in wanted.phases:
        impacts = list(one.impacts.items())
        random.shuffle(impacts)
        phases.append(replace(one, impacts=dict(impacts)))
    shuffled = replace(world, runs=tuple(runs))
    again = replace(wanted, phases=tuple(phases))
    assert evaluate(shuffled.plan(again), shuffled.portfolio, world.now) == evaluate(
        world.plan(wanted), world.portfolio, world.now
    )


@steadily
@given(asked())
def test_only_the_units_and_the_owner_that_a_plan_touches_decide(case):
    """The check reads the cells it touches: all that fills other cells may be left out of the portfolio."""
    world, wanted = case
    tree = world.portfolio.tree
    line = {above for part in wanted.phases for code in part.impacts for above in tree.above(code)}
    touching = [
        one
        for one in world.runs
        if (one.owner is not None and one.owner == wanted.owner)
        or any(line & set(tree.above(code)) for part in one.phases for code in part.impacts)
    ]
    small = replace(world, runs=tuple(touching))
    plan = world.plan(wanted)
    assert evaluate(plan, small.portfolio, world.now) == evaluate(plan, world.portfolio, world.now)


STEPS = list(product(["start", "start", "pause"], range(1, 5), range(7), [None, 1, 2]))


@st.composite
def histories(draw: st.DrawFn) -> tuple[World, list[tuple[str, Run]]]:
    """An empty municipality and what is asked of it, one decision after the other."""
    now = draw(st.sampled_from(MOMENTS))
    units = tuple(draw(limited_units(code, parent, now)) for code, parent in (("A", None), ("B", "A"), ("C", "B")))
    codes = tuple(unit.code for unit in units)
    steps = []
    for _ in range(draw(st.integers(1, 8))):
        kind, number, ahead, owner = draw(st.sampled_from(STEPS))
        phases = draw(phase_lists(codes))
        steps.append((kind, Run(f"FI-00{number}", now + ahead, phases, owner)))
    return World(units, max_owned={1: 1, 2: 2}, now=now), steps


@sparingly
@given(histories())
def test_no_row_of_decisions_through_the_gate_puts_a_cell_over_a_confirmed_limit(history):
    world, steps = history
    for kind, wanted in steps:
        if kind == "pause":
            world = world.without(wanted.code)
        elif evaluate(world.plan(wanted), world.portfolio, world.now).fits:
            world = world.with_run(wanted)
        confirmed = [unit.code for unit in world.units if unit.confirmed]
        over = [key for key, cell in cells(world).items() if cell.level == "over" and key[1] >= world.now]
        assert not [key for key in over if key[0] in confirmed]


@sparingly
@given(histories(), st.integers(0, 7))
def test_after_a_limit_is_lowered_nothing_more_is_let_into_the_cells_over_it(history, limit):
    world, steps = history
    for _, wanted in steps[:4]:
        if evaluate(world.plan(wanted), world.portfolio, world.now).fits:
            world = world.with_run(wanted)
    world = world.with_unit(Unit("A", None, limit))
    for _, wanted in steps[4:]:
        before, verdict = cells(world), evaluate(world.plan(wanted), world.portfolio, world.now)
        if not verdict.fits:
            continue
        world = world.with_run(wanted)
        for key, cell in cells(world).items():
            if key[0] == "A" and key[1] >= world.now and exceeds(cell.load, limit):
                assert cell.load <= before[key].load

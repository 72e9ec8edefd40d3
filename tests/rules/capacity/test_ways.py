"""Ways forward: never a dead end, and nothing offered that the gate would refuse (capacity kernel §5)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from portfolio.base.weeks import sunday
from portfolio.capacity.rules.calendar import Period
from portfolio.capacity.rules.gate import evaluate, fingerprint_of
from portfolio.capacity.rules.limits import LoweredLimit, Unit
from portfolio.capacity.rules.ways import (
    AskException,
    Earliest,
    Move,
    Pause,
    Paused,
    Reduce,
    Way,
    earliest_start,
    longest_exception,
    misses,
    ways_forward,
)
from tests.rules.capacity.oracle import Question, lower
from tests.rules.capacity.worlds import NOW, Run, World, asked, crowded, phase, run, sparingly, steadily

TREE = (Unit("KLF", limit=8), Unit("KAN", "KLF", 4), Unit("SOC", limit=4), Unit("LUM"))


def town(*runs, units=TREE, **rest) -> World:
    return World(units, runs, **rest)


def ways(world: World, wanted: Run, must_finish_by: date | None = None) -> tuple[Way, ...]:
    plan = world.plan(wanted)
    verdict = evaluate(plan, world.portfolio, world.now)
    return ways_forward(plan, verdict, world.portfolio, world.now, must_finish_by)


def way(kind, world: World, wanted: Run, must_finish_by: date | None = None):
    found = [one for one in ways(world, wanted, must_finish_by) if isinstance(one, kind)]
    assert len(found) <= 1
    return found[0] if found else None


def earliest(world: World, wanted: Run) -> Earliest:
    return earliest_start(world.plan(wanted), wanted.start, world.portfolio, world.now)


def test_a_forecast_beyond_the_plan_is_looked_at_too_when_a_start_is_searched():
    world = town(run("FI-001", NOW + 6, phase(2, SOC=3)))
    wanted = run("FI-002", NOW, phase(1, KAN=1), phase(1, SOC=2))
    assert earliest(world, wanted).week == NOW
    assert earliest(world, replace(wanted, forecast_end=NOW + 6)).week == NOW + 7


def test_a_plan_that_fits_needs_no_way_forward():
    assert ways(town(), run("FI-001", NOW, phase(2, SOC=1))) == ()


def test_a_plan_that_only_warns_needs_no_way_forward():
    world = town(units=(Unit("SOC", limit=1, confirmed=False),))
    assert ways(world, run("FI-001", NOW, phase(2, SOC=3))) == ()


def test_the_ways_come_in_their_order():
    world = town(run("FI-001", NOW, phase(4, SOC=3)))
    found = ways(world, run("FI-002", NOW, phase(2, SOC=2)))
    assert [type(one) for one in found] == [Move, Reduce, Pause, AskException]


def test_a_plan_moves_to_the_first_week_with_room_and_says_what_was_in_the_way():
    world = town(run("FI-001", NOW, phase(4, SOC=3)))
    move = way(Move, world, run("FI-002", NOW + 1, phase(2, SOC=2)))
    assert (move.start, move.end) == (NOW + 4, NOW + 5)
    assert (move.bound_by.unit, move.bound_by.week) == ("SOC", NOW + 3)


def test_what_is_in_the_way_may_lie_late_in_the_plan():
    rush = LoweredLimit(Period(NOW + 6, NOW + 6), 0, None, "Terminsstart")
    found = earliest(town(units=(Unit("SOC", limit=4, lowered=(rush,)),)), run("FI-001", NOW, phase(8, SOC=1)))
    assert found.week == NOW + 7
    assert (found.bound_by.unit, found.bound_by.week, found.bound_by.reason) == ("SOC", NOW + 6, "Terminsstart")


def test_a_start_wished_in_the_past_is_searched_from_this_week():
    found = earliest(town(), run("FI-001", NOW - 9, phase(2, SOC=1)))
    assert found == Earliest(NOW)


def test_a_start_wished_in_a_standstill_moves_past_it():
    world = town(standstills=(Period(NOW + 1, NOW + 2),))
    assert earliest(world, run("FI-001", NOW + 1, phase(2, SOC=1))) == Earliest(NOW + 3)
    found = ways(world, run("FI-001", NOW + 1, phase(2, SOC=1)))
    assert found == (Move(NOW + 3, NOW + 4, misses_finish=False, bound_by=None),)


def test_a_smaller_plan_may_start_sooner_after_a_standstill():
    world = town(run("FI-001", NOW, phase(6, SOC=3)), standstills=(Period(NOW + 1, NOW + 2),))
    reduce = way(Reduce, world, run("FI-002", NOW + 1, phase(2, SOC=2)))
    assert (reduce.to_impact, reduce.start) == (1, NOW + 3)


def test_the_search_ends_104_weeks_after_the_wished_one_inclusive():
    full = LoweredLimit(Period(NOW, NOW + 103), 0, None, "Ombyggnad")
    wanted = run("FI-001", NOW, phase(1, SOC=1))
    assert earliest(town(units=(Unit("SOC", limit=4, lowered=(full,)),)), wanted).week == NOW + 104
    longer = replace(full, period=Period(NOW, NOW + 104))
    found = earliest(town(units=(Unit("SOC", limit=4, lowered=(longer,)),)), wanted)
    assert found.week is None
    assert (found.bound_by.unit, found.bound_by.week) == ("SOC", NOW + 104)


def test_the_search_is_counted_from_the_wished_week_also_when_it_has_passed():
    full = LoweredLimit(Period(NOW, NOW + 99), 0, None, "Ombyggnad")
    world = town(units=(Unit("SOC", limit=4, lowered=(full,)),))
    assert earliest(world, run("FI-001", NOW - 4, phase(1, SOC=1))).week == NOW + 100
    assert earliest(world, run("FI-001", NOW - 5, phase(1, SOC=1))).week is None


def test_an_initiative_that_runs_has_no_earliest_start():
    world = town(run("FI-001", NOW - 2, phase(4, SOC=1)), run("FI-002", NOW, phase(4, SOC=3)))
    wanted = run("FI-001", NOW - 2, phase(4, SOC=2))
    assert earliest(world, wanted) == Earliest(None)
    assert way(Move, world, wanted) is None


def test_the_smallest_lowering_that_makes_the_wished_week_fit_is_offered():
    world = town(run("FI-001", NOW, phase(4, SOC=2)))
    wanted = run("FI-002", NOW, phase(2, KAN=1), phase(2, SOC=3, KAN=1))
    reduce = way(Reduce, world, wanted)
    assert (reduce.phase, reduce.unit, reduce.from_impact, reduce.to_impact) == (1, "SOC", 3, 2)
    assert (reduce.start, reduce.end) == (NOW, NOW + 3)
    assert reduce.phases == (wanted.phases[0], phase(2, SOC=2, KAN=1))


def test_a_lowering_to_nothing_leaves_the_unit_out():
    world = town(run("FI-001", NOW, phase(4, SOC=4)))
    reduce = way(Reduce, world, run("FI-002", NOW, phase(2, SOC=1, KAN=1)))
    assert (reduce.to_impact, reduce.phases) == (0, (phase(2, KAN=1),))


def test_equal_lowerings_take_the_latest_phase_and_then_the_first_unit():
    units = (Unit("KLF", limit=4), Unit("KAN", "KLF"), Unit("EKO", "KLF"))
    world = town(run("FI-001", NOW, phase(9, KLF=2)), units=units)
    heavy = phase(1, KAN=3)
    first = way(Reduce, world, run("FI-002", NOW, heavy, phase(1, EKO=1)))
    assert (first.phase, first.unit) == (0, "KAN")
    free = town(units=(Unit("A", limit=9), Unit("B", limit=9), Unit("C", max_parallel=0)))
    assert way(Reduce, free, run("FI-001", NOW, phase(1, C=1, A=1))).unit == "C"
    crowded = town(run("FI-001", NOW, phase(4, A=1), owner=1), units=(Unit("A", limit=2), Unit("B", "A")))
    tied = way(Reduce, crowded, run("FI-002", NOW, phase(1, A=2), phase(1, A=1)))
    assert (tied.phase, tied.from_impact, tied.to_impact) == (0, 2, 1)


def test_a_lowering_that_gives_no_week_but_an_earlier_one_is_offered_second():
    world = town(run("FI-001", NOW, phase(2, SOC=4)), run("FI-002", NOW + 2, phase(4, SOC=3)))
    reduce = way(Reduce, world, run("FI-003", NOW, phase(2, SOC=2, KAN=1), phase(2, KAN=1)))
    assert (reduce.unit, reduce.to_impact, reduce.start) == ("SOC", 0, NOW)
    split = run("FI-003", NOW, phase(1, SOC=1), phase(1, SOC=2))
    reduce = way(Reduce, world, split)
    assert (reduce.phase, reduce.to_impact, reduce.start) == (1, 1, NOW + 2)


def test_less_for_an_office_gives_its_department_an_earlier_start():
    units = (Unit("KLF", limit=4), Unit("KAN", "KLF"))
    world = town(run("FI-001", NOW, phase(2, KLF=4)), run("FI-002", NOW + 2, phase(4, KLF=3)), units=units)
    reduce = way(Reduce, world, run("FI-003", NOW, phase(1, KAN=1), phase(1, KAN=2)))
    assert (reduce.phase, reduce.unit, reduce.to_impact, reduce.start) == (1, "KAN", 1, NOW + 2)


def test_an_unrated_impact_is_not_something_to_lower():
    world = town(units=(Unit("SOC", max_parallel=0),))
    assert way(Reduce, world, run("FI-001", NOW, phase(2, SOC=None))) is None


def test_a_crowded_owner_is_not_helped_by_smaller_impacts():
    world = town(run("FI-001", NOW, phase(2, LUM=1), owner=1), max_owned={1: 1})
    found = ways(world, run("FI-002", NOW, phase(2, LUM=3), owner=1))
    assert [type(one) for one in found] == [Move, Pause, AskException]


def test_the_pause_takes_the_lowest_rank_that_helps():
    ours = [run(f"FI-00{number}", NOW, phase(9, SOC=1), rank=number) for number in (1, 2, 3)]
    pause = way(Pause, town(*ours), run("FI-009", NOW, phase(1, SOC=2)))
    assert [paused.code for paused in pause.paused] == ["FI-003"]
    unranked = replace(ours[0], rank=None)
    pause = way(Pause, town(unranked, *ours[1:]), run("FI-009", NOW, phase(1, SOC=2)))
    assert [paused.code for paused in pause.paused] == ["FI-001"]


def test_one_pause_is_better_than_two_whatever_the_rank():
    ours = [run("FI-001", NOW, phase(9, SOC=2), rank=1)]
    ours += [run(f"FI-00{number}", NOW, phase(9, SOC=1), rank=number) for number in (2, 3)]
    pause = way(Pause, town(*ours), run("FI-009", NOW, phase(1, SOC=2)))
    assert [paused.code for paused in pause.paused] == ["FI-001"]
    pause = way(Pause, town(*ours), run("FI-009", NOW, phase(1, SOC=3)))
    assert [paused.code for paused in pause.paused] == ["FI-003", "FI-001"]
    pause = way(Pause, town(*ours[1:], units=(Unit("SOC", limit=2),)), run("FI-009", NOW, phase(1, SOC=2)))
    assert [paused.code for paused in pause.paused] == ["FI-003", "FI-002"]


def test_three_are_never_paused_for_one():
    ours = [run(f"FI-00{number}", NOW, phase(9, SOC=1), rank=number) for number in (1, 2, 3)]
    world = town(*ours, units=(Unit("SOC", limit=3),))
    assert way(Pause, world, run("FI-009", NOW, phase(1, SOC=3))) is None


def test_a_legal_duty_is_never_paused():
    duty = replace(run("FI-001", NOW, phase(9, SOC=3)), legal_duty=True)
    assert way(Pause, town(duty), run("FI-002", NOW, phase(1, SOC=2))) is None


@pytest.mark.parametrize(("run_weeks", "offered"), [(7, True), (8, False), (9, False)])
def test_one_that_is_nearly_done_is_never_paused(run_weeks, offered):
    nearly = run("FI-001", NOW - run_weeks, phase(10, SOC=3))
    assert (way(Pause, town(nearly), run("FI-002", NOW, phase(1, SOC=2))) is not None) == offered


def test_a_standstill_is_no_work_done():
    quiet = (Period(NOW - 6, NOW - 4),)
    nearly = run("FI-001", NOW - 10, phase(10, SOC=3))
    assert way(Pause, town(nearly, standstills=quiet), run("FI-002", NOW, phase(1, SOC=2))) is not None


def test_a_dragging_initiative_is_never_paused():
    dragging = run("FI-001", NOW - 12, phase(10, SOC=3))
    assert way(Pause, town(dragging), run("FI-002", NOW, phase(1, SOC=2))) is None


def test_a_pause_tells_when_the_rest_is_done():
    world = town(run("FI-001", NOW - 2, phase(6, SOC=3)))
    pause = way(Pause, world, run("FI-002", NOW, phase(5, SOC=2)))
    assert pause.paused == (Paused("FI-001", NOW + 5, 5),)
    assert (pause.start, pause.end) == (NOW, NOW + 4)


def test_two_paused_resume_one_after_the_other():
    ours = [run(f"FI-00{number}", NOW, phase(2, SOC=2), rank=number) for number in (1, 2)]
    pause = way(Pause, town(*ours), run("FI-009", NOW, phase(2, SOC=4)))
    assert pause.paused == (Paused("FI-002", NOW + 2, 2), Paused("FI-001", NOW + 2, 2))
    tight = town(*ours, units=(Unit("SOC", limit=4, lowered=(LoweredLimit(Period(NOW + 2, NOW + 9), 2, None, ""),)),))
    pause = way(Pause, tight, run("FI-009", NOW, phase(2, SOC=4)))
    assert {(paused.code, paused.resumes) for paused in pause.paused} == {("FI-001", NOW + 2), ("FI-002", NOW + 4)}


def test_what_was_to_start_later_never_resumes_before_its_own_start():
    later = run("FI-001", NOW + 3, phase(2, SOC=3))
    pause = way(Pause, town(later), run("FI-002", NOW, phase(3, LUM=1), phase(2, SOC=2)))
    assert pause.paused == (Paused("FI-001", NOW + 5, 2),)


def test_a_rest_that_never_fits_again_says_so():
    closing = LoweredLimit(Period(NOW + 2, NOW + 500), 0, None, "Läggs ner")
    world = town(run("FI-001", NOW, phase(4, SOC=3)), units=(Unit("SOC", limit=4, lowered=(closing,)),))
    pause = way(Pause, world, run("FI-002", NOW, phase(2, SOC=2)))
    assert pause.paused == (Paused("FI-001", None, None),)


def test_the_longest_exception_is_eight_running_weeks():
    world = town(standstills=(Period(NOW + 4, NOW + 5),))
    assert longest_exception(NOW, world.portfolio.calendar) == NOW + 9
    assert longest_exception(NOW, town().portfolio.calendar) == NOW + 7


@pytest.mark.parametrize(("weeks", "offered"), [(8, True), (9, False)])
def test_an_exception_is_offered_only_if_it_covers_every_conflicting_week(weeks, offered):
    world = town(run("FI-001", NOW, phase(weeks, SOC=3)))
    found = way(AskException, world, run("FI-002", NOW, phase(20, SOC=2)))
    assert (found is not None) == offered


def test_an_exception_over_christmas_gets_the_quiet_weeks_for_free():
    quiet = (Period(NOW + 4, NOW + 5),)
    world = town(run("FI-001", NOW, phase(8, SOC=3)), standstills=quiet)
    wanted = run("FI-002", NOW + 1, phase(20, SOC=2))
    found = way(AskException, world, wanted)
    conflicts = evaluate(world.plan(wanted), world.portfolio, NOW).binding
    assert (found.first, found.valid_to) == (NOW + 1, NOW + 10)
    assert found.fingerprint == fingerprint_of(conflicts)


def test_no_exception_makes_a_standstill_a_week_to_start_in():
    world = town(run("FI-001", NOW, phase(8, SOC=3)), standstills=(Period(NOW + 1, NOW + 1),))
    assert way(AskException, world, run("FI-002", NOW + 1, phase(3, SOC=2))) is None


def test_every_way_says_whether_it_misses_the_last_day():
    world = town(run("FI-001", NOW, phase(4, SOC=3)))
    found = ways(world, run("FI-002", NOW, phase(2, SOC=2)), must_finish_by=sunday(NOW + 1))
    assert [one.misses_finish for one in found] == [True, False, False, False]
    found = ways(world, run("FI-002", NOW, phase(2, SOC=2)), must_finish_by=sunday(NOW))
    assert [one.misses_finish for one in found] == [True] * 4


def test_a_plan_without_a_last_day_misses_none():
    assert not misses(NOW, None)
    assert not misses(NOW, sunday(NOW))
    assert misses(NOW + 1, sunday(NOW))


@sparingly
@given(asked())
def test_the_earliest_start_is_the_first_that_a_patient_search_finds(case):
    world, wanted = case
    found, (week, refused) = earliest(world, wanted), Question(world, wanted).earliest()
    assert found.week == week
    assert (found.bound_by is None) == (refused is None)
    if refused is not None:
        clashes = Question(world, replace(wanted, start=refused)).clashes()
        named = (found.bound_by.unit, found.bound_by.person, found.bound_by.week, found.bound_by.measure)
        assert named in {(c.unit, c.person, c.week, c.measure) for c in clashes if c.binding}


@sparingly
@given(asked())
def test_the_lowering_offered_is_the_smallest_of_all_that_help(case):
    world, wanted = case
    if evaluate(world.plan(wanted), world.portfolio, world.now).fits:
        return
    reduce, expected = way(Reduce, world, wanted), Question(world, wanted).reduce()
    found = None if reduce is None else (reduce.phase, reduce.unit, reduce.to_impact, reduce.start)
    assert found == expected


@steadily
@given(crowded())
def test_the_pause_offered_is_the_first_smallest_of_all_that_help(case):
    world, wanted = case
    if evaluate(world.plan(wanted), world.portfolio, world.now).fits:
        return
    pause, expected = way(Pause, world, wanted), Question(world, wanted).pause()
    assert (None if pause is None else tuple(paused.code for paused in pause.paused)) == expected


@steadily
@given(asked())
def test_an_exception_is_offered_exactly_when_it_covers_every_conflict(case):
    world, wanted = case
    found, expected = way(AskException, world, wanted), Question(world, wanted).exception()
    assert (None if found is None else (found.first, found.valid_to)) == expected


@steadily
@given(asked())
def test_whatever_is_offered_passes_the_gate(case):
    world, wanted = case
    plan = world.plan(wanted)
    for offer in ways(world, wanted):
        if isinstance(offer, Move):
            assert evaluate(replace(plan, start=offer.start), world.portfolio, world.now).fits
        elif isinstance(offer, Reduce):
            assert offer.phases[offer.phase] == lower(plan.phases[offer.phase], offer.unit, offer.to_impact)
            lowered = replace(plan, start=offer.start, phases=offer.phases)
            assert evaluate(lowered, world.portfolio, world.now).fits
        elif isinstance(offer, Pause):
            gone = [paused.code for paused in offer.paused]
            assert evaluate(plan, world.portfolio, world.now, gone).fits
            assert all(paused.weeks_later is None or paused.weeks_later >= 0 for paused in offer.paused)

"""How much change lands on a unit in a week (capacity kernel §2 and §3)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.capacity.rules.calendar import Calendar, Period, Phase, remainder
from portfolio.capacity.rules.limits import LoweredLimit, Unit
from portfolio.capacity.rules.load import (
    Cell,
    Landing,
    Portfolio,
    Weight,
    drags_on,
    effective_stretches,
    fillers_of,
    is_active,
    load_map,
    owned_in,
)
from portfolio.capacity.rules.tree import Tree
from tests.rules.capacity.oracle import Oracle
from tests.rules.capacity.worlds import NOW, World, asked, phase, run, steadily, w, worlds

TREE = (Unit("KLF", limit=8), Unit("KAN", "KLF", 4), Unit("ARK", "KAN", 4), Unit("EKO", "KLF"), Unit("SOC", limit=7))


def town(*runs, units=TREE, **rest) -> World:
    return World(units, runs, **rest)


def cell(world: World, unit: str, week: int = NOW) -> Cell:
    return load_map(world.portfolio, world.now, week, 1)[unit][0]


def loads(world: World, unit: str, first: int, last: int) -> list[int | None]:
    return [it.load for it in load_map(world.portfolio, world.now, first, last - first + 1)[unit]]


def test_a_portfolio_stays_as_it_was_whatever_becomes_of_what_it_was_built_from():
    built = dict(town(run("FI-001", NOW, phase(2, SOC=2))).portfolio.commitments)
    portfolio = replace(town().portfolio, commitments=built)
    built.clear()
    assert fillers_of(portfolio, "SOC", NOW, NOW) == {"FI-001": Weight(2)}
    with pytest.raises(TypeError):
        portfolio.commitments["FI-002"] = portfolio.commitments["FI-001"]


@steadily
@given(asked(), st.data())
def test_a_changed_portfolio_holds_what_one_built_anew_would_hold(case, data):
    world, wanted = case
    codes = [one.code for one in world.runs]
    gone = data.draw(st.lists(st.sampled_from(codes), unique=True)) if codes else []
    before = world.portfolio
    held = filled(before, world.now)
    after = before.changed(put=[world.commitment(wanted)], gone=gone)
    anew = world.without(*gone).with_run(wanted).portfolio
    assert after == anew
    assert filled(after, world.now) == filled(anew, world.now)
    assert filled(before, world.now) == held


def filled(portfolio: Portfolio, now: int) -> dict[str, list[Landing]]:
    return {unit: sorted(landed) for unit, landed in portfolio.landings(now).items() if landed}


def test_a_change_in_an_office_is_also_led_by_every_unit_above_it():
    world = town(run("FI-001", NOW, phase(2, ARK=2)))
    assert [cell(world, unit).load for unit in ("ARK", "KAN", "KLF", "EKO", "SOC")] == [2, 2, 2, 0, 0]


def test_a_change_in_a_department_does_not_land_on_its_offices():
    world = town(run("FI-001", NOW, phase(2, KLF=3)))
    assert (cell(world, "KLF").load, cell(world, "KAN").load, cell(world, "KAN").parallel) == (3, 0, 0)


def test_an_initiative_counts_with_its_highest_impact_and_never_twice():
    world = town(run("FI-001", NOW, phase(2, KLF=1, KAN=3, EKO=2)))
    assert (cell(world, "KLF").load, cell(world, "KLF").parallel) == (3, 1)


# S2-01
def test_preparing_weighs_before_anything_is_carried_out():
    world = town(run("FI-001", NOW, Phase("prepare", 2, {"KAN": 1}), phase(3, KAN=3)))
    assert loads(world, "KAN", NOW, NOW + 5) == [1, 1, 3, 3, 3, 0]


def test_moving_an_impact_down_to_an_office_keeps_the_load_of_the_department():
    before = town(run("FI-001", NOW, phase(2, KLF=2)))
    after = town(run("FI-001", NOW, phase(2, EKO=2)))
    assert cell(before, "KLF") == cell(after, "KLF")


def test_an_unrated_impact_weighs_nothing_but_is_counted():
    world = town(run("FI-001", NOW, phase(2, KAN=None, EKO=None, KLF=1)), run("FI-002", NOW, phase(2, KAN=None)))
    klf, kan = cell(world, "KLF"), cell(world, "KAN")
    assert (klf.load, klf.parallel, klf.unrated) == (1, 2, 3)
    assert (kan.load, kan.parallel, kan.unrated) == (0, 2, 2)


def test_a_standstill_week_has_no_figures_and_no_level_but_its_own():
    world = town(run("FI-001", NOW, phase(4, SOC=9)), standstills=(Period(NOW + 1, NOW + 2),))
    assert loads(world, "SOC", NOW, NOW + 6) == [9, None, None, 9, 9, 9, 0]
    still = cell(world, "SOC", NOW + 1)
    assert (still.level, still.parallel, still.unrated, still.bounds.limit) == ("standstill", None, None, None)


def test_nothing_is_active_and_nothing_fills_a_standstill_week():
    world = town(run("FI-001", NOW, phase(4, SOC=2), owner=1), standstills=(Period(NOW + 1, NOW + 1),))
    portfolio = world.portfolio
    assert fillers_of(portfolio, "SOC", NOW + 1, NOW) == {}
    assert owned_in(portfolio, 1, NOW + 1, NOW) == []
    assert not is_active(portfolio.commitments["FI-001"], NOW + 1, NOW, portfolio)
    assert owned_in(portfolio, 1, NOW + 4, NOW) == ["FI-001"]
    assert owned_in(portfolio, 1, NOW + 5, NOW) == []


def test_a_plan_that_has_ended_drags_on_through_this_week_and_eight_more():
    world = town(run("FI-001", NOW - 9, phase(4, SOC=1), phase(4, SOC=2)))
    assert drags_on(world.portfolio.commitments["FI-001"], NOW)
    assert loads(world, "SOC", NOW - 10, NOW + 10) == [0, *[1] * 4, *[2] * 14, 0, 0]


def test_a_plan_that_ends_this_week_does_not_drag():
    world = town(run("FI-001", NOW - 3, phase(4, SOC=2)))
    assert not drags_on(world.portfolio.commitments["FI-001"], NOW)
    assert loads(world, "SOC", NOW - 4, NOW + 2) == [0, 2, 2, 2, 2, 0, 0]


def test_the_eight_weeks_of_a_dragging_plan_are_calendar_weeks():
    world = town(run("FI-001", NOW - 4, phase(2, SOC=2)), standstills=(Period(NOW + 3, NOW + 4),))
    assert loads(world, "SOC", NOW, NOW + 9) == [2, 2, 2, None, None, 2, 2, 2, 2, 0]


def test_how_long_a_dragging_plan_counts_is_a_setting():
    portfolio = replace(town(run("FI-001", NOW - 4, phase(2, SOC=2))).portfolio, drag_weeks=2)
    row = load_map(portfolio, NOW, NOW, 4)["SOC"]
    assert [it.load for it in row] == [2, 2, 2, 0]


def test_a_later_forecast_makes_the_last_phase_count_longer():
    late = replace(run("FI-001", NOW - 1, phase(2, SOC=1), phase(2, SOC=3)), forecast_end=NOW + 4)
    assert loads(town(late), "SOC", NOW - 1, NOW + 5) == [1, 1, 3, 3, 3, 3, 0]


def test_an_earlier_forecast_changes_nothing_until_it_is_decided():
    early = replace(run("FI-001", NOW - 1, phase(4, SOC=1)), forecast_end=NOW)
    assert loads(town(early), "SOC", NOW - 1, NOW + 3) == [1, 1, 1, 1, 0]


def test_a_forecast_that_has_passed_drags_on_like_a_plan():
    late = replace(run("FI-001", NOW - 9, phase(2, SOC=1)), forecast_end=NOW - 1)
    assert loads(town(late), "SOC", NOW - 1, NOW + 9) == [1] * 10 + [0]


def test_a_forecast_ends_the_drag():
    late = replace(run("FI-001", NOW - 9, phase(2, SOC=1)), forecast_end=NOW)
    assert loads(town(late), "SOC", NOW - 1, NOW + 9) == [1, 1] + [0] * 9


def test_an_initiative_without_phases_weighs_nothing_and_never_drags():
    world = town(run("FI-001", NOW - 20, owner=1))
    commitment = world.portfolio.commitments["FI-001"]
    assert effective_stretches(commitment, NOW, 8) == ()
    assert not drags_on(commitment, NOW)
    assert owned_in(world.portfolio, 1, NOW, NOW) == []


def test_a_department_says_when_it_is_worse_below():
    world = town(run("FI-001", NOW, phase(1, KAN=3)), run("FI-002", NOW, phase(1, KAN=3)))
    assert (cell(world, "KAN").level, cell(world, "KLF").level) == ("over", "moderate")
    assert cell(world, "KLF").worse_below
    assert not cell(world, "KAN").worse_below


def test_worse_below_looks_all_the_way_down():
    units = (Unit("KLF", limit=9), Unit("KAN", "KLF"), Unit("ARK", "KAN", 1))
    world = town(run("FI-001", NOW, phase(1, ARK=1)), units=units)
    assert cell(world, "KLF").worse_below
    assert not cell(world, "KAN").worse_below


def test_one_unit_may_be_asked_for_alone():
    world = town(run("FI-001", NOW, phase(1, KAN=3)))
    row = load_map(world.portfolio, NOW, NOW, 3, ["KLF"])
    assert row == {"KLF": load_map(world.portfolio, NOW, NOW, 3)["KLF"]}


def test_a_tree_made_from_another_remembers_nothing_of_it():
    tree = Tree({"KLF": Unit("KLF"), "KAN": Unit("KAN", "KLF")})
    assert tree.above("KAN") == ("KAN", "KLF")
    assert replace(tree, units={"KAN": Unit("KAN")}).above("KAN") == ("KAN",)


@steadily
@given(worlds())
def test_every_cell_of_the_map_is_what_counting_one_by_one_gives(world):
    oracle, first, weeks = Oracle(world), world.now - 16, 45
    for code, row in load_map(world.portfolio, world.now, first, weeks).items():
        unit = oracle.units[code]
        for at, found in enumerate(row):
            week = first + at
            assert (found.week, found.level) == (week, oracle.level(unit, week))
            if found.level == "standstill":
                assert (found.load, found.parallel, found.unrated) == (None, None, None)
                continue
            assert found.load == oracle.load(code, week)
            assert found.parallel == oracle.parallel(code, week)
            assert found.unrated == oracle.unrated(code, week)
            assert found.bounds.limit == oracle.bound(unit, "load", week)
            assert found.bounds.max_parallel == oracle.bound(unit, "parallel", week)
            assert found.worse_below == oracle.worse_below(unit, week)


@steadily
@given(worlds())
def test_those_who_fill_a_cell_add_up_to_its_load(world):
    oracle, portfolio = Oracle(world), world.portfolio
    for week in range(world.now - 5, world.now + 15):
        for code, row in load_map(portfolio, world.now, week, 1).items():
            found = fillers_of(portfolio, code, week, world.now)
            if oracle.stands_still(week):
                assert found == {}
                continue
            assert sum(weight.load for weight in found.values()) == row[0].load
            assert sum(weight.unrated for weight in found.values()) == row[0].unrated
            assert len(found) == row[0].parallel


@steadily
@given(worlds())
def test_an_owner_is_counted_once_for_every_initiative_active_in_the_week(world):
    oracle, portfolio = Oracle(world), world.portfolio
    for week in range(world.now - 5, world.now + 20):
        for owner in (1, 2):
            assert len(owned_in(portfolio, owner, week, world.now)) == oracle.owned(owner, week)


def test_a_pause_leaves_the_weeks_that_have_not_been_run():
    calendar = Calendar((Period(NOW + 2, NOW + 3),))
    plan = (phase(3, SOC=1), phase(4, SOC=2))
    assert [part.weeks for part in remainder(NOW, plan, NOW, calendar)] == [3, 4]
    assert [part.weeks for part in remainder(NOW, plan, NOW + 2, calendar)] == [1, 4]
    assert [part.weeks for part in remainder(NOW, plan, NOW + 4, calendar)] == [1, 4]
    assert [part.weeks for part in remainder(NOW, plan, NOW + 5, calendar)] == [4]
    assert remainder(NOW, plan, NOW + 9, calendar) == ()


def test_a_pause_before_the_start_leaves_everything():
    plan = (phase(3, SOC=1),)
    assert remainder(NOW + 5, plan, NOW, Calendar()) == plan


@steadily
@given(worlds(), st.integers(-4, 30))
def test_resuming_at_once_runs_the_same_weeks_as_never_pausing(world, pause_after):
    for one in world.runs:
        oracle, paused = Oracle(replace(world, now=one.start)), one.start + pause_after
        planned = oracle.planned(one)
        left = remainder(one.start, one.phases, paused, world.calendar)
        resumed = oracle.planned(replace(one, start=max(paused, one.start), phases=left))
        assert resumed == {week: impacts for week, impacts in planned.items() if week >= paused}


def test_a_lowered_count_alone_puts_a_unit_over():
    busy = LoweredLimit(Period(NOW, NOW), None, 1, "Ny chef")
    units = (Unit("SOC", limit=9, lowered=(busy,)),)
    world = town(run("FI-001", NOW, phase(2, SOC=1)), run("FI-002", NOW, phase(2, SOC=None)), units=units)
    assert [cell(world, "SOC", week).level for week in (NOW, NOW + 1)] == ["over", "low"]


def test_phases_keep_their_kind_when_they_are_cut():
    (left,) = remainder(NOW, [Phase("reinforce", 5, {"SOC": 1})], NOW + 2, Calendar())
    assert left == Phase("reinforce", 3, {"SOC": 1})


def test_the_load_of_2026_goes_on_over_week_53_into_2027():
    world = town(run("FI-001", w("2026-W51"), phase(5, SOC=2)))
    assert loads(world, "SOC", w("2026-W50"), w("4")) == [0, 2, 2, 2, 2, 2, 0, 0]

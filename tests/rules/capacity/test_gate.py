"""May this plan start? (capacity kernel §4)"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.capacity.rules.calendar import Period
from portfolio.capacity.rules.gate import Conflict, Plan, Room, Verdict, evaluate, fingerprint_of, refused_start
from portfolio.capacity.rules.limits import LoweredLimit, Unit, exceeds
from portfolio.capacity.rules.load import load_map
from tests.demo_portfolio import NOW as DEMO_NOW
from tests.demo_portfolio import demo_plan, demo_portfolio
from tests.rules.capacity.oracle import Question
from tests.rules.capacity.worlds import NOW, World, asked, phase, run, steadily, w

KLF = Unit("KLF", limit=8, max_parallel=3)
TREE = (KLF, Unit("KAN", "KLF", 4), Unit("SOC", limit=4), Unit("LUM"))


def town(*runs, units=TREE, **rest) -> World:
    return World(units, runs, **rest)


def ask(world: World, wanted) -> Verdict:
    return evaluate(world.plan(wanted), world.portfolio, world.now)


def cells(verdict: Verdict) -> list[tuple]:
    return [(c.unit, c.week - NOW, c.measure, c.before, c.after, c.limit) for c in verdict.conflicts]


def test_a_plan_with_room_fits():
    verdict = ask(town(run("FI-001", NOW, phase(4, SOC=1))), run("FI-002", NOW, phase(4, SOC=2)))
    assert verdict == Verdict("fits")
    assert verdict.fits


def test_a_plan_that_reaches_the_limit_fits_exactly():
    verdict = ask(town(run("FI-001", NOW, phase(4, SOC=1))), run("FI-002", NOW + 3, phase(4, SOC=3)))
    assert (verdict.kind, verdict.fits) == ("fits_exactly", True)


def test_the_last_place_among_the_parallel_fits_exactly():
    others = [run(f"FI-00{number}", NOW, phase(4, KLF=None)) for number in (1, 2)]
    assert ask(town(*others), run("FI-003", NOW, phase(4, KLF=1))).kind == "fits_exactly"


def test_the_last_place_of_an_owner_fits_exactly():
    world = town(run("FI-001", NOW, phase(4, SOC=1), owner=1), max_owned={1: 2})
    assert ask(world, run("FI-002", NOW, phase(4, LUM=1), owner=1)).kind == "fits_exactly"


def test_one_point_too_many_names_the_cell_and_who_fills_it():
    others = run("FI-001", NOW, phase(2, SOC=2)), run("FI-002", NOW + 1, phase(2, SOC=None), phase(1, SOC=1))
    verdict = ask(town(*others), run("FI-003", NOW, phase(3, SOC=3)))
    assert verdict.kind == "does_not_fit"
    assert cells(verdict) == [("SOC", 0, "load", 2, 5, 4), ("SOC", 1, "load", 2, 5, 4)]
    assert [conflict.filled_by for conflict in verdict.conflicts] == [("FI-001",), ("FI-001",)]
    assert verdict.unrated == 2


def test_the_office_has_room_but_its_department_has_not():
    others = [run(f"FI-00{number}", NOW, phase(1, KLF=3)) for number in (1, 2)]
    verdict = ask(town(*others), run("FI-003", NOW, phase(1, KAN=3)))
    assert cells(verdict) == [("KLF", 0, "load", 6, 9, 8)]


def test_one_too_many_at_once_blocks_though_it_weighs_nothing():
    others = [run(f"FI-00{number}", NOW, phase(1, KLF=None)) for number in (1, 2, 3)]
    verdict = ask(town(*others), run("FI-004", NOW, phase(1, KAN=None)))
    assert cells(verdict) == [("KLF", 0, "parallel", 3, 4, 3)]
    assert verdict.conflicts[0].filled_by == ("FI-001", "FI-002", "FI-003")


def test_a_cell_already_over_blocks_only_what_adds_to_it():
    crowded = [run(f"FI-00{number}", NOW, phase(2, SOC=3)) for number in (1, 2)]
    assert ask(town(*crowded), run("FI-003", NOW, phase(2, KAN=1))).fits
    assert ask(town(*crowded), run("FI-003", NOW, phase(2, SOC=None))).fits
    assert not ask(town(*crowded), run("FI-003", NOW, phase(2, SOC=1))).fits


def test_a_preliminary_limit_warns_and_does_not_block():
    units = (Unit("SOC", limit=1, confirmed=False), Unit("HEM", "SOC", 2))
    verdict = ask(town(units=units), run("FI-001", NOW, phase(1, HEM=2)))
    assert (verdict.kind, verdict.fits) == ("warns", True)
    assert [(c.unit, c.binding) for c in verdict.conflicts] == [("SOC", False)]
    assert verdict.binding == ()


def test_a_confirmed_limit_blocks_beside_a_preliminary_one():
    units = (Unit("SOC", limit=1, confirmed=False), Unit("HEM", "SOC", 1))
    verdict = ask(town(units=units), run("FI-001", NOW, phase(1, HEM=2)))
    assert [(c.unit, c.binding) for c in verdict.conflicts] == [("HEM", True), ("SOC", False)]
    assert verdict.kind == "does_not_fit"


def test_a_limit_of_zero_lets_nothing_in_but_an_unrated_impact():
    world = town(units=(Unit("SOC", limit=0),))
    assert cells(ask(world, run("FI-001", NOW, phase(1, SOC=1)))) == [("SOC", 0, "load", 0, 1, 0)]
    assert ask(world, run("FI-001", NOW, phase(1, SOC=None))).fits


def test_no_limit_never_blocks_but_is_told():
    verdict = ask(town(), run("FI-001", NOW, phase(3, LUM=3), phase(1, SOC=1)))
    assert (verdict.kind, verdict.limit_missing) == ("fits", ("LUM",))


def test_unrated_cells_are_counted_whoever_left_them_unrated():
    world = town(run("FI-001", NOW + 1, phase(1, KAN=None)))
    assert ask(world, run("FI-002", NOW, phase(2, KAN=1))).unrated == 2
    assert ask(world, run("FI-002", NOW, phase(2, SOC=None))).unrated == 2
    assert ask(world, run("FI-002", NOW + 2, phase(2, KAN=1))).unrated == 0


def test_a_lowered_limit_gives_its_reason():
    busy = LoweredLimit(Period(NOW + 1, NOW + 1), 2, None, "Årsbokslut")
    world = town(units=(replace(KLF, lowered=(busy,)),))
    (conflict,) = ask(world, run("FI-001", NOW, phase(3, KLF=3))).conflicts
    assert (conflict.week, conflict.limit, conflict.reason) == (NOW + 1, 2, "Årsbokslut")


def test_no_plan_starts_in_a_past_week_or_in_a_standstill():
    world = town(standstills=(Period(NOW + 2, NOW + 3),))
    past, quiet = ask(world, run("FI-001", NOW - 1, phase(9, SOC=1))), ask(world, run("FI-001", NOW + 2, phase(1)))
    assert (past.kind, past.refused_start) == ("does_not_fit", "past")
    assert (quiet.kind, quiet.refused_start) == ("does_not_fit", "standstill")
    assert ask(world, run("FI-001", NOW, phase(9, SOC=1))).fits


def test_an_initiative_that_runs_keeps_its_past_start_but_takes_no_other():
    world = town(run("FI-001", NOW - 5, phase(9, SOC=1)), standstills=(Period(NOW - 5, NOW - 5),))
    assert ask(world, run("FI-001", NOW - 5, phase(20, SOC=2))).fits
    assert ask(world, run("FI-001", NOW - 4, phase(20, SOC=2))).refused_start == "past"


def test_undoing_a_pause_brings_back_the_past_start_through_the_gate():
    world = town(run("FI-002", NOW, phase(4, SOC=3)))
    undone = Plan("FI-001", NOW - 5, (phase(9, SOC=2),), present_start=NOW - 5)
    assert refused_start(undone, world.calendar, NOW) is None
    assert cells(evaluate(undone, world.portfolio, NOW)) == [("SOC", at, "load", 3, 5, 4) for at in range(4)]


def test_past_weeks_are_never_compared():
    world = town(run("FI-001", NOW - 9, phase(9, SOC=4)), run("FI-002", NOW - 5, phase(9, LUM=1)))
    verdict = ask(world.without("FI-001"), run("FI-002", NOW - 5, phase(9, SOC=4)))
    assert verdict.kind == "fits_exactly"
    ended = replace(run("FI-001", NOW - 9, phase(5, SOC=4)), forecast_end=NOW)
    later = ask(town(ended, run("FI-002", NOW - 5, phase(9, LUM=1))), run("FI-002", NOW - 5, phase(9, SOC=4)))
    assert cells(later) == [("SOC", 0, "load", 4, 8, 4)]


def test_a_new_plan_for_a_running_initiative_is_measured_against_what_it_has():
    crowded = run("FI-001", NOW, phase(3, SOC=3)), run("FI-002", NOW - 2, phase(4, SOC=2))
    world = town(*crowded)
    assert ask(world, run("FI-002", NOW - 2, phase(4, SOC=2))).fits
    assert ask(world, run("FI-002", NOW - 2, phase(4, SOC=1))).fits
    longer = ask(world, run("FI-002", NOW - 2, phase(5, SOC=2)))
    assert cells(longer) == [("SOC", 2, "load", 3, 5, 4)]
    heavier = ask(world, run("FI-002", NOW - 2, phase(4, SOC=3)))
    assert cells(heavier) == [("SOC", 0, "load", 3, 6, 4), ("SOC", 1, "load", 3, 6, 4)]


def test_a_dragging_initiative_already_has_the_weeks_that_it_drags_through():
    dragging, other = run("FI-001", NOW - 4, phase(2, SOC=3)), run("FI-002", NOW, phase(20, SOC=2))
    world = town(dragging, other)
    assert ask(world, run("FI-001", NOW - 4, phase(13, SOC=3))).fits
    assert cells(ask(world, run("FI-001", NOW - 4, phase(14, SOC=3)))) == [("SOC", 9, "load", 2, 5, 4)]


def test_a_new_plan_that_ends_in_the_past_still_drags():
    world = town(run("FI-001", NOW - 4, phase(2, LUM=1)), run("FI-002", NOW + 8, phase(5, SOC=4)))
    verdict = ask(world, run("FI-001", NOW - 4, phase(2, SOC=1)))
    assert cells(verdict) == [("SOC", 8, "load", 4, 5, 4)]


def test_others_that_drag_fill_their_cells():
    world = town(run("FI-001", NOW - 4, phase(2, SOC=3)))
    verdict = ask(world, run("FI-002", NOW + 7, phase(4, SOC=2)))
    assert cells(verdict) == [("SOC", at, "load", 3, 5, 4) for at in (7, 8)]


def test_the_owner_limit_blocks_in_the_weeks_in_which_both_are_active():
    world = town(run("FI-001", NOW, phase(3, SOC=1), owner=1), max_owned={1: 1})
    verdict = ask(world, run("FI-002", NOW + 1, phase(4, LUM=1), owner=1))
    assert cells(verdict) == [(None, at, "owner", 1, 2, 1) for at in (1, 2)]
    assert {(c.person, c.binding, c.filled_by) for c in verdict.conflicts} == {(1, True, ("FI-001",))}
    assert ask(world, run("FI-002", NOW + 3, phase(4, LUM=1), owner=1)).fits
    assert ask(world, run("FI-002", NOW + 1, phase(4, LUM=1), owner=2)).fits


def test_a_phase_that_touches_no_unit_still_takes_its_owners_time():
    world = town(run("FI-001", NOW, phase(3), owner=1), max_owned={1: 1})
    assert len(ask(world, run("FI-002", NOW, phase(5), owner=1)).conflicts) == 3


def test_a_change_of_owner_is_measured_at_the_new_owner_alone():
    mine, theirs = run("FI-001", NOW, phase(3, SOC=3), owner=1), run("FI-002", NOW + 1, phase(4, SOC=3), owner=2)
    world = town(mine, theirs, max_owned={1: 1, 2: 1})
    verdict = ask(world, replace(mine, owner=2))
    assert cells(verdict) == [(None, at, "owner", 1, 2, 1) for at in (1, 2)]
    assert ask(world, replace(mine, owner=None)).fits
    assert ask(world, mine).fits


def test_a_change_of_owner_keeps_the_forecast_in_mind():
    late = replace(run("FI-001", NOW, phase(3, SOC=1), owner=1), forecast_end=NOW + 6)
    world = town(late, run("FI-002", NOW + 5, phase(4, LUM=1), owner=2), max_owned={2: 1})
    verdict = ask(world, replace(late, owner=2))
    assert cells(verdict) == [(None, at, "owner", 1, 2, 1) for at in (5, 6)]


def test_an_owner_over_their_limit_may_still_shorten_what_they_have():
    ours = [run(f"FI-00{number}", NOW, phase(6, LUM=1), owner=1) for number in (1, 2)]
    world = town(*ours, max_owned={1: 1})
    assert ask(world, run("FI-001", NOW, phase(5, LUM=1), owner=1)).fits
    assert cells(ask(world, run("FI-001", NOW, phase(7, LUM=1), owner=1))) == []
    longer = town(ours[0], run("FI-002", NOW, phase(9, LUM=1), owner=1), max_owned={1: 1})
    assert cells(ask(longer, run("FI-001", NOW, phase(8, LUM=1), owner=1))) == [
        (None, at, "owner", 1, 2, 1) for at in (6, 7)
    ]


def test_conflicts_are_told_week_by_week_then_by_unit():
    world = town(run("FI-001", NOW, phase(2, KAN=3, SOC=3), owner=1), max_owned={1: 1})
    world = world.with_unit(replace(KLF, max_parallel=1, limit=4))
    verdict = ask(world, run("FI-002", NOW, phase(2, SOC=2, KAN=2), owner=1))
    one_week = [None, "KAN", "KLF", "KLF", "SOC"]
    assert [conflict.unit for conflict in verdict.conflicts] == one_week * 2
    assert [conflict.week for conflict in verdict.conflicts] == [NOW] * 5 + [NOW + 1] * 5


def test_an_initiative_can_be_thought_away():
    world, wanted = town(run("FI-001", NOW, phase(2, SOC=3))), run("FI-002", NOW, phase(2, SOC=2))
    assert not ask(world, wanted).fits
    assert evaluate(world.plan(wanted), world.portfolio, NOW, without=["FI-001"]).fits


def test_a_room_answers_for_no_week_beyond_its_last():
    plan = town().plan(run("FI-001", NOW, phase(2, SOC=1)))
    room = Room(town().portfolio, NOW, plan, NOW + 1)
    assert room.stopped_on(plan) == set()
    with pytest.raises(IndexError):
        room.stopped_on(replace(plan, start=room.last))


def test_a_plan_without_phases_asks_for_nothing():
    assert ask(town(), run("FI-001", NOW)) == Verdict("fits")


def test_the_demo_fingerprint_never_changes_by_itself():
    conflicts = evaluate(demo_plan("FI-013"), demo_portfolio(), DEMO_NOW).conflicts
    assert fingerprint_of(conflicts) == "ff201cda9147e5ec"
    assert fingerprint_of(reversed(conflicts)) == fingerprint_of(conflicts)


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "SOC"},
        {"week": NOW + 1},
        {"measure": "parallel"},
        {"before": 6},
        {"after": 9},
        {"limit": 7},
        {"person": 3},
    ],
)
def test_another_conflict_has_another_fingerprint(change):
    granted = Conflict("KLF", None, NOW, "load", 7, 8, 6, binding=True)
    assert fingerprint_of([replace(granted, **change)]) != fingerprint_of([granted])


def test_a_fingerprint_is_of_all_the_conflicts_and_not_of_their_words():
    granted = Conflict("KLF", None, NOW, "load", 7, 8, 6, binding=True, reason="Årsbokslut")
    assert fingerprint_of([granted, replace(granted, week=NOW + 1)]) != fingerprint_of([granted])
    assert fingerprint_of([replace(granted, reason="Bokslut")]) == fingerprint_of([granted])


@steadily
@given(asked())
def test_the_verdict_is_what_comparing_every_cell_before_and_after_gives(case):
    world, wanted = case
    verdict, question = ask(world, wanted), Question(world, wanted)
    assert verdict.refused_start == question.refused
    assert verdict.kind == question.kind
    if question.refused:
        return
    found = [
        (c.unit, c.person, c.week, c.measure, c.before, c.after, c.limit, c.binding, c.filled_by)
        for c in verdict.conflicts
    ]
    expected = [
        (c.unit, c.person, c.week, c.measure, c.before, c.after, c.limit, c.binding, c.filled_by)
        for c in question.clashes()
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert list(verdict.limit_missing) == question.limit_missing
    assert verdict.unrated == question.unrated


@steadily
@given(asked())
def test_every_lowered_limit_that_blocks_is_explained(case):
    world, wanted = case
    question = Question(world, wanted)
    for conflict in ask(world, wanted).conflicts:
        if conflict.unit is not None:
            unit = question.others.units[conflict.unit]
            assert conflict.reason in question.others.reasons(unit, conflict.measure, conflict.week)


@steadily
@given(asked(), st.data())
def test_thinking_initiatives_away_is_like_never_having_had_them(case, data):
    world, wanted = case
    codes = [one.code for one in world.runs if one.code != wanted.code]
    gone = data.draw(st.lists(st.sampled_from(codes), unique=True)) if codes else []
    plan = world.plan(wanted)
    assert evaluate(plan, world.portfolio, world.now, gone) == evaluate(
        plan, world.without(*gone).portfolio, world.now
    )


@steadily
@given(asked())
def test_a_plan_let_through_leaves_every_cell_it_adds_to_within_confirmed_limits(case):
    world, wanted = case
    if not ask(world, wanted).fits:
        return
    after = world.with_run(wanted)
    before, result = (load_map(it.portfolio, world.now, world.now, 60) for it in (world, after))
    for unit in (unit for unit in world.units if unit.confirmed):
        for was, became in zip(before[unit.code], result[unit.code], strict=True):
            if became.level != "standstill":
                assert not exceeds(became.load, became.bounds.limit) or became.load <= was.load
                assert not exceeds(became.parallel, became.bounds.max_parallel) or became.parallel <= was.parallel


def test_week_53_is_compared_like_any_other_week():
    new_year = LoweredLimit(Period(w("2026-W53"), w("2026-W53"), yearly=True), 0, None, "Nyår")
    world = town(units=(Unit("SOC", limit=4, lowered=(new_year,)),))
    long_year = ask(world, run("FI-001", w("2026-W51"), phase(4, SOC=1)))
    assert [c.week for c in long_year.conflicts] == [w("2026-W53")]
    short_year = ask(world, run("FI-001", w("2027-W51"), phase(4, SOC=1)))
    assert [c.week for c in short_year.conflicts] == [w("2027-W52")]

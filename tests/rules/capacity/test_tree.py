"""On what an impact lands when the organisation changes from some week on (capacity kernel §3)."""

import pytest

from portfolio.capacity.rules.gate import evaluate
from portfolio.capacity.rules.limits import Unit
from portfolio.capacity.rules.load import load_map
from portfolio.capacity.rules.tree import Moved, Succeeded, Tree
from portfolio.capacity.rules.ways import earliest_start
from tests.rules.capacity.worlds import NOW, World, phase, run, w

KLF, SOC = Unit("KLF", limit=8), Unit("SOC", limit=4)
A, B, AB = Unit("A", "KLF"), Unit("B", "SOC"), Unit("AB", "SOC", 3)
MERGED = (Succeeded(w("4"), "A", "AB"), Succeeded(w("4"), "B", "AB"))


def loads(world: World, unit: str) -> list[int | None]:
    return [cell.load for cell in load_map(world.portfolio, world.now, w("2"), 5)[unit]]


def test_a_unit_that_moves_takes_its_load_along_from_the_week_of_its_move():  # S1-27
    world = World((KLF, SOC, A), (run("FI-001", w("2"), phase(5, A=2)),), moved=(Moved(w("4"), "A", "SOC"),))
    assert loads(world, "A") == [2] * 5
    assert loads(world, "KLF") == [2, 2, 0, 0, 0]
    assert loads(world, "SOC") == [0, 0, 2, 2, 2]


def test_of_two_that_are_merged_the_higher_impact_counts_once():  # S1-27
    world = World((KLF, SOC, A, B, AB), (run("FI-001", w("2"), phase(5, A=2, B=3)),), succeeded=MERGED)
    assert [loads(world, unit) for unit in ("A", "B", "AB")] == [[2, 2, 0, 0, 0], [3, 3, 0, 0, 0], [0, 0, 3, 3, 3]]
    assert loads(world, "KLF") == [2, 2, 0, 0, 0]
    assert loads(world, "SOC") == [3] * 5


def test_what_is_planned_on_a_unit_that_has_not_come_yet_lands_on_those_before_it():  # S1-27
    world = World((KLF, SOC, A, B, AB), (run("FI-001", w("2"), phase(5, AB=1)),), succeeded=MERGED)
    assert [loads(world, unit)[0] for unit in ("A", "B", "AB", "KLF", "SOC")] == [1, 1, 0, 1, 1]
    assert [loads(world, unit)[2] for unit in ("A", "B", "AB", "KLF", "SOC")] == [0, 0, 1, 0, 1]


def test_an_office_below_a_unit_that_is_merged_lies_below_the_new_one():
    tree = Tree({unit.code: unit for unit in (KLF, SOC, A, B, AB, Unit("DEL", "A"))}, succeeded=MERGED)
    assert tree.ways_in(w("3"))["DEL"] == ("DEL", "A", "KLF")
    assert tree.ways_in(w("4"))["DEL"] == ("DEL", "AB", "SOC")
    assert tree.above("DEL") == ("DEL", "A", "KLF", "AB", "SOC")
    assert set(tree.below("SOC")) == {"A", "B", "AB", "DEL"}


def test_a_unit_that_has_become_another_and_then_a_third_leads_on_to_that_one():
    again = (*MERGED, Succeeded(w("6"), "AB", "C"))
    tree = Tree({unit.code: unit for unit in (KLF, SOC, A, B, AB, Unit("C", "KLF"))}, succeeded=again)
    assert [tree.ways_in(w(week))["A"] for week in ("3", "4", "6")] == [("A", "KLF"), ("AB", "SOC"), ("C", "KLF")]
    assert tree.ways_in(w("3"))["C"] == ("A", "B", "KLF", "SOC")


@pytest.mark.parametrize(("weeks", "fits"), [(2, True), (3, False)])
def test_the_gate_asks_the_unit_that_stands_there_in_each_week(weeks: int, fits: bool):  # S1-27
    full = run("FI-001", w("2"), phase(9, B=2))
    world = World((KLF, SOC, A, B, AB), (full,), succeeded=MERGED, now=NOW)
    plan = world.plan(run("FI-002", w("2"), phase(weeks, A=2)))
    verdict = evaluate(plan, world.portfolio, NOW)
    assert verdict.fits is fits
    assert {(one.unit, one.week) for one in verdict.conflicts} == (set() if fits else {("AB", w("4"))})
    assert earliest_start(plan, plan.start, world.portfolio, NOW).week == (w("2") if fits else w("11"))


def test_worse_below_is_said_only_while_it_lies_below():
    over = Unit("A", "KLF", 1)
    world = World((KLF, SOC, over), (run("FI-001", w("2"), phase(5, A=2)),), moved=(Moved(w("4"), "A", "SOC"),))
    found = load_map(world.portfolio, world.now, w("2"), 5)
    assert [cell.worse_below for cell in found["KLF"]] == [True, True, False, False, False]
    assert [cell.worse_below for cell in found["SOC"]] == [False, False, True, True, True]

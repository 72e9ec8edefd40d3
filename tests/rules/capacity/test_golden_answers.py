"""The golden answers of the demo municipality, one test for each sentence."""

from dataclasses import replace

import pytest

from portfolio.base.weeks import Week, format_week, parse_week
from portfolio.capacity.rules.calendar import Calendar, Period
from portfolio.capacity.rules.gate import Conflict, Plan, evaluate
from portfolio.capacity.rules.limits import LoweredLimit
from portfolio.capacity.rules.load import Cell, Portfolio, load_map
from portfolio.capacity.rules.ways import (
    AskException,
    Move,
    Pause,
    Reduce,
    Way,
    earliest_start,
    ways_forward,
)
from tests.demo_portfolio import (
    EXPECTED,
    NOW,
    OWNERS,
    decided,
    demo_plan,
    demo_portfolio,
    with_units,
)

DEPARTMENTS = ("KLF", "BUF", "SOC", "SBF", "KFF", "AMF", "MBF", "RTJ")
HORIZON = parse_week("2027-W26") - NOW + 1


def week(text: str) -> Week:
    return parse_week(text if "-" in text else f"2027-W{int(text):02d}")


def cells(portfolio: Portfolio, now: Week = NOW, weeks: int = HORIZON) -> dict[tuple[str, str], Cell]:
    found = load_map(portfolio, now, now, weeks)
    return {(unit, format_week(cell.week)): cell for unit, row in found.items() for cell in row}


def ways_of(plan: Plan, portfolio: Portfolio) -> tuple[Way, ...]:
    return ways_forward(plan, evaluate(plan, portfolio, NOW), portfolio, NOW)


def told(conflict: Conflict) -> dict[str, object]:
    figures = {"before": conflict.before, "after": conflict.after, "limit": conflict.limit}
    return {"unit": conflict.unit, "week": format_week(conflict.week), "measure": conflict.measure} | figures


def test_every_cell_of_the_demo_map_is_as_expected():
    found = cells(demo_portfolio())
    expected = {(unit, at): cell for unit, row in EXPECTED["load_and_limit"].items() for at, cell in row.items()}
    shown = {
        key: None if cell.level == "standstill" else [cell.load, cell.bounds.limit] for key, cell in found.items()
    }
    assert shown == expected


def test_1_the_load_in_week_48():
    found = cells(demo_portfolio())
    figures = {unit: (cell.load, cell.bounds.limit) for unit in DEPARTMENTS if (cell := found[unit, "2026-W48"])}
    loads = [(7, 8), (6, 8), (5, 7), (6, 8), (3, 5), (1, 5), (4, 4), (0, 3)]
    assert figures == dict(zip(DEPARTMENTS, loads, strict=True))
    assert found["MBF", "2026-W48"].level == "full"


def test_2_only_klf_is_over_in_weeks_2_to_6():
    found = cells(demo_portfolio(), weeks=HORIZON + 52)
    over = {key: (cell.load, cell.bounds.limit) for key, cell in found.items() if cell.level == "over"}
    assert over == {("KLF", f"2027-W{number:02}"): (7, 6) for number in range(2, 7)}


def test_2_soc_is_exactly_full_in_weeks_5_to_8_and_mbf_through_week_10():
    found = cells(demo_portfolio())
    soc = {at for (unit, at), cell in found.items() if unit == "SOC" and cell.load == cell.bounds.limit == 7}
    mbf = {at for (unit, at), cell in found.items() if unit == "MBF" and cell.load == cell.bounds.limit == 4}
    running = [format_week(at) for at in range(NOW, week("10") + 1) if not 0 <= at - week("2026-W52") <= 1]
    assert soc == {f"2027-W{number:02}" for number in range(5, 9)}
    assert mbf == set(running)


@pytest.mark.parametrize("code", ["FI-011", "FI-012", "FI-013", "FI-014"])
def test_each_proposal_meets_exactly_the_expected_conflicts_and_earliest_week(code):
    expected, portfolio, plan = EXPECTED["proposals"][code], demo_portfolio(), demo_plan(code)
    assert format_week(plan.start) == expected["wished"]
    assert [told(conflict) for conflict in evaluate(plan, portfolio, NOW).conflicts] == expected["conflicts"]
    assert earliest_start(plan, plan.start, portfolio, NOW).week == parse_week(expected["earliest"])


def test_3_the_school_schedule_cannot_start_in_week_2_and_no_exception_can_help():
    portfolio = demo_portfolio()
    verdict = evaluate(demo_plan("FI-011"), portfolio, NOW)
    klf = {(c.week, c.after, c.limit, c.reason) for c in verdict.conflicts if c.unit == "KLF"}
    buf = {(c.week, c.after, c.limit, c.reason) for c in verdict.conflicts if c.unit == "BUF"}
    assert klf == {(week(str(number)), 8, 6, "Årsbokslut") for number in range(2, 7)}
    assert buf == {(week(str(number)), 9, 8, None) for number in range(6, 11)}
    move, *others = ways_of(demo_plan("FI-011"), portfolio)
    assert isinstance(move, Move)
    assert move.start == week("7")
    assert move.bound_by is not None
    assert (move.bound_by.unit, move.bound_by.week) == ("KLF", week("6"))
    assert not any(isinstance(way, AskException) for way in others)


def test_4_only_pausing_the_archive_frees_week_2():
    portfolio, plan = demo_portfolio(), demo_plan("FI-011")
    alone = [code for code in portfolio.commitments if evaluate(plan, portfolio, NOW, [code]).fits]
    assert alone == EXPECTED["single_pause_that_frees_FI_011_at_2027_W02"] == ["FI-001"]
    pauses = [way for way in ways_of(plan, portfolio) if isinstance(way, Pause)]
    assert [[paused.code for paused in way.paused] for way in pauses] == [["FI-001"]]


def test_5_a_lowering_that_changes_nothing_is_not_offered():
    portfolio, plan = demo_portfolio(), demo_plan("FI-011")
    prepare, implement, reinforce = plan.phases
    gentle = replace(implement, impacts={"BUF": 2, "KLF": 1})
    lowered = replace(plan, phases=(prepare, gentle, reinforce))
    assert earliest_start(lowered, plan.start, portfolio, NOW).week == week("7")
    reductions = [way for way in ways_of(plan, portfolio) if isinstance(way, Reduce)]
    assert not reductions


def test_5_less_for_buf_and_nothing_for_klf_gives_week_2():
    portfolio, plan = demo_portfolio(), demo_plan("FI-011")
    prepare, implement, reinforce = plan.phases
    prepare, implement = replace(prepare, impacts={"BUF": 1}), replace(implement, impacts={"BUF": 2})
    gentle = replace(plan, phases=(prepare, implement, reinforce))
    assert earliest_start(gentle, plan.start, portfolio, NOW).week == week("2")


def test_6_the_other_proposals():
    portfolio = demo_portfolio()
    assert evaluate(demo_plan("FI-012"), portfolio, NOW).fits
    social = evaluate(demo_plan("FI-013"), portfolio, NOW).conflicts
    assert {(c.unit, c.after, c.limit) for c in social} == {("SOC", 8, 7)}
    permits = evaluate(demo_plan("FI-014"), portfolio, NOW).conflicts
    assert {(c.unit, c.measure, c.after, c.limit) for c in permits} == {
        ("MBF", "load", 5, 4),
        ("MBF", "parallel", 4, 3),
    }
    assert {c.week for c in permits} == {week(str(number)) for number in range(3, 11)}


def test_7_what_is_decided_first_moves_what_comes_after():
    portfolio = decided(demo_portfolio(), demo_plan("FI-011", "2027-W07"))
    later = earliest_start(demo_plan("FI-013"), week("8"), portfolio, NOW)
    expected = EXPECTED["earliest_of_FI_013_once_FI_011_is_decided_for_2027_W07"]
    assert later.week == parse_week(expected) == week("13")


def test_8_christmas_is_a_standstill_everywhere():
    found = cells(demo_portfolio())
    christmas = [cell for (_, at), cell in found.items() if at in ("2026-W52", "2026-W53")]
    assert {cell.level for cell in christmas} == {"standstill"}
    assert {(cell.load, cell.parallel, cell.unrated) for cell in christmas} == {(None, None, None)}
    assert len(christmas) == 2 * len(demo_portfolio().tree.units)


def test_8_modelled_as_a_low_limit_christmas_would_put_six_departments_over():
    portfolio = demo_portfolio()
    christmas = Period(parse_week("2026-W52"), parse_week("2026-W53"))
    low = LoweredLimit(christmas, 2, None, "Jul och nyår")
    units = [portfolio.tree.units[code] for code in DEPARTMENTS]
    lowered = [replace(unit, lowered=(*unit.lowered, low)) for unit in units]
    found = cells(with_units(replace(portfolio, calendar=Calendar()), *lowered))
    for at in ("2026-W52", "2026-W53"):
        over = {unit for unit in DEPARTMENTS if found[unit, at].level == "over"}
        assert over == {"KLF", "BUF", "SOC", "SBF", "KFF", "MBF"}


def test_9_one_at_a_time_for_the_head_of_the_chancery():
    owner = OWNERS["Kanslichef"]
    portfolio = demo_portfolio()
    portfolio = replace(portfolio, max_owned={**portfolio.max_owned, owner: 1})
    plan = demo_plan("FI-013", "2027-W09")
    expected = EXPECTED["FI_013_wished_2027_W09_if_Kanslichef_may_own_1"]
    conflicts = evaluate(plan, portfolio, NOW).conflicts
    assert [format_week(c.week) for c in conflicts] == expected["owner_conflict_weeks"]
    assert {(c.unit, c.person, c.measure, c.before, c.after, c.limit) for c in conflicts} == {
        (None, owner, "owner", 1, 2, 1)
    }
    assert {c.filled_by for c in conflicts} == {("FI-001",)}
    assert earliest_start(plan, plan.start, portfolio, NOW).week == parse_week(expected["earliest"])


@pytest.mark.parametrize("forecast", [None, "2027-W07"])
def test_10_a_dragging_initiative_counts_for_eight_weeks_more_or_to_its_forecast(forecast):
    portfolio = demo_portfolio()
    end = None if forecast is None else parse_week(forecast)
    alone = {"FI-006": replace(portfolio.commitments["FI-006"], forecast_end=end)}
    found = load_map(replace(portfolio, commitments=alone), week("6"), week("4"), 14, ["KLF"])["KLF"]
    loads = {format_week(cell.week): cell.load for cell in found}
    if forecast is None:
        assert loads == EXPECTED["FI_006_alone_dragging_at_2027_W06"]["KLF"]
        assert max(at for at, load in loads.items() if load) == "2027-W14"
    else:
        assert {at for at, load in loads.items() if load} == {f"2027-W{n:02}" for n in (4, 5, 6, 7)}

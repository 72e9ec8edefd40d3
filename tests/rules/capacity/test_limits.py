"""What a unit carries in a week, and the word for how full it is (capacity kernel §1 and §3)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.weeks import format_week
from portfolio.capacity.rules.calendar import Calendar, NothingEverRuns, Period, lay_out
from portfolio.capacity.rules.limits import Bounds, LoweredLimit, Unit, bounds_of, level_of, worse
from tests.rules.capacity.oracle import Oracle, covers
from tests.rules.capacity.worlds import MOMENTS, NOW, World, periods, phase, steadily, trees, w


def written(period: Period, first: str, last: str) -> list[str]:
    return [format_week(week) for week in range(w(first), w(last) + 1) if period.covers(week)]


def test_given_weeks_cover_those_weeks_of_that_year_alone():
    summer = Period(w("24"), w("26"))
    assert written(summer, "2026-W01", "2028-W52") == ["2027-W24", "2027-W25", "2027-W26"]


def test_a_yearly_period_ignores_the_years_it_was_written_with():
    autumn = Period(w("2019-W33"), w("2024-W34"), yearly=True)
    assert written(autumn, "2026-W01", "2027-W52") == ["2026-W33", "2026-W34", "2027-W33", "2027-W34"]


def test_a_yearly_period_may_wrap_the_year_end():
    christmas = Period(w("2025-W51"), w("2026-W01"), yearly=True)
    assert written(christmas, "2026-W40", "2028-W10") == [
        "2026-W51",
        "2026-W52",
        "2026-W53",
        "2027-W01",
        "2027-W51",
        "2027-W52",
        "2028-W01",
    ]


def test_week_53_means_the_last_week_in_a_short_year():
    new_year = Period(w("2026-W53"), w("2026-W53"), yearly=True)
    assert written(new_year, "2026-W50", "2028-W10") == ["2026-W53", "2027-W52"]


def test_through_week_52_leaves_week_53_alone_in_a_long_year():
    christmas = Period(w("2026-W51"), w("2026-W52"), yearly=True)
    assert written(christmas, "2026-W50", "2027-W02") == ["2026-W51", "2026-W52"]


def test_from_week_53_starts_in_the_last_week_of_a_short_year():
    new_year = Period(w("2026-W53"), w("2027-W02"), yearly=True)
    assert written(new_year, "2027-W40", "2028-W20") == ["2027-W52", "2028-W01", "2028-W02"]


@steadily
@given(st.data())
def test_every_period_covers_the_weeks_that_a_walk_through_it_visits(data):
    period = data.draw(periods(data.draw(st.sampled_from(MOMENTS))))
    for week in range(period.first - 110, period.first + 220):
        assert period.covers(week) == covers(period, week)


def test_a_plan_skips_the_standstill_and_runs_its_full_weeks():
    calendar = Calendar((Period(w("2026-W52"), w("2026-W53")),))
    first, second = lay_out(w("2026-W50"), [phase(3), phase(2)], calendar)
    assert (format_week(first.first), format_week(first.last)) == ("2026-W50", "2027-W01")
    assert (format_week(second.first), format_week(second.last)) == ("2027-W02", "2027-W03")


def test_a_phase_never_begins_in_a_standstill():
    calendar = Calendar((Period(w("2026-W52"), w("2026-W53")),))
    _, second = lay_out(w("2026-W50"), [phase(2), phase(1)], calendar)
    assert (format_week(second.first), format_week(second.last)) == ("2027-W01", "2027-W01")


def test_a_calendar_in_which_nothing_ever_runs_is_told_and_not_walked_for_ever():
    always = Calendar((Period(w("1"), w("2026-W53"), yearly=True),))
    with pytest.raises(NothingEverRuns):
        lay_out(NOW, [phase(1)], always)


def test_another_calendar_made_from_one_remembers_nothing_of_it():
    quiet = Calendar((Period(NOW, NOW),))
    assert quiet.stands_still(NOW)
    assert not replace(quiet, standstills=(Period(NOW + 9, NOW + 9),)).stands_still(NOW)


def test_the_least_of_the_base_and_every_covering_row_holds_and_says_why():
    rows = (
        LoweredLimit(Period(NOW, NOW + 2), 5, None, "Bokslut"),
        LoweredLimit(Period(NOW + 1, NOW + 3), 3, 2, "Flytt"),
        LoweredLimit(Period(NOW + 1, NOW + 9), 9, None, "Höjer inget"),
    )
    unit = Unit("KLF", None, 8, 3, lowered=rows)
    assert bounds_of(unit, NOW - 1) == Bounds(8, 3)
    assert bounds_of(unit, NOW) == Bounds(5, 3, "Bokslut")
    assert bounds_of(unit, NOW + 1) == Bounds(3, 2, "Flytt", "Flytt")
    assert bounds_of(unit, NOW + 4) == Bounds(8, 3)


def test_a_missing_base_counts_as_infinite_so_a_lowered_limit_holds_alone():
    unit = Unit("LUM", lowered=(LoweredLimit(Period(NOW, NOW), 0, None, "Inflyttning"),))
    assert bounds_of(unit, NOW).limit == 0
    assert bounds_of(unit, NOW + 1).limit is None


@steadily
@given(st.sampled_from(MOMENTS).flatmap(lambda now: st.tuples(st.just(now), trees(now))))
def test_every_limit_is_the_least_that_covers_the_week(given_tree):
    now, units = given_tree
    oracle = Oracle(World(units, now=now))
    for unit in units:
        for week in range(now - 60, now + 60):
            found = bounds_of(unit, week)
            assert found.limit == oracle.bound(unit, "load", week)
            assert found.max_parallel == oracle.bound(unit, "parallel", week)
            assert found.limit_reason in oracle.reasons(unit, "load", week)
            assert found.parallel_reason in oracle.reasons(unit, "parallel", week)


@pytest.mark.parametrize(
    ("load", "parallel", "limit", "most", "level"),
    [
        (0, 0, 8, None, "free"),
        (1, 1, 8, None, "low"),
        (5, 2, 10, None, "low"),
        (6, 2, 10, None, "moderate"),
        (8, 2, 10, None, "moderate"),
        (9, 2, 10, None, "full"),
        (8, 3, 8, None, "full"),
        (9, 3, 8, None, "over"),
        (0, 0, 0, None, "full"),
        (1, 1, 0, None, "over"),
        (0, 0, None, None, "no_limit"),
        (99, 9, None, None, "no_limit"),
        (0, 1, None, 1, "no_limit"),
        (0, 2, None, 1, "over"),
        (0, 2, 8, 1, "over"),
        (0, 1, 8, 0, "over"),
        (3, 3, 8, 3, "low"),
    ],
)
def test_the_level_is_the_first_that_applies(load, parallel, limit, most, level):
    assert level_of(load, parallel, Bounds(limit, most)) == level


@steadily
@given(
    st.integers(0, 40), st.integers(0, 9), st.none() | st.integers(0, 30), st.none() | st.integers(0, 9), st.data()
)
def test_lowering_a_limit_never_turns_over_into_something_else(load, parallel, limit, most, data):
    lower = data.draw(st.integers(0, 40) if limit is None else st.integers(0, limit))
    fewer = data.draw(st.integers(0, 9) if most is None else st.integers(0, most))
    if level_of(load, parallel, Bounds(limit, most)) == "over":
        for bounds in (Bounds(lower, most), Bounds(limit, fewer), Bounds(lower, fewer)):
            assert level_of(load, parallel, bounds) == "over"


def test_a_standstill_and_a_missing_limit_are_neither_better_nor_worse():
    assert worse("over", "full")
    assert not worse("full", "over")
    assert not worse("over", "over")
    for other in ("free", "over", "standstill"):
        assert not worse("no_limit", other)
        assert not worse(other, "no_limit")
        assert not worse("standstill", other)

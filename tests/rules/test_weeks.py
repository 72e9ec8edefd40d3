"""ISO weeks: what every date in the product rests on."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.base.weeks import (
    format_week,
    monday,
    parse_week,
    sunday,
    week_number,
    week_of,
    week_year,
    weeks_in_year,
)

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
steadily = settings(deadline=None, derandomize=True)


@steadily
@given(days)
def test_every_day_lies_between_the_monday_and_the_sunday_of_its_week(day):
    week = week_of(day)
    assert monday(week) <= day <= sunday(week)
    assert monday(week).weekday() == 0
    assert sunday(week) == monday(week) + timedelta(days=6)


@steadily
@given(days)
def test_a_week_read_back_is_the_same_week(day):
    assert parse_week(format_week(week_of(day))) == week_of(day)


@steadily
@given(days)
def test_the_next_week_is_one_more_also_over_a_year_end(day):
    assert week_of(day + timedelta(days=7)) == week_of(day) + 1


@steadily
@given(days)
def test_number_and_year_are_those_of_the_iso_calendar(day):
    year, number, _ = day.isocalendar()
    assert (week_year(week_of(day)), week_number(week_of(day))) == (year, number)


def test_the_demo_clock_stands_in_week_48():
    assert format_week(week_of(date(2026, 11, 23))) == "2026-W48"
    assert monday(parse_week("2026-W48")) == date(2026, 11, 23)


def test_2026_has_a_week_53_and_2027_follows_it():
    assert weeks_in_year(2026) == 53
    assert weeks_in_year(2027) == 52
    assert format_week(parse_week("2026-W53") + 1) == "2027-W01"
    assert week_of(date(2027, 1, 3)) == parse_week("2026-W53")


def test_new_years_eve_can_lie_in_the_first_week_of_the_next_year():
    assert format_week(week_of(date(2029, 12, 31))) == "2030-W01"


SHORT = ["", "2026", "26-W48", "2026-48", "2026W48", "2026-W4", "v. 48"]
STRANGE = ["2026-w48", " 2026-W48", "2026-W48\n", "2026-W048", "٢٠٢٦-W٤٨"]
NEVER = ["2026-W00", "2026-W54", "2027-W53", "0000-W01", "1899-W01", "9999-W52"]


@pytest.mark.parametrize("text", [*SHORT, *STRANGE, *NEVER])
def test_what_is_not_a_week_is_refused(text):
    with pytest.raises(ValueError, match="week"):
        parse_week(text)

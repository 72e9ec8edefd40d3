"""On which days a municipality works: nobody gets a letter on the others."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.time import STOCKHOLM
from portfolio.base.workdays import (
    AlwaysClosed,
    free_day,
    moment,
    next_workday,
    workdays_after,
    workdays_before,
    workdays_between,
)

HOLIDAYS: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "data/holidays.json").read_text("utf-8"))
"""The days on which nobody worked in 2024 to 2026, by name, written down from the published calendars."""

DAYS = [date(2024, 1, 1) + timedelta(days=number) for number in range(3 * 365 + 1)]
ANY_DAY = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_a_day_is_free_exactly_when_the_calendar_says_so():
    known = {date.fromisoformat(day): name for name, days in HOLIDAYS.items() for day in days}
    for day in DAYS:
        assert (free_day(day) is not None) == (day in known or day.weekday() >= 5), day
        assert free_day(day) == known.get(day, {5: "Lördag", 6: "Söndag"}.get(day.weekday())), day


@pytest.mark.parametrize("eve", ["2027-06-25", "2027-12-24", "2027-12-31"])
def test_the_three_eves_are_free_although_they_are_no_holidays(eve):
    assert free_day(date.fromisoformat(eve)) in ("Midsommarafton", "Julafton", "Nyårsafton")


def test_the_day_before_easter_and_valborg_are_working_days():
    assert free_day(date(2026, 4, 2)) is None  # skärtorsdagen
    assert free_day(date(2026, 4, 30)) is None  # valborgsmässoafton


@given(ANY_DAY)
def test_the_next_working_day_is_open_and_nothing_between_is(day):
    found = next_workday(day)
    assert free_day(found) is None
    assert all(free_day(day + timedelta(days=number)) for number in range((found - day).days))


@given(ANY_DAY, st.integers(1, 30))
def test_walking_back_and_forth_over_working_days_agrees(day, number):
    start = next_workday(day)
    assert workdays_before(workdays_after(start, number), number) == start
    assert workdays_between(start, workdays_after(start, number)) == number


def test_a_municipality_may_close_more_days_and_a_closed_one_is_told():
    assert next_workday(date(2026, 11, 23), lambda day: free_day(day) or day.day < 27) == date(2026, 11, 27)
    with pytest.raises(AlwaysClosed):
        next_workday(date(2026, 11, 23), lambda _: True)
    with pytest.raises(AlwaysClosed):
        workdays_before(date(2026, 11, 23), 1, lambda _: True)


def test_every_day_of_nine_years_has_each_half_hour_exactly_once():
    clocks = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30)]
    day, skipped = date(2024, 1, 1), 0
    while day < date(2033, 1, 1):
        for clock in clocks:
            at = moment(day, clock)
            assert at.astimezone(STOCKHOLM).date() == day
            skipped += at.astimezone(STOCKHOLM).strftime("%H:%M") != clock
        day += timedelta(days=1)
    assert skipped == 9 * 2  # 02:00 and 02:30 in the nine spring nights


def test_half_past_two_in_the_nights_when_the_clocks_are_moved():
    assert moment(date(2026, 10, 25), "02:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(date(2027, 3, 28), "02:30") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)

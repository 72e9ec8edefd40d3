"""The ledningsgrupp's meetings, and what must be there before them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.time import STOCKHOLM, today
from portfolio.base.weeks import monday, week_of
from portfolio.base.workdays import AlwaysClosed, free_day, moment
from portfolio.meetings.rules.series import Series, freeze_of, held_on, next_meeting, report_deadline

TUESDAYS = Series(2, "08:30")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def test_the_deadlines_of_an_ordinary_tuesday():
    meeting = next_meeting(swedish("2026-11-23 08:00"), TUESDAYS, free_day)
    assert meeting == swedish("2026-11-24 08:30")
    assert freeze_of(meeting, free_day) == swedish("2026-11-23 12:00")
    assert report_deadline(meeting, free_day) == swedish("2026-11-20 12:00")


def test_a_meeting_on_a_holiday_moves_within_its_week_and_its_deadlines_with_it():
    meeting = next_meeting(swedish("2027-01-04 08:00"), Series(3, "13:00"), free_day)
    assert meeting == swedish("2027-01-07 13:00")  # Wednesday 6 January is trettondedagen
    assert freeze_of(meeting, free_day) == swedish("2027-01-05 12:00")
    assert report_deadline(meeting, free_day) == swedish("2027-01-04 12:00")


def test_when_the_rest_of_the_week_is_closed_the_group_waits_for_the_next_meeting():
    meeting = next_meeting(swedish("2026-12-28 08:00"), Series(4, "13:00"), free_day)
    assert meeting == swedish("2027-01-07 13:00")  # after 31 December, nyårsafton, comes nyårsdagen and a weekend
    assert held_on(date(2026, 12, 31), free_day) is None


def test_a_meeting_that_was_moved_to_friday_is_still_ahead_on_wednesday():
    assert next_meeting(swedish("2024-12-25 08:00"), TUESDAYS, free_day) == swedish("2024-12-27 08:30")


def test_a_meeting_that_has_begun_is_over_and_the_next_one_comes():
    assert next_meeting(swedish("2026-11-24 08:29"), TUESDAYS, free_day) == swedish("2026-11-24 08:30")
    assert next_meeting(swedish("2026-11-24 08:30"), TUESDAYS, free_day) == swedish("2026-12-01 08:30")


@pytest.mark.parametrize(("rhythm", "day"), [("even", "2026-11-24"), ("odd", "2026-12-01")])
def test_a_group_may_meet_every_second_week(rhythm, day):
    assert today(next_meeting(swedish("2026-11-23 08:00"), Series(2, "08:30", rhythm), free_day)).isoformat() == day


CHOSEN = Series(2, "08:30", "chosen", (date(2026, 12, 15), date(2026, 12, 1), date(2026, 12, 19)))


def test_a_group_may_meet_on_chosen_days_in_whatever_order_they_were_written():
    first = next_meeting(swedish("2026-11-23 08:00"), CHOSEN, free_day)
    assert first == swedish("2026-12-01 08:30")
    assert next_meeting(first, CHOSEN, free_day) == swedish("2026-12-15 08:30")


def test_a_chosen_saturday_has_no_open_day_left_in_its_week_and_is_skipped():
    with pytest.raises(AlwaysClosed):
        next_meeting(swedish("2026-12-15 08:30"), CHOSEN, free_day)


def test_a_chosen_day_that_has_been_closed_since_moves_as_any_other():
    def closed(day: date) -> object:
        return free_day(day) or day == date(2026, 12, 1)

    assert next_meeting(swedish("2026-11-23 08:00"), CHOSEN, closed) == swedish("2026-12-02 08:30")


def test_a_municipality_that_is_always_closed_has_no_meetings():
    with pytest.raises(AlwaysClosed):
        next_meeting(swedish("2026-11-23 08:00"), TUESDAYS, lambda _: True)


RHYTHMS = st.sampled_from(["weekly", "even", "odd", "chosen"])
DAYS = st.lists(st.dates(date(2024, 1, 1), date(2032, 12, 31)), max_size=60).map(tuple)


@given(MOMENTS, st.integers(1, 5), RHYTHMS, DAYS)
def test_meetings_and_deadlines_always_come_in_their_order_on_working_days(at, weekday, rhythm, days):
    series = Series(weekday, "08:30", rhythm, days)
    try:
        meeting = next_meeting(at, series, free_day)
    except AlwaysClosed:
        assert all(held is None or moment(held, "08:30") <= at for held in (held_on(day, free_day) for day in days))
        return
    moments = [report_deadline(meeting, free_day), freeze_of(meeting, free_day), meeting]
    assert moments == sorted(moments)
    assert all(free_day(today(one)) is None for one in moments)
    assert meeting > at
    skipped = [held_on(day, free_day) for day in series.days_from(today(at)) if day < today(meeting)]
    assert all(day is None or day == today(meeting) or moment(day, "08:30") <= at for day in skipped)


CLOSED_DAYS = st.sets(st.dates(date(2024, 1, 1), date(2032, 12, 31)), max_size=200)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), CLOSED_DAYS)
def test_a_meeting_is_held_on_its_day_or_the_first_open_one_after_it_in_the_same_week(planned, standstill):
    def closed(day: date) -> object:
        return free_day(day) or day in standstill

    rest = [day for day in days_between(planned, planned + timedelta(days=8)) if week_of(day) == week_of(planned)]
    open_days = [day for day in [planned, *rest] if not closed(day)]
    assert held_on(planned, closed) == (open_days[0] if open_days else None)


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(1, (last - first).days)]


@pytest.mark.parametrize("weekday", [1, 2, 3, 4, 5])
def test_every_meeting_of_nine_years_is_found_once_however_one_walks(weekday):
    at, found = moment(date(2024, 1, 1), "00:00"), []
    while at < moment(date(2032, 12, 20), "00:00"):
        at = next_meeting(at, Series(weekday, "08:30"), free_day)
        found.append(today(at))
    weeks = [week_of(day) for day in found]
    assert len(set(weeks)) == len(weeks)
    assert not any(free_day(day) for day in found)
    missed = [week for week in range(weeks[0], weeks[-1]) if week not in weeks]
    assert all(free_day(monday(week) + timedelta(days=at)) for week in missed for at in range(weekday - 1, 7))

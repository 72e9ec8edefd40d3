"""The ledningsgrupp's meetings, and what must be there before them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.time import STOCKHOLM, today
from portfolio.base.workdays import AlwaysClosed, free_day, moment
from portfolio.meetings.rules.series import Series, freeze_of, next_meeting, report_deadline

TUESDAYS = Series(2, "08:30")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def test_the_deadlines_of_an_ordinary_tuesday():
    meeting = next_meeting(swedish("2026-11-23 08:00"), TUESDAYS, free_day)
    assert meeting == swedish("2026-11-24 08:30")
    assert freeze_of(meeting, free_day) == swedish("2026-11-23 12:00")
    assert report_deadline(meeting, free_day) == swedish("2026-11-20 12:00")


def test_holidays_move_the_deadlines_and_take_meetings_away():
    meeting = next_meeting(swedish("2026-12-28 08:00"), Series(4, "13:00"), free_day)
    assert meeting == swedish("2027-01-07 13:00")  # 31 December is nyårsafton
    assert freeze_of(meeting, free_day) == swedish("2027-01-05 12:00")  # 6 January is trettondedagen
    assert report_deadline(meeting, free_day) == swedish("2027-01-04 12:00")


def test_a_meeting_that_has_begun_is_over_and_the_next_one_comes():
    assert next_meeting(swedish("2026-11-24 08:29"), TUESDAYS, free_day) == swedish("2026-11-24 08:30")
    assert next_meeting(swedish("2026-11-24 08:30"), TUESDAYS, free_day) == swedish("2026-12-01 08:30")


@pytest.mark.parametrize(("rhythm", "day"), [("even", "2026-11-24"), ("odd", "2026-12-01")])
def test_a_group_may_meet_every_second_week(rhythm, day):
    assert today(next_meeting(swedish("2026-11-23 08:00"), Series(2, "08:30", rhythm), free_day)).isoformat() == day


def test_a_municipality_that_is_always_closed_has_no_meetings():
    with pytest.raises(AlwaysClosed):
        next_meeting(swedish("2026-11-23 08:00"), TUESDAYS, lambda _: True)


@given(MOMENTS, st.integers(1, 5), st.sampled_from(["weekly", "even", "odd"]))
def test_meetings_and_deadlines_always_come_in_their_order_on_working_days(at, weekday, rhythm):
    series = Series(weekday, "08:30", rhythm)
    meeting = next_meeting(at, series, free_day)
    moments = [report_deadline(meeting, free_day), freeze_of(meeting, free_day), meeting]
    assert moments == sorted(moments)
    assert all(free_day(today(one)) is None for one in moments)
    assert meeting > at
    assert not any(series.has(day) and free_day(day) is None for day in days_between(today(at), today(meeting)))


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(1, (last - first).days)]


def test_every_meeting_of_nine_years_is_found_once_however_one_walks():
    at, found = moment(date(2024, 1, 1), "00:00"), []
    while at < moment(date(2033, 1, 1), "00:00"):
        at = next_meeting(at, TUESDAYS, free_day)
        found.append(today(at))
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3295)]
    assert found == [day for day in days if day.isocalendar().weekday == 2 and not free_day(day)][: len(found)]

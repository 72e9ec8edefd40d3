"""Lägesrapport: what it must say, how long it holds, and when the next one is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from portfolio.base.errors import Invalid
from portfolio.base.time import STOCKHOLM, today
from portfolio.base.weeks import parse_week, week_of
from portfolio.base.workdays import Closed, free_day
from portfolio.capacity.rules.calendar import Calendar, Period
from portfolio.initiatives.rules.reported import OLDEST_REPORT, ReportState, fresh_since, shown_state, state_word
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.series import Series, freeze_of, next_meeting, report_deadline
from portfolio.reports.rules import Given, help_after, next_due, state_after

MONDAY = datetime(2026, 11, 23, 8, tzinfo=STOCKHOLM)
SINCE_2024 = datetime(2024, 1, 1, tzinfo=UTC)
TUESDAYS = Series(2, "08:30")
NEVER_STILL = Calendar()
CHRISTMAS = Period(parse_week("2026-W52"), parse_week("2026-W53"))
OVER_CHRISTMAS = Calendar((CHRISTMAS,))

FIRST = week_of(SINCE_2024.date())
PERIODS = st.builds(
    lambda first, weeks, yearly: Period(first, first + weeks, yearly),
    st.integers(FIRST, FIRST + 9 * 52),
    st.integers(0, 12),
    st.booleans(),
)
CALENDARS = st.lists(PERIODS, max_size=3).map(tuple).map(Calendar)


def told(state: str, **more: str) -> Given:
    return Given(ReportState(state), **more)  # type: ignore[arg-type]


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def shown_on(
    now: datetime, *, told_at: datetime, days: int = 14, calendar: Calendar = NEVER_STILL, state: str = "on_track"
) -> ReportState | None:
    return shown_state(state, told_at, fresh_since(now, days, calendar))


def shown_days(told_at: str, calendar: Calendar) -> tuple[str, str]:
    """The first and the last day on which a report is shown, of the year that follows."""
    at = swedish(told_at)
    days = (at + timedelta(days=number) for number in range(365))
    held = [day for day in days if shown_on(day, told_at=at, calendar=calendar)]
    return str(held[0].date()), str(held[-1].date())


def closed_in(calendar: Calendar) -> Closed:
    """Days off, and the standstills."""
    return lambda day: free_day(day) is not None or calendar.stands_still(week_of(day))


def test_a_report_holds_for_as_many_days_as_the_municipality_says_and_is_then_unknown() -> None:
    def shown(days: int) -> ReportState | None:
        return shown_on(MONDAY, told_at=MONDAY - timedelta(days=days))

    assert [shown(days) for days in (0, 13, 14, 15)] == ["on_track", "on_track", "on_track", None]


def test_a_report_holds_to_the_end_of_its_last_day_whatever_the_hour_it_came() -> None:
    early = datetime(2026, 11, 9, 0, 5, tzinfo=STOCKHOLM)
    assert shown_on(swedish("2026-11-23 23:59"), told_at=early) == "on_track"
    assert shown_on(swedish("2026-11-24 00:00"), told_at=early) is None


def test_what_has_never_been_reported_is_unknown() -> None:
    assert shown_state(None, None, SINCE_2024) is None


@pytest.mark.parametrize(
    ("told_at", "last"),
    [
        ("2026-12-06 08:00", "2027-01-03"),  # fourteen days old when the standstill begins, and when it ends
        ("2026-12-07 08:00", "2027-01-04"),
        ("2026-12-18 08:00", "2027-01-15"),
        ("2026-12-24 08:00", "2027-01-17"),
        ("2027-01-03 23:59", "2027-01-17"),
        ("2027-01-04 00:00", "2027-01-18"),
    ],
)
def test_a_standstill_does_not_age_a_report(told_at: str, last: str) -> None:
    assert shown_days(told_at, OVER_CHRISTMAS) == (told_at[:10], last)


def test_each_of_two_standstills_is_left_out_and_none_where_there_is_none() -> None:
    both = Calendar((CHRISTMAS, Period(parse_week("2027-W02"), parse_week("2027-W02"))))
    assert shown_days("2026-12-18 08:00", NEVER_STILL) == ("2026-12-18", "2027-01-01")
    assert shown_days("2026-12-18 08:00", OVER_CHRISTMAS) == ("2026-12-18", "2027-01-15")
    assert shown_days("2026-12-18 08:00", both) == ("2026-12-18", "2027-01-22")


def test_the_days_of_a_standstill_are_days_in_sweden_also_when_the_clocks_are_moved() -> None:
    week_12 = Calendar((Period(parse_week("2027-W12"), parse_week("2027-W12")),))
    late = swedish("2027-03-07 23:59")  # fourteen days before the standstill, which ends with a night of 23 hours
    assert shown_on(swedish("2027-03-28 23:59"), told_at=late, calendar=week_12) == "on_track"
    assert shown_on(swedish("2027-03-29 00:00"), told_at=late, calendar=week_12) is None


def test_what_stands_still_for_years_has_no_state_in_the_end() -> None:
    always = Calendar((Period(parse_week("2026-W01"), parse_week("2026-W53"), yearly=True),))
    assert shown_on(MONDAY + OLDEST_REPORT, told_at=MONDAY, calendar=always) == "on_track"
    assert shown_on(MONDAY + OLDEST_REPORT + timedelta(days=1), told_at=MONDAY, calendar=always) is None


@given_any(
    st.integers(0, 9 * 365 * 24 * 60),
    st.integers(0, 400),
    st.integers(1, 60),
    CALENDARS,
)
def test_a_report_is_shown_while_no_more_days_than_it_holds_have_passed_outside_the_standstills(
    minutes: int, age: int, report_days: int, calendar: Calendar
) -> None:
    told_at = SINCE_2024 + timedelta(minutes=minutes)
    now = told_at + timedelta(days=age)
    passed = (today(told_at) + timedelta(days=number + 1) for number in range((today(now) - today(told_at)).days))
    counted = sum(not calendar.stands_still(week_of(day)) for day in passed)
    shown = shown_on(now, told_at=told_at, days=report_days, calendar=calendar)
    assert shown == ("on_track" if counted <= report_days else None)


@given_any(
    st.integers(0, 9 * 365 * 24 * 60),
    st.integers(0, 400),
    st.integers(1, 60),
    st.sampled_from(["on_track", "watch", "needs_decision"]),
)
def test_nothing_old_is_ever_shown_as_good(minutes: int, age: int, report_days: int, state: str) -> None:
    at = SINCE_2024 + timedelta(minutes=minutes)
    shown = shown_on(at + timedelta(days=age), told_at=at, days=report_days, state=state)
    if age < report_days:
        assert shown == state
    if age > report_days:  # whole days of 24 hours: the night when an hour comes twice may add one day more
        assert shown is None or age == report_days + 1


def test_only_what_runs_is_missed_when_nobody_has_told_how_it_goes() -> None:
    words = {status: state_word(status, None) for status in Status}
    assert {status for status, word in words.items() if word == "Uppgift saknas"} == {Status.ONGOING}
    assert state_word(Status.PAUSED, ReportState.WATCH) == "Behöver bevakas"
    assert state_word(Status.CLOSED, ReportState.ON_TRACK) == ""


@pytest.mark.parametrize("state", ["watch", "needs_decision"])
def test_a_deviation_must_say_what_is_done_about_it(state: str) -> None:  # S4-47
    with pytest.raises(Invalid) as refused:
        state_after(told(state), "on_track")
    assert refused.value.errors == {"text": ["Skriv vad ni gör åt det."]}
    assert state_after(told(state, text="Vi byter leverantör."), None) == state


def test_nothing_new_keeps_what_was_told_before() -> None:
    assert state_after(told("nothing_new"), "needs_decision") == "needs_decision"


def test_the_first_report_cannot_be_that_nothing_is_new() -> None:
    with pytest.raises(Invalid) as refused:
        state_after(told("nothing_new"), None)
    assert refused.value.errors == {"state": ["Det här är den första lägesrapporten. Välj hur det går."]}


def test_help_is_asked_for_until_a_report_no_longer_does() -> None:
    assert help_after(told("watch", text="x", help="En jurist"), "") == "En jurist"
    assert help_after(told("nothing_new"), "En jurist") == "En jurist"
    assert help_after(told("on_track"), "En jurist") == ""


def test_the_next_report_is_due_before_the_first_meeting_that_this_one_is_too_old_for() -> None:
    assert next_due(MONDAY, 14, TUESDAYS, NEVER_STILL, free_day) == datetime(2026, 12, 11, 12, tzinfo=STOCKHOLM)
    assert next_due(MONDAY, 7, TUESDAYS, NEVER_STILL, free_day) == datetime(2026, 12, 4, 12, tzinfo=STOCKHOLM)


@given_any(
    st.integers(0, 8 * 365 * 24 * 60),
    st.integers(7, 60),
    st.integers(1, 5),
    st.sampled_from(["weekly", "even", "odd"]),
    CALENDARS,
)
def test_who_reports_when_due_is_fresh_at_every_freeze(
    minutes: int, report_days: int, weekday: int, rhythm: str, calendar: Calendar
) -> None:
    at, series = SINCE_2024 + timedelta(minutes=minutes), Series(weekday, "08:30", rhythm)
    closed = closed_in(calendar)
    due = next_due(at, report_days, series, calendar, closed)
    assert due > at
    meeting = next_meeting(at, series, closed)
    while report_deadline(meeting, closed) < due:
        freeze = freeze_of(meeting, closed)
        assert shown_on(freeze, told_at=at, days=report_days, calendar=calendar) == "on_track"
        meeting = next_meeting(meeting, series, closed)


def test_whoever_reports_before_a_standstill_is_next_asked_well_after_it() -> None:
    closed = closed_in(OVER_CHRISTMAS)
    told_at = swedish("2026-12-18 10:00")
    assert next_due(told_at, 14, TUESDAYS, OVER_CHRISTMAS, closed) == swedish("2027-01-15 12:00")


def test_where_no_meeting_is_ever_held_the_next_is_due_when_this_one_ceases_to_hold() -> None:
    in_vain = Series(2, "08:30", "chosen")
    assert next_due(MONDAY, 14, in_vain, NEVER_STILL, free_day) == MONDAY + timedelta(days=14)
    told_at = swedish("2026-12-18 10:00")
    assert next_due(told_at, 14, in_vain, OVER_CHRISTMAS, free_day) == swedish("2027-01-15 10:00")

"""Lägesrapport: what it must say, how long it holds, and when the next one is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from portfolio.base.errors import Invalid
from portfolio.base.time import STOCKHOLM
from portfolio.base.workdays import free_day
from portfolio.initiatives.rules import ReportState, Status, shown_state, state_word
from portfolio.meetings.rules.series import Series, freeze_of, next_meeting, report_deadline
from portfolio.reports.rules import Given, help_after, next_due, state_after

MONDAY = datetime(2026, 11, 23, 8, tzinfo=STOCKHOLM)
SINCE_2024 = datetime(2024, 1, 1, tzinfo=UTC)
TUESDAYS = Series(2, "08:30")


def told(state: str, **more: str) -> Given:
    return Given(ReportState(state), **more)  # type: ignore[arg-type]


def test_a_report_holds_for_as_many_days_as_the_municipality_says_and_is_then_unknown() -> None:
    def shown(days: int) -> ReportState | None:
        return shown_state("on_track", MONDAY - timedelta(days=days), MONDAY, 14)

    assert [shown(days) for days in (0, 13, 14, 15)] == ["on_track", "on_track", "on_track", None]


def test_a_report_holds_to_the_end_of_its_last_day_whatever_the_hour_it_came() -> None:
    early = datetime(2026, 11, 9, 0, 5, tzinfo=STOCKHOLM)
    assert shown_state("watch", early, datetime(2026, 11, 23, 23, 59, tzinfo=STOCKHOLM), 14) == "watch"
    assert shown_state("watch", early, datetime(2026, 11, 24, 0, 0, tzinfo=STOCKHOLM), 14) is None


def test_what_has_never_been_reported_is_unknown() -> None:
    assert shown_state(None, None, MONDAY, 14) is None


@given_any(
    st.integers(0, 9 * 365 * 24 * 60),
    st.integers(0, 400),
    st.integers(1, 60),
    st.sampled_from(["on_track", "watch", "needs_decision"]),
)
def test_nothing_old_is_ever_shown_as_good(minutes: int, age: int, report_days: int, state: str) -> None:
    at = SINCE_2024 + timedelta(minutes=minutes)
    shown = shown_state(state, at, at + timedelta(days=age), report_days)
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
def test_a_deviation_must_say_what_is_done_about_it(state: str) -> None:
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
    assert next_due(MONDAY, 14, TUESDAYS, free_day) == datetime(2026, 12, 11, 12, tzinfo=STOCKHOLM)
    assert next_due(MONDAY, 7, TUESDAYS, free_day) == datetime(2026, 12, 4, 12, tzinfo=STOCKHOLM)


@given_any(
    st.integers(0, 8 * 365 * 24 * 60),
    st.integers(7, 60),
    st.integers(1, 5),
    st.sampled_from(["weekly", "even", "odd"]),
)
def test_who_reports_when_due_is_fresh_at_every_freeze(
    minutes: int, report_days: int, weekday: int, rhythm: str
) -> None:
    at, series = SINCE_2024 + timedelta(minutes=minutes), Series(weekday, "08:30", rhythm)
    due = next_due(at, report_days, series, free_day)
    assert due > at
    meeting = next_meeting(at, series, free_day)
    while report_deadline(meeting, free_day) < due:
        assert shown_state("on_track", at, freeze_of(meeting, free_day), report_days) == "on_track"
        meeting = next_meeting(meeting, series, free_day)


def test_where_no_meeting_is_ever_held_the_next_is_due_when_this_one_ceases_to_hold() -> None:
    assert next_due(MONDAY, 14, TUESDAYS, lambda _: True) == MONDAY + timedelta(days=14)

"""What time itself changes, told by the clock: once, however often and however late it looks."""

from datetime import datetime, timedelta

import pytest

from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.outbox.queries import newest_seq
from tests.actions import stored
from tests.invariants import broken
from tests.make import NOW, make_decision, make_demo, make_initiative, make_unit

pytestmark = pytest.mark.usefixtures("app")

W02 = datetime.fromisoformat("2027-01-11T00:00:00+01:00")


def test_a_decided_initiative_becomes_ongoing_when_its_week_begins_and_not_a_second_before() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(impacts={"KLF": 1}, start="2027-W02")
    make_decision(code, "start")
    keep_up_with_the_calendar(W02 - timedelta(seconds=1))
    assert stored.status(code) == "decided"
    keep_up_with_the_calendar(W02)
    assert stored.status(code) == "ongoing"
    assert stored.told(code)[-1] == "initiative.week_came"
    assert broken(W02) == []


def test_looking_again_changes_nothing() -> None:
    make_demo()
    for now in (NOW, W02, W02 + timedelta(weeks=30)):
        keep_up_with_the_calendar(now)
        events = newest_seq()
        assert keep_up_with_the_calendar(now) == 0
        assert keep_up_with_the_calendar(now + timedelta(hours=1)) == 0
        assert newest_seq() == events
        assert broken(now) == []


def test_a_clock_that_was_down_for_months_catches_up_at_once() -> None:
    make_unit("KLF", limit=3)
    first = make_initiative(impacts={"KLF": 2}, start="2027-W02", weeks=4)
    make_decision(first, "start")
    second = make_initiative(impacts={"KLF": 2}, start="2027-W06", weeks=4)
    make_decision(second, "start")
    much_later = W02 + timedelta(weeks=12)
    keep_up_with_the_calendar(much_later)
    assert (stored.status(first), stored.status(second)) == ("ongoing", "ongoing")
    assert stored.told(first)[-2:] == ["initiative.week_came", "initiative.dragging_noted"]
    assert stored.conflict_weeks("KLF", much_later) == stored.weeks_from("2027-W14", 9)
    assert broken(much_later) == []


def test_what_drags_on_is_noted_once_and_collides_a_week_further_every_week() -> None:
    make_unit("KLF", limit=1)
    code = make_initiative(impacts={"KLF": 2}, status="ongoing", start="2026-W40", weeks=4)
    assert stored.conflict_weeks("KLF") == stored.weeks_from("2026-W48", 9)
    keep_up_with_the_calendar(NOW)
    keep_up_with_the_calendar(NOW + timedelta(weeks=1))
    later = NOW + timedelta(weeks=1)
    assert stored.conflict_weeks("KLF", later) == stored.weeks_from("2026-W49", 9)
    assert stored.conflicts(later)[-1] == ("KLF", "2027-W04", "load", "calendar.week_began")
    assert stored.told(code).count("initiative.dragging_noted") == 1
    assert broken(later) == []


def test_the_first_look_of_a_week_begins_it() -> None:
    keep_up_with_the_calendar(NOW)
    keep_up_with_the_calendar(NOW + timedelta(days=6, hours=15))
    assert stored.told("calendar/weeks") == ["calendar.week_began"]
    keep_up_with_the_calendar(NOW + timedelta(days=6, hours=16))
    assert stored.told("calendar/weeks") == ["calendar.week_began"] * 2

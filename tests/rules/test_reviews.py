"""What a half-year came to: counted from what happened, and never from what was taken back."""

from datetime import date, datetime
from typing import Any

import pytest

from portfolio.reviews.rules.half_years import HalfYear, half_year_of, half_years, months_between, parse_half_year
from portfolio.reviews.rules.hindsight import Happened, Hindsight, hindsights, waits_of
from portfolio.reviews.rules.sentences import days, flow_told, number, promise_told, share, stopped_told


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+01:00")


def event(day: str, name: str, subject: str = "initiative/FI-001", **data: Any) -> Happened:
    return Happened(at(day), name, subject, data)


def about(code: str, day: str, what: str, status: str, **data: Any) -> Happened:
    return event(day, f"initiative.{what}", f"initiative/{code}", **{"status": status, "reason": "Skäl", **data})


def lately(happened: list[Happened], now: str = "2026-12-31") -> Hindsight:
    """The newest half-year."""
    return hindsights(sorted(happened), at(now))[0]


def test_a_half_year_ends_at_midnight_in_sweden() -> None:
    half = half_year_of(date(2026, 6, 30))
    assert (half.written, half.name, half.next.written) == ("2026-1", "första halvåret 2026", "2026-2")
    assert half.ends.isoformat() == "2026-07-01T00:00:00+02:00"
    assert [moment.month for moment in half.next.month_ends()] == [8, 9, 10, 11, 12, 1]
    assert half_year_of(date(2026, 7, 1)) == HalfYear(2026, 2)


@pytest.mark.parametrize("text", ["", "2026", "2026-3", "2026-12", "1999-1", "26-1"])
def test_anything_else_is_no_half_year(text: str) -> None:
    assert parse_half_year(text) is None


def test_every_half_year_from_the_first_is_known_the_newest_first() -> None:
    found = half_years(date(2025, 12, 31), date(2026, 7, 1))
    assert [half.written for half in found] == ["2026-2", "2026-1", "2025-2"]
    assert parse_half_year("2025-2") == found[-1]


def test_a_portfolio_in_which_nothing_has_happened_has_nothing_to_look_back_on() -> None:
    assert hindsights([], at("2026-11-23")) == []


# S1-28, S4-50
def test_what_started_was_finished_and_was_stopped_is_counted_in_its_own_half_year() -> None:
    happened = [
        about("FI-001", "2026-02-01", "proposed", "proposed"),
        about("FI-001", "2026-02-20", "started", "decided", decision=1, exception=None),
        about("FI-001", "2026-02-21", "started", "decided", decision=2, exception=None),
        about("FI-001", "2026-09-01", "completed", "follow_up", decision=3),
        event("2026-11-30", "initiative.effect_answered", "initiative/FI-001", months=3, answers=[{"answer": "not"}]),
        about("FI-001", "2026-12-01", "closed", "closed", decision=4),
        event("2026-11-30", "initiative.effect_answered", "initiative/FI-005", answers=[{"answer": "too_early"}]),
        about("FI-005", "2026-12-02", "closed", "closed", decision=7),
        about("FI-002", "2026-08-01", "proposed", "proposed"),
        about("FI-002", "2026-08-31", "rejected", "rejected", decision=5),
        about("FI-003", "2026-08-01", "imported", "ongoing"),
        about("FI-003", "2026-10-01", "cancelled", "cancelled", decision=6),
        event("2026-10-02", "exception.granted", "initiative/FI-004", exception=1),
    ]
    second, first = hindsights(sorted(happened), at("2026-12-31"))
    assert (first.started, first.finished, first.stopped, first.lead_days) == (1, 0, 0, (19,))
    assert (second.started, second.finished, second.rejected, second.cancelled) == (0, 1, 1, 1)
    assert (second.exceptions, second.closed, second.closed_and_followed) == (1, 2, 1)
    assert stopped_told(second) == "2, varav 1 avslogs före start och 1 avbröts"
    assert stopped_told(first) == "0"


def test_a_decision_that_was_taken_back_counts_for_nothing_and_neither_does_its_exception() -> None:
    happened = [
        about("FI-001", "2026-08-01", "proposed", "proposed"),
        event("2026-09-01", "exception.granted", exception=7),
        about("FI-001", "2026-09-01", "started", "decided", decision=1, exception=7),
        event("2026-09-01", "initiative.decision_undone", decision=1, kind="start", status="proposed"),
    ]
    found = lately(happened)
    assert (found.started, found.exceptions, found.lead_days) == (0, 0, ())


# S1-13, S4-22
def test_the_time_to_an_answer_is_told_as_a_median_and_held_against_the_promise() -> None:
    happened = [about(f"FI-{count}", "2026-08-01", "proposed", "proposed") for count in range(4)] + [
        about("FI-0", "2026-08-05", "started", "decided", decision=1),
        about("FI-1", "2026-08-15", "rejected", "rejected", decision=2),
        about("FI-1", "2026-09-15", "prepared", "in_preparation", decision=3),
        about("FI-1", "2026-09-16", "started", "decided", decision=4),
        about("FI-2", "2026-09-10", "started", "decided", decision=5),
    ]
    found = lately(happened)
    assert found.lead_days == (4, 14, 40, 1)
    assert promise_told(found) == "9 dagar i median. 3\u00a0av\u00a04 (75\u00a0%) fick besked inom 14 dagar."
    assert promise_told(lately(happened[:4])) == "Inget förslag fick besked under halvåret."


def test_a_proposal_waits_from_the_day_it_came_until_it_is_answered_or_gone() -> None:
    happened = [
        about("FI-001", "2026-08-01", "proposed", "proposed"),
        about("FI-001", "2026-08-09", "prepared", "in_preparation", decision=1),
        about("FI-002", "2026-08-02", "imported", "ongoing"),
        about("FI-003", "2026-08-03", "imported", "proposed"),
        event("2026-08-04", "initiative.removed", "initiative/FI-003", title="X"),
        about("FI-004", "2026-08-05", "proposed", "proposed"),
        about("FI-004", "2026-08-06", "rejected", "rejected", decision=2),
    ]
    waits = waits_of(happened)
    assert waits.waiting == {"initiative/FI-001": date(2026, 8, 1)}
    assert [one.days for one in waits.answered] == [1]
    undone = event("2026-08-06", "initiative.decision_undone", "initiative/FI-004", decision=2, status="proposed")
    assert waits_of([*happened, undone]).waiting["initiative/FI-004"] == date(2026, 8, 5)


def test_a_list_that_is_read_in_again_moves_what_it_says_has_moved() -> None:
    running, waiting = (about(code, "2026-10-01", "proposed", "proposed") for code in ("FI-001", "FI-002"))
    happened = [
        running,
        waiting,
        event("2026-10-05", "initiative.edited", changes={"status": ["proposed", "ongoing"]}),
        event("2026-10-06", "initiative.edited", "initiative/FI-002", changes={"title": ["A", "B"]}),
        event("2026-11-05", "initiative.edited", changes={"status": ["ongoing", "closed"]}),
    ]
    assert waits_of(happened).waiting == {"initiative/FI-002": date(2026, 10, 1)}
    assert lately(happened, "2026-12-15").active == pytest.approx(1 / 3)


# S4-16
def test_changed_limits_and_rules_are_changes_of_the_way_of_working() -> None:
    happened = [
        event("2026-08-01", "unit.edited", "unit/SOC", changes={"limit": [7, 8]}),
        event("2026-08-02", "unit.edited", "unit/SOC", changes={"name": ["A", "B"]}),
        event("2026-08-03", "unit.cap_lowered", "unit/SOC", lowered_limit=1),
        event("2026-08-04", "unit.limits_confirmed", "unit/SOC"),
        event("2026-08-05", "settings.changed", "settings/municipality", changes={}),
    ]
    found = lately(happened)
    assert (found.limits_changed, found.rules_changed) == (3, 1)


def running(count: int, *, finished: int, began: str = "2026-07-01") -> list[Happened]:
    """So many that went on from a day, and the first so many finished in December."""
    arrived = [about(f"FI-{one}", began, "imported", "ongoing") for one in range(count)]
    ended = [about(f"FI-{one}", "2026-12-30", "completed", "follow_up", decision=one) for one in range(finished)]
    return arrived + ended


def test_how_many_went_on_is_the_mean_of_the_month_ends_since_the_portfolio_began() -> None:
    happened = [
        *running(2, finished=0, began="2026-10-15"),
        about("FI-8", "2026-11-10", "imported", "decided"),
        event("2026-11-16", "initiative.week_came", "initiative/FI-8", week="2026-W47"),
        about("FI-0", "2026-12-05", "paused", "paused", decision=9),
        event("2026-12-06", "initiative.removed", "initiative/FI-1", title="X"),
    ]
    [found] = hindsights(sorted(happened), at("2026-12-10"))
    assert found.active == pytest.approx((2 + 3 + 1) / 3)
    assert found.months == pytest.approx(56 / 30.4375, abs=0.01)


def test_fewer_at_a_time_means_that_each_is_ready_sooner() -> None:
    [found] = hindsights(sorted(running(9, finished=6)), at("2026-12-31"))
    assert flow_told(found) == [
        "I snitt pågick 8 initiativ samtidigt och 1 blev klara i månaden: "
        "i den takten tar ett initiativ omkring 8 månader.",
        "Med 6 åt gången, och lika många klara i månaden, skulle det ta omkring 6 månader: "
        "färre på en gång gör inte mindre, det gör vart och ett klart tidigare.",
    ]


def test_where_nothing_was_finished_nobody_can_say_how_long_it_takes() -> None:
    [sentence] = flow_told(lately(running(9, finished=0)))
    assert sentence.endswith("Inget blev klart, så det går inte att säga hur lång tid ett initiativ tar.")


def test_with_two_at_a_time_there_is_nothing_to_take_away() -> None:
    assert len(flow_told(lately(running(2, finished=1)))) == 1


def test_the_first_days_of_a_portfolio_count_as_a_month() -> None:
    assert months_between(at("2026-11-23"), at("2026-11-24")) == 1


def test_figures_are_written_as_in_sweden() -> None:
    assert [number(value) for value in (2.5, 3.0, 0.04)] == ["2,5", "3", "0"]
    assert [share(1, 3), share(0, 0)] == ["1\u00a0av\u00a03 (33\u00a0%)", "–"]
    assert [days(None), days(1), days(12.5)] == ["–", "1 dag", "12,5 dagar"]

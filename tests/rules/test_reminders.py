"""Who is to be told of what, and when a letter may leave: the same answer whenever and however often one asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.base.errors import Invalid
from portfolio.base.time import STOCKHOLM, this_week, today
from portfolio.base.weeks import monday, parse_week, week_number, week_of
from portfolio.base.workdays import free_day, moment
from portfolio.capacity.rules.calendar import Calendar, Period
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.series import Series, freeze_of, next_meeting
from portfolio.reminders.rules.catalogue import LONGEST_SUBJECT, RULES, Setting, checked, settings_from
from portfolio.reminders.rules.due import Due, due, wants_this_week
from portfolio.reminders.rules.facts import (
    Completed,
    Dragging,
    Excepted,
    Facts,
    Feeling,
    Running,
    Starting,
    Unanswered,
    Undecided,
)
from portfolio.reminders.rules.judging import DONE, LATER_ONE, TOO_LATE, Standing, why_not
from portfolio.reminders.rules.manners import Away, may_leave, receiver_of, returned_on

RULES_AS_THEY_COME = settings_from({})
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def told(now: datetime, facts: Facts, rule: str = "") -> list[tuple[str, str, str]]:
    """What is due now, as (rule, subject, period)."""
    found = due(now, facts, RULES_AS_THEY_COME)
    return [(one.rule, one.subject, one.period) for one in found if one.due_at <= now and rule in ("", one.rule)]


RUNNING = Facts(running=[Running("FI-001", reporter_id=2, chief_id=3)])


def test_a_report_is_asked_for_on_the_working_day_before_its_last_day_and_again_on_that_day():
    assert told(swedish("2026-11-26 07:29"), RUNNING) == []
    first = ("report_due", "initiative/FI-001", "2026-12-01")
    assert told(swedish("2026-11-26 07:30"), RUNNING) == [first]
    again = ("report_last_day", "initiative/FI-001", "2026-12-01")
    assert told(swedish("2026-11-27 07:30"), RUNNING) == [again]
    assert told(swedish("2026-11-30 11:59"), RUNNING) == [again]
    assert told(swedish("2026-11-30 12:00"), RUNNING) == []


def test_what_falls_due_later_in_the_week_is_known_on_monday_but_the_second_reminder_is_not():
    [known] = due(swedish("2026-11-23 12:30"), RUNNING, RULES_AS_THEY_COME)
    assert (known.rule, known.due_at) == ("report_due", swedish("2026-11-26 07:30"))


def test_a_report_is_asked_for_before_the_last_chosen_day_too_and_by_the_day_that_it_is_moved_to():
    chosen = Series(2, "08:30", "chosen", (date(2026, 12, 1),))
    assert told(swedish("2026-11-26 07:30"), replace(RUNNING, series=chosen)) == [
        ("report_due", "initiative/FI-001", "2026-12-01")
    ]
    trettondedagen = Series(2, "08:30", "chosen", (date(2027, 1, 6),))
    assert told(swedish("2026-12-30 07:30"), replace(RUNNING, series=trettondedagen)) == [
        ("report_due", "initiative/FI-001", "2027-01-07")
    ]


@pytest.mark.parametrize(("rhythm", "weeks"), [("weekly", [48, 50]), ("odd", [49, 51]), ("chosen", [48, 50])])
def test_a_veckobrev_every_second_week_never_comes_oftener(rhythm, weeks):
    series = Series(2, "08:30", rhythm, tuple(date(2026, 11, 24) + timedelta(weeks=number) for number in range(5)))
    first = parse_week("2026-W48")
    found = [week for week in range(first, first + 4) if wants_this_week("fortnightly", week, series)]
    assert [week_number(week) for week in found] == weeks


def test_a_rule_that_cannot_be_worked_out_is_logged_and_keeps_nothing_else_back(caplog):
    never = Completed("FI-009", 2, date.max, frozenset())
    found = told(swedish("2026-11-26 07:30"), replace(RUNNING, completed=[never]))
    assert found == [("report_due", "initiative/FI-001", "2026-12-01")]
    assert caplog.messages == ["the rule follow_up_due could not be followed"]


def test_what_is_put_off_until_the_end_of_all_days_keeps_no_other_matter_waiting(caplog):
    never = Undecided("FI-001", Status.PROPOSED, datetime.max.replace(tzinfo=UTC))
    waits = Undecided("FI-002", Status.PROPOSED, swedish("2026-10-01 09:00"))
    found = told(swedish("2026-11-26 07:30"), Facts(undecided=[never, waits], coordinators=(1,)))
    assert found == [("decision_waits", "initiative/FI-002", "2026-10-01")]
    assert caplog.messages == []


def test_a_report_that_still_holds_at_the_freeze_is_not_asked_for():
    fresh = Facts(running=[Running("FI-001", 2, reported_at=swedish("2026-11-16 00:00"))])
    stale = Facts(running=[Running("FI-001", 2, reported_at=swedish("2026-11-15 23:59"))])
    assert told(swedish("2026-11-27 08:00"), fresh) == []
    assert told(swedish("2026-11-27 08:00"), stale) != []


def test_a_report_from_just_before_a_standstill_is_not_asked_for_again_for_the_first_meeting_after_it():
    christmas = Calendar((Period(parse_week("2026-W52"), parse_week("2026-W53")),))

    def asked(reported_at: str) -> list[tuple[str, str, str]]:
        running = [Running("FI-001", 2, 3, swedish(reported_at), asked_for=date(2026, 12, 15))]
        facts = Facts(
            running=running,
            calendar=christmas,
            closed=lambda day: free_day(day) is not None or christmas.stands_still(week_of(day)),
        )
        return [*told(swedish("2026-12-17 07:30"), facts), *told(swedish("2027-01-04 08:00"), facts)]

    assert asked("2026-12-07 08:00") == []
    assert {rule for rule, _, _ in asked("2026-12-06 08:00")} == {"report_due", "report_last_day", "report_missing"}


def test_whoever_has_just_resumed_or_come_back_is_left_alone_for_a_week():
    now = swedish("2026-11-27 08:00")
    resumed = Facts(running=[Running("FI-001", 2, resumed_at=now - timedelta(days=6))])
    assert told(now, resumed) == []
    assert told(now, Facts(running=RUNNING.running, returned={2: date(2026, 11, 21)})) == []
    assert told(now, Facts(running=RUNNING.running, returned={2: date(2026, 11, 20)})) != []


def test_the_chief_is_asked_for_help_once_in_each_spell_and_only_after_reminders_in_vain():
    asked = Facts(running=[Running("FI-001", 2, 3, asked_for=date(2026, 11, 24))])
    assert told(swedish("2026-11-25 07:29"), asked, "report_missing") == []
    once = ("report_missing", "initiative/FI-001", "first")
    assert told(swedish("2026-11-25 07:30"), asked, "report_missing") == [once]
    assert told(swedish("2026-12-20 07:30"), asked, "report_missing") == [once]
    assert told(swedish("2026-12-20 07:30"), RUNNING, "report_missing") == []


def test_every_other_rule_tells_the_right_people_at_the_right_time():
    week = parse_week("2027-W05")
    facts = Facts(
        undecided=[
            Undecided("FI-012", Status.IN_PREPARATION, swedish("2026-11-02 10:00")),
            Undecided("FI-013", Status.PROPOSED, swedish("2026-11-02 10:00")),
        ],
        starting=[Starting("FI-010", 4, week)],
        dragging=[Dragging("FI-006", 5, parse_week("2026-W47"))],
        exceptions=[Excepted("FI-003", 6, parse_week("2026-W49"))],
        unanswered=[Unanswered("FI-012", "SOC", "12.1", (7, 8))],
        completed=[Completed("FI-007", 9, date(2026, 8, 31))],
        chairs=(1,),
        coordinators=(2,),
    )
    found = due(swedish("2026-11-30 08:00"), facts, RULES_AS_THEY_COME)
    people = {rule: sorted(one.person_id for one in found if one.rule == rule) for rule in RULES}
    assert people["decision_waits"] == [1, 2, 2]
    assert people["past_last_week"] == [5]
    assert people["exception_expires"] == [1, 6]
    assert people["acknowledge"] == [7, 8]
    assert people["follow_up_due"] == [9]
    assert people["start_soon"] == []
    soon = due(swedish("2027-01-18 07:30"), facts, RULES_AS_THEY_COME)
    assert [one.person_id for one in soon if one.rule == "start_soon"] == [4]


@pytest.mark.parametrize(
    ("when", "answered", "asked"),
    [
        ("2026-12-01 08:00", (), ["2026-08-31+3"]),
        ("2026-12-01 08:00", (3,), []),
        ("2027-09-01 08:00", (3,), ["2026-08-31+12"]),
        ("2027-09-01 08:00", (3, 12), []),
    ],
)
def test_nobody_is_asked_again_what_came_of_it_once_they_have_answered(when, answered, asked):
    facts = Facts(completed=[Completed("FI-007", 9, date(2026, 8, 31), frozenset(answered))])
    found = due(swedish(when), facts, RULES_AS_THEY_COME)
    assert [one.period for one in found if one.rule == "follow_up_due"] == asked


def test_a_chef_is_asked_once_a_month_how_heavy_it_is_until_they_have_answered():
    facts = Facts(feeling=[Feeling(7, "SOC", "2026-10"), Feeling(8, "BUF", "2026-11"), Feeling(9, "KFF")])
    asked = [("felt_load", "unit/SOC", "2026-11"), ("felt_load", "unit/KFF", "2026-11")]
    assert told(swedish("2026-11-16 07:29"), facts) == []
    assert told(swedish("2026-11-16 07:30"), facts) == asked  # the 15th is a Sunday
    assert told(swedish("2026-11-30 23:59"), facts) == asked
    assert told(swedish("2026-12-01 00:00"), facts) == []
    assert len(told(swedish("2026-12-15 07:30"), facts)) == 3


@pytest.mark.parametrize("month", range(1, 13))
def test_the_question_of_a_month_comes_in_that_month_however_late_the_day_is_set(month):
    facts, late = Facts(feeling=[Feeling(7, "SOC")]), RULES_AS_THEY_COME | {"felt_load": Setting(True, 20, "16:00")}
    last = date(2027 + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    [one] = due(moment(last, "23:00"), facts, late)
    assert (one.period, today(one.due_at).month) == (f"2027-{month:02d}", month)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_turned_off_tells_nothing(rule):
    facts = Facts(running=RUNNING.running, readers={1: "weekly"}, feeling=[Feeling(7, "SOC")])
    off = RULES_AS_THEY_COME | {rule: Setting(False, RULES[rule].days, "07:30")}
    assert [one for one in due(swedish("2026-11-30 08:00"), facts, off) if one.rule == rule] == []


READERS = Facts(readers={1: "weekly"})


@pytest.mark.parametrize("clock", ["07:30", "02:30"])
def test_every_week_of_nine_years_has_exactly_one_veckobrev_whatever_the_hour(clock):
    """Every local day and half hour, the nights when the clocks are moved included (faults SCH-10)."""
    rules = {name: Setting(name == "weekly_letter", 0, clock) for name in RULES}
    at, end = moment(date(2024, 1, 1), "00:00"), moment(date(2033, 1, 3), "00:00")
    periods: dict[str, datetime] = {}
    step = timedelta(minutes=30)
    while at < end:
        for one in due(at, READERS, rules):
            assert periods.setdefault(one.period, one.due_at) == one.due_at
        at += step
    weeks = [monday(week_of(date(2024, 1, 1)) + number) for number in range(9 * 53)]
    open_weeks = [
        first
        for first in weeks
        if first < date(2033, 1, 3) and any(not free_day(first + timedelta(days=number)) for number in range(7))
    ]
    assert len(periods) == len(open_weeks)
    assert all(free_day(today(one)) is None for one in periods.values())


def walk(moments: list[datetime], facts: Facts) -> list[Due]:
    """What is told by clocks that look at these moments, each matter once, as the database sees to it."""
    seen: dict[tuple[int, str, str, str], Due] = {}
    for at in moments:
        for one in due(at, facts, RULES_AS_THEY_COME):
            seen.setdefault(one.key, one)
    return list(seen.values())


@settings(max_examples=50, deadline=None)
@given(MOMENTS, st.lists(st.integers(-3 * 1440, 3 * 1440), min_size=1, max_size=6))
def test_a_clock_that_jumps_tells_of_nothing_that_is_not_due_within_the_jump(start, jumps):
    """Faults SCH-8 and SCH-9: nothing twice, early ones at most those due within the jump."""
    facts = Facts(running=RUNNING.running, readers={1: "weekly"})
    moments = [start]
    for minutes in jumps:
        moments.append(moments[-1] + timedelta(minutes=minutes))
    found = walk(moments, facts)
    assert len({one.key for one in found}) == len(found)
    last_week_end = moment(monday(this_week(max(moments)) + 1), "00:00")
    assert all(one.due_at < last_week_end for one in found)
    assert {one.key for one in found} == {one.key for one in walk(sorted(moments), facts)}


@settings(max_examples=50, deadline=None)
@given(MOMENTS, st.integers(1, 21))
def test_after_weeks_of_downtime_there_is_one_veckobrev_and_one_reminder_of_each_open_matter(start, days):
    """Fault SCH-11: no flood."""
    facts = Facts(running=[Running(f"FI-{number:03d}", 2) for number in range(5)], readers={1: "weekly"})
    found = due(start + timedelta(days=days), facts, RULES_AS_THEY_COME)
    now_due = [one for one in found if one.due_at <= start + timedelta(days=days)]
    assert sum(one.rule == "weekly_letter" for one in now_due) <= 1
    subjects = [one.subject for one in now_due if one.rule != "weekly_letter"]
    assert len(subjects) == len(set(subjects))


@settings(max_examples=15, deadline=None)
@given(MOMENTS)
def test_every_meeting_is_preceded_by_exactly_one_first_and_one_second_reminder(start):
    meeting = next_meeting(start + timedelta(days=10), Series(2, "08:30"), free_day)
    freeze = freeze_of(meeting, free_day)
    moments = [freeze - timedelta(hours=4 * number, minutes=-7) for number in range(1, 6 * 12)]
    found = walk(sorted(moments), RUNNING)
    period = today(meeting).isoformat()
    assert sorted(one.rule for one in found if one.period == period) == ["report_due", "report_last_day"]


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.sampled_from(["02:30", "07:30", "16:00"]), st.sets(st.integers(-6, 20), max_size=9))
def test_a_letter_leaves_as_soon_as_it_may_on_working_days_after_its_hour_and_at_most_twice_a_week(
    now, clock, offsets
):
    before = {today(now) + timedelta(days=number) for number in offsets}
    letters = set(before)
    for hour in range(21 * 24):
        at = now + timedelta(hours=hour)
        if may_leave(at, clock, letters, free_day):
            assert today(at) not in letters
            assert free_day(today(at)) is None
            assert at >= moment(today(at), clock)
            letters.add(today(at))
    for week in (this_week(now) + 1, this_week(now) + 2):
        days = {monday(week) + timedelta(days=number) for number in range(7)}
        could = {day for day in days if free_day(day) is None} | before & days
        assert len(letters & days) == max(len(before & days), min(2, len(could)))


def test_no_letter_leaves_where_every_day_is_closed():
    assert not may_leave(swedish("2026-11-23 08:00"), "07:30", (), lambda _: True)


def test_whoever_is_away_has_a_substitute_or_waits():
    day = date(2026, 11, 23)
    away = {1: [Away(day, day, 2)], 2: [Away(day, day, None)], 3: [Away(day, day, 4)], 4: [Away(day, day, 3)]}
    assert receiver_of(1, day, {1: away[1]}) == 2
    assert receiver_of(1, day, away) is None
    assert receiver_of(3, day, away) is None
    assert receiver_of(1, day + timedelta(days=1), away) == 1
    assert returned_on(away, day + timedelta(days=3)) == {2: date(2026, 11, 24)}


def standing(**changes: object) -> Standing:
    """A reminder that is to be sent, with some changes."""
    fields: dict[str, object] = {
        "key": (1, "report_due", "initiative/FI-001", "2026-12-01"),
        "due_at": swedish("2026-11-26 07:30"),
        "useful_until": swedish("2026-11-30 12:00"),
        "rule_active": True,
        "person_active": True,
        "has_receiver": True,
        "is_own": True,
        "has_address": True,
        "bounced": False,
        "wants_weekly": True,
        "is_tied": False,
        "is_timed": True,
    }
    return Standing(**(fields | changes))  # type: ignore[arg-type]


def test_what_is_done_or_too_late_is_not_told_and_what_is_not_due_yet_is_left_alone():
    now, key = swedish("2026-11-26 08:00"), (1, "report_due", "initiative/FI-001", "2026-12-01")
    assert why_not(standing(), [key], now) is None
    assert why_not(standing(), [], now) == DONE
    assert why_not(standing(), [(1, "report_last_day", *key[2:])], now) == LATER_ONE
    assert why_not(standing(), [key], swedish("2026-11-30 12:00")) == TOO_LATE
    assert why_not(standing(), [], now - timedelta(hours=1)) is None


@pytest.mark.parametrize(
    "change",
    [{"rule_active": False}, {"person_active": False}, {"has_address": False}, {"bounced": True}],
)
def test_whoever_cannot_be_told_is_not_told_for_a_reason(change):
    key = standing().key
    assert why_not(standing(**change), [key], swedish("2026-11-26 08:00"))


def test_without_a_receiver_a_reminder_waits_for_the_return():
    waits = standing(has_receiver=False, is_own=False, has_address=False)
    assert why_not(waits, [waits.key], swedish("2026-11-26 08:00")) is None


def test_a_refused_letter_waits_for_an_administrator():
    assert why_not(standing(bounced=True, is_tied=True), [standing().key], swedish("2026-11-26 08:00")) is None


@pytest.mark.parametrize(("written", "stored"), [("07.30", "07:30"), ("7.30", "07:30"), ("16:05", "16:05")])
def test_an_hour_is_written_as_people_write_it(written, stored):
    assert checked(RULES["report_due"], 2, written) == (2, stored)


@pytest.mark.parametrize(("days", "clock"), [(None, "07.30"), (61, "07.30"), (1, "25.00"), (1, ""), (1, "kl sju")])
def test_what_no_rule_can_follow_is_told(days, clock):
    with pytest.raises(Invalid):
        checked(RULES["report_due"], days, clock)


def test_a_question_of_the_month_is_asked_before_its_last_week():
    assert checked(RULES["felt_load"], 20, "07.30") == (20, "07:30")
    with pytest.raises(Invalid):
        checked(RULES["felt_load"], 21, "07.30")


def test_every_rule_says_what_it_does():
    assert all(rule.does.endswith(".") and rule.sample and rule.why for rule in RULES.values())
    assert LONGEST_SUBJECT == 60

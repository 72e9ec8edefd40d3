"""A year in the municipality: the letters help, and nobody is nagged."""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.time import today
from portfolio.base.weeks import week_of
from portfolio.base.workdays import free_day
from portfolio.meetings.queries.series import closed_days
from portfolio.outbox.models import EventRow
from portfolio.receivers.rules.months import month_of
from tests.reminders.town import (
    Town,
    away,
    by_day,
    decide_something,
    lower,
    make_town,
    pause,
    per_week,
    reminded,
    resume,
)

ENOUGH = 0.9
"""The share of reports that must hold when an agenda is frozen."""


def live_through(days: int) -> Town:
    """What happens in the municipality, day by day."""
    town = make_town()
    for day in town.live(days):
        if day.isocalendar().weekday == 2 and not closed_days()(day):
            decide_something(town)
        if day == date(2026, 12, 1):
            pause("FI-003", town.now)
        if day == date(2027, 1, 19):
            resume("FI-003", town.now)
        if day.day == 10:
            lower("SOC", week_of(day), town.now)
        if day.month % 3 == 0 and day.day == 5:
            away("Owner 1", day, 14, "Owner 2")
            away("Owner 3", day + timedelta(days=10), 10, None)
            away("Skolchef", day, 7, "Socialchef")
    return town


def ensure_good_manners(town: Town) -> None:
    assert max(per_week(town).values()) <= 2
    assert max(len(subjects) for subjects in by_day(town.box.letters).values()) == 1
    closed = closed_days()
    assert [(at, to) for at, to, _ in town.box.letters if closed(today(at)) or free_day(today(at))] == []
    ids = Counter(letter.id for _, _, letter in town.box.letters)
    assert max(ids.values()) == 1
    assert all(len(letter.subject) <= 60 for _, _, letter in town.box.letters)
    told = current_session().scalars(select(EventRow.data).where(EventRow.type == "reminder.sent")).all()
    assert len(told) == sum(reminded().values())


def share_fresh(town: Town) -> float:
    """Over all agendas but the first two, before which nobody could yet be asked in time."""
    later = town.freshness[2:]
    return sum(fresh for _, fresh, _ in later) / sum(number for _, _, number in later)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_year_of_letters_is_a_help_and_never_a_nuisance(app: Flask) -> None:
    town = live_through(365)
    ensure_good_manners(town)
    assert len(town.freshness) > 40
    assert share_fresh(town) >= ENOUGH
    paused = [at for at, _, letter in town.box.letters if "/FI-003/lagesrapport" in letter.text]
    assert [at for at in paused if date(2026, 12, 2) <= today(at) < date(2027, 1, 26)] == []
    felt = Counter((to, month_of(today(at))) for at, to, letter in town.box.letters if "Svara från 1" in letter.text)
    assert set(felt.values()) == {1}
    standstill = 7  # the middle of July and what is left of it are closed: nobody is asked
    asked = {f"2027-{month:02d}" for month in range(1, 12) if month != standstill}
    assert {month for _, month in felt} == {"2026-11", "2026-12"} | asked
    too_few = [(str(day), fresh, number) for day, fresh, number in town.freshness[2:] if fresh < ENOUGH * number]
    assert too_few == [], f"agendas frozen with too few reports that hold (day, of them, in all): {too_few}"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_month_on_the_other_database_is_the_same(app: Flask) -> None:
    town = live_through(35)
    ensure_good_manners(town)
    assert town.freshness
    assert len(town.box.letters) > 100

"""What the letter about a meeting's completed minutes says, and whom it is for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portfolio.base.errors import NotFound
from portfolio.base.text import alphabetical
from portfolio.base.time import long_date
from portfolio.meetings.queries.completed import document_in, for_everybody, versions_of
from portfolio.meetings.queries.meetings import on
from portfolio.meetings.queries.people import ORDER
from portfolio.meetings.rules.minutes import Minuted, Minutes
from portfolio.people.rules import May, may
from portfolio.reminders.queries.facts import Recipient
from portfolio.reminders.writing import one_line, one_sentence
from portfolio.web.filters import long_day

LATER_VERSION = "en senare version av anteckningarna har kommit"
NO_MINUTES = "anteckningarna finns inte längre"
FORMS = {"notes": ("Anteckningarna", "klara", "rättade"), "protocol": ("Protokollet", "klart", "rättat")}
"""What the document is called, and what it is said to be."""


def minutes_item(subject: str, period: str, function: str, base_url: str, now: datetime) -> dict[str, Any] | str:
    """What whoever holds a function is told of `meeting/2026-11-24`, `version 1`; or why there is nothing to tell."""
    day, version = date.fromisoformat(subject.partition("/")[2]), int(period.partition(" ")[2])
    minutes = _in_force(day, now)
    if minutes is None:
        return NO_MINUTES
    if minutes.version != version:
        return LATER_VERSION
    form, done, corrected = FORMS[minutes.form]
    return {
        "form": form,
        "day": long_date(day),
        "done": corrected if minutes.correction else done,
        "correction": one_sentence(minutes.correction),
        "own": [_told(item) for item in minutes.items if _is_of(item, function)],
        "url": f"{base_url}/anteckningar/{day.isoformat()}",
    }


def told_of_minutes(day: date, now: datetime, people: Mapping[int, Recipient]) -> list[int]:
    """Who is told: the group, and whoever is responsible for something; of those who may read the minutes."""
    minutes = _in_force(day, now)
    if minutes is None:
        return []
    return [one.id for one in people.values() if one.active and may(one.actor, May.READ) and _is_for(minutes, one)]


def _is_for(minutes: Minutes, one: Recipient) -> bool:
    return one.role in ORDER or any(_is_of(item, one.function) for item in minutes.items)


def _in_force(day: date, now: datetime) -> Minutes | None:
    """The general copy of the version in force."""
    try:
        row = on(day, now).row
    except NotFound:
        return None
    versions = versions_of(row.id) if row is not None else []
    return for_everybody(document_in(versions[0]), versions[0].meeting_id, now) if versions else None


def _is_of(item: Minuted, function: str) -> bool:
    return alphabetical(item.responsible) == alphabetical(function)


def _told(item: Minuted) -> str:
    """`FI-011 Nytt schema- och frånvarosystem i skolan, senast 15 februari 2027`."""
    last_day = f", senast {long_day(item.due)}" if item.due is not None else ""
    return f"{item.code} {one_line(item.title)}{last_day}"

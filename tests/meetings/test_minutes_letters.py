"""Who is told by letter that the minutes are there, and how often."""

import json
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.events.meetings import MinutesCompleted
from portfolio.meetings.actions.minutes import Correction
from portfolio.outbox.models import EventRow
from portfolio.outbox.rules import Delivered
from portfolio.people.models import Person
from portfolio.people.rules import Role
from portfolio.reminders import actions as reminders
from portfolio.reminders.handlers import tell_of_the_minutes
from portfolio.reminders.models import Reminder
from portfolio.reminders.queries.letters import moment_of
from portfolio.reminders.queries.matters import Waiting, items_of
from portfolio.reminders.queries.minutes import LATER_VERSION
from portfolio.reminders.rules.catalogue import RULES, as_it_comes
from portfolio.subscriptions import SUBSCRIPTIONS
from tests.make import CHAIR, make_demo, make_person
from tests.meetings import held

THE_GROUP = {
    "Kommundirektör",
    "Ekonomichef",
    "Stadsbyggnadschef",
    "Skolchef",
    "Socialchef",
    "Kultur- och fritidschef",
    "Arbetsmarknadschef",
    "Miljö- och byggnadschef",
    "Räddningschef",
}
"""The members of the demo municipality's group, without the coordinator, who completes the minutes."""


@pytest.fixture
def meeting_held(app: Flask) -> None:
    """The demo municipality after its meeting."""
    held.make_meeting_held()


def deliver(now: datetime = held.AFTERWARDS) -> None:
    """The clock brings every completion to the handler."""
    current_session().rollback()
    wanted = select(EventRow).where(EventRow.type == MinutesCompleted.name).order_by(EventRow.seq)
    rows = [(row.seq, row.actor, row.data) for row in current_session().scalars(wanted)]
    for seq, actor, data in rows:
        tell_of_the_minutes(MinutesCompleted(**json.loads(data)), Delivered(now, seq, actor))


def told() -> dict[str, set[str]]:
    """{version: functions} of those who are told."""
    current_session().rollback()
    wanted = (
        select(Reminder.period, Person.function)
        .join(Person, Person.id == Reminder.person_id)
        .where(Reminder.rule == "minutes_completed")
    )
    found: dict[str, set[str]] = {}
    for period, function in current_session().execute(wanted):
        found.setdefault(period, set()).add(function)
    return found


def texts() -> dict[str, object]:
    """What each letter says, by function; of the latest version only."""
    at = moment_of(held.AFTERWARDS, "https://portfolj.kommunen.example")
    rows = current_session().scalars(select(Reminder).where(Reminder.rule == "minutes_completed")).all()
    waiting = [Waiting(row.id, row.person_id, row.rule, row.subject, row.period, row.due_at, None) for row in rows]
    items = items_of(waiting, at.known)
    return {f"{at.people[row.person_id].function} {row.period}": items[row.id] for row in rows}


def test_the_group_and_everybody_who_is_responsible_are_told_once(meeting_held: None) -> None:
    held.complete()
    deliver()
    assert told() == {"version 1": THE_GROUP | {"Kommunikationschef"}}
    deliver()
    assert len(told()["version 1"]) == len(THE_GROUP) + 1


def test_somebody_who_is_responsible_only_for_what_is_withheld_is_told_nothing(meeting_held: None) -> None:
    held.complete()
    deliver()
    assert "Kanslichef" not in told()["version 1"]


def test_each_is_told_what_they_are_responsible_for_and_nobody_else_s(meeting_held: None) -> None:
    held.complete()
    deliver()
    said = texts()
    owned = {name: item["own"] for name, item in said.items() if isinstance(item, dict)}
    assert owned["Skolchef version 1"] == ["FI-011 Nytt schema- och frånvarosystem i skolan, senast 15 februari 2027"]
    assert owned["Ekonomichef version 1"] == []


def test_a_correction_is_told_instead_of_the_version_before_it(meeting_held: None) -> None:
    held.complete()
    held.correct(Correction("Platsen saknades", place="Sessionssalen"))
    deliver()
    said = texts()
    assert said["Skolchef version 1"] == LATER_VERSION
    assert said["Skolchef version 2"]["correction"] == "Platsen saknades."  # type: ignore[index]


def test_a_reader_who_is_responsible_is_not_told_of_what_they_may_not_read(app: Flask) -> None:
    make_demo()
    make_person("Medarbetare", role=Role.READER)
    held.begin()
    held.decide("FI-012", "start", week="2027-W10", responsible="Medarbetare")
    held.end()
    held.complete()
    deliver()
    assert "Medarbetare" not in told()["version 1"]


def test_a_municipality_that_has_turned_the_rule_off_is_told_nothing(meeting_held: None) -> None:
    rule = as_it_comes(RULES["minutes_completed"])
    with transaction():
        off = type(rule)(False, rule.days, rule.time)
        reminders.set_rule("minutes_completed", off, by=CHAIR, now=held.AFTERWARDS)
    held.complete()
    deliver()
    assert told() == {}


def test_the_handler_is_called_when_minutes_are_completed() -> None:
    assert SUBSCRIPTIONS[MinutesCompleted] == (tell_of_the_minutes,)

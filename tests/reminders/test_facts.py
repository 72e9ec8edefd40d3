"""What the clock reads at each pass: the same however much is finished, and what still holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, update

from portfolio.base.db import transaction
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.people.models import Absence, Person
from portfolio.people.rules import Role
from portfolio.reminders.jobs import materialise
from portfolio.reminders.queries.facts import absences, facts, recipients, settings
from portfolio.reminders.rules.due import about, due
from portfolio.reminders.rules.manners import Away
from tests.make import CHAIR, NOW, make_decision, make_demo, make_initiative, make_person
from tests.questions import questions

BASE = "https://portfolj.kommunen.example"
MOST = 40
"""Questions of a pass that finds nothing new."""


def asked() -> int:
    with questions() as sent:
        materialise(NOW, real_now=NOW, base_url=BASE)
    return len(sent)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_pass_asks_the_same_questions_however_many_initiatives_there_are(app: Flask) -> None:
    make_demo()
    asked()
    before = asked()
    for number in range(12):
        status = ("closed", "rejected", "cancelled", "proposed")[number % 4]
        make_initiative(f"Förändring {number}", status=status)
    asked()
    assert asked() == before <= MOST


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_resumed_initiative_knows_since_when_until_that_is_undone(app: Flask) -> None:
    code = make_initiative(status="ongoing", start="2026-W45", weeks=9)
    make_decision(code, "pause")
    later = NOW + timedelta(days=7)
    outcome = make_decision(code, "resume", start_week="2026-W50", now=later)
    assert outcome.initiative.resumed_at == later
    with transaction():
        assert undo(outcome.decision.id, by=CHAIR, now=later).initiative.resumed_at is None


@pytest.mark.parametrize("until", [date.min, date.max])
def test_a_day_that_nobody_could_have_meant_stops_no_reminder(
    app: Flask, until: date, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = make_person("Portföljkoordinator", role=Role.COORDINATOR)
    odd, other = make_initiative("E-arkiv"), make_initiative("Ny växel")
    with transaction():
        initiative_by_code(odd).until = until
    later = NOW + timedelta(days=60)
    people = recipients()
    found = due(later, facts(later, people, absences(later)), settings())
    waiting = [one.subject for one in found if (one.rule, one.person_id) == ("decision_waits", coordinator.id)]
    assert waiting == [about(code) for code in (odd, other) if code == other or until == date.min]
    assert caplog.messages == []


@pytest.mark.parametrize(
    "change", [{"active": False}, {"email": None}, {"bounced_at": NOW}, {"role": Role.READER}, {"role": Role.AUDITOR}]
)
def test_a_substitute_who_can_no_longer_be_told_is_none_so_that_nothing_is_lost_on_them(
    app: Flask, change: dict[str, Any]
) -> None:
    away, substitute = make_person("Kanslichef").id, make_person("Socialchef").id
    first, last = date(2026, 11, 20), date(2026, 11, 27)
    with transaction() as session:
        known = {"email": "socialchef@kommunen.example"} | change
        session.execute(update(Person).where(Person.id == substitute).values(known))
        days = {"person_id": away, "first_day": first, "last_day": last, "substitute_id": substitute}
        session.execute(insert(Absence), [days])
    stands_in = substitute if change == {"role": Role.AUDITOR} else None
    assert absences(NOW) == {away: [Away(first, last, stands_in)]}

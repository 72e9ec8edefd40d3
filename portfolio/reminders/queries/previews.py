"""How a rule's letter would look for somebody, from how things really are."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import today
from portfolio.base.workdays import moment
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.queries.completed import entries
from portfolio.people.rules import Role
from portfolio.reminders.queries import facts as how_things_are
from portfolio.reminders.queries.letters import Moment, moment_of, told_in
from portfolio.reminders.queries.matters import Waiting, items_of
from portfolio.reminders.queries.minutes import told_of_minutes
from portfolio.reminders.rules.due import Due, about, due
from portfolio.reminders.writing import Signature, Written, write

DAYS_AHEAD = 60
ANSWERED = (Kind.START, Kind.REJECT, Kind.DEFER, Kind.RETURN)


class Preview(NamedTuple):
    """A letter that would be sent, and when."""

    at: datetime
    written: Written


def preview(rule: str, person_id: int, now: datetime, base_url: str) -> Preview | None:
    """The next letter that a rule would give somebody in two months as things are; None if it would give none."""
    at = moment_of(now, base_url)
    if person_id not in at.people:
        return None
    dues = _from_events(rule, person_id, at) or _from_time(rule, person_id, now)
    if not dues:
        return None
    when = max(now, min(one.due_at for one in dues))
    then = moment_of(when, base_url) if when != now else at
    rows = [Waiting(number, *one.key, one.due_at, one.useful_until) for number, one in enumerate(dues)]
    told = told_in(rows, items_of(rows, then.known), then.people[person_id], then)
    if not told:
        return None
    row = the_portfolio()
    return Preview(when, write(told, Signature(row.municipality, row.contact, base_url), f"{base_url}/mina-brev"))


def _from_time(rule: str, person_id: int, now: datetime) -> list[Due]:
    """What a rule of time would tell on the first day on which it tells anything, turned on or not."""
    people, away = how_things_are.recipients(), how_things_are.absences(now)
    facts, rules = how_things_are.facts(now, people, away), how_things_are.settings()
    rules[rule] = replace(rules[rule], active=True)
    for number in range(DAYS_AHEAD):
        later = max(now, moment(today(now) + timedelta(days=number), rules[rule].time))
        found = [one for one in due(later, facts, rules) if (one.rule, one.person_id) == (rule, person_id)]
        if found:
            return found
    return []


def _from_events(rule: str, person_id: int, at: Moment) -> list[Due]:
    if rule == "proposal_answered":
        wanted = (
            select(Initiative.code, DecisionRow.id)
            .join(DecisionRow, DecisionRow.initiative_id == Initiative.id)
            .where(
                Initiative.proposer_id == person_id, DecisionRow.kind.in_(ANSWERED), DecisionRow.undone_at.is_(None)
            )
        )
        latest = current_session().execute(wanted.order_by(DecisionRow.id.desc()).limit(1)).first()
        return [Due(person_id, rule, about(latest[0]), f"decision {latest[1]}", at.now)] if latest else []
    if rule == "collision":
        return [Due(person_id, rule, subject, "", at.now) for subject in _collisions_of(person_id, at)[:1]]
    if rule == "minutes_completed":
        return _latest_minutes(person_id, at)
    return []


def _latest_minutes(person_id: int, at: Moment) -> list[Due]:
    """The newest minutes in force, if this person is told of them."""
    for entry in entries(at.now)[:1]:
        if person_id in told_of_minutes(entry.day, at.now, at.people):
            period = f"version {entry.minutes.version}"
            return [Due(person_id, "minutes_completed", f"meeting/{entry.day.isoformat()}", period, at.now)]
    return []


def _collisions_of(person_id: int, at: Moment) -> list[str]:
    """The units and persons with an open conflict that this person would be told of."""
    person = at.people[person_id]
    return [
        subject
        for subject, owners in how_things_are.open_collisions(at.now, at.people)
        if person.role is Role.CHAIR or person_id in owners
    ]

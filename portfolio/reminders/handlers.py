"""What is to be told because of something that happened. Each may run twice: the reminder's key lets it in once."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from portfolio.base.db import transaction
from portfolio.base.errors import NotFound
from portfolio.base.time import this_week, today
from portfolio.base.weeks import parse_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.load import fillers_of
from portfolio.events.capacity import ConflictDetected
from portfolio.events.decisions import InitiativeDeferred, InitiativeRejected, InitiativeReturned, InitiativeStarted
from portfolio.events.meetings import MinutesCompleted
from portfolio.initiatives.queries import decisions
from portfolio.initiatives.queries.stored import initiatives_by_id
from portfolio.initiatives.rules.undoing import UNDO_SECONDS
from portfolio.outbox.queries import event_time
from portfolio.outbox.rules import Delivered
from portfolio.people.rules import Role
from portfolio.reminders import actions
from portfolio.reminders.queries.facts import Recipient, recipients, settings
from portfolio.reminders.queries.minutes import told_of_minutes
from portfolio.reminders.rules.due import Due, about

NEWS_FOR = timedelta(days=30)
"""An answer that is older than this has been heard of by other ways."""


def answer_the_proposer(
    event: InitiativeStarted | InitiativeRejected | InitiativeDeferred | InitiativeReturned, delivered: Delivered
) -> None:
    """Whoever proposed an initiative is told what was decided, once the decision can no longer be undone."""
    try:
        decision = decisions.decision(event.decision)
    except NotFound:  # the import that brought the initiative was undone
        return
    proposer = initiatives_by_id([decision.initiative_id])[0].proposer_id
    if proposer is None or proposer == decision.decided_by_id:
        return
    at = decision.decided_at + timedelta(seconds=UNDO_SECONDS)
    period = f"decision {event.decision}"
    _tell([Due(proposer, "proposal_answered", about(event.initiative), period, at, at + NEWS_FOR)], delivered.now)


def tell_of_the_collision(event: ConflictDetected, delivered: Delivered) -> None:
    """The chair, and the owners of what fills the cell, are told once a day of each unit that goes over its limit.

    Whoever caused it has seen it on the page already. The unit may go over for longer than this week, so what
    cannot be told in it is told later, for as long as the collision is there.
    """
    people = {one.id: one for one in recipients().values() if one.active}
    concerned = {one.id for one in people.values() if one.role is Role.CHAIR} | _owners_in(
        event, people.values(), delivered.now
    )
    at = event_time(delivered.seq)
    period = today(at).isoformat()
    told = [one for one in sorted(concerned) if one in people and people[one].function != delivered.by]
    _tell([Due(one, "collision", event.subject, period, at, at + NEWS_FOR) for one in told], delivered.now)


def tell_of_the_minutes(event: MinutesCompleted, delivered: Delivered) -> None:
    """The group, and whoever is responsible for something, are told that the minutes are there; not who did it."""
    people, at = recipients(), event_time(delivered.seq)
    concerned = told_of_minutes(date.fromisoformat(event.meeting), delivered.now, people)
    told = [one for one in sorted(concerned) if people[one].function != delivered.by]
    period = f"version {event.version}"
    _tell([Due(one, "minutes_completed", event.subject, period, at, at + NEWS_FOR) for one in told], delivered.now)


def _owners_in(event: ConflictDetected, people: Collection[Recipient], now: datetime) -> set[int]:
    """Who owns what fills the cell; a person's cell is their own."""
    if event.unit is None:
        return {one.id for one in people if one.function == event.person}
    week = parse_week(event.week)
    portfolio = capacity.whole_portfolio(since=week)
    filling = fillers_of(portfolio, event.unit, week, this_week(now))
    owners = {portfolio.commitments[code].owner for code in filling if code in portfolio.commitments}
    return {owner for owner in owners if owner is not None}


def _tell(dues: Collection[Due], now: datetime) -> None:
    """Queue what the municipality has not turned off."""
    rules = settings()
    wanted = [one for one in dues if rules[one.rule].active]
    if wanted:
        with transaction():
            actions.queue(wanted, now=now)

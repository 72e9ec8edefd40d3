"""Record a change together with what the initiative holds after it."""

from datetime import datetime

from portfolio.capacity.actions import claims
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.queries import held_by
from portfolio.events.event import Event
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import phases_of, plan_of
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor


def record_change(initiative: Initiative, event: Event, text: str, by: Actor, now: datetime) -> list[ConflictRow]:
    """Record a change; of a counting initiative also what it holds and the conflicts that follow."""
    if initiative.status not in COUNTING:
        record(event, by=by.name, now=now)
        return []
    return rebind(initiative, event, text, by=by, now=now)


def rebind(initiative: Initiative, event: Event, text: str, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Write anew what an initiative holds, nothing if it does not count, and settle what follows.

    Conflicts are looked for where it weighs now and where it weighed before.
    """
    codes, owners = held_by(initiative.id)
    if initiative.status in COUNTING:
        claims.bind(initiative.id, plan_of(initiative, now))
        codes |= touched_by(initiative)
        owners |= set() if initiative.owner_id is None else {initiative.owner_id}
    else:
        claims.release(initiative.id)
    return record_and_settle(event, text, codes=codes, owners=owners, by=by, now=now)


def touched_by(initiative: Initiative) -> set[str]:
    """The codes of the units that an initiative holds, or would hold, something on."""
    return {code for phase in phases_of(initiative) for code in phase.impacts}

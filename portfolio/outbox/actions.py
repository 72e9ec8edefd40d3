"""Write an event in the transaction that changes what it tells of; later, hand it to those who react to it."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import ColumnElement, CursorResult, ScalarSelect, Update, func, insert, or_, select, update

from portfolio.base.db import CHUNK, agreed_now, current_session, in_chunks, insert_new
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.catalogue import CATALOGUE
from portfolio.events.event import Event, Json
from portfolio.outbox.models import ClockRow, Delivery, EventRow
from portfolio.outbox.queries import is_abandoned, is_due, newest_seq, parked, seal_key
from portfolio.outbox.rules import (
    CLOCK_LEASE,
    DELIVERY_LEASE,
    MOST_ATTEMPTS,
    UNKNOWN_EVENT,
    DeliveryState,
    Subscriptions,
    canonical,
    event_from,
    handler_name,
    handlers_of,
    pause_after,
    seal,
)

log = logging.getLogger(__name__)


def record(event: Event, *, by: str, now: datetime) -> EventRow:
    """Store one fact; rolled back with the transaction, it never happened.

    `by` is the function or token that caused it. The portfolio row's lock keeps the numbers in commit
    order without a gap, and the chain of seals without a fork.
    """
    portfolio = lock_portfolio()
    row = EventRow(**_sealed(event, newest_seq() + 1, portfolio.chain_head, seal_key(), by, now))
    portfolio.chain_head = row.seal
    current_session().add(row)
    current_session().flush()  # the next event of this transaction reads this one's number
    return row


_ALL = insert(EventRow.__table__)  # type: ignore[arg-type]
"""Bare rows: nobody looks at them again in this transaction."""


def record_all(events: Iterable[Event], *, by: str, now: datetime) -> None:
    """Store many facts in their order, as `record` does each, in few statements."""
    portfolio = lock_portfolio()
    seq, head, key = newest_seq(), portfolio.chain_head, seal_key()
    for few in in_chunks(events):
        rows = []
        for event in few:
            seq += 1
            rows.append(_sealed(event, seq, head, key, by, now))
            head = rows[-1]["seal"]
        current_session().execute(_ALL, rows)
    portfolio.chain_head = head


def _sealed(event: Event, seq: int, head: str, key: bytes, by: str, now: datetime) -> dict[str, Any]:
    """The columns of an event's row, sealed together with the one before it."""
    known: dict[str, Json] = {
        "seq": seq,
        "id": str(uuid4()),
        "type": event.name,
        "subject": event.subject,
        "actor": by,
    }
    text = canonical(known | {"time": now.isoformat(), "data": event.data()})
    data = json.dumps(event.data(), ensure_ascii=False)
    return known | {"time": now, "data": data, "text": text, "seal": seal(head, text, key)}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease runs out. `event` is None if this version does not know it."""

    id: int
    claim: str
    handler: str
    attempts: int
    seq: int
    by: str
    event: Event | None


def fan_out(subscriptions: Subscriptions, *, real_now: datetime) -> int:
    """Give the next few new events a delivery for each handler of theirs; how many events those were.

    Events are numbered in commit order without a gap, so that one number says how far this has come (ADR 11).
    The clock's row is locked, and never the portfolio's: nobody who decides something waits for this. An event
    that this version of the product does not know is parked whole.
    """
    clock = _lock_clock()
    wanted = select(EventRow.seq, EventRow.type).where(EventRow.seq > clock.fanned_out)
    new = current_session().execute(wanted.order_by(EventRow.seq).limit(CHUNK)).all()
    if new:
        now = agreed_now(real_now)
        insert_new(Delivery, [row for seq, name in new for row in _deliveries(seq, name, subscriptions, now)])
        clock.fanned_out = new[-1].seq
    return len(new)


def _lock_clock() -> ClockRow:
    locked = select(ClockRow).with_for_update()
    return current_session().scalars(locked, execution_options={"populate_existing": True}).one()


def _deliveries(seq: int, name: str, subscriptions: Subscriptions, now: datetime) -> list[dict[str, Any]]:
    known = CATALOGUE.get(name)
    if known is None:
        return [_delivery(seq, UNKNOWN_EVENT, DeliveryState.PARKED, now)]
    handlers = subscriptions.get(known, ())
    return [_delivery(seq, handler_name(handler), DeliveryState.QUEUED, now) for handler in handlers]


def _delivery(seq: int, handler: str, state: DeliveryState, now: datetime) -> dict[str, Any]:
    return {"event_seq": seq, "handler": handler, "state": state, "attempts": 0, "next_at": now, "error": ""}


def claim_delivery(*, real_now: datetime) -> Claimed | None:
    """Take the delivery that has waited longest, for DELIVERY_LEASE; None if none is due or others have them all.

    One whose lease ran out comes first. PostgreSQL skips rows that another is just claiming; on SQLite nobody
    else can write. The claim is a new one, so that whoever had the delivery before can no longer mark it.
    """
    now = agreed_now(real_now)
    taken = (
        update(Delivery)
        .where(Delivery.id == func.coalesce(_next(is_abandoned(now)), _next(is_due(now))))
        .values(
            state=DeliveryState.RUNNING,
            claim=str(uuid4()),
            lease_until=now + DELIVERY_LEASE,
            attempts=Delivery.attempts + 1,
        )
        .returning(Delivery.id, Delivery.claim, Delivery.handler, Delivery.attempts, Delivery.event_seq)
    )
    found = current_session().execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    if found is None:
        return None
    event = current_session().get_one(EventRow, found.event_seq)
    known = event_from(event.type, json.loads(event.data))
    return Claimed(found.id, found.claim, found.handler, found.attempts, event.seq, event.actor, known)


def _next(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    first = select(Delivery.id).where(condition).order_by(Delivery.next_at, Delivery.id).limit(1)
    return first.with_for_update(skip_locked=True).scalar_subquery()


def confirm(claimed: Claimed) -> bool:
    """The handler has done its work; False if the delivery is no longer ours."""
    return _mark(claimed, state=DeliveryState.DONE, error="")


def park(claimed: Claimed) -> bool:
    """This version of the product does not know the event or the handler; False if it is no longer ours."""
    return _mark(claimed, state=DeliveryState.PARKED)


def fail(claimed: Claimed, error: str, *, chance: float, real_now: datetime) -> bool:
    """The attempt failed: try again later, or give up after MOST_ATTEMPTS; False if it is no longer ours.

    `chance` in [0, 1) spreads the attempts.
    """
    if claimed.attempts >= MOST_ATTEMPTS:
        log.error("event %s for %s is given up: %s", claimed.seq, claimed.handler, error)
        return _mark(claimed, state=DeliveryState.DEAD, error=error)
    next_at = agreed_now(real_now) + pause_after(claimed.attempts, chance)
    return _mark(claimed, state=DeliveryState.QUEUED, error=error, next_at=next_at)


def _mark(claimed: Claimed, **values: Any) -> bool:
    """The claim decides: where the lease ran out and another has the delivery, nothing is changed."""
    ours = update(Delivery).where(
        Delivery.id == claimed.id, Delivery.claim == claimed.claim, Delivery.state == DeliveryState.RUNNING
    )
    marked = _count(ours.values(claim=None, lease_until=None, **values)) == 1
    if not marked:
        log.warning("event %s for %s: the lease ran out, and another has it", claimed.seq, claimed.handler)
    return marked


def retry_dead(*, real_now: datetime) -> int:
    """Try everything that was given up once more, from the beginning; how many."""
    dead = update(Delivery).where(Delivery.state == DeliveryState.DEAD)
    return _count(dead.values(state=DeliveryState.QUEUED, attempts=0, next_at=agreed_now(real_now)))


def unpark(subscriptions: Subscriptions, *, real_now: datetime) -> int:
    """Bring back what was parked and is known now, event and handler; how many."""
    now, handlers = agreed_now(real_now), handlers_of(subscriptions)
    found = 0
    for row, event in parked():
        if event_from(event.type, json.loads(event.data)) is None:
            continue
        if row.handler == UNKNOWN_EVENT:
            insert_new(Delivery, _deliveries(event.seq, event.type, subscriptions, now))
            current_session().delete(row)
        elif row.handler in handlers:
            row.state, row.attempts, row.next_at = DeliveryState.QUEUED, 0, now
        else:
            continue
        found += 1
    return found


def lead(name: str, *, real_now: datetime) -> bool:
    """Lead the clocks for CLOCK_LEASE from now on; False if another does.

    A lease that ends later than any can was given before the machine's time was set back, and holds no longer.
    """
    now = agreed_now(real_now)
    free = or_(
        ClockRow.leader.is_(None),
        ClockRow.leader == name,
        ClockRow.lease_until < now,
        ClockRow.lease_until > now + 2 * CLOCK_LEASE,
    )
    mine = update(ClockRow).where(free).values(leader=name, lease_until=now + CLOCK_LEASE, beat_at=now)
    return _count(mine) == 1


def beat(*, real_now: datetime) -> None:
    """Note a sign of life without leading."""
    _count(update(ClockRow).values(beat_at=agreed_now(real_now)))


def step_down(name: str) -> None:
    """Lead no longer, so that another clock can take over at once."""
    _count(update(ClockRow).where(ClockRow.leader == name).values(leader=None, lease_until=None))


def _count(statement: Update) -> int:
    """Run a change; how many rows it hit."""
    done = current_session().execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount

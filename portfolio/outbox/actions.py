"""Write an event in the transaction that changes what it tells of."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from portfolio.base.db import current_session
from portfolio.base.portfolio import lock_portfolio
from portfolio.events import Event
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import newest_seq, seal_key
from portfolio.outbox.rules import canonical, seal


def record(event: Event, *, by: str, now: datetime) -> EventRow:
    """Store one fact; rolled back with the transaction, it never happened.

    `by` is the function or token that caused it. The portfolio row's lock keeps the numbers in commit
    order without a gap, and the chain of seals without a fork.
    """
    portfolio = lock_portfolio()
    row = EventRow(seq=newest_seq() + 1, id=str(uuid4()), type=event.name, time=now, actor=by)
    row.subject, row.data = event.subject, json.dumps(event.data(), ensure_ascii=False)
    row.text = canonical(
        {
            "seq": row.seq,
            "id": row.id,
            "type": row.type,
            "time": now.isoformat(),
            "actor": by,
            "subject": row.subject,
            "data": event.data(),
        }
    )
    row.seal = portfolio.chain_head = seal(portfolio.chain_head, row.text, seal_key())
    current_session().add(row)
    current_session().flush()  # the next event of this transaction reads this one's number
    return row


def record_all(events: Iterable[Event], *, by: str, now: datetime) -> None:
    """Store several facts in order."""
    for event in events:
        record(event, by=by, now=now)

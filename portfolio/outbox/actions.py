"""Write an event in the transaction that changes what it tells of."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from portfolio.base.db import current_session, in_chunks
from portfolio.base.portfolio import lock_portfolio
from portfolio.events import Event, Json
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import newest_seq, seal_key
from portfolio.outbox.rules import canonical, seal


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
        current_session().execute(insert(EventRow), rows)
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

"""Read the event log."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.outbox.models import EventRow
from portfolio.outbox.rules import Sealed, first_broken

SHOWN = (EventRow.id, EventRow.type, EventRow.subject, EventRow.actor, EventRow.time, EventRow.data)
"""What pages read of an event."""


def newest_seq() -> int:
    """The number of the newest event, 0 if there is none: the live views' version number."""
    return current_session().scalar(select(func.max(EventRow.seq))) or 0


def newest_event() -> EventRow:
    """The event recorded last: asked under the lock, the one that this transaction has just recorded."""
    return current_session().scalars(select(EventRow).order_by(EventRow.seq.desc()).limit(1)).one()


def history_of(subject: str) -> Sequence[EventRow]:
    """Everything that happened to one subject, newest first."""
    wanted = select(EventRow).where(EventRow.subject == subject).order_by(EventRow.seq.desc())
    return current_session().scalars(wanted).all()


def seal_key() -> bytes:
    """The key that seals events; it lives outside the database (see create_app)."""
    key = current_session().connection().get_execution_options()["seal_key"]
    assert isinstance(key, bytes)
    return key


def first_broken_event() -> int | None:
    """The number of the first event that does not hold its seal; None if the whole log holds."""
    return first_broken(_sealed(), the_portfolio().chain_head, seal_key())


def _sealed() -> Iterator[Sealed]:
    wanted = select(EventRow.seq, EventRow.text, EventRow.seal, *SHOWN).order_by(EventRow.seq)
    with current_session().execute(wanted.execution_options(yield_per=500)) as rows:  # closed if read in part
        for seq, text, seal, *fields in rows:
            shown = {column.key: value for column, value in zip(SHOWN, fields, strict=True)}
            yield Sealed(seq, text, seal, {"seq": seq, **shown})

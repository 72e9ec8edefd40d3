"""Read once per transaction what every step of an operation looks at again: the tree, the calendar, the settings.

What is remembered is always what a question to the database would answer now: it is forgotten when one of its
tables is written, when the portfolio row is locked, and when the transaction ends.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from portfolio.base.db import Base, current_session, db

Answer = TypeVar("Answer")

_MEMORY = "read once in this transaction"
_WATCHED: set[type[Base]] = set()


def read_once(*tables: type[Base]) -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    """Let a question answer from memory for as long as nobody writes to `tables`, those that it reads.

    A question for a single row names none: its session keeps the row itself up to date.
    """
    _WATCHED.update(tables)

    def remembering(read: Callable[[], Answer]) -> Callable[[], Answer]:
        @wraps(read)
        def answer() -> Answer:
            return recall(read)

        return answer

    return remembering


def recall(read: Callable[[], Answer]) -> Answer:
    """What `read` answered earlier in this transaction, or answers now."""
    session = current_session()
    if session.autoflush:
        session.flush()  # as before any question: it must see what is about to be written
    known = session.info.get(_MEMORY, {})
    found: Answer = known[read] if read in known else read()
    session.info.setdefault(_MEMORY, {})[read] = found
    return found


def forget(session: Session) -> None:
    """Ask the database again from now on."""
    session.info.pop(_MEMORY, None)


@event.listens_for(db.session, "after_flush")
def _forget_what_is_written(session: Session, _flushing: UOWTransaction) -> None:
    watched = tuple(_WATCHED)
    if any(isinstance(row, watched) for rows in (session.new, session.dirty, session.deleted) for row in rows):
        forget(session)


@event.listens_for(db.session, "do_orm_execute")
def _forget_what_a_statement_writes(state: ORMExecuteState) -> None:
    written = getattr(getattr(state.statement, "table", None), "name", "")
    if not state.is_select and any(written == table.__tablename__ for table in _WATCHED):
        forget(state.session)


@event.listens_for(db.session, "after_transaction_end")
def _forget_at_the_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None or transaction.nested:
        forget(session)

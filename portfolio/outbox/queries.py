"""Read the event log, what is on its way to those who react to events, and the clock's signs of life."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from portfolio.base.db import agreed_now, current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.outbox.models import ClockRow, Delivery, EventRow
from portfolio.outbox.rules import DELIVERY_LEASE, LONGEST_PAUSE, DeliveryState, Sealed, first_broken

SHOWN = (EventRow.id, EventRow.type, EventRow.subject, EventRow.actor, EventRow.time, EventRow.data)
"""What pages read of an event."""


_NEWEST_SEQ = select(func.max(EventRow.seq))


def newest_seq() -> int:
    """The number of the newest event, 0 if there is none: the live views' version number."""
    return current_session().scalar(_NEWEST_SEQ) or 0


def event_time(seq: int) -> datetime:
    """When an event happened, in the product's calendar."""
    return current_session().scalars(select(EventRow.time).where(EventRow.seq == seq)).one()


def newest_event() -> EventRow:
    """The event recorded last: asked under the lock, the one that this transaction has just recorded."""
    return current_session().scalars(select(EventRow).order_by(EventRow.seq.desc()).limit(1)).one()


def history_of(subject: str) -> Sequence[EventRow]:
    """Everything that happened to one subject, newest first."""
    wanted = select(EventRow).where(EventRow.subject == subject).order_by(EventRow.seq.desc())
    return current_session().scalars(wanted).all()


def events_after(seq: int, limit: int) -> Sequence[EventRow]:
    """The events that follow the one with a number, in commit order."""
    wanted = select(EventRow).where(EventRow.seq > seq).order_by(EventRow.seq).limit(limit)
    return current_session().scalars(wanted).all()


def has_new_events() -> bool:
    """Whether events have been recorded that nobody has made deliveries of."""
    return newest_seq() > current_session().scalars(select(ClockRow.fanned_out)).one()


def is_due(now: datetime) -> ColumnElement[bool]:
    """A delivery whose time has come. One that lies further ahead than any pause was put there by a wrong clock."""
    has_come = or_(Delivery.next_at <= now, Delivery.next_at > now + 2 * LONGEST_PAUSE)
    return and_(Delivery.state == DeliveryState.QUEUED, has_come)


def is_abandoned(now: datetime) -> ColumnElement[bool]:
    """A delivery whose lease has run out, or ends later than any can: whoever had it is gone, or too late."""
    has_run_out = or_(Delivery.lease_until < now, Delivery.lease_until > now + 2 * DELIVERY_LEASE)
    return and_(Delivery.state == DeliveryState.RUNNING, has_run_out)


def is_any_due(real_now: datetime) -> bool:
    """Whether there is a delivery to be run now."""
    now = agreed_now(real_now)
    found = select(Delivery.id).where(or_(is_due(now), is_abandoned(now))).limit(1)
    return current_session().scalar(found) is not None


def parked() -> Sequence[Row[Delivery, EventRow]]:
    """The deliveries that an earlier version of the product did not know what to do with, with their events."""
    wanted = select(Delivery, EventRow).join(EventRow, EventRow.seq == Delivery.event_seq)
    return current_session().execute(wanted.where(Delivery.state == DeliveryState.PARKED)).all()


def given_up() -> Sequence[Row[Delivery, EventRow]]:
    """The dead deliveries with their events, in commit order."""
    wanted = select(Delivery, EventRow).join(EventRow, EventRow.seq == Delivery.event_seq)
    dead = wanted.where(Delivery.state == DeliveryState.DEAD).order_by(Delivery.event_seq, Delivery.id)
    return current_session().execute(dead).all()


_SIGNS = select(ClockRow.beat_at, select(func.count()).where(Delivery.state == DeliveryState.DEAD).scalar_subquery())


def alarming(real_now: datetime) -> tuple[timedelta | None, int]:
    """How old the clocks' latest sign of life is, None if none has ever run, and how many deliveries are dead."""
    beat_at, dead = current_session().execute(_SIGNS).one()
    return None if beat_at is None else agreed_now(real_now) - beat_at, dead


def deliveries_by_state() -> dict[DeliveryState, int]:
    """How many deliveries there are of every state."""
    counted = current_session().execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    known = {state: count for state, count in counted}
    return {state: known.get(state, 0) for state in DeliveryState}


def clock_beat_at() -> datetime | None:
    """The latest sign of life of the clocks; None if none has ever run."""
    return current_session().scalars(select(ClockRow.beat_at)).one()


def clock_age(real_now: datetime) -> timedelta | None:
    """How old the latest sign of life of the clocks is; None if none has ever run."""
    beat_at = clock_beat_at()
    return None if beat_at is None else agreed_now(real_now) - beat_at


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

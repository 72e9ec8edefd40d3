"""What the tests of deliveries share: handlers, passes of the clock, and time that goes by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.time import real_now
from portfolio.events.decisions import InitiativeNoted
from portfolio.events.event import Event
from portfolio.outbox.actions import record_all
from portfolio.outbox.jobs import deliver_next, fan_out_next
from portfolio.outbox.models import ClockRow, Delivery
from portfolio.outbox.rules import Delivered, Handler, Subscriptions, handlers_of
from tests.make import NOW


@dataclass
class Listener:
    """A handler that remembers what it was told, and fails for as long as `fails` says so."""

    __name__: str
    fails: Callable[[Event], bool] = lambda event: False
    told: list[tuple[str, int, str]] = field(default_factory=list)

    def __call__(self, event: InitiativeNoted, delivered: Delivered) -> None:
        """Remember the event, its number and who caused it."""
        self.told.append((event.reason, delivered.seq, delivered.by))
        if self.fails(event):
            raise ConnectionError("Ingen\nsvarar")


def note(*reasons: str) -> None:
    """Something happens, once for each reason."""
    events = [
        InitiativeNoted(initiative="FI-001", decision=1, decision_maker="Chef", reason=reason, status="ongoing")
        for reason in reasons
    ]
    with transaction():
        record_all(events, by="Chef", now=NOW)


def to(*handlers: Handler) -> Subscriptions:
    """Everybody who wants to hear of what is noted."""
    return {InitiativeNoted: handlers}


def dispatch(subscriptions: Subscriptions) -> None:
    """Do all that a pass of the clock does with events."""
    handlers = handlers_of(subscriptions)
    while fan_out_next(subscriptions, real_now=real_now()):
        pass
    while deliver_next(handlers, now=NOW, real_now=real_now()):
        pass
    current_session().rollback()


def states(handler: Handler | str) -> list[str]:
    """How far each delivery to a handler has come, in the order of the events."""
    current_session().rollback()
    name = handler if isinstance(handler, str) else handler.__name__
    wanted = select(Delivery.state).where(Delivery.handler == name).order_by(Delivery.event_seq)
    return list(current_session().scalars(wanted))


def time_passes(delta: timedelta) -> None:
    """Everything that has been noted lies further back; a negative time is a clock that was set back."""
    with transaction() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.next_at -= delta
            if delivery.lease_until is not None:
                delivery.lease_until -= delta
        clock = session.scalars(select(ClockRow)).one()
        clock.lease_until = None if clock.lease_until is None else clock.lease_until - delta
        clock.beat_at = None if clock.beat_at is None else clock.beat_at - delta

"""How an event is written down and sealed, and how it reaches those who react to it."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from portfolio.events.catalogue import CATALOGUE
from portfolio.events.event import Event, Json

FIRST_SEAL = "0" * 64


class DeliveryState(StrEnum):
    """How far one event has come on its way to one handler."""

    QUEUED = "queued"
    """Waits for its time."""
    RUNNING = "running"
    """Claimed: the handler is at work, or died at it and the lease has not run out yet."""
    DONE = "done"
    """The handler has done its work."""
    DEAD = "dead"
    """Given up after too many attempts; `outbox retry` brings it back."""
    PARKED = "parked"
    """This version of the product does not know the event or the handler; it waits for one that does."""


DELIVERY_WORDS = {
    DeliveryState.QUEUED: "väntar",
    DeliveryState.RUNNING: "pågår",
    DeliveryState.DONE: "klara",
    DeliveryState.DEAD: "uppgivna",
    DeliveryState.PARKED: "okända",
}

UNKNOWN_EVENT = ""
"""Stands for the handlers of an event that this version of the product does not know."""

MOST_ATTEMPTS = 8
"""So many times a delivery is tried before it is given up as dead."""

DELIVERY_LEASE = timedelta(minutes=5)
"""How long whoever has claimed a delivery has it alone: many times what a handler's transaction may wait."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
"""How long a delivery that has failed waits for its next attempt: four times longer each time."""

CLOCK_LEASE = timedelta(seconds=60)
"""How long a clock leads after its latest sign of life; another takes over when that has run out."""

STOPPED_AFTER = timedelta(minutes=5)
"""A clock that has not given a sign of life for so long has stopped."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a handler is told beside the event: `now` in the product's calendar, its number, and who caused it."""

    now: datetime
    seq: int
    by: str


Handler = Callable[[Any, Delivered], None]
"""Reacts to an event of its kind. Opens its own transactions, and may be run twice for the same event."""

Subscriptions = Mapping[type[Event], tuple[Handler, ...]]


def event_from(name: str, data: Mapping[str, Any]) -> Event | None:
    """The event that was stored; None if this version of the product knows no such event, or not these fields."""
    known = CATALOGUE.get(name)
    try:
        return None if known is None else known(**data)
    except TypeError:
        return None


def handler_name(handler: Handler) -> str:
    """What is stored of a handler with each of its deliveries: the name of the function."""
    return handler.__name__


def handlers_of(subscriptions: Subscriptions) -> dict[str, Handler]:
    """Every handler by its name."""
    return {handler_name(handler): handler for handlers in subscriptions.values() for handler in handlers}


def pause_after(attempts: int, chance: float) -> timedelta:
    """How long to wait after the failed attempt number `attempts`, from 1; `chance` is in [0, 1).

    Between half and one and a half times 5 s, 20 s, 80 s … 1 h: what failed together is not tried again together.
    """
    longer: int = 4 ** (attempts - 1)
    return min(FIRST_PAUSE * longer, LONGEST_PAUSE) * (0.5 + chance)


def has_stopped(age: timedelta | None) -> bool:
    """Whether a clock whose latest sign of life is so old has stopped; None is a clock that has never run.

    A sign of life from the future was given before the machine's time was set back: it says as little as an old one.
    """
    return age is None or abs(age) > STOPPED_AFTER


@dataclass(frozen=True, slots=True)
class Sealed:
    """One event as it was sealed: its number, the text that was sealed, and the seal.

    `shown` are the fields that pages read, `data` as JSON text: they must say what the text says.
    """

    seq: int
    text: str
    seal: str
    shown: Mapping[str, object]


def says_the_same(event: Sealed) -> bool:
    """Whether what is shown of an event is what was sealed; the time is the same moment, in whatever zone."""
    told = json.loads(event.text)
    try:
        data = json.loads(str(event.shown["data"]))
    except ValueError:
        return False
    return {**event.shown, "data": data} == {**told, "time": datetime.fromisoformat(told["time"])}


def canonical(record: Mapping[str, Json]) -> str:
    """The exact text that is sealed: sorted keys, no spaces, å ä ö as they are."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(previous: str, text: str, key: bytes) -> str:
    """Seal an event together with the one before it."""
    return hmac.new(key, f"{previous}\n{text}".encode(), hashlib.sha256).hexdigest()


def first_broken(events: Iterable[Sealed], head: str, key: bytes) -> int | None:
    """The number of the first event that has been changed, inserted, removed or swapped; None if all hold.

    If only the newest are gone the chain ends before `head`: the number after the last one is given.
    """
    previous, expected = FIRST_SEAL, 1
    for event in events:
        holds = hmac.compare_digest(seal(previous, event.text, key), event.seal)
        if event.seq != expected or not holds or not says_the_same(event):
            return expected
        previous, expected = event.seal, expected + 1
    return None if previous == head else expected

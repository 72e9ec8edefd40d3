"""How an event is written down and sealed, so that a later change of it shows."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portfolio.events import Json

FIRST_SEAL = "0" * 64


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

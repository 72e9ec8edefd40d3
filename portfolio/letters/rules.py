"""What a letter is, how long one may take, and when letters may leave at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from portfolio.base.time import STOCKHOLM, today
from portfolio.base.workdays import Closed
from portfolio.mail.rules import Outcome

AT_A_TIME = 25
"""How many letters are claimed in one transaction: many share its cost, and too many keep other writers waiting."""

OPENS_AT = time(7, 30)
"""No letter leaves earlier in the day, however it came to wait."""

DEMO = "Demoläge: inga brev skickas."
NOT_COMPOSED = "Brevet kunde inte skrivas. Felet står i loggen."
NOTHING_LEFT = "Det fanns inget kvar att berätta."
NO_ADDRESS = "Personen har ingen e-postadress."


class LetterState(StrEnum):
    """How far a letter has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATE_WORDS = {
    LetterState.QUEUED: "I kö",
    LetterState.SENDING: "Skickas nu",
    LetterState.SENT: "Skickat",
    LetterState.FAILED: "Kunde inte skickas",
    LetterState.CANCELLED: "Behövdes inte",
}

UNSENT = (LetterState.QUEUED, LetterState.SENDING)


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says, and which reminders it tells of. `subject` has at most 60 characters.

    `unsubscribe_url` ends the weekly letter with one click; no other letter has one.
    """

    subject: str
    text: str
    html: str
    reminder_ids: tuple[int, ...]
    unsubscribe_url: str = ""


Settle = Callable[[str, Sequence[int], Outcome, str], None]
"""Told, in the transaction that marks a letter, its id, its reminders, SENT or FAILED, and the server's answer."""


@dataclass(frozen=True, slots=True)
class Lease:
    """For how long claimed letters are one sender's own; afterwards another may take them.

    A letter's talk with the mail server has at most seven answers, each waited for 30 seconds at most. So a letter
    is begun only while `sending` is left of the lease: whoever lets it run out has been killed, or stood still.
    """

    length: timedelta = timedelta(minutes=5)
    sending: timedelta = timedelta(minutes=4)

    def begins_another(self, now: datetime, until: datetime) -> bool:
        """Whether there is time for one more letter of a batch whose lease ends at `until`."""
        return until - now >= self.sending


def may_leave(now: datetime, closed: Closed) -> bool:
    """Whether letters leave at this time of the product's calendar: on working days from 07.30."""
    return now.astimezone(STOCKHOLM).time() >= OPENS_AT and not closed(today(now))


def until_tomorrow(now: datetime) -> timedelta:
    """How long it is to the next midnight in Sweden."""
    midnight = datetime.combine(today(now) + timedelta(days=1), time(), STOCKHOLM)
    return midnight.astimezone(now.tzinfo) - now

"""Send what is due. Run by the clock, in as many processes as one likes; none of it is inside a transaction.

Claim a few letters and compose them, hand over each, mark each. A sender that dies in between leaves a lease that
runs out, and another sends the letter once more, with the same Message-ID: no letter is lost, and a second copy is
possible only of the one that was being handed over (ADR 12).
"""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep

from sqlalchemy.exc import DBAPIError

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Busy, StorageFull
from portfolio.base.portfolio import the_portfolio
from portfolio.base.workdays import Closed, free_day
from portfolio.letters import actions, queries
from portfolio.letters.actions import Batch, Claimed, Compose
from portfolio.letters.rules import DEMO, Lease, Settle, may_leave
from portfolio.letters.writing import Sender, as_message
from portfolio.mail.post import Post, Undelivered
from portfolio.mail.rules import MOST, MOST_FOR_ALL, Outcome, next_attempt

PAUSES_SECONDS = (0.1, 0.5, 2, 5, 10)
"""A letter that the mail server has must be marked, also when the database is busy or being restarted."""

MOST_UNREACHED = 2
"""So many letters in a row that reach no mail server mean that none will."""

log = logging.getLogger(__name__)


LEASE = Lease()


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Office:
    """How letters are sent here: by what way, composed and settled by whom, by which calendar and which clock.

    `now` is the product's time, `real_now` the machine's. `goes_on` is asked before each letter: once it says no,
    the rest is given back (fault SCH-7).
    """

    post: Post
    sender: Sender
    compose: Compose
    settle: Settle
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]
    closed: Closed = free_day
    goes_on: Callable[[], bool] = _always
    lease: Lease = LEASE


def send_all(office: Office) -> int:
    """Send everything that is due over one connection; how many letters were looked at."""
    done = 0
    with office.post:
        while some := send_due(office):
            done += some
    return done


def send_due(office: Office) -> int:
    """Send the next few letters; how many were looked at, 0 when nothing is due, or may leave or be had now."""
    now, begun = office.now(), office.real_now()
    current_session().rollback()  # look at what is stored now
    if not office.goes_on() or not may_leave(now, office.closed) or not queries.is_any_due(begun):
        return 0
    try:
        batch = _claim(office, now, begun)
    except Busy:
        log.warning("others are writing: the letters wait for the next pass")
        return 0
    _send(office, batch, begun + office.lease.length)
    return batch.found


def _claim(office: Office, now: datetime, begun: datetime) -> Batch:
    in_demo = the_portfolio().demo_calendar is not None
    silence = DEMO if in_demo and office.post.leaves_the_house else ""
    with transaction():
        return actions.claim_due(office.compose, now=now, real_now=begun, lease=office.lease, silence=silence)


def _send(office: Office, batch: Batch, until: datetime) -> None:
    """Send a batch, letter by letter, for as long as its lease holds and somebody answers."""
    unreached: list[Undelivered] = []
    for at, letter in enumerate(batch.letters):
        if not office.goes_on() or not office.lease.begins_another(office.real_now(), until):
            _give_back(office, batch.letters[at:])
            return
        error = _send_one(office, batch, letter)
        unreached = [*unreached, error] if error is not None and not error.reached else []
        if len(unreached) == MOST_UNREACHED:
            _give_back(office, batch.letters[at + 1 :], unreached[-1].line, letter.attempts)
            return


def _send_one(office: Office, batch: Batch, letter: Claimed) -> Undelivered | None:
    """Hand over one letter, then mark it: in this order a crash may repeat a letter, but never lose it."""
    sent_at, error = office.real_now(), None
    raw = as_message(
        letter.id, letter.to_name, letter.to, letter.content, batch.head, office.sender, real_now=sent_at
    )
    try:
        office.post.hand_over(office.sender.address, letter.to, raw)
    except Undelivered as undelivered:
        error = undelivered
        log.warning("letter %s: %s: %s", letter.id, error.outcome, error.line)
    _surely(lambda: _mark(office, letter, error))
    return error


def _mark(office: Office, letter: Claimed, error: Undelivered | None) -> None:
    """What became of one letter, and nothing else, in one transaction."""
    at = office.real_now()
    with transaction():
        if error is None:
            actions.mark_sent(letter, office.settle, real_now=at)
        elif error.outcome is Outcome.FAILED:
            actions.mark_failed(letter, office.settle, error.line, bad_address=error.bad_address, real_now=at)
        else:
            again = at + _wait(letter, error)
            twice = error.outcome is Outcome.AMBIGUOUS
            actions.mark_again(letter, error.line, at=again, perhaps_twice=twice)


def _wait(letter: Claimed, error: Undelivered) -> timedelta:
    most = MOST if error.reached else MOST_FOR_ALL
    return next_attempt(letter.attempts, random.random(), most)


def _give_back(office: Office, rest: Sequence[Claimed], line: str = "", attempts: int = 0) -> None:
    """Give back what has not been tried. If nobody answered after so many attempts, all that is due waits together.

    It waits for at least as long as each letter that was tried, so that all leave in the order of their due time.
    """

    def give_back() -> None:
        at = office.real_now()
        with transaction():
            actions.give_back(rest)
            if attempts:
                actions.postpone_all(line, at=at + next_attempt(attempts, 1, MOST_FOR_ALL), real_now=at)

    _surely(give_back)


def _surely(mark: Callable[[], None]) -> None:
    """Store what became of letters, also when the database is busy. If all fails, the lease runs out."""
    for pause in PAUSES_SECONDS:
        try:
            mark()
        except (Busy, StorageFull, DBAPIError) as error:
            log.warning("the database could not mark a letter: %s", error)
            current_session().rollback()
            sleep(pause)
        else:
            return
    mark()

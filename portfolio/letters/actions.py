"""Queue letters, claim those that are due, and mark what became of each.

Everybody who writes a letter's row first locks the portfolio's: claiming and marking record events as well, and one
order of locks has no deadlocks. Whoever claims has the letters for themselves until the lease runs out. Marking
asks for the claim, so that a sender who stood still for longer than its lease can no longer mark (fault SCH-6).
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Boolean, CursorResult, Update, bindparam, or_, update
from sqlalchemy.exc import DBAPIError

from portfolio.base.db import agreed_now, current_session, insert_new
from portfolio.base.errors import Busy, NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.letters import queries
from portfolio.letters.models import Letter
from portfolio.letters.queries import DueLetter
from portfolio.letters.rules import (
    AT_A_TIME,
    NO_ADDRESS,
    NOT_COMPOSED,
    Content,
    Lease,
    LetterState,
    Settle,
    until_tomorrow,
)
from portfolio.letters.writing import Letterhead
from portfolio.mail.rules import Outcome, safe_header
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure_may

Compose = Callable[[Sequence[Letter], datetime], Mapping[str, Content | str]]
"""For each letter, by its id, what it says now, or in Swedish why there is nothing to say. Gets the product's time.

Called inside the transaction that claims the letters; it marks what is no longer to be told itself.
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is ours until the lease runs out. `attempts` includes this one."""

    id: str
    claim: str
    attempts: int
    to_name: str
    to: str
    was_refused: bool
    content: Content


@dataclass(frozen=True, slots=True)
class Batch:
    """What a claim has found: so many due letters, and those of them that are to be sent."""

    found: int
    letters: tuple[Claimed, ...]
    head: Letterhead


def queue_letters(persons: Collection[int], day: date, at: datetime) -> int:
    """Have letters sent to persons on a day; `at` is the machine's time from when on. How many were queued.

    Not to who has had a letter that day, or has one that has not left yet: it will take the rest along.
    A letter that was not needed that day, since nothing was left to say, is taken up again: it has never left.
    """
    lock_portfolio()
    waiting = queries.with_unsent(persons)
    wanted = [person_id for person_id in persons if person_id not in waiting]
    unneeded = queries.unneeded(wanted, day) if wanted else []
    for letter in unneeded:
        letter.state, letter.error, letter.attempts, letter.due_at, letter.next_at = LetterState.QUEUED, "", 0, at, at
    again = {letter.person_id for letter in unneeded}
    rows = [_new(person_id, day, at) for person_id in wanted if person_id not in again]
    return len(unneeded) + len(insert_new(Letter, rows))


def _new(person_id: int, day: date, at: datetime) -> dict[str, Any]:
    new = {"id": str(uuid4()), "person_id": person_id, "day": day, "state": LetterState.QUEUED, "attempts": 0}
    return new | {"due_at": at, "next_at": at, "possible_duplicate": False, "subject": "", "error": ""}


def claim_due(
    compose: Compose, *, now: datetime, real_now: datetime, lease: Lease, most: int = AT_A_TIME, silence: str = ""
) -> Batch:
    """Take the letters that are to be sent next, and compose them from what holds at this moment.

    `silence` is why none may be sent at all: then all that are due are cancelled for this reason.
    """
    portfolio = lock_portfolio()
    leases = agreed_now(real_now)
    found = queries.due(real_now, leases, most)
    for_today = _for_today(found, now, real_now)
    letters = [one.letter for one in for_today]
    contents = dict.fromkeys((one.id for one in letters), silence) if silence else _contents(compose, letters, now)
    claim, until = str(uuid4()), leases + lease.length
    claimed = [_claimed(one, contents.get(one.letter.id), claim, until) for one in for_today]
    return Batch(
        len(found),
        tuple(one for one in claimed if one is not None),
        Letterhead(portfolio.municipality, portfolio.contact),
    )


def _for_today(found: Sequence[DueLetter], now: datetime, real_now: datetime) -> list[DueLetter]:
    """Those letters that may leave today. One of another day becomes today's; who has had one waits a day longer.

    Of two late letters to the same person, as when both have failed and both are tried again, the first leaves.
    """
    day = today(now)
    late = {one.letter.person_id for one in found if one.letter.day != day}
    have_one = queries.with_letter_on(day, late) if late else set()
    for_today = []
    for one in found:
        if one.letter.day != day and one.letter.person_id in have_one:
            one.letter.state, one.letter.claim, one.letter.lease_until = LetterState.QUEUED, None, None
            one.letter.next_at = real_now + until_tomorrow(now)
        else:
            one.letter.day = day
            have_one.add(one.letter.person_id)
            for_today.append(one)
    return for_today


def _contents(compose: Compose, letters: Sequence[Letter], now: datetime) -> dict[str, Content | str]:
    """What each letter says. One that cannot be composed is left out, and holds up none of the others."""
    if not letters:
        return {}
    try:
        with current_session().begin_nested():
            return dict(compose(letters, now))
    except (Busy, DBAPIError):
        raise
    except Exception:
        log.exception("letters could not be composed: %s", ", ".join(one.id for one in letters))
    if len(letters) == 1:
        return {}
    alone = (_contents(compose, [one], now) for one in letters)
    return {letter_id: content for found in alone for letter_id, content in found.items()}


def _claimed(one: DueLetter, content: Content | str | None, claim: str, until: datetime) -> Claimed | None:
    """Mark a letter as ours; as failed if it could not be composed, as cancelled if there is nothing to say."""
    letter = one.letter
    if not isinstance(content, Content) or not one.email:
        letter.state = LetterState.FAILED if content is None else LetterState.CANCELLED
        letter.error = NOT_COMPOSED if content is None else content if isinstance(content, str) else NO_ADDRESS
        letter.claim = letter.lease_until = None
        return None
    letter.state, letter.claim, letter.lease_until = LetterState.SENDING, claim, until
    letter.attempts += 1
    letter.subject = safe_header(content.subject)[:200]
    return Claimed(letter.id, claim, letter.attempts, one.function, one.email, one.was_refused, content)


_LETTER = Letter.__table__.c
_OURS = update(Letter.__table__).where(  # type: ignore[arg-type]
    _LETTER.id == bindparam("ours"),
    _LETTER.claim == bindparam("claimed"),
    _LETTER.state == LetterState.SENDING,
)
_FREE = {"claim": None, "lease_until": None}
_SENT = _OURS.values(state=LetterState.SENT, error="", sent_at=bindparam("at"), **_FREE)
_FAILED = _OURS.values(state=LetterState.FAILED, error=bindparam("line"), **_FREE)
_AGAIN = _OURS.values(
    state=LetterState.QUEUED,
    error=bindparam("line"),
    next_at=bindparam("at"),
    possible_duplicate=or_(_LETTER.possible_duplicate, bindparam("perhaps_twice", type_=Boolean)),
    **_FREE,
)
_GOOD_AGAIN = (
    update(Person)
    .where(Person.email == bindparam("taken"), Person.bounced_at.is_not(None))
    .values(bounced_at=None)
    .execution_options(synchronize_session=False)
)
_UNTRIED = _OURS.values(state=LetterState.QUEUED, attempts=_LETTER.attempts - 1, **_FREE)


def mark_sent(letter: Claimed, settle: Settle, *, real_now: datetime) -> bool:
    """The mail server has the letter. False if it is no longer ours: then another has sent it as well.

    An address that was refused before and is taken now is a good one again.
    """
    lock_portfolio()
    if not _hits(_SENT, letter, at=real_now):
        return False
    settle(letter.id, letter.content.reminder_ids, Outcome.SENT, "")
    if letter.was_refused:
        current_session().execute(_GOOD_AGAIN, {"taken": letter.to})
    return True


def mark_failed(letter: Claimed, settle: Settle, line: str, *, bad_address: bool, real_now: datetime) -> bool:
    """The mail server refused the letter for good; `line` is its answer. False if the letter is no longer ours.

    An address that was refused is noted at the person, unless it is another one by now.
    """
    lock_portfolio()
    if not _hits(_FAILED, letter, line=line):
        return False
    settle(letter.id, letter.content.reminder_ids, Outcome.FAILED, line)
    if bad_address:
        refused = update(Person).where(Person.email == letter.to)
        current_session().execute(refused.values(bounced_at=real_now))
    return True


def mark_again(letter: Claimed, line: str, *, at: datetime, perhaps_twice: bool) -> bool:
    """The letter is to be tried again at `at`, of the machine's time. False if it is no longer ours.

    `perhaps_twice` says that the mail server may have it already: the receiver may get two copies.
    """
    lock_portfolio()
    return _hits(_AGAIN, letter, line=line, at=at, perhaps_twice=perhaps_twice)


def give_back(letters: Sequence[Claimed]) -> None:
    """Let others send these letters: nothing has been tried."""
    lock_portfolio()
    for letter in letters:
        _hits(_UNTRIED, letter)


def postpone_all(line: str, *, at: datetime, real_now: datetime) -> None:
    """No letter gets through: all that are due wait together until `at`, and keep their order (fault SMTP-12)."""
    lock_portfolio()
    waiting = update(Letter).where(Letter.state == LetterState.QUEUED, Letter.next_at <= max(at, real_now))
    current_session().execute(
        waiting.values(next_at=at, error=line), execution_options={"synchronize_session": False}
    )


def retry(letter_id: str, *, by: Actor, real_now: datetime) -> None:
    """Send a letter now that failed, or that waits for its next attempt. NotAllowedNow in any other state."""
    letter = _one_to_decide_on(letter_id, by)
    if not letter.error:  # it waits for its day
        raise NotAllowedNow(letter.state)
    letter.state, letter.next_at, letter.attempts = LetterState.QUEUED, real_now, 0


def cancel(letter_id: str, *, by: Actor) -> None:
    """Do not send a letter that failed or waits; what it would have told of goes with the person's next one."""
    letter = _one_to_decide_on(letter_id, by)
    letter.state, letter.error = LetterState.CANCELLED, f"Avskrivet av {by.name}."


def _one_to_decide_on(letter_id: str, by: Actor) -> Letter:
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()
    letter = queries.letter(letter_id)
    if letter.state not in (LetterState.QUEUED, LetterState.FAILED):
        raise NotAllowedNow(letter.state)
    return letter


def _hits(statement: Update, letter: Claimed, **values: object) -> bool:
    """Change our letter; whether it was ours."""
    given = {"ours": letter.id, "claimed": letter.claim, **values}
    done = cast("CursorResult[Any]", current_session().execute(statement, given))
    if done.rowcount != 1:
        log.warning("letter %s: the lease ran out, and another sender has it", letter.id)
    return done.rowcount == 1

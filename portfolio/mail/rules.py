"""What becomes of a letter that a mail server did not take, and what may stand in a header."""

import re
import smtplib
from datetime import timedelta
from enum import IntEnum, StrEnum

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait after the first, second … failed attempt; from then on twice as long each time."""
MOST = timedelta(hours=24)
"""The longest wait between two attempts at one letter."""
MOST_FOR_ALL = timedelta(hours=1)
"""The longest wait while the mail server cannot be reached at all: when it is back, nobody waits for long."""
JITTER = 0.1
"""By how much of itself a wait is made longer at random, so that many letters do not come back at once."""

LONGEST_HEADER = 900
"""Signs of one header: mail servers refuse lines of more than 998."""

_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_ADDRESS = re.compile(r"[^\s@\x00-\x20\x7f-\x9f\"(),:;<>\[\\\]]+@[^\s@\x00-\x20\x7f-\x9f\"(),:;<>\[\\\]]+")


class Outcome(StrEnum):
    """What became of an attempt to hand over a letter."""

    SENT = "sent"
    RETRY = "retry"
    """The mail server surely did not take it, and may later."""
    AMBIGUOUS = "ambiguous"
    """Contact was lost after the whole letter had been sent: it may have been taken. To be tried again."""
    FAILED = "failed"
    """Refused for good."""


class Stage(IntEnum):
    """How far the talk with the mail server had come."""

    CONNECT = 0
    """Until the server is ready for a letter: nothing was said of this one yet."""
    SENDER = 1
    RECIPIENT = 2
    DATA = 3
    """The letter is being sent; without its last line the server cannot take it."""
    HANDED_OVER = 4
    """All of it has been sent; only the server's answer is missing."""


def outcome_of(error: BaseException, stage: Stage) -> Outcome:
    """What an error at a stage means for the letter.

    An answer of 4xx passes, 5xx does not; but before the server is ready for a letter every error passes, since
    a wrong password or a server that turns everybody away says nothing about this letter (faults SMTP-1 to 9).
    """
    if stage is Stage.CONNECT:
        return Outcome.RETRY
    code = _code(error)
    if code is not None:
        return Outcome.FAILED if code >= 500 else Outcome.RETRY
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return Outcome.FAILED
    return Outcome.AMBIGUOUS if stage is Stage.HANDED_OVER else Outcome.RETRY


def is_policy(error: BaseException) -> bool:
    """Whether a refusal says whom the server works for, rather than what is wrong with an address.

    `554 5.7.1 Relay access denied` comes for every receiver while the mail server is set up wrongly (RFC 3463).
    """
    if not isinstance(error, smtplib.SMTPResponseException):
        return False
    said = error.smtp_error
    return (said.decode("ascii", "replace") if isinstance(said, bytes) else said).startswith("5.7.")


def next_attempt(attempts: int, rnd: float, most: timedelta = MOST) -> timedelta:
    """How long to wait after so many failed attempts: 1, 5, 15, 60 minutes, 2 hours … `most`, and a little more.

    `rnd` is a number from 0 to 1.
    """
    at = max(attempts, 1) - 1
    wait = WAITS[at] if at < len(WAITS) else WAITS[-1] * 2 ** min(at - len(WAITS) + 1, 10)
    return min(wait, most) * (1 + JITTER * rnd)


def safe_header(text: str) -> str:
    """A text on one line, as it may stand in a header: line breaks and other control signs become spaces.

    A title with a line break must neither begin a header of its own nor keep the letter from being sent (EM-1).
    """
    line = _LINE_BREAKS.sub(" ", text[: 2 * LONGEST_HEADER]).strip()
    return line.encode("utf-8", "replace").decode("utf-8")[:LONGEST_HEADER]


def is_address(text: str) -> bool:
    """Whether this is one address and nothing but one: no name, no list, no control sign."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def _code(error: BaseException) -> int | None:
    """The code of the server's answer; None where there was no answer."""
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None

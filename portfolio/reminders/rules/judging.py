"""Whether somebody is still to be told of what was queued, and in Swedish why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portfolio.reminders.rules.due import Key

TURNED_OFF = "regeln är avstängd"
TOO_LATE = "det är för sent"
LATER_ONE = "en senare påminnelse har tagit vid"
PAUSED = "initiativet är pausat"
DONE = "ärendet är klart"
UNSUBSCRIBED = "veckobrevet är avbeställt"
AWAY = "mottagaren är borta"
GONE = "personen är inte kvar"
NO_ADDRESS = "personen saknar e-postadress"
BOUNCED = "e-postadressen tar inte emot brev"
NOTHING_TO_TELL = "det finns inget att berätta"


class ReminderState(StrEnum):
    """What has become of a reminder."""

    WAITING = "waiting"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    """Nobody is told of it; its reason says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is with one queued reminder at this moment.

    `has_receiver` is False while the person is away without a substitute, `is_own` is False while they are away at
    all; `is_tied` where a failed letter that told of it waits for an administrator; `is_timed` where the rules of
    time still say whether it is due.
    """

    key: Key
    due_at: datetime
    useful_until: datetime | None
    rule_active: bool
    person_active: bool
    has_receiver: bool
    is_own: bool
    has_address: bool
    bounced: bool
    wants_weekly: bool
    is_tied: bool
    is_timed: bool


def why_not(one: Standing, due_keys: Collection[Key], now: datetime) -> str | None:
    """Why a reminder is not to be sent at all; None while it is. What is not due yet is left alone."""
    is_weekly = one.key[1] == "weekly_letter"
    reasons = (
        (not one.rule_active, TURNED_OFF),
        (not one.person_active, GONE),
        (one.useful_until is not None and one.useful_until <= now, TOO_LATE),
        (is_weekly and not one.wants_weekly, UNSUBSCRIBED),
        (is_weekly and not one.is_own, AWAY),
        (one.has_receiver and not one.has_address, NO_ADDRESS),
        (one.has_receiver and one.bounced and not one.is_tied, BOUNCED),
        (one.is_timed and one.due_at <= now and one.key not in due_keys, _done(one.key, due_keys)),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _done(key: Key, due_keys: Collection[Key]) -> str:
    """A first reminder that the second has replaced is not done."""
    person_id, rule, subject, period = key
    later = (person_id, "report_last_day", subject, period)
    return LATER_ONE if rule == "report_due" and later in due_keys else DONE

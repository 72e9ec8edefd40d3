"""What became of what somebody was to be reminded of."""

from dataclasses import dataclass

from portfolio.events.people import AboutPerson


@dataclass(frozen=True, kw_only=True)
class AboutReminder(AboutPerson):
    """The base of events about one reminder: its rule, what it is about (`initiative/FI-011`) and its occasion."""

    rule: str
    about: str
    period: str


@dataclass(frozen=True, kw_only=True)
class ReminderQueued(AboutReminder):
    """Something is due that the person is to be reminded of."""

    name = "reminder.queued"


@dataclass(frozen=True, kw_only=True)
class ReminderSent(AboutReminder):
    """The mail server took the letter that reminds of it."""

    name = "reminder.sent"
    letter: str


@dataclass(frozen=True, kw_only=True)
class ReminderFailed(AboutReminder):
    """The letter was refused for good; `error` is the mail server's answer."""

    name = "reminder.failed"
    letter: str
    error: str


@dataclass(frozen=True, kw_only=True)
class ReminderSuppressed(AboutReminder):
    """Nobody was reminded: `reason` says why, e.g. that the matter was done already."""

    name = "reminder.suppressed"
    reason: str

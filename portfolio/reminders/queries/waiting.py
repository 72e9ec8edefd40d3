"""What has been queued and not been told yet."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.base.weeks import monday
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.statuses import Status
from portfolio.letters.models import Letter
from portfolio.letters.rules import LetterState
from portfolio.outbox.models import EventRow
from portfolio.reminders.models import Reminder
from portfolio.reminders.queries.matters import Waiting
from portfolio.reminders.rules.due import Due, Key
from portfolio.reminders.rules.judging import ReminderState

_COLUMNS = (
    Reminder.id,
    Reminder.person_id,
    Reminder.rule,
    Reminder.subject,
    Reminder.period,
    Reminder.due_at,
    Reminder.useful_until,
    Reminder.letter_id,
)


def waiting(before: datetime, persons: Collection[int] | None = None) -> list[Waiting]:
    """The reminders that wait and are due before a moment, of some persons or of all."""
    wanted = (
        select(*_COLUMNS)
        .where(Reminder.state == ReminderState.WAITING, Reminder.due_at < before)
        .order_by(Reminder.id)
    )
    if persons is not None:
        wanted = wanted.where(Reminder.person_id.in_(persons))
    return [Waiting(*row) for row in current_session().execute(wanted)]


def new_ones(dues: Sequence[Due]) -> list[Due]:
    """Those that have never been queued. The database has the last word on it."""
    wanted = select(Reminder.person_id, Reminder.rule, Reminder.subject, Reminder.period).where(
        Reminder.person_id.in_({one.person_id for one in dues}), Reminder.period.in_({one.period for one in dues})
    )
    known: set[Key] = {(*row,) for row in current_session().execute(wanted)} if dues else set()
    return [one for one in dues if one.key not in known]


def letter_days(now: datetime) -> dict[int, set[date]]:
    """The days of this week, and those to come, on which people have had or are about to have a letter."""
    wanted = select(Letter.person_id, Letter.day).where(
        Letter.day >= monday(this_week(now)), Letter.state != LetterState.CANCELLED
    )
    found: dict[int, set[date]] = {}
    for person_id, day in current_session().execute(wanted):
        found.setdefault(person_id, set()).add(day)
    return found


def paused(codes: Collection[str]) -> set[str]:
    """Those of some initiatives that are paused."""
    wanted = select(Initiative.code).where(Initiative.code.in_(codes), Initiative.status == Status.PAUSED)
    return set(current_session().scalars(wanted)) if codes else set()


def happened_since(seq: int) -> bool:
    """Whether anything has been recorded after an event that is not about reminders."""
    wanted = select(EventRow.seq).where(EventRow.seq > seq, ~EventRow.type.startswith("reminder."))
    return current_session().scalar(wanted.limit(1)) is not None

"""Which letters are due, and how the sending of letters goes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, column, func, or_, select, table

from portfolio.base.db import UTCDateTime, agreed_now, current_session
from portfolio.base.errors import NotFound
from portfolio.letters.models import Letter
from portfolio.letters.rules import NOTHING_LEFT, UNSENT, Lease, LetterState
from portfolio.mail.rules import MOST
from portfolio.people.models import Person

# Reminders lie above letters in the house, so only the columns that tell why nobody was reminded are named here.
REMINDERS = table(
    "reminder",
    *map(column, ("id", "person_id", "rule", "subject", "state", "reason")),
    column("created_at", UTCDateTime),
)


class DueLetter(NamedTuple):
    """A letter whose time has come, and to whom it goes."""

    letter: Letter
    function: str
    email: str | None
    was_refused: bool
    """Whether a mail server has refused the address for good."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Letters that did not get through: `waiting` are tried again, the first at `next_at`; `failed` are not."""

    waiting: int
    next_at: datetime | None
    failed: int

    @property
    def number(self) -> int:
        """How many letters that is."""
        return self.waiting + self.failed


class Line(NamedTuple):
    """One letter, or one reminder that became none, as the list shows it. `id` is empty for a reminder."""

    id: str
    function: str
    person_id: int
    subject: str
    state: str
    at: datetime
    attempts: int
    possible_duplicate: bool
    error: str


def due(real_now: datetime, leases: datetime, most: int) -> list[DueLetter]:
    """The letters to be sent next, at most `most`: those whose sender has died first, then in the order of due time.

    `leases` is the time that leases go by.
    """
    abandoned = _due(_is_abandoned(leases), most)
    found = [DueLetter(*row) for row in current_session().execute(abandoned)]
    if len(found) < most:
        waiting = _due(_is_waiting(real_now), most - len(found))
        found += [DueLetter(*row) for row in current_session().execute(waiting)]
    return found


def _due(condition: ColumnElement[bool], most: int) -> Select[Letter, str, str | None, bool]:
    columns = (Letter, Person.function, Person.email, Person.bounced_at.is_not(None))
    wanted = select(*columns).join(Person, Person.id == Letter.person_id)
    return wanted.where(condition).order_by(Letter.due_at, Letter.id).limit(most)


def _is_waiting(now: datetime) -> ColumnElement[bool]:
    """A letter whose time has come. One that lies further ahead than any wait was put there by a wrong clock."""
    has_come = or_(Letter.next_at <= now, Letter.next_at > now + 2 * MOST)
    return and_(Letter.state == LetterState.QUEUED, has_come)


def _is_abandoned(now: datetime) -> ColumnElement[bool]:
    """A letter whose lease has run out, or ends later than any can: whoever had it is gone, or too late."""
    has_run_out = or_(Letter.lease_until < now, Letter.lease_until > now + 2 * Lease().length)
    return and_(Letter.state == LetterState.SENDING, has_run_out)


def is_any_due(real_now: datetime) -> bool:
    """Whether there may be something to send: asked without a lock, before one is taken."""
    found = select(Letter.id).where(or_(_is_waiting(real_now), _is_abandoned(agreed_now(real_now)))).limit(1)
    return current_session().scalar(found) is not None


def with_letter_on(day: date, persons: Collection[int]) -> set[int]:
    """Those of the persons who have a letter, whatever became of it, on a day."""
    found = select(Letter.person_id).where(Letter.day == day, Letter.person_id.in_(persons))
    return set(current_session().scalars(found))


def with_unsent(persons: Collection[int]) -> set[int]:
    """Those of the persons whose latest letter has not left yet."""
    found = select(Letter.person_id).where(Letter.state.in_(UNSENT), Letter.person_id.in_(persons))
    return set(current_session().scalars(found))


def unneeded(persons: Collection[int], day: date) -> Sequence[Letter]:
    """The letters of a day, to some persons, that were cancelled because nothing was left to say."""
    wanted = select(Letter).where(Letter.day == day, Letter.person_id.in_(persons))
    is_empty = and_(Letter.state == LetterState.CANCELLED, Letter.error == NOTHING_LEFT)
    return current_session().scalars(wanted.where(is_empty).order_by(Letter.id)).all()


def letter(letter_id: str) -> Letter:
    """A letter; NotFound if there is none."""
    found = current_session().get(Letter, letter_id)
    if found is None:
        raise NotFound
    return found


def latest_to(person_id: int, most: int) -> Sequence[Letter]:
    """The letters that a person was sent last, the newest first."""
    wanted = select(Letter).where(Letter.person_id == person_id, Letter.state == LetterState.SENT)
    return current_session().scalars(wanted.order_by(Letter.sent_at.desc()).limit(most)).all()


_IS_WAITING = and_(Letter.state == LetterState.QUEUED, Letter.error != "")
_TROUBLE = select(
    func.count().filter(_IS_WAITING),
    func.min(Letter.next_at).filter(_IS_WAITING),
    func.count().filter(Letter.state == LetterState.FAILED),
).where(or_(_IS_WAITING, Letter.state == LetterState.FAILED))


def trouble() -> Trouble:
    """What those who administer the product should know of at once."""
    waiting, next_at, failed = current_session().execute(_TROUBLE).one()
    return Trouble(waiting, next_at, failed)


def counts() -> dict[str, int]:
    """How many letters there are in each state, and `suppressed`: reminders of which nobody was told."""
    found = current_session().execute(select(Letter.state, func.count()).group_by(Letter.state))
    numbers = {state: number for state, number in found}
    suppressed = select(func.count()).select_from(REMINDERS).where(REMINDERS.c.state == "suppressed")
    return numbers | {"suppressed": current_session().scalar(suppressed) or 0}


def lines(states: Collection[str], *, first: int, limit: int) -> Sequence[Line]:
    """Letters in some states, the newest first."""
    when = func.coalesce(Letter.sent_at, Letter.next_at)
    wanted = (
        select(Letter, Person.function, when)
        .join(Person, Person.id == Letter.person_id)
        .where(Letter.state.in_(states))
        .order_by(when.desc(), Letter.id)
    )
    found = current_session().execute(wanted.offset(first).limit(limit))
    return [
        Line(
            one.id, function, one.person_id, one.subject, one.state, one.sent_at or one.next_at, one.attempts,
            one.possible_duplicate, one.error,
        )
        for one, function, _ in found
    ]  # fmt: skip


def suppressed_lines(*, first: int, limit: int) -> Sequence[Line]:
    """Reminders of which nobody was told, with the reason, the newest first."""
    wanted = (
        select(REMINDERS, Person.function)
        .join(Person, Person.id == REMINDERS.c.person_id)
        .where(REMINDERS.c.state == "suppressed")
        .order_by(REMINDERS.c.id.desc())
    )
    found = current_session().execute(wanted.offset(first).limit(limit))
    return [
        Line("", row.function, row.person_id, row.subject, row.state, row.created_at, 0, False, row.reason)
        for row in found
    ]


def bouncing() -> Sequence[Person]:
    """Active persons whose address a mail server has refused for good, the latest first."""
    wanted = select(Person).where(Person.active, Person.bounced_at.is_not(None))
    return current_session().scalars(wanted.order_by(Person.bounced_at.desc(), Person.id)).all()

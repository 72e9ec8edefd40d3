"""What the clock does about reminders: find what is due, have letters sent, and write each at the last moment.

Everything is worked out from the data at every pass, in short transactions. So any number of clocks may run, each
may die anywhere, and one that was down for weeks tells of what is still open, once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from portfolio.base.db import current_session, transaction
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import real_now as machine_now
from portfolio.base.time import today
from portfolio.letters.actions import queue_letters
from portfolio.letters.jobs import Office
from portfolio.letters.models import Letter
from portfolio.letters.rules import NOTHING_LEFT, Content
from portfolio.letters.writing import sender_of
from portfolio.mail.post import post_for
from portfolio.mail.rules import Outcome
from portfolio.meetings.queries.series import closed_days
from portfolio.outbox.queries import newest_seq
from portfolio.reminders import actions
from portfolio.reminders.queries.letters import Moment, moment_of, not_to_be_told, told_in
from portfolio.reminders.queries.matters import Item, Waiting, items_of
from portfolio.reminders.queries.waiting import happened_since, letter_days, new_ones, waiting
from portfolio.reminders.rules.due import Due, end_of_week
from portfolio.reminders.rules.manners import may_leave
from portfolio.reminders.rules.tokens import token_for
from portfolio.reminders.writing import Signature, write
from portfolio.web.clock import now as product_now
from portfolio.web.clock import settings

AT_A_TIME = 100
"""How many reminders are written in one transaction: nobody who decides waits for long."""

Some = TypeVar("Some")

FRESH_FOR = timedelta(seconds=30)
"""For how long what has been looked at may be used again, while nothing happens."""


def materialise(now: datetime, *, real_now: datetime, base_url: str) -> int:
    """Queue what is due, drop what need not be told any more, and have the letters sent that may leave now.

    How many reminders and letters that were. Running it again at once changes nothing.
    """
    current_session().rollback()  # look at what is stored now
    at = moment_of(now, base_url)
    done = sum(_queue(few, now) for few in _few_at_a_time(new_ones(at.dues)))
    rows = waiting(end_of_week(now))
    reasons = not_to_be_told(rows, at)
    for some in _few_at_a_time(list(reasons.items())):
        with transaction():
            done += actions.suppress(dict(some), now=now)
    persons = _to_write_to([row for row in rows if row.id not in reasons], at)
    if persons:
        with transaction():
            done += queue_letters(persons, today(now), real_now)
    return done


def _few_at_a_time(items: Sequence[Some]) -> Iterator[Sequence[Some]]:
    for first in range(0, len(items), AT_A_TIME):
        yield items[first : first + AT_A_TIME]


def _queue(few: Sequence[Due], now: datetime) -> int:
    with transaction():
        return actions.queue(few, now=now)


def _to_write_to(rows: Sequence[Waiting], at: Moment) -> list[int]:
    """Who is to be told of something now, and may get a letter now."""
    clocks: dict[int, list[str]] = {}
    for row in rows:
        receiver = at.receiver_of(row.person_id)
        if row.due_at <= at.now and receiver is not None and not receiver.bounced:
            clocks.setdefault(receiver.id, []).append(at.settings[row.rule].time)
    days, closed = letter_days(at.now), at.known.facts.closed
    return [
        person_id
        for person_id, times in clocks.items()
        if may_leave(at.now, min(times), days.get(person_id, ()), closed)
    ]


@dataclass
class Composer:
    """Writes letters for portfolio/letters: from what waits for the reader at that very moment, and holds then.

    What it has looked at it uses again for the next letters until something happens, so that writing to two
    thousand readers does not look at everything two thousand times.
    """

    base_url: str
    unsubscribe_url: Callable[[int], str]
    _at: Moment | None = field(default=None, init=False)
    _seq: int = field(default=0, init=False)

    def __call__(self, letters: Sequence[Letter], now: datetime) -> Mapping[str, Content | str]:
        """What each letter says, or why there is nothing to say. Runs in the transaction that claims the letters."""
        at = self._moment(now)
        rows = self._rows_for([letter.person_id for letter in letters], at)
        everything = [row for few in rows.values() for row in few]
        reasons = not_to_be_told(everything, at)
        left = [row for row in everything if row.id not in reasons]
        items = items_of(left, at.known)
        reasons |= {row_id: item for row_id, item in items.items() if isinstance(item, str)}
        if reasons:
            actions.suppress(reasons, now=now)
        told = {key: [row for row in few if row.id not in reasons] for key, few in rows.items()}
        portfolio = the_portfolio()
        signature = Signature(portfolio.municipality, portfolio.contact, self.base_url)
        write_to = partial(self._content, items=items, signature=signature, at=at)
        return {letter.id: write_to(letter.person_id, told.get(letter.person_id, [])) for letter in letters}

    def _moment(self, now: datetime) -> Moment:
        at = self._at
        is_fresh = at is not None and abs(now - at.now) < FRESH_FOR and not happened_since(self._seq)
        if at is None or not is_fresh:
            self._seq = newest_seq()
            at = self._at = moment_of(now, self.base_url)
        return at

    def _rows_for(self, receivers: Sequence[int], at: Moment) -> dict[int, list[Waiting]]:
        """What each reader may be told of in today's letter: also what falls due later in the same week."""
        wanted = set(receivers)
        theirs = {
            person_id: receiver.id
            for person_id in {*wanted, *at.away}
            if (receiver := at.receiver_of(person_id)) is not None and receiver.id in wanted
        }
        found: dict[int, list[Waiting]] = {}
        for row in waiting(end_of_week(at.now), theirs):
            found.setdefault(theirs[row.person_id], []).append(row)
        return found

    def _content(
        self,
        person_id: int,
        rows: Sequence[Waiting],
        *,
        items: Mapping[int, Item | str],
        signature: Signature,
        at: Moment,
    ) -> Content | str:
        told = told_in(rows, items, at.people[person_id], at)
        if not told:
            return NOTHING_LEFT
        weekly = any(one.rule == "weekly_letter" for one in told)
        url = self.unsubscribe_url(person_id) if weekly else ""
        written = write(told, signature, url)
        ids = tuple(row.id for row in rows)
        return Content(written.subject, written.text, written.html, ids, url)


def office(goes_on: Callable[[], bool]) -> Office:
    """How reminders leave, by the settings of this process; `goes_on` is asked before each letter."""
    config = settings()
    link = partial(unsubscribe_url, base_url=config.base_url, secret=config.secret_key)
    return Office(
        post=post_for(config.mail_url),
        sender=sender_of(config.mail_from, config.base_url),
        compose=Composer(config.base_url, link),
        settle=_settle,
        now=product_now,
        real_now=machine_now,
        closed=closed_days(),
        goes_on=goes_on,
    )


def _settle(letter_id: str, reminder_ids: Sequence[int], outcome: Outcome, detail: str) -> None:
    actions.settle(letter_id, reminder_ids, outcome, detail, now=product_now())


def unsubscribe_url(person_id: int, *, base_url: str, secret: str) -> str:
    """Where one click ends a person's veckobrev."""
    return f"{base_url}/avbestall/{token_for(person_id, secret)}"

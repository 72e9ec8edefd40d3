"""Persons with something to be reminded of, and the small composer that writes their letters.

The product's own composer (portfolio/reminders) has tests of its own; here it only matters that a letter tells of
its reminders, and that each of them is marked together with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jinja2 import DictLoader, Environment, select_autoescape
from sqlalchemy import bindparam, insert, select, update

from portfolio.base.db import current_session, in_chunks, transaction
from portfolio.base.time import today
from portfolio.events.reminders import ReminderFailed, ReminderSent
from portfolio.letters.actions import queue_letters
from portfolio.letters.jobs import Office
from portfolio.letters.models import Letter
from portfolio.letters.rules import Content, Lease
from portfolio.letters.writing import Sender
from portfolio.mail.post import Post
from portfolio.mail.rules import Outcome
from portfolio.outbox.actions import record_all
from portfolio.people.models import Person
from portfolio.reminders.models import Reminder

NOW = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
SENDER = Sender("portfolj@kommunen.example", "portfolj.kommunen.example")

PAGES = Environment(
    loader=DictLoader(
        {
            "letter.txt": "Hej!\n\n{% for one in matters %}Det är dags att berätta hur det går med {{ one }}.\n"
            "Länk: https://portfolj.kommunen.example/initiativ/{{ one }}\n{% endfor %}\n"
            "Du får brevet för att du är {{ function }}.\n\nFörändringsportföljen\n",
            "letter.html": '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Brev</title></head>'
            "<body><h1>Hej!</h1>{% for one in matters %}<p>Det är dags att berätta hur det går med "
            '<a href="https://portfolj.kommunen.example/initiativ/{{ one }}">{{ one }}</a>.</p>{% endfor %}'
            "<p>Du får brevet för att du är {{ function }}.</p></body></html>",
        }
    ),
    autoescape=select_autoescape(["html"]),
)
TEXT, HTML = PAGES.get_template("letter.txt"), PAGES.get_template("letter.html")


SENT = (
    update(Reminder)
    .where(Reminder.id.in_(bindparam("ids", expanding=True)))
    .values(state="sent", letter_id=bindparam("letter"))
    .execution_options(synchronize_session=False)
)


@dataclass
class Clerk:
    """Composes letters from the reminders that wait, and settles those that have been told of."""

    now: datetime = NOW
    known: dict[int, tuple[str, Reminder]] = field(default_factory=dict)

    def compose(self, letters: Sequence[Letter], now: datetime) -> Mapping[str, Content | str]:
        """What waits for each of the persons; a letter that nothing waits for is not needed."""
        persons = [letter.person_id for letter in letters]
        wanted = select(Reminder.id, Reminder.person_id, Reminder.subject, Reminder.rule, Reminder.period)
        waiting = wanted.where(Reminder.state == "waiting", Reminder.person_id.in_(persons)).order_by(Reminder.id)
        found: dict[int, list[Any]] = {}
        for row in current_session().execute(waiting):
            found.setdefault(row.person_id, []).append(row)
        functions = dict(
            current_session().execute(select(Person.id, Person.function).where(Person.id.in_(persons))).all()
        )
        return {one.id: self._content(functions[one.person_id], found.get(one.person_id, [])) for one in letters}

    def _content(self, function: str, rows: Sequence[Any]) -> Content | str:
        if not rows:
            return "Inget är kvar att påminna om."
        self.known |= {row.id: (function, row) for row in rows}
        matters = {"matters": [row.subject.removeprefix("initiative/") for row in rows], "function": function}
        text, html = TEXT.render(matters), HTML.render(matters)
        return Content("Lägesrapport för FI-011 – sista dag fredag 27 november", text, html, _ids(rows))

    def settle(self, letter_id: str, reminder_ids: Sequence[int], outcome: Outcome, detail: str) -> None:
        """Mark the reminders with their letter, and record that."""
        told = [(function, row) for one in reminder_ids for function, row in [self.known.pop(one)]]
        if outcome is Outcome.SENT:
            current_session().execute(SENT, {"ids": reminder_ids, "letter": letter_id})
            record_all((ReminderSent(letter=letter_id, **_facts(*one)) for one in told), by="Klockan", now=self.now)
        else:
            failed = (ReminderFailed(letter=letter_id, error=detail, **_facts(*one)) for one in told)
            record_all(failed, by="Klockan", now=self.now)


def _ids(rows: Sequence[Any]) -> tuple[int, ...]:
    return tuple(row.id for row in rows)


def _facts(function: str, row: Any) -> dict[str, str]:
    return {"person": function, "rule": row.rule, "about": row.subject, "period": row.period}


def office(
    post: Post, *, at: Callable[[], datetime] = lambda: NOW, lease: Lease | None = None, **options: Any
) -> Office:
    """How letters are sent in the tests: `at` is the machine's time, the product's calendar stands at NOW."""
    clerk = Clerk()
    return Office(
        post=post,
        sender=SENDER,
        compose=options.pop("compose", clerk.compose),
        settle=options.pop("settle", clerk.settle),
        now=options.pop("now", lambda: NOW),
        real_now=at,
        lease=lease or Lease(),
        **options,
    )


def make_letters(number: int, *, at: datetime = NOW, first: int = 1, matter: Mapping[str, Any] | None = None) -> None:
    """So many persons with an address and a reminder that waits, and a letter queued for each, a second apart.

    `matter` is what all of them are to be reminded of; each has an initiative of its own otherwise.
    """
    with transaction() as session:
        for few in in_chunks(range(first, first + number)):
            rows = [
                {"function": f"Chef {one}", "email": f"chef{one}@kommunen.example", "role": "owner"} for one in few
            ]
            ids = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows).all()
            session.execute(
                insert(Reminder),
                [_reminder(person_id, one) | dict(matter or {}) for person_id, one in zip(ids, few, strict=True)],
            )
            queue_letters(ids, today(NOW), at)
        ours = select(Letter).where(Letter.due_at == at).order_by(Letter.person_id)
        for place, letter in enumerate(session.scalars(ours)):
            letter.due_at = letter.next_at = at - timedelta(seconds=number - place)


def _reminder(person_id: int, number: int) -> dict[str, Any]:
    matter = {"rule": "start_soon", "subject": f"initiative/FI-{number:03}", "period": "2027-W02", "due_at": NOW}
    return matter | {"person_id": person_id, "state": "waiting", "reason": "", "created_at": NOW}


def letters() -> list[Letter]:
    """Every letter as it is stored now, in the order of due time."""
    current_session().rollback()
    return list(current_session().scalars(select(Letter).order_by(Letter.due_at, Letter.id)))


def states() -> list[str]:
    """What has become of each letter."""
    return [letter.state for letter in letters()]

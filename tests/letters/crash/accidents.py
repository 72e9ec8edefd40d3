"""Kill senders again and again, and look at what has become of every letter."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from sqlalchemy import func, select, text

from portfolio.app import create_app
from portfolio.base.db import current_session, db
from portfolio.letters.models import Letter
from portfolio.letters.rules import LetterState
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import first_broken_event
from portfolio.reminders.models import Reminder
from tests.house.sources import ROOT
from tests.letters.crash.sending import POINTS, Orders, Sender, start, unsent
from tests.letters.municipality import SENDER, make_letters

AT_ONCE = 2
"""Senders at work at the same moment."""
FEW, MORE = 40, 80
"""When fewer letters than these wait for a sender, so many more are queued: those of the dead wait for a lease."""
LONGEST_LIFE_SECONDS = 0.3
"""Of a sender that is killed at no certain point."""
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Accidents:
    """What became of the letters after so many kills."""

    kills: int
    letters: int
    lost: int
    """Letters that are marked as sent, or not sent at all, and that the mail server has never got."""
    copies: int
    """How many times a letter arrived that the server had already."""
    most_copies: int
    """Of one letter."""
    strangers: int
    """Message-IDs that belong to no letter."""
    unsent: int
    unpaired: int
    """Letters without their events, events without their letter, reminders that say otherwise."""
    whole: bool
    """Whether the database is whole, and every event has its seal."""

    def faults(self) -> list[str]:
        """What is not as it must be."""
        wrong = {
            "lost": self.lost,
            "more copies than kills": max(0, self.copies - self.kills),
            "of another Message-ID": self.strangers,
            "unsent": self.unsent,
            "unpaired": self.unpaired,
            "not whole": not self.whole,
        }
        return [f"{number} {what}" for what, number in wrong.items() if number]


def kill_senders(database: str, kills: int, *, marks_first: bool = False) -> Accidents:
    """Kill so many senders, let the last ones finish, and count."""
    app = create_app({"DATABASE_URL": database, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with TemporaryDirectory(prefix="crash-") as folder, app.app_context():
        log = Path(folder, "accepted")
        with mail_server(log) as mail:
            _kill(Orders(database, mail, marks_first=marks_first), kills)
            _finish(Orders(database, mail), AT_ONCE)
        found = _count(kills, Counter(log.read_text().split()))
        db.session.remove()
        db.engine.dispose()
    return found


def _kill(orders: Orders, kills: int) -> None:
    """Keep some senders at work, each of which is to die, until so many have died."""
    chance, queued, killed = random.Random(kills), 0, 0
    plans = [*POINTS, ""] if not orders.marks_first else POINTS[:1]
    at_work: list[tuple[Sender, float]] = []
    while killed < kills:
        if unsent(LetterState.QUEUED) < FEW:
            make_letters(MORE, first=queued + 1)
            queued += MORE
        while len(at_work) < min(AT_ONCE, kills - killed):
            point, life = chance.choice(plans), chance.uniform(0, LONGEST_LIFE_SECONDS)
            doomed = Orders(orders.database, orders.mail, point, chance.randint(1, 8), orders.marks_first)
            at_work.append((start(doomed), PATIENCE_SECONDS if point else life))
        sleep(0.005)
        dead = [one for one in at_work if _is_dead(*one)]
        killed += len(dead)
        at_work = [one for one in at_work if one not in dead]


def _is_dead(sender: Sender, life: float) -> bool:
    """Whether a sender has killed itself, or has lived for long enough and is killed here."""
    alive = sender.process.is_alive()
    if alive and not (sender.has_begun and perf_counter() - (sender.began_at or 0) > life):
        return False
    sender.kill()
    assert sender.process.exitcode == -9, "a sender ended otherwise than it was meant to"
    return True


def _finish(orders: Orders, senders: int) -> None:
    """Let senders that nobody kills send the rest."""
    for one in [start(orders) for _ in range(senders)]:
        one.wait_until_begun()
        one.end()


def _count(kills: int, accepted: Counter[str]) -> Accidents:
    current_session().rollback()
    names = {f"<{one}@{SENDER.host}>" for one in current_session().scalars(select(Letter.id))}
    return Accidents(
        kills=kills,
        letters=len(names),
        lost=len(names - accepted.keys()),
        copies=accepted.total() - len(accepted),
        most_copies=max(accepted.values()),
        strangers=len(accepted.keys() - names),
        unsent=unsent(),
        unpaired=unpaired(),
        whole=_is_whole(),
    )


def unpaired() -> int:
    """How many letters, reminders and events do not belong together."""
    session = current_session()
    told = session.scalars(select(EventRow.data).where(EventRow.type == "reminder.sent"))
    events = Counter(json.loads(data)["letter"] for data in told)
    sent = set(session.scalars(select(Letter.id).where(Letter.state == "sent")))
    reminded = Counter(session.scalars(select(Reminder.letter_id).where(Reminder.state == "sent")))
    waiting = session.scalar(select(func.count()).where(Reminder.state != "sent")) or 0
    twice = sum(number - 1 for number in events.values())
    return len(sent ^ events.keys()) + len(sent ^ reminded.keys()) + twice + waiting


def _is_whole() -> bool:
    session = current_session()
    if session.get_bind().dialect.name == "sqlite" and session.scalar(text("PRAGMA integrity_check")) != "ok":
        return False
    return first_broken_event() is None


@contextmanager
def mail_server(log: Path) -> Iterator[str]:
    """A mail server in a process of its own; what MAIL_URL says."""
    command = [sys.executable, "-m", "tests.letters.smtp_server", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"smtp://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()

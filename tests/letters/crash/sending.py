"""A sender in a process of its own, which may be told to die at a certain letter."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from time import perf_counter, sleep
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, func, select

from portfolio.app import create_app
from portfolio.base.db import current_session, db, transaction
from portfolio.letters import actions, jobs
from portfolio.letters.models import Letter
from portfolio.letters.rules import UNSENT, Lease
from portfolio.mail.post import SMTPPost
from tests.letters.municipality import NOW, office
from tests.processes import CONTEXT

BEFORE, ACCEPTED, COMMIT = "before it is sent", "when the server has it", "while it is marked"
POINTS = (BEFORE, ACCEPTED, COMMIT)

LEASE = Lease(timedelta(seconds=2), timedelta(seconds=1))
"""Short, so that somebody takes over while the test waits."""


@dataclass(frozen=True)
class Orders:
    """What a sender is to do: `point` and `letter` say when it dies, if at all."""

    database: str
    mail: str
    point: str = ""
    letter: int = 0
    marks_first: bool = False
    """Mark each letter before it is sent: what the canary does, and what loses letters."""
    lease: Lease = LEASE


class DoomedPost(SMTPPost):
    """The way to the mail server, on which the sender dies at its point."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders.mail)
        self.orders, self.number = orders, 0
        event.listen(db.engine, "commit", lambda _: self.die_at(COMMIT))

    def hand_over(self, sender: str, to: str, message: bytes) -> None:
        """One letter; perhaps the last."""
        self.number += 1
        self.die_at(BEFORE)
        super().hand_over(sender, to, message)
        self.die_at(ACCEPTED)

    def die_at(self, point: str) -> None:
        """Be gone at once, if this is the point of this letter."""
        if (point, self.number) == (self.orders.point, self.orders.letter):
            os.kill(os.getpid(), signal.SIGKILL)


def start(orders: Orders) -> "Sender":
    """A process that sends until every letter is sent, or until it dies."""
    return Sender(orders)


class Sender:
    """The process, and what it tells at its end."""

    def __init__(self, orders: Orders) -> None:
        self.answers, answer = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=send, args=(orders, answer))
        self.process.start()
        answer.close()
        self.began_at: float | None = None

    @property
    def has_begun(self) -> bool:
        """Whether it is at work."""
        if self.began_at is None and self.answers.poll():
            self.answers.recv()
            self.began_at = perf_counter()
        return self.began_at is not None

    def wait_until_begun(self) -> None:
        """Until it is at work."""
        assert self.answers.poll(30)
        assert self.has_begun

    def end(self) -> list[str]:
        """What it has warned of, once it has ended by itself."""
        assert self.answers.poll(60), "a sender is stuck"
        warnings: list[str] = self.answers.recv()
        self.process.join(60)
        assert self.process.exitcode == 0
        self.answers.close()
        return warnings

    def kill(self) -> None:
        """The signal that nobody can catch."""
        self.process.kill()
        self.process.join()
        self.answers.close()


def send(orders: Orders, answer: Any) -> None:
    """Send until every letter is sent; SIGTERM ends it after the letter at hand."""
    told_to_stop, notes = Event(), Notes()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    logging.getLogger("portfolio.letters").addHandler(notes)
    app = create_app({"DATABASE_URL": orders.database, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context(), marking_first(orders.marks_first):
        post = DoomedPost(orders)
        desk = office(post, at=machine_time, lease=orders.lease, goes_on=lambda: not told_to_stop.is_set())
        answer.send("begun")
        while unsent() and not told_to_stop.is_set():
            jobs.send_all(desk)
            sleep(0.02)
        db.session.remove()
        db.engine.dispose()
    answer.send(notes.messages)


class Notes(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.messages.append(record.getMessage())


def machine_time() -> Any:
    """The machine's time, were it the day on which the letters are due."""
    return NOW + timedelta(seconds=perf_counter())


def unsent(*states: str) -> int:
    """How many letters have not been sent yet, or are in one of some states."""
    current_session().rollback()
    number = current_session().scalar(select(func.count()).where(Letter.state.in_(states or UNSENT))) or 0
    current_session().rollback()
    return number


@contextmanager
def marking_first(wanted: bool) -> Iterator[None]:
    """The product as it would be if each letter were marked before it is sent."""
    if not wanted:
        yield
        return
    send_one = jobs._send_one

    def marked_first(desk: Any, batch: Any, letter: Any) -> Any:
        with transaction():
            actions.mark_sent(letter, desk.settle, real_now=desk.real_now())
        with patch.object(jobs, "_mark", lambda *_: None):
            return send_one(desk, batch, letter)

    with patch.object(jobs, "_send_one", marked_first):
        yield

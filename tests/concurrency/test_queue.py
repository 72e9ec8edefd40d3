"""Who has asked for the lock first has it first, and who dies in the queue holds nobody up."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portfolio.base import db as database
from portfolio.base import portfolio as base
from portfolio.base.db import LOCK_TIMEOUT_SECONDS, db, transaction
from portfolio.base.errors import Busy
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.queue import turn

WRITERS = 12
LOOK_SECONDS = 0.02
"""How often we look whether a writer has come to the end of the queue."""
ARRIVAL_SECONDS = 0.1
"""Time enough to come, where there is no queue to be seen in."""


def order_of_service(app: Flask, comes: Callable[[Thread], None]) -> list[int]:
    """In which order writers that come one after another while the lock is held are let in."""
    served: list[int] = []

    def write(number: int) -> None:
        with app.app_context():
            with transaction():
                lock_portfolio().next_number += 1
                served.append(number)
            db.session.remove()

    writers = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with transaction():
        lock_portfolio().next_number += 1
        for writer in writers:
            comes(writer)
    for writer in writers:
        writer.join()
    return served


def queue_of(engine: Engine) -> Callable[[], object]:
    """Shows something else as soon as one more has come to the end of the queue."""
    if engine.dialect.name == "sqlite":
        return Path(f"{engine.url.database}-queue").read_bytes
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    def number_waiting() -> object:
        with engine.connect() as connection:
            return connection.execute(waiting).scalar_one()

    return number_waiting


def test_writers_are_let_in_in_the_order_they_came(app: Flask) -> None:
    look = queue_of(db.engine)

    def comes_to_the_end_of_the_queue(writer: Thread) -> None:
        before = look()
        writer.start()
        while look() == before:
            assert writer.is_alive()
            sleep(LOOK_SECONDS)

    assert order_of_service(app, comes_to_the_end_of_the_queue) == list(range(WRITERS))


def test_without_the_queue_they_pass_each_other(app: Flask) -> None:
    def comes_after_a_while(writer: Thread) -> None:
        writer.start()
        sleep(ARRIVAL_SECONDS)

    with patch.object(database, "turn", lambda *_: nullcontext()), patch.object(base, "queue_up", lambda: None):
        served = order_of_service(app, comes_after_a_while)
    assert sorted(served) == list(range(WRITERS))
    assert served != list(range(WRITERS))


def test_a_writer_that_dies_in_the_queue_holds_nobody_up(tmp_path: Path) -> None:
    path = str(tmp_path / "somewhere.sqlite")
    with dying_writer(path):
        began = monotonic()
        with pytest.raises(Busy), turn(path, began + 0.1):
            pass
        assert monotonic() - began < LOCK_TIMEOUT_SECONDS
    with turn(path, monotonic() + LOCK_TIMEOUT_SECONDS):
        assert os.path.exists(f"{path}-queue")


@pytest.mark.parametrize("left", [b"", b"\x01", b"\xff" * 8, b"nonsense"])
def test_a_damaged_counter_lets_nobody_in_out_of_turn(tmp_path: Path, left: bytes) -> None:
    path = str(tmp_path / "somewhere.sqlite")
    (tmp_path / "somewhere.sqlite-queue").write_bytes(left)
    for _ in range(3):
        with turn(path, monotonic() + LOCK_TIMEOUT_SECONDS), pytest.raises(Busy), turn(path, monotonic() + 0.05):
            pass


@contextmanager
def dying_writer(path: str) -> Iterator[None]:
    """Another process that has its turn while the block lasts, and is killed at its end without a word."""
    context = multiprocessing.get_context("spawn")
    has_its_turn = context.Event()
    writer = context.Process(target=_wait_in_turn, args=(path, has_its_turn))
    writer.start()
    try:
        assert has_its_turn.wait(timeout=60)
        yield
    finally:
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()


def _wait_in_turn(path: str, has_its_turn: Any) -> None:
    with turn(path, monotonic() + LOCK_TIMEOUT_SECONDS):
        has_its_turn.set()
        sleep(60)

"""The real server, gunicorn as in `make run`, on a copy of the demo municipality.

It is forked from a process that has loaded the product once. The browser tests share one server, whose database gets
its contents back before each of them: a new server takes longer than most tests, until every template is read and
every query prepared.
"""

import os
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.request import urlopen

from tests.processes import CONTEXT, become, exit_code_of, flask

START_SECONDS = 30
"""How long the server may take to answer for the first time."""

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PORTFOLIO_ENV": "development",
    "PORTFOLIO_NOW": "2026-11-23T08:00:00+01:00",
    "SECRET_KEY": "only in tests",
}
"""What the server and the commands are told; nothing of the developer's own settings reaches them."""


class DoesNotRun(Exception):
    """A command failed, or the server does not answer; the text is what it said itself."""


def environment_of(database: Path) -> dict[str, str]:
    """The same with a database of its own, and mail that stays beside it."""
    return ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{database}", "MAIL_URL": f"file:{database.parent / 'mail'}"}


def command(database: Path, *words: str) -> None:
    """Run one of the product's own commands on a database."""
    log = database.parent / "command.log"
    if exit_code_of(flask, environment_of(database), words, log) != 0:
        raise DoesNotRun(log.read_text())


@contextmanager
def serving(demo_file: Path, database: Path) -> Iterator[str]:
    """The address of a server with its own copy of a database, Monday 2026-11-23 at 08.00."""
    give_back(demo_file, database)
    with listening(environment_of(database), database.parent) as address:
        yield address


def give_back(contents: Path, database: Path) -> None:
    """Let the database of a running server hold what another file holds: its next request sees nothing else.

    SQLite's own backup does it in one transaction, beside whatever the server has open.
    """
    with closing(sqlite3.connect(contents)) as source, closing(sqlite3.connect(database)) as copy:
        source.backup(copy)


@contextmanager
def listening(environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """The address of a server that is told this environment and writes its log in the folder."""
    port = _free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "server.log"
    environment = {**environment, "PORT": str(port), "PORTFOLIO_BASE_URL": address}
    server = CONTEXT.Process(target=_serve, args=(environment, log))
    server.start()
    try:
        _wait_until_it_answers(address, server, log)
        yield address
    finally:
        server.terminate()
        server.join(timeout=START_SECONDS)


def _serve(environment: Mapping[str, str], log: Path) -> None:
    """Become gunicorn."""
    from gunicorn.app.wsgiapp import run

    become(["gunicorn"], environment, log)
    run()


def _free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_it_answers(address: str, server: BaseProcess, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.is_alive():
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise DoesNotRun(log.read_text())

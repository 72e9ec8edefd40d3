"""Clients that all write through the real server at once: lägesrapporter, and moves in the order of priority.

None of them ever tries a write again, so that every answer counts.
"""

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from portfolio.app import create_app
from portfolio.base.db import current_session, db
from portfolio.initiatives.models import DecisionRow
from portfolio.initiatives.queries.order import open_ids_in_order
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import first_broken_event
from portfolio.reports.models import Report
from tests.browser.server import ENVIRONMENT, listening
from tests.cast import bearer, sign_in
from tests.make import make_demo

CLIENTS = 8
REPORTED_ON = [f"FI-{number:03d}" for number in range(1, 11)]
OPEN, NUMBERED = 16, 14
"""The open initiatives of the demo municipality, and those of them that are FI-001 to FI-014."""
STATES = ("on_track", "watch", "needs_decision", "nothing_new")


@dataclass(frozen=True)
class Town:
    """The demo municipality behind the real server: its address, and what a program and a person show to enter."""

    address: str
    bearer: dict[str, str]
    cookie: str

    def connect(self) -> http.client.HTTPConnection:
        """A connection of one's own, kept open as a browser keeps it."""
        return http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)


@dataclass
class Outcome:
    """What was answered, by status; what is stored afterwards; and how long each write took, in seconds."""

    answers: Counter[int] = field(default_factory=Counter)
    polled: Counter[int] = field(default_factory=Counter)
    reports: int = 0
    moves: int = 0
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def town(database_url: str) -> Iterator[tuple[Flask, Town]]:
    """The demo municipality on a migrated database, and its server."""
    environment = ENVIRONMENT | {"DATABASE_URL": database_url}
    app = create_app(environment)
    with app.app_context(), TemporaryDirectory(prefix="writers-") as folder:
        make_demo()
        token, client = bearer(), sign_in(app.test_client(), "Kommundirektör")
        cookie = client.get_cookie("session")
        assert cookie is not None
        with listening(environment | {"MAIL_URL": f"file:{folder}"}, Path(folder)) as address:
            yield app, Town(address, token, f"session={cookie.value}")
        db.session.remove()
        db.engine.dispose()


def write(place: Town, writes: int) -> Outcome:
    """Everybody writes while one reads the live list; then what is stored is held against what was answered."""
    before, outcome, done = stored(), Outcome(), Event()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        began = perf_counter()
        reader = pool.submit(_read_on, place, done)
        clients = [pool.submit(_client, place, number, writes // CLIENTS) for number in range(CLIENTS)]
        for client in clients:
            answers, took = client.result()
            outcome.answers += answers
            outcome.took += took
        outcome.seconds = perf_counter() - began
        done.set()
        outcome.polled = reader.result()
    after = stored()
    outcome.reports, outcome.moves = after[0] - before[0], after[1] - before[1]
    outcome.wrong = list(_wrong_in_what_is_stored())
    return outcome


def stored() -> tuple[int, int]:
    """How many lägesrapporter and how many moves are stored."""
    current_session().rollback()
    counted = (select(func.count()).select_from(Report), select(func.count()).select_from(DecisionRow))
    reports, moves = (current_session().scalar(one) or 0 for one in counted)
    return reports, moves


def _wrong_in_what_is_stored() -> Iterator[str]:
    order = open_ids_in_order()
    if len(order) != OPEN or len(set(order)) != OPEN:
        yield f"the order of priority has {len(order)} places"
    numbers = list(current_session().scalars(select(EventRow.seq).order_by(EventRow.seq)))
    if numbers != list(range(1, len(numbers) + 1)):
        yield "the events' numbers have gaps"
    if first_broken_event() is not None:
        yield f"event {first_broken_event()} does not hold its seal"


def _client(place: Town, number: int, writes: int) -> tuple[Counter[int], list[float]]:
    """One client: a report and a move in turn, each on another initiative than the others' at the moment."""
    connection, answers, took = place.connect(), Counter[int](), []
    for at in range(writes):
        path, body = _report(number, at) if at % 2 else _move(number, at)
        began = perf_counter()
        answers[_post(connection, path, body, place.bearer)] += 1
        took.append(perf_counter() - began)
    connection.close()
    return answers, took


def _report(number: int, at: int) -> tuple[str, object]:
    code = REPORTED_ON[(number + at) % len(REPORTED_ON)]
    state = STATES[(number + at // 2) % 3]
    return f"/initiatives/{code}/reports", {"state": state, "text": f"Klient {number}, nummer {at}."}


def _move(number: int, at: int) -> tuple[str, object]:
    code = f"FI-{1 + (number * 5 + at) % NUMBERED:03d}"
    body = {"kind": "rerank", "reason": f"Klient {number}, nummer {at}.", "rank": 1 + (number + at * 3) % OPEN}
    return f"/initiatives/{code}/decisions", body


def _post(connection: http.client.HTTPConnection, path: str, body: object, headers: dict[str, str]) -> int:
    connection.request("POST", f"/api/v1{path}", json.dumps(body), headers | {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _read_on(place: Town, done: Event) -> Counter[int]:
    """Somebody's open list, which asks again without a pause until the others are done."""
    connection, answers, version = place.connect(), Counter[int](), "none"
    headers = {"Cookie": place.cookie, "HX-Request": "true", "HX-Target": "initiative-list"}
    while not done.wait(0.05):
        connection.request("GET", "/initiativ", headers=headers | {"If-None-Match": f'"{version}"'})
        answer = connection.getresponse()
        page = answer.read().decode()
        answers[answer.status] += 1
        if 'data-version="' in page:
            version = page.partition('data-version="')[2].partition('"')[0]
    connection.close()
    return answers

"""The load map, a trial, the list of 200 initiatives and the live preview, where 200 initiatives count."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection, socket
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import NamedTuple
from urllib.parse import urlencode

from flask.testing import FlaskClient

from bench import town
from bench.bare import bare_app, store_cells
from bench.contest import Claim, Contender, p95, ratio, take_turns, told
from config import ROOT
from portfolio.app import create_app
from portfolio.base.db import transaction
from portfolio.base.time import this_week
from portfolio.capacity.queries import whole_portfolio
from portfolio.capacity.rules.load import load_map
from portfolio.initiatives.rules.kinds import Kind
from portfolio.planning import actions, queries
from tests.cast import form_token, sign_in
from tests.databases import PostgreSQLServer, SQLiteFiles
from tests.make import CHAIR, NOW, make_initiative

INITIATIVES, WEEKS = 200, 26
UNITS_ON_THE_MAP, UNITS_IN_THE_PREVIEW = 20, 12

AT_MOST = 2.5
"""How many times the CPU of the bare route a page may take."""
MEETING_AT_MOST = 2
"""How many times the CPU of the load map the meeting may take after a decision."""
PROPOSALS = 5
SLOWEST = 3
"""How many times its middle answer a page's p95 may take."""
PREVIEW_MS, LARGEST_KB = 200, 200

REQUESTS_PER_ROUND = 5


class Visit(NamedTuple):
    """What a signed-in browser sends along."""

    cookie: str
    token: str


def run(server: PostgreSQLServer, rounds: int, largest: int) -> list[Claim]:
    """Measure on both databases."""
    with TemporaryDirectory(prefix="bench-") as folder:
        files = SQLiteFiles(Path(folder))
        return [
            claim
            for name, migrated in (("SQLite", files.migrated), ("PostgreSQL", server.migrated))
            for claim in (
                *_against_bare(name, migrated, rounds),
                *_trial(name, migrated, rounds),
                *_meeting(name, migrated, rounds),
                *_preview(name, migrated, rounds),
            )
        ]


def _against_bare(name: str, migrated: Callable[[], contextmanager], rounds: int) -> Iterator[Claim]:
    with migrated() as url:
        visitor, visit = _town(url, UNITS_ON_THE_MAP)
        bare = bare_app(url).test_client()
        sizes = {}
        for page, address, plain in (("load map", "/", "/cells"), ("list", "/initiativ", "/lines")):
            ours = Contender(page, lambda at=address: _get(visitor, at))
            theirs = Contender("bare route", lambda at=plain: _get(bare, at))
            times = take_turns([theirs, ours], rounds, process_time)
            sizes[page] = len(_get(visitor, address)) / 1000
            print(f"{name}, {page}: {sizes[page]:.0f} kB, bare {len(_get(bare, plain)) / 1000:.0f} kB\n{told(times)}")
            yield Claim(f"the {page}'s CPU against a bare route on {name}", ratio(times, page, "bare route"), AT_MOST)
        yield Claim(f"kilobytes of the list on {name}", sizes["list"], LARGEST_KB)
        with _served(url) as port:
            asked = {"load map": ("GET", "/", ""), "list": ("GET", "/initiativ", "")}
            for page, times in _answers(port, visit, asked, rounds).items():
                yield Claim(f"the {page}'s p95 against its p50 on {name}", p95(times) / median(times), SLOWEST)


def _meeting(name: str, migrated: Callable[[], contextmanager], rounds: int) -> Iterator[Claim]:
    """The meeting as it is drawn after a decision, with four proposals left, against the load map."""
    with migrated() as url:
        visitor, _ = _town(url, UNITS_ON_THE_MAP)
        with visitor.application.app_context():
            day = town.begin_a_meeting(town.propose(PROPOSALS))
        pages = [Contender("load map", lambda: _get(visitor, "/"))]
        pages.append(Contender("meeting", lambda: _get(visitor, f"/mote/{day}")))
        times = take_turns(pages, rounds, process_time)
        print(f"{name}, meeting\n{told(times)}")
        claimed = f"the meeting's CPU after a decision against the load map on {name}"
        yield Claim(claimed, ratio(times, "meeting", "load map"), MEETING_AT_MOST)


def _trial(name: str, migrated: Callable[[], contextmanager], rounds: int) -> Iterator[Claim]:
    with migrated() as url:
        visitor, _ = _town(url, UNITS_ON_THE_MAP)
        with create_app(_environment(url)).app_context():
            address = f"/prova/{_four_moves()}?enheter=alla"
        pages = (("load map", "/"), ("trial", address))
        contenders = [Contender(page, lambda at=at: _get(visitor, at)) for page, at in pages]
        times = take_turns(contenders, rounds, process_time)
        print(f"{name}, trial: {len(_get(visitor, address)) / 1000:.0f} kB\n{told(times)}")
        yield Claim(f"the trial's CPU against the load map on {name}", ratio(times, "trial", "load map"), AT_MOST)


def _four_moves() -> int:
    """A trial with two pauses and two starts for which they make room; its number."""
    fields = {"weeks": 10, "impacts": {"F00": 1, "F03": 2, "F07": 1}, "start": "2027-W10"}
    new = [make_initiative(f"Nytt {number}", owner=f"Ny ägare {number}", **fields) for number in range(2)]
    running = [one.code for one in queries.choices(NOW, new) if one.kind is Kind.PAUSE][:2]
    with transaction():
        trial_id = actions.create("Våren", by=CHAIR, now=NOW).id
        for kind, codes in ((Kind.PAUSE, running), (Kind.START, new)):
            for code in codes:
                actions.set_move(trial_id, code, kind, actions.Wish(), by=CHAIR, now=NOW)
    return trial_id


def _preview(name: str, migrated: Callable[[], contextmanager], rounds: int) -> Iterator[Claim]:
    with migrated() as url:
        _, visit = _town(url, UNITS_IN_THE_PREVIEW)
        with _served(url) as port:
            form = {"csrf_token": visit.token, **_proposal()}
            asked = {"preview": ("POST", "/initiativ/prova", urlencode(form))}
            times = _answers(port, visit, asked, rounds)["preview"]
            yield Claim(f"the preview's p95 in ms on {name}", p95(times), PREVIEW_MS)


def _proposal() -> dict[str, str]:
    """A plan on half of the units, too much for the wished week: every way forward has to be looked for."""
    touched = [f"F{number:02d}" for number in range(0, UNITS_IN_THE_PREVIEW, 2)]
    form = {"title": "Nytt ärendesystem", "start_week": "v. 2 2027"}
    for at, (kind, weeks, level) in enumerate((("prepare", 4, 1), ("implement", 16, 3), ("reinforce", 8, 1))):
        form |= {f"phases.{at}.kind": kind, f"phases.{at}.weeks": str(weeks)}
        form |= {f"phases.{at}.impacts.{unit}": str(level) for unit in touched}
    return form


def _environment(url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": "only in benchmarks",
        "PORTFOLIO_NOW": NOW.isoformat(),
        "MAIL_URL": "file:/tmp/bench-mail",
    }


def _town(url: str, units: int) -> tuple[FlaskClient, Visit]:
    """Fill the database, and sign the chair in."""
    app = create_app(_environment(url))
    with app.app_context():
        town.build(units, INITIATIVES)
        week = this_week(NOW)
        store_cells(load_map(whole_portfolio(), week, week, WEEKS))
        visitor = sign_in(app.test_client(), "Kommundirektör")
    token = form_token(visitor)
    cookie = visitor.get_cookie("session")
    assert cookie is not None
    return visitor, Visit(f"session={cookie.value}", token)


def _get(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return answer.data


@contextmanager
def _served(url: str) -> Iterator[int]:
    """The product as `make run` serves it; the port is given."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, **_environment(url), "PORT": str(port)}
    command = [str(Path(sys.executable).with_name("gunicorn")), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=ROOT, env=environ) as gunicorn:
        try:
            _wait_for(port)
            yield port
        finally:
            gunicorn.terminate()


def _wait_for(port: int) -> None:
    give_up_at = perf_counter() + 60
    while perf_counter() < give_up_at:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise TimeoutError("gunicorn has not started")


def _answers(
    port: int, visit: Visit, asked: Mapping[str, tuple[str, str, str]], rounds: int
) -> dict[str, list[float]]:
    """How long one client waits for each page, in milliseconds."""
    with closing(HTTPConnection("127.0.0.1", port)) as line:
        pages = [Contender(page, lambda one=request: _ask(line, visit, *one)) for page, request in asked.items()]
        times = take_turns(pages, rounds * REQUESTS_PER_ROUND, perf_counter)
    for page, took in times.items():
        print(f"  {page} under gunicorn: p50 {median(took):.1f} ms, p95 {p95(took):.1f} ms, {len(took)} answers")
    return times


def _ask(line: HTTPConnection, visit: Visit, method: str, address: str, body: str) -> bytes:
    headers = {"Cookie": visit.cookie}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    line.request(method, address, body, headers)
    answer = line.getresponse()
    page = answer.read()
    assert answer.status == 200, (answer.status, page[:2000])
    return page

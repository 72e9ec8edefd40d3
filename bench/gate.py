"""The check of one plan, and a whole start, however many finished initiatives are stored."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from flask import Flask

from bench.contest import Claim, Clock, Contender, ratio, take_turns, told
from portfolio.app import create_app
from portfolio.base.db import current_session, db, transaction
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions.gate import verdict_under_lock
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from tests.databases import PostgreSQLServer, SQLiteFiles
from tests.in_bulk import put_in
from tests.make import CHAIR, NOW, make_demo

CODE, START = "FI-012", parse_week("2027-W10")
"""An initiative of the demo municipality that fits in this week."""

AT_MOST = 2
"""How many times the smallest database's time the largest one may take."""


@dataclass
class Municipality:
    """The demo municipality with so many finished initiatives beside its own."""

    app: Flask
    size: int
    decisions: list[int] = field(default_factory=list)

    def prepare(self) -> None:
        """Fill the empty database."""
        with self.app.app_context():
            make_demo()
            put_in(self.size)

    def check(self) -> None:
        """What the gate says of one plan, read under its lock."""
        with self.app.app_context(), transaction():
            plan = plan_of(initiative_by_code(CODE), NOW, start=START)
            assert verdict_under_lock(plan, NOW).fits
            current_session().rollback()

    def start(self) -> None:
        """One decision to start, through the gate and stored."""
        with self.app.app_context(), transaction():
            outcome = decide(CODE, Asked(Kind.START, "Gruppen är enig", start_week=START), by=CHAIR, now=NOW)
            self.decisions.append(outcome.decision.id)

    def take_back(self) -> None:
        """As before the start."""
        with self.app.app_context(), transaction():
            undo(self.decisions.pop(), by=CHAIR, now=NOW)


def run(server: PostgreSQLServer, rounds: int, largest: int) -> list[Claim]:
    """Measure on both databases."""
    sizes = [size for size in (10**2, 10**4, 10**6) if size < largest] + [largest]
    with TemporaryDirectory(prefix="bench-") as folder:
        # SQLite works in this process, so its CPU time is all; PostgreSQL works in another, so the clock is.
        on_sqlite = _on("SQLite", SQLiteFiles(Path(folder)).migrated, sizes, rounds, process_time)
        return on_sqlite + _on("PostgreSQL", server.migrated, sizes, rounds, perf_counter)


def _on(
    name: str, migrated: Callable[[], contextmanager], sizes: Sequence[int], rounds: int, clock: Clock
) -> list[Claim]:
    with ExitStack() as stack:
        towns = [stack.enter_context(_municipality(migrated, size)) for size in sizes]
        claims = []
        for what, contender in (("check", _check), ("start", _start)):
            times = take_turns([contender(town) for town in towns], rounds, clock)
            print(f"{name}, one {what}\n{told(times)}")
            grown = ratio(times, _name(sizes[-1]), _name(sizes[0]))
            claims.append(Claim(f"one {what} on {name} at {_name(sizes[-1])} against {sizes[0]}", grown, AT_MOST))
        return claims


def _check(town: Municipality) -> Contender:
    return Contender(_name(town.size), town.check)


def _start(town: Municipality) -> Contender:
    return Contender(_name(town.size), town.start, town.take_back)


def _name(size: int) -> str:
    return f"{size} finished initiatives"


@contextmanager
def _municipality(migrated: Callable[[], contextmanager], size: int) -> Iterator[Municipality]:
    with migrated() as url:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in benchmarks", "TESTING": "1"})
        town = Municipality(app, size)
        began = perf_counter()
        town.prepare()
        print(f"  put in {size} finished initiatives in {perf_counter() - began:.0f} s")
        yield town
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

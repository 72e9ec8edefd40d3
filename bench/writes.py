"""A thousand lägesrapporter and moves from eight clients at once, through the real server: how many fail."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.contest import Claim, p95
from tests.concurrency.writers import CLIENTS, town, write
from tests.databases import PostgreSQLServer, SQLiteFiles

WRITES = 1000


def run(server: PostgreSQLServer, rounds: int, largest: int) -> list[Claim]:
    """The same writes on both databases."""
    with TemporaryDirectory(prefix="bench-") as folder:
        databases = (("SQLite", SQLiteFiles(Path(folder)).migrated), ("PostgreSQL", server.migrated))
        return [_on(name, migrated) for name, migrated in databases]


def _on(name: str, migrated: Callable[[], AbstractContextManager[str]]) -> Claim:
    with migrated() as url, town(url) as (_, place):
        outcome = write(place, WRITES)
    per_second = WRITES / outcome.seconds
    print(f"  {name}: {dict(outcome.answers)} in {outcome.seconds:.0f} s, {per_second:.0f} a second")
    print(f"    a write p95 {p95(outcome.took):.2f} s, slowest {max(outcome.took):.2f} s")
    print(f"    the open list meanwhile: {dict(outcome.polled)}")
    stored = min(outcome.reports, outcome.answers[201]) + min(outcome.moves, outcome.answers[200])
    lost = WRITES - stored + len(outcome.wrong)
    return Claim(f"lost of {WRITES} writes by {CLIENTS} clients at once on {name}", lost, 0)

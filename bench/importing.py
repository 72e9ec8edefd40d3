"""A list of 27,000 rows on its way in: how much memory the command takes at its fullest."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from openpyxl import Workbook

from bench.contest import Claim
from config import ROOT
from tests.databases import PostgreSQLServer, SQLiteFiles

ROWS = 27_000
LARGEST_MB = 300

HEADS = ("Projektnummer", "Projektnamn", "Förvaltning", "Ägare", "Start", "Slut", "Status", "Påverkan", "Syfte")
STATUSES = ("Planerad", "Pågår", "Avslutad", "Idé", "Pausad")

COMMAND = """
import json, resource, sys
from wsgi import app
told = app.test_cli_runner().invoke(args=sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"exit": told.exit_code, "told": told.output[-2000:], "peak": peak}))
"""


def run(server: PostgreSQLServer, rounds: int, largest: int) -> list[Claim]:
    """Read the same list into both databases, from a workbook and again, with changes, from a workbook."""
    with TemporaryDirectory(prefix="bench-") as folder:
        first, second = (_workbook(Path(folder, f"{name}.xlsx"), name) for name in ("first", "second"))
        databases = (("SQLite", SQLiteFiles(Path(folder)).migrated), ("PostgreSQL", server.migrated))
        return [claim for name, migrated in databases for claim in _on(name, migrated, first, second)]


def _on(name: str, migrated: Callable[[], AbstractContextManager[str]], first: Path, second: Path) -> Iterator[Claim]:
    with migrated() as url:
        for what, book in (("new", first), ("changed", second)):
            began = perf_counter()
            peak = _import(url, book) / 1024
            print(f"  {ROWS} {what} rows into {name}: {peak:.0f} MB at most, {perf_counter() - began:.0f} s")
            yield Claim(f"MB at most while {ROWS} {what} rows are read into {name}", peak, LARGEST_MB)


def _import(url: str, book: Path) -> int:
    """Import as the command does, in a process of its own; its largest resident memory in kilobytes."""
    environ = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "only in benchmarks"}
    command = [sys.executable, "-c", COMMAND, "import", "portfolio", str(book), "--create-units"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["exit"] == 0, answer["told"]
    return int(answer["peak"])


def _workbook(path: Path, summary: str) -> Path:
    random, book = Random(27), Workbook(write_only=True)
    sheet = book.create_sheet("Projekt")
    sheet.append(HEADS)
    for number in range(ROWS):
        start = date(2020, 1, 6) + timedelta(days=random.randrange(3000))
        sheet.append(
            (
                f"P-{number}",
                f"Införa nytt arbetssätt nummer {number}",
                f"Förvaltning {random.randrange(20)}",
                f"Projektägare {random.randrange(400)}",
                start,
                start + timedelta(days=random.randrange(60, 700)),
                random.choice(STATUSES),
                random.randint(1, 3),
                f"Så att det blir lättare för invånarna, {summary} gången",
            )
        )
    book.save(path)
    return path

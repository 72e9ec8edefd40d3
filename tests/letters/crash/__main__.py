"""The long run of the crash test: `make crash`."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.databases import PostgreSQLServer, SQLiteFiles
from tests.letters.crash.accidents import kill_senders


def main() -> int:
    """The long run; 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.letters.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each database (200)")
    kills, failed = parser.parse_args().kills, False
    with TemporaryDirectory(prefix="crash-") as folder, PostgreSQLServer() as server:
        for name, migrated in (("SQLite", SQLiteFiles(Path(folder)).migrated), ("PostgreSQL", server.migrated)):
            with migrated() as url:
                began = perf_counter()
                found = kill_senders(url, kills)
                sys.stdout.write(f"{name}, {perf_counter() - began:.0f} s: {found}\n")
                failed = failed or bool(found.faults())
                sys.stdout.writelines(f"FAILS  {fault}\n" for fault in found.faults())
            with migrated() as url:
                lost = kill_senders(url, max(5, kills // 20), marks_first=True).lost
                sys.stdout.write(f"{name}: marked before they are sent, {lost} letters are lost\n")
                failed = failed or not lost
    return int(failed)


sys.exit(main())

"""`python -m bench [gate|pages|importing|letters|writes|following] ...`: run them, and say which claims hold."""

import argparse
import sys

from bench import following, gate, importing, letters, pages, writes
from bench.contest import Claim
from tests.databases import PostgreSQLServer

ALL = {
    "gate": gate,
    "pages": pages,
    "importing": importing,
    "letters": letters,
    "writes": writes,
    "following": following,
}


def main() -> int:
    """Run what is asked for; 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which ones: {', '.join(ALL)}; all by default")
    parser.add_argument("--rounds", type=int, default=60, help="how often each contender runs (60)")
    parser.add_argument("--largest", type=int, default=10**6, help="stored initiatives in gate's largest (10^6)")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(ALL):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    claims: list[Claim] = []
    with PostgreSQLServer() as server:
        for name in asked.names or ALL:
            print(f"\n{name}")
            claims += ALL[name].run(server, asked.rounds, asked.largest)
    print()
    for claim in claims:
        print(claim)
    return 0 if all(claim.holds for claim in claims) else 1


sys.exit(main())

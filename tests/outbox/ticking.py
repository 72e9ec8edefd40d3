"""A real clock whose only work is slow: `python -m tests.outbox.ticking URL FILE SECONDS`.

It writes a line to FILE when it begins an event and one when it has finished it.
"""

import sys
from pathlib import Path
from time import sleep
from unittest.mock import patch

from portfolio import clock
from portfolio.app import create_app
from portfolio.events.decisions import InitiativeNoted
from portfolio.outbox.rules import Delivered


def main(url: str, diary: str, seconds: str) -> None:
    """Run the clock until it is told to stop."""

    def slowly(event: InitiativeNoted, delivered: Delivered) -> None:
        with Path(diary).open("a") as file:
            file.write(f"begins {delivered.seq}\n")
            file.flush()
            sleep(float(seconds))
            file.write(f"ends {delivered.seq}\n")

    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with patch.object(clock, "SUBSCRIPTIONS", {InitiativeNoted: (slowly,)}):
        clock.run(app)


if __name__ == "__main__":
    main(*sys.argv[1:])

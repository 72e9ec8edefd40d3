"""A real clock whose only work is slow."""

from pathlib import Path
from time import sleep
from unittest.mock import patch

from portfolio import clock
from portfolio.app import create_app
from portfolio.events.decisions import InitiativeNoted
from portfolio.outbox.rules import Delivered
from tests.processes import speak_into


def work_slowly(url: str, diary: Path, seconds: float, log: Path) -> None:
    """Run the clock until it is told to stop: a line in the diary when it begins an event and one when it ends it."""
    speak_into(log)

    def slowly(event: InitiativeNoted, delivered: Delivered) -> None:
        with diary.open("a") as file:
            file.write(f"begins {delivered.seq}\n")
            file.flush()
            sleep(seconds)
            file.write(f"ends {delivered.seq}\n")

    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with patch.object(clock, "SUBSCRIPTIONS", {InitiativeNoted: (slowly,)}):
        clock.run(app)

"""A process that is killed in the middle of a decision.

It kills itself with the signal that nobody can catch, at one of POINTS, as if the power had gone.
"""

import os
import signal
from typing import Any

from sqlalchemy import event

from portfolio.app import create_app
from portfolio.base.db import db, transaction
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.rules.kinds import Kind
from tests.make import CHAIR, NOW

POINTS = ("after the update", "after the event", "before the commit", "after the commit")


def die(*_: Any) -> None:
    """Be gone at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point: str) -> None:
    """Arrange the end of this process."""
    engine = db.engine
    if point == "before the commit":
        event.listen(engine, "commit", die)
    elif point in ("after the update", "after the event"):
        beginning = "UPDATE initiative" if point == "after the update" else "INSERT INTO event"

        def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith(beginning):
                die()

        event.listen(engine, "after_cursor_execute", after)


def pause_and_die(url: str, code: str, point: str) -> None:
    """Pause an initiative, and do not live to tell."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context():
        die_at(point)
        with transaction():
            decide(code, Asked(Kind.PAUSE, "Strömmen är på väg att gå"), by=CHAIR, now=NOW)
        die()

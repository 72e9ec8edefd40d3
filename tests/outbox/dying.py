"""A clock that is killed in the middle of its work.

It kills itself with the signal that nobody can catch, at one of POINTS, as if the power had gone.
"""

import os
import signal
from itertools import count
from typing import Any

from sqlalchemy import event

from portfolio.app import create_app
from portfolio.base.db import db
from portfolio.events.decisions import InitiativeNoted
from portfolio.outbox.rules import Delivered
from tests.outbox.reacting import dispatch, to

FANNING_OUT = {"when it has made deliveries": "INSERT INTO delivery", "when it has said how far": "UPDATE clock"}
DELIVERING = {
    "when it has claimed": "UPDATE delivery",
    "in the handler": "",
    "before it has confirmed": "UPDATE delivery",
}
POINTS = FANNING_OUT | DELIVERING
"""Where it dies: after a statement that begins like this, the second one of its kind where it confirms."""


def die() -> None:
    """Be gone at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(beginning: str, times: int) -> None:
    """Arrange the end of this process after so many statements of a kind."""
    seen = count(1)

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if beginning and statement.startswith(beginning) and next(seen) == times:
            die()

    event.listen(db.engine, "after_cursor_execute", after)


def work_and_die(url: str, point: str) -> None:
    """Hand over what has happened, and do not live to the end."""

    def listener(_: InitiativeNoted, _delivered: Delivered) -> None:
        if point == "in the handler":
            die()

    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context():
        die_after(POINTS[point], 2 if point == "before it has confirmed" else 1)
        dispatch(to(listener))

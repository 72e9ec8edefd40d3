"""Processes that all do something to one database at the same moment.

They are forked from a process of their own that has loaded the product once, and inherit no connection from the
tests. Like the servers they stand for they are then kept, and have served before they meet the next race.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from time import monotonic, sleep
from types import ModuleType
from typing import Any
from unittest.mock import patch

from sqlalchemy.sql.selectable import GenerativeSelect

from portfolio.app import create_app
from portfolio.base import db as database
from portfolio.base import portfolio as base
from portfolio.base.db import db, transaction
from portfolio.base.errors import Busy, Refusal
from portfolio.capacity.actions import gate
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.outbox import actions as outbox
from portfolio.people.rules import Actor, Role
from tests.processes import CONTEXT, PATIENCE_SECONDS, meet_on_sqlite

NOW = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
CHAIR = Actor("Kommundirektör", Role.CHAIR)
PROCESSES = 6
LONGEST_PAUSE_SECONDS = 0.01
"""Between two calls a process does something else, as a server does between two requests."""

THINKING_SECONDS = 0.05
"""How long a canary waits between looking and acting."""

GATHERING_SECONDS = 1
"""How long the canaries wait for each other: not all of them look at the same thing in every race."""

MOST_TRIES = 5
"""How often a caller tries that was told to come again."""

Result = Counter[str]
"""How many calls ended how: `done`, or the name of the error."""


@dataclass(frozen=True)
class Call:
    """One action: a function that can be pickled, called as `action(*args, **kwargs, by=CHAIR, now=NOW)`."""

    action: Any
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


class Shared:
    """What the processes of a race know of each other."""

    def __init__(self) -> None:
        self.begins = CONTEXT.Barrier(PROCESSES)
        self.ended = CONTEXT.Value("i", 0)
        """How many calls have ended."""
        self.have_looked = {what: CONTEXT.Array("b", PROCESSES) for what in ("gate", "initiative")}
        """Which of them have looked at it in this race; for the canaries."""

    def forget(self) -> None:
        """Before the next race."""
        for looked in self.have_looked.values():
            looked[:] = [0] * PROCESSES


class Crew:
    """PROCESSES processes on one database, with the gate's lock or without it."""

    def __init__(self, environ: Mapping[str, str], locked: bool) -> None:
        self.shared = Shared()
        self.processes = []
        self.pipes = []
        for number in range(PROCESSES):
            ours, theirs = CONTEXT.Pipe()
            process = CONTEXT.Process(
                target=_serve, args=(dict(environ), locked, number, self.shared, theirs), daemon=True
            )
            process.start()
            theirs.close()  # the process holds the other end: if it dies, reading says so instead of waiting
            self.processes.append(process)
            self.pipes.append(ours)

    def run(self, calls: Sequence[Call]) -> Result:
        """Deal the calls to the processes, which begin at the same moment."""
        self.shared.forget()
        for number, pipe in enumerate(self.pipes):
            pipe.send(list(calls[number::PROCESSES]))
        return Counter(name for pipe in self.pipes for name in _answers_of(pipe))

    def dismiss(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self.processes:
            process.kill()
            process.join()


_crews: dict[tuple[frozenset[tuple[str, str]], bool], Crew] = {}


def race(environ: Mapping[str, str], calls: Sequence[Call], *, locked: bool = True) -> Result:
    """Let PROCESSES processes share the calls, all at once."""
    key = frozenset(environ.items()), locked
    if key not in _crews:
        _crews[key] = Crew(environ, locked)
    try:
        return _crews[key].run(calls)
    except BaseException:
        _crews.pop(key).dismiss()
        raise


def _answers_of(pipe: Any) -> list[str]:
    assert pipe.poll(PATIENCE_SECONDS), "a process of the race is stuck"
    outcomes: list[str] = pipe.recv()
    return outcomes


def _serve(environ: dict[str, str], locked: bool, number: int, shared: Shared, pipe: Any) -> None:
    meet_on_sqlite(environ)
    with nullcontext() if locked else without_locks(lambda what: _gather(shared.have_looked[what], number)):
        app = create_app(environ)
        while True:
            calls = pipe.recv()
            with app.app_context():
                shared.begins.wait(timeout=PATIENCE_SECONDS)
                outcomes = [_outcome(call, locked, shared) for call in calls]
                db.session.remove()
                db.engine.dispose()  # the next race has a database of its own at the same address
            pipe.send(outcomes)


def _outcome(call: Call, locked: bool, shared: Shared) -> str:
    """How one call ended. A refusal is an outcome; any other error ends the race, but without the locks anything may
    happen.

    Who has waited too long is told to come again, and does, if it was the machine that stood still: in the queue for
    the lock each of the others has been served once at most. Who has been passed by is not helped.
    """
    sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))
    for _ in range(MOST_TRIES):
        ended = shared.ended.value
        name = _tried(call, locked)
        if name != Busy.__name__ or shared.ended.value - ended > 2 * PROCESSES:
            break
    with shared.ended.get_lock():
        shared.ended.value += 1
    return name


def _tried(call: Call, locked: bool) -> str:
    try:
        with transaction():
            call.action(*call.args, **call.kwargs, by=CHAIR, now=NOW)
    except Refusal as refusal:
        return type(refusal).__name__
    except Exception as error:
        if locked:
            raise
        return type(error).__name__
    return "done"


@contextmanager
def without_locks(gather: Callable[[str], object] = lambda _: None) -> Iterator[None]:
    """The product as it would be without the gate's lock: what the canaries run.

    PostgreSQL loses its queue and FOR UPDATE, SQLite its BEGIN IMMEDIATE (it then reads outside any transaction, as
    the driver does by default). The event's number would be a second lock by accident: it becomes a random one.
    Between a look and the deed it waits until the others have looked too and thinks for a while, so that a canary
    does not fail to sing by chance.
    """
    with ExitStack() as patches:
        patches.enter_context(patch.object(GenerativeSelect, "with_for_update", lambda self, *_, **__: self))
        patches.enter_context(patch.object(base, "queue_up", lambda: None))
        patches.enter_context(patch.object(database, "_begin_sqlite", lambda _connection: None))
        patches.enter_context(patch.object(outbox, "newest_seq", lambda: random.SystemRandom().randrange(2**30)))
        evaluate = _and_think(gate.evaluate, lambda: gather("gate"))
        patches.enter_context(patch.object(gate, "evaluate", evaluate))
        by_code = _and_think(initiative_by_code, lambda: gather("initiative"))
        for file in _users_of(initiative_by_code):
            patches.enter_context(patch.object(file, "initiative_by_code", by_code))
        yield


def _users_of(look: Any) -> list[ModuleType]:
    """Every file of the product that looks with this function, under its own name."""
    loaded = [file for name, file in sys.modules.items() if name.startswith("portfolio.")]
    return [file for file in loaded if vars(file).get(look.__name__) is look]


def _and_think(look: Any, gather: Callable[[], object]) -> Any:
    """The same look, and a while in which others may do what they like."""

    @wraps(look)
    def looking(*args: Any, **kwargs: Any) -> Any:
        found = look(*args, **kwargs)
        gather()
        sleep(THINKING_SECONDS)
        return found

    return looking


def _gather(have_looked: Any, number: int) -> None:
    """Wait until all have looked; but not for those who never come."""
    have_looked[number] = 1
    give_up_at = monotonic() + GATHERING_SECONDS
    while not all(have_looked) and monotonic() < give_up_at:
        sleep(0.001)

"""Processes that all do something to one database at the same moment.

They are forked from a server of their own that has loaded the product once, so that a race begins at once and
inherits no connection from the tests.
"""

import multiprocessing
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from multiprocessing.synchronize import Barrier
from time import perf_counter, sleep
from types import ModuleType
from typing import Any
from unittest.mock import patch

from sqlalchemy.sql.selectable import GenerativeSelect

from portfolio.app import create_app
from portfolio.base import db as database
from portfolio.base import portfolio as base
from portfolio.base.db import transaction
from portfolio.base.errors import Refusal
from portfolio.capacity.actions import gate
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.outbox import actions as outbox
from portfolio.people.rules import Actor, Role

NOW = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
CHAIR = Actor("Kommundirektör", Role.CHAIR)
PROCESSES = 6
PATIENCE_SECONDS = 120
"""How long a process may take before the race counts as stuck."""

LONGEST_PAUSE_SECONDS = 0.01
"""Between two calls a process does something else, as a server does between two requests."""

THINKING_SECONDS = 0.05
"""How long a canary waits between looking and acting."""

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.concurrency.race", "tests.concurrency.municipality"])


@dataclass(frozen=True)
class Call:
    """One action: a function that can be pickled, called as `action(*args, **kwargs, by=CHAIR, now=NOW)`."""

    action: Any
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """How the calls ended: `done`, or the name of the error; and how long the slowest took, in seconds."""

    counts: Counter[str]
    slowest: float


def race(environ: Mapping[str, str], calls: Sequence[Call], *, locked: bool = True) -> Result:
    """Deal the calls to PROCESSES processes that begin at the same moment."""
    barrier = CONTEXT.Barrier(PROCESSES)
    hands = [list(calls[at::PROCESSES]) for at in range(PROCESSES)]
    pipes = [CONTEXT.Pipe(duplex=False) for _ in hands]
    runners = [
        CONTEXT.Process(target=_run, args=(dict(environ), hand, barrier, answer, locked))
        for hand, (_, answer) in zip(hands, pipes, strict=True)
    ]
    for runner in runners:
        runner.start()
    for _, answer in pipes:
        answer.close()  # the process holds the other end: if it dies, reading says so instead of waiting
    try:
        outcomes = [outcome for answers, _ in pipes for outcome in _answers_of(answers)]
    finally:
        for runner in runners:
            runner.kill()
            runner.join()
    return Result(Counter(name for name, _ in outcomes), max(seconds for _, seconds in outcomes))


def _answers_of(answers: Any) -> list[tuple[str, float]]:
    assert answers.poll(PATIENCE_SECONDS), "a process of the race is stuck"
    outcomes: list[tuple[str, float]] = answers.recv()
    return outcomes


def _run(environ: dict[str, str], calls: list[Call], barrier: Barrier, answer: Any, locked: bool) -> None:
    with nullcontext() if locked else without_locks(), create_app(environ).app_context():
        barrier.wait(timeout=PATIENCE_SECONDS)
        answer.send([_outcome(call, locked) for call in calls])


def _outcome(call: Call, locked: bool) -> tuple[str, float]:
    """A refusal is an outcome; any other error ends the race, but without the locks anything may happen."""
    sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))
    began = perf_counter()
    try:
        with transaction():
            call.action(*call.args, **call.kwargs, by=CHAIR, now=NOW)
    except Refusal as refusal:
        name = type(refusal).__name__
    except Exception as error:
        if locked:
            raise
        name = type(error).__name__
    else:
        name = "done"
    return name, perf_counter() - began


@contextmanager
def without_locks() -> Iterator[None]:
    """The product as it would be without the gate's lock: what the canaries run.

    PostgreSQL loses its queue and FOR UPDATE, SQLite its BEGIN IMMEDIATE (it then reads outside any transaction, as
    the driver does by default). The event's number would be a second lock by accident: it becomes a random one.
    Between a look and the deed it thinks for a while, so that a canary does not fail to sing by chance.
    """
    with ExitStack() as patches:
        patches.enter_context(patch.object(GenerativeSelect, "with_for_update", lambda self, *_, **__: self))
        patches.enter_context(patch.object(base, "queue_up", lambda: None))
        patches.enter_context(patch.object(database, "_begin_sqlite", lambda _connection: None))
        patches.enter_context(patch.object(outbox, "newest_seq", lambda: random.SystemRandom().randrange(2**30)))
        patches.enter_context(patch.object(gate, "evaluate", _and_think(gate.evaluate)))
        for file in _users_of(initiative_by_code):
            patches.enter_context(patch.object(file, "initiative_by_code", _and_think(initiative_by_code)))
        yield


def _users_of(look: Any) -> list[ModuleType]:
    """Every file of the product that looks with this function, under its own name."""
    loaded = [file for name, file in sys.modules.items() if name.startswith("portfolio.")]
    return [file for file in loaded if vars(file).get(look.__name__) is look]


def _and_think(look: Any) -> Any:
    """The same look, and a while in which others may do what they like."""

    @wraps(look)
    def looking(*args: Any, **kwargs: Any) -> Any:
        found = look(*args, **kwargs)
        sleep(THINKING_SECONDS)
        return found

    return looking

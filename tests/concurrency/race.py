"""Processes that all do something to one database at the same moment."""

import multiprocessing
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any
from unittest.mock import patch

from sqlalchemy.sql.selectable import GenerativeSelect

from portfolio.app import create_app
from portfolio.base import db as database
from portfolio.base.db import transaction
from portfolio.base.errors import Busy, Refusal
from portfolio.outbox import actions as outbox
from portfolio.people.rules import Actor, Role

NOW = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
CHAIR = Actor("Kommundirektör", Role.CHAIR)
PROCESSES = 8


@dataclass(frozen=True)
class Call:
    """One action: a function that can be pickled, called as `action(*args, by=CHAIR, now=NOW)`."""

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
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    hands = [list(calls[at::PROCESSES]) for at in range(PROCESSES)]
    runners = [context.Process(target=_run, args=(dict(environ), hand, barrier, answers, locked)) for hand in hands]
    for runner in runners:
        runner.start()
    outcomes = [outcome for _ in runners for outcome in answers.get(timeout=300)]
    for runner in runners:
        runner.join()
    return Result(Counter(name for name, _ in outcomes), max(seconds for _, seconds in outcomes))


def _run(environ: dict[str, str], calls: list[Call], barrier: Barrier, answers: Any, locked: bool) -> None:
    outcomes: list[tuple[str, float]] = []
    try:
        with nullcontext() if locked else _without_locks(), create_app(environ).app_context():
            barrier.wait(timeout=60)
            outcomes.extend(_outcome(call, locked) for call in calls)
    finally:
        answers.put(outcomes)


def _outcome(call: Call, locked: bool) -> tuple[str, float]:
    began = perf_counter()
    try:
        with transaction():
            call.action(*call.args, **call.kwargs, by=CHAIR, now=NOW)
    except Refusal as refusal:
        name = "Busy" if isinstance(refusal, Busy) else type(refusal).__name__
    except Exception as error:
        if locked:
            raise
        name = type(error).__name__
    else:
        name = "done"
    return name, perf_counter() - began


def _without_locks() -> Any:
    """The product as it would be without the gate's lock: what the canaries run.

    PostgreSQL loses FOR UPDATE, SQLite its BEGIN IMMEDIATE (it then reads outside any transaction, as the
    driver does by default). The event's number would be a second lock by accident: it becomes a random one.
    """
    return _Patches(
        patch.object(GenerativeSelect, "with_for_update", lambda self, *_, **__: self),
        patch.object(database, "_begin_sqlite", lambda _connection: None),
        patch.object(outbox, "newest_seq", lambda: random.SystemRandom().randrange(2**30)),
    )


class _Patches:
    """Several patches on at once."""

    def __init__(self, *patches: Any) -> None:
        self._patches = patches

    def __enter__(self) -> None:
        for one in self._patches:
            one.start()

    def __exit__(self, *_: object) -> None:
        for one in self._patches:
            one.stop()

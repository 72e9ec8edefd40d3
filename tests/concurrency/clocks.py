"""Clocks that all do the same work at the same moment, each as if nobody else did."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.synchronize import Barrier
from time import sleep
from typing import Any
from unittest.mock import patch

from sqlalchemy import Integer, ScalarSelect, literal, select
from sqlalchemy.sql.elements import ColumnElement

from portfolio.app import create_app
from portfolio.base.db import current_session
from portfolio.base.time import real_now
from portfolio.events.decisions import InitiativeNoted
from portfolio.outbox import actions
from portfolio.outbox.jobs import deliver_next, fan_out_next
from portfolio.outbox.rules import Delivered
from portfolio.people.rules import Actor
from tests.concurrency.race import NOW, THINKING_SECONDS, without_locks
from tests.processes import CONTEXT, PATIENCE_SECONDS, meet_on_sqlite

CLOCKS = 4
MOST_FAILURES = 20


@dataclass(frozen=True)
class Told:
    """What the handlers of all clocks were told: the number of each event, as often as it came."""

    numbers: list[int]
    busy: int
    """How many clocks had something to do."""


def noting(*, by: Actor, now: datetime) -> None:
    """Record one event, in the transaction that is open."""
    event = InitiativeNoted(initiative="FI-001", decision=1, decision_maker="Chef", reason="X", status="ongoing")
    actions.record(event, by=by.name, now=now)


def clocks(environ: Mapping[str, str], *, locked: bool = True) -> Told:
    """Let CLOCKS processes begin at the same moment and work until nothing is left."""
    barrier = CONTEXT.Barrier(CLOCKS)
    pipes = [CONTEXT.Pipe(duplex=False) for _ in range(CLOCKS)]
    processes = [CONTEXT.Process(target=_run, args=(dict(environ), barrier, answer, locked)) for _, answer in pipes]
    for process in processes:
        process.start()
    for _, answer in pipes:
        answer.close()  # the process holds the other end: if it dies, reading says so instead of waiting
    try:
        told = [_answer_of(answers) for answers, _ in pipes]
    finally:
        for process in processes:
            process.kill()
            process.join()
    return Told([seq for one in told for seq in one], sum(bool(one) for one in told))


def _answer_of(answers: Any) -> list[int]:
    assert answers.poll(PATIENCE_SECONDS), "a clock is stuck"
    told: list[int] = answers.recv()
    return told


def _run(environ: dict[str, str], barrier: Barrier, answer: Any, locked: bool) -> None:
    meet_on_sqlite(environ)
    told: list[int] = []

    def remember(_: InitiativeNoted, delivered: Delivered) -> None:
        told.append(delivered.seq)

    subscriptions, handlers = {InitiativeNoted: (remember,)}, {"remember": remember}
    with ExitStack() as stack:
        if not locked:
            stack.enter_context(without_locks())
            stack.enter_context(patch.object(actions, "_next", _looked_up_first))
        stack.enter_context(create_app(environ).app_context())
        barrier.wait(timeout=PATIENCE_SECONDS)
        _work(lambda: fan_out_next(subscriptions, real_now=real_now()), locked)
        _work(lambda: deliver_next(handlers, now=NOW, real_now=real_now()), locked)
        answer.send(told)


def _work(step: Callable[[], bool], locked: bool) -> None:
    """Do a step until nothing is left. Without the locks anything may happen, and the clock goes on for a while."""
    failures = 0
    while failures < MOST_FAILURES:
        try:
            if not step():
                return
        except Exception:
            if locked:
                raise
            failures += 1


def _looked_up_first(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """What the canary does: it looks which delivery is next, thinks for a while, and then takes that one."""
    found = current_session().scalar(select(_NEXT(condition)))
    sleep(THINKING_SECONDS)
    return literal(found, Integer)


_NEXT: Callable[[ColumnElement[bool]], ScalarSelect[int]] = actions._next

"""Many clocks find the same thousand matters at the same moment: each is queued once, whoever dies meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier
from signal import SIGKILL
from time import sleep
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from portfolio.app import create_app
from portfolio.base.db import Base, current_session, insert_new, transaction
from portfolio.base.weeks import parse_week
from portfolio.initiatives.models import Initiative
from portfolio.letters.models import Letter
from portfolio.outbox.models import EventRow
from portfolio.people.models import Person
from portfolio.reminders import actions, jobs
from portfolio.reminders.jobs import materialise
from portfolio.reminders.models import Reminder
from portfolio.reminders.queries.waiting import new_ones
from portfolio.reminders.rules.due import Due
from tests.processes import CONTEXT, PATIENCE_SECONDS, meet_on_sqlite

NOW = datetime.fromisoformat("2026-11-27T08:00:00+01:00")
CLOCKS, OWNERS, MATTERS = 4, 100, 1000
FEW = 40
"""Matters of the canary's."""
BASE = "https://portfolj.kommunen.example"


def store_matters(number_of_them: int) -> None:
    """So many initiatives that run without a report, on the last day for reporting."""
    texts = dict.fromkeys(("summary", "why", "if_we_wait", "owner_text", "search_text", "title_folded"), "")
    flags = {"legal_duty": False, "dragging_noted": False, "version": 1, "status": "ongoing", "help_needed": ""}
    with transaction() as session:
        people = [
            {
                "function": f"Chef {number}",
                "email": f"p{number}@x.se",
                "role": "delegate",
                "active": True,
                "version": 1,
            }
            for number in range(OWNERS)
        ]
        session.execute(insert(Person), people)
        owners = list(session.scalars(select(Person.id)))
        rows = [
            {
                "code": f"FI-{number:04d}",
                "title": f"Förändring {number}",
                "owner_id": owners[number % OWNERS],
                "start_week": parse_week("2026-W40"),
                "created_at": NOW,
                "updated_at": NOW,
                "diarienummer": "",
                **texts,
                **flags,
            }
            for number in range(number_of_them)
        ]
        session.execute(insert(Initiative), rows)


@contextmanager
def clocks_at_work(environ: Mapping[str, str], *, keyed: bool = True) -> Iterator[list[ForkServerProcess]]:
    """Processes that begin at the same moment and look at everything once; all have ended when the block has."""
    barrier = CONTEXT.Barrier(CLOCKS)
    clocks = [CONTEXT.Process(target=run_a_clock, args=(dict(environ), barrier, keyed)) for _ in range(CLOCKS)]
    for clock in clocks:
        clock.start()
    try:
        yield clocks
    finally:
        for clock in clocks:
            clock.join(PATIENCE_SECONDS)
            clock.kill()
            clock.join()


def run_a_clock(environ: Mapping[str, str], barrier: Barrier, keyed: bool) -> None:
    meet_on_sqlite(environ)
    with nullcontext() if keyed else without_the_key(barrier), create_app(environ).app_context():
        barrier.wait(PATIENCE_SECONDS)
        materialise(NOW, real_now=NOW, base_url=BASE)


@contextmanager
def without_the_key(barrier: Barrier) -> Iterator[None]:
    """The product as it would be if the database let the same matter in more than once: what the canary runs.

    Nobody writes before all have looked what is new, so that the canary does not fail to sing by chance.
    """

    def look(dues: Sequence[Due]) -> list[Due]:
        found = new_ones(dues)
        barrier.wait(PATIENCE_SECONDS)
        return found

    def insert_each(into: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        return insert_new(into, [{**row, "period": str(uuid4())} for row in rows])

    with patch.object(jobs, "new_ones", look), patch.object(actions, "insert_new", insert_each):
        yield


def numbers() -> tuple[int, int, int, int]:
    """Matters of reports, all reminders, events of them, letters."""
    current_session().rollback()
    count = select(func.count())
    return (
        current_session().scalar(count.select_from(Reminder).where(Reminder.rule == "report_last_day")) or 0,
        current_session().scalar(count.select_from(Reminder)) or 0,
        current_session().scalar(count.select_from(EventRow).where(EventRow.type == "reminder.queued")) or 0,
        current_session().scalar(count.select_from(Letter)) or 0,
    )


@pytest.mark.parametrize("kills", [0, 2], ids=["all live", "two are killed"])
def test_a_thousand_due_matters_and_four_clocks_give_a_thousand_reminders(
    app: Flask, settings: Mapping[str, str], kills: int
) -> None:
    """Faults SCH-4 and SCH-5."""
    store_matters(MATTERS)
    with clocks_at_work(settings) as clocks:
        while kills and numbers()[1] == 0 and any(clock.is_alive() for clock in clocks):
            sleep(0.01)
        for clock in clocks[:kills]:
            clock.kill()
    assert {clock.exitcode for clock in clocks[:kills]} <= {0, -SIGKILL}
    assert {clock.exitcode for clock in clocks[kills:]} == {0}
    materialise(NOW, real_now=NOW, base_url=BASE)
    matters, reminders, events, letters = numbers()
    assert matters == MATTERS
    assert reminders == events
    assert letters == OWNERS
    assert materialise(NOW, real_now=NOW, base_url=BASE) == 0


def test_without_the_key_each_clock_queues_the_same_matters(app: Flask, settings: Mapping[str, str]) -> None:
    """The canary: it must fail to hold, or the test above proves nothing. The lock alone does not help here."""
    store_matters(FEW)
    with clocks_at_work(settings, keyed=False) as clocks:
        pass
    assert {clock.exitcode for clock in clocks} == {0}
    assert numbers()[0] > FEW

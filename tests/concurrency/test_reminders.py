"""Many clocks find the same thousand matters at the same moment: each is queued once, whoever dies meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from multiprocessing.synchronize import Barrier
from signal import SIGKILL
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from portfolio.app import create_app
from portfolio.base.db import current_session, transaction
from portfolio.base.weeks import parse_week
from portfolio.initiatives.models import Initiative
from portfolio.letters.models import Letter
from portfolio.outbox.models import EventRow
from portfolio.people.models import Person
from portfolio.reminders.jobs import materialise
from portfolio.reminders.models import Reminder
from tests.concurrency.race import CONTEXT, PATIENCE_SECONDS

NOW = datetime.fromisoformat("2026-11-27T08:00:00+01:00")
CLOCKS, OWNERS, MATTERS = 4, 100, 1000
BASE = "https://portfolj.kommunen.example"


def a_thousand_matters() -> None:
    """A thousand initiatives that run without a report, on the last day for reporting."""
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
            for number in range(MATTERS)
        ]
        session.execute(insert(Initiative), rows)


def run_a_clock(environ: Mapping[str, str], barrier: Barrier) -> None:
    """One process that looks at everything once."""
    with create_app(environ).app_context():
        barrier.wait(PATIENCE_SECONDS)
        materialise(NOW, real_now=NOW, base_url=BASE)


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
    a_thousand_matters()
    barrier = CONTEXT.Barrier(CLOCKS)
    clocks = [CONTEXT.Process(target=run_a_clock, args=(dict(settings), barrier)) for _ in range(CLOCKS)]
    for clock in clocks:
        clock.start()
    while kills and numbers()[1] == 0 and any(clock.is_alive() for clock in clocks):
        sleep(0.01)
    for clock in clocks[:kills]:
        clock.kill()
    for clock in clocks:
        clock.join(PATIENCE_SECONDS)
        clock.kill()
    assert {clock.exitcode for clock in clocks[:kills]} <= {0, -SIGKILL}
    assert {clock.exitcode for clock in clocks[kills:]} == {0}
    materialise(NOW, real_now=NOW, base_url=BASE)
    matters, reminders, events, letters = numbers()
    assert matters == MATTERS
    assert reminders == events
    assert letters == OWNERS
    assert materialise(NOW, real_now=NOW, base_url=BASE) == 0

"""What the clock reads at each pass costs the same, however much is finished."""

from datetime import timedelta

import pytest
from flask import Flask

from portfolio.reminders.jobs import materialise
from tests.make import NOW, make_decision, make_demo, make_initiative
from tests.questions import questions

BASE = "https://portfolj.kommunen.example"
MOST = 40
"""Questions of a pass that finds nothing new."""


def asked() -> int:
    with questions() as sent:
        materialise(NOW, real_now=NOW, base_url=BASE)
    return len(sent)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_pass_asks_the_same_questions_however_many_initiatives_there_are(app: Flask) -> None:
    make_demo()
    asked()
    before = asked()
    for number in range(12):
        status = ("closed", "rejected", "cancelled", "proposed")[number % 4]
        make_initiative(f"Förändring {number}", status=status)
    asked()
    assert asked() == before <= MOST


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_resumed_initiative_knows_since_when_and_an_undone_one_does_not(app: Flask) -> None:
    code = make_initiative(status="ongoing", start="2026-W45", weeks=9)
    make_decision(code, "pause")
    later = NOW + timedelta(days=7)
    outcome = make_decision(code, "resume", start_week="2026-W50", now=later)
    assert outcome.initiative.resumed_at == later

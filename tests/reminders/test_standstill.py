"""A standstill does not age a lägesrapport, and no page, letter or agenda thinks otherwise."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.reminders.queries.previews import preview
from portfolio.reports.actions import report
from portfolio.reports.rules import Given, ReportState
from portfolio.web.clock import now
from tests.cast import bearer, person, sign_in
from tests.make import CHAIR, make_initiative, make_lowered_limit, make_standstill, make_unit
from tests.pages.screen import look

TITLE = "E-arkiv"
BASE = "https://portfolj.kommunen.example"


def on(day: str) -> pytest.MarkDecorator:
    """The product's clock stands at eight in the morning of a day."""
    return pytest.mark.environment(PORTFOLIO_NOW=f"{day}T08:00:00+01:00")


@pytest.fixture
def code(app: Flask) -> str:
    """An ongoing initiative that the Kanslichef has reported on, on Thursday 10 December 2026."""
    make_unit("KLF", limit=4)
    person("Kanslichef")
    found = make_initiative(TITLE, status="ongoing", start="2026-W46", weeks=20, impacts={"KLF": 2})
    with transaction():
        told_at = datetime.fromisoformat("2026-12-10T08:00:00+01:00")
        report(found, Given(ReportState.ON_TRACK), by=CHAIR, now=told_at)
    return found


def where_it_is_missed(client: FlaskClient, code: str) -> dict[str, bool]:
    """Of each place that tells how an initiative goes: whether it says that nobody knows."""
    chair = sign_in(client, "Kommundirektör")
    letter = preview("weekly_letter", person("Kanslichef").id, now(), BASE)
    sent = client.get(f"/api/v1/initiatives/{code}", headers=bearer()).get_json()
    return {
        "page": "Lägesrapport Uppgift saknas" in look(chair, f"/initiativ/{code}").text,
        "earlier reports": "för gammal" in look(chair, f"/initiativ/{code}/lagesrapport").text,
        "list": "r-on_track" not in look(chair, "/initiativ").html,
        "filter": TITLE in look(chair, "/initiativ?state=unknown").text,
        "agenda": f"Uppgift saknas om {code}" in look(chair, "/dagordning/2027-01-12").text,
        "JSON API": sent["reported_state"] is None,
        "veckobrev": letter is not None and f"Lägesrapport saknas: {code}" in letter.written.text,
    }


@on("2027-01-07")
def test_a_report_from_before_christmas_holds_for_the_days_that_it_had_left(client: FlaskClient, code: str) -> None:
    make_standstill("2026-W52", "2026-W53", reason="Jul")
    assert set(where_it_is_missed(client, code).values()) == {False}


@on("2027-01-08")
def test_a_report_from_before_christmas_is_missed_everywhere_on_the_same_day(client: FlaskClient, code: str) -> None:
    make_standstill("2026-W52", "2026-W53", reason="Jul")
    assert set(where_it_is_missed(client, code).values()) == {True}


@on("2027-01-07")
def test_a_lowered_limit_of_one_unit_is_no_standstill(client: FlaskClient, code: str) -> None:
    make_lowered_limit("KLF", "2026-W52", "2026-W53", limit=0)
    assert set(where_it_is_missed(client, code).values()) == {True}

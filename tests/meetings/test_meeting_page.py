"""The page of a meeting: what those who lead it see, what everybody else sees, and what is refused."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session, transaction
from portfolio.base.weeks import parse_week
from portfolio.initiatives.queries.gate import answer
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.meetings.actions import arranging
from tests.cast import form_token, sign_in
from tests.make import make_decision, make_demo
from tests.meetings import held
from tests.pages.screen import Screen, look, send
from tests.questions import questions

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-24T08:40:00+01:00")
ADDRESS = "/mote/2026-11-24"


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The demo municipality before its meeting."""
    make_demo()
    return app


def visitor(app: Flask, function: str) -> FlaskClient:
    return sign_in(app.test_client(), function)


def post(client: FlaskClient, what: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{what}", {"csrf_token": form_token(client), **fields})


WITHHELD = "Vi behöver först veta vad den kostar."


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-25T09:00:00+01:00")
def test_after_the_meeting_a_withheld_item_is_told_only_to_those_who_lead_it(demo: Flask) -> None:
    held.hold()
    reader, leader = visitor(demo, "Registrator"), visitor(demo, "Portföljkoordinator")
    assert WITHHELD in look(leader, ADDRESS).text
    page = look(reader, ADDRESS)
    assert WITHHELD not in page.text
    assert "1 punkt lämnas ut efter särskild prövning." in page.text
    assert "Länets e-tjänst ger samma nytta." in page.text
    make_decision("FI-013", "reject", reason="Kostnaden blev för hög.")
    assert WITHHELD in look(reader, ADDRESS).text


def test_in_the_room_everybody_follows_a_withheld_item_too(demo: Flask) -> None:
    make_decision("FI-013", "prepare")
    held.begin()
    ground = held.Ground(withheld=True)
    held.decide("FI-013", "defer", until=held.DAY.replace(month=12), reason=WITHHELD, ground=ground)
    assert WITHHELD in look(visitor(demo, "Socialchef"), ADDRESS).text


def test_the_last_day_of_a_start_is_the_day_by_which_it_has_started_on_every_page(demo: Flask) -> None:
    held.begin()
    held.decide("FI-012", "start", week="2027-W10", due=date(2027, 3, 8))
    held.decide("FI-011", "defer", until=date(2026, 12, 15), due=date(2026, 12, 11))
    client = visitor(demo, "Portföljkoordinator")
    post(client, "visa", item="proposal/FI-012")
    assert "Ska ha startat senast 8 mars 2027." in look(client, ADDRESS).text
    held.end()
    page = look(client, ADDRESS)
    assert "startar vecka 10. Ansvarig: Kanslichef. Ska ha startat senast 8 mars 2027." in page.text
    assert "Startar vecka 10: Gruppen är enig." in page.text
    make_decision("FI-012", "start", start_week="2027-W20", now=held.AFTERWARDS)
    assert "startar vecka 10. Ansvarig: Kanslichef." in look(client, ADDRESS).text, "as it was decided"
    assert "bordläggs till 15 december 2026. Ansvarig: Kanslichef. Klart senast 11 december 2026." in page.text
    held.complete()
    assert "Ska ha startat senast 8 mars 2027" in look(client, "/anteckningar").text
    assert "Ska ha startat senast 8 mars 2027" in look(client, "/anteckningar/2026-11-24").text


def test_whoever_rejects_what_the_chair_has_just_started_is_told_that_the_initiative_has_changed(demo: Flask) -> None:
    held.begin()
    client = visitor(demo, "Portföljkoordinator")
    with transaction():
        key = arranging.add_item(held.DAY, "FI-012", "Går den i år?", by=held.COORDINATOR, now=held.BEGINS)
    post(client, "visa", item=key)
    boxes = look(client, f"{ADDRESS}?kind=reject").boxes["decision"] | {"reason": "Den kostar för mycket."}
    make_decision("FI-012", "start", start_week="2027-W10", now=held.BEGINS)
    page = send(client, f"{ADDRESS}/beslut", boxes | {"version": ""})
    assert "Initiativet har ändrats, och det går inte att besluta så." in page.text
    assert "Punkten är redan beslutad." not in page.text


def test_what_a_proposal_lacks_is_told_thing_by_thing(demo: Flask) -> None:
    held.begin()
    client = visitor(demo, "Portföljkoordinator")
    lacks = (
        "en beskrivning av vad som blir bättre riskbedömning inför ändring samverkan enligt 11 § MBL kvittens från"
    )
    assert f"Det här saknas: {lacks}" in look(client, "/dagordning/2026-11-24").text
    assert f"Det här saknas: {lacks}" in look(client, "/dagordning/2026-11-24/infor").text
    post(client, "visa", item="proposal/FI-011")
    assert f"Innan det kan starta behövs: {lacks}" in look(client, ADDRESS).text
    assert f"Det här saknas: {lacks}" in look(visitor(demo, "Socialchef"), ADDRESS).text


# S0-05
def test_what_happens_if_one_waits_stands_beside_the_verdict_for_whoever_leads_and_for_the_whole_room(
    demo: Flask,
) -> None:
    held.begin()
    leader, member = visitor(demo, "Portföljkoordinator"), visitor(demo, "Socialchef")
    post(leader, "visa", item="proposal/FI-011")
    for client in (leader, member):
        assert "Om vi väntar: Avtalet om dagens system löper ut sommaren 2027." in look(client, ADDRESS).text
    held.decide("FI-011", "start", week="2027-W07")
    post(leader, "visa", item="proposal/FI-011")
    for client in (leader, member):
        assert "Om vi väntar" not in look(client, ADDRESS).text


def test_a_meeting_without_items_says_so_of_that_meeting_and_not_of_this_week(app: Flask) -> None:
    client = visitor(app, "Portföljkoordinator")
    for page in (ADDRESS, "/dagordning/2026-11-24", "/dagordning/2026-11-24/infor"):
        assert "Inget att besluta på det här mötet." in look(client, page).text


@pytest.mark.parametrize(
    ("code", "week", "asked"),
    [
        ("FI-012", None, {}),
        ("FI-012", "2027-W30", {}),
        ("FI-014", None, {"must_finish_by": date(2027, 1, 10)}),
        ("FI-014", None, {"without": ["FI-005"]}),
    ],
)
def test_what_the_agenda_has_tried_answers_for_exactly_that_and_for_nothing_else(
    demo: Flask, code: str, week: str | None, asked: dict[str, Any]
) -> None:
    held.begin()
    held.decide("FI-011", "start", week="2027-W07")
    known, one = held.the_agenda().known, initiative_by_code(code)
    assert known is not None
    plan = plan_of(one, held.BEGINS, start=None if week is None else parse_week(week))
    assert (known.request(plan) is None) == (week is not None)
    told, anew = answer(plan, held.BEGINS, known=known, **asked), answer(plan, held.BEGINS, **asked)
    assert (told.verdict, told.earliest, told.ways) == (anew.verdict, anew.earliest, anew.ways)
    plain = answer(plan, held.BEGINS, known=known)
    assert ((told.verdict, told.earliest, told.ways) == (plain.verdict, plain.earliest, plain.ways)) == (not asked)


def test_a_meeting_that_is_followed_on_many_screens_asks_few_questions(demo: Flask) -> None:
    held.begin()
    client = visitor(demo, "Portföljkoordinator")
    look(client, ADDRESS)
    current_session().rollback()
    with questions() as asked:
        look(client, ADDRESS)
    assert len(asked) <= 40

"""Mottagande chefer: their three questions, how ready they are, one click a month, and what whoever decides sees."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.people.rules import Role
from portfolio.receivers import queries
from portfolio.units.queries import unit_by_code
from tests.cast import form_token, look_again, sign_in
from tests.make import NOW, make_decision, make_person
from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-24T08:30:00+01:00")

CONDITIONS = "/initiativ/FI-013/forutsattningar/SOC"
READY = "/initiativ/FI-004/redo/SOC"
FEEL = "/upplevd-belastning"
LACKING = (
    "Den mottagande chefen för Barn- och utbildningsförvaltningen saknar utrymme att analysera och reflektera och"
)
WIDE = "Chefer med fler än 25 direkt underställda"


@pytest.fixture
def chef(demo: Flask) -> FlaskClient:
    """The Socialchef."""
    return sign_in(demo.test_client(), "Socialchef")


def test_three_questions_stand_beside_the_kvittens_and_are_answered_once(chef: FlaskClient) -> None:  # S4-36
    asked = look(chef, "/kvittera")
    link = "Svara på tre frågor om dina förutsättningar för FI-013 i Socialförvaltningen"
    assert asked.links[link] == CONDITIONS
    empty = send(chef, CONDITIONS, look(chef, CONDITIONS).boxes[CONDITIONS] | {"mandate": "yes", "span": "no"})
    assert empty.code == 422
    assert empty.boxes[CONDITIONS] | {"mandate": "yes", "span": "no"} == empty.boxes[CONDITIONS]
    assert 'id="room-error"' in empty.html
    done = send(chef, CONDITIONS, empty.boxes[CONDITIONS] | {"room": "no"})
    assert "Förutsättningar. Uppdrag: ja. Utrymme: nej. Antal underställda: nej." in done.text
    assert link not in look(chef, "/kvittera").links
    assert look(chef, CONDITIONS).boxes[CONDITIONS]["room"] == "no"


def test_the_initiative_names_the_receiving_chef_of_each_unit(chef: FlaskClient, reader: FlaskClient) -> None:
    page = look(chef, "/initiativ/FI-013")  # S4-35
    assert "Mottagande chefer Kommunledningsförvaltningen : Ingen utsedd" in page.text
    assert "Barn- och utbildningsförvaltningen : Skolchef" in page.text
    assert "Socialförvaltningen : Socialchef" in page.text
    assert "Mottagande chefer" not in look(reader, "/initiativ/FI-004").text


def test_whoever_decides_is_warned_and_may_decide_all_the_same(chair: FlaskClient) -> None:  # S4-36, S4-37
    page = look(chair, "/initiativ/FI-011/beslut?kind=start")
    assert LACKING in page.text
    assert f"{WIDE}: Barn- och utbildningsförvaltningen (34)." in page.text
    fields = page.boxes["decision"] | {"start_week": "v. 7 2027", "reason": "Skolan behöver det"}
    assert "Beslutat: FI-011 startar vecka 7" in send(chair, "/initiativ/FI-011/beslut", fields).text
    assert LACKING not in look(chair, "/initiativ/FI-012/beslut?kind=start").text


def test_the_warning_is_shown_to_everybody_at_the_meeting(coordinator: FlaskClient, chef: FlaskClient) -> None:
    meeting = "/mote/2026-11-24"
    fields = {"csrf_token": form_token(coordinator)}
    send(coordinator, f"{meeting}/borja", fields)
    send(coordinator, f"{meeting}/visa", fields | {"item": "proposal/FI-011"})
    for client in (coordinator, chef):
        assert LACKING in look(client, meeting).text
        assert WIDE in look(client, meeting).text


def test_more_direct_reports_than_the_setting_are_told_on_the_units_page(
    chair: FlaskClient, chef: FlaskClient
) -> None:  # S4-37
    assert WIDE not in look(chef, "/enheter/SOC").text
    form = look(chef, "/enheter/SOC").boxes["/enheter/SOC"]
    assert form["direct_reports"] == "25"
    page = send(chef, "/enheter/SOC", form | {"direct_reports": "26"})
    assert f"{WIDE}. Någon har 26." in page.text
    settings = look(chair, "/installningar").boxes["/installningar"]
    send(chair, "/installningar", settings | {"most_direct_reports": "30"})
    current_session().rollback()
    assert the_portfolio().most_direct_reports == 30
    assert "direkt underställda. Någon har" not in look(chef, "/enheter/SOC").text
    assert "Chefer med fler än 30 direkt underställda" in look(chef, "/enheter/BUF").text


def test_how_ready_a_unit_is_leads_to_an_advice_on_the_initiative_and_the_decision(
    chef: FlaskClient, chair: FlaskClient
) -> None:  # S2-09
    assert look(chef, "/kvittera").links["Hur redo är ni? FI-004 Rimliga chefsområden, högst 25 medarbetare"] == READY
    form = look(chef, READY).boxes[READY]
    lacking = send(chef, READY, form | {"why": "4", "will": "4", "how": "4", "can": "5"})
    assert lacking.code == 422
    assert lacking.boxes[READY]["will"] == "4"
    scores = {"why": "4", "will": "2", "how": "4", "can": "3", "settled": "2"}
    told = "Svagast i november 2026: Vi vill, 2 av 4."
    advice = "Ta reda på vad som tar emot, och låt dem som berörs påverka hur det görs."
    assert f"{told} {advice}" in send(chef, READY, form | scores).text
    assert "Hur redo är ni?" not in look(chef, "/kvittera").text
    decision = look(chair, "/initiativ/FI-004/beslut?kind=pause").text
    assert f"Hur redo är Socialförvaltningen? {told} {advice}" in decision


def test_nobody_is_asked_how_ready_they_are_of_what_is_not_carried_out(chef: FlaskClient) -> None:
    assert chef.get("/initiativ/FI-002/redo/SOC").status_code == 404  # still in Förbereda
    assert chef.get("/initiativ/FI-010/redo/SOC").status_code == 404
    assert chef.get("/initiativ/FI-004/redo/BUF").status_code == 403
    assert chef.get("/initiativ/FI-004/forutsattningar/BUF").status_code == 403
    assert chef.get("/initiativ/FI-004/forutsattningar/KFF").status_code == 403
    make_decision("FI-004", "cancel")
    assert chef.get("/initiativ/FI-004/forutsattningar/SOC").status_code == 404


def test_one_click_tells_how_heavy_it_is_and_reading_the_page_tells_nothing(chef: FlaskClient) -> None:
    months = len(queries.felt_by_unit(NOW)[unit_by_code("SOC").id])
    page = look(chef, FEEL)
    assert [label for label, name, _ in page.buttons if name == "felt"] == [
        "1 Mycket lätt",
        "2 Lätt",
        "3 Lagom",
        "4 Tung",
        "5 För tung",
    ]
    look(chef, f"{FEEL}?felt=5")
    look_again()
    assert len(queries.felt_by_unit(NOW)[unit_by_code("SOC").id]) == months
    fields = page.boxes[f"{FEEL}/SOC"]
    for felt, said in (("5", "5 För tung"), ("4", "4 Tung")):
        assert f"Du har svarat {said}." in send(chef, f"{FEEL}/SOC", fields | {"felt": felt}).text
    look_again()
    assert len(queries.felt_by_unit(NOW)[unit_by_code("SOC").id]) == months + 1
    assert send(chef, f"{FEEL}/SOC", fields | {"felt": "6"}).code == 422
    assert send(chef, f"{FEEL}/BUF", fields | {"felt": "3"}).code == 403
    assert "Hur är belastningen?" not in look(chef, "/kvittera").text


def test_the_page_of_limits_shows_what_is_felt_and_proposes_and_never_sets(
    chair: FlaskClient, reader: FlaskClient
) -> None:
    page = look(chair, "/enheter")
    reason = "Redan vid belastningen 6 känns den tung (4 av 5). Vid 5 känns den lagom (3 av 5)."
    assert f"Socialförvaltningen oktober 2026 4 Tung 6 av 7 5 {reason}" in page.text
    one = look(chair, page.links["Socialförvaltningen"])
    assert f"Svaren talar för taket 5 i stället för 7. {reason}" in one.text
    assert "Oktober 2026 4 Tung 6 av 7 1" in one.text
    assert "Socialchef" not in one.text.replace("Du är", "")
    assert "3 av minst 8 svar." in look(chair, "/enheter/BUF/upplevd-belastning").text
    assert "Inga svar att visa ännu." in look(chair, "/enheter/RTJ/upplevd-belastning").text
    assert "talar för taket 5" in look(chair, "/enheter/SOC").text
    assert unit_by_code("SOC").limit == 7
    assert "Upplevd belastning" not in look(reader, "/enheter").text
    assert reader.get("/enheter/SOC/upplevd-belastning").status_code == 403


def test_the_limit_is_what_fits_beside_the_daily_work(chef: FlaskClient) -> None:  # S4-51
    assert "Taket är det som ryms utöver den dagliga verksamheten." in look(chef, "/enheter/SOC").text
    assert "Taket är det som ryms utöver den dagliga verksamheten." in look(chef, "/enheter/BUF").text


def test_somebody_without_a_unit_is_told_that_there_is_nothing_to_answer(demo: Flask) -> None:
    make_person("Enhetschef", role=Role.RECEIVER)
    page = look(sign_in(demo.test_client(), "Enhetschef"), FEEL)
    assert "Du är inte chef för någon enhet." in page.text
    assert not [name for _, name, _ in page.buttons if name == "felt"]

"""Kvittera: the receiving chef confirms, corrects or objects, and a correction passes the gate."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session, transaction
from portfolio.base.weeks import parse_week
from portfolio.initiatives.actions import editing
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import initiative_by_code
from tests.cast import form_token, sign_in
from tests.make import CHAIR, NOW
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

ADDRESS = "/kvittera"


@pytest.fixture
def chief(demo: Flask) -> FlaskClient:
    """The Miljö- och byggnadschef, who answers for MBF."""
    return sign_in(demo.test_client(), "Miljö- och byggnadschef")


def answer(client: FlaskClient, code: str, unit: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{code}/{unit}", {"csrf_token": form_token(client), **fields})


def answers_on(code: str) -> list[tuple[str, str]]:
    current_session().rollback()
    rows = acknowledgements_of(initiative_by_code(code).id)
    return [(row.answer, row.text) for row in rows]


def test_a_chief_is_asked_about_the_own_unit_the_most_urgent_first(chief: FlaskClient) -> None:
    page = look(chief, ADDRESS)
    assert "4 att kvittera" in page.text
    assert page.text.index("FI-014 Bygglov på en dag") < page.text.index("FI-001 E-arkiv")
    assert "Förbereda 4 veckor: liten påverkan . Genomföra 12 veckor: liten påverkan" in page.text
    assert "FI-002" not in page.text


def test_what_is_right_is_confirmed_and_leaves_the_list(chief: FlaskClient) -> None:
    page = answer(chief, "FI-014", "MBF", answer="confirmed")
    assert "Du har kvitterat påverkan av FI-014 på Miljö- och byggnadsförvaltningen." in page.text
    assert "3 att kvittera" in page.text
    assert answers_on("FI-014") == [("confirmed", "")]


def test_a_changed_plan_is_asked_about_again(chief: FlaskClient) -> None:
    answer(chief, "FI-014", "MBF", answer="confirmed")
    with transaction():
        editing.edit("FI-014", {"start_week": parse_week("2027-W11")}, version=None, by=CHAIR, now=NOW)
    assert "4 att kvittera" in look(chief, ADDRESS).text


def test_an_answer_to_an_old_plan_is_kept_beside_the_new_one(chief: FlaskClient) -> None:
    seen = look(chief, ADDRESS).boxes[f"{ADDRESS}/FI-014/MBF"]["version"]
    with transaction():
        editing.edit("FI-014", {"start_week": parse_week("2027-W11")}, version=None, by=CHAIR, now=NOW)
    late = answer(chief, "FI-014", "MBF", answer="objection", text="Vi byter system.", version=seen)
    assert late.code == 412
    assert "FI-014 har ändrats sedan du öppnade sidan." in late.text
    assert late.boxes[f"{ADDRESS}/FI-014/MBF"]["text"] == "Vi byter system."
    assert answers_on("FI-014") == []
    again = late.boxes[f"{ADDRESS}/FI-014/MBF"]
    page = answer(chief, "FI-014", "MBF", answer="objection", text=again["text"], version=again["version"])
    assert "Din invändning mot FI-014" in page.text


def test_an_objection_says_why_and_is_kept(chief: FlaskClient) -> None:
    empty = answer(chief, "FI-014", "MBF", answer="objection", text=" ")
    assert empty.code == 422
    assert "Skriv vad som inte stämmer." in empty.text
    page = answer(chief, "FI-014", "MBF", answer="objection", text="Vi byter system samma vecka.")
    assert "Din invändning mot FI-014" in page.text
    assert "Invändning, Miljö- och byggnadschef 23 november 2026. Vi byter system samma vecka." in page.text


def test_a_proposal_is_corrected_without_a_question(chief: FlaskClient) -> None:
    page = answer(chief, "FI-014", "MBF", answer="corrected", **{"phase-0": "0", "phase-1": "2"})
    assert "Påverkan av FI-014 på Miljö- och byggnadsförvaltningen är ändrad." in page.text
    current_session().rollback()
    phases = phases_of(initiative_by_code("FI-014"))
    assert [phase.impacts.get("MBF") for phase in phases] == [None, 2]


def test_more_load_on_a_full_unit_meets_the_gate_and_is_explained_in_place(chief: FlaskClient) -> None:
    page = answer(chief, "FI-001", "MBF", answer="corrected", **{"phase-0": "3"})
    assert page.code == 409
    assert "Det går inte. Taket överskrids i en enhet." in page.text
    assert "6 av 4" in page.text
    assert page.boxes[f"{ADDRESS}/FI-001/MBF"]["phase-0"] == "3"
    assert answers_on("FI-001") == []


def test_less_load_is_always_welcome(chief: FlaskClient) -> None:
    page = answer(chief, "FI-005", "MBF", answer="corrected", **{"phase-0": "1"})
    assert page.code == 200
    assert "är ändrad" in page.text


def test_a_chief_answers_for_no_other_unit(chief: FlaskClient) -> None:
    assert answer(chief, "FI-001", "SOC", answer="confirmed").code == 403
    assert answer(chief, "FI-001", "MBF", answer="kanske").code == 404
    assert answer(chief, "FI-001", "MBF", answer="corrected", **{"phase-0": "9"}).code == 422
    assert answers_on("FI-001") == []


def test_the_chair_may_look_at_every_unit(chair: FlaskClient) -> None:
    assert "Miljö- och byggnadsförvaltningen" not in look(chair, ADDRESS).text
    assert "Miljö- och byggnadsförvaltningen" in look(chair, f"{ADDRESS}?alla=1").text

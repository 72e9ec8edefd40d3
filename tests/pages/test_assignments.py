"""Sorting a proposal, deciding on what is simple, and asking back about an assignment that says too little."""

import io
import re

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient

from portfolio.assignments.rules.clarity import ASKED, QUESTIONS
from portfolio.initiatives.rules.triage import TRIAGE_QUESTIONS
from tests.actions import stored
from tests.cast import sign_in
from tests.make import make_decision
from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

BEGIN = "/initiativ/nytt/borja"
ANSWERS = {"everyday": "no", "one_department": "yes", "known_way": "yes", "needed": "no"}


@pytest.fixture
def chief(demo: Flask) -> FlaskClient:
    """The Socialchef."""
    return sign_in(demo.test_client(), "Socialchef")


@pytest.fixture
def owner(demo: Flask) -> FlaskClient:
    """The Kanslichef, who owns the unclear order."""
    return sign_in(demo.test_client(), "Kanslichef")


def test_four_answers_go_with_the_proposal_and_are_shown_on_its_page(chief: FlaskClient) -> None:  # S1-14, S4-20
    page = look(chief, BEGIN, query_string=ANSWERS | {"svar": "1"}, follow_redirects=True)
    told = "Enkelt, eftersom det stannar inom en förvaltning och vi vet hur det ska göras."
    assert told in page.text
    sent = send(chief, "/initiativ/nytt", page.boxes["proposal"] | {"title": "Ny växel"})
    assert "Du får besked senast 7 december." in sent.text  # S4-22
    assert told in sent.text
    assert "Önskemål" in sent.text
    assert stored.initiative("FI-015").triage_class == "simple"


def test_an_everyday_improvement_is_sent_out_at_the_first_question(chief: FlaskClient) -> None:  # S0-12
    page = look(chief, f"{BEGIN}?svar=1&everyday=yes")
    assert "Gör det direkt. Det behöver inte in i portföljen." in page.text


def test_a_question_without_an_answer_is_told_at_its_place(chief: FlaskClient) -> None:
    page = look(chief, f"{BEGIN}?svar=1&everyday=no&known_way=yes")
    assert page.code == 422
    assert page.text.count("Svara ja eller nej.") == 2  # in the list above the form, and at the question
    assert 'name="known_way" value="yes" id="f-known_way" checked' in page.html


# S2-11
def test_a_proposal_asks_for_at_most_eight_things(chief: FlaskClient) -> None:
    form = look(chief, "/initiativ/nytt").html
    needed = form.count('aria-required="true"') + len(re.findall(r"behövs före start", form))
    assert 1 <= needed <= 8
    assert len(TRIAGE_QUESTIONS) == 4


def test_the_coordinator_sorts_otherwise_with_a_reason_and_the_owner_does_not_get_to(
    coordinator: FlaskClient, owner: FlaskClient
) -> None:  # S1-14
    form = look(coordinator, "/initiativ/FI-013/sortering").boxes["/initiativ/FI-013/sortering"]
    refused = send(coordinator, "/initiativ/FI-013/sortering", form | {"chosen": "complex"})
    assert refused.code == 422
    assert "Skriv varför det är en annan sort än svaren säger." in refused.text
    done = send(
        coordinator, "/initiativ/FI-013/sortering", form | {"chosen": "complex", "reason": "Ingen har gjort det"}
    )
    assert "FI-013 är sorterat som komplext." in done.text
    assert "Skäl till en annan sort: Ingen har gjort det" in done.text
    stale = send(coordinator, "/initiativ/FI-013/sortering", form | {"known_way": "no"})
    assert (stale.code, "ändrades nyss av någon annan" in stale.text) == (412, True)
    assert "chosen" not in look(owner, "/initiativ/FI-013/sortering").boxes["/initiativ/FI-013/sortering"]
    assert owner.get("/initiativ/FI-011/sortering").status_code == 403


def test_a_chief_finds_and_starts_what_is_simple_without_the_meeting(
    chief: FlaskClient, owner: FlaskClient, coordinator: FlaskClient
) -> None:  # S1-12
    assert "SOC-04 Digital incheckning på träffpunkterna" in look(chief, "/kvittera").text
    assert "Enkla förslag" not in look(owner, "/kvittera").text
    assert "SOC-04" not in look(coordinator, "/dagordning/2026-11-24").text
    page = look(chief, "/initiativ/SOC-04/beslut?kind=start")
    done = send(chief, "/initiativ/SOC-04/beslut", page.boxes["decision"] | {"reason": "Det sparar tid."})
    assert "Beslutat: SOC-04 startar vecka 12" in done.text
    assert stored.status("SOC-04") == "decided"
    assert "Starta" not in look(chief, "/initiativ/FI-012").links
    refused = chief.post("/initiativ/FI-012/beslut", data={"kind": "start", "reason": "Nu", "start_week": "v. 10"})
    assert refused.status_code in (400, 403)
    assert stored.status("FI-012") == "in_preparation"


def test_an_unclear_order_is_found_asked_back_about_and_made_clear(owner: FlaskClient) -> None:  # S1-22
    assert re.findall(r"KF-118|FI-0\d\d", look(owner, "/initiativ?triage=unclear").text) == ["KF-118"]
    page = look(owner, "/initiativ/KF-118")
    assert "Otydligt uppdrag 2 av 5 frågor är besvarade." in page.text
    assert "minst ett steg med antal veckor och ett tydligt uppdrag, eller ett skrivet skäl." in page.text
    letter = look(owner, page.links["Fråga tillbaka till uppdragsgivaren"])
    assert [name for name, question in ASKED.items() if question in letter.text] == ["by_when", "mandate", "stops"]
    file = owner.get("/initiativ/KF-118/uppdrag/fraga.docx")
    assert file.headers["Content-Disposition"] == 'attachment; filename="KF-118-fraga-tillbaka.docx"'
    paragraphs = [one.text for one in Document(io.BytesIO(file.data)).paragraphs]
    assert {ASKED["by_when"], ASKED["mandate"], ASKED["stops"], QUESTIONS["what"]} <= set(paragraphs)
    assert ASKED["what"] not in paragraphs

    address = "/initiativ/KF-118/uppdrag"
    form = look(owner, address).boxes[address]
    answered = send(owner, address, form | {"by_when": "Till 2030", "mandate": "Två miljoner kronor"})
    assert "Tydligt uppdrag 4 av 5 frågor är besvarade." in answered.text
    assert "Otydligt uppdrag" not in answered.text
    assert send(owner, address, form | {"stops": "Inget"}).code == 412
    form = look(owner, address).boxes[address]
    assert "Fråga tillbaka" not in send(owner, address, form | {"stops": "Inget"}).text
    assert owner.get("/initiativ/KF-118/uppdrag/fraga").status_code == 404


def test_the_letter_is_asked_only_of_a_political_body_and_never_told_to_a_reader(
    owner: FlaskClient, reader: FlaskClient
) -> None:
    assert owner.get("/initiativ/FI-012/uppdrag/fraga.docx").status_code == 404
    for address in ("/initiativ/KF-118", "/initiativ/KF-118/uppdrag/fraga", "/initiativ/FI-012/underlag"):
        assert reader.get(address).status_code in (403, 404)
    assert "Sortering" not in look(reader, "/initiativ/FI-002").text


# S0-16, S4-18
def test_the_groundwork_is_written_and_a_review_that_has_passed_is_told(coordinator: FlaskClient) -> None:  # S0-08
    address = "/initiativ/FI-002/underlag"
    form = look(coordinator, address).boxes[address]
    refused = send(coordinator, address, form | {"review_on": "2027-03-01", "participation": "Alla är med"})
    assert refused.code == 422
    assert "Välj en dag från i dag till 18 januari, högst åtta veckor fram." in refused.text
    assert refused.boxes[address]["participation"] == "Alla är med"
    page = send(coordinator, address, form | {"review_on": "2026-12-01", "change_type": "mandate"})
    assert "1 december 2026" in page.text
    assert "Mer mandat nära invånaren" in page.text  # S1-12
    assert "Avstämningen skulle" not in page.text
    cleared = send(coordinator, address, look(coordinator, address).boxes[address] | {"review_on": ""})
    assert "Ingen avstämning är bestämd." in cleared.text
    assert "Avstämning" in look(coordinator, "/dagordning/2026-11-24").text


def test_the_agenda_says_which_proposal_rests_on_an_unclear_assignment(coordinator: FlaskClient) -> None:  # S1-22
    address = "/initiativ/FI-011/uppdrag"
    form = look(coordinator, address).boxes[address]
    send(coordinator, address, form | {"assignment_source": "namnd"})
    agenda = look(coordinator, "/dagordning/2026-11-24").text
    assert "Förslag Otydligt uppdrag FI-011" in agenda
    assert "ett tydligt uppdrag" in agenda
    assert "Komplext FI-012" in agenda
    make_decision("FI-011", "start", start_week="2027-W07", despite="Nämnden svarar i vår.")
    assert "Nämnden svarar i vår." in look(coordinator, "/initiativ/FI-011").text

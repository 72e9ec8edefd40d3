"""Lärdomar and koncept: read them, write one, use one, spread a pilot, and see what is like a proposal."""

import io
import re

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.concepts import queries
from portfolio.concepts.models import OriginRow
from portfolio.people import queries as people
from tests.actions import stored
from tests.cast import sign_in
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

MEETING_PLACE = "Digital mötesplats elev–arbetsgivare"
DIPLOMA = "Diplomering av arbetsplats"
FORM = "/initiativ/KLF-12/koncept"


@pytest.fixture
def owner(demo: Flask) -> FlaskClient:
    """The Personalchef, who owned the first diploma."""
    return sign_in(demo.test_client(), "Personalchef")


def address_of(title: str) -> str:
    return f"/koncept/{next(row.id for row in queries.concepts() if row.title == title)}"


def boxes_asked(screen: Screen) -> list[str]:
    """The boxes in which something is written, hidden ones and the plan's apart."""
    fields = re.findall(r'<(?:input|textarea|select) id="f-([a-z_]+)" name="\1"(?! type="hidden")', screen.html)
    return [one for one in fields if one != "q"]


# S0-13, S2-13, S2-19, S3-11
def test_the_library_has_the_concepts_of_the_demo_and_says_how_often_each_is_used(reader: FlaskClient) -> None:
    page = look(reader, "/lardomar")
    assert "2 gånger har ett koncept återanvänts" in page.text
    for told in (DIPLOMA, MEETING_PLACE, "Från projekt till linje", "Annan kommun: Skellefteå kommun"):
        assert told in page.text
    one = look(reader, page.links[DIPLOMA])
    assert "2 återanvändningar" in one.text
    assert (
        "Kommunledningsförvaltningen, Personalkontoret från v. 6 2018 Stängd Alla sju kontor är diplomerade."
        in one.text
    )
    assert "Kultur- och fritidsförvaltningen från v. 8 2023" in one.text
    assert "Använd konceptet" not in one.text  # a Medarbetare proposes nothing


# S3-01
def test_every_lesson_can_be_read_by_everybody_and_searched_by_word_and_value(reader: FlaskClient) -> None:
    assert "Ett kontor som hade gjort det förut var värt mer än en konsult." in look(reader, "/lardomar").text
    found = look(reader, "/lardomar?q=foretagen&handlar_om=innovation").text
    assert "Företagen kom först när eleverna själva bjöd in dem." in found
    assert "konsult" not in found
    assert "Ingen lärdom med de orden." in look(reader, "/lardomar?q=cykel").text


# S1-16
def test_a_concept_of_what_was_carried_through_takes_five_fields_and_knows_its_strength(owner: FlaskClient) -> None:
    form = look(owner, look(owner, "/initiativ/KLF-12").links["Gör ett koncept"])
    assert boxes_asked(form) == ["title", "problem", "fits", "steps", "pitfalls"]
    boxes = form.boxes[FORM]
    assert [boxes[f"efforts.{at}.weeks"] for at in range(3)] == ["4", "16", "9"]  # a week late
    assert [boxes[f"efforts.1.{name}"] for name in ("leading", "receiving")] == ["1", "2"]
    refused = send(owner, FORM, boxes | {"steps": "Fråga", "efforts.0.weeks": "länge"})
    assert refused.code == 422
    assert "Vilket problem löser det?: Skriv vilket problem det löser." in refused.text
    assert refused.boxes[FORM]["steps"] == "Fråga"
    assert 'id="efforts.0.weeks-error"' in refused.html
    kept = send(owner, FORM, boxes | {"problem": "Ingen vet hur", "steps": "Fråga\nPröva"})
    assert "Konceptet är sparat. Nu kan andra använda det." in kept.text
    assert "Kommer från KLF-12" in kept.text
    assert "Hbtq-diplomering av hela" in look(owner, "/initiativ/KLF-12").text


def test_what_somebody_changed_meanwhile_is_told_and_nothing_typed_is_lost(coordinator: FlaskClient) -> None:
    address = f"{address_of(MEETING_PLACE)}/andra"
    boxes = look(coordinator, address).boxes[address]
    assert "Konceptet är sparat." in send(coordinator, address, boxes | {"fits": "Gymnasiet"}).text
    stale = send(coordinator, address, boxes | {"fits": "Grundskolan"})
    assert (stale.code, stale.boxes[address]["fits"]) == (412, "Grundskolan")
    assert "Gymnasiet" in look(coordinator, address_of(MEETING_PLACE)).text


# S3-11
def test_the_coordinator_writes_a_concept_that_comes_from_another_industry(coordinator: FlaskClient) -> None:
    address = look(coordinator, "/lardomar").links["Nytt koncept"]
    boxes = look(coordinator, address).boxes[address] | {"source": "industry"}
    typed = boxes | {"title": "Stående möten", "problem": "Möten drar ut", "steps": "Stå", "efforts.1.weeks": "3"}
    refused = send(coordinator, address, typed)
    assert (refused.code, "Skriv vilken kommun eller bransch" in refused.text) == (422, True)
    kept = send(coordinator, address, typed | {"source_name": "Bilindustrin", "efforts.1.receiving": "1"})
    assert "Prövat i Annan bransch: Bilindustrin" in kept.text
    assert "Genomföra 3 Ingen Liten" in kept.text


def test_nobody_writes_the_concept_of_somebody_else(demo: Flask, owner: FlaskClient) -> None:
    assert look(owner, f"{address_of(MEETING_PLACE)}/andra").code == 403
    assert look(owner, "/koncept/nytt").code == 403
    assert look(owner, "/initiativ/BUF-21/koncept").code == 403
    assert look(owner, "/initiativ/FI-008/koncept").code == 404  # it is not finished
    member = sign_in(demo.test_client(), "Skolchef")
    assert look(member, f"{address_of(MEETING_PLACE)}/andra").code == 200  # it was made of what the Skolchef owned


# S1-16, S0-13
def test_a_concept_fills_in_a_proposal_for_the_units_that_are_chosen_and_counts_as_re_used(demo: Flask) -> None:
    chief = sign_in(demo.test_client(), "Arbetsmarknadschef")
    concept = look(chief, address_of(MEETING_PLACE))
    assert 'value="AMF" checked' in concept.html
    form = look(chief, f"{address_of(MEETING_PLACE)}/anvand?leder=BUF&tar_emot=AMF&tar_emot=FINNS-INTE")
    assert f"Ifyllt från konceptet {MEETING_PLACE}." in form.text
    boxes = form.boxes["proposal"]
    assert (boxes["title"], boxes["summary"], boxes["why"]) == (MEETING_PLACE, "", "")
    problem = "Elever som snart är färdiga och arbetsgivare som behöver dem hittar inte varandra"
    assert f"Säg vad ni ska göra. Konceptet löser problemet ”{problem}”." in form.text
    assert (boxes["phases.1.weeks"], boxes["phases.1.impacts.BUF"], boxes["phases.1.impacts.AMF"]) == ("12", "2", "1")
    again = send(chief, f"{address_of(MEETING_PLACE)}/anvand", boxes | {"choose": "look"})
    assert f"Ifyllt från konceptet {MEETING_PLACE}." in again.text  # still there after Räkna om
    nameless = send(chief, f"{address_of(MEETING_PLACE)}/anvand", boxes | {"title": ""})
    assert (nameless.code, "Skriv vad som ska förändras." in nameless.text) == (422, True)
    sent = send(chief, f"{address_of(MEETING_PLACE)}/anvand", boxes | {"title": "Mötesplats för sommarjobb"})
    assert "Tack. Ditt förslag har fått beteckningen FI-015." in sent.text
    assert f"Bygger på {MEETING_PLACE}" in sent.text
    assert f"Arbetsmarknadschefen fyllde i förslaget från konceptet ”{MEETING_PLACE}”." in sent.text
    told = look(chief, address_of(MEETING_PLACE)).text
    assert "1 återanvändning " in told
    assert "FI-015 Mötesplats för sommarjobb" in told
    reader = sign_in(demo.test_client(), "Medarbetare")
    assert "FI-015" not in look(reader, address_of(MEETING_PLACE)).text


# S2-07
def test_a_pilot_fills_in_a_proposal_for_more_units_and_both_pages_show_the_link(chair: FlaskClient) -> None:
    form = look(chair, look(chair, "/initiativ/FI-007").links["Sprid till fler"])
    boxes = form.boxes["proposal"]
    assert boxes["title"] == "Meröppna bibliotek"
    assert not any(text for name, text in boxes.items() if ".impacts." in name)
    assert any(text for name, text in boxes.items() if name.startswith("everyone."))
    sent = send(chair, "/initiativ/FI-007/sprid", boxes)
    assert "Bygger på FI-007 Meröppna bibliotek" in sent.text
    assert "Kommundirektören gjorde förslaget av piloten FI-007." in sent.text
    assert "FI-015 Meröppna bibliotek" in look(chair, "/initiativ/FI-007").links
    assert current_session().scalars(select(OriginRow.pilot_id).where(OriginRow.pilot_id.is_not(None))).all() == [
        stored.initiative("FI-007").id
    ]
    assert look(chair, "/initiativ/FI-012/sprid").code == 409  # it has not begun


# S1-21
def test_what_is_like_a_proposal_is_shown_while_it_is_written_and_without_javascript(chair: FlaskClient) -> None:
    empty = look(chair, "/initiativ/nytt")
    assert "Det här liknar ditt förslag." not in empty.text
    typed = empty.boxes["proposal"] | {"title": "Diplomering av skolbibliotek"}
    looked = send(chair, "/initiativ/nytt", typed | empty.button("Finns det redan?"))
    assert "Det här liknar ditt förslag." in looked.text
    assert (
        sum(looked.text.count(word) for word in (f"{DIPLOMA} (öppnas", "KFF-03 Diplomering", "PER-17", "KLF-12")) == 3
    )
    part = chair.post("/forslag/liknande", data=typed, headers={"HX-Request": "true", "HX-Target": "similar"})
    told = part.get_data(as_text=True)
    assert f'{DIPLOMA} <span class="vh">' in told
    assert "<html" not in told
    assert "<section" not in told


# S3-10
def test_what_was_learnt_from_something_alike_stands_beside_the_decision(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-007/beslut?kind=pause")
    assert "Lärdomar från liknande initiativ" in page.text
    assert "Vi skulle ha frågat besökarna innan vi skrev rutinerna." in page.text
    assert "Lärdomar från liknande initiativ" not in look(chair, "/initiativ/FI-002/beslut?kind=pause").text


# S3-13
def test_a_concept_goes_on_one_page_without_anything_about_persons(owner: FlaskClient) -> None:
    address = address_of(DIPLOMA)
    page = re.search(r'<article class="minutes.*?</article>', look(owner, f"{address}/blad").html, re.DOTALL)
    assert page is not None
    response = owner.get(f"{address}.docx")
    file = Document(io.BytesIO(response.data))
    word = "\n".join(
        [one.text for one in file.paragraphs] + [cell.text for row in file.tables[0].rows for cell in row.cells]
    )
    assert response.data == owner.get(f"{address}.docx").data
    for told in (
        DIPLOMA,
        "Återanvänt 2 gånger.",
        "Märkbar",
        "Tillsammans 30 veckor",
        "Utbilda alla i grupper om högst tolv.",
    ):
        assert told in page[0]
        assert told in word
    for person in people.persons():
        assert person.function not in page[0] + word
    assert "PER-17" not in page[0] + word

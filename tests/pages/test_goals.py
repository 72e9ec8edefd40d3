"""Mål: how the portfolio is spread over the styrkort, what serves no goal, and the styrkort as it is written."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import GoalKind
from tests.cast import bearer, sign_in, submit
from tests.make import NOW, make_initiative
from tests.pages.screen import Screen, look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())

AREAS = {
    "Samhälle": ["Genomföra programmens intentioner med särskilt fokus på avgörande faktorer"],
    "Medborgare och kunder": [
        "Utveckla Luleå till Sveriges Kvalitetskommun",
        "Skapa förutsättningar för att följa och jämföra resultat av utförd service",
    ],
    "Medarbetare": [
        "Chefer ska ges rätt förutsättningar för att utöva gott ledarskap",
        "Ta fasta på och utveckla hälsofrämjande arbetsplatser",
    ],
    "Ekonomi": [
        "Bedriva verksamheten inom angivna kommunbidrag (nämnder) och ekonomiska mål (bolag)",
        "Frigöra resurser genom effektiviseringsåtgärder",
    ],
}
PROGRAMMES = [
    "Alla jämlika",
    "Rum för möten",
    "Kuststaden Luleå",
    "Plats för mer – Luleå stads- och landsbygd",
    "Ledande nordlig region",
    "Resor och transporter",
]
SERVICE = "Utveckla Luleå till Sveriges Kvalitetskommun"


@pytest.fixture
def administrator(demo: Flask) -> FlaskClient:
    """The Administratör."""
    return sign_in(demo.test_client(), "Administratör")


def goal_id(name: str) -> int:
    return next(one.id for one in scorecard().goals.values() if one.newest.name == name)


# S4-05, S4-10, S0-01, S4-01
def test_the_demo_municipality_has_exactly_the_styrkort_of_the_articles(chair: FlaskClient) -> None:
    card = scorecard()
    areas = {
        direction.newest.name: [
            one.newest.name for one in card.of_kind(GoalKind.AREA) if one.parent_id == direction.id
        ]
        for direction in card.of_kind(GoalKind.DIRECTION)
    }
    assert areas == AREAS
    assert [one.newest.name for one in card.of_kind(GoalKind.PROGRAMME)] == PROGRAMMES
    overall = [one.newest for one in card.of_kind(GoalKind.OVERALL)]
    assert [one.name for one in overall] == ["100 000 invånare senast 2040", "5 000 nya jobb", "Ingen klimatpåverkan"]
    assert all(one.source and one.source_year for one in overall)
    page = look(chair, "/mal")
    assert all(name in page.text for names in AREAS.values() for name in names)
    assert "Ett rikt och utvecklande liv i en viljestark och växande region" in page.text


# S1-20, S1-21, S0-15
def test_what_serves_no_goal_is_listed_and_gets_one_at_once(chair: FlaskClient) -> None:
    page = look(chair, "/mal")
    assert "13 av 16 öppna initiativ bidrar till ett mål i styrkortet 3 initiativ saknar mål." in page.text
    box = page.boxes["/mal/valj/FI-009"]
    refused = Screen(submit(chair, "/mal/valj/FI-009", box))
    assert (refused.code, "Välj ett målområde." in refused.text) == (422, True)
    chosen = Screen(submit(chair, "/mal/valj/FI-009", box | {"goal_area": SERVICE}, follow_redirects=True))
    assert f"FI-009 bidrar nu till målet {SERVICE}." in chosen.text
    assert "14 av 16 öppna initiativ" in chosen.text
    assert SERVICE in look(chair, "/initiativ/FI-009").text


def test_what_a_list_said_of_a_goal_is_told_where_it_can_be_mended(chair: FlaskClient) -> None:
    code = make_initiative("Ny växel", goal_area="Gladare medborgare")
    assert "Där står ”Gladare medborgare”, som inte finns i styrkortet." in look(chair, "/mal").text
    assert "”Gladare medborgare” (finns inte i styrkortet)" in look(chair, f"/initiativ/{code}").text
    form = look(chair, f"/initiativ/{code}/andra").boxes["proposal"]
    assert form["goal_area"] == "Gladare medborgare"
    kept = Screen(submit(chair, f"/initiativ/{code}/andra", form | {"title": "Nyare växel"}, follow_redirects=True))
    assert "”Gladare medborgare” (finns inte i styrkortet)" in kept.text
    refused = Screen(submit(chair, f"/initiativ/{code}/andra", form | {"goal_area": "Påhittat"}))
    assert (refused.code, "Välj i listan." in refused.text) == (422, True)


def test_a_reader_sees_the_spread_of_what_is_decided_only(reader: FlaskClient) -> None:
    page = look(reader, "/mal")
    assert "9 av 10 öppna initiativ" in page.text
    assert "FI-011" not in look(reader, f"/mal/{goal_id(SERVICE)}").text


# S0-02, S2-02, S4-11
def test_a_programme_sums_its_load_by_unit_and_status(chair: FlaskClient) -> None:
    page = look(chair, f"/mal/{goal_id('Plats för mer – Luleå stads- och landsbygd')}")
    assert "2 öppna initiativ ingår" in page.text
    assert "Enhet Beredning Pågående Totalt" in page.text
    assert (
        "Avgörande faktorer Bostäder, Kompetensförsörjning"
        in look(chair, f"/mal/{goal_id('Ledande nordlig region')}").text
    )
    assert "Ansvarar Kommunledningsförvaltningen" in look(chair, f"/mal/{goal_id(SERVICE)}").text


def test_the_list_is_filtered_by_goal(chair: FlaskClient) -> None:
    page = look(chair, f"/initiativ?goal={goal_id('Rum för möten')}")
    assert ("FI-007" in page.text, "FI-001" in page.text) == (True, False)
    assert "FI-009" in look(chair, "/initiativ?goal=none").text


# S4-04, S4-03
def test_the_administrator_words_a_goal_anew_and_nobody_else_does(
    administrator: FlaskClient, chair: FlaskClient
) -> None:
    address = f"/mal/styrkort/{goal_id(SERVICE)}"
    assert chair.get(address).status_code == 403
    form = look(administrator, address).boxes[address] | {"units": "KLF"}
    typed = form | {"name": "", "text": "Det som jag skrev."}
    refused = Screen(submit(administrator, address, typed))
    assert (refused.code, "Skriv vad målet heter." in refused.text) == (422, True)
    assert refused.boxes[address]["text"] == "Det som jag skrev."
    submit(administrator, address, form | {"name": "Bäst i Sverige", "first_year": "2027"})
    page = look(chair, f"/mal/{goal_id('Bäst i Sverige')}")
    assert SERVICE in page.text
    assert "Från 2027 Bäst i Sverige" in page.text


def test_a_new_municipality_begins_with_an_empty_styrkort(app: Flask) -> None:
    administrator = sign_in(app.test_client(), "Administratör")
    assert "Styrkortet är tomt." in look(administrator, "/mal").text
    inquiry = {"name": "Medarbetare", "first_year": "2026"}
    submit(administrator, "/mal/styrkort/nytt/direction", inquiry)
    below = {"name": "Goda chefer", "first_year": "2026", "parent": str(goal_id("Medarbetare"))}
    submit(administrator, "/mal/styrkort/nytt/area", below)
    assert "Goda chefer" in look(administrator, "/mal").text
    assert administrator.get("/mal/styrkort/nytt/something").status_code == 404


# S4-14
def test_other_systems_read_and_set_what_an_initiative_aims_at(demo: Flask) -> None:
    client, headers = demo.test_client(), bearer("coordinator")
    told = client.get("/api/v1/initiatives/FI-011", headers=headers)
    assert told.json is not None
    assert (told.json["goal_area"], len(told.json["other_goal_areas"])) == (SERVICE, 2)
    names = [name for few in AREAS.values() for name in few]
    sent = {"other_goal_areas": names[:3]}
    refused = client.patch(
        "/api/v1/initiatives/FI-011", json=sent, headers=headers | {"If-Match": f'"{told.json["version"]}"'}
    )
    assert refused.status_code == 422
    assert "Välj högst tre målområden" in refused.get_data(as_text=True)

"""Organisationen ändras: what and when, what becomes of what stands there, a look, and the decision."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from portfolio.base.db import current_session
from portfolio.units import queries as units
from tests.cast import sign_in
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

START = "/enheter/organisation"


def step(client: FlaskClient, kind: str, page: Screen, button: str, **fields: str) -> Screen:
    """Fill in some boxes of the step that a page shows and press the button that leads on."""
    address = f"{START}/{kind}"
    return send(client, address, page.boxes[address] | fields | {"step": button})


def test_a_unit_is_split_with_each_initiative_given_to_one_or_both_and_it_can_be_taken_back(
    demo: Flask,
) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    new = {"name_1": "Barn och skola", "code_1": "bos", "name_2": "Utbildning", "code_2": "UTB", "limit_2": "2"}
    page = step(client, "split", look(client, f"{START}/split"), "standing", unit="BUF", from_week="v. 2 2027", **new)
    assert "initiativ berör enheten och följer med" in page.text
    assert "Sänkta tak följer inte med. Lägg in dem på nytt: Höstterminen startar." in page.text
    page = step(client, "split", page, "look", **{"share-FI-001": "2"})
    assert "Barn- och utbildningsförvaltningen delas i Barn och skola och Utbildning från v. 2 2027" in page.text
    assert "ny krock uppstår" in page.text
    assert "UTB" not in units.ids_by_code()
    page = step(client, "split", page, "decide")
    assert "Beslutat: Barn- och utbildningsförvaltningen delas i Barn och skola och Utbildning." in page.text
    assert "1 beslutad ändring väntar på sin vecka" in page.text
    history = look(client, "/initiativ/FI-001").text
    assert "påverkan på barn- och utbildningsförvaltningen ligger nu på utbildning" in history
    unit = look(client, "/enheter/BUF")
    assert {"Barn och skola", "Utbildning"} <= unit.links.keys()
    current_session().rollback()
    number = units.reorganisations()[0].id
    page = send(client, f"{START}/{number}/angra", look(client, START).boxes[f"{START}/{number}/angra"])
    assert "Ångrat: Barn- och utbildningsförvaltningen delas i Barn och skola och Utbildning." in page.text
    assert "0 beslutade ändringar väntar" in page.text
    assert "Barn och skola" not in look(client, "/enheter").text


def test_units_are_merged_and_what_goes_along_is_told_before(demo: Flask) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Kommundirektör")
    address = f"{START}/merge"
    typed = look(client, address).boxes[address] | {"from_week": "v. 5 2027", "name": "Samhälle", "code": "SMH"}
    both = MultiDict([*typed.items(), ("units", "SBF"), ("units", "MBF"), ("step", "standing")])
    page = Screen(client.post(address, data=both))
    assert "den högsta påverkan i varje steg: FI-" in page.text
    both.setlist("step", ["look"])
    page = Screen(client.post(address, data=both))
    assert "slås ihop till Samhälle från v. 5 2027" in page.text
    both.setlist("step", ["decide"])
    page = Screen(client.post(address, data=both, follow_redirects=True))
    assert "Stadsbyggnadsförvaltningen och Miljö- och byggnadsförvaltningen slås ihop till Samhälle" in page.text


def test_a_rename_shows_that_nothing_changes_in_the_load(demo: Flask) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    typed = {"unit": "KFF", "from_week": "v. 2 2027", "name": "Kultur"}
    page = step(client, "rename", look(client, f"{START}/rename"), "standing", **typed)
    assert "byter namn till Kultur från v. 2 2027" in page.text
    assert "Belastningen ändras inte." in page.text
    assert "Beslutat:" in step(client, "rename", page, "decide").text


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    typed = {"unit": "KFF", "from_week": "v. 40 2026", "parent": "SOC"}
    page = step(client, "move", look(client, f"{START}/move"), "standing", **typed)
    assert (page.code, "Veckan har redan varit." in page.text) == (422, True)
    assert page.boxes[f"{START}/move"]["unit"] == "KFF"
    assert client.get(f"{START}/finns-inte").status_code == 404


def test_only_those_who_shape_units_see_the_pages(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Socialchef")
    assert client.get(START).status_code == 403
    assert "Organisationen ändras" not in look(client, "/enheter").text


def test_a_unit_that_is_gone_is_not_offered_to_new_proposals(demo: Flask) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    new = {"name_1": "Fritid", "code_1": "FRI", "name_2": "Kultur", "code_2": "KUL"}
    new |= {"unit": "KFF", "from_week": "v. 48 2026"}
    page = step(client, "split", look(client, f"{START}/split"), "standing", **new)
    page = step(client, "split", page, "look")
    assert "går därför inte att ångra" in page.text
    step(client, "split", page, "decide")
    offered = look(client, "/initiativ/nytt?everyday=no&one_department=yes&known_way=yes&needed=yes").text
    assert "Fritid" in offered
    assert "Kultur- och fritidsförvaltningen" not in offered

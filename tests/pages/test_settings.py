"""Inställningar: only those who manage people, and what collides is told at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.people import queries as people
from tests.cast import sign_in
from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

ADDRESS = "/installningar"


def owner_form(function: str) -> str:
    found = people.find_person(function)
    assert found is not None
    return f"{ADDRESS}/agare/{found.id}"


def test_fewer_initiatives_per_owner_is_allowed_and_tells_who_collides(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes[ADDRESS]
    assert (form["municipality"], form["max_owned"], form["drag_weeks"]) == ("Demokommunen", "3", "8")
    page = send(chair, ADDRESS, form | {"max_owned": "1", "municipality": "Norrstad"})
    assert "Inställningarna är sparade. 4 initiativ krockar nu: FI-001, FI-002, FI-006 och FI-010." in page.text
    assert "Kanslichef äger fler initiativ än gränsen vecka 48–4: 2 av 1." in page.text
    current_session().rollback()
    assert the_portfolio().municipality == "Norrstad"


def test_one_owner_gets_a_limit_of_their_own(chair: FlaskClient) -> None:
    address = owner_form("Kanslichef")
    page = send(chair, address, look(chair, ADDRESS).boxes[address] | {"max_owned": "1"})
    assert "Gränsen för Kanslichef är sparad. 2 initiativ krockar nu: FI-001 och FI-006." in page.text
    assert page.boxes[address]["max_owned"] == "1"
    back = send(chair, address, page.boxes[address] | {"max_owned": ""})
    assert "att ta ställning till" not in back.text


def test_wrong_figures_are_told_and_stay_where_they_were_typed(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes[ADDRESS]
    page = send(chair, ADDRESS, form | {"drag_weeks": "99", "municipality": ""})
    assert page.code == 422
    assert "Skriv ett heltal mellan 0 och 52." in page.text
    assert page.boxes[ADDRESS]["drag_weeks"] == "99"
    address = owner_form("Kanslichef")
    wrong = send(chair, address, look(chair, ADDRESS).boxes[address] | {"max_owned": "många"})
    assert wrong.code == 422
    assert wrong.boxes[address]["max_owned"] == "många"


@pytest.mark.parametrize("function", ["Socialchef", "Portföljkoordinator", "Medarbetare"])
def test_others_may_not_even_look(demo: Flask, function: str) -> None:
    visitor = sign_in(demo.test_client(), function)
    assert look(visitor, ADDRESS).code == 403
    assert "Inställningar" not in look(visitor, "/").links

"""Skriv ut översikt: the map and what is decided or goes on, for a wall."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.overview.pages import MOST_ON_PAPER
from tests.cast import sign_in
from tests.make import NOW, make_initiative
from tests.pages.screen import look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())


# S0-03
def test_the_map_and_the_list_stand_on_one_page_without_what_is_only_proposed(reader: FlaskClient) -> None:
    assert look(reader, "/").links["Skriv ut översikt"] == "/oversikt"
    page = look(reader, "/oversikt")
    assert "Översikt 23 november 2026 1 av 8 förvaltningar går över taket" in page.text
    assert "FI-001 E-arkiv för hela kommunen, v. 36 2026–10 2027, Kanslichef. BUF, SOC, MBF, KAN" in page.text
    assert ("FI-010" in page.text, "FI-011" in page.text) == (True, False)


def test_a_page_holds_so_many_and_says_how_many_more_there_are(chair: FlaskClient) -> None:
    for count in range(MOST_ON_PAPER):
        make_initiative(f"Sak {count}", status="ongoing", start="2026-W46", impacts={"AMF": None})
    page = look(chair, "/oversikt")
    assert page.html.count("<li><b>") == MOST_ON_PAPER
    assert "Och 9 till i Förändringsportföljen." in page.text


def test_a_municipality_without_units_has_nothing_to_print(app: Flask) -> None:
    assert "Det finns inga enheter än." in look(sign_in(app.test_client(), "Medarbetare"), "/oversikt").text

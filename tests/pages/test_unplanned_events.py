"""Oplanerade händelser: registered on a unit's page, seen in the map, in a cell and on the next agenda."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.capacity.models import UnplannedEventRow
from tests.cast import sign_in
from tests.pages.maps import rows_of
from tests.pages.screen import Screen, look, send
from tests.pages.test_calendar import fill_in

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

NEW = "/enheter/SOC/handelser/ny"
FLOOD = {"reason": "Översvämning i Skurholmen", "level": "3", "from_week": "v. 2 2027", "to_week": "v. 3 2027"}


def register(client: FlaskClient, **fields: str) -> Screen:
    return fill_in(client, NEW, **(FLOOD | fields))


def newest() -> int:
    current_session().rollback()
    return max(current_session().scalars(select(UnplannedEventRow.id)))


def test_a_chief_registers_a_flood_and_sees_at_once_what_is_affected(demo: Flask) -> None:  # S0-14
    chief = sign_in(demo.test_client(), "Socialchef")
    page = register(chief)
    assert "Översvämning i Skurholmen är registrerad och räknas in i belastningen." in page.text
    assert "3 initiativ krockar nu: FI-001, FI-002 och FI-004." in page.text
    assert "Översvämning i Skurholmen v. 2–3 2027, stor påverkan" in page.text
    assert rows_of(page)["Socialförvaltningen"][7].label == "9 av 7, över taket"
    cell = look(chief, "/belastning/SOC/2027-W02")
    assert "Stor oplanerad händelse i Socialförvaltningen : Översvämning i Skurholmen, till och med" in cell.text
    assert "2 stora, 1 märkbar och 1 liten: 9 av 7" in cell.text
    agenda = look(sign_in(demo.test_client(), "Portföljkoordinator"), "/dagordning/2026-11-24")
    assert "Oplanerad händelse i Socialförvaltningen: Översvämning i Skurholmen." in agenda.text
    assert "Dessa initiativ påverkas: FI-" in agenda.text


def test_a_chief_tells_how_it_goes_and_that_it_is_over(demo: Flask) -> None:  # S0-14
    chief = sign_in(demo.test_client(), "Socialchef")
    page = register(chief, to_week="")
    assert "från v. 2 2027, slutet är inte känt" in page.text
    address = f"/handelser/{newest()}"
    assert "ligger före" in fill_in(chief, address, to_week="v. 1 2027").text
    page = fill_in(chief, address, level="1", to_week="2027-W02")
    assert "Översvämning i Skurholmen v. 2 2027, liten påverkan" in page.text
    opened_before = look(chief, address).boxes[address]
    page = send(chief, f"{address}/avsluta", look(chief, "/enheter/SOC").boxes[f"{address}/avsluta"])
    assert "Översvämning i Skurholmen är över." in page.text
    assert "Inget oväntat har tagit kraft från enheten." in page.text
    late = send(chief, address, opened_before)
    assert (late.code, "Händelsen är redan avslutad." in late.text) == (412, True)


def test_what_is_typed_stays_where_it_is_refused(demo: Flask) -> None:
    page = register(sign_in(demo.test_client(), "Socialchef"), level="", to_week="v. 99")
    assert page.code == 422
    assert page.boxes[NEW]["reason"] == "Översvämning i Skurholmen"


def test_a_chief_of_another_unit_does_not_reach_the_form(demo: Flask) -> None:
    chief = sign_in(demo.test_client(), "Socialchef")
    assert chief.get("/enheter/BUF/handelser/ny").status_code == 403
    assert chief.get("/handelser/1").status_code == 403
    assert "Registrera en oplanerad" not in look(chief, "/enheter/BUF").text


def test_a_refused_start_names_what_is_unplanned_among_what_is_there(demo: Flask) -> None:  # S0-14
    chair = sign_in(demo.test_client(), "Kommundirektör")
    fill_in(chair, "/enheter/RTJ/handelser/ny", **(FLOOD | {"from_week": "v. 10 2027", "to_week": "v. 12 2027"}))
    page = look(chair, "/initiativ/FI-012")
    assert "Oplanerad händelse: Översvämning i Skurholmen (stor)" in page.text


def test_a_collision_without_any_initiative_is_on_the_agenda_all_the_same(demo: Flask) -> None:
    chair = sign_in(demo.test_client(), "Kommundirektör")
    fill_in(chair, "/enheter/RTJ", limit="2")
    fill_in(chair, "/enheter/RTJ/handelser/ny", **FLOOD)
    agenda = look(chair, "/dagordning/2026-11-24").text
    assert "Räddningstjänsten går över taket vecka 2–3: 3 av 2." in agenda
    assert "Inget initiativ påverkas." in agenda
    assert "Krock" in look(chair, "/mote/2026-11-24").text

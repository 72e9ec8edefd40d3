"""Uppehåll och sänkta tak: always allowed, and what follows is shown at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.units import queries as units
from tests.cast import form_token, sign_in
from tests.pages.maps import rows_of
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

LOWERED = "/kalender/sankt-tak"
STANDSTILL = "/kalender/uppehall"


def fill_in(client: FlaskClient, address: str, **fields: str) -> Screen:
    """Open the page of a form, change some boxes and send it."""
    return send(client, address, look(client, address).boxes[address] | fields)


# S1-19
def test_the_year_shows_standstills_for_all_and_each_lowered_limit(chair: FlaskClient) -> None:
    page = look(chair, "/kalender")
    assert "Jul och nyår v. 52–53 2026" in page.text
    assert "Socialförvaltningen v. 24–34 2027 3 Sommarbemanning" in page.text
    year = page.html[page.html.index("map year") :]
    assert year.count("lvl-stand") == (2 + 4) * 4
    assert year.count("tak 6, Årsbokslut") == 5


def test_a_chief_lowers_the_own_limit_and_sees_which_initiatives_collide(demo: Flask) -> None:
    chief = sign_in(demo.test_client(), "Socialchef")
    page = fill_in(
        chief, LOWERED, unit="SOC", reason="Influensa", from_week="v. 2 2027", to_week="2027-W03", limit="4"
    )
    assert "Taket för Socialförvaltningen är sänkt. 3 initiativ krockar nu: FI-001, FI-002 och FI-004." in page.text
    assert "Orsak: Sänkt tak för Socialförvaltningen: Influensa" in page.text
    assert rows_of(page)["Socialförvaltningen"][7].label == "6 av 4, över taket"
    number = units.lowered_limits(units.ids_by_code()["SOC"])[0].id
    address = f"/enheter/SOC/sankta-tak/{number}/ta-bort"
    restored = send(chief, address, look(chief, "/enheter/SOC").boxes[address])
    assert "Det sänkta taket för Socialförvaltningen är borttaget." in restored.text
    assert "att ta ställning till" not in restored.text


def test_a_chief_is_offered_only_the_own_units(demo: Flask) -> None:
    page = look(sign_in(demo.test_client(), "Socialchef"), LOWERED)
    assert "Socialförvaltningen" in page.text
    assert "Barn- och utbildningsförvaltningen" not in page.text


def test_a_standstill_moves_the_plans_and_says_what_collides(coordinator: FlaskClient) -> None:
    page = fill_in(coordinator, STANDSTILL, reason="Sportlov", from_week="v. 9 2027", to_week="v. 9 2027")
    assert "Uppehållet Sportlov är tillagt. 8 initiativ blir klara senare." in page.text
    assert "Sportlov v. 9 2027" in page.text
    cells = rows_of(look(coordinator, "/"))["Miljö- och byggnadsförvaltningen"]
    assert (cells[14].shown, cells[16].shown) == ("–", "■4")
    number = next(row.id for row in units.standstills() if row.reason == "Sportlov")
    address = f"{STANDSTILL}/{number}/ta-bort"
    removed = send(coordinator, address, look(coordinator, "/kalender").boxes[address])
    assert "Uppehållet Sportlov är borttaget." in removed.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"from_week": "i vår", "to_week": "v. 9 2027"}, "Skriv veckan, till exempel v. 7 eller v. 7 2027."),
        ({"from_week": "v. 9 2027", "to_week": "v. 8 2027"}, "Slutveckan ligger före startveckan."),
        ({"from_week": "v. 9 2027", "to_week": ""}, "Till och med vecka: Fyll i det här fältet."),
    ],
)
def test_a_period_that_cannot_be_is_told_at_its_field(
    coordinator: FlaskClient, fields: dict[str, str], told: str
) -> None:
    page = fill_in(coordinator, STANDSTILL, reason="Sportlov", **fields)
    assert page.code == 422
    assert told in page.text
    assert page.boxes[STANDSTILL]["reason"] == "Sportlov"
    assert len(units.standstills()) == 2


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("v. 10", "v. 12", "v. 10–12 2027"),
        ("50", "v. 2", "v. 50 2026–2 2027"),
        ("47", "vecka 50", "v. 47–50 2027"),
        ("v. 10 2028", "v. 11", "v. 10–11 2028"),
    ],
)
def test_a_week_without_a_year_is_the_next_such_week(
    coordinator: FlaskClient, first: str, last: str, shown: str
) -> None:
    page = fill_in(coordinator, STANDSTILL, reason="Lov", from_week=first, to_week=last)
    assert f"Lov {shown}" in page.text


def test_the_same_weeks_every_year_need_no_year(chair: FlaskClient) -> None:
    page = fill_in(
        chair, LOWERED, unit="SOC", reason="Jul", from_week="v. 47", to_week="v. 1", limit="4", yearly="on"
    )
    assert "v. 47–1 varje år" in page.text


def test_each_error_names_its_field_in_the_order_of_the_page(chair: FlaskClient) -> None:
    page = fill_in(chair, LOWERED)
    assert page.code == 422
    wrong = [(text, href) for text, href in page.links.items() if href.startswith("#f-")]
    assert wrong == [
        ("Enhet: Fyll i det här fältet.", "#f-unit"),
        ("Varför?: Fyll i det här fältet.", "#f-reason"),
        ("Från och med vecka: Fyll i det här fältet.", "#f-from_week"),
        ("Till och med vecka: Fyll i det här fältet.", "#f-to_week"),
    ]


def test_only_those_who_set_the_calendar_may_add_a_standstill(demo: Flask) -> None:
    chief = sign_in(demo.test_client(), "Socialchef")
    assert "Lägg till uppehåll" not in look(chief, "/kalender").links
    assert look(chief, STANDSTILL).code == 403
    assert send(chief, f"{STANDSTILL}/1/ta-bort", {"csrf_token": form_token(chief)}).code == 403
    assert len(units.standstills()) == 2

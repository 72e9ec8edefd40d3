"""Bedöm påverkan: one grid for all that is unrated, saved at once, and what collides is told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.rules import Role
from tests.cast import sign_in
from tests.make import make_initiative, make_person, make_unit
from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

ADDRESS = "/bedom"


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    """The Portföljkoordinator, in a municipality that has just read in its list."""
    make_unit("KLF", limit=4)
    make_unit("SOC", limit=4)
    make_unit("HEM", parent="SOC", kind="kontor")
    make_initiative("E-arkiv", status=Status.ONGOING, start="2026-W48", impacts={"KLF": None, "SOC": None})
    make_initiative("Ny växel", status=Status.ONGOING, start="2026-W48", impacts={"KLF": None, "HEM": 2})
    make_initiative("Gammalt", status=Status.CLOSED, start="2026-W02", impacts={"KLF": None})
    return sign_in(app.test_client(), "Portföljkoordinator")


def impacts_of(code: str) -> dict[str, int | None]:
    current_session().rollback()
    return dict(phases_of(initiative_by_code(code))[0].impacts)


def test_only_what_is_unrated_and_still_open_can_be_filled_in(coordinator: FlaskClient) -> None:
    page = look(coordinator, ADDRESS)
    assert "1 av 4 bedömda" in page.text
    assert set(page.boxes["rating"]) == {"csrf_token", "FI-001|KLF", "FI-001|SOC", "FI-002|KLF"}
    assert "3 Stor Många byter arbetssätt, organisation eller system samtidigt." in page.text


def test_all_ratings_are_saved_in_one_go_and_tell_what_is_over_now(coordinator: FlaskClient) -> None:
    form = look(coordinator, ADDRESS).boxes["rating"]
    page = send(coordinator, ADDRESS, form | {"FI-001|KLF": "3", "FI-001|SOC": "0", "FI-002|KLF": "2"})
    assert "3 bedömningar är sparade. 2 initiativ krockar nu: FI-001 och FI-002." in page.text
    assert "Förvaltningen KLF går över taket vecka 48–51: 5 av 4." in page.text
    assert "All påverkan är bedömd." in page.text
    assert impacts_of("FI-001") == {"KLF": 3}
    assert impacts_of("FI-002") == {"KLF": 2, "HEM": 2}


def test_what_is_left_empty_stays_for_the_next_time(coordinator: FlaskClient) -> None:
    form = look(coordinator, ADDRESS).boxes["rating"]
    page = send(coordinator, ADDRESS, form | {"FI-001|KLF": "1"})
    assert "1 bedömning är sparad." in page.text
    assert "2 av 4 bedömda" in page.text
    assert impacts_of("FI-001") == {"KLF": 1, "SOC": None}


def test_a_figure_outside_the_scale_saves_nothing_and_loses_nothing(coordinator: FlaskClient) -> None:
    form = look(coordinator, ADDRESS).boxes["rating"]
    page = send(coordinator, ADDRESS, form | {"FI-001|KLF": "1", "FI-002|KLF": "7"})
    assert page.code == 422
    assert "FI-002 på KLF: skriv 0, 1, 2 eller 3." in page.text
    assert (page.boxes["rating"]["FI-001|KLF"], page.boxes["rating"]["FI-002|KLF"]) == ("1", "7")
    assert impacts_of("FI-001") == {"KLF": None, "SOC": None}


def test_the_grid_can_show_one_unit_at_a_time(coordinator: FlaskClient) -> None:
    page = look(coordinator, f"{ADDRESS}?enhet=SOC")
    assert "FI-001|SOC" in page.boxes["rating"]
    assert "FI-001|KLF" not in page.html
    assert "1 av 2 bedömda" in page.text


def test_a_chief_rates_the_own_unit_and_no_other(app: Flask, coordinator: FlaskClient) -> None:
    make_person("Socialchef", role=Role.MEMBER, unit="SOC")
    chief = sign_in(app.test_client(), "Socialchef")
    form = look(chief, ADDRESS).boxes["rating"]
    assert set(form) == {"csrf_token", "FI-001|SOC"}
    assert send(chief, ADDRESS, form | {"FI-001|KLF": "1"}).code == 403
    assert impacts_of("FI-001") == {"KLF": None, "SOC": None}


def test_a_medarbetare_rates_nothing(app: Flask, coordinator: FlaskClient) -> None:
    assert look(sign_in(app.test_client(), "Medarbetare"), ADDRESS).code == 403


def test_a_long_grid_has_pages(app: Flask) -> None:
    make_unit("KLF")
    for number in range(61):
        make_initiative(f"Initiativ {number}", impacts={"KLF": None})
    visitor = sign_in(app.test_client(), "Portföljkoordinator")
    first = look(visitor, ADDRESS)
    assert "1–60 av 61" in first.text
    last = look(visitor, first.links["Nästa"])
    assert set(last.boxes["rating"]) == {"csrf_token", "FI-061|KLF"}

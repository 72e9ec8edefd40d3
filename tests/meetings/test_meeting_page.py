"""The page of a meeting: what those who lead it see, what everybody else sees, and what is refused."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import form_token, sign_in
from tests.make import make_decision, make_demo
from tests.meetings import held
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-24T08:40:00+01:00")
ADDRESS = "/mote/2026-11-24"


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The demo municipality before its meeting."""
    make_demo()
    return app


def visitor(app: Flask, function: str) -> FlaskClient:
    return sign_in(app.test_client(), function)


def post(client: FlaskClient, what: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{what}", {"csrf_token": form_token(client), **fields})


WITHHELD = "Vi behöver först veta vad den kostar."


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-25T09:00:00+01:00")
def test_after_the_meeting_a_withheld_item_is_told_only_to_those_who_lead_it(demo: Flask) -> None:
    held.hold()
    reader, leader = visitor(demo, "Registrator"), visitor(demo, "Portföljkoordinator")
    assert WITHHELD in look(leader, ADDRESS).text
    page = look(reader, ADDRESS)
    assert WITHHELD not in page.text
    assert "1 punkt lämnas ut efter särskild prövning." in page.text
    assert "Länets e-tjänst ger samma nytta." in page.text
    make_decision("FI-013", "reject", reason="Kostnaden blev för hög.")
    assert WITHHELD in look(reader, ADDRESS).text


def test_in_the_room_everybody_follows_a_withheld_item_too(demo: Flask) -> None:
    make_decision("FI-013", "prepare")
    held.begin()
    ground = held.Ground(withheld=True)
    held.decide("FI-013", "defer", until=held.DAY.replace(month=12), reason=WITHHELD, ground=ground)
    assert WITHHELD in look(visitor(demo, "Socialchef"), ADDRESS).text

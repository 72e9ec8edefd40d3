"""Live pages: an open page asks again for what it shows, and gets it only when something has changed."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portfolio.base.db import current_session, transaction
from portfolio.people.actions.sessions import sign_out
from portfolio.people.models import SignIn
from tests.cast import look_again, sign_in
from tests.make import NOW, make_decision, make_person
from tests.questions import questions

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())

PLACES = {"/": "live-map", "/initiativ": "initiative-list", "/prioritering": "priority-list"}
LIVE = pytest.mark.parametrize(
    "address",
    ["/", "/?visa=lista&forslag=1", "/initiativ", "/initiativ?q=e&sort=-title", "/prioritering?visa=forslag"],
)


def ask_again(client: FlaskClient, address: str, version: str) -> TestResponse:
    """What the open page asks for every ten seconds."""
    target = PLACES[address.partition("?")[0]]
    return client.get(address, headers={"HX-Request": "true", "HX-Target": target, "If-None-Match": f'"{version}"'})


def opened(client: FlaskClient, address: str) -> tuple[str, str]:
    """The address that the opened page asks again, and the version that it shows."""
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'data-version="([^"]+)" hx-get="([^"]+)" hx-trigger="every 10s"', page)
    assert found is not None
    return found[2].replace("&amp;", "&"), found[1]


@LIVE
def test_while_nothing_changes_nothing_is_drawn_and_hardly_anything_asked(chair: FlaskClient, address: str) -> None:
    here, version = opened(chair, address)
    look_again()
    with questions() as asked:
        answer = ask_again(chair, here, version)
    assert (answer.status_code, answer.data) == (304, b"")
    assert len([question for question in asked if question.looks]) <= 3


@LIVE
def test_when_something_has_changed_the_part_comes_anew_without_the_frame(chair: FlaskClient, address: str) -> None:
    here, version = opened(chair, address)
    make_decision("FI-007", "note")
    answer = ask_again(chair, here, version)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'id="{PLACES[address.partition("?")[0]]}"' in page
    assert "<html" not in page
    assert 'id="cell-panel"' not in page, "what is opened below the map is left alone"
    [newer] = re.findall(r'data-version="([^"]+)"', page)
    assert ask_again(chair, here, newer).status_code == 304


def test_a_version_is_of_one_address_and_one_visitor(demo: Flask, chair: FlaskClient) -> None:
    here, version = opened(chair, "/initiativ")
    assert ask_again(chair, "/initiativ?q=arkiv", version).status_code == 200
    reader = sign_in(demo.test_client(), "Medarbetare")
    page = ask_again(reader, here, version)
    assert page.status_code == 200
    assert "FI-011" not in page.get_data(as_text=True)


@pytest.mark.changes_the_product
def test_the_next_day_is_a_change_since_reports_age_and_weeks_begin(chair: FlaskClient, demo: Flask) -> None:
    here, version = opened(chair, "/initiativ")
    demo.config["SETTINGS"] = replace(demo.config["SETTINGS"], frozen_now=NOW + timedelta(days=1))
    assert ask_again(chair, here, version).status_code == 200


def test_a_browser_that_opens_the_page_gets_all_of_it_whatever_it_has_kept(chair: FlaskClient) -> None:
    here, version = opened(chair, "/")
    page = chair.get(here, headers={"If-None-Match": f'"{version}"'})
    assert page.status_code == 200
    assert b"<html" in page.data


def test_whoever_has_been_signed_out_is_led_to_sign_in_and_back(chair: FlaskClient) -> None:
    here, version = opened(chair, "/initiativ")
    with transaction():
        sign_out(token_of(chair))
    answer = ask_again(chair, here, version)
    assert answer.headers["HX-Redirect"].startswith("/logga-in")


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        token: str = session["sign_in"]
    return token


def test_a_page_left_open_keeps_nobody_signed_in(chair: FlaskClient) -> None:
    here, version = opened(chair, "/")
    with transaction():
        [row] = current_session().query(SignIn).all()
        row.seen_at -= timedelta(minutes=30)
        seen_at = row.seen_at
    ask_again(chair, here, version)
    look_again()
    assert current_session().query(SignIn).one().seen_at == seen_at
    chair.get(here)
    look_again()
    assert current_session().query(SignIn).one().seen_at > seen_at


def test_what_was_just_done_waits_for_the_page_that_is_led_to(chair: FlaskClient) -> None:
    here, version = opened(chair, "/initiativ")
    make_person("Ny chef")
    with chair.session_transaction() as session:
        session["flashes"] = [{"kind": "ok", "text": "FI-001 är sparat.", "undo": None}]
    assert b"sparat" not in ask_again(chair, here, version).data
    assert "FI-001 är sparat." in chair.get("/initiativ").get_data(as_text=True)

"""Värt att veta: told once, seen by all within seconds."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import look_again, sign_in, submit
from tests.make import NOW
from tests.pages.screen import Screen, look
from tests.questions import questions

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())

NEWS = {
    "title": "Ny lag om digital tillgänglighet",
    "text": "Den gäller nya webbtjänster från juli.",
    "link": "https://www.digg.se/nyheter",
    "initiatives": "FI-003, fi-006",
}
WITHIN = timedelta(minutes=1)


def again(client: FlaskClient, version: str) -> int:
    """What the open page gets that asks whether there is something new."""
    headers = {"HX-Request": "true", "HX-Target": "signals", "If-None-Match": f'"{version}"'}
    return client.get("/vart-att-veta", headers=headers).status_code


# S3-07, S3-09
def test_what_somebody_tells_is_on_the_open_screens_of_the_others_within_a_minute(
    demo: Flask, chair: FlaskClient
) -> None:
    html = chair.get("/vart-att-veta").text
    [version, seconds] = re.findall(
        r'data-version="([^"]+)" hx-get="/vart-att-veta" hx-trigger="every (\d+)s"', html
    )[0]
    assert timedelta(seconds=int(seconds)) <= WITHIN
    look_again()
    with questions() as asked:
        assert again(chair, version) == 304
    assert len([question for question in asked if question.looks]) <= 3
    member = sign_in(demo.test_client(), "Skolchef")
    told = Screen(submit(member, "/vart-att-veta", NEWS, follow_redirects=True))
    assert "”Ny lag om digital tillgänglighet” syns nu för alla" in told.text
    assert again(chair, version) == 200
    page = look(chair, "/vart-att-veta")
    assert "Den gäller nya webbtjänster från juli. https://www.digg.se/nyheter Berör FI-003" in page.text
    assert "FI-006 Digital signering av beslut" in page.text
    assert "Skolchef, 2026-11-23 kl. 08.00" in page.text
    assert "Ny lag om digital tillgänglighet" in look(chair, "/initiativ/FI-003").text


def test_a_link_is_one_press_away_and_tells_the_other_site_nothing_of_us(chair: FlaskClient) -> None:
    submit(chair, "/vart-att-veta", NEWS)
    link = '<a rel="noopener noreferrer" href="https://www.digg.se/nyheter">https://www.digg.se/nyheter</a>'
    assert link in chair.get("/vart-att-veta").text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(chair: FlaskClient) -> None:
    wrong = NEWS | {"title": "", "link": "http://digg.se"}
    refused = Screen(submit(chair, "/vart-att-veta", wrong))
    assert (refused.code, "Skriv vad det handlar om." in refused.text) == (422, True)
    assert refused.boxes["signal-form"]["text"] == NEWS["text"]
    for field, text in (("link", "börjar med https://"), ("initiatives", "Vi hittar inte FI-099.")):
        wrong = NEWS | {"link": "http://digg.se"} if field == "link" else NEWS | {"initiatives": "FI-099"}
        refused = Screen(submit(chair, "/vart-att-veta", wrong))
        assert (refused.code, text in refused.text) == (422, True)
        assert refused.boxes["signal-form"]["title"] == NEWS["title"]


def test_only_whoever_may_take_it_away_is_offered_to(demo: Flask, coordinator: FlaskClient) -> None:
    member, other = sign_in(demo.test_client(), "Skolchef"), sign_in(demo.test_client(), "Socialchef")
    submit(member, "/vart-att-veta", NEWS)
    offers = [
        any(text == "Ta bort" for text, _, _ in look(one, "/vart-att-veta").buttons)
        for one in (member, other, coordinator)
    ]
    assert offers == [True, False, True]
    address = next(key for key in look(coordinator, "/vart-att-veta").boxes if key.endswith("/ta-bort"))
    assert submit(other, address).status_code == 403
    gone = Screen(submit(coordinator, address, follow_redirects=True))
    assert "”Ny lag om digital tillgänglighet” är borttaget." in gone.text
    assert NEWS["title"] not in look(other, "/vart-att-veta").text
    assert submit(coordinator, address).status_code == 404


def test_a_reader_sees_neither_the_feed_nor_what_touches_an_initiative(
    reader: FlaskClient, chair: FlaskClient
) -> None:
    submit(chair, "/vart-att-veta", NEWS)
    assert reader.get("/vart-att-veta").status_code == 403
    assert "Ny lag om" not in look(reader, "/initiativ/FI-003").text

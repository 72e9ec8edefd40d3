"""Only our own pages are gone to after signing in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.web.addresses import own_page, page_behind
from tests.cast import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.se",
        "/\\evil.se",
        "\\\\evil.se",
        "https:evil.se",
        "https://evil.se/personer",
        " //evil.se",
        "/\t/evil.se",
        "/personer\n",
        "/%0a/evil.se",
        "javascript:alert(1)",
        "personer",
        "/finns-inte",
        "/logga-ut",
        "",
        None,
    ],
)
def test_anything_but_a_page_of_ours_leads_home(app: Flask, address: str | None) -> None:
    with app.test_request_context():
        assert own_page(address) == "/"


@pytest.mark.parametrize("address", ["/personer", "/personer?sida=2", "/valkommen/abc", "/personer?q=%C3%A5#rad-3"])
def test_a_page_of_ours_is_gone_to(app: Flask, address: str) -> None:
    with app.test_request_context():
        assert own_page(address) == address


def test_after_a_refused_form_one_comes_back_to_the_page_that_had_it(app: Flask) -> None:
    with app.test_request_context("/personer/3", method="POST", headers={"Referer": "http://localhost/personer"}):
        assert page_behind() == "/personer"
    with app.test_request_context("/personer/3", method="POST", headers={"Referer": "https://evil.se//evil.se/x"}):
        assert page_behind() == "/"
    with app.test_request_context("/personer", query_string="sida=2"):
        assert page_behind() == "/personer?sida=2"


@pytest.mark.parametrize("address", ["/personer/99999999999999999999", "/personer/2147483648", "/personer/-1"])
def test_a_number_that_no_database_can_look_for_is_no_page(client: FlaskClient, address: str) -> None:
    sign_in(client, "Administratör")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/valkommen/a%00b", "/logga-in?next=%00", "/api/v1/units/a%00b"])
def test_an_address_with_a_nul_character_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400

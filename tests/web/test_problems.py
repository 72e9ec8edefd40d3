"""Every refusal and failure, as a page, as a fragment and as problem+json."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portfolio.base import errors
from portfolio.people import queries
from portfolio.web.policy import public
from tests.cast import bearer, sign_in
from tests.make import make_demo

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

REFUSALS = [
    (errors.NotFound(), 404, "not-found", {}, "Sidan finns inte"),
    (errors.NotPermitted(), 403, "not-permitted", {}, "Du har inte behörighet"),
    (
        errors.Invalid({"title": ["Skriv en titel."]}),
        422,
        "invalid",
        {"errors": {"title": ["Skriv en titel."]}},
        "Skriv en titel.",
    ),
    (errors.Stale(7), 412, "stale", {"version": 7}, "ändrades nyss av någon annan"),
    (
        errors.NotAllowedNow("closed", ["note", "start"]),
        409,
        "not-allowed-now",
        {"allowed": ["note", "start"]},
        "notera, starta",
    ),
    (errors.NotReady(["owner"]), 409, "not-ready", {"missing": ["owner"]}, "projektägare"),
    (
        errors.OverCapacity(None, {"verdict": "does_not_fit", "conflicts": [{"unit": "SOC"}]}),
        409,
        "over-capacity",
        {"conflicts": [{"unit": "SOC"}], "verdict": "does_not_fit"},
        "Det ryms inte",
    ),
    (errors.Busy(), 503, "busy", {}, "Upptaget just nu"),
    (errors.TooManyAttempts(), 429, "too-many-attempts", {}, "För många försök"),
]


def raising(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return public(view)


@pytest.mark.parametrize(("error", "status", "kind", "facts", "text"), REFUSALS, ids=lambda value: str(value)[:20])
@pytest.mark.changes_the_product
def test_a_refusal_is_told_in_the_form_that_the_caller_reads(
    app: Flask, client: FlaskClient, error: Exception, status: int, kind: str, facts: dict[str, object], text: str
) -> None:
    app.add_url_rule("/page", "page", raising(error))
    app.add_url_rule("/api/v1/call", "call", raising(error))

    page = client.get("/page")
    assert page.status_code == status
    assert text in page.get_data(as_text=True)
    assert "<html lang=" in page.get_data(as_text=True)

    fragment = client.get("/page", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Retarget"]) == (status, "#problems")
    assert text in fragment.get_data(as_text=True)
    assert "<html" not in fragment.get_data(as_text=True)

    call = client.get("/api/v1/call")
    assert (call.status_code, call.content_type) == (status, "application/problem+json")
    body = call.get_json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body | facts == body


@pytest.mark.changes_the_product
def test_being_busy_says_when_to_try_again(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/page", "page", raising(errors.Busy()))
    assert client.get("/page").headers["Retry-After"] == "2"


def test_a_call_without_a_good_token_is_asked_for_one(client: FlaskClient) -> None:
    refused = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}]
    for headers in refused:
        call = client.get("/api/v1/units", headers=headers)
        assert (call.status_code, call.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert call.get_json()["type"] == "/problems/not-signed-in"


def test_an_unknown_call_is_not_found_by_those_who_may_know(client: FlaskClient) -> None:
    call = client.get("/api/v1/nothing", headers=bearer())
    assert (call.status_code, call.get_json()["type"]) == (404, "/problems/not-found")


def test_the_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    page = client.get("/logga-ut")
    assert (page.status_code, set(page.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})
    assert "använd dess knappar" in page.get_data(as_text=True)


def test_an_unknown_page_leads_on(client: FlaskClient) -> None:
    sign_in(client, "Registrator")
    page = client.get("/finns-inte")
    assert page.status_code == 404
    text = page.get_data(as_text=True)
    assert "Den kan ha flyttats. Sök ett initiativ eller gå till startsidan." in text
    assert "Registrator" in text


@pytest.mark.parametrize("address", ["/page", "/api/v1/call"])
@pytest.mark.changes_the_product
def test_a_fault_of_ours_shows_a_code_that_the_log_has_too(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(address, "broken", raising(ZeroDivisionError("the secret reason")))
    with caplog.at_level(logging.ERROR):
        answer = client.get(address)
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    code = caplog.records[-1].getMessage().rstrip(".").split()[-1]
    assert code in text
    assert "the secret reason" not in text
    assert "the secret reason" in caplog.text
    assert "Inget har sparats." in text


@pytest.mark.changes_the_product
def test_the_page_about_a_lost_database_needs_no_database(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    sign_in(client, "Registrator")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(queries, "session_of", lost)
    monkeypatch.setattr("portfolio.web.frame.the_portfolio", lost)
    answer = client.get("/logga-in")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.get_data(as_text=True)


def test_a_page_that_is_not_there_offers_a_search_to_those_signed_in(app: Flask, client: FlaskClient) -> None:
    out = client.get("/finns-inte").get_data(as_text=True)
    assert 'role="search"' not in out
    make_demo()
    page = sign_in(app.test_client(), "Kommundirektör").get("/finns-inte").get_data(as_text=True)
    form = page[page.index('role="search"') :]
    assert form.startswith('role="search" method="get" action="/initiativ"')
    assert 'name="q"' in form


@pytest.mark.parametrize(
    ("function", "contact"), [("Portföljkoordinator", "administratören"), ("Medarbetare", "portföljkoordinatorn")]
)
@pytest.mark.changes_the_product
def test_nobody_is_told_to_contact_themselves(app: Flask, function: str, contact: str) -> None:
    app.add_url_rule("/page", "page", raising(errors.NotPermitted()))
    make_demo()
    page = sign_in(app.test_client(), function).get("/page").get_data(as_text=True)
    assert f"Kontakta {contact} om du behöver det." in page

"""What protects every page."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portfolio.base.db import Base, current_session
from portfolio.web.policy import public
from portfolio.web.security import LARGEST_FORM, LARGEST_UPLOAD, accepts_upload
from tests.cast import form_token, look_again, person, sign_in, submit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORM = {"function": "Måltidschef", "role": "receiver"}


@pytest.mark.parametrize(
    "address", ["/logga-in", "/finns-inte", "/api/v1/finns-inte", "/healthz", "/static/base.css"]
)
def test_every_answer_carries_the_headers_that_bind_the_browser(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_pages_are_never_stored_and_our_own_files_for_long(client: FlaskClient) -> None:
    assert client.get("/logga-in").headers["Cache-Control"] == "no-store"
    assert "immutable" not in client.get("/static/base.css", buffered=True).headers["Cache-Control"]
    assert "immutable" in client.get("/static/base.css?v=1", buffered=True).headers["Cache-Control"]


def test_the_address_of_a_file_changes_with_its_contents(client: FlaskClient) -> None:
    page = client.get("/logga-in").get_data(as_text=True)
    assert page.count("/static/base.css?v=") == 1
    assert "v=missing" not in page


def test_nothing_on_a_page_is_inline(client: FlaskClient) -> None:
    page = client.get("/logga-in").get_data(as_text=True)
    assert "<style" not in page
    assert " style=" not in page
    assert "hx-on" not in page
    assert page.count("<script") == page.count("<script src=")


def test_over_http_the_cookie_is_kept_from_scripts_and_from_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/logga-in").headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert "HttpOnly; Path=/; SameSite=Lax" in cookie
    assert "Expires" not in cookie


@pytest.mark.environment(PORTFOLIO_BASE_URL="https://portfolj.kommunen.se")
def test_over_https_the_cookie_belongs_to_this_host_alone(client: FlaskClient) -> None:
    response = client.get("/logga-in", base_url="https://portfolj.kommunen.se")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in cookie
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("token", [None, "", "made-up", "of another visitor"])
def test_a_form_without_our_token_changes_nothing_and_says_so(
    app: Flask, client: FlaskClient, token: str | None
) -> None:
    sign_in(client, "Administratör")
    given = form_token(app.test_client()) if token == "of another visitor" else token
    fields = FORM if given is None else FORM | {"csrf_token": given}
    refused = client.post("/personer", data=fields)
    assert refused.status_code == 403
    assert "Inget har sparats" in refused.get_data(as_text=True)
    assert "Läs in sidan på nytt" in refused.get_data(as_text=True)
    assert "Måltidschef" not in client.get("/personer").get_data(as_text=True)


def test_htmx_shows_the_refusal_in_the_place_for_problems(client: FlaskClient) -> None:
    sign_in(client, "Administratör")
    refused = client.post("/personer", data=FORM, headers={"HX-Request": "true", "HX-Target": "status-card"})
    assert refused.status_code == 403
    assert refused.headers["HX-Retarget"] == "#problems"
    assert refused.headers["HX-Reselect"] == "#problem"
    page = refused.get_data(as_text=True).strip()
    assert page.startswith('<section class="problem" id="problem"')
    assert "<html" not in page


def test_one_reload_mends_a_tab_after_a_new_sign_in(client: FlaskClient) -> None:
    sign_in(client, "Administratör")
    old = form_token(client)
    submit(client, "/logga-ut")
    sign_in(client, "Administratör")
    assert client.post("/personer", data=FORM | {"csrf_token": old}).status_code == 403
    assert submit(client, "/personer", FORM).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.se"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_on_another_site_is_refused_even_with_our_token(client: FlaskClient, headers: dict[str, str]) -> None:
    sign_in(client, "Administratör")
    assert submit(client, "/personer", FORM, headers=headers).status_code == 403
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert submit(client, "/personer", FORM, headers=own).status_code == 303


def test_a_form_has_a_largest_size(client: FlaskClient) -> None:
    sign_in(client, "Administratör")
    page = submit(client, "/personer", FORM | {"function": "x" * LARGEST_FORM})
    assert page.status_code == 413
    assert "Inget har sparats." in page.get_data(as_text=True)


def upload(client: FlaskClient, address: str, size: int) -> TestResponse:
    """Send a file of so many bytes."""
    token = form_token(client)
    start = '--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
    end = f'\r\n--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x--\r\n'
    body = start.encode() + b"x" * size + end.encode()
    return client.post(address, data=body, content_type="multipart/form-data; boundary=x")


@pytest.mark.changes_the_product
def test_only_a_page_for_files_takes_a_large_one(app: Flask, client: FlaskClient) -> None:
    def take() -> str:
        return str(len(request.files["file"].read()))

    app.add_url_rule("/fil", "file", public(accepts_upload(take)), methods=["POST"])
    app.add_url_rule("/brev", "letter", public(lambda: take()), methods=["POST"])
    large = LARGEST_FORM + 1
    assert upload(client, "/fil", large).get_data(as_text=True) == str(large)
    assert upload(client, "/brev", large).status_code == 413
    assert upload(client, "/fil", LARGEST_UPLOAD + 1).status_code == 413


def test_text_is_escaped_in_every_kind_of_template(app: Flask) -> None:
    with app.test_request_context():
        assert app.jinja_env.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    assert app.jinja_env.autoescape is True


def test_reading_changes_nothing(client: FlaskClient, app: Flask) -> None:
    def everything() -> list[object]:
        look_again()
        tables = Base.metadata.sorted_tables
        return [[tuple(row) for row in current_session().execute(table.select())] for table in tables]

    sign_in(client, "Administratör")
    person("Registrator")
    before = everything()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            client.get(rule.rule)
            client.head(rule.rule)
    assert everything() == before

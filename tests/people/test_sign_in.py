"""Signing in and out: with a password, by a one-time link, in the demo by picking a function."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import TooManyAttempts
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import real_now
from portfolio.people.actions.invitations import invite
from portfolio.people.actions.persons import add_person, deactivate, edit_person
from portfolio.people.actions.sessions import count_attempt
from portfolio.people.models import FailedSignIn, Invitation, Person, SignIn
from tests.cast import CAST, INSTALLER, form_token, person, sign_in, submit

EMAIL = "kansli@kommunen.se"
PASSWORD = "fyra hästar i diket"
EIGHT_HOURS = 8 * 3600


@pytest.fixture
def kanslichef(app: Flask) -> Person:
    """The Kanslichef, who has an address and has not chosen a password yet."""
    one = person("Kanslichef")
    with transaction():
        edit_person(one.id, {"email": EMAIL}, version=1, by=INSTALLER, now=real_now())
    return one


@pytest.fixture
def link(kanslichef: Person) -> str:
    """The one-time link of the Kanslichef."""
    with transaction():
        return f"/valkommen/{invite(kanslichef.id, by=INSTALLER, real_now=real_now())}"


@pytest.fixture
def invited(client: FlaskClient, link: str) -> FlaskClient:
    """A visitor who knows the password that the Kanslichef has chosen."""
    assert submit(client, link, {"password": PASSWORD, "confirm": PASSWORD}).status_code == 303
    assert submit(client, "/logga-ut").status_code == 303
    return client


def try_to_sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **fields: str) -> TestResponse:
    return submit(client, "/logga-in", {"email": email, "password": password, **fields})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/logga-in").status_code == 302


def start_demo_calendar() -> None:
    with transaction():
        row = lock_portfolio()
        row.calendar_started_at = row.calendar_stood_at = real_now()


def test_the_invited_person_chooses_a_password_and_is_signed_in(client: FlaskClient, link: str) -> None:
    assert "Du blir inloggad som Kanslichef" in client.get(link).get_data(as_text=True)
    assert submit(client, link, {"password": PASSWORD, "confirm": PASSWORD}).location == "/sa-fungerar-det?bild=1"
    assert is_signed_in(client)
    assert PASSWORD not in (current_session().scalars(select(Person.password_hash)).one() or PASSWORD)


# S1-02
def test_only_the_first_time_one_is_shown_how_it_works(invited: FlaskClient, kanslichef: Person) -> None:
    with transaction():
        again = f"/valkommen/{invite(kanslichef.id, by=INSTALLER, real_now=real_now())}"
    assert submit(invited, again, {"password": PASSWORD, "confirm": PASSWORD}).location == "/"


def test_reading_the_link_does_not_use_it_up_and_choosing_does(app: Flask, client: FlaskClient, link: str) -> None:
    assert [client.get(link).status_code for _ in range(2)] == [200, 200]
    submit(client, link, {"password": PASSWORD, "confirm": PASSWORD})
    stranger = app.test_client()
    assert stranger.get(link).status_code == 404
    assert submit(stranger, link, {"password": "något helt annat", "confirm": "något helt annat"}).status_code == 404
    assert not is_signed_in(stranger)


def test_a_link_is_over_after_a_week(client: FlaskClient, link: str) -> None:
    with transaction() as session:
        session.execute(update(Invitation).values(expires_at=real_now() - timedelta(seconds=1)))
    page = client.get(link)
    assert page.status_code == 404
    assert "Länken gäller inte längre" in page.get_data(as_text=True)


def test_a_new_link_ends_the_earlier_one(client: FlaskClient, kanslichef: Person, link: str) -> None:
    with transaction():
        invite(kanslichef.id, by=INSTALLER, real_now=real_now())
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("password", "confirm", "message"),
    [
        ("elva tecken", "elva tecken", "Välj ett lösenord med minst 12 tecken."),
        (PASSWORD, PASSWORD + "!", "Lösenorden är inte lika."),
        ("å" * 201, "å" * 201, "Välj ett lösenord med högst 200 tecken."),
        ("", "", "Välj ett lösenord med minst 12 tecken."),
    ],
)
def test_a_bad_password_is_told_at_its_field(
    client: FlaskClient, link: str, password: str, confirm: str, message: str
) -> None:
    page = submit(client, link, {"password": password, "confirm": confirm})
    assert page.status_code == 422
    assert message in page.get_data(as_text=True)
    assert not is_signed_in(client)


def test_the_right_password_leads_to_the_page_that_was_wanted(invited: FlaskClient) -> None:
    assert invited.get("/personer").location == "/logga-in?next=/personer"
    assert try_to_sign_in(invited, EMAIL.upper(), next="/personer").location == "/personer"
    assert is_signed_in(invited)


def test_a_foreign_page_is_never_gone_to(invited: FlaskClient) -> None:
    assert try_to_sign_in(invited, next="//evil.se").location == "/"


def test_unknown_uninvited_and_wrong_look_the_same(app: Flask, invited: FlaskClient) -> None:
    with transaction():
        uninvited = CAST["Socialchef"][0]
        add_person(function="Socialchef", role=uninvited, email="soc@x.se", by=INSTALLER, now=real_now())
    pages = [
        try_to_sign_in(invited, email, password)
        for email, password in [(EMAIL, "fel"), ("nobody@x.se", PASSWORD), ("soc@x.se", PASSWORD), ("soc@x.se", "")]
    ]
    assert {page.status_code for page in pages} == {422}
    assert all("E-postadressen eller lösenordet stämmer inte." in page.get_data(as_text=True) for page in pages)
    assert not is_signed_in(invited)


@pytest.fixture
def within_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody signs in at the same moment: the clock may strike while a test lasts, and the count start anew."""
    at = real_now()
    monkeypatch.setattr("portfolio.people.pages.real_now", lambda: at)


@pytest.mark.usefixtures("within_an_hour")
@pytest.mark.parametrize("email", [EMAIL, "nobody@kommunen.se"])
def test_the_eleventh_wrong_password_of_an_hour_is_not_even_looked_at(invited: FlaskClient, email: str) -> None:
    assert [try_to_sign_in(invited, email, "fel").status_code for _ in range(10)] == [422] * 10
    refused = try_to_sign_in(invited, email)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert "för många misslyckade inloggningar" in refused.get_data(as_text=True)


@pytest.mark.usefixtures("within_an_hour")
def test_one_address_may_be_wrong_twenty_times_whatever_it_claims_to_be(invited: FlaskClient) -> None:
    def guess(number: int) -> int:
        token, forged = form_token(invited), {"X-Forwarded-For": f"192.0.2.{number}"}
        fields = {"email": f"{number}@x.se", "password": "fel", "csrf_token": token}
        return invited.post("/logga-in", data=fields, headers=forged).status_code

    assert [guess(number) for number in range(21)] == [422] * 20 + [429]


@pytest.mark.usefixtures("within_an_hour")
@pytest.mark.environment(TRUSTED_PROXIES="1")
def test_behind_a_proxy_each_visitor_is_counted_by_their_own_address(invited: FlaskClient) -> None:
    def guess(number: int, visitor: str) -> int:
        fields = {"email": f"{number}@x.se", "password": "fel", "csrf_token": form_token(invited)}
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}, {visitor}"}
        return invited.post("/logga-in", data=fields, headers=forwarded).status_code

    assert [guess(number, "192.0.2.1") for number in range(21)] == [422] * 20 + [429]
    assert guess(21, "192.0.2.2") == 422


@pytest.mark.usefixtures("within_an_hour")
def test_a_right_password_is_no_failure(invited: FlaskClient) -> None:
    for _ in range(12):
        assert try_to_sign_in(invited).status_code == 303
        submit(invited, "/logga-ut")
    assert set(current_session().scalars(select(FailedSignIn.count))) == {0}


def test_the_count_starts_anew_each_hour(invited: FlaskClient) -> None:
    for _ in range(10):
        try_to_sign_in(invited, password="fel")
    with transaction() as session:
        session.execute(update(FailedSignIn).values(hour=real_now() - timedelta(hours=1)))
    assert try_to_sign_in(invited).status_code == 303


def test_twenty_guesses_at_once_cannot_pass_the_limit(app: Flask) -> None:
    at = real_now()

    def guess(_: int) -> bool:
        try:
            with app.app_context(), transaction():
                count_attempt(EMAIL, "192.0.2.1", real_now=at)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(20) as guessers:
        assert sum(guessers.map(guess, range(20))) == 10


def test_a_session_brought_along_is_not_the_one_that_is_signed_in(app: Flask, invited: FlaskClient) -> None:
    sign_in(invited, "Kanslichef")
    with invited.session_transaction() as session:
        planted = dict(session)
    attacker, victim = app.test_client(), app.test_client()
    for browser in (attacker, victim):
        with browser.session_transaction() as session:
            session["planted"] = "yes"
    submit(victim, "/logga-in", {"email": EMAIL, "password": PASSWORD})
    with victim.session_transaction() as session:
        assert "planted" not in session
        assert session["sign_in"] != planted["sign_in"]
    assert not is_signed_in(attacker)


def test_signing_in_again_ends_the_session_that_the_browser_had(app: Flask, invited: FlaskClient) -> None:
    try_to_sign_in(invited)
    earlier = invited.get_cookie("session")
    assert earlier is not None
    try_to_sign_in(invited)
    thief = app.test_client()
    thief.set_cookie("session", earlier.value)
    assert is_signed_in(invited)
    assert not is_signed_in(thief)


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, invited: FlaskClient) -> None:
    try_to_sign_in(invited)
    thief = app.test_client()
    cookie = invited.get_cookie("session")
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    assert is_signed_in(thief)
    submit(invited, "/logga-ut")
    assert not is_signed_in(thief)


def test_a_deactivated_person_is_out_at_the_next_click(client: FlaskClient, kanslichef: Person) -> None:
    sign_in(client, "Kanslichef")
    assert is_signed_in(client)
    with transaction():
        deactivate(kanslichef.id, by=INSTALLER, now=real_now())
    assert not is_signed_in(client)


def test_a_new_password_ends_the_sessions_of_the_old_one(app: Flask, client: FlaskClient, link: str) -> None:
    elsewhere = sign_in(app.test_client(), "Kanslichef")
    submit(client, link, {"password": PASSWORD, "confirm": PASSWORD})
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("started", "seen", "lasts"),
    [
        (timedelta(hours=19, minutes=59), timedelta(hours=7, minutes=59), True),
        (timedelta(hours=9), timedelta(hours=8), False),
        (timedelta(hours=20), timedelta(minutes=1), False),
    ],
)
def test_a_session_lasts_eight_idle_hours_and_twenty_in_all(
    client: FlaskClient, started: timedelta, seen: timedelta, lasts: bool
) -> None:
    sign_in(client, "Kanslichef")
    with transaction() as session:
        session.execute(update(SignIn).values(started_at=real_now() - started, seen_at=real_now() - seen))
    assert is_signed_in(client) is lasts


def test_a_session_in_use_stays_in_use(client: FlaskClient) -> None:
    sign_in(client, "Kanslichef")
    with transaction() as session:
        session.execute(update(SignIn).values(seen_at=real_now() - timedelta(hours=7)))
    client.get("/sa-fungerar-det")
    seen = current_session().scalars(select(SignIn.seen_at)).one()
    assert real_now() - seen < timedelta(minutes=1)


def test_a_page_knows_how_long_its_visitor_stays_signed_in_and_may_ask_for_more(client: FlaskClient) -> None:
    sign_in(client, "Kanslichef")
    with transaction() as session:
        session.execute(update(SignIn).values(seen_at=real_now() - timedelta(minutes=4)))
    assert seconds_left(client.get("/sa-fungerar-det")) <= EIGHT_HOURS - 240
    stayed = submit(client, "/logga-in/fortsatt")
    assert stayed.status_code == 204
    assert seconds_left(stayed) > EIGHT_HOURS - 60


def seconds_left(response: TestResponse) -> int:
    return int(response.headers["X-Session-Seconds"])


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")
def test_a_frozen_calendar_does_not_make_sessions_immortal(client: FlaskClient) -> None:
    sign_in(client, "Kanslichef")
    with transaction() as session:
        session.execute(update(SignIn).values(seen_at=real_now() - timedelta(hours=8)))
    assert not is_signed_in(client)


def test_htmx_is_sent_to_sign_in_as_a_whole_page_and_back_to_where_it_was(client: FlaskClient) -> None:
    shown = {"HX-Request": "true", "HX-Current-URL": "http://localhost/personer?sida=2"}
    response = client.get("/personer", headers=shown)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/logga-in?next=/personer?sida%3D2"
    assert response.get_data() == b""


def test_in_the_demo_one_picks_a_function(client: FlaskClient) -> None:
    chef = person("Socialchef")
    start_demo_calendar()
    page = client.get("/logga-in").get_data(as_text=True)
    assert "Välj en funktion i exempelkommunen" in page
    assert "Socialchef" in page
    assert (
        submit(client, "/logga-in/demo", {"person": chef.id, "next": "/tillganglighet"}).location == "/tillganglighet"
    )
    assert "Demoläge – alla initiativ är påhittade." in client.get("/tillganglighet").get_data(as_text=True)
    assert is_signed_in(client)


def test_outside_the_demo_nobody_gets_in_without_a_password(client: FlaskClient) -> None:
    chef = person("Socialchef")
    assert "Välj en funktion" not in client.get("/logga-in").get_data(as_text=True)
    assert submit(client, "/logga-in/demo", {"person": chef.id}).status_code == 404
    assert not is_signed_in(client)


def test_a_deactivated_person_cannot_be_picked_in_the_demo(client: FlaskClient, kanslichef: Person) -> None:
    start_demo_calendar()
    with transaction():
        deactivate(kanslichef.id, by=INSTALLER, now=real_now())
    assert submit(client, "/logga-in/demo", {"person": kanslichef.id}).status_code == 404
    assert not is_signed_in(client)


def test_an_empty_database_says_how_the_first_person_is_made(client: FlaskClient, runner: FlaskCliRunner) -> None:
    assert "flask --app wsgi person add" in client.get("/logga-in").get_data(as_text=True)
    made = runner.invoke(args=["person", "add", EMAIL, "--function", "Kommundirektör", "--role", "chair"])
    link = made.stdout.splitlines()[-1].removeprefix("http://127.0.0.1:5000")
    submit(client, link, {"password": PASSWORD, "confirm": PASSWORD})
    assert is_signed_in(client)
    assert "flask --app wsgi" not in client.get("/logga-in", follow_redirects=False).get_data(as_text=True)


def test_a_new_address_closes_the_function_to_whoever_had_it(invited: FlaskClient, kanslichef: Person) -> None:
    try_to_sign_in(invited)
    with transaction():
        old_link = f"/valkommen/{invite(kanslichef.id, by=INSTALLER, real_now=real_now())}"
    with transaction():
        version = person("Kanslichef").version
        edit_person(kanslichef.id, {"email": "ny@kommunen.se"}, version=version, by=INSTALLER, now=real_now())
    assert not is_signed_in(invited)
    assert try_to_sign_in(invited, "ny@kommunen.se").status_code == 422
    assert invited.get(old_link).status_code == 404


def test_whoever_changes_their_own_address_stays_signed_in(app: Flask) -> None:
    administrator = sign_in(app.test_client(), "Administratör")
    one = person("Administratör")
    changed = {"function": one.function, "role": "admin", "email": "it@kommunen.se", "version": one.version}
    assert submit(administrator, f"/personer/{one.id}", changed).status_code == 303
    assert "it@kommunen.se" in administrator.get("/personer").get_data(as_text=True)

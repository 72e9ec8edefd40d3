"""Utskick: what those who administer the product see of the letters, and what they can do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from portfolio.base.db import current_session, transaction
from portfolio.base.time import real_now
from portfolio.letters.jobs import send_all
from portfolio.letters.models import Letter
from portfolio.mail.post import SMTPPost
from portfolio.people.actions.persons import edit_person
from portfolio.people.models import Person
from portfolio.reminders.models import Reminder
from tests.cast import INSTALLER, actor, person, sign_in, submit
from tests.letters.municipality import NOW, letters, make_letters, office
from tests.letters.smtp_server import MailServer
from tests.make import make_demo
from tests.pages.screen import Screen


@pytest.fixture
def administrator(app: Flask, client: FlaskClient) -> FlaskClient:
    """The Administratör at the browser."""
    return sign_in(client, "Administratör")


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that does as it is told."""
    with MailServer() as running:
        yield running


def send(server: MailServer) -> None:
    send_all(office(SMTPPost(server.url, timeout=1)))


def refuse(server: MailServer, *numbers: int) -> None:
    for one in numbers:
        server.refused[f"chef{one}@kommunen.example"] = "550 no such user"


def test_letters_that_were_refused_stand_first_with_the_servers_answer(
    administrator: FlaskClient, server: MailServer
) -> None:
    make_letters(5)
    refuse(server, 2, 4)
    send(server)
    page = Screen(administrator.get("/utskick"))
    assert "2 brev kunde inte skickas" in page.text
    assert "Kunde inte skickas (2)" in page.text
    assert "Mejlservern svarade 550: no such user" in page.text
    assert "Chef 2" in page.text
    assert "Chef 3" not in page.text
    assert "Skickade (3)" in page.text
    assert "Chef 3" in Screen(administrator.get("/utskick?visa=skickade")).text


def test_a_letter_that_failed_is_sent_when_somebody_asks_for_it(
    administrator: FlaskClient, server: MailServer
) -> None:
    make_letters(1)
    refuse(server, 1)
    send(server)
    [letter] = letters()
    server.refused.clear()
    assert submit(administrator, f"/utskick/{letter.id}/igen").status_code == 303
    with transaction() as session:  # the tests' calendar is not the machine's
        session.execute(update(Letter).values(next_at=NOW))
    send(server)
    assert [one.state for one in letters()] == ["sent"]
    again = submit(administrator, f"/utskick/{letter.id}/igen", follow_redirects=True)
    assert "Brevet är redan skickat eller på väg." in Screen(again).text


def test_a_letter_that_failed_can_be_given_up(administrator: FlaskClient, server: MailServer) -> None:
    make_letters(1)
    refuse(server, 1)
    send(server)
    [letter] = letters()
    assert submit(administrator, f"/utskick/{letter.id}/avskriv").status_code == 303
    page = Screen(administrator.get("/utskick?visa=avskrivna"))
    assert "Avskrivet av Administratör." in page.text
    assert "0 brev kunde inte skickas" in page.text
    assert submit(administrator, "/utskick/finns-inte/igen").status_code == 404


def test_an_address_that_bounces_is_shown_until_it_is_changed(administrator: FlaskClient, server: MailServer) -> None:
    make_letters(1)
    refuse(server, 1)
    send(server)
    [one] = current_session().query(Person).where(Person.bounced_at.is_not(None)).all()
    page = Screen(administrator.get("/utskick"))
    assert "Adresser som inte tar emot brev" in page.text
    assert page.links["Chef 1"] == f"/personer/{one.id}"
    with transaction():
        edit_person(one.id, {"function": "Ekonomichef"}, version=one.version, by=INSTALLER, now=NOW)
    assert "Adresser som inte tar emot brev" in Screen(administrator.get("/utskick")).text
    with transaction():
        edit_person(one.id, {"email": "ny@kommunen.example"}, version=2, by=INSTALLER, now=NOW)
    assert "Adresser som inte tar emot brev" not in Screen(administrator.get("/utskick")).text


def test_whoever_administers_the_product_is_told_on_every_page_and_nobody_else(
    app: Flask, administrator: FlaskClient, server: MailServer
) -> None:
    make_letters(3)
    server.faults["RCPT"] = ["450 later"] * 3
    send(server)
    with transaction() as session:
        session.execute(update(Letter).values(next_at=real_now() + timedelta(days=2)))
    page = Screen(administrator.get("/personer"))
    assert "3 brev kunde inte skickas. Vi försöker igen 20" in page.text
    assert page.links["Visa vilka."] == "/utskick?visa=ko"
    other = sign_in(app.test_client(), "Socialchef")
    assert "brev kunde inte" not in Screen(other.get("/initiativ")).text


def test_only_those_who_manage_people_may_see_it(app: Flask) -> None:
    for function, status in (("Portföljkoordinator", 403), ("Kommundirektör", 200), ("Administratör", 200)):
        assert sign_in(app.test_client(), function).get("/utskick").status_code == status


def test_reminders_that_became_no_letter_are_shown_with_the_reason(administrator: FlaskClient) -> None:
    one = person("Kanslichef")
    with transaction() as session:
        matter = {"rule": "start_soon", "subject": "initiative/FI-011", "period": "2027-W02", "due_at": NOW}
        row = matter | {"person_id": one.id, "state": "suppressed", "reason": "regeln är avstängd", "created_at": NOW}
        session.execute(insert(Reminder), [row])
    page = Screen(administrator.get("/utskick?visa=utan-brev"))
    assert "Kanslichef FI-011 Inget brev" in page.text
    assert "regeln är avstängd" in page.text


def test_a_long_list_has_pages(administrator: FlaskClient, server: MailServer) -> None:
    make_letters(120)
    page = Screen(administrator.get("/utskick?visa=ko&sida=2"))
    assert "51–100 av 120" in page.text
    assert page.links["Nästa"] == "/utskick?visa=ko&sida=3"
    assert Screen(administrator.get("/utskick?visa=hittepå&sida=-1")).code == 200


def give_address() -> str:
    me = actor("Administratör")
    with transaction() as session:
        session.execute(update(Person).where(Person.id == me.person_id).values(email="it@kommunen.example"))
    return "it@kommunen.example"


def test_a_test_letter_without_an_address_says_so(administrator: FlaskClient) -> None:
    page = Screen(submit(administrator, "/utskick/prov", follow_redirects=True))
    assert "Personen har ingen e-postadress." in page.text


def test_a_test_letter_goes_the_same_way_as_the_others(administrator: FlaskClient, letterbox: Path) -> None:
    give_address()
    page = Screen(submit(administrator, "/utskick/prov", follow_redirects=True))
    assert "Provbrevet till it@kommunen.example är lämnat till mejlservern." in page.text
    [written] = letterbox.glob("prov-*.eml")
    assert b"To: \r\n =?utf-8?b?QWRtaW5pc3RyYXTDtnI=?=\r\n <it@kommunen.example>" in written.read_bytes()


@pytest.mark.environment(MAIL_URL="smtp://127.0.0.1:1")
def test_a_test_letter_that_nobody_takes_shows_why(administrator: FlaskClient) -> None:
    give_address()
    page = Screen(submit(administrator, "/utskick/prov", follow_redirects=True))
    assert "Provbrevet till it@kommunen.example kunde inte skickas. Mejlservern kunde inte nås" in page.text


@pytest.mark.environment(MAIL_URL="smtp://127.0.0.1:1")
def test_the_demo_sends_nothing_to_a_mail_server(app: Flask, client: FlaskClient, server: MailServer) -> None:
    make_demo()
    make_letters(2)
    send(server)
    assert server.connections == 0
    assert {(letter.state, letter.error) for letter in letters()} == {("cancelled", "Demoläge: inga brev skickas.")}
    page = sign_in(client, "Kommundirektör")
    assert "Demoläge: inga brev skickas." in Screen(page.get("/utskick")).text

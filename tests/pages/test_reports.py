"""Lämna lägesrapport: one question, two taps, and what the others see of it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.base.time import real_now
from portfolio.initiatives.actions import editing
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.outbox.queries import newest_seq
from portfolio.people import queries as people_queries
from portfolio.people.actions.invitations import choose_password, invite
from portfolio.people.actions.persons import edit_person
from portfolio.reports import actions
from portfolio.reports.rules import Given, ReportState
from portfolio.web.passwords import hash_password
from tests.cast import actor, look_again, person, sign_in, submit
from tests.make import CHAIR, NOW, make_initiative, make_unit
from tests.pages.screen import Screen, look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())


@pytest.fixture
def code(app: Flask) -> str:
    """An ongoing initiative of the Kanslichef's."""
    make_unit("KLF", limit=4)
    person("Kanslichef")
    return make_initiative("E-arkiv", status="ongoing", start="2026-W46", weeks=6, impacts={"KLF": 2})


@pytest.fixture
def owner(code: str, client: FlaskClient) -> FlaskClient:
    """The Kanslichef, signed in."""
    return sign_in(client, "Kanslichef")


def told(code: str, state: str, *, text: str = "Vi tar in en konsult.", help: str = "", now: datetime = NOW) -> None:
    with transaction():
        actions.report(code, Given(ReportState(state), text, help), by=actor("Kanslichef"), now=now)
    look_again()


def send(client: FlaskClient, code: str, **fields: str) -> Screen:
    return Screen(submit(client, f"/initiativ/{code}/lagesrapport", fields, follow_redirects=True))


# S2-11
def test_one_answer_is_enough_and_the_thanks_say_when_the_next_is_due(owner: FlaskClient, code: str) -> None:
    page = send(owner, code, state="on_track")
    assert "Tack. Nästa gång: 11 december 2026." in page.text
    assert "Enligt plan Kanslichef, 2026-11-23 kl. 08.00" in page.text


# S2-15
def test_whoever_asks_for_help_is_told_when_it_is_taken_up_and_shown_the_agenda(
    owner: FlaskClient, code: str
) -> None:
    page = send(owner, code, state="on_track", help="Vi saknar jurist")
    assert "Det ni behöver hjälp med tas upp på mötet tisdag 24 november." in page.text
    assert page.links["Öppna dagordningen"] == "/dagordning/2026-11-24"
    assert "Vi saknar jurist" in look(owner, "/dagordning/2026-11-24").text
    assert "tas upp på mötet" not in send(owner, code, state="on_track").text


def test_the_page_asks_one_question_with_four_answers(owner: FlaskClient, code: str) -> None:
    page = look(owner, f"/initiativ/{code}/lagesrapport")
    for word in ("Hur går det?", "På väg enligt plan", "Behöver bevakas", "Behöver beslut", "Inget nytt"):
        assert word in page.text
    assert page.boxes[f"/initiativ/{code}/lagesrapport"].get("state") is None, "nothing is chosen for anybody"


def test_reading_the_page_changes_nothing(owner: FlaskClient, code: str) -> None:
    before = newest_seq()
    assert owner.get(f"/initiativ/{code}/lagesrapport?state=on_track").status_code == 200
    assert owner.head(f"/initiativ/{code}/lagesrapport").status_code == 200
    look_again()
    assert newest_seq() == before


def test_what_was_typed_stays_when_something_is_wrong(owner: FlaskClient, code: str) -> None:
    page = send(owner, code, state="watch", help="En jurist", forecast_end_week="snart")
    assert page.code == 422
    assert "Skriv veckan, till exempel v. 7" in page.text
    boxes = page.boxes[f"/initiativ/{code}/lagesrapport"]
    assert (boxes["state"], boxes["help"], boxes["forecast_end_week"]) == ("watch", "En jurist", "snart")
    page = send(owner, code, state="watch", help="En jurist")
    assert page.code == 422
    assert "Skriv vad ni gör åt det." in page.text
    assert page.boxes[f"/initiativ/{code}/lagesrapport"]["help"] == "En jurist"


def test_no_answer_and_a_wrong_one_are_refused_at_the_question(owner: FlaskClient, code: str) -> None:
    assert "Välj hur det går." in send(owner, code).text
    assert send(owner, code, state="fint").code == 422
    assert "Det här är den första lägesrapporten. Välj hur det går." in send(owner, code, state="nothing_new").text
    assert initiative_by_code(code).reported_at is None


def test_nothing_new_says_what_still_holds(owner: FlaskClient, code: str) -> None:
    told(code, "watch", now=NOW - timedelta(days=20))
    assert "Inget nytt Fortfarande: Behöver bevakas" in look(owner, f"/initiativ/{code}/lagesrapport").text
    page = send(owner, code, state="nothing_new")
    assert "Behöver bevakas Kanslichef, 2026-11-23 kl. 08.00 Vi tar in en konsult." in page.text


def test_the_page_of_the_initiative_keeps_the_earlier_reports(owner: FlaskClient, code: str) -> None:
    told(code, "on_track", text="Allt är lugnt.", now=NOW - timedelta(days=20))
    told(code, "watch")
    text = look(owner, f"/initiativ/{code}").text
    assert "Tidigare lägesrapporter Kanslichef, 2026-11-03 kl. 08.00 Enligt plan Allt är lugnt." in text


def test_a_forecast_may_be_written_as_a_week_of_this_winter(owner: FlaskClient, code: str) -> None:
    make_initiative(status="ongoing", start="2027-W02", weeks=4, impacts={"KLF": 3})
    page = send(owner, code, state="on_track", forecast_end_week="v. 2")
    assert "Prognosen gör att taket överskrids." in page.text
    assert "räknar med att initiativet blir klart vecka 2 2027" in page.text


def test_an_old_report_is_told_as_unknown_and_never_as_good(owner: FlaskClient, code: str) -> None:
    told(code, "on_track", text="Allt är lugnt.", now=NOW - timedelta(days=15))
    page = look(owner, f"/initiativ/{code}")
    assert "Lägesrapport Uppgift saknas" in page.text
    assert "r-on_track" not in page.html
    listed = look(owner, "/initiativ")
    assert "Uppgift saknas" in listed.text
    assert "r-on_track" not in listed.html


@pytest.mark.parametrize(("state", "word"), [("on_track", "Enligt plan"), ("needs_decision", "Behöver beslut")])
def test_the_list_shows_and_finds_how_it_goes(owner: FlaskClient, code: str, state: str, word: str) -> None:
    make_initiative("Kundcenter", status="ongoing", start="2026-W46")
    make_initiative("Bara ett förslag", status="proposed")
    told(code, state)
    assert word in look(owner, "/initiativ").text
    found = look(owner, f"/initiativ?state={state}")
    assert "1 träff" in found.text
    assert "E-arkiv" in found.text
    unknown = look(owner, "/initiativ?state=unknown")
    assert "Kundcenter" in unknown.text
    assert "E-arkiv" not in unknown.text
    assert "Bara ett förslag" not in unknown.text


def test_the_list_puts_first_what_needs_a_decision_and_then_what_nobody_knows(owner: FlaskClient, code: str) -> None:
    make_initiative("Kundcenter", status="ongoing", start="2026-W46")
    make_initiative("Praktik", status="decided", start="2027-W10")
    told(code, "needs_decision")
    text = look(owner, "/initiativ?sort=state").text
    assert text.index("E-arkiv") < text.index("Kundcenter") < text.index("Praktik")


def test_the_list_as_a_file_tells_how_it_goes(owner: FlaskClient, code: str) -> None:
    told(code, "watch")
    lines = owner.get("/initiativ/export.csv").data.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Läge")
    assert lines[1].endswith("Behöver bevakas")


def test_a_medarbetare_sees_no_report(app: Flask, code: str, client: FlaskClient) -> None:
    told(code, "needs_decision", help="Vi saknar jurist.")
    reader = sign_in(client, "Medarbetare")
    for address in (f"/initiativ/{code}", "/initiativ", "/initiativ?state=needs_decision", "/initiativ/export.csv"):
        page = reader.get(address).get_data(as_text=True)
        assert "Behöver beslut" not in page
        assert "jurist" not in page
    assert reader.get(f"/initiativ/{code}/lagesrapport").status_code == 403


@pytest.mark.parametrize(("status", "answer"), [("proposed", 404), ("in_preparation", 404), ("ongoing", 200)])
def test_a_medarbetare_who_owns_a_proposal_is_not_told_of_it_here_either(
    app: Flask, client: FlaskClient, status: str, answer: int
) -> None:
    person("Medarbetare")
    code = make_initiative("E-arkiv", status=status, start="2026-W46", owner="Medarbetare")
    page = sign_in(client, "Medarbetare").get(f"/initiativ/{code}/lagesrapport")
    assert (page.status_code, "E-arkiv" in page.text) == (answer, answer == 200)
    assert client.get(f"/initiativ/{code}").status_code == answer


def test_the_delegate_reports_and_the_page_says_who_that_is(app: Flask, code: str, client: FlaskClient) -> None:
    delegate = person("Projektledare")
    with transaction():
        editing.edit(code, {"delegate": delegate}, version=None, by=CHAIR, now=NOW)
    sign_in(client, "Projektledare")
    page = look(client, f"/initiativ/{code}")
    assert "Projektledare Projektledare" in page.text
    assert page.links["Lämna lägesrapport"] == f"/initiativ/{code}/lagesrapport"
    assert "Tack." in send(client, code, state="on_track").text


def test_the_owner_chooses_the_delegate_on_the_form(owner: FlaskClient, code: str) -> None:
    person("Projektledare")
    boxes = look(owner, f"/initiativ/{code}/andra").boxes["proposal"]
    page = Screen(
        submit(owner, f"/initiativ/{code}/andra", boxes | {"delegate": "Projektledare"}, follow_redirects=True)
    )
    assert "ändrade projektledaren" in page.text
    kept = look(owner, f"/initiativ/{code}/andra").boxes["proposal"]
    assert kept["delegate"] == "Projektledare"
    wrong = Screen(submit(owner, f"/initiativ/{code}/andra", kept | {"delegate": "Någon annan"}))
    assert (wrong.code, "Välj en projektledare i listan." in wrong.text) == (422, True)


def test_what_is_over_needs_no_report(app: Flask, client: FlaskClient) -> None:
    done = make_initiative("E-arkiv", status="closed", start="2026-W20", weeks=4)
    sign_in(client, "Kommundirektör")
    page = look(client, f"/initiativ/{done}/lagesrapport")
    assert "Här behövs ingen lägesrapport. Initiativet är i läget Stängd." in page.text
    assert "/lagesrapport" not in look(client, f"/initiativ/{done}").html
    assert send(client, done, state="on_track").code == 409


def test_from_the_mail_by_sign_in_to_the_form_and_done(app: Flask, code: str, client: FlaskClient) -> None:
    """The link in a mail leads to the form, also for one who must sign in first."""
    address = f"/initiativ/{code}/lagesrapport"
    owner = person("Kanslichef")
    with transaction():
        edit_person(owner.id, {"email": "kansli@demo.example"}, version=1, by=CHAIR, now=NOW)
        token = invite(owner.id, by=CHAIR, real_now=real_now())
    with transaction():
        choose_password(token, hash_password("korrekt häst batteri"), real_now=real_now())
    door = client.get(address)
    assert door.status_code == 302
    sign_in_page = look(client, door.location)
    boxes = next(boxes for boxes in sign_in_page.boxes.values() if "password" in boxes)
    entered = client.post(
        "/logga-in", data=boxes | {"email": "kansli@demo.example", "password": "korrekt häst batteri"}
    )
    assert (entered.status_code, entered.location) == (303, address)
    assert people_queries.person(owner.id).function == "Kanslichef"
    assert "Tack." in send(client, code, state="on_track").text


def test_nobody_else_is_offered_the_form(app: Flask, code: str, client: FlaskClient) -> None:
    sign_in(client, "Socialchef")
    assert "/lagesrapport" not in look(client, f"/initiativ/{code}").html
    assert client.get(f"/initiativ/{code}/lagesrapport").status_code == 403
    assert client.get("/initiativ/FI-999/lagesrapport").status_code == 404

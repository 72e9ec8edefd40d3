"""The administrator lets people in, changes what they may do, and takes them out."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound, NotPermitted, Stale
from portfolio.base.time import real_now
from portfolio.outbox.queries import first_broken_event, history_of
from portfolio.people import queries
from portfolio.people.actions.invitations import invite
from portfolio.people.actions.persons import add_person, deactivate, edit_person
from portfolio.people.actions.tokens import create_token, revoke_token
from portfolio.people.models import Absence, Person
from portfolio.people.rules import Actor, Role
from portfolio.units.models import UnitRow
from tests.cast import INSTALLER, actor, person, sign_in, submit

NEW = {"function": "Måltidschef", "email": "Mat@Kommunen.se", "role": "receiver", "unit": "SOC"}


@pytest.fixture
def administrator(app: Flask, client: FlaskClient) -> FlaskClient:
    """The Administratör at the browser, in a municipality with one unit."""
    with transaction() as session:
        session.add(UnitRow(code="SOC", name="Socialförvaltningen", kind="forvaltning"))
    return sign_in(client, "Administratör")


def test_the_administrator_adds_a_person_and_is_given_the_link_once(app: Flask, administrator: FlaskClient) -> None:
    assert submit(administrator, "/personer", NEW).status_code == 303
    page = administrator.get("/personer").get_data(as_text=True)
    assert "Måltidschef är tillagd." in page
    assert "mat@kommunen.se" in page
    link = re.search(r"http://127\.0\.0\.1:5000(/valkommen/[\w-]{43})", page)
    assert link is not None
    assert app.test_client().get(link[1]).status_code == 200
    assert "/valkommen/" not in administrator.get("/personer").get_data(as_text=True)


def test_what_was_done_to_a_person_stands_in_the_log_without_the_address(administrator: FlaskClient) -> None:
    submit(administrator, "/personer", NEW)
    one = queries.find_person("måltidschef")
    assert one is not None
    edited = NEW | {"role": "member", "email": "kost@kommunen.se", "version": one.version}
    assert submit(administrator, f"/personer/{one.id}", edited).status_code == 303
    events = history_of("person/Måltidschef")
    assert [event.type for event in events] == ["person.edited", "person.added"]
    assert {event.actor for event in events} == {"Administratör"}
    assert '"role": ["receiver", "member"]' in events[0].data
    assert not any("@" in event.text for event in events)
    assert first_broken_event() is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"function": " "}, "Fyll i det här fältet."),
        ({"email": "mat"}, "Skriv en e-postadress"),
        ({"role": "king"}, "Välj något av"),
        ({"unit": "XYZ"}, "Det finns ingen enhet med koden XYZ."),
        ({"function": "ADMINISTRATÖR"}, "Funktionen ADMINISTRATÖR har redan någon."),
        ({"function": "Mat\x00chef"}, "Ta bort tecken som inte går att visa."),
        ({"function": "x" * 121}, "Skriv högst 120 tecken."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    administrator: FlaskClient, wrong: dict[str, str], message: str
) -> None:
    page = submit(administrator, "/personer", NEW | wrong)
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert message in text
    assert (NEW | wrong)["email"] in text
    assert len(queries.persons()) == 1


def test_markup_in_a_function_is_shown_as_text(administrator: FlaskClient) -> None:
    submit(administrator, "/personer", NEW | {"function": '"><img src=x onerror=alert(1)>{{7*7}}'})
    page = administrator.get("/personer").get_data(as_text=True)
    assert "<img src=x" not in page
    assert "{{7*7}}" in page


def test_an_address_belongs_to_one_person(administrator: FlaskClient) -> None:
    submit(administrator, "/personer", NEW)
    page = submit(administrator, "/personer", NEW | {"function": "Kostchef"})
    assert page.status_code == 422
    assert "används redan av Måltidschef" in page.get_data(as_text=True)


def test_nobody_overwrites_a_change_that_they_have_not_seen(administrator: FlaskClient) -> None:
    one = person("Medarbetare")
    form = {"function": "Medarbetare", "role": "reader", "version": 1}
    assert submit(administrator, f"/personer/{one.id}", form | {"unit": "SOC"}).status_code in (303, 422)
    with transaction():
        edit_person(one.id, {"role": Role.REGISTRAR}, version=one.version, by=INSTALLER, now=real_now())
    stale = submit(administrator, f"/personer/{one.id}", form)
    assert stale.status_code == 412
    assert "ändrades nyss av någon annan" in stale.get_data(as_text=True)
    assert queries.person(one.id).role == Role.REGISTRAR


def test_saving_without_a_change_is_no_event(app: Flask) -> None:
    one = person("Medarbetare")
    with transaction():
        same = edit_person(one.id, {"role": Role.READER}, version=1, by=INSTALLER, now=real_now())
        assert same.version == 1
    assert len(history_of("person/Medarbetare")) == 1


def test_a_changed_role_holds_at_the_next_click(app: Flask, client: FlaskClient) -> None:
    one = person("Registrator")
    sign_in(client, "Registrator")
    assert client.get("/personer").status_code == 403
    with transaction():
        edit_person(one.id, {"role": Role.ADMIN}, version=1, by=INSTALLER, now=real_now())
    assert client.get("/personer").status_code == 200


def test_a_deactivated_person_leaves_the_function_free_and_no_address_behind(administrator: FlaskClient) -> None:
    submit(administrator, "/personer", NEW)
    first = queries.find_person("Måltidschef")
    assert first is not None
    assert submit(administrator, f"/personer/{first.id}/ta-bort").status_code == 303
    assert submit(administrator, "/personer", NEW).status_code == 303
    gone = queries.person(first.id)
    assert (gone.active, gone.email, gone.password_hash) == (False, None, None)
    second = queries.find_person("mat@kommunen.se")
    assert second is not None
    assert second.id != first.id


def test_nobody_locks_themselves_out(administrator: FlaskClient) -> None:
    myself = actor("Administratör").person_id
    page = submit(administrator, f"/personer/{myself}/ta-bort")
    assert page.status_code == 422
    assert "Du kan inte ta bort dig själv." in page.get_data(as_text=True)
    assert administrator.get("/personer").status_code == 200


def test_a_new_link_needs_an_address(administrator: FlaskClient) -> None:
    one = person("Medarbetare")
    page = submit(administrator, f"/personer/{one.id}/lank")
    assert page.status_code == 422
    assert "Ange en e-postadress först." in page.get_data(as_text=True)


@pytest.mark.parametrize("function", ["Socialchef", "Portföljkoordinator", "Medarbetare"])
def test_only_those_who_administer_manage_people_and_tokens(app: Flask, function: str) -> None:
    by, one = actor(function), person("Registrator")
    attempts = [
        lambda: add_person(function="X", role=Role.CHAIR, by=by, now=real_now()),
        lambda: edit_person(one.id, {"role": Role.CHAIR}, version=1, by=by, now=real_now()),
        lambda: deactivate(one.id, by=by, now=real_now()),
        lambda: invite(one.id, by=by, real_now=real_now()),
        lambda: create_token("X", Role.CHAIR, by=by, now=real_now()),
        lambda: revoke_token("X", by=by, now=real_now()),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermitted), transaction():
            attempt()
    assert queries.person(one.id).role == Role.REGISTRAR
    assert not queries.tokens()


def test_a_deactivated_person_is_not_there_to_change(app: Flask) -> None:
    one = person("Registrator")
    with transaction():
        deactivate(one.id, by=INSTALLER, now=real_now())
    with pytest.raises(NotFound), transaction():
        edit_person(one.id, {"role": Role.CHAIR}, version=2, by=INSTALLER, now=real_now())


def test_persons_stand_in_swedish_order(app: Flask) -> None:
    with transaction():
        for function in ("Överförmyndare", "Zoochef", "Ärendechef", "åkerichef", "Arkivarie"):
            add_person(function=function, role=Role.READER, by=INSTALLER, now=real_now())
    names = [one.function for one in queries.persons()]
    assert names == ["Arkivarie", "Zoochef", "åkerichef", "Ärendechef", "Överförmyndare"]
    assert [one.function for one in queries.holders()] == names


def test_whoever_has_left_stands_last_and_is_not_among_those_who_hold_a_function(app: Flask) -> None:
    one, other = person("Registrator"), person("Socialchef")
    with transaction():
        deactivate(one.id, by=INSTALLER, now=real_now())
    assert [(held.id, held.active) for held in queries.holders()] == [(other.id, True), (one.id, False)]
    assert [queries.actor_of(held) for held in queries.holders(active_only=True)] == [queries.actor_of(other)]


def test_a_token_speaks_for_its_role_until_it_is_revoked(app: Flask) -> None:
    with transaction():
        secret = create_token("ärendesystemet", Role.CHAIR, by=INSTALLER, now=real_now())
    token = queries.good_token(secret)
    assert token is not None
    assert (token.role, token.prefix) == ("chair", secret[:8])
    assert secret not in (token.token_hash, token.name)
    with transaction():
        revoke_token("ärendesystemet", by=INSTALLER, now=real_now())
    assert queries.good_token(secret) is None
    assert [event.type for event in history_of("token/ärendesystemet")] == ["token.revoked", "token.created"]


def test_the_name_of_a_token_is_never_used_again(app: Flask) -> None:
    with transaction():
        create_token("T", Role.READER, by=INSTALLER, now=real_now())
        revoke_token("T", by=INSTALLER, now=real_now())
    with pytest.raises(Invalid), transaction():
        create_token("T", Role.CHAIR, by=INSTALLER, now=real_now())


def test_a_version_that_does_not_hold_names_the_one_that_does(app: Flask) -> None:
    one = person("Registrator")
    with pytest.raises(Stale) as stale, transaction():
        edit_person(one.id, {}, version=7, by=Actor("Kommandorad", Role.ADMIN), now=real_now())
    assert stale.value.current == 1


def test_a_function_may_be_as_long_as_the_form_lets_it(administrator: FlaskClient) -> None:
    longest = "Chef för " + 111 * "x"
    assert submit(administrator, "/personer", NEW | {"function": longest}).status_code == 303
    assert [event.type for event in history_of(f"person/{longest}")] == ["person.added"]


# S4-27
def test_nothing_is_kept_of_anybodys_health_age_or_family() -> None:
    access = {"password_hash", "letter_rhythm", "bounced_at"}
    known = {"id", "version", "function", "email", "role", "unit_id", "max_owned", "active"}
    assert set(Person.__table__.columns.keys()) == known | access
    assert set(Absence.__table__.columns.keys()) == {"id", "person_id", "first_day", "last_day", "substitute_id"}

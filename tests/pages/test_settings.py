"""Inställningar: only those who manage people, and what collides is told at once."""

import json
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.meetings.queries.meetings import upcoming
from portfolio.outbox.queries import newest_event
from portfolio.people import queries as people
from tests.cast import sign_in
from tests.make import NOW, make_standstill
from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

ADDRESS = "/installningar"


def owner_form(function: str) -> str:
    found = people.find_person(function)
    assert found is not None
    return f"{ADDRESS}/agare/{found.id}"


# S1-04
def test_fewer_initiatives_per_owner_is_allowed_and_tells_who_collides(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes[ADDRESS]
    assert (form["municipality"], form["max_owned"], form["drag_weeks"]) == ("Demokommunen", "3", "8")
    page = send(chair, ADDRESS, form | {"max_owned": "1", "municipality": "Norrstad"})
    assert "Inställningarna är sparade. 4 initiativ krockar nu: FI-001, FI-002, FI-006 och FI-010." in page.text
    assert "Kanslichef äger fler initiativ än gränsen vecka 48–4: 2 av 1." in page.text
    current_session().rollback()
    assert the_portfolio().municipality == "Norrstad"


def test_the_meetings_the_reports_and_the_mailbox_are_set_here(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes[ADDRESS]
    assert [form[name] for name in ("report_days", "meeting_weekday", "meeting_rhythm")] == ["14", "2", "weekly"]
    assert (form["meeting_time"], form["contact"]) == ("08:30", "")
    changes = {"report_days": "21", "meeting_weekday": "4", "meeting_time": "9.15", "meeting_rhythm": "odd"}
    page = send(chair, ADDRESS, form | changes | {"contact": "Portfoljen@Norrstad.example"})
    assert "Inställningarna är sparade." in page.text
    current_session().rollback()
    row = the_portfolio()
    assert (row.report_days, row.meeting_weekday, row.meeting_time, row.meeting_rhythm) == (21, 4, "09:15", "odd")
    assert row.contact == "portfoljen@norrstad.example"
    event = newest_event()
    assert (event.type, set(json.loads(event.data)["changes"])) == ("settings.changed", {*changes, "contact"})


def test_the_group_may_meet_on_chosen_days_at_a_place_and_write_a_protocol(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes[ADDRESS]
    assert [form[name] for name in ("meeting_days", "meeting_place", "minutes_form")] == ["", "", "notes"]
    changes = {"meeting_rhythm": "chosen", "meeting_place": "Sessionssalen", "minutes_form": "protocol"}
    page = send(chair, ADDRESS, form | changes | {"meeting_days": "15/12 2026, 2026-12-01\n2026-12-15"})
    assert page.boxes[ADDRESS]["meeting_days"].split("\n") == ["2026-12-01", "2026-12-15"]
    current_session().rollback()
    row = the_portfolio()
    assert (row.meeting_days, row.meeting_place, row.minutes_form) == (
        "2026-12-01 2026-12-15",
        "Sessionssalen",
        "protocol",
    )
    following = upcoming(NOW)
    assert following is not None
    assert (following.day, following.place) == (date(2026, 12, 1), "Sessionssalen")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-12-01 15/12", "”15/12” går inte att läsa. Skriv varje dag som år-månad-dag, till exempel 2026-12-01."),
        ("2026-11-16", "Den 16 november 2026 har redan varit. Välj en kommande dag."),
        ("2026-02-29", "”2026-02-29” går inte att läsa."),
        ("9999-12-31", "”9999-12-31” går inte att läsa."),
        ("2026-12-24", "Den 24 december 2026 är det stängt (julafton). Välj en annan dag."),
        ("2026-12-19", "Den 19 december 2026 är det stängt (lördag). Välj en annan dag."),
        ("2027-07-13", "Den 13 juli 2027 är det stängt (uppehåll). Välj en annan dag."),
        ("", "Skriv vilka dagar ni träffas."),
    ],
)
def test_a_day_that_cannot_be_read_or_met_on_is_told_at_its_field(chair: FlaskClient, typed: str, told: str) -> None:
    make_standstill("2027-W28", "2027-W31")
    changes = {"meeting_rhythm": "chosen", "meeting_days": typed}
    page = send(chair, ADDRESS, look(chair, ADDRESS).boxes[ADDRESS] | changes)
    assert page.code == 422
    assert told in page.text
    assert 'id="meeting_days-error"' in page.html
    assert page.boxes[ADDRESS]["meeting_days"] == typed


def test_a_chosen_day_that_stands_still_since_does_not_hinder_other_settings(chair: FlaskClient) -> None:
    changes = {"meeting_rhythm": "chosen", "meeting_days": "2026-12-01\n2026-12-15"}
    send(chair, ADDRESS, look(chair, ADDRESS).boxes[ADDRESS] | changes)
    make_standstill("2026-W49", "2026-W49")
    page = send(chair, ADDRESS, look(chair, ADDRESS).boxes[ADDRESS] | {"municipality": "Norrstad"})
    assert "Inställningarna är sparade." in page.text
    following = upcoming(NOW)
    assert following is not None
    assert following.day == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("report_days", "3"),
        ("report_days", "365"),
        ("meeting_weekday", "6"),
        ("meeting_time", "24.00"),
        ("meeting_time", "halv nio"),
        ("meeting_rhythm", "ibland"),
        ("minutes_form", "bandinspelning"),
        ("contact", "a@b.example\r\nBcc: x@y.example"),
    ],
)
def test_a_meeting_on_a_saturday_or_a_strange_mailbox_is_refused(chair: FlaskClient, field: str, typed: str) -> None:
    page = send(chair, ADDRESS, look(chair, ADDRESS).boxes[ADDRESS] | {field: typed})
    assert page.code == 422
    assert f'id="{field}-error"' in page.html
    current_session().rollback()
    assert the_portfolio().report_days == 14


def test_one_owner_gets_a_limit_of_their_own(chair: FlaskClient) -> None:
    address = owner_form("Kanslichef")
    page = send(chair, address, look(chair, ADDRESS).boxes[address] | {"max_owned": "1"})
    assert "Gränsen för Kanslichef är sparad. 2 initiativ krockar nu: FI-001 och FI-006." in page.text
    assert page.boxes[address]["max_owned"] == "1"
    back = send(chair, address, page.boxes[address] | {"max_owned": ""})
    assert "att ta ställning till" not in back.text


def test_wrong_figures_are_told_and_stay_where_they_were_typed(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes[ADDRESS]
    page = send(chair, ADDRESS, form | {"drag_weeks": "99", "municipality": ""})
    assert page.code == 422
    assert "Skriv ett heltal mellan 0 och 52." in page.text
    assert page.boxes[ADDRESS]["drag_weeks"] == "99"
    address = owner_form("Kanslichef")
    wrong = send(chair, address, look(chair, ADDRESS).boxes[address] | {"max_owned": "många"})
    assert wrong.code == 422
    assert wrong.boxes[address]["max_owned"] == "många"


@pytest.mark.parametrize("function", ["Socialchef", "Portföljkoordinator", "Medarbetare"])
def test_others_may_not_even_look(demo: Flask, function: str) -> None:
    visitor = sign_in(demo.test_client(), function)
    assert look(visitor, ADDRESS).code == 403
    assert "Inställningar" not in look(visitor, "/").links

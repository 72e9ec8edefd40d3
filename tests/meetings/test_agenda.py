"""The agenda of the ledningsgrupp's next meeting, built from the portfolio as it stands."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import STOCKHOLM
from portfolio.capacity.actions.settings import change_settings
from portfolio.initiatives.actions.triage import triage
from portfolio.initiatives.rules.triage import TriageAnswers
from portfolio.meetings.actions import arranging, holding
from portfolio.meetings.jobs import keep_up_with_the_meetings
from portfolio.meetings.models import MeetingRow
from portfolio.meetings.queries.agenda import Agenda, agenda_of, questions_of
from portfolio.meetings.queries.meetings import moved_to, on, upcoming
from portfolio.meetings.rules.agenda import MOST_QUESTIONS, Change, Matter
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.cast import form_token, sign_in
from tests.make import CHAIR, NOW, make_decision, make_demo, make_standstill
from tests.meetings.held import begin, end
from tests.pages.screen import Screen, look, send

DAY = date(2026, 11, 24)
BEGINS = datetime(2026, 11, 24, 8, 30, tzinfo=STOCKHOLM)
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=STOCKHOLM)
COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR, 1)
MEMBER = Actor("Socialchef", Role.MEMBER, 2)
SIMPLE = TriageAnswers(everyday=False, one_department=True, known_way=True, needed=True)
ADDRESS = "/dagordning/2026-11-24"


@pytest.fixture
def demo(app: Flask) -> Flask:
    make_demo()
    return app


def the_agenda(now: datetime = NOW) -> Agenda:
    current_session().rollback()
    found = upcoming(now)
    assert found is not None
    return agenda_of(found, now)


def meetings() -> Sequence[MeetingRow]:
    return current_session().scalars(select(MeetingRow)).all()


def keys(now: datetime = NOW) -> list[str]:
    return [item.key.split("/")[0] + "/" + (item.codes[0] if item.codes else "") for item in the_agenda(now).items]


def arrange(name: str, *args: object, by: Actor = COORDINATOR, now: datetime = NOW) -> None:
    with transaction():
        getattr(arranging, name)(DAY, *args, by=by, now=now)


def test_the_demo_municipality_has_its_collision_its_call_for_help_and_three_proposals(demo: Flask) -> None:
    assert keys() == ["collision/FI-010", "help/FI-003", "proposal/FI-011", "proposal/FI-012", "proposal/FI-014"]
    told = {item.codes[0]: item.sentence.replace("\u00a0", " ") for item in the_agenda().items}
    assert told["FI-011"].endswith("Tidigast vecka 7.")
    assert told["FI-012"] == "Ryms vecka 10."
    assert told["FI-014"].endswith("Tidigast vecka 11.")
    assert [one.code for one in the_agenda().unready] == ["FI-013", "KF-118"]
    assert [item.codes[0] for item in the_agenda().items if item.matter is Matter.PROPOSAL and not item.missing] == [
        "FI-012"
    ]


def test_once_one_is_started_the_others_are_told_anew(demo: Flask) -> None:
    make_decision("FI-013", "prepare")
    told = {item.codes[0]: item.sentence for item in the_agenda().items}
    assert told["FI-013"].endswith("Tidigast vecka\u00a09.")
    make_decision("FI-011", "start", start_week="2027-W07")
    told = {item.codes[0]: item.sentence for item in the_agenda().items}
    assert "FI-011" not in told
    assert told["FI-013"].endswith("Tidigast vecka\u00a013.")


def test_what_is_simple_is_never_a_proposal_and_is_sorted_anew_if_it_touches_several(demo: Flask) -> None:
    assert "proposal/SOC-04" not in keys()
    make_decision("SOC-04", "defer", until=date(2026, 11, 24))
    assert "returning/SOC-04" not in keys()
    with transaction():
        triage("FI-014", SIMPLE, by=COORDINATOR, now=NOW)
    assert "proposal/FI-014" not in keys()
    assert [one.code for one in the_agenda().unready] == ["FI-013", "FI-014", "KF-118"]
    told = look(sign_in(demo.test_client(), "Portföljkoordinator"), ADDRESS).text
    assert "är sorterat som enkelt men stannar inte i en förvaltning. Sortera det igen." in told


def test_what_is_complex_comes_up_when_its_review_has_come(demo: Flask) -> None:
    assert "review/FI-002" not in keys()
    on_the_day = datetime(2027, 1, 12, 7, tzinfo=STOCKHOLM)
    item = next(item for item in the_agenda(on_the_day).items if item.matter is Matter.REVIEW)
    assert (item.key, item.codes) == ("review/FI-002/2027-01-12", ("FI-002",))
    assert item.sentence.endswith("Avstämningen är bestämd till 12 januari.")


def test_what_is_deferred_beyond_the_meeting_comes_back_on_its_day(demo: Flask) -> None:
    make_decision("FI-012", "defer", until=date(2026, 12, 1))
    assert "proposal/FI-012" not in keys()
    assert "proposal/FI-012" in keys(NOW + timedelta(days=7))


def test_a_paused_initiative_whose_day_has_come_is_taken_up(demo: Flask) -> None:
    make_decision("FI-005", "pause", until=date(2026, 11, 24))
    assert "returning/FI-005" in keys()


def test_there_is_always_a_next_meeting_and_it_is_planned_once(demo: Flask) -> None:
    assert [keep_up_with_the_meetings(NOW), keep_up_with_the_meetings(NOW)] == [1, 0]
    assert stored.told(f"meeting/{DAY}") == ["meeting.planned"]
    current_session().rollback()
    assert [row.starts_at for row in meetings()] == [datetime(2026, 11, 24, 8, 30, tzinfo=STOCKHOLM)]


def test_a_planned_meeting_moves_with_all_that_is_prepared_when_its_week_stands_still(demo: Flask) -> None:
    arrange("ask", "proposal/FI-011", "Vem tar schemat?", by=MEMBER)
    make_standstill("2026-W48", "2026-W48")
    assert keep_up_with_the_meetings(NOW) == 1
    current_session().rollback()
    moved = upcoming(NOW)
    assert moved is not None
    assert (moved.day, len(meetings())) == (date(2026, 12, 1), 1)
    assert [one.text for one in questions_of(moved)["proposal/FI-011"]] == ["Vem tar schemat?"]


def test_the_agenda_freezes_itself_at_noon_the_day_before_and_later_changes_are_marked(demo: Flask) -> None:
    keep_up_with_the_meetings(NOW)
    assert not the_agenda().meeting.frozen
    assert [keep_up_with_the_meetings(MONDAY_NOON), keep_up_with_the_meetings(MONDAY_NOON)] == [1, 0]
    assert {item.change for item in the_agenda(MONDAY_NOON).items} == {None}
    make_decision("FI-011", "start", start_week="2027-W07", now=MONDAY_NOON)
    make_decision("FI-013", "prepare", now=MONDAY_NOON)
    changes = {item.codes[0]: item.change for item in the_agenda(MONDAY_NOON).items if item.codes}
    assert (changes["FI-013"], changes["FI-012"]) == (Change.NEW, None)
    gone = [item.key for item in the_agenda(MONDAY_NOON).items if item.change is Change.GONE]
    assert gone == ["proposal/FI-011"]


def test_the_place_is_what_the_settings_say_until_the_agenda_is_frozen(demo: Flask) -> None:
    keep_up_with_the_meetings(NOW)
    meet_in("Sessionssalen")
    assert the_agenda().meeting.place == "Sessionssalen"
    keep_up_with_the_meetings(MONDAY_NOON)
    meet_in("Rum 4")
    assert the_agenda(MONDAY_NOON).meeting.place == "Sessionssalen"


def meet_in(place: str) -> None:
    with transaction():
        change_settings({"meeting_place": place}, by=CHAIR, now=NOW)


def test_the_coordinator_orders_the_agenda_and_holds_back_what_can_wait(demo: Flask) -> None:
    arrange("move_item", "proposal/FI-014", 1)
    assert keys()[0] == "proposal/FI-014"
    arrange("hold_back", "proposal/FI-012", True)
    assert [item.key for item in the_agenda().items if item.held_back] == ["proposal/FI-012"]
    arrange("hold_back", "proposal/FI-012", False)
    assert not any(item.held_back for item in the_agenda().items)
    told = stored.told(f"meeting/{DAY}")
    assert told == ["meeting.planned", "agenda.item_moved", "agenda.item_held_back", "agenda.item_held_back"]


def test_what_changes_nothing_is_not_told(demo: Flask) -> None:
    arrange("move_item", the_agenda().items[0].key, 1)
    arrange("hold_back", "proposal/FI-012", False)
    assert stored.told(f"meeting/{DAY}") == ["meeting.planned"]


def test_whoever_has_the_agenda_on_paper_sees_what_has_come_and_gone_since(demo: Flask) -> None:
    arrange("add_item", "FI-002", "Hur går det?")
    for key in ("added/FI-002", "proposal/FI-012"):
        arrange("hold_back", key, True)
    collision = the_agenda().items[0].key
    arrange("freeze", now=MONDAY_NOON)
    assert not any(item.change for item in the_agenda(MONDAY_NOON).items)
    for key, held_back in ((collision, True), ("added/FI-002", False), ("proposal/FI-012", False)):
        arrange("hold_back", key, held_back, now=MONDAY_NOON)
    changes = {item.key: item.change for item in the_agenda(MONDAY_NOON).items if item.change}
    assert changes == {collision: Change.HELD_BACK, "added/FI-002": Change.NEW, "proposal/FI-012": Change.NEW}
    arrange("hold_back", collision, False, now=MONDAY_NOON)
    assert the_agenda(MONDAY_NOON).items[0].change is None


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T13:00:00+01:00")
def test_what_is_taken_off_a_sent_agenda_is_named_on_the_page_and_on_paper(demo: Flask) -> None:
    collision = the_agenda().items[0].key
    arrange("freeze", now=MONDAY_NOON)
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    page = post(client, "ordna", item=collision, held_back="1")
    assert "Utgår efter utskick" in page.text
    assert "Utgår efter utskick: Krock" in look(client, f"{ADDRESS}/infor").text


def test_any_open_initiative_can_be_added_once_with_a_reason(demo: Flask) -> None:
    arrange("add_item", "FI-002", "Hur går det med utbildningen?")
    assert "added/FI-002" in keys()
    with pytest.raises(Invalid, match="redan"):
        arrange("add_item", "FI-002", "En gång till")
    with pytest.raises(Invalid, match="inget initiativ"):
        arrange("add_item", "FI-999", "Vad är det?")
    with pytest.raises(Invalid, match="ställning"):
        arrange("add_item", "FI-003", " ")
    make_decision("FI-005", "cancel")
    with pytest.raises(NotAllowedNow):
        arrange("add_item", "FI-005", "Varför?")


@pytest.mark.parametrize("is_ended", [True, False], ids=["ended", "never ended"])
def test_what_was_added_and_not_taken_up_comes_along_to_the_next_meeting_only(demo: Flask, is_ended: bool) -> None:
    for code in ("FI-002", "FI-004"):
        arrange("add_item", code, "Hur går det?")
        arrange("hold_back", f"added/{code}", True)
    hold(DAY, is_ended=is_ended)
    make_decision("FI-004", "cancel", now=BEGINS)
    next_day = BEGINS + timedelta(days=1)
    assert [keep_up_with_the_meetings(next_day), keep_up_with_the_meetings(next_day)] == [1, 0]
    item = the_agenda(next_day).item("added/FI-002")
    assert item is not None
    assert (item.sentence, item.waits) == ("Hur går det?", True)
    assert the_agenda(next_day).item("added/FI-004") is None
    assert stored.told("meeting/2026-12-01") == ["meeting.planned", "agenda.item_carried_over"]
    hold(date(2026, 12, 1), is_ended=True)
    keep_up_with_the_meetings(BEGINS + timedelta(days=8))
    assert stored.told("meeting/2026-12-08") == ["meeting.planned"]


def hold(day: date, *, is_ended: bool) -> None:
    """Begin the meeting of a Tuesday, and perhaps end it."""
    at = datetime(day.year, day.month, day.day, 8, 30, tzinfo=STOCKHOLM)
    with transaction():
        holding.begin(day, by=COORDINATOR, now=at)
    if is_ended:
        with transaction():
            holding.end(day, by=COORDINATOR, now=at)


def test_only_who_leads_the_meeting_orders_it_and_only_the_group_asks(demo: Flask) -> None:
    owner = Actor("Kanslichef", Role.OWNER, 3)
    one = "proposal/FI-011"
    for name, args in (("move_item", (one, 1)), ("hold_back", (one, True)), ("freeze", ())):
        with pytest.raises(NotPermitted):
            arrange(name, *args, by=MEMBER)
    with pytest.raises(NotPermitted):
        arrange("add_item", "FI-002", "Läget?", by=MEMBER)
    with pytest.raises(NotPermitted):
        arrange("ask", "proposal/FI-011", "Varför?", by=owner)
    with pytest.raises(NotFound):
        arrange("ask", "proposal/FI-999", "Varför?", by=MEMBER)
    with pytest.raises(Invalid):
        arrange("ask", "proposal/FI-011", "  ", by=MEMBER)
    current_session().rollback()
    assert meetings() == []


def test_there_is_a_meeting_only_where_one_is(demo: Flask) -> None:
    with pytest.raises(NotFound):
        on(date(2026, 11, 25), NOW)


def post(client: FlaskClient, what: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{what}", {"csrf_token": form_token(client), **fields})


pages = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


@pages
def test_the_page_tells_how_much_there_is_to_decide_and_what_each_decision_leads_to(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Socialchef")
    assert client.get("/dagordning").headers["Location"] == ADDRESS
    page = look(client, ADDRESS)
    assert "5 punkter att besluta" in page.text
    assert "Låses måndag 23 november kl. 12.00." in page.text
    assert "Kommunledningsförvaltningen går över taket vecka 2–6: 7 av 6." in page.text.replace("\u00a0", " ")
    assert "samverkan enligt 11 § MBL" in page.text
    assert "Håll inne" not in page.text
    paper = look(client, f"{ADDRESS}/infor")
    assert "Inför mötet 24 november 2026" in paper.text.replace("\u00a0", " ")
    assert "FI-011 Nytt schema- och frånvarosystem i skolan" in paper.text
    assert [heading for heading in re.findall(r"<h2>(.*?)</h2>", paper.html) if "FI-010" in heading] == []
    assert "Dessa initiativ påverkas: FI-010 Heltid som norm i omsorgen, " in paper.text


@pages
def test_the_page_says_that_the_meeting_goes_on(demo: Flask) -> None:
    with transaction():
        holding.begin(DAY, by=COORDINATOR, now=datetime(2026, 11, 23, 8, tzinfo=STOCKHOLM))
    client = sign_in(demo.test_client(), "Socialchef")
    assert "Mötet pågår (kl. 08.30)." in look(client, ADDRESS).text.replace("\u00a0", " ")


# S1-17
@pages
def test_a_question_is_seen_by_all_and_an_empty_one_is_told_at_its_field(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Socialchef")
    assert post(client, "fraga", item="proposal/FI-011", text="").code == 422
    page = post(client, "fraga", item="proposal/FI-011", text="Vem tar <b>schemat</b>?")
    assert "Socialchef undrar: Vem tar <b>schemat</b>?" in page.text


@pages
def test_nobody_asks_more_than_ten_questions_before_a_meeting(demo: Flask) -> None:
    client, other = (sign_in(demo.test_client(), name) for name in ("Socialchef", "Skolchef"))
    for number in range(MOST_QUESTIONS):
        post(client, "fraga", item="proposal/FI-011", text=f"Fråga {number}?")
    refused = post(client, "fraga", item="proposal/FI-011", text="En till?")
    assert (refused.code, "Du har ställt 10 frågor till mötet." in refused.text) == (422, True)
    assert "Skolchef undrar: En till?" in post(other, "fraga", item="proposal/FI-011", text="En till?").text


@pages
def test_a_question_is_taken_away_by_whoever_asked_it_or_leads_the_meeting(demo: Flask) -> None:
    asker, other, leader = (
        sign_in(demo.test_client(), name) for name in ("Socialchef", "Skolchef", "Portföljkoordinator")
    )

    def withdraw(client: FlaskClient) -> Screen:
        [address] = [at for at in look(leader, ADDRESS).boxes if at.endswith("ta-bort")]
        return send(client, address, {"csrf_token": form_token(client)})

    post(asker, "fraga", item="proposal/FI-011", text="Vem tar schemat?")
    assert "Ta bort frågan" not in look(other, ADDRESS).text
    assert withdraw(other).code == 403
    assert "Frågan är borttagen." in withdraw(asker).text
    assert "Vem tar schemat?" not in look(asker, ADDRESS).text
    post(asker, "fraga", item="proposal/FI-011", text="Vem tar schemat?")
    assert "Frågan är borttagen." in withdraw(leader).text
    assert stored.told(f"meeting/{DAY}")[-1] == "agenda.question_withdrawn"


@pages
def test_what_is_wrong_when_adding_is_told_at_its_field_and_keeps_what_was_typed(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    page = post(client, "lagg-till", code="FI-999", reason="Hur går det?")
    assert page.code == 422
    assert "Det finns inget initiativ med beteckningen FI-999." in page.text
    assert 'value="Hur går det?"' in page.html
    assert (
        "FI-002 är tillagd på dagordningen." in post(client, "lagg-till", code="fi-002", reason="Hur går det?").text
    )
    assert "Dagordningen är låst." in post(client, "las").text


@pages
def test_what_has_ended_and_what_comes_after_the_meeting_is_not_put_on_its_agenda(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    make_decision("FI-013", "reject")
    page = post(client, "lagg-till", code="FI-013", reason="Hur går det?")
    assert (page.code, "Initiativet är avslutat och kan inte tas upp." in page.text) == (409, True)
    begin()
    end()
    page = post(client, "lagg-till", code="FI-002", reason="Hur går det?")
    assert (page.code, "Mötet är avslutat. Lägg till initiativet på nästa möte." in page.text) == (409, True)


@pages
def test_an_open_agenda_that_nothing_has_happened_to_costs_no_picture(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Socialchef")
    version = look(client, ADDRESS).html.split('data-version="')[1].split('"')[0]
    asks = {"HX-Request": "true", "HX-Target": "live-agenda", "If-None-Match": f'"{version}"'}
    assert client.get(ADDRESS, headers=asks).status_code == 304
    make_decision("FI-011", "start", start_week="2027-W07")
    assert client.get(ADDRESS, headers=asks).status_code == 200


@pages
def test_a_reader_sees_no_agenda(demo: Flask) -> None:
    assert sign_in(demo.test_client(), "Medarbetare").get(ADDRESS).status_code == 403


def test_the_chair_may_lead_the_meeting_too(demo: Flask) -> None:
    arrange("move_item", "proposal/FI-014", 1, by=CHAIR)
    assert keys()[0] == "proposal/FI-014"


def move_to_december() -> None:
    """Nobody works in the week of 24 November any more, so that the planned meeting is moved a week."""
    arrange("move_item", "proposal/FI-014", 1)
    make_standstill("2026-W48", "2026-W48")
    keep_up_with_the_meetings(NOW)


@pages
@pytest.mark.parametrize(
    "address", ["/dagordning/{}", "/dagordning/{}/infor", "/mote/{}"], ids=["agenda", "paper", "meeting"]
)
def test_a_meeting_that_was_moved_is_found_from_its_old_address(demo: Flask, address: str) -> None:
    move_to_december()
    client = sign_in(demo.test_client(), "Socialchef")
    answer = client.get(address.format("2026-11-24"))
    assert (answer.status_code, answer.headers["Location"]) == (303, address.format("2026-12-01"))
    told = "Mötet 24 november är flyttat till tisdag 1 december."
    assert told in look(client, address.format("2026-12-01")).text
    assert client.get(address.format("2026-11-25")).status_code == 404


def test_a_meeting_that_is_moved_again_is_found_where_it_is_now(demo: Flask) -> None:
    move_to_december()
    make_standstill("2026-W49", "2026-W49")
    keep_up_with_the_meetings(NOW)
    assert [moved_to(day) for day in (DAY, date(2026, 12, 1))] == [date(2026, 12, 8)] * 2
    assert moved_to(date(2026, 12, 8)) is None


@pages
def test_who_moves_an_item_keeps_the_focus_on_it_and_can_take_it_back(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    fields = {"csrf_token": form_token(client), "item": "proposal/FI-011", "place": "1"}
    asks = {"HX-Request": "true", "HX-Target": "live-agenda"}
    page = Screen(client.post(f"{ADDRESS}/ordna", data=fields, headers=asks))
    assert "<html" not in page.html
    assert "Punkten är flyttad." in page.text
    assert page.html.count("data-focus") == 1
    assert 'id="down-proposal/FI-011" aria-label="Flytta ner punkt 1" data-focus' in page.html
    [undo] = [action for action in page.boxes if action.startswith(f"{ADDRESS}/ordna?")]
    assert keys()[0] == "proposal/FI-011"
    send(client, undo, {"csrf_token": form_token(client)})
    assert keys()[2] == "proposal/FI-011"


@pages
def test_holding_back_an_item_can_be_taken_back(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    fields = {"csrf_token": form_token(client), "item": "proposal/FI-012", "held_back": "1"}
    asks = {"HX-Request": "true", "HX-Target": "live-agenda"}
    page = Screen(client.post(f"{ADDRESS}/ordna", data=fields, headers=asks))
    assert 'id="out-proposal/FI-014" aria-label="Håll inne punkt 4" data-focus' in page.html
    assert "Punkten hålls inne. Den tas upp på ett senare möte." in page.text
    [undo] = [action for action in page.boxes if action.startswith(f"{ADDRESS}/ordna?")]
    assert "Punkten tas upp på mötet." in send(client, undo, {"csrf_token": form_token(client)}).text
    assert not any(item.held_back for item in the_agenda().items)


@pages
def test_an_initiative_is_added_by_its_name_or_from_the_list_too(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    page = look(client, ADDRESS)
    assert '<option value="FI-010 Heltid som norm i omsorgen">' in page.html
    assert "FI-010 är tillagd" in post(client, "lagg-till", code="heltid som", reason="Hur går det?").text
    assert (
        "FI-002 är tillagd"
        in post(client, "lagg-till", code="FI-002 Nytt verksamhetssystem i äldreomsorgen", reason="Hur går det?").text
    )
    several = post(client, "lagg-till", code="system", reason="Hur går det?")
    assert several.code == 422
    assert "Flera kan vara det: " in several.text
    none = post(client, "lagg-till", code="månresa", reason="Hur går det?")
    assert "Inget öppet initiativ heter ”månresa”." in none.text


@pages
def test_from_one_agenda_there_is_a_way_to_the_one_before_and_after(demo: Flask) -> None:
    hold(DAY, is_ended=True)
    keep_up_with_the_meetings(BEGINS + timedelta(hours=1))
    client = sign_in(demo.test_client(), "Socialchef")
    assert look(client, ADDRESS).links["Mötet 1 december 2026 →"] == "/dagordning/2026-12-01"
    assert look(client, "/dagordning/2026-12-01").links["← Mötet 24 november 2026"] == ADDRESS


@pages
def test_where_no_meeting_is_planned_the_way_to_the_settings_is_there(demo: Flask) -> None:
    with transaction():
        row = lock_portfolio()
        row.meeting_rhythm, row.meeting_days = "chosen", "2026-11-02"
    links = look(sign_in(demo.test_client(), "Administratör"), "/dagordning").links
    assert links["Till inställningarna"] == "/installningar"
    assert "Till inställningarna" not in look(sign_in(demo.test_client(), "Socialchef"), "/dagordning").links

"""The meeting itself: one decision for each item, taken back within its seconds, and the rest deferred."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted, NotReady, OverCapacity
from portfolio.base.time import STOCKHOLM
from portfolio.base.weeks import parse_week
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import Outcome
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.queries.decisions import decision
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.actions import arranging, holding, minutes
from portfolio.meetings.jobs import keep_up_with_the_meetings
from portfolio.meetings.models import MeetingRow
from portfolio.meetings.pages import meeting as meeting_page
from portfolio.meetings.queries.agenda import Agenda, agenda_of
from portfolio.meetings.queries.meetings import Meeting, going_on, on, upcoming
from portfolio.meetings.queries.minutes import draft_of
from portfolio.meetings.queries.outcomes import outcomes_of
from portfolio.meetings.queries.people import participants_of
from portfolio.meetings.rules.agenda import ANOTHER_GOES_ON, Change, Matter
from portfolio.meetings.rules.deciding import DECISION_MAKER, Basis, Ground
from portfolio.meetings.rules.minutes import Attendance
from portfolio.outbox.models import EventRow
from portfolio.people.models import Absence
from portfolio.people.queries import actor_of, holder_of
from portfolio.people.rules import Actor, Role
from portfolio.planning import actions as trials
from tests.actions import stored
from tests.cast import form_token, look_again, sign_in
from tests.invariants import broken
from tests.make import make_decision, make_demo, make_initiative
from tests.pages.screen import Screen, look, send
from tests.questions import questions

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=STOCKHOLM)
ADDRESS = "/mote/2026-11-24"
WHY = {"despite": "Rektorerna väntar."}


@pytest.fixture
def demo(app: Flask) -> Flask:
    make_demo()
    return app


@pytest.fixture
def coordinator(demo: Flask) -> Actor:
    person = holder_of("Portföljkoordinator")
    assert person is not None
    return actor_of(person)


@pytest.fixture
def begun(coordinator: Actor) -> Actor:
    """The coordinator, whose meeting has begun."""
    with transaction():
        holding.begin(DAY, by=coordinator, now=NOW)
    return coordinator


def the_agenda(now: datetime = NOW) -> Agenda:
    current_session().rollback()
    return agenda_of(on(DAY, now), now)


def decide(
    code: str, kind: Kind, by: Actor, *, ground: Ground | None = None, now: datetime = NOW, **asked: object
) -> Outcome:
    """Decide on the first item about an initiative."""
    item = next(item for item in the_agenda(now).items if code in item.codes)
    fields = {"reason": "Vi är överens.", "responsible": "Skolchef", "due": date(2027, 3, 1)} | asked
    current_session().rollback()
    with transaction():
        return holding.decide_item(
            DAY, item.key, code, Asked(kind, **fields), ground or Ground(), version=None, by=by, now=now
        )


def showing() -> str:
    row = the_agenda().meeting.row
    assert row is not None
    return row.showing


def test_a_meeting_begins_with_its_agenda_frozen_everybody_there_and_the_first_item_shown(begun: Actor) -> None:
    agenda = the_agenda()
    assert agenda.meeting.frozen
    assert showing() == agenda.items[0].key
    assert agenda.meeting.row is not None
    present = [one.function for one in participants_of(agenda.meeting.row) if one.present]
    assert present[0] == "Kommundirektör"
    assert "Socialchef" in present
    with transaction():
        holding.begin(DAY, by=begun, now=NOW)
    assert stored.told(f"meeting/{DAY}").count("meeting.began") == 1


def test_after_each_decision_the_items_that_remain_are_told_anew(coordinator: Actor) -> None:
    make_decision("FI-013", "prepare")
    with transaction():
        holding.begin(DAY, by=coordinator, now=NOW)
    sentence = {item.codes[0]: item.sentence for item in the_agenda().items}["FI-013"]
    assert sentence.endswith("Tidigast vecka\u00a09.")
    decide("FI-011", Kind.START, coordinator, start_week=parse_week("2027-W07"), **WHY)
    after = {item.codes[0]: item for item in the_agenda().items}
    assert after["FI-013"].sentence.endswith("Tidigast vecka\u00a013.")
    assert after["FI-013"].said == sentence
    assert (after["FI-011"].decided, stored.status("FI-011")) == (True, "decided")


# S1-25
def test_a_decision_has_one_decision_maker_somebody_who_sees_to_it_and_a_last_day(begun: Actor) -> None:
    outcome = decide("FI-014", Kind.REJECT, begun)
    row = decision(outcome.decision.id)
    assert (row.decision_maker, row.responsible, row.due) == (DECISION_MAKER, "Skolchef", date(2027, 3, 1))
    for missing in ("responsible", "due", "reason"):
        with pytest.raises(Invalid) as refused:
            decide("FI-012", Kind.REJECT, begun, **{missing: "" if missing == "reason" else None})
        assert missing in refused.value.errors
    with pytest.raises(Invalid, match="Skriv vem som beslutar"):
        decide("FI-012", Kind.REJECT, begun, ground=Ground(maker=" "))
    assert stored.status("FI-012") == "in_preparation"


def test_what_is_missing_before_a_start_takes_a_written_reason(begun: Actor) -> None:
    with transaction():
        initiative_by_code("FI-012").consulted_on = None
    with pytest.raises(NotReady) as refused:
        decide("FI-012", Kind.START, begun)
    assert "samverkan enligt 11 § MBL" in refused.value.missing
    decide("FI-012", Kind.START, begun, **WHY)
    assert stored.status("FI-012") == "decided"


def test_the_gate_holds_at_the_meeting_too(begun: Actor) -> None:
    with pytest.raises(OverCapacity):
        decide("FI-011", Kind.START, begun, **WHY)
    assert broken(NOW) == []


def test_a_matter_of_principle_can_only_be_referred(begun: Actor) -> None:
    principal = Ground(principal=True, basis=Basis.PROPOSAL)
    with pytest.raises(Invalid, match="Välj Hänskjut"):
        decide("FI-012", Kind.START, begun, ground=principal, **WHY)
    decide("FI-012", Kind.REFER, begun, ground=principal)
    assert stored.told("FI-012")[-1] == "initiative.referred"


def test_a_delegated_decision_names_its_point(begun: Actor) -> None:
    with pytest.raises(Invalid, match="delegationsordningen"):
        decide("FI-012", Kind.REJECT, begun, ground=Ground(basis=Basis.DELEGATED))
    decide("FI-012", Kind.REJECT, begun, ground=Ground(basis=Basis.DELEGATED, point="3.2"))


def test_an_item_ends_once(begun: Actor) -> None:
    decide("FI-012", Kind.NOTE, begun)
    with pytest.raises(NotAllowedNow):
        decide("FI-012", Kind.REJECT, begun)
    assert len(outcomes_of(the_agenda().meeting)) == 1


def test_a_decision_is_taken_back_by_whoever_wrote_it_down_and_the_item_waits_again(begun: Actor) -> None:
    decide("FI-012", Kind.START, begun, **WHY)
    with transaction():
        holding.undo_item(DAY, "proposal/FI-012", by=begun, now=NOW + timedelta(seconds=20))
    assert stored.status("FI-012") == "in_preparation"
    item = the_agenda().item("proposal/FI-012")
    assert item is not None
    assert (item.waits, showing()) == (True, "proposal/FI-012")
    decide("FI-012", Kind.START, begun, **WHY)
    with pytest.raises(NotAllowedNow), transaction():
        holding.undo_item(DAY, "proposal/FI-012", by=begun, now=NOW + timedelta(seconds=31))


def test_the_log_tells_all_that_the_meeting_writes_down_and_takes_back(begun: Actor) -> None:
    began = told_of("meeting.began")
    assert began["secretary"] == "Portföljkoordinator"
    assert {"function": "Socialchef", "present": True, "substitute": ""} in began["participants"]
    ground = Ground(basis=Basis.DELEGATED, point="4.2", remark="Skolchefen deltog inte.", withheld=True)
    outcome = decide("FI-012", Kind.REJECT, begun, ground=ground)
    decided = told_of("meeting.item_decided")
    assert (decided["point"], decided["remark"], decided["withheld"]) == ("4.2", "Skolchefen deltog inte.", True)
    with transaction():
        holding.undo_item(DAY, "proposal/FI-012", by=begun, now=NOW)
    reopened = told_of("meeting.item_reopened")
    assert (reopened["item"], reopened["decision"]) == ("proposal/FI-012", outcome.decision.id)


def told_of(kind: str) -> dict[str, Any]:
    """What the newest event of a kind tells of the meeting."""
    current_session().rollback()
    wanted = select(EventRow.data).where(EventRow.type == kind, EventRow.subject == f"meeting/{DAY}")
    found: dict[str, Any] = json.loads(current_session().scalars(wanted.order_by(EventRow.seq.desc())).first() or "")
    return found


def test_the_next_item_that_waits_below_is_shown_after_a_decision(begun: Actor) -> None:
    decide("FI-011", Kind.NOTE, begun)
    assert showing() == "proposal/FI-012"
    decide("FI-014", Kind.NOTE, begun)
    assert showing().startswith("collision/")


def test_a_decision_that_makes_the_item_below_go_leads_to_one_that_still_waits(begun: Actor) -> None:
    [collision] = [item for item in the_agenda().items if item.matter is Matter.COLLISION]
    with transaction():
        arranging.add_item(DAY, "FI-001", "Kan det vänta?", by=begun, now=NOW)
        arranging.move_item(DAY, "added/FI-001", 1, by=begun, now=NOW)
        arranging.move_item(DAY, collision.key, 2, by=begun, now=NOW)
    current_session().rollback()
    asked = Asked(Kind.PAUSE, "Vi är överens.", responsible="Kanslichef", due=date(2027, 3, 1))
    with transaction():
        holding.decide_item(DAY, "added/FI-001", "FI-001", asked, Ground(), version=None, by=begun, now=NOW)
    gone = the_agenda().item(collision.key)
    assert gone is not None
    assert gone.change is Change.GONE
    shown = the_agenda().item(showing())
    assert shown is not None
    assert shown.waits


def test_an_item_that_has_gone_still_says_which_initiative_it_was_about(begun: Actor) -> None:
    make_decision("FI-012", "start", start_week="2027-W10", now=NOW)
    item = the_agenda().item("proposal/FI-012")
    assert item is not None
    assert (item.change, item.codes) == (Change.GONE, ("FI-012",))


def test_what_the_meeting_has_no_time_for_is_deferred_to_the_next_one(begun: Actor) -> None:
    decide("FI-011", Kind.NOTE, begun)
    with transaction():
        deferred = holding.end(DAY, by=begun, now=NOW + timedelta(minutes=20))
    assert "proposal/FI-012" in deferred
    assert len(deferred) == 4
    agenda = the_agenda(NOW + timedelta(minutes=20))
    assert all(item.decided for item in agenda.items)
    for outcome in outcomes_of(agenda.meeting).values():
        assert outcome.decision.reason
        assert outcome.decision.responsible
        assert outcome.decision.due is not None
    assert initiative_by_code("FI-012").until == date(2026, 12, 1)
    following = upcoming(NOW + timedelta(minutes=20))
    assert following is not None
    assert following.day == date(2026, 12, 1)
    back = {item.key.split("/")[0] for item in agenda_of(following, NOW + timedelta(minutes=20)).items}
    assert {"collision", "help", "proposal"} <= back
    assert "returning" not in back
    assert broken(NOW) == []


def test_nothing_is_decided_before_the_meeting_begins_or_after_it_has_ended(coordinator: Actor) -> None:
    with pytest.raises(NotAllowedNow):
        decide("FI-012", Kind.NOTE, coordinator)
    with transaction():
        holding.begin(DAY, by=coordinator, now=NOW)
        holding.end(DAY, by=coordinator, now=NOW)
    for what in (holding.end, arranging.freeze):
        with pytest.raises(NotAllowedNow), transaction():
            what(DAY, by=coordinator, now=NOW)


def test_only_whoever_leads_the_meeting_holds_it(begun: Actor) -> None:
    member = Actor("Socialchef", Role.MEMBER, 2)
    with pytest.raises(NotPermitted):
        decide("FI-012", Kind.NOTE, member)
    for what, arguments in ((holding.begin, ()), (holding.end, ()), (holding.show_item, ("x",))):
        with pytest.raises(NotPermitted), transaction():
            what(DAY, *arguments, by=member, now=NOW)
    with pytest.raises(NotPermitted), transaction():
        holding.note_participants(DAY, Attendance((), "", ""), version=0, by=member, now=NOW)
    with pytest.raises(NotFound), transaction():
        holding.show_item(DAY, "x", by=begun, now=NOW)


pages = pytest.mark.environment(PORTFOLIO_NOW="2026-11-24T08:30:00+01:00")


def post(client: FlaskClient, what: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{what}", {"csrf_token": form_token(client), **fields})


def start(client: FlaskClient, week: str, **fields: str) -> Screen:
    """Send the form of a start for FI-011 as it stands, with some boxes filled in."""
    post(client, "visa", item="proposal/FI-011")
    boxes = look(client, ADDRESS).boxes["decision"]
    return send(client, f"{ADDRESS}/beslut", boxes | {"start_week": week} | fields)


@pages
def test_a_decision_at_the_meeting_by_forms_alone(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    assert "Mötet har inte börjat" in look(client, ADDRESS).text
    assert "5 punkter kvar" in post(client, "borja").text
    refused = start(client, "v. 2 2027", reason="Nyttan är stor.", despite="Rektorerna väntar.")
    assert refused.code == 409
    assert "Det går inte att starta vecka 2." in refused.text
    assert "Nyttan är stor." in refused.text
    assert start(client, "v. 7 2027", reason="Nyttan är stor.").code == 409
    assert start(client, "v. 7 2027", despite="Rektorerna väntar.").code == 422
    done = start(client, "v. 7 2027", reason="Nyttan är stor.", despite="Rektorerna väntar.")
    assert "Beslutat: FI-011 startar vecka 7. Ansvarig: Skolchef." in done.text
    assert "4 punkter kvar" in done.text
    undone = post(client, "angra?item=proposal/FI-011")
    assert "Beslutet är ångrat." in undone.text


@pages
def test_all_that_a_start_lacks_is_told_at_once_and_at_its_field(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    assert "Skäl att starta ändå (frivilligt)" not in look(client, ADDRESS).text
    empty = start(client, "v. 7 2027")
    assert "2 saker behöver rättas" in empty.text
    assert {"f-despite", "f-reason"} <= {href.removeprefix("#") for href in empty.links.values()}
    unprepared = start(client, "v. 7 2027", reason="Nyttan är stor.")
    assert unprepared.code == 409
    assert "Skäl att starta ändå: Skriv varför det måste starta fast något saknas." in unprepared.text


@pages
def test_what_is_paused_to_make_room_is_an_item_of_its_own_and_the_open_one_is_counted_anew(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    refused = start(client, "v. 2 2027", reason="Nyttan är stor.", despite="Rektorerna väntar.")
    [pause] = [href for label, href in refused.links.items() if label.startswith("Pausa FI-")]
    code = pause.split("code=")[1].split("&")[0]
    opened = look(client, pause)
    assert f"Att pausa {code}" in opened.text
    assert opened.links["Tillbaka till FI-011"] == ADDRESS
    done = send(client, f"{ADDRESS}/beslut", opened.boxes["decision"] | {"reason": "Skolan går först."})
    assert (stored.status(code), showing()) == ("paused", "proposal/FI-011")
    assert "Det går inte att besluta så här." in refused.text
    assert "Det går inte att besluta så här." not in done.text


@pages
def test_a_pause_to_make_room_that_is_taken_back_is_no_item_of_the_meeting(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-012")
    form = look(client, f"{ADDRESS}?code=FI-005&kind=pause").boxes["decision"] | {"reason": "Den väntar."}
    send(client, f"{ADDRESS}/beslut", form | {"code": "FI-014", "kind": "reject"})
    assert stored.status("FI-014") == "in_preparation"
    done = send(client, f"{ADDRESS}/beslut", form)
    [undo_it] = [action for action in done.boxes if "/angra" in action]
    assert (stored.status("FI-005"), showing()) == ("paused", "proposal/FI-012")
    assert "Beslutet är ångrat." in send(client, undo_it, {"csrf_token": form_token(client)}).text
    assert (stored.status("FI-005"), showing()) == ("ongoing", "proposal/FI-012")
    assert not any(item.waits and "FI-005" in item.codes for item in the_agenda().items)


@pages
def test_the_meeting_asks_its_database_no_more_when_more_waits_to_be_decided(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    few = questions_at(client)
    for number in range(4):
        make_initiative(f"Förslag {number}", impacts={"RTJ": None, "KLF": 3}, now=NOW)
    assert "9 punkter kvar" in look(client, ADDRESS).text
    assert questions_at(client) == few


def questions_at(client: FlaskClient) -> int:
    """How many questions it takes to draw the meeting."""
    look_again()
    with questions() as asked:
        look(client, ADDRESS)
    return len(asked)


@pages
def test_what_happens_while_the_meeting_is_drawn_is_asked_for_again(
    demo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    draw = meeting_page.agenda_of

    def drawn_while_something_happens(meeting: Meeting, now: datetime) -> Agenda:
        drawn = draw(meeting, now)
        make_initiative("Kommer just nu", now=NOW)
        return drawn

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(meeting_page, "agenda_of", drawn_while_something_happens)
        page = look(client, f"{ADDRESS}?visa=projektor")
    version = page.html.split('data-version="')[1].split('"')[0]
    asks = {"HX-Request": "true", "HX-Target": "meeting", "If-None-Match": f'"{version}"'}
    assert client.get(f"{ADDRESS}?visa=projektor", headers=asks).status_code == 200


@pages
def test_a_decision_is_taken_back_also_from_another_item_within_its_seconds(
    demo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-012")
    form = look(client, f"{ADDRESS}?kind=note").boxes["decision"] | {"reason": "Vi väntar."}
    for page in (send(client, f"{ADDRESS}/beslut", form), post(client, "visa", item="proposal/FI-011")):
        assert [label for label, *_ in page.buttons].count("Ångra") == 1
    other = look(sign_in(demo.test_client(), "Socialchef"), ADDRESS)
    assert "Ångra" not in other.text
    monkeypatch.setattr(meeting_page, "may_still_undo", lambda decided_at, now: False)
    assert "Ångra" not in look(client, ADDRESS).text


@pages
def test_whoever_decides_reads_what_the_initiative_is(demo: Flask) -> None:
    leader, member = (sign_in(demo.test_client(), one) for one in ("Portföljkoordinator", "Socialchef"))
    post(leader, "borja")
    shown = post(leader, "visa", item="proposal/FI-012")
    summary = initiative_by_code("FI-012").summary
    for page in (shown, look(member, ADDRESS), look(member, "/dagordning/2026-11-24/infor")):
        for text in (summary, "Projektägare Räddningschef", "Önskad start vecka 10", "Berör Räddningstjänsten"):
            assert text in page.text
    assert shown.links["Läs mer om FI-012 (öppnas i en ny flik)"] == "/initiativ/FI-012"


@pages
def test_the_projector_has_nothing_to_press_and_says_how_it_comes_anew_without_javascript(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Kommundirektör")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-011")
    page = look(client, f"{ADDRESS}?visa=projektor")
    assert "Om FI-001" in page.text
    assert not any(label.startswith("Pausa") for label in page.links)
    assert page.links["Läs in på nytt"] == f"{ADDRESS}?visa=projektor"
    assert "Läs in på nytt" not in look(client, ADDRESS).links


@pages
def test_a_collision_is_named_by_what_it_is_and_each_initiative_in_it_by_its_name(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    page = post(client, "borja")
    assert '<h2 id="item-title">Kommunledningsförvaltningen går över taket' in page.html
    assert page.links["FI-001 E-arkiv för hela kommunen"] == f"{ADDRESS}?code=FI-001"


@pages
def test_enter_in_a_box_takes_the_decision_and_chooses_no_other_week(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    form = post(client, "visa", item="proposal/FI-011").html.split('<form id="decision"')[1]
    first = form[form.index("<button") :].split(">")[0]
    assert 'name="choose"' in form
    assert "name=" not in first


@pages
def test_whoever_decides_second_sees_what_was_decided(demo: Flask) -> None:
    client, other = (sign_in(demo.test_client(), one) for one in ("Portföljkoordinator", "Kommundirektör"))
    post(client, "borja")
    post(client, "visa", item="proposal/FI-012")
    boxes = look(other, f"{ADDRESS}?kind=note").boxes["decision"] | {"reason": "Vi väntar."}
    first = look(client, f"{ADDRESS}?kind=note").boxes["decision"] | {"reason": "Vi noterar."}
    assert "Beslutat:" in send(client, f"{ADDRESS}/beslut", first).text
    page = send(other, f"{ADDRESS}/beslut", boxes)
    assert "Punkten är redan beslutad." in page.text
    assert "Får en anteckning: Vi noterar." in page.text


@pages
def test_a_member_follows_and_decides_nothing(demo: Flask) -> None:
    post(sign_in(demo.test_client(), "Portföljkoordinator"), "borja")
    client = sign_in(demo.test_client(), "Socialchef")
    page = look(client, ADDRESS)
    assert "5 punkter kvar" in page.text
    assert "decision" not in page.boxes
    version = page.html.split('data-version="')[1].split('"')[0]
    asks = {"HX-Request": "true", "HX-Target": "meeting", "If-None-Match": f'"{version}"'}
    assert client.get(ADDRESS, headers=asks).status_code == 304


@pages
def test_on_what_ground_is_told_at_its_field_and_nothing_typed_is_lost(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    typed = {"reason": "Nyttan är stor.", "despite": "Rektorerna väntar.", "basis": "delegated"}
    page = start(client, "v. 7 2027", **typed)
    assert page.code == 422
    assert "Skriv punkten i delegationsordningen" in page.text
    assert page.boxes["decision"]["reason"].strip() == "Nyttan är stor."


def test_whoever_is_away_is_noted_with_who_stands_in(coordinator: Actor) -> None:
    chief, other = holder_of("Socialchef"), holder_of("Skolchef")
    assert chief is not None
    assert other is not None
    with transaction():
        current_session().add(Absence(person_id=chief.id, first_day=DAY, last_day=DAY, substitute_id=other.id))
        holding.begin(DAY, by=coordinator, now=NOW)
    row = the_agenda().meeting.row
    assert row is not None
    away = [one for one in participants_of(row) if not one.present]
    assert [(one.function, one.substitute) for one in away] == [("Socialchef", "Skolchef")]


def test_what_has_been_cancelled_meanwhile_does_not_keep_the_meeting_from_ending(begun: Actor) -> None:
    with transaction():
        arranging.add_item(DAY, "FI-005", "Hur går det?", by=begun, now=NOW)
    make_decision("FI-005", "cancel", now=NOW)
    item = the_agenda().item("added/FI-005")
    assert item is not None
    assert (item.change, item.waits) == (Change.GONE, False)
    with transaction():
        assert "added/FI-005" not in holding.end(DAY, by=begun, now=NOW)


def test_what_is_added_after_the_freezing_is_marked(begun: Actor) -> None:
    with transaction():
        arranging.add_item(DAY, "FI-005", "Hur går det?", by=begun, now=NOW + timedelta(minutes=1))
    item = the_agenda().item("added/FI-005")
    assert item is not None
    assert item.change is Change.NEW


def test_what_came_after_the_freezing_keeps_its_sentence_once_it_is_decided_and_its_mark_once_it_is_not(
    begun: Actor,
) -> None:
    later = NOW + timedelta(minutes=1)
    make_decision("FI-013", "prepare", now=later)
    before = the_agenda(later).item("proposal/FI-013")
    assert before is not None
    assert before.change is Change.NEW
    decide("FI-013", Kind.NOTE, begun, now=later)
    decided = the_agenda(later).item("proposal/FI-013")
    assert decided is not None
    assert (decided.decided, decided.sentence) == (True, before.sentence)
    with transaction():
        holding.undo_item(DAY, "proposal/FI-013", by=begun, now=later)
    assert the_agenda(later).item("proposal/FI-013") == before


def test_a_start_by_another_way_onto_the_agenda_lacks_the_same(begun: Actor) -> None:
    with transaction():
        initiative_by_code("FI-012").consulted_on = None
        arranging.add_item(DAY, "FI-012", "Starta nu?", by=begun, now=NOW)
    current_session().rollback()
    asked = Asked(Kind.START, "Vi är överens.", responsible="Räddningschef", due=date(2027, 3, 8))
    with pytest.raises(NotReady), transaction():
        holding.decide_item(DAY, "added/FI-012", "FI-012", asked, Ground(), version=None, by=begun, now=NOW)


def test_a_proposal_that_the_chair_defers_to_an_earlier_day_comes_up_then(begun: Actor) -> None:
    decide("FI-012", Kind.DEFER, begun, until=date(2027, 3, 1))
    with transaction():
        holding.end(DAY, by=begun, now=NOW)
    make_decision("FI-012", "defer", until=date(2026, 12, 1), now=NOW)
    later = NOW + timedelta(days=1)
    current_session().rollback()
    following = upcoming(later)
    assert following is not None
    assert "proposal/FI-012" in [item.key for item in agenda_of(following, later).items]


def test_a_proposal_that_was_noted_until_spring_stays_away_though_the_list_is_reordered(begun: Actor) -> None:
    decide("FI-012", Kind.NOTE, begun, due=date(2027, 3, 1))
    with transaction():
        holding.end(DAY, by=begun, now=NOW)
    make_decision("FI-012", "rerank", rank=1, now=NOW)
    assert "proposal/FI-012" not in keys_on(date(2026, 12, 1), NOW + timedelta(days=1))
    make_decision("FI-012", "return", until=date(2026, 12, 1), now=NOW)
    assert "proposal/FI-012" in keys_on(date(2026, 12, 1), NOW + timedelta(days=1))


def test_a_frozen_meeting_that_nobody_held_moves_with_all_that_was_prepared(coordinator: Actor) -> None:
    with transaction():
        arranging.add_item(DAY, "FI-005", "Hur går det?", by=coordinator, now=NOW)
        arranging.freeze(DAY, by=coordinator, now=NOW)
    missed = NOW + timedelta(hours=5)
    assert keep_up_with_the_meetings(missed) == 1
    current_session().rollback()
    following = upcoming(missed)
    assert following is not None
    assert (following.day, following.frozen) == (date(2026, 12, 1), False)
    items = agenda_of(following, missed).items
    assert "added/FI-005" in [item.key for item in items]
    assert {item.change for item in items} == {None}


def test_a_meeting_that_nobody_ended_stops_neither_the_next_one_nor_lends_rights(begun: Actor) -> None:
    later = NOW + timedelta(days=1)
    current_session().rollback()
    following = upcoming(later)
    assert following is not None
    assert following.day == date(2026, 12, 1)
    assert going_on(later) is None
    assert going_on(NOW) is not None


def test_a_meeting_begins_no_earlier_than_two_days_before_its_hour(coordinator: Actor) -> None:
    starts_at = the_agenda().meeting.starts_at
    with pytest.raises(NotAllowedNow), transaction():
        holding.begin(DAY, by=coordinator, now=starts_at - timedelta(days=2, seconds=1))
    with transaction():
        holding.begin(DAY, by=coordinator, now=starts_at - timedelta(days=2))
    assert the_agenda().meeting.began


def test_a_meeting_that_was_ended_by_mistake_goes_on_with_all_that_waited(begun: Actor) -> None:
    decide("FI-011", Kind.NOTE, begun)
    with transaction():
        arranging.add_item(DAY, "FI-003", "Räcker juristerna?", by=begun, now=NOW)  # which asks for help as well
    before = [(item.key, item.waits) for item in the_agenda().items]
    ends = NOW + timedelta(minutes=20)
    with transaction():
        holding.end(DAY, by=begun, now=ends)
    with transaction():
        holding.take_back_end(DAY, by=begun, now=ends + timedelta(seconds=20))
    agenda = the_agenda(ends)
    assert [(item.key, item.waits) for item in agenda.items] == before
    assert showing() in [key for key, waits in before if waits]
    assert initiative_by_code("FI-012").until is None
    assert stored.told(f"meeting/{DAY}")[-7:] == [*["meeting.item_reopened"] * 5, "meeting.reopened", SHOWN]
    following = upcoming(ends)
    assert following is not None
    assert following.day == DAY
    assert broken(NOW) == []


SHOWN = "meeting.item_shown"


def test_the_end_of_a_meeting_is_taken_back_only_at_once_and_before_anything_rests_on_it(begun: Actor) -> None:
    with pytest.raises(NotAllowedNow), transaction():
        holding.take_back_end(DAY, by=begun, now=NOW)
    with transaction():
        holding.end(DAY, by=begun, now=NOW)
    with pytest.raises(NotAllowedNow), transaction():
        holding.take_back_end(DAY, by=begun, now=NOW + timedelta(seconds=31))
    with pytest.raises(NotPermitted), transaction():
        holding.take_back_end(DAY, by=Actor("Socialchef", Role.MEMBER, 2), now=NOW)
    with transaction():
        minutes.complete(DAY, by=begun, now=NOW)
    with pytest.raises(NotAllowedNow), transaction():
        holding.take_back_end(DAY, by=begun, now=NOW)


@pages
def test_whoever_ends_the_meeting_reads_what_is_deferred_and_can_regret_it(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    assert "Avsluta mötet och bordlägg 5 punkter" in look(client, ADDRESS).text
    ended = post(client, "avsluta")
    assert f"{ADDRESS}/fortsatt" in ended.boxes
    assert "5 punkter kvar" in post(client, "fortsatt").text
    post(client, "avsluta")
    send(client, "/anteckningar/2026-11-24/fardigstall", {"csrf_token": form_token(client)})
    assert "Det går inte längre att ångra." in post(client, "fortsatt").text


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-20T08:30:00+01:00")
def test_a_meeting_that_is_days_away_says_when_it_can_begin(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    page = look(client, ADDRESS)
    assert "Mötet går att starta från söndag 22 november kl. 08.30." in page.text
    assert "Starta mötet" not in page.text
    assert "Det är för tidigt att starta mötet." in post(client, "borja").text


def test_two_meetings_never_go_on_at_once(begun: Actor) -> None:
    with transaction():
        current_session().add(MeetingRow(starts_at=NOW + timedelta(days=7), place="", showing="", secretary=""))
    with pytest.raises(NotAllowedNow) as refused, transaction():
        holding.begin(date(2026, 12, 1), by=begun, now=NOW)
    assert refused.value.status == ANOTHER_GOES_ON


def test_what_is_decided_together_ends_its_items_of_the_meeting(begun: Actor) -> None:
    with transaction():
        trial_id = trials.create("Våren", by=begun, now=NOW).id
        for code, kind, week in (("FI-012", Kind.START, "2027-W10"), ("FI-007", Kind.PAUSE, None)):
            wish = trials.Wish(None if week is None else parse_week(week))
            trials.set_move(trial_id, code, kind, wish, by=begun, now=NOW)
    with transaction():
        trials.apply(trial_id, "Vi är överens.", by=begun, now=NOW)
    current_session().rollback()
    ended = {one.initiative.code: one.row.key for one in outcomes_of(the_agenda().meeting).values()}
    assert ended["FI-012"] == "proposal/FI-012"
    assert ended["FI-007"].startswith("together/")


def apply_together(code: str, kind: Kind, week: str | None, by: Actor, now: datetime = NOW) -> Outcome:
    """Decide on one initiative in a trial of its own."""
    with transaction():
        trial_id = trials.create("Våren", by=by, now=now).id
        wish = trials.Wish(None if week is None else parse_week(week))
        trials.set_move(trial_id, code, kind, wish, by=by, now=now)
    with transaction():
        [outcome] = trials.apply(trial_id, "Vi är överens.", by=by, now=now)
    return outcome


def item_of(outcome: Outcome) -> str:
    """The key of the item that a decision ended."""
    current_session().rollback()
    [key] = [key for key, one in outcomes_of(the_agenda().meeting).items() if one.decision.id == outcome.decision.id]
    return key


def test_what_was_taken_back_on_another_page_ends_the_same_item_when_it_is_decided_together_again(
    begun: Actor,
) -> None:
    for _ in range(2):
        outcome = apply_together("FI-012", Kind.START, "2027-W10", begun)
        assert item_of(outcome) == "proposal/FI-012"
        with transaction():
            undo(outcome.decision.id, by=begun, now=NOW)
    for _ in range(2):
        outcome = apply_together("FI-007", Kind.PAUSE, None, begun)
        with transaction():
            undo(outcome.decision.id, by=begun, now=NOW)
    assert sum(item.key.startswith("together/") for item in the_agenda().items) == 1


def test_a_paused_initiative_on_its_way_back_that_is_resumed_in_a_trial_has_come_back(coordinator: Actor) -> None:
    make_decision("FI-005", "pause", until=DAY, now=NOW)
    with transaction():
        holding.begin(DAY, by=coordinator, now=NOW)
    outcome = apply_together("FI-005", Kind.RESUME, "2026-W49", coordinator)
    assert item_of(outcome).startswith("returning/FI-005/")


def test_what_the_meeting_decided_on_is_not_told_as_having_fallen_away(begun: Actor) -> None:
    with transaction():
        arranging.add_item(DAY, "FI-012", "Starta nu?", by=begun, now=NOW)
        arranging.move_item(DAY, "added/FI-012", 1, by=begun, now=NOW)
    decide("FI-012", Kind.REJECT, begun)
    gone = [item.key for item in the_agenda().items if item.change is Change.GONE]
    assert gone == ["proposal/FI-012"]
    assert draft_of(the_agenda().meeting, NOW).outdated == ()


@pages
def test_the_preview_outlives_an_item_that_somebody_else_has_ended(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    form = {"csrf_token": form_token(client), "kind": "start", "code": "FI-011", "item": "proposal/FI-011"}
    assert send(client, f"{ADDRESS}/prova", form).code == 200
    post(client, "borja")
    post(client, "visa", item="proposal/FI-012")
    page = send(client, f"{ADDRESS}/beslut", form | {"start_week": "v. 7 2027", "reason": "", "despite": "Nu."})
    assert page.code == 422
    assert page.boxes["decision"]["item"] == "proposal/FI-011"
    assert send(client, f"{ADDRESS}/beslut", form | {"code": "\x00"}).code == 404


@pages
def test_why_nothing_can_be_decided_is_said(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    form = {"csrf_token": form_token(client), "kind": "note", "code": "FI-011", "item": "proposal/FI-011"}
    filled = form | {"reason": "Nu.", "responsible": "Skolchef", "due": "2027-03-01", "maker": "Kommundirektören"}
    assert "Mötet har inte börjat." in send(client, f"{ADDRESS}/beslut", filled).text
    post(client, "borja")
    assert "5 punkter bordlades till nästa möte." in post(client, "avsluta").text
    assert "Mötet är avslutat." in send(client, f"{ADDRESS}/beslut", filled).text


@pages
def test_what_cannot_be_done_at_the_meeting_as_it_stands_leads_back_to_it_with_the_reason(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    for what in ("visa", "avsluta"):
        assert "Mötet har inte börjat." in post(client, what, item="proposal/FI-011").text
    post(client, "borja")
    post(client, "avsluta")
    agenda = "/dagordning/2026-11-24"
    for what in ("ordna", "las"):
        form = {"csrf_token": form_token(client), "item": "proposal/FI-011", "place": "1"}
        assert "Mötet är avslutat." in send(client, f"{agenda}/{what}", form).text
    asked = {"csrf_token": form_token(client), "item": "proposal/FI-011", "text": "Vem tar schemat?"}
    assert "Vem tar schemat?" in send(client, f"{agenda}/fraga", asked).text


@pages
def test_whoever_arranges_or_decides_an_item_that_has_just_gone_reads_that_it_has(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-012")
    boxes = look(client, f"{ADDRESS}?kind=note").boxes["decision"] | {"reason": "Vi väntar."}
    make_decision("FI-012", "start", start_week="2027-W10", now=NOW)
    assert "decision" not in look(client, f"{ADDRESS}?kind=note").boxes
    gone = {"csrf_token": form_token(client), "item": "proposal/FI-012"}
    for fields in ({"place": "1"}, {"held_back": "1"}):
        page = send(client, "/dagordning/2026-11-24/ordna", gone | fields)
        assert (page.code, "Punkten finns inte kvar på dagordningen." in page.text) == (200, True)
    for what, fields in (("visa", {"item": "nothing/FI-012"}), ("beslut", boxes)):
        page = send(client, f"{ADDRESS}/{what}", gone | fields)
        assert (page.code, "Punkten finns inte kvar på dagordningen." in page.text) == (200, True)
    page = post(client, "angra?item=proposal/FI-012")
    assert (page.code, "Det går inte längre att ångra." in page.text) == (200, True)


@pages
def test_whoever_decides_on_what_has_changed_reads_anew_at_the_meeting(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-011")
    boxes = look(client, f"{ADDRESS}?kind=note").boxes["decision"] | {"reason": "Vi väntar."}
    make_decision("FI-011", "note", now=NOW)
    page = send(client, f"{ADDRESS}/beslut", boxes)
    assert page.code == 412
    assert page.boxes["decision"]["reason"].strip() == "Vi väntar."
    assert page.links["Läs in det nya"].startswith(ADDRESS)


def test_what_was_decided_together_and_taken_back_still_tells_what_it_is_about(begun: Actor) -> None:
    with transaction():
        trial_id = trials.create("Våren", by=begun, now=NOW).id
        trials.set_move(trial_id, "FI-007", Kind.PAUSE, trials.Wish(), by=begun, now=NOW)
    with transaction():
        [outcome] = trials.apply(trial_id, "Vi är överens.", by=begun, now=NOW)
    with transaction():
        undo(outcome.decision.id, by=begun, now=NOW)
    [item] = [item for item in the_agenda().items if item.key.startswith("together/")]
    assert (item.codes, item.waits) == (("FI-007",), True)


def keys_on(day: date, now: datetime) -> list[str]:
    """The keys of a later meeting's items, as they are known by then."""
    current_session().rollback()
    return [item.key for item in agenda_of(on(day, now), now).items]


@pytest.mark.parametrize("is_chosen", [True, False], ids=["chosen", "not reached"])
def test_a_collision_that_was_put_off_comes_back_and_once_it_is_resolved_nothing_does(
    begun: Actor, is_chosen: bool
) -> None:
    [collision] = [item for item in the_agenda().items if item.matter is Matter.COLLISION]
    if is_chosen:
        decide(collision.codes[0], Kind.DEFER, begun, until=date(2026, 12, 1))
    with transaction():
        holding.end(DAY, by=begun, now=NOW)
    next_week = NOW + timedelta(days=7)
    assert collision.key in keys_on(date(2026, 12, 1), next_week)
    assert initiative_by_code(collision.codes[0]).until is None
    make_decision("FI-001", "pause", now=NOW)
    codes = {code for item in agenda_of(on(date(2026, 12, 1), next_week), next_week).items for code in item.codes}
    assert collision.codes[0] not in codes


@pages
def test_what_is_held_back_is_said_to_be_so_and_not_to_be_decided(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-012")
    form = look(client, f"{ADDRESS}?kind=note").boxes["decision"] | {"reason": "Vi vet."}
    with transaction():
        arranging.hold_back(DAY, "proposal/FI-012", True, by=Actor("Kommundirektör", Role.CHAIR), now=NOW)
    page = send(client, f"{ADDRESS}/beslut", form)
    assert "Punkten hålls inne. Ta upp den på dagordningen först" in page.text
    assert "redan beslutad" not in page.text


@pages
def test_what_is_decided_is_told_with_its_week_and_in_whole_sentences(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    start(client, "v. 7 2027", reason="Skolan behöver systemet", **WHY)
    page = look(client, ADDRESS)
    assert "Startar vecka 7: Skolan behöver systemet" in page.text
    shown = post(client, "visa", item="proposal/FI-011")
    assert "Beslutat: FI-011 startar vecka 7. Skolan behöver systemet. Ansvarig: Skolchef." in shown.text
    post(client, "avsluta")
    over = look(client, ADDRESS).text
    assert "FI-011 Nytt schema- och frånvarosystem i skolan: startar vecka 7. Ansvarig: Skolchef." in over
    assert "enkla ärenden: bordläggs till 1 december 2026. Ansvarig: Miljö- och byggnadschef." in over
    assert "Klart senast 1 december" not in over


@pages
def test_how_many_items_the_end_defers_follows_what_is_decided_on_another_screen(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    asks = {"HX-Request": "true", "HX-Target": "meeting-points"}
    text = Screen(client.get(ADDRESS, headers=asks)).html
    assert '<span hx-swap-oob="innerHTML:#what-is-left">Avsluta mötet och bordlägg 5 punkter</span>' in text
    assert "hx-swap-oob" not in look(client, ADDRESS).html
    assert '<span id="what-is-left">Avsluta mötet och bordlägg 5 punkter</span>' in look(client, ADDRESS).html


@pages
@pytest.mark.parametrize(
    ("code", "told"),
    [("FI-001", "Krocken försvinner."), ("FI-010", "Krocken finns kvar vecka 2–4.")],
    ids=["solves", "stays"],
)
def test_a_pause_tells_whether_it_solves_the_collision(demo: Flask, code: str, told: str) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    page = look(client, f"{ADDRESS}?code={code}&kind=pause")
    assert told in page.text
    boxes = page.boxes["decision"]
    again = send(client, f"{ADDRESS}/prova", boxes | {"reason": "Vi väntar."})
    assert told in again.text
    assert "Krocken" not in look(client, f"{ADDRESS}?code={code}&kind=note").text


@pages
def test_undoing_the_pause_that_solved_a_collision_tells_why_it_is_refused(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    form = look(client, f"{ADDRESS}?code=FI-001&kind=pause").boxes["decision"] | {"reason": "Den väntar."}
    done = send(client, f"{ADDRESS}/beslut", form)
    [undo_it] = [action for action in done.boxes if "/angra" in action]
    page = send(client, undo_it, {"csrf_token": form_token(client)})
    assert "Det går inte att ångra, för då skulle taket överskridas igen." in page.text
    assert stored.status("FI-001") == "paused"

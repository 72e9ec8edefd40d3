"""What comes back to the agenda: on which day, and with what was said of it before."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session, transaction
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.actions import arranging, holding
from portfolio.meetings.pages.points import points_of
from portfolio.meetings.queries.agenda import agenda_of
from portfolio.meetings.queries.earlier import earlier_of
from portfolio.meetings.queries.meetings import on, upcoming
from portfolio.meetings.rules.deciding import Ground
from portfolio.meetings.rules.earlier import Past, earlier_told
from tests.cast import form_token, look_again, sign_in
from tests.make import make_decision, make_demo, make_initiative
from tests.meetings import held
from tests.pages.screen import Screen, look, send
from tests.questions import questions

ADDRESS = "/mote/2026-11-24"
QUESTION = "Ska vi skjuta starten till hösten?"
NEXT = date(2026, 12, 1)
NOVEMBER = date(2026, 11, 24)
in_the_room = pytest.mark.environment(PORTFOLIO_NOW="2026-11-24T08:30:00+01:00")


@pytest.fixture
def demo(app: Flask) -> Flask:
    make_demo()
    return app


def told_of(code: str) -> tuple[str, str]:
    """The sentence of the item about an initiative at the next meeting, and what was decided on it before."""
    current_session().rollback()
    following = upcoming(held.AFTERWARDS)
    assert following is not None
    found = agenda_of(following, held.AFTERWARDS)
    [point] = [point for point in points_of(found) if point.item.codes == (code,)]
    return point.item.sentence.replace("\u00a0", " "), point.earlier


def test_what_was_put_off_comes_back_with_its_question_its_day_and_its_reason(demo: Flask) -> None:
    with transaction():
        arranging.add_item(NOVEMBER, "FI-005", QUESTION, by=held.COORDINATOR, now=held.NOON_BEFORE)
    held.begin()
    held.decide("FI-005", "defer", until=NEXT, reason="Vi vet inte vad det kostar")
    held.decide("FI-014", "return", until=NEXT, reason="Riskbedömning saknas.")
    [help_asked] = [item.key for item in held.the_agenda().items if item.key.startswith("help/")]
    noted = Asked(Kind.NOTE, "Juristen kommer i januari.", responsible="Kanslichef", due=NEXT)
    with transaction():
        holding.decide_item(
            NOVEMBER, help_asked, "FI-003", noted, Ground(), version=None, by=held.COORDINATOR, now=held.BEGINS
        )
    held.end()
    sentence, earlier = told_of("FI-005")
    assert sentence == "Ärendet tas upp igen. Det var bestämt till 1 december."
    assert earlier == f"Bordlagt 24 november: Vi vet inte vad det kostar. Frågan var: {QUESTION}"
    assert told_of("FI-014")[1] == "Tillbaka för komplettering 24 november: Riskbedömning saknas."
    assert told_of("FI-003")[1] == "Noterat 24 november: Juristen kommer i januari."


def test_a_meeting_that_goes_on_tells_only_what_was_decided_before_it(demo: Flask) -> None:
    held.begin()
    held.decide("FI-014", "return", until=NEXT, reason="Riskbedömning saknas.")
    agenda = held.the_agenda()
    assert earlier_of(agenda.meeting, agenda.items) == {}


def test_a_collision_that_was_put_off_says_nothing_of_its_initiatives(demo: Flask) -> None:
    held.begin()
    held.decide("FI-010", "defer", until=NEXT, reason="Vi väntar på budgeten.")
    held.end()
    current_session().rollback()
    following = on(NEXT, held.AFTERWARDS)
    agenda = agenda_of(following, held.AFTERWARDS)
    told = earlier_of(following, agenda.items)
    [collision] = [item for item in agenda.items if item.matter == "collision"]
    assert told[collision.key] == "Bordlagt 24 november: Vi väntar på budgeten."


def test_what_was_taken_further_has_no_earlier_question_to_tell() -> None:
    put_off = Past(Kind.DEFER, NOVEMBER, "Vi väntar", QUESTION)
    note = Past(Kind.NOTE, NEXT, "Läget är känt.")
    assert earlier_told([]) == ""
    assert earlier_told([put_off, Past(Kind.START, NEXT, "Nu ryms det.")]) == ""
    kept = earlier_told([put_off, note, Past(Kind.RERANK, NEXT, "Först.")])
    assert kept == f"Bordlagt 24 november: Vi väntar. Frågan var: {QUESTION}"
    assert earlier_told([note]) == "Noterat 1 december: Läget är känt."
    twice = earlier_told([put_off, Past(Kind.DEFER, NEXT, "Ännu en vecka!")])
    assert twice == f"Bordlagt 1 december: Ännu en vecka! Frågan var: {QUESTION}"


def test_the_agenda_asks_once_for_all_that_was_decided_before(demo: Flask) -> None:
    def asked() -> int:
        look_again()
        meeting = on(NOVEMBER, held.NOON_BEFORE)
        items = agenda_of(meeting, held.NOON_BEFORE).items
        with questions() as found:
            earlier_of(meeting, items)
        return len(found)

    few = asked()
    for number in range(4):
        make_initiative(f"Förslag {number}", impacts={"RTJ": 1}, now=held.NOON_BEFORE)
        make_decision(f"FI-00{number + 1}", "note", now=held.NOON_BEFORE - timedelta(days=1))
    assert asked() == few == 1


def begun(demo: Flask) -> FlaskClient:
    """The coordinator's browser, where the meeting has begun and a proposal is shown."""
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    post(client, "borja")
    post(client, "visa", item="proposal/FI-011")
    return client


def post(client: FlaskClient, what: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{what}", {"csrf_token": form_token(client), **fields})


@in_the_room
@pytest.mark.parametrize("kind", ["defer", "return"])
def test_what_is_put_off_comes_back_at_the_next_meeting_unless_another_day_is_written(demo: Flask, kind: str) -> None:
    client = begun(demo)
    boxes = look(client, f"{ADDRESS}?kind={kind}").boxes["decision"]
    assert boxes["until"] == "2026-12-01"
    assert "due" not in boxes
    later = boxes | {"until": "2027-01-12", "reason": "Ledigheterna först."}
    send(client, f"{ADDRESS}/beslut", later)
    [one] = held.the_agenda().outcomes.values()
    assert (one.decision.until, one.decision.due) == (date(2027, 1, 12), date(2027, 1, 12))


@in_the_room
def test_what_is_to_be_completed_must_be_so_by_a_day(demo: Flask) -> None:
    client = begun(demo)
    boxes = look(client, f"{ADDRESS}?kind=return").boxes["decision"] | {"reason": "Riskbedömning saknas."}
    page = send(client, f"{ADDRESS}/beslut", boxes | {"until": ""})
    assert page.code == 422
    assert "Skriv vilken dag det ska vara kompletterat" in page.text
    assert 'id="until-error"' in page.html

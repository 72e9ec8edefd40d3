"""Prioritering: the group's order beside the suggestion, one's own order, and the spread that the meeting sees."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session, transaction
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.people.rules import Actor, Role
from portfolio.priorities import actions, queries
from portfolio.priorities.rules.assessment import Assessment
from tests.cast import actor, look_again, person, sign_in, submit
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_unit
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())

ADDRESS, MINE = "/prioritering", "/prioritering/min"


@pytest.fixture
def town(app: Flask) -> Flask:
    """Three proposals and something that runs, assessed so that the last should be first."""
    make_unit("KLF")
    person("Projektledare")
    make_initiative("E-arkiv", status="ongoing", start="2026-W46", impacts={"KLF": 1})
    make_initiative("Kundcenter", impacts={"KLF": 2})
    make_initiative("Praktik", status="proposed", impacts={"KLF": None}, owner="Projektledare")
    make_initiative("Tillgänglighet", status="proposed", impacts={"KLF": 3}, legal_duty=True)
    assess("FI-001", 2, 2, 2)
    assess("FI-002", 3, 3, 2, 1_250_000)
    return app


@pytest.fixture
def chair(town: Flask) -> FlaskClient:
    """The Kommundirektör."""
    return sign_in(town.test_client(), "Kommundirektör")


@pytest.fixture
def member(town: Flask) -> FlaskClient:
    """The Socialchef, who is a member of the ledningsgrupp."""
    return sign_in(town.test_client(), "Socialchef")


def assess(code: str, *given: int) -> None:
    with transaction():
        funded_by = "KLF" if len(given) > 3 else None  # whatever costs something is paid by somebody
        actions.assess(code, Assessment(*given, funded_by=funded_by), version=None, by=CHAIR, now=NOW)


def answer(number: int, *codes: str) -> None:
    """The answer of one more member."""
    function = f"Förvaltningschef {number}"
    one = make_person(function, role=Role.MEMBER)
    with transaction():
        actions.rank(codes, by=Actor(function, Role.MEMBER, one.id), now=NOW)
    look_again()


def order() -> list[str]:
    """The codes in the group's order."""
    look_again()
    return [one.code for one in queries.ranked(NOW)]


def listed(page: Screen) -> list[str]:
    """The codes of the page's rows."""
    return [
        label[:6] for label, href in page.links.items() if href.startswith("/initiativ/FI-") and label[:3] == "FI-"
    ]


def test_the_page_begins_with_how_many_moves_part_the_group_from_the_suggestion(chair: FlaskClient) -> None:
    page = look(chair, ADDRESS)
    assert "2 flyttar skiljer ledningsgruppens ordning från förslaget" in page.text
    assert "2 av 4 initiativ är bedömda. Lagkraven tar 12 av 24 poängveckor." in page.text
    assert listed(page) == ["FI-001", "FI-002", "FI-003", "FI-004"]


def test_each_row_says_what_is_known_and_what_the_suggestion_rests_on(chair: FlaskClient) -> None:
    text = look(chair, ADDRESS).text
    assert "3 stor 3 brådskar 2 möjlig 1 250 tkr 8 Samma plats" in text
    assert "Stor nytta, brådskar, möjligt att genomföra." in text
    assert "Lagkrav: ska göras, och tar ändå 12 poängveckor." in text
    assert "Plats 1, 3 högre" in text
    assert "Plats 3, 2 lägre" in text
    assert "minst 0" in text
    assert "Inte bedömt än. Därför efter de bedömda." in text


def test_before_anything_is_assessed_the_page_asks_for_it(app: Flask) -> None:
    make_initiative("E-arkiv")
    page = look(sign_in(app.test_client(), "Kommundirektör"), ADDRESS)
    assert "0 av 1 initiativ är bedömda" in page.text
    assert "flytt" not in page.text.split("Så räknas")[0].replace("flyttar ett initiativ", "").replace("Flytta", "")


def test_an_empty_portfolio_has_nothing_to_prioritise(app: Flask) -> None:
    page = look(sign_in(app.test_client(), "Kommundirektör"), ADDRESS)
    assert "Inga öppna initiativ att prioritera." in page.text


def test_the_proposals_can_be_seen_alone_with_their_places_among_all(chair: FlaskClient) -> None:
    page = look(chair, f"{ADDRESS}?visa=forslag")
    assert listed(page) == ["FI-002", "FI-003", "FI-004"]
    assert "2 flyttar skiljer" in page.text
    ups = [value for label, name, value in page.buttons if name == "move" and label == "↑"]
    assert ups == ["FI-002 0", "FI-003 2", "FI-004 3"]


def test_a_move_is_a_decision_with_its_reason_and_the_group_decides(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes["/prioritering/ordning"]
    assert form["reason"] == "Omprioriterad i listan av Kommundirektör"
    page = send(chair, "/prioritering/ordning", form | {"move": "FI-004 2", "reason": "Lagen gäller från mars"})
    assert "Beslutat: FI-004 har plats 2." in page.text
    assert listed(page) == order() == ["FI-001", "FI-004", "FI-002", "FI-003"]
    assert "Skäl: Lagen gäller från mars." in look(chair, "/initiativ/FI-004").text


def test_following_the_suggestion_press_by_press_leaves_nothing_to_move(chair: FlaskClient) -> None:
    page = look(chair, ADDRESS)
    for left in (1, 0):
        form = page.boxes["/prioritering/ordning"]
        page = send(chair, "/prioritering/ordning", form | page.button("Flytta dit"))
        assert f"{left} flytt" in page.text
    assert order() == ["FI-004", "FI-002", "FI-001", "FI-003"]
    assert "Flytta dit" not in page.text


def test_a_move_without_a_reason_is_refused_at_its_field_and_nothing_is_moved(chair: FlaskClient) -> None:
    form = look(chair, ADDRESS).boxes["/prioritering/ordning"]
    page = send(chair, "/prioritering/ordning", form | {"move": "FI-004 1", "reason": " "})
    assert page.code == 422
    assert 'id="reason-error">Skriv skälet till beslutet.<' in page.html
    assert order()[0] == "FI-001"


def test_htmx_gets_the_list_alone_with_what_was_told(chair: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Target": "priority-list"}
    sent = {"move": "FI-004 1", "reason": "Lag"}
    page = Screen(submit(chair, "/prioritering/ordning?visa=forslag", sent, headers=headers))
    assert "<html" not in page.html
    assert "Beslutat: FI-004 har plats 1." in page.text
    assert listed(page) == ["FI-004", "FI-002", "FI-003"]


@pytest.mark.parametrize("function", ["Socialchef", "Portföljkoordinator", "Kanslichef"])
def test_only_the_chair_moves(town: Flask, function: str) -> None:
    client = sign_in(town.test_client(), function)
    page = look(client, ADDRESS)
    assert not any(name == "move" for _, name, _ in page.buttons)
    assert submit(client, "/prioritering/ordning", {"move": "FI-004 1", "reason": "x"}).status_code == 403
    assert order()[0] == "FI-001"


def test_a_medarbetare_sees_nothing_of_it(town: Flask) -> None:
    client = sign_in(town.test_client(), "Medarbetare")
    assert "Prioritering" not in look(client, "/initiativ").links
    for address in (ADDRESS, MINE, "/prioritering/export.csv", "/initiativ/FI-003/bedomning"):
        assert client.get(address).status_code == 403


def test_the_list_can_be_taken_home_as_a_file(chair: FlaskClient) -> None:
    answer = chair.get("/prioritering/export.csv?visa=forslag")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="prioritering-2026-W48.csv"'
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert head[5:10] == ["Nytta", "Angelägenhet", "Genomförbarhet", "Kostnad (kr)", "Poängveckor"]
    assert rows[0][:11] == ["2", "FI-002", "Kundcenter", "Beredning", "", "3", "3", "2", "1250000", "8", "2"]
    assert rows[2][4] == "Ja"
    assert len(rows) == 3
    assert chair.get("/prioritering/export.xlsx").status_code == 200


def assessing(client: FlaskClient, code: str = "FI-003", **fields: str) -> Screen:
    """Send the form of an assessment as it is opened, with some answers changed."""
    address = f"/initiativ/{code}/bedomning"
    return send(client, address, look(client, address).boxes[address] | fields)


def test_an_assessment_is_given_on_one_page_where_every_answer_is_explained(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-003/bedomning")
    assert "3 Stor Gör skillnad för många, eller mycket stor skillnad för några." in page.text
    assert "Belastning i hela planen minst 0 poängveckor" in page.text
    costs = {"cost": "1 250 000 kr", "yearly_cost": "200 000", "funded_by": "KLF"}
    done = assessing(chair, benefit="1", urgency="3", feasibility="2", **costs)
    assert "Bedömningen av FI-003 är sparad." in done.text
    assert "1 liten 3 brådskar 2 möjlig 1 250 tkr" in done.text
    history = look(chair, "/initiativ/FI-003").text
    assert (
        "Kommundirektören bedömde nyttan till 1, angelägenheten till 3, genomförbarheten till 2, kostnaden till "
        "1 250 000 kr och den årliga kostnaden efteråt till 200 000 kr. Förvaltningen KLF finansierar." in history
    )


# S4-40
def test_a_cost_is_in_kronor_unless_thousands_are_said(chair: FlaskClient) -> None:
    written = {"1 250 tkr": 1_250_000, "1.250 Tkr": 1_250_000, "0,95tkr": 950, "1250": 1250, "1 250 kr": 1250}
    for typed, kronor in written.items():
        assessing(chair, cost=typed, yearly_cost="200 tkr", funded_by="KLF")
        known = queries.assessment_of(initiative_by_code("FI-003").id)
        assert (known.cost, known.yearly_cost) == (kronor, 200_000)
        current_session().rollback()


def test_an_answer_that_nobody_knows_any_longer_can_be_taken_back(chair: FlaskClient) -> None:
    assessing(chair, benefit="1", cost="500", funded_by="KLF")
    boxes = look(chair, "/initiativ/FI-003/bedomning").boxes["/initiativ/FI-003/bedomning"]
    assert (boxes["benefit"], boxes["urgency"], boxes["cost"]) == ("1", "", "500")
    assessing(chair, benefit="", cost="", funded_by="")
    assert (
        "tog bort bedömningen av nyttan, kostnaden och vem som finansierar." in look(chair, "/initiativ/FI-003").text
    )


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("cost", "många", "Skriv kostnaden i kronor, till exempel 1 250 000 eller 1 250 tkr."),
        ("cost", ". tkr", "Skriv kostnaden i kronor, till exempel 1 250 000 eller 1 250 tkr."),
        ("cost", "1,2345 tkr", "Skriv kostnaden i kronor, till exempel 1 250 000 eller 1 250 tkr."),
        ("cost", "1,5", "Skriv kostnaden i kronor, till exempel 1 250 000 eller 1 250 tkr."),
        ("cost", "-3", "Skriv kostnaden i kronor, till exempel 1 250 000 eller 1 250 tkr."),
        ("cost", "9" * 5000, "Skriv högst 9 999 999 999 kronor."),
        ("cost", "10 000 000 tkr", "Skriv högst 9 999 999 999 kronor."),
        ("cost", "10 000 000 000", "Skriv högst 9 999 999 999 kronor."),
        ("cost", "500", "Välj vem som finansierar kostnaden."),  # S4-42
        ("benefit", "4", "Skriv ett heltal mellan 1 och 3."),
        ("urgency", "hög", "Välj 1, 2 eller 3, eller att ingen vet än."),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_is_lost(
    chair: FlaskClient, field: str, typed: str, told: str
) -> None:
    page = assessing(chair, **({"feasibility": "3", "cost": "700"} | {field: typed}))
    assert page.code == 422
    assert told in page.text
    boxes = page.boxes["/initiativ/FI-003/bedomning"]
    assert boxes["feasibility"] == "3"
    assert boxes["cost"] == (typed if field == "cost" else "700")
    assert queries.assessment_of(initiative_by_code("FI-003").id) == Assessment()


def test_whoever_was_second_is_told_what_the_first_did_and_keeps_the_answers(chair: FlaskClient) -> None:
    address = "/initiativ/FI-003/bedomning"
    form = look(chair, address).boxes[address]
    assess("FI-003", 3, 3, 3)
    page = send(chair, address, form | {"benefit": "1"})
    assert page.code == 412
    assert "Kommundirektören bedömde nyttan till 3, angelägenheten till 3 och genomförbarheten till 3." in page.text
    assert page.boxes[address]["benefit"] == "1"
    again = send(chair, address, page.boxes[address])
    assert "Bedömningen av FI-003 är sparad." in again.text


@pytest.mark.parametrize(
    ("function", "status"), [("Kanslichef", 200), ("Portföljkoordinator", 200), ("Socialchef", 403), ("Revisor", 403)]
)
def test_the_owner_is_offered_to_assess_and_others_are_not(town: Flask, function: str, status: int) -> None:
    client = sign_in(town.test_client(), function)
    assert client.get("/initiativ/FI-002/bedomning").status_code == status
    assert ("/initiativ/FI-002/bedomning" in look(client, ADDRESS).html) == (status == 200)


def test_a_projektledare_who_happens_to_own_it_has_no_right_to_assess(town: Flask) -> None:
    client = sign_in(town.test_client(), "Projektledare")
    assert client.get("/initiativ/FI-003/bedomning").status_code == 403


def test_what_is_over_needs_no_assessment(chair: FlaskClient) -> None:
    make_decision("FI-003", "reject")
    page = look(chair, "/initiativ/FI-003/bedomning")
    assert "Här behövs ingen bedömning. Initiativet är i läget Avslagen." in page.text
    assert submit(chair, "/initiativ/FI-003/bedomning", {"benefit": "1"}).status_code == 409


def own(page: Screen) -> list[str]:
    """The codes of one's own order as the page has them."""
    return [label[:6] for label, href in page.links.items() if href.startswith("/initiativ/FI-")]


def test_a_member_begins_with_the_groups_order_and_is_told_that_nobody_sees_theirs(member: FlaskClient) -> None:
    page = look(member, MINE)
    assert own(page) == ["FI-002", "FI-003", "FI-004"]
    assert "Ingen annan ser din ordning." in page.text
    assert "ingen omröstning" in page.text
    assert "Du har inte svarat än." in page.text
    assert "Ta tillbaka mitt svar" not in page.text


def test_a_row_is_moved_without_javascript_and_nothing_is_kept_before_it_is_saved(member: FlaskClient) -> None:
    form = {"order": ["FI-002", "FI-003", "FI-004"]}
    page = Screen(submit(member, MINE, form | {"move": "FI-004 2"}))
    assert own(page) == ["FI-002", "FI-004", "FI-003"]
    assert "FI-004 har plats 2. Spara när du är klar." in page.text
    me = actor("Socialchef").person_id
    assert me is not None
    assert queries.own_order(me) == []
    saved = Screen(submit(member, MINE, {"order": own(page)}, follow_redirects=True))
    assert "Din ordning är sparad. Ingen annan ser den." in saved.text
    assert own(look(member, MINE)) == ["FI-002", "FI-004", "FI-003"]


def test_nothing_is_lost_when_a_row_is_moved_to_nowhere(member: FlaskClient) -> None:
    form = {"order": ["FI-004", "FI-003", "FI-002"]}
    page = Screen(submit(member, MINE, form | {"move": "FI-004"}))
    assert page.code == 422
    assert own(page) == form["order"]
    assert own(Screen(submit(member, MINE, form | {"move": "FI-999 1"}))) == form["order"]


def test_an_answer_is_taken_back_with_one_press(member: FlaskClient) -> None:
    submit(member, MINE, {"order": ["FI-004", "FI-003", "FI-002"]})
    page = Screen(submit(member, f"{MINE}/ta-tillbaka", follow_redirects=True))
    assert "Ditt svar är borttaget." in page.text
    assert own(page) == ["FI-002", "FI-003", "FI-004"]


def test_a_proposal_that_has_come_since_is_marked_and_one_that_is_decided_is_gone(member: FlaskClient) -> None:
    submit(member, MINE, {"order": ["FI-004", "FI-003", "FI-002"]})
    make_decision("FI-003", "reject")
    make_initiative("Ny växel", status="proposed")
    page = look(member, MINE)
    assert own(page) == ["FI-004", "FI-002", "FI-005"]
    assert page.text.count("Ny sedan du svarade") == 1


def test_nobody_sees_the_order_of_another(chair: FlaskClient, member: FlaskClient) -> None:
    submit(member, MINE, {"order": ["FI-004", "FI-003", "FI-002"]})
    assert own(look(chair, MINE)) == ["FI-002", "FI-003", "FI-004"]


@pytest.mark.parametrize("function", ["Portföljkoordinator", "Kanslichef", "Administratör", "Revisor"])
def test_whoever_is_no_member_is_not_asked(town: Flask, function: str) -> None:
    client = sign_in(town.test_client(), function)
    assert client.get(MINE).status_code == 403
    assert submit(client, MINE, {"order": ["FI-004"]}).status_code == 403
    assert submit(client, f"{MINE}/ta-tillbaka").status_code == 403
    assert "Min egen ordning" not in look(client, ADDRESS).links


def test_with_nothing_to_order_the_page_says_so(app: Flask) -> None:
    client = sign_in(app.test_client(), "Kommundirektör")
    assert "Det finns inga öppna förslag att ordna." in look(client, MINE).text
    assert submit(client, MINE, {}).status_code == 422


def test_below_five_answers_only_their_number_is_shown(chair: FlaskClient) -> None:
    for number in (1, 2, 3):
        answer(number, "FI-004", "FI-003", "FI-002")
    page = look(chair, ADDRESS)
    assert "3 av 5 svar. Visas när fem har svarat." in page.text
    assert "I mitten" not in page.text
    assert "Minst hälften" not in page.text


def test_from_five_answers_on_the_widest_spread_comes_first_and_nobody_is_named(chair: FlaskClient) -> None:
    for number in (1, 2, 3):
        answer(number, "FI-003", "FI-002", "FI-004")
    for number in (4, 5):
        answer(number, "FI-004", "FI-002", "FI-003")
    page = look(chair, ADDRESS)
    picture = page.text.split("Störst spridning först")[1].split("Alla öppna")[0]
    assert "Bygger på 5 svar, utan namn." in picture
    assert picture.index("FI-003") < picture.index("FI-004") < picture.index("FI-002")
    assert "I mitten plats 1. Minst hälften säger plats 1–3." in picture
    assert "Minst hälften säger plats 2." in picture
    assert "Förvaltningschef" not in page.html


def test_a_picture_of_five_is_put_away_when_one_takes_the_answer_back(chair: FlaskClient) -> None:
    for number in range(1, 6):
        answer(number, "FI-003", "FI-002", "FI-004")
    assert "I mitten" in look(chair, ADDRESS).text or "Minst hälften" in look(chair, ADDRESS).text
    one = make_person("Förvaltningschef 1", role=Role.MEMBER)
    with transaction():
        actions.withdraw(by=Actor(one.function, Role.MEMBER, one.id), now=NOW)
    text = look(chair, ADDRESS).text
    assert "4 av 5 svar. Visas när fem har svarat." in text
    assert "Minst hälften" not in text


def test_a_sixth_answer_waits_until_it_cannot_be_told_from_the_others(chair: FlaskClient) -> None:
    for number in range(1, 6):
        answer(number, "FI-003", "FI-002", "FI-004")
    answer(6, "FI-004", "FI-002", "FI-003")
    text = look(chair, ADDRESS).text
    assert "Bygger på 5 svar, utan namn. 1 har svarat eller ändrat sig sedan dess." in text


def test_a_long_list_comes_two_hundred_at_a_time_and_a_move_stays_on_its_page(app: Flask) -> None:
    for number in range(1, 204):
        make_initiative(f"Förändring {number}", status="proposed", owner=None)
    client = sign_in(app.test_client(), "Kommundirektör")
    first = look(client, f"{ADDRESS}?visa=forslag")
    assert "1–200 av 203" in first.text
    assert len(listed(first)) == 200
    second = look(client, first.links["Nästa"])
    assert listed(second) == ["FI-201", "FI-202", "FI-203"]
    form = next(boxes for action, boxes in second.boxes.items() if action.startswith("/prioritering/ordning"))
    up = next(value for label, name, value in second.buttons if name == "move" and label == "↑")
    assert up == "FI-201 200"
    address = next(action for action in second.boxes if action.startswith("/prioritering/ordning"))
    assert listed(send(client, address, form | {"move": up})) == ["FI-200", "FI-202", "FI-203"]


@pytest.mark.parametrize("number", ["0", "99", "två", "9" * 5000])
def test_a_page_that_is_not_there_is_an_answer_and_no_failure(chair: FlaskClient, number: str) -> None:
    assert chair.get(f"{ADDRESS}?sida={number}").status_code == 200

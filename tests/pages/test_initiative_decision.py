"""Beslut: the form, the refusal explained in place, and the way forward by its buttons alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session, transaction
from portfolio.base.weeks import parse_week
from portfolio.capacity.models import ExceptionRow
from portfolio.initiatives.actions import editing
from portfolio.initiatives.decisions import taking
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.pages.deciding import WAITING_LENGTH
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from tests.cast import sign_in
from tests.make import CHAIR, NOW
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

GOLDEN_3 = (
    "Ryms inte vecka 2. Kommunledningsförvaltningen skulle få 8 av 6 (vecka 2–6) och barn- och "
    "utbildningsförvaltningen 9 av 8 (vecka 6–10). Tidigast möjliga start är vecka 7."
)


def decide(client: FlaskClient, code: str, kind: str, **fields: str) -> Screen:
    """Open the form of a decision and send it with some boxes filled in."""
    address = f"/initiativ/{code}/beslut"
    form = look(client, f"{address}?kind={kind}").boxes["decision"]
    return send(client, address, {**form, **fields})


def status_of(code: str) -> str:
    current_session().rollback()  # what was read before belongs to an older picture of the database
    return initiative_by_code(code).status


# S1-04
def test_a_start_in_week_2_is_refused_with_the_whole_explanation_in_place(chair: FlaskClient) -> None:
    page = decide(chair, "FI-011", "start", reason="Skolan väntar")
    assert page.code == 409
    assert "Det går inte att starta vecka 2. Taket överskrids i två förvaltningar." in page.text
    assert page.status == GOLDEN_3
    assert "Sänkt tak: årsbokslut" in page.text
    assert "Redan där: 2 märkbara och 3 små" in page.text
    assert "FI-004 Rimliga chefsområden, högst 25 medarbetare (stor)" in page.text
    assert "Om FI-001 E-arkiv för hela kommunen pausas kan FI-011 starta vecka 2." in page.text
    assert "Då frigörs 2 i kommunledningsförvaltningen och 1 i barn- och utbildningsförvaltningen." in page.text
    assert page.boxes["decision"]["reason"] == "Skolan väntar"
    assert status_of("FI-011") == "in_preparation"


def test_the_offered_week_is_one_press_away_and_nothing_typed_is_lost(chair: FlaskClient) -> None:
    refused = decide(chair, "FI-011", "start", reason="Skolan väntar")
    address = "/initiativ/FI-011/beslut"
    chosen = send(chair, address, refused.boxes["decision"] | refused.button("Välj vecka 7"))
    form = chosen.boxes["decision"]
    assert (form["start_week"], form["due"], form["reason"]) == ("v. 7 2027", "", "Skolan väntar")
    outcome = "Beslutet blir: FI-011 startar vecka 7. Ansvarig: Skolchef. Ska ha startat senast 15 februari 2027."
    assert outcome in chosen.text
    assert chosen.status.startswith("Ryms")
    done = send(chair, address, form)
    assert "Beslutat: FI-011 startar vecka 7." in done.text
    assert status_of("FI-011") == "decided"


def test_the_last_day_of_a_start_follows_the_week_that_is_written(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ/FI-012/beslut?kind=start").boxes["decision"]
    tried = send(chair, "/initiativ/FI-012/beslut/prova", form | {"start_week": "v. 40 2027"})
    assert "Ska ha startat senast 4 oktober 2027." in tried.text
    done = send(chair, "/initiativ/FI-012/beslut", form | {"start_week": "v. 40 2027", "reason": "Senare"})
    assert "Ansvarig: Räddningschef. Ska ha startat senast 4 oktober 2027." in done.text
    assert "Klart senast" not in done.text


def test_what_is_left_empty_is_previewed_as_it_will_be_stored(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-012/beslut?kind=start")
    assert '<option value="">Ingen</option>' not in page.html
    emptied = page.boxes["decision"] | {"responsible": "", "due": "", "start_week": ""}
    tried = send(chair, "/initiativ/FI-012/beslut/prova", emptied)
    outcome = "FI-012 startar vecka 10. Ansvarig: Räddningschef. Ska ha startat senast 8 mars 2027."
    assert f"Beslutet blir: {outcome}" in tried.text
    done = send(chair, "/initiativ/FI-012/beslut", emptied | {"reason": "Det ryms"})
    assert "Ansvarig: Räddningschef. Ska ha startat senast 8 mars 2027." in done.text


def test_what_does_not_fit_is_not_told_as_what_the_decision_becomes(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-011/beslut?kind=start")
    assert "Det går inte att besluta så här." in page.text
    assert "Beslutet blir" not in page.text


def test_a_decision_shows_nothing_that_nobody_wrote(chair: FlaskClient) -> None:
    decide(chair, "FI-013", "prepare", reason="Underlaget räcker")
    decide(chair, "FI-013", "defer", reason="Budgeten", until="2027-01-19")
    page = look(chair, "/initiativ/FI-013")
    taken = page.text[page.text.rindex("Bordlägg , Kommundirektör") : page.text.index("Historik")]
    assert "senast" not in taken
    assert taken.count("Ansvarig: ") == 1


def test_the_pause_of_another_says_why_one_came_and_leads_back(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-011")
    href = page.links["Pausa FI-001 …"]
    assert "target" not in page.html.split(href.replace("&", "&amp;"))[1].split(">")[0]
    pause = look(chair, href)
    assert "Du kom hit från FI-011 Nytt schema- och frånvarosystem i skolan." in pause.text
    assert pause.links["Tillbaka till FI-011"] == "/initiativ/FI-011"
    assert "Du kom hit" not in look(chair, "/initiativ/FI-001/beslut?kind=pause").text
    assert "Du kom hit" not in look(chair, "/initiativ/FI-001/beslut?kind=pause&plats-for=FI-999").text


def test_from_a_form_the_pause_opens_beside_it_so_that_nothing_typed_is_lost(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-011/beslut?kind=start")
    href = page.links["Pausa FI-001 … (öppnas i en ny flik)"]
    assert f'href="{href.replace("&", "&amp;")}" target="_blank"' in page.html
    beside = look(chair, "/initiativ/FI-001/beslut?kind=pause&plats-for=nytt")
    assert "Det ligger kvar i den andra fliken." in beside.text


def test_a_start_that_is_decided_can_only_be_moved(chair: FlaskClient) -> None:
    decide(chair, "FI-012", "start", reason="Det ryms")
    page = look(chair, "/initiativ/FI-012")
    address = page.links["Flytta starten"]
    assert f'class="btn" href="{address.replace("&", "&amp;")}"' in page.html
    assert "Starta" not in page.links
    labels = [label for label, _, _ in look(chair, address).buttons]
    assert "Flytta starten" in labels
    assert "Starta" not in labels
    assert "Flytta starten Initiativet får en annan startvecka." in look(chair, "/initiativ/FI-012/beslut").text


def test_a_reason_is_always_asked_for(chair: FlaskClient) -> None:
    page = decide(chair, "FI-012", "start", reason="  ")
    assert page.code == 422
    assert "Skriv skälet till beslutet." in page.text
    assert page.links["Skäl: Skriv skälet till beslutet."] == "#f-reason"
    assert status_of("FI-012") == "in_preparation"


# S0-05
def test_what_happens_if_one_waits_is_one_line_beside_the_verdict_until_it_is_decided(
    chair: FlaskClient,
) -> None:
    address = "/initiativ/FI-012/beslut?kind=start"
    assert "Om vi väntar: Larmen besvaras på tre ställen även nästa vinter. Ryms det?" in look(chair, address).text
    with transaction():
        initiative_by_code("FI-012").if_we_wait = "Larmen väntar. " * 40
    line = re.search(r"Om vi väntar: (.*?…) Ryms det?", look(chair, address).text)
    assert line is not None
    assert 100 < len(line[1]) <= WAITING_LENGTH
    decide(chair, "FI-012", "start", reason="Det ryms")
    assert "Om vi väntar" not in look(chair, address).text


def test_a_note_is_asked_for_and_told_as_a_note_and_not_as_a_reason(chair: FlaskClient) -> None:
    page = decide(chair, "FI-012", "note", reason="  ")
    assert page.links["Anteckning: Skriv det som ska antecknas."] == "#f-reason"
    assert "Skäl" not in page.text
    done = decide(chair, "FI-012", "note", reason="Juristen kommer i januari")
    assert "Kommundirektören antecknade: Juristen kommer i januari." in done.text


def test_to_stop_an_initiative_and_to_leave_its_page_are_called_by_different_words(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-001/beslut?kind=cancel")
    assert {label for label, _, _ in page.buttons} >= {"Avbryt"}
    assert page.links["Tillbaka utan att besluta"] == "/initiativ/FI-001"
    assert "Avbryt" not in page.links


@pytest.mark.parametrize("week", ["v. 40 2026", "2026-W52"])
def test_a_start_in_the_past_or_in_a_standstill_is_told_at_the_week(chair: FlaskClient, week: str) -> None:
    page = decide(chair, "FI-012", "start", reason="Nu", start_week=week)
    assert page.code == 422
    assert page.boxes["decision"]["start_week"] == week
    assert 'id="start_week-error"' in page.html


def test_after_one_start_the_next_is_computed_anew(chair: FlaskClient) -> None:
    decide(chair, "FI-011", "start", reason="Skolan väntar", start_week="v. 7")
    page = look(chair, "/initiativ/FI-013")
    assert "Tidigast möjliga start är vecka 13." in page.text


def test_a_decision_is_taken_back_by_the_bar_on_the_page(chair: FlaskClient) -> None:
    done = decide(chair, "FI-012", "start", reason="Det ryms")
    address = next(action for action in done.boxes if action.endswith("/angra"))
    undone = send(chair, address, done.boxes[address])
    assert "Beslutet är ångrat. FI-012 är som det var." in undone.text
    assert status_of("FI-012") == "in_preparation"


def test_a_decision_is_not_taken_back_by_the_address_of_another_initiative(chair: FlaskClient) -> None:
    done = decide(chair, "FI-012", "start", reason="Det ryms")
    address = next(action for action in done.boxes if action.endswith("/angra"))
    astray = send(chair, address.replace("FI-012", "FI-013"), done.boxes[address])
    assert astray.code == 404
    assert status_of("FI-012") == "decided"


def test_after_30_seconds_a_decision_is_changed_by_a_new_one(chair: FlaskClient) -> None:
    asked = Asked(Kind.START, "Det ryms", start_week=parse_week("2027-W10"))
    with transaction():
        decision = taking.decide("FI-012", asked, by=CHAIR, now=NOW - timedelta(seconds=31)).decision.id
    page = look(chair, "/initiativ/FI-012")
    assert not any(action.endswith("/angra") for action in page.boxes)
    token = page.boxes["/logga-ut"]
    told = send(chair, f"/initiativ/FI-012/beslut/{decision}/angra", token)
    assert "Det går inte längre att ångra. Ändra beslutet med ett nytt beslut." in told.text
    assert status_of("FI-012") == "decided"


def test_an_initiative_that_is_not_ready_starts_only_with_a_written_reason(chair: FlaskClient) -> None:
    with transaction():
        editing.edit("FI-012", {"owner": None}, version=None, by=CHAIR, now=NOW)
    refused = decide(chair, "FI-012", "start", reason="Larmen ökar")
    assert refused.code == 409
    assert "Innan det kan starta behövs: en projektägare" in refused.text
    form = refused.boxes["decision"] | {"despite": "Räddningschefen utses i mars."}
    done = send(chair, "/initiativ/FI-012/beslut", form)
    assert "Trots det som saknas: Räddningschefen utses i mars." in done.text


def test_someone_who_was_second_sees_what_the_first_one_did_and_loses_nothing(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ/FI-012/beslut?kind=start").boxes["decision"] | {"reason": "Det ryms"}
    decide(chair, "FI-012", "defer", reason="Vi väntar på budgeten", until="2027-01-19")
    page = send(chair, "/initiativ/FI-012/beslut", form)
    assert page.code == 412
    assert "Kommundirektören bordlade initiativet till 19 januari 2027. Skäl: Vi väntar på budgeten." in page.text
    assert page.boxes["decision"]["reason"] == "Det ryms"
    again = send(chair, "/initiativ/FI-012/beslut", page.boxes["decision"])
    assert "Beslutat: FI-012 startar vecka 10." in again.text


def test_a_frame_is_changed_by_the_whole_plan_and_tried_first(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-001/beslut?kind=rescope")
    form = page.boxes["decision"] | {"phases.1.impacts.MBF": "2", "reason": "Mer att göra"}
    refused = send(chair, "/initiativ/FI-001/beslut", form)
    assert refused.code == 409
    assert "Miljö- och byggnadsförvaltningen skulle få 5 av 4 (vecka 48–10)." in refused.status
    assert refused.boxes["decision"]["phases.1.impacts.MBF"] == "2"
    done = send(chair, "/initiativ/FI-001/beslut", form | {"phases.1.impacts.MBF": ""})
    assert "Beslutat: FI-001 får en ny ram" in done.text
    assert all("MBF" not in phase.impacts for phase in phases_of(initiative_by_code("FI-001")))


def test_an_exception_is_asked_for_with_every_answer_and_granted_for_what_was_shown(
    chair: FlaskClient,
) -> None:  # S4-32
    address = "/initiativ/FI-014/beslut"
    form = look(chair, f"{address}?kind=start").boxes["decision"] | {"reason": "Lagen kräver det"}
    shorter = form | {"phases.0.weeks": "", "phases.0.impacts.MBF": "", "phases.0.impacts.SBF": ""}
    shorter |= {"phases.1.weeks": "4", "phases.2.weeks": "", "phases.2.impacts.MBF": "", "phases.2.impacts.SBF": ""}
    refused = send(chair, address, shorter)
    assert refused.code == 409
    asked = send(chair, address, refused.boxes["decision"] | refused.button("Begär undantag"))
    assert "Motiverat undantag" in asked.text
    assert asked.boxes["decision"]["exception.valid_to_week"] == "v. 10 2027"
    missing = send(chair, address, asked.boxes["decision"])
    assert missing.code == 422
    assert "Skriv varför det inte kan vänta." in missing.text
    answers = {
        "exception.why": "Ny lag från januari",
        "exception.relief": "Två vikarier",
        "exception.risk": "Köerna växer",
        "exception.assessed": "yes",
        "exception.stance": "Miljö- och byggnadschefen ställer upp",
        "exception.valid_to_week": "v. 8 2027",
    }
    done = send(chair, address, missing.boxes["decision"] | answers)
    assert "Beslutat: FI-014 startar vecka 3." in done.text
    row = current_session().query(ExceptionRow).one()
    assert (row.valid_to, row.risk) == (parse_week("2027-W08"), "Köerna växer Riskbedömning har gjorts.")


def test_the_coordinator_prepares_and_does_not_decide(coordinator: FlaskClient) -> None:
    page = look(coordinator, "/initiativ/FI-013/beslut")
    assert [label.split(" ")[0] for label in page.links if "kind=" in page.links[label]] == [
        "Ta",
        "Komplettera",
        "Notera",
    ]
    done = decide(coordinator, "FI-013", "prepare", reason="Underlaget räcker")
    assert "Beslutat: FI-013 tas upp i beredning." in done.text
    form = look(coordinator, "/initiativ/FI-012/beslut?kind=note").boxes["decision"]
    refused = send(coordinator, "/initiativ/FI-012/beslut", form | {"kind": "start", "reason": "Nu"})
    assert refused.code == 403


def test_nobody_else_reaches_the_decisions(demo: Flask, reader: FlaskClient) -> None:
    assert look(reader, "/initiativ/FI-001/beslut").code == 403
    member = sign_in(demo.test_client(), "Socialchef")
    assert look(member, "/initiativ/FI-001/beslut").code == 403


def test_a_paused_initiative_resumes_with_what_is_left_of_it(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-009/beslut?kind=resume")
    assert page.boxes["decision"]["start_week"] == "v. 48 2026"
    assert page.status.startswith("Ryms")
    done = decide(chair, "FI-009", "resume", reason="Nu finns plats")
    assert "Beslutat: FI-009 återupptas vecka 48." in done.text


def test_htmx_gets_the_same_refusal_in_place_of_the_form(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ/FI-011/beslut?kind=start").boxes["decision"] | {"reason": "Nu"}
    headers = {"HX-Request": "true", "HX-Target": "decision", "X-CSRFToken": form["csrf_token"]}
    answer = chair.post("/initiativ/FI-011/beslut", data=form, headers=headers)
    assert answer.status_code == 409
    assert answer.get_data(as_text=True).lstrip().startswith('<form id="decision"')


def test_the_preview_answers_with_the_preview_alone_and_writes_nothing(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ/FI-011/beslut?kind=start").boxes["decision"]
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    answer = chair.post("/initiativ/FI-011/beslut/prova", data=form, headers=headers)
    page = Screen(answer)
    assert page.status == GOLDEN_3
    assert "<form" not in page.html
    assert status_of("FI-011") == "in_preparation"

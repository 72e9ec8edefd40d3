"""The pages about effects: what is to change, what it is so far, what came of it, and what a closing asks for."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.meetings.actions import arranging
from tests.cast import form_token
from tests.make import NOW, make_decision, make_initiative
from tests.meetings import held
from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_a_closing_asks_for_the_effect_the_lesson_and_who_takes_over(chair: FlaskClient) -> None:  # S2-18 S3-01
    address = "/initiativ/FI-006/beslut"
    form = look(chair, f"{address}?kind=complete").boxes["decision"]
    refused = send(chair, address, {**form, "reason": "Brev går ut på två dagar."})
    assert refused.code == 422
    assert "Välj om arbetet tas över eller upphör." in refused.text
    assert "Skriv minst en lärdom." in refused.text
    kept = refused.boxes["decision"]
    assert kept["reason"] == "Brev går ut på två dagar."
    learnt = {
        "lesson.text": "Börja med de som skriver under mest.",
        "lesson.tag": "innovation",
        "handover.how": "line",
    }
    taken = {"handover.unit": "KLF", "handover.function": "Kanslichef", "handover.on": "2027-02-01"}
    useful = {"lesson.useful": "yes", "lesson.use": "Alla nämndsekreterare."}
    page = send(chair, address, {**kept, **learnt, **taken, **useful})
    assert "Tas över av kommunledningsförvaltningen, Kanslichef, från 1 februari 2027." in page.text
    assert "Börja med de som skriver under mest. Innovation" in page.text
    assert "Andra kan ha nytta av det: Alla nämndsekreterare." in page.text
    assert "avslutade initiativet. Effekten följs upp. Effekten hittills: Brev går ut på två dagar." in page.text


def test_a_stop_asks_what_was_learnt_and_is_told_as_in_time(chair: FlaskClient) -> None:  # S3-16
    address = "/initiativ/FI-006/beslut"
    form = look(chair, f"{address}?kind=cancel").boxes["decision"]
    assert "Skriv minst en lärdom." in send(chair, address, {**form, "reason": "Behovet försvann."}).text
    page = send(
        chair, address, {**form, "reason": "Behovet försvann.", "lesson.text": "Fråga dem som ska använda det."}
    )
    assert "avbröt initiativet i tid. Skäl: Behovet försvann. Lärdom: Fråga dem som ska använda det." in page.text


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-24T08:40:00+01:00")
def test_at_the_meeting_the_same_is_asked(chair: FlaskClient) -> None:  # S2-18 S3-01
    with transaction():
        key = arranging.add_item(held.DAY, "FI-006", "Det är klart.", by=held.COORDINATOR, now=held.NOON_BEFORE)
    held.begin()
    address = "/mote/2026-11-24"
    send(chair, f"{address}/visa", {"csrf_token": form_token(chair), "item": key})
    page = look(chair, f"{address}?code=FI-006&kind=complete")
    assert "Vad blev effekten hittills?" in page.text
    form = page.boxes["decision"] | {"reason": "Brev går ut på två dagar.", "handover.how": "ends"}
    refused = send(chair, f"{address}/beslut", form)
    assert (refused.code, "Skriv minst en lärdom." in refused.text) == (422, True)
    done = send(chair, f"{address}/beslut", refused.boxes["decision"] | {"lesson.text": "Börja i liten skala."})
    assert "Beslutat: FI-006 avslutas och går över i effektuppföljning." in done.text
    assert "Arbetet upphörde. Börja i liten skala." in look(chair, "/initiativ/FI-006").text


def test_an_effektmal_shows_its_three_lights_and_hints_at_an_activity(chair: FlaskClient) -> None:  # S4-07 S4-09
    address = "/initiativ/FI-014/effektmal/0"
    form = look(chair, address).boxes[address]
    refused = send(chair, address, {**form, "for_whom": "den som bygger", "hours": "många"})
    assert refused.code == 422
    assert "Skriv ett heltal, till exempel 400." in refused.text
    assert refused.boxes[address]["for_whom"] == "den som bygger"
    page = send(chair, address, {**form, "change": "Införa en snabb kanal"})
    assert "Det där låter som en aktivitet. Vad blir annorlunda när den är klar?" in page.text
    assert "Inte tydligt än Skriv för vem." in page.text
    assert "Inte uppföljningsbart än Skriv hur det är i dag, skriv hur det ska bli, skriv när" in page.text
    assert "Inte realistiskt än Mottagande chefer har inte kvitterat." in page.text
    ready = look(chair, "/initiativ/FI-012").text
    assert "Tydligt Uppföljningsbart Realistiskt" in ready
    assert "För vem: den som bär trygghetslarm och den som ringer om brand. Från 4 minuter" in ready
    assert "Källa: larmcentralens logg." in ready


def test_where_an_effektmal_stands_one_more_is_offered(chair: FlaskClient) -> None:
    assert "Skriv ett till effektmål" in look(chair, "/initiativ/FI-012").links
    assert "Skriv ett effektmål" in look(chair, "/initiativ/FI-014").links


def test_figures_are_pasted_and_a_wrong_row_loses_nothing(chair: FlaskClient) -> None:  # S4-08 S2-05
    address = look(chair, "/initiativ/FI-005").links["Handläggningstid i median"]
    page = look(chair, address)
    assert "24,5 månader är utfallet Mätt 30 september 2026. Målvärdet är 20 månader." in page.text
    assert "Prognos: Når målet" in page.text
    pasted = "2026-10-31\t23,5\n2026-11\tmånga"
    form = {"csrf_token": form_token(chair), "pasted": pasted}
    refused = send(chair, f"{address}/varden", form)
    assert refused.code == 422
    assert "Rad 2: ”många” är inget tal." in refused.text
    assert refused.boxes[f"{address}/varden"]["pasted"] == pasted
    done = send(chair, f"{address}/varden", form | {"pasted": "2026-10-31\t23,5"})
    assert "1 värde är sparat." in done.text
    assert "23,5 månader är utfallet" in done.text
    sent = {**form, "pasted": "", "file": (BytesIO("Datum;Värde\n2026-11-15;22\n".encode("cp1252")), "mätt.csv")}
    chair.post(f"{address}/varden", data=sent)
    assert "22 månader är utfallet" in look(chair, address).text


def test_a_nyckeltal_is_written_with_its_first_value_and_its_target(chair: FlaskClient) -> None:  # S4-08
    links = look(chair, "/initiativ/FI-012").links
    new = next(address for label, address in links.items() if label.startswith("Lägg till nyckeltal"))
    form = {"csrf_token": form_token(chair), "name": "Väntetid", "measured_in": "dagar", "forecast": "too_early"}
    refused = send(chair, new, form | {"baseline": "tolv och en halv"})
    assert (refused.code, "Skriv värdet som ett tal, till exempel 12,5." in refused.text) == (422, True)
    page = send(chair, new, form | {"baseline": "12,5", "target": "1 000"})
    assert "Utgångsläge 12,5 dagar Målvärde 1 000 dagar" in page.text.replace("\xa0", " ")


def test_a_nyckeltal_that_was_changed_meanwhile_is_shown_with_what_was_typed(chair: FlaskClient) -> None:
    address = look(chair, "/initiativ/FI-005").links["Handläggningstid i median"]
    form = look(chair, address).boxes[address]
    assert "Nyckeltalet är sparat." in send(chair, address, form | {"target": "19"}).text
    refused = send(chair, address, form | {"target": "18"})
    assert refused.code == 412
    assert "ändrades nyss av någon annan" in refused.text
    assert refused.boxes[address]["target"] == "18"
    assert "Nyckeltalet är sparat." in send(chair, address, refused.boxes[address]).text
    for figure in ("9" * 41, "många"):
        assert send(chair, address, refused.boxes[address] | {"target": figure}).code == 422


def test_the_reader_sees_the_effects_and_changes_nothing(reader: FlaskClient) -> None:
    page = look(reader, "/initiativ/FI-005")
    assert "En detaljplan blir klar på kortare tid" in page.text
    assert "Ändra effektmålet" not in page.text
    figures = look(reader, page.links["Handläggningstid i median"])
    assert "Lägg in värden" not in figures.text
    assert reader.get("/initiativ/FI-005/effektmal/0").status_code == 403
    assert reader.get("/initiativ/FI-005/effekt").status_code == 403


def test_the_goals_tell_how_many_effects_are_reached_with_the_list_behind(reader: FlaskClient) -> None:  # S4-44 S4-49
    goals = look(reader, "/mal")
    assert "Nådda effektmål: 0 av 5" in goals.text
    page = look(reader, goals.links["Se effekterna"])
    assert "0 av 5 effektmål är nådda 5 är inte uppföljda än." in page.text
    assert "Kommunledningsförvaltningen 900 0 180 0" in page.text
    assert "Totalt 21 900 0 180 0" in page.text
    assert "Larm besvaras inom en minut" not in page.text  # nobody has decided on it yet


@pytest.mark.environment(PORTFOLIO_NOW="2027-11-26T08:00:00+01:00")
def test_the_last_answers_are_kept_and_close_the_initiative(chair: FlaskClient) -> None:  # S1-15
    make_decision("FI-005", "complete", now=NOW)
    page = look(chair, "/initiativ/FI-005")
    address = page.links["Följ upp effekten"]
    asked = look(chair, address)
    assert "Det här är sista frågan, 12 månader efter avslutet." in asked.text
    [answer] = [name for name in asked.html.split('"') if name.startswith("answer.")][:1]
    text = answer.replace("answer", "text")
    form = {"csrf_token": form_token(chair), answer: "reached", text: "Medianen är 19 månader."}
    refused = send(chair, address, form)
    assert (refused.code, "Svara ja eller nej." in refused.text) == (422, True)
    assert refused.boxes[address][text] == "Medianen är 19 månader."
    done = send(chair, address, form | {"useful": "yes", "use": "Alla som planerar."})
    assert "Effekten är uppföljd, och initiativet är stängt." in done.text
    assert "Nått Medianen är 19 månader." in done.text
    assert "Andra kan ha nytta av det: Alla som planerar." in done.text
    assert (
        "Stäng , Kommundirektör. En detaljplan blir klar på kortare tid: nått. Medianen är 19 månader." in done.text
    )
    assert look(chair, "/effekter").text.count("1 av 5") == 1
    old_letter = chair.get(address)
    assert old_letter.headers["Location"] == "/initiativ/FI-005#effects-title"


def test_a_proposal_leaves_forslag_only_with_what_becomes_better(chair: FlaskClient) -> None:  # S1-08
    code = make_initiative("Ny växel", status="proposed")
    address = f"/initiativ/{code}/beslut"
    form = look(chair, f"{address}?kind=prepare").boxes["decision"]
    refused = send(chair, address, {**form, "reason": "Växeln faller snart."})
    assert (refused.code, refused.boxes["decision"]["reason"]) == (422, "Växeln faller snart.")
    assert "Skriv vad som blir bättre för invånarna, eller vad den interna nyttan är." in refused.text
    told = {"reason": "Växeln faller snart.", "why": "Färre avbrott i arbetet.", "why_internal": "on"}
    page = send(chair, address, {**form, **told})
    assert "Beredning" in page.text
    assert "Intern nytta: Färre avbrott i arbetet." in page.text
    assert "Vad blir bättre för invånarna?" not in look(chair, "/initiativ/FI-013/beslut?kind=prepare").text


def test_an_effektmal_that_was_changed_meanwhile_is_not_taken_away(chair: FlaskClient) -> None:
    address = "/initiativ/FI-014/effektmal"
    new = look(chair, f"{address}/0").boxes[f"{address}/0"]
    send(chair, f"{address}/0", {**new, "change": "Bygglov kommer samma dag", "for_whom": "Den som söker"})
    shown = look(chair, "/initiativ/FI-014")
    one = next(href for href in shown.links.values() if href.startswith(f"{address}/") and href != f"{address}/0")
    page = look(chair, one)
    [remove] = [action for action in page.boxes if action.startswith(one) and action != one]
    send(chair, one, {**page.boxes[one], "change": "Bygglov kommer inom en timme"})
    assert send(chair, remove, page.boxes[remove]).code == 412
    assert "Bygglov kommer inom en timme" in look(chair, "/initiativ/FI-014").text
    assert "Effektmålet är borttaget." in send(chair, remove, look(chair, one).boxes[remove]).text

"""The pages about minutes: who sees the draft, who may lock it, and what everybody reads afterwards."""

import io
import json
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.base.portfolio import lock_portfolio, the_portfolio
from portfolio.meetings.pages import files
from portfolio.meetings.writing.pdf import PdfNotInstalled
from tests.cast import CAST, form_token, look_again, sign_in
from tests.make import make_decision, make_demo
from tests.meetings import held
from tests.meetings.reading import pdf_words, word_lines
from tests.pages.screen import Screen, look, send
from tests.questions import questions

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-25T09:00:00+01:00")
ADDRESS = "/anteckningar/2026-11-24"
LEADERS = ("Kommundirektör", "Portföljkoordinator")
FULL = f"{ADDRESS}?fullstandig=1"


@pytest.fixture
def meeting_held(app: Flask) -> Flask:
    """The demo municipality after its meeting."""
    held.make_meeting_held()
    return app


def visitor(app: Flask, function: str) -> FlaskClient:
    return sign_in(app.test_client(), function)


def post(client: FlaskClient, what: str, **fields: str) -> Screen:
    return send(client, f"{ADDRESS}/{what}", {"csrf_token": form_token(client), **fields})


@pytest.mark.parametrize("function", sorted(CAST.keys() - {*LEADERS, "Medarbetare"}))
def test_nobody_but_those_who_lead_the_meeting_sees_the_draft(meeting_held: Flask, function: str) -> None:
    client = visitor(meeting_held, function)
    page = look(client, ADDRESS)
    assert page.code == 404
    assert "är inte färdigställda än" in page.text
    assert "FI-011" not in page.text
    assert [client.get(f"{ADDRESS}/{kind}").status_code for kind in files.FORMS] == [404] * len(files.FORMS)
    assert "2026-11-24" not in look(client, "/anteckningar").text
    assert client.get(f"{ADDRESS}/ratta").status_code in (403, 404)


@pytest.mark.parametrize("function", LEADERS)
def test_those_who_lead_the_meeting_read_the_draft_with_every_item_and_what_locking_means(
    meeting_held: Flask, function: str
) -> None:
    page = look(visitor(meeting_held, function), ADDRESS)
    assert "Utkast. Bara de som förbereder mötet ser det. 1 punkt lämnas inte ut" in page.text
    assert "När du färdigställer blir anteckningarna en allmän handling." in page.text
    assert "FI-013" in page.text
    assert "Färdigställ" in [label for label, _, _ in page.buttons]


def test_while_the_meeting_goes_on_there_is_nothing_to_complete(app: Flask) -> None:
    make_demo()
    held.begin()
    client = visitor(app, "Portföljkoordinator")
    page = look(client, ADDRESS)
    assert "Mötet pågår." in page.text
    assert "Färdigställ" not in [label for label, _, _ in page.buttons]
    refused = post(client, "fardigstall")
    assert (refused.code, "Avsluta mötet först." in refused.text) == (422, True)


def test_a_meeting_that_has_not_begun_has_no_minutes(app: Flask) -> None:
    make_demo()
    assert visitor(app, "Kommundirektör").get("/anteckningar/2026-12-01").status_code == 404


def test_once_they_are_completed_everybody_who_may_read_reads_the_same(meeting_held: Flask) -> None:
    leader = visitor(meeting_held, "Portföljkoordinator")
    assert "Anteckningarna är färdigställda." in post(leader, "fardigstall").text
    page = look(visitor(meeting_held, "Socialchef"), ADDRESS)
    assert "att FI-011 startar vecka 7 2027." in page.text
    assert "1 punkt lämnas ut efter särskild prövning." in page.text
    assert "FI-013" not in page.text
    assert "Rätta" not in page.links
    again = post(leader, "fardigstall")
    assert "kan inte ändras. Gör en rättelse i stället." in again.text


def test_a_municipality_that_writes_protokoll_reads_of_its_protokoll_and_never_of_anteckningar(
    meeting_held: Flask,
) -> None:
    with transaction():
        the_portfolio().minutes_form = "protocol"
    leader, reader = visitor(meeting_held, "Kommundirektör"), visitor(meeting_held, "Socialchef")
    assert "Protokollet från mötet tisdag 24 november är inte färdigställt än." in look(reader, ADDRESS).text
    assert "När du färdigställer blir protokollet en allmän handling." in look(leader, ADDRESS).text
    done = post(leader, "fardigstall")
    assert "Protokollet är färdigställt. Gruppen och de ansvariga får ett brev." in done.text
    assert "Protokollet är färdigställt och kan inte ändras." in done.text
    assert "Varför rättas protokollet?" in look(leader, f"{ADDRESS}/ratta").text
    assert post(leader, "fardigstall").text.count("Protokollet är färdigställt och kan inte ändras.") == 2


def test_only_those_who_lead_the_meeting_get_the_full_copy(meeting_held: Flask) -> None:
    held.complete()
    assert visitor(meeting_held, "Socialchef").get(FULL).status_code == 403
    assert visitor(meeting_held, "Socialchef").get(f"{ADDRESS}/json?fullstandig=1").status_code == 403
    page = look(visitor(meeting_held, "Kommundirektör"), FULL)
    assert "FI-013" in page.text
    assert "Det här är det fullständiga exemplaret." in page.text


def test_the_minutes_are_fetched_as_html_pdf_word_and_json(meeting_held: Flask) -> None:
    held.complete()
    client = visitor(meeting_held, "Socialchef")
    found = {kind: client.get(f"{ADDRESS}/{kind}") for kind in files.FORMS}
    assert [one.mimetype for one in found.values()] == [mimetype for mimetype, _ in files.FORMS.values()]
    assert "FI-011" in found["html"].text
    assert "FI-011" in pdf_words(found["pdf"].data)
    assert "FI-011" in word_lines(found["docx"].data)
    told = json.load(io.BytesIO(found["json"].data))
    assert [item["number"] for item in told["items"]] == [1, 2, 3, 4, 6]
    assert 'filename="LG-2026-11-24-version-1.pdf"' in found["pdf"].headers["Content-Disposition"]
    assert client.get(f"{ADDRESS}/json?version=2").status_code == 404


def test_a_server_that_makes_no_pdf_tells_what_to_do_instead(
    meeting_held: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> bytes:
        raise PdfNotInstalled

    held.complete()
    monkeypatch.setattr(files, "FORMS", {**files.FORMS, "pdf": ("application/pdf", fails)})
    page = Screen(visitor(meeting_held, "Socialchef").get(f"{ADDRESS}/pdf", follow_redirects=True))
    assert "Skriv ut sidan och välj att spara den som pdf." in page.text


def there(page: Screen, form: str) -> dict[str, str]:
    return dict(next(boxes for name, boxes in page.boxes.items() if name.endswith(form)))


def test_who_was_there_is_noted_in_the_draft_with_substitutes_and_others(meeting_held: Flask) -> None:
    client = visitor(meeting_held, "Portföljkoordinator")
    boxes = there(look(client, ADDRESS), "deltagare")
    first = next(name for name in boxes if name.startswith("substitute."))
    both = post(client, "deltagare", **{**boxes, first: "Vice direktör"})
    assert (both.code, "Den som var med har ingen ersättare." in both.text) == (422, True)
    del boxes[first.replace("substitute", "present")]
    page = post(client, "deltagare", **{**boxes, first: "Vice direktör", "more": "Upphandlingschef"})
    assert "Närvaro, plats och sekreterare är sparade." in page.text
    assert "Vice direktör (för Kommundirektör)" in page.text
    assert "Upphandlingschef" in page.text


def test_place_and_secretary_are_written_in_the_draft_before_anything_is_locked(meeting_held: Flask) -> None:
    client = visitor(meeting_held, "Portföljkoordinator")
    boxes = there(look(client, ADDRESS), "deltagare")
    assert boxes["secretary"] == "Portföljkoordinator"
    too_long = post(client, "deltagare", **{**boxes, "place": "x" * 121, "substitute.0": "y" * 121})
    assert (too_long.code, too_long.text.count("Skriv högst 120 tecken.")) == (422, 4)
    written = {**boxes, "place": "Sessionssalen", "secretary": "Kommunsekreterare"}
    page = post(client, "deltagare", **written)
    assert "Plats Sessionssalen" in page.text
    assert "Sekreterare Kommunsekreterare" in page.text
    post(client, "fardigstall")
    assert "Plats Sessionssalen" in look(visitor(meeting_held, "Socialchef"), ADDRESS).text


def test_a_correction_is_written_in_a_form_and_the_old_version_can_still_be_read(meeting_held: Flask) -> None:
    held.complete()
    client = visitor(meeting_held, "Kommundirektör")
    boxes = there(look(client, f"{ADDRESS}/ratta"), "ratta")
    refused = post(client, "ratta", **boxes)
    assert (refused.code, "Skriv varför du rättar." in refused.text) == (422, True)
    corrected = {**boxes, "reason": "Platsen saknades.", "place": "Sessionssalen", "remark.3": "Jäv anmäldes."}
    page = post(client, "ratta", **corrected)
    assert "Version 2, rättelse: Platsen saknades." in page.text
    assert "Sessionssalen" in page.text
    assert "Jäv anmäldes." in page.text
    before = look(visitor(meeting_held, "Socialchef"), f"{ADDRESS}?version=1")
    assert "Sessionssalen" not in before.text
    assert "Det finns en senare version." in before.text


def test_of_two_who_correct_the_same_version_the_second_reads_the_first_one_s_before_it_is_saved(
    meeting_held: Flask,
) -> None:
    held.complete()
    first, second = visitor(meeting_held, "Kommundirektör"), visitor(meeting_held, "Portföljkoordinator")
    boxes = there(look(second, f"{ADDRESS}/ratta?version=1"), "ratta")
    others = there(look(first, f"{ADDRESS}/ratta"), "ratta")
    post(first, "ratta", **{**others, "reason": "En till var med.", "more": "Upphandlingschef"})
    page = post(second, "ratta", **{**boxes, "reason": "Platsen saknades.", "place": "Sessionssalen"})
    assert page.code == 412
    assert "Någon annan rättade nyss (version 2: En till var med.)." in page.text
    again = there(page, "ratta")
    assert (again["place"], again["reason"].strip()) == ("Sessionssalen", "Platsen saknades.")
    saved = post(second, "ratta", **again)
    assert "Version 3, rättelse: Platsen saknades." in saved.text
    assert "Närvarande Kommundirektör" in saved.text
    assert "Upphandlingschef" in saved.text.partition("Frånvarande")[0]


def test_of_two_who_note_who_was_there_the_second_reads_what_the_first_one_noted(meeting_held: Flask) -> None:
    first, second = visitor(meeting_held, "Kommundirektör"), visitor(meeting_held, "Portföljkoordinator")
    boxes = there(look(second, ADDRESS), "deltagare")
    post(first, "deltagare", **{**there(look(first, ADDRESS), "deltagare"), "more": "Upphandlingschef"})
    without = {name: text for name, text in boxes.items() if name != "present.1"}
    page = post(second, "deltagare", **without)
    assert (page.code, "Någon annan ändrade det här medan du skrev." in page.text) == (412, True)
    saved = post(second, "deltagare", **there(page, "deltagare"))
    assert "Närvaro, plats och sekreterare är sparade." in saved.text
    assert "Närvarande Kommundirektör Ekonomichef" in saved.text
    assert "Upphandlingschef" in saved.text
    assert "Frånvarande Arbetsmarknadschef" in saved.text


def test_a_hostile_correction_stays_text(meeting_held: Flask) -> None:
    held.complete()
    client = visitor(meeting_held, "Kommundirektör")
    boxes = there(look(client, f"{ADDRESS}/ratta"), "ratta")
    attack = '"><img src=x onerror=alert(1)>'
    page = post(client, "ratta", **{**boxes, "reason": attack, "place": attack})
    assert "<img src=x" not in page.html
    too_long = post(client, "ratta", **{**boxes, "reason": "x" * 501, "substitute.0": "y" * 121})
    assert too_long.code == 422
    assert "Skriv högst 120 tecken." in too_long.text


def test_the_list_tells_how_much_there_is_to_do_and_finds_what_was_decided(meeting_held: Flask) -> None:
    leader = visitor(meeting_held, "Portföljkoordinator")
    assert "Anteckningarna från mötet 24 november 2026 är inte färdigställda." in look(leader, "/anteckningar").text
    held.complete()
    page = look(leader, "/anteckningar")
    assert "3 beslut att genomföra" in page.text
    assert "är inte färdigställda" not in page.text
    assert "Minnesanteckningar LG 2026-11-24" in look(leader, "/anteckningar?q=larmcentral").text
    assert "Ingen träff på ”FI-013”." in look(leader, "/anteckningar?q=FI-013").text
    make_decision("FI-012", "cancel", now=held.AFTERWARDS)
    assert "FI-012" not in look(leader, "/anteckningar?visa=oppna").text
    assert "FI-011" in look(leader, "/anteckningar?visa=oppna&q=skolchef").text


def test_whoever_is_responsible_finds_what_they_have_to_do(meeting_held: Flask) -> None:
    held.complete()
    client = visitor(meeting_held, "Skolchef")
    assert "FI-014" not in look(client, "/anteckningar?visa=oppna&ansvarig=Skolchef").text
    page = look(client, "/anteckningar?ansvarig=Skolchef")
    assert "1 beslut att genomföra" in page.text
    assert ("FI-011" in page.text, "FI-014" in page.text) == (True, False)
    assert page.links["Öppna"] == "/anteckningar?ansvarig=Skolchef&visa=oppna"
    assert "<option selected>Skolchef</option>" in page.html
    assert "Kanslichef har inga beslut här." in look(client, "/anteckningar?ansvarig=Kanslichef").text


def test_the_notice_of_a_draft_calls_it_what_it_is(meeting_held: Flask) -> None:
    with transaction():
        lock_portfolio().minutes_form = "protocol"
    told = look(visitor(meeting_held, "Portföljkoordinator"), "/anteckningar").text
    assert "Protokollet från mötet 24 november 2026 är inte färdigställt." in told


def test_a_day_is_written_in_one_way_on_each_row(meeting_held: Flask) -> None:
    held.complete()
    client = visitor(meeting_held, "Portföljkoordinator")
    assert "Ska ha startat senast 15 februari 2027" in look(client, "/anteckningar").text
    assert "24 november 2026" in look(client, "/inte-nu").text
    assert "2026-11-24" not in look(client, "/inte-nu").text
    assert "Hämta: PDF , Word , HTML , JSON" in look(client, ADDRESS).text.replace("PDF,", "PDF ,")


def test_a_meeting_that_nobody_ended_is_found_and_ended_the_day_after(app: Flask) -> None:
    make_demo()
    held.begin()
    for somebody, is_told in (("Portföljkoordinator", True), ("Socialchef", False)):
        page = look(visitor(app, somebody), "/anteckningar")
        assert ("Mötet den 24 november 2026 är inte avslutat." in page.text) is is_told
    leader = visitor(app, "Portföljkoordinator")
    address = look(leader, "/anteckningar").links["Öppna mötet och avsluta det"]
    assert "Avsluta mötet" in look(leader, address).text
    assert "Mötet är avslutat." in send(leader, f"{address}/avsluta", {"csrf_token": form_token(leader)}).text
    page = look(leader, "/anteckningar")
    assert "är inte avslutat" not in page.text
    assert "Anteckningarna från mötet 24 november 2026 är inte färdigställda." in page.text


def test_whoever_takes_back_what_the_minutes_tell_of_reads_why_it_stands(app: Flask) -> None:
    make_demo()
    held.begin()
    decision = held.decide("FI-012", "start", week="2027-W10", now=held.AFTERWARDS).decision.id
    held.end(held.AFTERWARDS)
    chair = visitor(app, "Kommundirektör")
    undo = f"/initiativ/FI-012/beslut/{decision}/angra"
    assert undo in look(chair, "/initiativ/FI-012").html
    held.complete()
    assert undo not in look(chair, "/initiativ/FI-012").html
    page = send(chair, undo, {"csrf_token": form_token(chair)})
    assert "Mötets anteckningar är färdigställda, och beslutet står i dem." in page.text


def test_minutes_are_read_once_for_each_page_that_shows_them(meeting_held: Flask) -> None:
    held.complete()
    client = visitor(meeting_held, "Socialchef")
    for address, read in ((ADDRESS, "FROM minutes"), ("/anteckningar", "FROM agenda_item")):
        look_again()
        with questions() as asked:
            client.get(address)
        assert sum(read in " ".join(one.statement.split()) for one in asked) == 1


def test_a_list_without_minutes_says_when_they_come(app: Flask) -> None:
    make_demo()
    assert "Inga anteckningar än." in look(visitor(app, "Socialchef"), "/anteckningar").text


def test_what_is_not_done_now_stands_with_its_reason_its_day_and_when_it_may_come_back(meeting_held: Flask) -> None:
    page = look(visitor(meeting_held, "Socialchef"), "/inte-nu")
    assert "3 initiativ som vi inte gör nu" in page.text
    assert "Bordlagt till 15 december 2026 Vi behöver först veta vad den kostar. 24 november 2026" in page.text
    assert "Avslaget Länets e-tjänst ger samma nytta. 24 november 2026 När skälet inte längre gäller" in page.text
    assert "FI-009" in page.text
    make_decision("FI-013", "return", now=held.AFTERWARDS)
    assert "FI-013" not in look(visitor(meeting_held, "Socialchef"), "/inte-nu").text


def test_what_is_paused_stands_with_why_it_was_paused_whatever_was_decided_of_it_since(meeting_held: Flask) -> None:
    make_decision("FI-008", "pause", reason="Avtalet prövas i domstol.", now=held.AFTERWARDS)
    later = {"until": date(2026, 12, 15), "reason": "Mötet hann inte ta upp frågan."}
    make_decision("FI-008", "defer", **later, now=held.AFTERWARDS)
    page = look(visitor(meeting_held, "Socialchef"), "/inte-nu")
    line = page.text.partition("FI-008")[2].partition("FI-0")[0]
    assert "Avtalet prövas i domstol." in line
    assert "Mötet hann inte" not in line


def test_whoever_reads_only_what_is_decided_sees_no_proposal_that_came_to_nothing(meeting_held: Flask) -> None:
    page = look(visitor(meeting_held, "Medarbetare"), "/inte-nu")
    assert "1 initiativ som vi inte gör nu" in page.text
    assert "FI-009" in page.text
    assert "FI-013" not in page.text + page.html
    assert "FI-014" not in page.text + page.html

"""Prova en plan: one form that loses nothing, both maps, and the button that decides all of it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.planning import actions, queries
from tests.cast import actor, look_again, sign_in, submit
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_unit
from tests.pages.maps import Seen, rows_of
from tests.pages.screen import Screen, look
from tests.questions import questions

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())

KLF = "Kommunledningsförvaltningen"
WEEK_2 = 7
"""The column of week 2 in a map that begins with week 48."""


def press(client: FlaskClient, address: str, boxes: dict[str, str], **options: object) -> Screen:
    return Screen(submit(client, address, boxes, follow_redirects=True, **options))


@pytest.fixture
def address(chair: FlaskClient) -> str:
    """A new trial of the chair's."""
    page = submit(chair, "/prova", {"name": "Skolan före sommaren"})
    assert (page.status_code, page.location) == (303, "/prova/1")
    return str(page.location)


def added(client: FlaskClient, address: str, move: str, **boxes: str) -> Screen:
    form = look(client, address).boxes["trial"]
    return press(client, f"{address}/lagg-till", {**form, "move": move, **boxes})


def maps_of(page: Screen) -> tuple[dict[str, list[Seen]], dict[str, list[Seen]]]:
    """The map as it is and the map of the trial."""
    present, tried = (re.search(rf'aria-labelledby="{name}-title">.*?</table>', page.html, re.S) for name in NAMES)
    assert present is not None
    assert tried is not None
    return rows_of(Page(present[0])), rows_of(Page(tried[0]))


NAMES = ("present", "tried")


class Page(Screen):
    """A part of a page."""

    def __init__(self, html: str) -> None:
        self.html = html


def test_a_trial_begins_with_one_press_and_one_number(chair: FlaskClient) -> None:
    page = look(chair, "/prova")
    assert page.links["Prova en plan"] == "/prova"
    assert page.boxes["/prova"]["name"] == "Försök 23 november 2026"
    page = press(chair, "/prova", page.boxes["/prova"])
    assert "Nu 1 av 8" in page.text
    assert page.status == "Nu: 1 av 8. I försöket: 1 av 8 förvaltningar går över taket de närmaste åtta veckorna."
    assert "Vad vill du prova?" in page.text
    assert "Genomför" not in page.text
    assert "Försök 23 november 2026" in look(chair, "/prova").text


def test_a_trial_without_a_name_is_told_at_the_box(chair: FlaskClient) -> None:
    page = press(chair, "/prova", {"name": " "})
    assert page.code == 422
    assert "Skriv vad försöket ska heta." in page.text


def test_each_move_has_its_verdict_and_its_way_forward_is_one_press_away(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-011")
    assert "FI-011 startar vecka 2 Ryms inte" in page.text
    assert "Tidigast möjliga start är vecka 7." in page.text
    moved = press(chair, address, page.boxes["trial"] | page.button("Välj vecka 7"))
    assert "FI-011 startar vecka 7 Ryms precis" in moved.text
    further = added(chair, address, "start:FI-013", start_week="v. 13")
    assert "FI-013 startar vecka 13 Ryms" in further.text


def test_the_pause_that_would_help_is_tried_with_one_press(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-011")
    paused = press(chair, address, page.boxes["trial"] | page.button("Prova att pausa FI-001"))
    assert "FI-001 pausas från vecka 48 Ger plats" in paused.text
    assert "FI-011 startar vecka 2 Ryms precis" in paused.text
    assert paused.status.startswith("Nu: 1 av 8. I försöket: 0 av 8")


def test_the_maps_stand_side_by_side_with_the_changed_cells_framed(chair: FlaskClient, address: str) -> None:
    added(chair, address, "pause:FI-001")
    page = added(chair, address, "start:FI-011")
    present, tried = maps_of(page)
    assert present.keys() == tried.keys() == {KLF, "Kansliet", *SCHOOL_AND_OTHERS}
    assert present[KLF][WEEK_2].label == "7 av 6, över taket"
    changed = tried[KLF][WEEK_2]
    assert changed.label.replace("\u00a0", " ") == "7 av 6, i försöket 6 av 6, fullt"
    assert changed.shown == "■6<small>−1</small>"
    assert "changed" in changed.css
    assert "changed" not in "".join(cell.css for cells in present.values() for cell in cells)
    everything = press(chair, address, page.boxes["trial"] | page.button("Visa alla enheter (16 till)"))
    assert "Räddningstjänsten" in maps_of(everything)[0]
    assert "Visa bara dem som ändras" in everything.text


SCHOOL_AND_OTHERS = {
    "Barn- och utbildningsförvaltningen",
    "Socialförvaltningen",
    "Miljö- och byggnadsförvaltningen",
}


def test_a_trial_in_which_nothing_changes_on_the_map_says_so(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-012", start_week="v. 40 2027")
    assert "Inget på kartan ändras de närmaste 26 veckorna." in page.text


def test_all_of_it_is_decided_at_once_and_each_decision_can_be_taken_back(chair: FlaskClient, address: str) -> None:
    added(chair, address, "start:FI-011")
    page = added(chair, address, "pause:FI-001", until="2027-05-03")
    assert "till omkring 3 maj 2027" in page.text
    done = press(chair, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Skolan kan inte vänta"})
    told = "Genomfört: FI-001 pausas från vecka 48, till omkring 3 maj 2027 och FI-011 startar vecka 2."
    assert told in done.text
    assert "Försöket genomfördes 2026-11-23 kl. 08.00 av Kommundirektör. Allt nedan är beslutat." in done.text
    assert "Skolan kan inte vänta" in look(chair, "/initiativ/FI-011").text
    assert [label for label, _, _ in done.buttons].count("Ångra") == 2
    undo = next(form for form in done.boxes if form.startswith("/initiativ/FI-011/beslut/"))
    assert "Beslutet är ångrat. FI-011 är som det var." in press(chair, undo, done.boxes[undo]).text


@pytest.mark.changes_the_product
def test_what_was_decided_is_told_of_the_week_in_which_it_was(chair: FlaskClient, demo: Flask, address: str) -> None:
    page = added(chair, address, "pause:FI-001")
    press(chair, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Nu"})
    demo.config["SETTINGS"] = replace(demo.config["SETTINGS"], frozen_now=NOW + timedelta(weeks=3))
    later = look(chair, address)
    assert "FI-001 pausas från vecka 48" in later.text
    assert "Ångra" not in [label for label, _, _ in later.buttons]


def test_what_does_not_fit_is_not_offered_to_be_decided(chair: FlaskClient, address: str) -> None:
    def offered(page: Screen) -> list[str]:
        return [text for text, _, _ in page.buttons if text.startswith("Genomför")]

    assert offered(added(chair, address, "start:FI-012")) == ["Genomför beslutet"]
    stopped = added(chair, address, "start:FI-011")
    assert (offered(stopped), "reason" in stopped.boxes["trial"]) == ([], True)
    moved = press(chair, address, stopped.boxes["trial"] | stopped.button("Välj vecka 7"))
    assert offered(moved) == ["Genomför båda besluten"]
    assert offered(added(chair, address, "pause:FI-001")) == ["Genomför alla 3 beslut"]


def test_what_stops_it_is_told_in_place_and_the_trial_is_kept(chair: FlaskClient, address: str) -> None:
    added(chair, address, "start:FI-012")
    page = added(chair, address, "start:FI-011")
    assert "Det går inte att genomföra försöket än. FI-011 startar vecka 2: ryms inte." in page.text
    refused = press(chair, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Vi provar ändå"})
    assert refused.code == 409
    assert "Försöket är inte genomfört. FI-011 stoppade det." in refused.text
    assert "Ryms inte vecka 2. Kommunledningsförvaltningen skulle få 8 av 6 (vecka 2–6)" in refused.text
    assert refused.boxes["trial"]["reason"] == "Vi provar ändå"
    assert "FI-012 startar vecka 10 Ryms" in refused.text
    assert "Beredning" in look(chair, "/initiativ/FI-012").text


def test_what_is_typed_stays_whatever_is_wrong(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-011")
    boxes = page.boxes["trial"] | {"reason": "Ett långt skäl", "start_week.1": "snart", "until": "i vår"}
    wrong = press(chair, f"{address}/lagg-till", boxes)
    assert wrong.code == 422
    kept = wrong.boxes["trial"]
    assert (kept["reason"], kept["start_week.1"], kept["until"]) == ("Ett långt skäl", "snart", "i vår")
    assert wrong.links["Startvecka: Skriv veckan, till exempel v. 7 eller v. 7 2027."] == "#f-start_week.1"
    nothing = press(chair, f"{address}/lagg-till", page.boxes["trial"] | {"reason": "Kvar"})
    assert (nothing.code, nothing.boxes["trial"]["reason"]) == (422, "Kvar")
    assert "Välj vad du vill prova." in nothing.text
    emptied = press(chair, address, page.boxes["trial"] | {"start_week.1": ""})
    assert (emptied.code, emptied.boxes["trial"]["start_week.1"]) == (422, "")
    strange = press(chair, f"{address}/lagg-till", page.boxes["trial"] | {"move": "start:FI-999"})
    assert (strange.code, "Välj i listan vad du vill prova." in strange.text) == (422, True)


def test_a_week_that_is_changed_is_shown_before_anything_is_decided(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-011", start_week="v. 7")
    boxes = page.boxes["trial"] | {"start_week.1": "v. 9", "reason": "Senare"}
    looked = press(chair, f"{address}/genomfor", boxes)
    assert "Du ändrade något i försöket." in looked.text
    assert "FI-011 startar vecka 9" in looked.text
    assert looked.boxes["trial"]["reason"] == "Senare"
    done = press(chair, f"{address}/genomfor", looked.boxes["trial"])
    assert "Genomfört: FI-011 startar vecka 9." in done.text


def test_no_reason_no_decision(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-012")
    refused = press(chair, f"{address}/genomfor", page.boxes["trial"])
    assert refused.code == 422
    assert refused.links["Skäl: Skriv skälet till besluten."] == "#f-reason"


def test_what_another_has_changed_meanwhile_is_shown_and_not_decided(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-012")
    added(chair, address, "pause:FI-001")
    refused = press(chair, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Nu"})
    assert refused.code == 412
    assert "Någon annan ändrade försöket medan du läste." in refused.text
    assert refused.boxes["trial"]["reason"] == "Nu"
    make_decision("FI-012", "note")
    stopped = press(chair, f"{address}/genomfor", refused.boxes["trial"])
    assert stopped.code == 409
    assert "FI-012 stoppade det." in stopped.text
    assert "Initiativet har ändrats sedan du läste försöket." in stopped.text
    assert "Genomfört:" in press(chair, f"{address}/genomfor", stopped.boxes["trial"]).text


def test_what_no_longer_holds_is_told_and_can_be_removed(chair: FlaskClient, address: str) -> None:
    added(chair, address, "start:FI-011", start_week="v. 7")
    make_decision("FI-011", "reject")
    page = look(chair, address)
    assert "FI-011 startar vecka 7 Gäller inte längre" in page.text
    assert "FI-011 är i läget Avslagen." in page.text
    removed = press(chair, f"{address}/ta-bort/1", page.boxes["trial"])
    assert "FI-011 startar" not in removed.text
    assert press(chair, f"{address}/ta-bort/1", page.boxes["trial"]).code == 200, "removed twice is removed"


def test_a_proposal_says_that_it_has_to_be_prepared_first(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-013", start_week="v. 9")
    assert "FI-013 startar vecka 9 Ryms Inte klar för beslut" in page.text
    assert "Det går inte att genomföra försöket än. FI-013 startar vecka 9: det är ett förslag." in page.text
    assert "Det finns plats, men ändringen går inte att besluta." in page.text
    assert page.links["Ta upp FI-013 i beredning"] == "/initiativ/FI-013/beslut?kind=prepare"


def test_what_is_missing_is_told_as_in_the_decision(app: Flask, client: FlaskClient) -> None:
    make_unit("KLF", limit=4)
    code = make_initiative(impacts={"KLF": 1}, owner=None)
    chair = sign_in(client, "Kommundirektör")
    address = submit(chair, "/prova", {"name": "Utan ägare"}).location
    page = added(chair, address, f"start:{code}")
    assert "Innan det kan starta behövs en projektägare." in page.text


def test_at_the_meeting_what_is_missing_takes_a_written_reason(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-011", start_week="v. 7")
    assert "despite" not in page.boxes["trial"]
    press(chair, "/mote/2026-11-24/borja", {})
    page = look(chair, address)
    assert "samverkan enligt 11 § MBL" in page.text
    assert "Något saknas för FI-011." in page.text
    assert "Det finns plats, men något saknas för ändringen." in page.text
    assert "hänskjut den på mötet" in page.text
    refused = press(chair, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Nu"})
    assert refused.code == 409
    assert "FI-011 stoppade det. Innan det kan starta behövs" in refused.text
    done = press(chair, f"{address}/genomfor", refused.boxes["trial"] | {"despite": "Rektorerna väntar."})
    assert "Genomfört: FI-011 startar vecka 7." in done.text
    assert "Trots det som saknas: Rektorerna väntar." in look(chair, "/anteckningar/2026-11-24").text


def test_thrown_away_with_regret_for_half_a_minute(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "pause:FI-001")
    thrown = press(chair, f"{address}/kasta", page.boxes["trial"])
    assert "Försöket Skolan före sommaren är kastat. Inget är ändrat." in thrown.text
    assert "Kastat" in thrown.text
    assert "Inget av det här är beslutat." in look(chair, address).text
    back = press(chair, f"{address}/ta-tillbaka", {})
    assert "Försöket är kvar." in back.text
    assert "FI-001 pausas från vecka 48" in back.text


def test_nothing_is_done_to_a_trial_that_has_ended(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-012")
    boxes = page.boxes["trial"] | {"reason": "Nu"}
    press(chair, f"{address}/genomfor", boxes)
    for door in ("", "/lagg-till", "/genomfor", "/ta-bort/1"):
        assert "Försöket är redan avslutat." in press(chair, address + door, boxes | {"start_week.1": "v. 30"}).text
    assert "Allt nedan är beslutat." in press(chair, f"{address}/kasta", boxes).text


def test_a_member_tries_and_the_chair_applies(demo: Flask, client: FlaskClient) -> None:
    member = sign_in(client, "Socialchef")
    address = submit(member, "/prova", {"name": "Mitt förslag"}).location
    page = added(member, address, "start:FI-012")
    assert "Ordföranden genomför försöket" in page.text
    assert "apply" not in re.findall(r'<button[^>]* id="([a-z]+)"', page.html)
    assert submit(member, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Nu"}).status_code == 403
    look_again()
    assert queries.trial_by_id(1).created_by == actor("Socialchef").name


@pytest.mark.parametrize("function", ["Medarbetare", "Kanslichef", "Administratör", "Revisor"])
def test_others_see_no_trials(demo: Flask, client: FlaskClient, function: str) -> None:
    with transaction():
        actions.create("Hemligt", by=CHAIR, now=NOW)
    visitor = sign_in(client, function)
    assert "Prova en plan" not in look(visitor, "/").text
    assert visitor.get("/prova").status_code == visitor.get("/prova/1").status_code == 403


def test_a_trial_that_there_is_not(chair: FlaskClient) -> None:
    assert chair.get("/prova/99").status_code == 404
    assert submit(chair, "/prova/99/lagg-till", {"move": "pause:FI-001"}).status_code == 404


@pytest.mark.parametrize(
    "choice", ["pause:a\x00b", "1:start:2027-W99", "x:start:2027-W07", "pause:FI-999", "look", "99:start:2027-W07"]
)
def test_a_choice_that_nobody_offers_changes_nothing(chair: FlaskClient, address: str, choice: str) -> None:
    page = added(chair, address, "start:FI-011")
    after = press(chair, address, page.boxes["trial"] | {"choose": choice})
    assert after.code == 200
    assert "FI-011 startar vecka 2 Ryms inte" in after.text


def test_htmx_gets_the_trial_alone(chair: FlaskClient, address: str) -> None:
    page = added(chair, address, "start:FI-012")
    headers = {"HX-Request": "true", "HX-Target": "trial"}
    part = submit(chair, address, page.boxes["trial"], headers=headers)
    assert part.get_data(as_text=True).lstrip().startswith('<form id="trial"')
    done = submit(chair, f"{address}/genomfor", page.boxes["trial"] | {"reason": "Nu"}, headers=headers)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, address)


def test_a_trial_asks_as_many_questions_about_many_moves_as_about_few(chair: FlaskClient, address: str) -> None:
    added(chair, address, "start:FI-012")
    added(chair, address, "pause:FI-001")
    few = asked_by(chair, address)
    for move in ("start:FI-014", "pause:FI-002", "pause:FI-003", "pause:FI-004", "resume:FI-009"):
        added(chair, address, move)
    assert asked_by(chair, address) == few


def asked_by(client: FlaskClient, address: str) -> int:
    look_again()
    with questions() as asked:
        assert client.get(address).status_code == 200
    return len(asked)

"""Portföljen i backspegeln: what half a year came to, on one page."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.cast import sign_in, submit
from tests.make import NOW, make_decision
from tests.pages.screen import Screen, look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())


# S1-28, S4-16, S4-50
def test_one_half_year_tells_what_came_of_it_and_answers_the_four_questions(chair: FlaskClient) -> None:
    make_decision("FI-007", "complete")
    make_decision("FI-013", "reject")
    page = look(chair, "/backspegeln")
    assert "Andra halvåret 2026, så långt." in page.text
    assert "1 initiativ blev klart" in page.text
    assert "Stoppade i tid 1, varav 1 avslogs före start och 0 avbröts" in page.text
    assert "Från förslag till besked 28 dagar i median. 0 av 1 (0 %) fick besked inom 14 dagar." in page.text
    assert "I snitt pågick" in page.text
    assert "färre på en gång gör inte mindre" in page.text
    assert "Enheter som har satt ett tak, i dag 10 av 15 (67 %)" in page.text
    assert "Stängda initiativ med uppföljd effekt –" in page.text
    assert "Ändrade tak" in page.text


def test_a_half_year_that_nobody_has_seen_is_not_there(chair: FlaskClient) -> None:
    for written in ("2001-1", "2027-1", "x"):
        assert chair.get(f"/backspegeln?halvar={written}").status_code == 404, written


def test_before_anything_has_happened_the_page_says_so(app: Flask) -> None:
    assert (
        "Det finns inget att se tillbaka på än." in look(sign_in(app.test_client(), "Revisor"), "/backspegeln").text
    )


def test_every_half_year_comes_as_a_file(chair: FlaskClient) -> None:
    text = chair.get("/backspegeln/export.csv").data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Halvår;Startade;Klara;Avslagna före start")
    assert text.splitlines()[1].startswith("andra halvåret 2026;0;0;")
    answer = chair.get("/backspegeln/export.xlsx")
    [first, *_] = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert first[0] == "Halvår"
    assert "backspegeln-2026-W48.xlsx" in answer.headers["Content-Disposition"]


def test_the_coordinator_notes_what_was_changed_and_a_member_reads_it(demo: Flask, coordinator: FlaskClient) -> None:
    refused = Screen(submit(coordinator, "/backspegeln/2026-2", {"text": ""}))
    assert (refused.code, "Skriv vad ni har ändrat." in refused.text) == (422, True)
    noted = Screen(submit(coordinator, "/backspegeln/2026-2", {"text": "Högst fyra beslut."}, follow_redirects=True))
    assert "Högst fyra beslut. Portföljkoordinator, 23 november 2026" in noted.text
    member = sign_in(demo.test_client(), "Skolchef")
    page = look(member, "/backspegeln")
    assert ("Högst fyra beslut." in page.text, "note-form" in page.boxes) == (True, False)
    *_, address = [key for key in noted.boxes if key.endswith("/ta-bort")]
    assert submit(member, address).status_code == 403
    gone = Screen(submit(coordinator, address, follow_redirects=True))
    assert "Anteckningen är borttagen." in gone.text
    assert submit(coordinator, "/backspegeln/2031-1", {"text": "I framtiden"}).status_code == 404

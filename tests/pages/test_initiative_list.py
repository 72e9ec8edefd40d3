"""Initiativ: found by what people mean, ordered by priority, moved with a reason, taken home as a file."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event

from portfolio.base.db import current_session, db
from portfolio.initiatives.queries.order import open_ids_in_order
from portfolio.initiatives.queries.people import owners
from portfolio.initiatives.queries.stored import initiatives_by_id
from tests.cast import sign_in
from tests.make import make_initiative, make_unit
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def titles(page: Screen) -> list[str]:
    """The initiatives of a list, in order."""
    return [label for label, href in page.links.items() if href.startswith("/initiativ/FI-")]


def ranks() -> list[str]:
    current_session().rollback()  # what was read before belongs to an older picture of the database
    by_id = {one.id: one.code for one in initiatives_by_id(open_ids_in_order())}
    return [by_id[key] for key in open_ids_in_order()]


# S4-24
def test_the_list_begins_with_its_one_number_and_the_order_of_priority(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ")
    assert "8 initiativ pågår nu" in page.text
    assert titles(page)[:2] == ["FI-001 E-arkiv för hela kommunen", "FI-002 Nytt verksamhetssystem i äldreomsorgen"]
    assert "Kanslichef v. 36 2026–10 2027 BUF, SOC, MBF, KAN" in page.text


@pytest.mark.parametrize("words", ["sprakstod", "SPRÅKSTÖD forskola", "fi-008"])
def test_search_finds_what_is_meant_however_it_is_spelled(chair: FlaskClient, words: str) -> None:
    assert titles(look(chair, f"/initiativ?q={words}")) == ["FI-008 Språkstöd i förskolan"]


def test_a_search_without_a_hit_says_so_and_offers_a_way_on(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ?q=<b>rymd")
    assert (
        "Ingen träff på ”<b>rymd”. Kontrollera stavningen eller sök på beteckning, till exempel FI-011." in page.text
    )
    assert page.links["Rensa filter"] == "/initiativ"


# S2-12
@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?status=paused", ["FI-009"]),
        ("?unit=RTJ", ["FI-012"]),
        ("?unit=KLF&status=in_preparation", ["FI-011"]),
        ("?status=ongoing&unit=BUF&sort=-title", ["FI-008", "FI-004", "FI-001"]),
        ("?sort=start&status=in_preparation", ["FI-011", "FI-014", "FI-012"]),
    ],
)
def test_filters_and_orders_are_addresses(chair: FlaskClient, address: str, found: list[str]) -> None:
    assert [title[:6] for title in titles(look(chair, f"/initiativ{address}"))] == found


def test_the_owner_filter_offers_those_who_own_something(chair: FlaskClient) -> None:
    owner = next(key for key, function in owners() if function == "Kanslichef")
    assert [title[:6] for title in titles(look(chair, f"/initiativ?owner={owner}"))] == ["FI-001", "FI-006", "FI-013"]


def test_htmx_gets_the_list_alone(chair: FlaskClient) -> None:
    answer = chair.get("/initiativ?q=arkiv", headers={"HX-Request": "true", "HX-Target": "initiative-list"})
    page = Screen(answer)
    assert "<html" not in page.html
    assert titles(page) == ["FI-001 E-arkiv för hela kommunen"]


def test_going_back_in_the_browser_gets_the_whole_page(chair: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Target": "initiative-list", "HX-History-Restore-Request": "true"}
    assert "<html" in chair.get("/initiativ", headers=headers).get_data(as_text=True)


# S1-03
def test_a_move_is_a_decision_with_its_reason_and_can_be_taken_back(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ")
    form = page.boxes["/initiativ/ordning"]
    assert form["reason"] == "Omprioriterad i listan av Kommundirektör"
    moved = send(chair, "/initiativ/ordning", form | {"move": "FI-003 2"})
    assert "Beslutat: FI-003 har plats 2." in moved.text
    assert ranks()[:3] == ["FI-001", "FI-003", "FI-002"]
    history = look(chair, "/initiativ/FI-003")
    assert (
        "Kommundirektören flyttade initiativet från plats 3 till plats 2. "
        "Skäl: Omprioriterad i listan av Kommundirektör." in history.text
    )
    undo = next(action for action in history.boxes if action.endswith("/angra"))
    assert "Beslutet är ångrat." in send(chair, undo, history.boxes[undo]).text
    assert ranks()[:3] == ["FI-001", "FI-002", "FI-003"]


def test_in_a_filtered_list_a_move_passes_the_neighbour_one_sees(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ?unit=BUF")
    down = next(
        value for text, name, value in page.buttons if name == "move" and value.startswith("FI-001") and text == "↓"
    )
    assert down == "FI-001 4"
    form = page.boxes["/initiativ/ordning?unit=BUF"]
    moved = send(chair, "/initiativ/ordning?unit=BUF", form | {"move": down})
    assert [title[:6] for title in titles(moved)][:2] == ["FI-004", "FI-001"]


def test_a_move_without_a_reason_is_refused_and_told(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ").boxes["/initiativ/ordning"]
    page = send(chair, "/initiativ/ordning", form | {"move": "FI-003 1", "reason": " "})
    assert page.code == 422
    assert "Skriv skälet till beslutet." in page.text
    assert ranks()[0] == "FI-001"


@pytest.mark.parametrize("move", ["FI-003", "FI-003 första", ""])
def test_a_move_to_nowhere_is_refused(chair: FlaskClient, move: str) -> None:
    form = look(chair, "/initiativ").boxes["/initiativ/ordning"]
    assert send(chair, "/initiativ/ordning", form | {"move": move}).code == 422


def test_only_the_chair_moves(coordinator: FlaskClient) -> None:
    page = look(coordinator, "/initiativ")
    assert not any(name == "move" for _, name, _ in page.buttons)
    token = page.boxes["/logga-ut"]["csrf_token"]
    assert (
        send(coordinator, "/initiativ/ordning", {"csrf_token": token, "move": "FI-003 1", "reason": "x"}).code == 403
    )


def test_a_reader_sees_what_is_decided_and_no_proposals(reader: FlaskClient) -> None:
    page = look(reader, "/initiativ")
    assert "FI-013" not in page.text
    assert [title[:6] for title in titles(page)] == [f"FI-{number:03d}" for number in range(1, 11)]
    assert [label for label in page.links if label.startswith("Plats")] == []
    assert titles(look(reader, "/initiativ?status=proposed")) == titles(page)
    assert "FI-013" not in reader.get("/initiativ/export.csv?q=FI-013").get_data(as_text=True)


def test_an_empty_portfolio_says_how_to_begin(app: Flask) -> None:
    page = look(sign_in(app.test_client(), "Enhetschef"), "/initiativ")
    assert "Inga initiativ ännu. Läs in din lista från Excel eller lägg in det första initiativet." in page.text
    assert page.links["Nytt förslag"] == "/initiativ/nytt/borja"
    assert "Läs in från Excel" not in page.links
    assert "Läs in från Excel" in look(sign_in(app.test_client(), "Portföljkoordinator"), "/initiativ").links


NASTY = ["=1+1", "+46 920", "-1", "@SUM(A1)", "\t=1", "Grönt; rött"]


@pytest.fixture
def nasty(app: Flask) -> FlaskClient:
    """A list of titles that a spreadsheet would run."""
    make_unit("KLF")
    for title in NASTY:
        make_initiative(title, impacts={"KLF": 1})
    return sign_in(app.test_client(), "Kommundirektör")


def test_a_file_for_excel_has_texts_and_no_formulas(nasty: FlaskClient) -> None:
    answer = nasty.get("/initiativ/export.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="initiativ-2026-W48.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = list(sheet.iter_rows(min_row=2))
    assert {cell.data_type for row in cells for cell in row if cell.value is not None} == {"s"}
    assert [row[1].value for row in cells] == [f"'{title}" for title in NASTY[:-1]] + NASTY[-1:]


def test_a_csv_file_opens_in_a_swedish_excel_and_holds_the_filtered_list(nasty: FlaskClient) -> None:
    answer = nasty.get("/initiativ/export.csv?q=rott")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert head[:3] == ["Beteckning", "Namn", "Status"]
    assert row == [
        "FI-006",
        "Grönt; rött",
        "Beredning",
        "6",
        "Kanslichef",
        "2027-W02",
        "2027-W05",
        "Förvaltningen KLF",
        "",
    ]


@pytest.fixture
def long_list(app: Flask) -> FlaskClient:
    """Rather more initiatives than one page holds."""
    units = [make_unit(code) for code in ("KLF", "BUF", "SOC", "SBF")]
    for number in range(1, 206):
        make_initiative(f"Ett ganska långt namn på förändring nummer {number}", impacts=dict.fromkeys(units, 1))
    return sign_in(app.test_client(), "Kommundirektör")


def test_two_hundred_lines_are_one_light_page_and_few_questions(long_list: FlaskClient) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    answer = long_list.get("/initiativ")
    page = Screen(answer)
    assert len(titles(page)) == 200
    assert "1–200 av 205" in page.text
    assert len(answer.data) <= 200_000
    assert len(asked) <= 20
    assert len(titles(look(long_list, page.links["Nästa"]))) == 5

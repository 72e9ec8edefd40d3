"""Whatever somebody types into an address or a hidden field, the answer is a page and never a failure."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from portfolio.web.weeks import WEEK_HELP
from tests.cast import form_token, person, sign_in, submit
from tests.make import make_initiative, make_unit

DIGITS = "9" * 5000


@pytest.fixture
def chair(client: FlaskClient) -> FlaskClient:
    """The chair, in a municipality with one unit and one initiative."""
    make_unit("KLF", limit=3)
    make_initiative("E-arkiv", impacts={"KLF": 1})
    return sign_in(client, "Kommundirektör")


@pytest.mark.parametrize(
    "path", ["/initiativ?owner=", "/initiativ?page=", "/bedom?sida=", "/initiativ/export.csv?owner="]
)
def test_a_number_that_no_row_could_have_finds_nothing(chair: FlaskClient, path: str) -> None:
    assert chair.get(path + DIGITS).status_code in (200, 302, 303, 404)


def test_a_week_after_all_weeks_is_refused_at_its_field(chair: FlaskClient) -> None:
    fields = {"title": "Långt bort", "start_week": "9999-12-31", "phases.0.kind": "implement", "phases.0.weeks": "2"}
    assert submit(chair, "/initiativ/nytt", fields).status_code == 422
    assert chair.get("/initiativ").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_of_no_year_that_anybody_plans_for_is_refused_at_its_field(chair: FlaskClient, day: str) -> None:
    told = "Skriv ett datum mellan år 1900 och 2199."
    deferral = {"kind": "defer", "reason": "Budgeten först", "until": day}
    for address, fields in (
        ("/initiativ/FI-001/beslut", deferral),
        ("/initiativ/nytt", {"title": "E-arkiv", "must_finish_by": day}),
    ):
        refused = submit(chair, address, fields)
        assert (refused.status_code, told in refused.get_data(as_text=True)) == (422, True)


def test_hidden_fields_may_be_missing_or_far_too_long(chair: FlaskClient) -> None:
    decision = {"kind": "start", "reason": "Nu", "start_week": "v. 7 2027"}
    assert submit(chair, "/initiativ/FI-001/beslut", decision | {"version": DIGITS}).status_code < 500
    assert submit(chair, "/initiativ/FI-001/beslut", decision).status_code < 500
    assert (
        submit(chair, "/initiativ/FI-001/andra", {"title": "x", "version": DIGITS, "seen": DIGITS}).status_code < 500
    )
    assert submit(chair, "/enheter/KLF", {}).status_code == 422
    assert submit(chair, "/enheter/KLF/andra", {}).status_code == 422
    assert submit(chair, "/kvittera/FI-001/KLF", {"answer": "corrected", "phase-" + DIGITS: "1"}).status_code < 500


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff"])
def test_a_title_holds_no_sign_that_a_file_of_office_cannot_hold(chair: FlaskClient, sign: str) -> None:
    refused = submit(chair, "/initiativ/nytt", {"title": f"E-{sign}arkiv"})
    assert (refused.status_code, "Ta bort tecken" in refused.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff"])
def test_a_title_that_came_in_another_way_still_lets_everybody_fetch_the_list(chair: FlaskClient, sign: str) -> None:
    make_initiative(f"Bygg{sign}lov")
    book = load_workbook(BytesIO(chair.get("/initiativ/export.xlsx").data))
    assert "Bygglov" in [cell.value for row in book.active for cell in row]


@pytest.mark.parametrize("title", ["\u200b", "\u2060\u202e", "\u3164", " \u200d "])
def test_a_title_that_nobody_can_see_is_none(chair: FlaskClient, title: str) -> None:
    refused = submit(chair, "/initiativ/nytt", {"title": title})
    assert (refused.status_code, "Skriv vad som ska förändras." in refused.get_data(as_text=True)) == (422, True)


def test_a_title_reads_in_the_direction_in_which_it_was_written(chair: FlaskClient) -> None:
    submit(chair, "/initiativ/nytt", {"title": "E-\u202etjänst\u202c för b\u200bygglov 👩\u200d🔧 مرحبا"})
    assert "E-tjänst för bygglov 👩\u200d🔧 مرحبا" in chair.get("/initiativ").text


def test_an_objection_holds_no_characters_that_cannot_be_shown(chair: FlaskClient) -> None:
    sent = {"answer": "objection", "text": "a\x00b\x1b[31m"}
    assert submit(chair, "/kvittera/FI-001/KLF", sent).status_code == 422


def test_the_administrator_does_not_make_themselves_chair(client: FlaskClient) -> None:
    admin = person("Administratör")
    sign_in(client, "Administratör")
    fields = {"function": admin.function, "role": "chair", "version": str(admin.version)}
    assert submit(client, f"/personer/{admin.id}", fields).status_code == 422


# An event keeps what it was told for ever: a week that cannot be read again must never get there.
@pytest.mark.parametrize("day", ["0001-01-01", "1899-06-01"])
def test_a_forecast_before_all_weeks_is_refused_at_its_field(chair: FlaskClient, day: str) -> None:
    code = make_initiative("Larm", status="ongoing", start="2026-W40", impacts={"KLF": 1})
    report = {"state": "on_track", "text": "Bra", "forecast_end_week": day}
    refused = submit(chair, f"/initiativ/{code}/lagesrapport", report)
    assert (refused.status_code, WEEK_HELP in refused.get_data(as_text=True)) == (422, True)
    assert chair.get(f"/initiativ/{code}").status_code == 200


@pytest.mark.parametrize("address", ["http://[", "http://[::1"])
def test_an_address_that_is_none_is_no_page_to_come_back_to(client: FlaskClient, address: str) -> None:
    asked = client.get("/mina-brev", headers={"HX-Request": "true", "HX-Current-URL": address})
    assert asked.status_code < 500
    assert submit(client, "/logga-in", {"email": "a@b.se"}, headers={"Origin": address}).status_code in (400, 403)


def test_a_page_takes_forms_and_no_json(client: FlaskClient) -> None:
    for body in ("[" * 100_000, '{"email": "a@b.se", "password": "abc\\ud800"}'):
        headers = {"X-CSRFToken": form_token(client)}
        sent = client.post("/logga-in", data=body, content_type="application/json", headers=headers)
        assert sent.status_code == 422


def test_a_form_without_its_hidden_fields_is_answered_with_what_is_missing(client: FlaskClient) -> None:
    make_unit("KLF")
    code, one = make_initiative("E-arkiv"), person("Kanslichef")
    sign_in(client, "Kommundirektör")
    assert submit(client, f"/initiativ/{code}/andra").status_code == 422
    assert submit(client, f"/initiativ/{code}/prova").status_code < 500
    assert submit(client, f"/personer/{one.id}").status_code == 422


def test_a_move_in_the_order_comes_back_to_the_list_whatever_the_address_asks(chair: FlaskClient) -> None:
    address = "/initiativ/ordning?endpoint=x&_method=DELETE&_scheme=ftp&q=arkiv"
    moved = submit(chair, address, {"move": "FI-001 1", "reason": "Lagen"})
    assert (moved.status_code, moved.location) == (303, "/initiativ?q=arkiv")

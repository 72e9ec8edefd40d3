"""Whatever somebody types into an address or a hidden field, the answer is a page and never a failure."""

import pytest
from flask.testing import FlaskClient

from tests.cast import person, sign_in, submit
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


def test_an_objection_holds_no_characters_that_cannot_be_shown(chair: FlaskClient) -> None:
    sent = {"answer": "objection", "text": "a\x00b\x1b[31m"}
    assert submit(chair, "/kvittera/FI-001/KLF", sent).status_code == 422


def test_the_administrator_does_not_make_themselves_chair(client: FlaskClient) -> None:
    admin = person("Administratör")
    sign_in(client, "Administratör")
    fields = {"function": admin.function, "role": "chair", "version": str(admin.version)}
    assert submit(client, f"/personer/{admin.id}", fields).status_code == 422

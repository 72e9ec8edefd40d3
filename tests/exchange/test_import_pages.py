"""Läs in in the browser: upload, columns, preview, confirmation, undo."""

import io
import re
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portfolio.base.db import db, transaction
from portfolio.exchange.models import ImportBatch
from portfolio.initiatives.models import Initiative
from portfolio.outbox.queries import newest_seq
from portfolio.people.actions.persons import add_person
from portfolio.people.rules import Role
from portfolio.web.clock import now
from tests.cast import INSTALLER, sign_in, submit
from tests.make import make_demo

LIST = """Nr;Initiativ;Förvaltning;Start;Slut;Status;Påverkan
P-1;Nytt schema;SOC;2026-10-05;2027-03-28;Pågår;Stor
P-2;E-arkiv;Räddningstjänst Syd;våren 2027;Q4 2027;Planerad;
P-3;Bokning;KFF;15/2/2027;v. 30 2027;Planerad;2
P-4;Trasig;KFF;snart;;Planerad;
"""


@pytest.fixture
def coordinator(app: Flask, client: FlaskClient) -> FlaskClient:
    """The Portföljkoordinator of the demo municipality, signed in."""
    make_demo()
    return sign_in(client, "Portföljkoordinator")


def upload(visitor: FlaskClient, content: str | bytes = LIST, name: str = "lista.csv") -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return submit(visitor, "/las-in", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def choose(visitor: FlaskClient, page: str, **changes: str) -> TestResponse:
    """Send the columns as they were guessed, with some changes."""
    selects = re.findall(r'<select id="f-(column_\w+)".*?</select>', page, re.DOTALL)
    chosen = re.findall(r'<select id="f-column_\w+".*?</select>', page, re.DOTALL)
    values = [re.search(r'value="([^"]*)" selected', one) for one in chosen]
    guessed = {name: found[1] for name, found in zip(selects, values, strict=True) if found}
    return submit(visitor, f"/las-in/{the_batch()}", guessed | changes)


def the_batch() -> int:
    db.session.rollback()
    return db.session.query(ImportBatch.id).order_by(ImportBatch.id.desc()).limit(1).scalar()


def text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def previewed(visitor: FlaskClient, content: str | bytes = LIST, **changes: str) -> str:
    """The preview of a list whose columns were left as guessed."""
    sent = upload(visitor, content)
    assert sent.status_code == 303, text(sent)
    page = visitor.get(sent.location).get_data(as_text=True)
    chosen = choose(visitor, page, **changes)
    assert chosen.status_code == 303, text(chosen)
    return text(visitor.get(chosen.location))


def confirm(visitor: FlaskClient, page: str, **options: Any) -> TestResponse:
    found = re.search(r'name="mark" value="(\w+)"', page)
    assert found is not None
    return submit(visitor, f"/las-in/{the_batch()}/las-in", {"mark": found[1]}, **options)


def titles() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(db.select(Initiative.title)))


def test_a_list_is_mapped_previewed_confirmed_and_undone(coordinator: FlaskClient) -> None:
    before = titles()
    page = previewed(coordinator)
    assert "2 av 4" in page
    assert "2 rader behöver rättas" in page
    assert "Det visar ”15/2/2027” på rad 4." in page
    assert "Enheten ”Räddningstjänst Syd” finns inte." in page
    assert "Start: ”snart” går inte att läsa som datum." in page
    submit(coordinator, f"/las-in/{the_batch()}/enheter", {"create_units": "on"})
    page = text(coordinator.get(f"/las-in/{the_batch()}/forhandsgranska"))
    assert "3 av 4" in page
    assert "Slut: ”Q4 2027” lästes som 2027-10-01 till 2027-12-31." in page
    assert titles() == before, "a preview stores nothing"
    answer = confirm(coordinator, page)
    assert answer.status_code == 303
    assert titles() - before == {"Nytt schema", "E-arkiv", "Bokning"}
    result = text(coordinator.get(answer.location))
    assert "Så här ser det ut i dag. Stämmer bilden?" in result
    assert "går över taket" in result, "SOC is at 7 of 7 already"
    undone = submit(coordinator, f"/las-in/{the_batch()}/angra")
    assert undone.status_code == 303
    assert titles() == before
    assert "Inläsningen är ångrad" in text(coordinator.get(undone.location))


@pytest.mark.parametrize(
    ("shown", "row", "other"),
    [("create", "Nytt schema", "Trasig"), ("refused", "Trasig", "Nytt schema"), ("noted", "Bokning", "Nytt schema")],
)
def test_the_preview_shows_the_rows_of_one_verdict(
    coordinator: FlaskClient, shown: str, row: str, other: str
) -> None:
    content = LIST.replace("v. 30 2027", "T2 2027")
    page = previewed(coordinator, content)
    assert "Alla (4)" in page
    page = text(coordinator.get(f"/las-in/{the_batch()}/forhandsgranska?visa={shown}"))
    assert row in page
    assert other not in page


def test_the_preview_tells_how_each_row_was_read(coordinator: FlaskClient) -> None:
    assert "Pågående, v. 41 2026, 23 veckor, SOC stor" in previewed(coordinator)


def test_a_long_preview_is_divided_into_pages(coordinator: FlaskClient) -> None:
    rows = "".join(f"Projekt {number:03d}\n" for number in range(1, 252))
    page = previewed(coordinator, f"Initiativ\n{rows}")
    assert "1–200 av 251" in page
    assert "Projekt 201" not in page
    second = text(coordinator.get(f"/las-in/{the_batch()}/forhandsgranska?sida=2"))
    assert "201–251 av 251" in second
    assert "Projekt 251" in second


def test_nothing_is_stored_if_the_portfolio_has_changed_since_the_preview(coordinator: FlaskClient) -> None:
    page, before = previewed(coordinator), titles()
    with transaction():
        add_person(function="Ny chef", role=Role.READER, by=INSTALLER, now=now())
    answer = confirm(coordinator, page)
    assert answer.status_code == 412
    assert "Portföljen har ändrats sedan förhandsgranskningen" in text(answer)
    assert titles() == before
    assert confirm(coordinator, text(answer)).status_code == 303
    assert titles() > before


def test_a_preview_that_another_choice_of_columns_has_overtaken_cannot_be_confirmed(coordinator: FlaskClient) -> None:
    old, before = previewed(coordinator), titles()
    page = coordinator.get(f"/las-in/{the_batch()}").get_data(as_text=True)
    choose(coordinator, page, column_title="Nr")
    assert confirm(coordinator, old).status_code == 412
    assert titles() == before


def test_a_list_is_read_in_once_however_often_the_button_is_pressed(coordinator: FlaskClient) -> None:
    page = previewed(coordinator)
    first, again = confirm(coordinator, page), confirm(coordinator, page)
    assert first.location == again.location
    db.session.rollback()
    seq = newest_seq()
    assert confirm(coordinator, page).status_code == 303
    db.session.rollback()
    assert newest_seq() == seq


def test_the_guessed_columns_are_shown_with_what_stands_in_them_and_can_be_changed(coordinator: FlaskClient) -> None:
    sent = upload(coordinator, LIST)
    page = text(coordinator.get(sent.location))
    assert "Nytt schema · E-arkiv · Bokning" in page
    assert 'value="Initiativ" selected' in page
    wrong = choose(coordinator, coordinator.get(sent.location).get_data(as_text=True), column_title="")
    assert wrong.status_code == 422
    assert "Välj den kolumn som innehåller initiativens namn." in text(wrong)
    assert 'value="Förvaltning" selected' in text(wrong), "nothing that was chosen is lost"


def test_a_workbook_with_several_sheets_lets_one_choose(coordinator: FlaskClient) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Om"
    book.active.append(["Projekt", "Status"])
    book.active.append(["Fel blad", "Klar"])
    sheet = book.create_sheet("Portfölj")
    sheet.append(["Aktivitet", "Läge"])
    sheet.append(["Rätt blad", "Klar"])
    file = io.BytesIO()
    book.save(file)
    sent = upload(coordinator, file.getvalue(), "lista.xlsx")
    assert "Välj vilket som ska läsas in" in text(coordinator.get(sent.location))
    page = coordinator.get(f"{sent.location}?blad=Portfölj").get_data(as_text=True)
    chosen = choose(coordinator, page, sheet="Portfölj")
    confirm(coordinator, text(coordinator.get(chosen.location)))
    assert "Rätt blad" in titles()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("lista.pdf", b"%PDF-1.7", "Filen måste vara Excel (.xlsx) eller csv. Du valde en .pdf."),
        ("lista.xlsx", b"<html>", "Den här heter .xlsx men är en webbsida."),
        ("lista.csv", b"", "Filen innehåller inga rader."),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_the_field(
    coordinator: FlaskClient, name: str, content: bytes, message: str
) -> None:
    answer = upload(coordinator, content, name)
    assert answer.status_code == 422
    assert message in text(answer)


def test_without_a_file_the_form_says_what_to_do(coordinator: FlaskClient) -> None:
    answer = submit(coordinator, "/las-in", {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Välj en fil" in text(answer)


def test_the_template_reads_in_as_it_is(coordinator: FlaskClient) -> None:
    template = coordinator.get("/las-in/mall.xlsx")
    assert template.status_code == 200
    sent = upload(coordinator, template.data, "mall.xlsx")
    chosen = choose(coordinator, coordinator.get(sent.location).get_data(as_text=True))
    assert "3 av 3" in text(coordinator.get(chosen.location))


def test_the_report_can_be_downloaded_and_holds_no_formula(coordinator: FlaskClient) -> None:
    previewed(coordinator, LIST.replace("Trasig", "=HYPERLINK(1)"))
    report = coordinator.get(f"/las-in/{the_batch()}/rapport.csv").get_data(as_text=True)
    assert report.startswith("\ufeffRad;Besked;Beteckning;Namn;Läst som;Förklaring\r\n")
    assert "\r\n5;Läses inte in;;'=HYPERLINK(1);" in report


def test_a_list_of_thousands_of_rows_shows_how_far_it_has_come(coordinator: FlaskClient) -> None:
    page = previewed(coordinator, "Initiativ\n" + "".join(f"Projekt {number}\n" for number in range(2001)))
    before = len(titles())
    answer = confirm(coordinator, page, buffered=True)
    assert answer.status_code == 200
    told = re.findall(r"<li>(\d+ av 2001|Läser filen|Sparar 2001 rader)", text(answer))
    rows = ["500 av 2001", "1000 av 2001", "1500 av 2001", "2000 av 2001", "2001 av 2001"]
    assert told == ["Läser filen", *rows, "Sparar 2001 rader"]
    assert "Klart. Listan är inläst." in text(answer)
    assert len(titles()) == before + 2001


def test_a_file_can_be_thrown_away(coordinator: FlaskClient) -> None:
    previewed(coordinator)
    batch = the_batch()
    assert submit(coordinator, f"/las-in/{batch}/kasta").status_code == 303
    assert coordinator.get(f"/las-in/{batch}").status_code == 404


def test_only_those_who_may_import_come_in(coordinator: FlaskClient, app: Flask) -> None:
    owner = sign_in(app.test_client(), "Kanslichef")
    assert owner.get("/las-in").status_code == 403
    assert upload(owner).status_code == 403

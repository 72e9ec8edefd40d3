"""`import portfolio`: an existing list from the terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from portfolio.base.db import db
from portfolio.exchange.models import ImportBatch
from portfolio.initiatives.models import Initiative
from portfolio.outbox.queries import first_broken_event, newest_seq
from portfolio.units.queries import ids_by_code
from tests.commands.conftest import Run

Listed = Callable[..., Path]
HEADER = "Nr;Initiativ;Förvaltning;Ansvarig;Start;Slut;Status;Påverkan"


def stored() -> dict[str, Initiative]:
    return {one.title: one for one in db.session.scalars(select(Initiative))}


def last_line(output: str) -> str:
    return output.rstrip().splitlines()[-1]


def test_good_rows_are_stored_and_a_bad_one_is_told_with_its_row_number(run: Run, demo: None, listed: Listed) -> None:
    path = listed(
        HEADER,
        "1;Nytt schema;SOC;Kanslichef;2026-10-05;2027-03-28;Pågår;Stor",
        "2;Trasig;SOC;;snart;;Planerad;",
    )
    result = run("import", "portfolio", path)
    assert result.exit_code == 1
    assert last_line(result.stdout) == "read 2 create 1 update 0 unchanged 0 refused 1"
    assert "Rad 3 ”Trasig”: Start: ”snart” går inte att läsa som datum." in result.stdout
    assert stored()["Nytt schema"].status == "ongoing"
    assert run("check").exit_code == 0
    assert first_broken_event() is None


def test_a_dry_run_says_the_same_and_writes_nothing(run: Run, demo: None, listed: Listed) -> None:
    path = listed(HEADER, "1;Nytt schema;Ny enhet;;2026-10-05;2027-03-28;Pågår;Stor")
    before = newest_seq()
    dry = run("import", "portfolio", path, "--dry-run", "--create-units")
    assert (dry.exit_code, last_line(dry.stdout)) == (0, "read 1 create 1 update 0 unchanged 0 refused 0")
    assert newest_seq() == before
    assert db.session.scalar(select(func.count()).select_from(ImportBatch)) == 0
    real = run("import", "portfolio", path, "--create-units")
    assert last_line(real.stdout) == last_line(dry.stdout)
    assert newest_seq() > before


def test_a_list_that_is_read_in_again_is_unchanged(run: Run, demo: None, listed: Listed) -> None:
    path = listed(HEADER, "1;Nytt schema;SOC;;2026-10-05;2027-03-28;Pågår;Stor", "2;Bokning;KFF;;;;;")
    assert run("import", "portfolio", path).exit_code == 0
    again = run("import", "portfolio", path)
    assert (again.exit_code, last_line(again.stdout)) == (0, "read 2 create 0 update 0 unchanged 2 refused 0")


def test_unknown_units_are_told_and_added_only_on_agreement(run: Run, demo: None, listed: Listed) -> None:
    path = listed(HEADER, "1;Nytt larm;Räddningstjänst Syd;;2027-01-11;2027-03-28;Planerad;2")
    refused = run("import", "portfolio", path)
    assert (refused.exit_code, last_line(refused.stdout)) == (1, "read 1 create 0 update 0 unchanged 0 refused 1")
    assert "Enheten ”Räddningstjänst Syd” (1 rader) finns inte." in refused.stdout
    assert "Lägg till enheter som inte finns med --create-units." in refused.stdout
    assert "RS" not in ids_by_code()
    agreed = run("import", "portfolio", path, "--create-units")
    assert agreed.exit_code == 0
    assert "läggs till som RS" in agreed.stdout
    assert "RS" in ids_by_code()


def test_a_map_names_the_columns_and_a_wrong_one_is_refused(
    run: Run, demo: None, listed: Listed, tmp_path: Path
) -> None:
    path, mapping = listed("a;b;c", "E-arkiv;Klar;x"), tmp_path / "map.json"
    mapping.write_text(json.dumps({"title": "a", "status": "b"}))
    assert run("import", "portfolio", path, "--map", mapping).exit_code == 0
    assert stored()["E-arkiv"].status == "closed"
    mapping.write_text(json.dumps({"title": "d"}))
    wrong = run("import", "portfolio", path, "--map", mapping)
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (1, 1)
    assert "Kolumnen ”d” finns inte i filen." in wrong.stderr
    mapping.write_text("[1, 2")
    assert run("import", "portfolio", path, "--map", mapping).exit_code == 2


def test_a_sheet_is_chosen_by_name(run: Run, demo: None, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Projekt"])
    book.active.append(["På första bladet"])
    second = book.create_sheet("Portfölj")
    second.append(["Projekt"])
    second.append(["På andra bladet"])
    book.save(tmp_path / "lista.xlsx")
    assert run("import", "portfolio", tmp_path / "lista.xlsx", "--sheet", "Portfölj").exit_code == 0
    assert "På andra bladet" in stored()
    wrong = run("import", "portfolio", tmp_path / "lista.xlsx", "--sheet", "Budget")
    assert wrong.exit_code == 1
    assert "Bladet ”Budget” finns inte i filen." in wrong.stderr


def test_the_report_has_every_row_with_its_new_code(run: Run, demo: None, listed: Listed, tmp_path: Path) -> None:
    path, report = listed(HEADER, "1;Nytt schema;SOC;;;;Klar;", ";;SOC;;;;;"), tmp_path / "rapport.csv"
    run("import", "portfolio", path, "--report", report)
    code = stored()["Nytt schema"].code
    assert report.read_text("utf-8-sig").splitlines()[:3] == [
        "Rad;Besked;Beteckning;Namn;Läst som;Förklaring",
        f"2;Läggs till;{code};Nytt schema;Stängd;",
        "3;Läses inte in;;;;Namnet saknas.",
    ]


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("lista.pdf", b"%PDF", 1, "Du valde en .pdf."),
        ("lista.xlsx", b"PK\x03\x04", 1, "skadad"),
        ("lista.csv", b"", 1, "inga rader"),
        ("lista.csv", b"a;b\r\n1;2\r\n", 1, "Välj den kolumn som innehåller initiativens namn."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    run: Run, demo: None, tmp_path: Path, name: str, content: bytes, code: int, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("import", "portfolio", tmp_path / name)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert words in result.stderr


def test_a_report_that_cannot_be_written_is_told_before_anything_is_stored(
    run: Run, demo: None, listed: Listed, tmp_path: Path
) -> None:
    before = newest_seq()
    result = run("import", "portfolio", listed(HEADER, "1;Ny;;;;;;"), "--report", tmp_path / "saknas" / "rapport.csv")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert newest_seq() == before


def test_a_file_that_is_not_there_is_wrong_usage(run: Run, demo: None, tmp_path: Path) -> None:
    assert run("import", "portfolio", tmp_path / "saknas.csv").exit_code == 2


def test_a_long_list_says_how_far_it_has_come(run: Run, demo: None, listed: Listed) -> None:
    result = run("import", "portfolio", listed("Initiativ", *(f"Projekt {number}" for number in range(2500))))
    assert last_line(result.stdout) == "read 2500 create 2500 update 0 unchanged 0 refused 0"
    assert "1500 av 2500 rader granskade" in result.stderr
    assert "2500 av 2500 rader sparade" in result.stderr

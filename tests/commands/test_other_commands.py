"""`demo`, `clock`, `load`, `check`, `export`, `backup` and `restore`."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from portfolio.app import create_app
from portfolio.base.db import Base, db, transaction
from portfolio.base.portfolio import PortfolioRow, the_portfolio
from portfolio.base.weeks import parse_week
from portfolio.capacity.models import ClaimRow, ConflictRow
from portfolio.capacity.pages.forms import SettingsForm
from portfolio.initiatives.models import Initiative
from portfolio.outbox.models import EventRow
from portfolio.units.models import UnitRow
from tests.cast import bearer
from tests.commands.conftest import Run
from tests.databases import PostgreSQLServer, SQLiteFiles


def counts() -> dict[str, int]:
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def change(statement: Any) -> None:
    """Break the data behind the product's back."""
    with transaction():
        db.session.execute(statement)


def test_the_demo_is_loaded_once_and_again_only_by_force(run: Run, demo: None) -> None:
    loaded = counts()
    again = run("demo", "load")
    assert (again.exit_code, again.stdout, again.stderr.count("\n")) == (1, "", 1)
    assert run("demo", "load", "--if-empty").exit_code == 0
    assert counts() == loaded
    assert run("demo", "load", "--force").exit_code == 0
    assert counts() == loaded
    assert run("check").exit_code == 0


def test_the_demo_is_never_mixed_with_people_of_the_municipality_s_own(run: Run, app: Flask) -> None:
    assert run("person", "add", "ulla@example.se", "--function", "Kommundirektör", "--role", "chair").exit_code == 0
    alone = counts()
    assert run("demo", "load", "--if-empty").exit_code == 0
    refused = run("demo", "load")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "ta bort allt som finns i den med: demo reset" in refused.stderr
    assert counts() == alone


def settings_kept() -> dict[str, object]:
    return {name: getattr(the_portfolio(), name) for name in SettingsForm().fields} | {
        "next_number": the_portfolio().next_number
    }


def test_the_demo_is_emptied_again(run: Run, demo: None) -> None:
    began_with = settings_kept()
    others = {
        "meeting_rhythm": "chosen",
        "meeting_days": "2026-12-01",
        "minutes_form": "protocol",
        "contact": "a@b.se",
    }
    change(update(PortfolioRow).values(max_owned=1, drag_weeks=0, meeting_place="Rum 4", report_days=20, **others))
    assert run("demo", "reset").exit_code == 0
    assert settings_kept() == began_with | {"municipality": "Kommunen", "next_number": 1}
    assert {name for name, rows in counts().items() if rows} == {"portfolio", "clock"}
    assert (the_portfolio().max_owned, the_portfolio().drag_weeks) == (3, 8)
    assert run("check").exit_code == 0
    assert run("demo", "load").exit_code == 0


@pytest.mark.environment(
    PORTFOLIO_ENV="production",
    PORTFOLIO_BASE_URL="https://portfolio.example.se",
    TESTING="",
    MAIL_FROM="a@example.se",
)
@pytest.mark.parametrize("words", [("load",), ("load", "--force"), ("reset",)])
def test_the_demo_never_comes_into_production(run: Run, words: tuple[str, ...]) -> None:
    result = run("demo", *words)
    assert result.exit_code == 1
    assert "produktion" in result.stderr
    assert counts()["unit"] == 0


def test_a_tick_of_the_clock_is_done_once(run: Run, demo: None) -> None:
    first = run("clock", "tick")
    assert (first.exit_code, first.stderr) == (0, "")
    assert run("clock", "tick").stdout.startswith("Klockan har gått: 0 ändringar")  # tells of what the first did
    third = run("clock", "tick").stdout
    kinds = ("ändringar", "organisationsändringar", "möten", "påminnelser", "leveranser", "brev")
    assert third == f"Klockan har gått: {', '.join(f'0 {kind}' for kind in kinds)}.\n"
    assert run("check").exit_code == 0


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")
def test_the_load_is_shown_as_a_table_and_as_the_api_tells_it(run: Run, demo: None, client: FlaskClient) -> None:
    table = run("load", "show", "--weeks", "8").stdout.splitlines()
    assert table[0].split() == ["v.48", "v.49", "v.50", "v.51", "v.52", "v.53", "v.1", "v.2"]
    assert table[1].split() == ["KLF", "7/8", "7/8", "7/8", "7/8", "–", "–", "7/8", "▲7/6"]
    assert len({len(line) for line in table}) == 1
    told = json.loads(run("load", "show", "--from", "2027-W02", "--weeks", "30", "--json").stdout)
    answer = client.get("/api/v1/load?from=2027-W02&weeks=30", headers=bearer())
    assert told == answer.get_json()


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")
def test_a_week_in_which_a_unit_does_not_exist_is_a_dot_in_the_table(run: Run, demo: None) -> None:
    change(update(UnitRow).where(UnitRow.code == "RTJ").values(valid_from=date(2027, 3, 1)))
    table = run("load", "show", "--from", "2027-W07", "--weeks", "3").stdout.splitlines()
    [rtj] = [line.split() for line in table if line.startswith("RTJ")]
    assert (rtj[1:3], rtj[3] == ".") == ([".", "."], False)


@pytest.mark.parametrize(
    ("words", "code"), [(("--from", "2026-W54"), 1), (("--weeks", "0"), 2), (("--weeks", "261"), 2)]
)
def test_a_week_that_does_not_exist_is_refused(run: Run, words: tuple[str, ...], code: int) -> None:
    assert run("load", "show", *words).exit_code == code


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (lambda: update(Initiative).where(Initiative.code == "FI-002").values(rank=1), "Prioritetsordningen"),
        (lambda: update(Initiative).where(Initiative.code == "FI-002").values(rank=None), "FI-002"),
        (
            lambda: update(Initiative).where(Initiative.code == "FI-001").values(status="closed", rank=None),
            "FI-001 räknas",
        ),
        (
            lambda: update(Initiative).where(Initiative.code == "FI-001").values(owner_id=None),
            "FI-001 belastar annorlunda",
        ),
        (lambda: update(Initiative).where(Initiative.code == "FI-001").values(title="Annat"), "FI-001 söks under"),
        (lambda: delete(ClaimRow).where(ClaimRow.impact == 3), "belastar annorlunda"),
        (lambda: update(UnitRow).where(UnitRow.code == "KLF").values(limit=1), "KLF 2026-W48 (load) är över taket"),
        (lambda: update(ConflictRow).values(resolved_at=ConflictRow.since), "KLF 2027-W02 (load) är över taket"),
        (lambda: update(EventRow).where(EventRow.seq == 5).values(text="{}"), "från händelse 5"),
        (
            lambda: update(Initiative).where(Initiative.code == "FI-001").values(paused_week=parse_week("2026-W40")),
            "paus",
        ),
        (
            lambda: (
                update(UnitRow)
                .where(UnitRow.code == "KLF")
                .values(parent_id=select(UnitRow.id).where(UnitRow.code == "KAN").scalar_subquery())
            ),
            "KLF ligger under sig själv",
        ),
    ],
)
@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")
def test_whatever_is_broken_in_the_data_is_named(run: Run, demo: None, broken: Any, named: str) -> None:
    assert run("check").stdout == "Allt stämmer.\n"
    change(broken())
    result = run("check")
    assert result.exit_code == 1
    assert named in result.stdout


def test_everything_leaves_as_excel_and_json_but_no_secret_and_no_formula(
    run: Run, demo: None, tmp_path: Path
) -> None:
    change(update(Initiative).where(Initiative.code == "FI-001").values(title="=1+1"))
    assert run("export", "all", tmp_path / "ut").exit_code == 0
    names = {path.stem for path in (tmp_path / "ut").glob("*.json")}
    assert {"initiative", "phase", "impact", "unit", "decision", "event", "standstill"} <= names
    assert not names & {"sign_in", "api_token", "invitation", "failed_sign_in", "import_batch"}
    rows = json.loads((tmp_path / "ut/initiative.json").read_text("utf-8"))
    assert len(rows) == counts()["initiative"]
    assert next(row for row in rows if row["code"] == "FI-006")["start_week"].startswith("20")
    assert "password_hash" not in json.loads((tmp_path / "ut/person.json").read_text("utf-8"))[0]
    sheet = openpyxl.load_workbook(tmp_path / "ut/initiative.xlsx").active
    header = [cell.value for cell in sheet[1]]
    title = sheet.cell(2, header.index("title") + 1)
    assert (title.value, title.data_type) == ("'=1+1", "s")


def test_what_is_handed_out_tells_decisions_and_holds_back_what_is_being_prepared(
    run: Run, demo: None, tmp_path: Path
) -> None:
    change(update(Initiative).where(Initiative.code.in_(["FI-001", "FI-011"])).values(diarienummer="KS 2026/17"))
    result = run("export", "disclosure", tmp_path / "ut.html", "--dnr", "KS 2026/17")
    page = (tmp_path / "ut.html").read_text("utf-8")
    assert result.exit_code == 0
    handed_out, held_back = page.split("Väntar på sekretessprövning")
    assert "FI-001" in handed_out
    assert "FI-011" not in handed_out
    assert "FI-011, diarienummer KS 2026/17" in held_back
    assert run("export", "disclosure", tmp_path / "x.html", "--initiative", "FI-999").exit_code == 1


def rows_of_everything() -> dict[str, list[Any]]:
    db.session.rollback()
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest) -> Any:
    """Another empty database, on the same engine or on the other one."""
    server: SQLiteFiles | PostgreSQLServer = request.getfixturevalue(request.param)
    with server.migrated() as url:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
        yield app
        with app.app_context():
            db.engine.dispose()


def test_a_backup_comes_back_whole_on_either_database(run: Run, demo: None, tmp_path: Path, other: Flask) -> None:
    assert run("backup", tmp_path / "kopia.gz").exit_code == 0
    before = rows_of_everything()
    runner = other.test_cli_runner()
    with other.app_context():
        restored = runner.invoke(args=["restore", str(tmp_path / "kopia.gz")])
        assert restored.exit_code == 0, restored.output
        assert rows_of_everything() == before
        assert runner.invoke(args=["check"]).output == "Allt stämmer.\n"
        assert runner.invoke(args=["audit", "verify"]).exit_code == 0
        added = runner.invoke(args=["person", "add", "ny@example.se", "--function", "Ny", "--role", "reader"])
        assert added.exit_code == 0, "new rows get numbers after the restored ones"
        again = runner.invoke(args=["restore", str(tmp_path / "kopia.gz")])
        assert (again.exit_code, "inte tom" in again.output) == (1, True)
        db.session.remove()


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
def test_a_backup_that_was_cut_off_is_refused_and_nothing_is_written(
    run: Run, demo: None, tmp_path: Path, kept: int
) -> None:
    run("backup", tmp_path / "kopia.gz")
    lines = gzip.decompress((tmp_path / "kopia.gz").read_bytes()).decode().splitlines(keepends=True)
    (tmp_path / "del.gz").write_bytes(gzip.compress("".join(lines[:kept]).encode()))
    run("demo", "reset")
    result = run("restore", tmp_path / "del.gz")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert {name for name, rows in counts().items() if rows} == {"portfolio", "clock"}


def test_a_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"not a backup")
    (tmp_path / "b.gz").write_bytes(gzip.compress(b'{"format": "other"}\n'))
    for name in ("a.gz", "b.gz"):
        assert run("restore", tmp_path / name).exit_code == 1

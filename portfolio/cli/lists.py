"""`import`: an existing list becomes initiatives. `export`: the portfolio leaves as files."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from portfolio.base.db import transaction
from portfolio.base.portfolio import the_portfolio
from portfolio.base.text import quoted
from portfolio.cli.frame import COMMAND_LINE, Commands, Refused
from portfolio.exchange.actions.batches import upload
from portfolio.exchange.actions.storing import store
from portfolio.exchange.queries.batches import report as stored_report
from portfolio.exchange.queries.judging import Judgement, Progress, judge
from portfolio.exchange.queries.leaving import disclosure, exported_tables
from portfolio.exchange.reading import read_table
from portfolio.exchange.rules.reports import ReportRow, as_csv, report_of
from portfolio.exchange.rules.tables import guess_columns
from portfolio.exchange.writing.values import json_lines
from portfolio.exchange.writing.workbooks import write_workbook
from portfolio.initiatives.rules.kinds import KIND_WORDS
from portfolio.web.clock import now

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
NEW = click.Path(dir_okay=False, writable=True, path_type=Path)

WORTH_TELLING = 2000
"""A list with more rows than this says how far it has come."""
MOST_REFUSALS = 50
"""So many refused rows are told on the screen; the report has them all."""

import_ = Commands("import", help="Read in an existing list.")


@import_.command("portfolio")
@click.argument("file", type=EXISTING)
@click.option("--map", "mapping", type=EXISTING, help='JSON: {"title": "project_name", "unit": "department", …}.')
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook; the first by default.")
@click.option("--create-units", is_flag=True, help="Agree to the units that the municipality lacks being added.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--report", type=NEW, help="Write what became of every row to a csv file.")
@click.pass_context
def import_portfolio(
    context: click.Context,
    file: Path,
    mapping: Path | None,
    sheet: str | None,
    create_units: bool,
    dry_run: bool,
    report: Path | None,
) -> None:
    """Read in the initiatives of an .xlsx or .csv FILE; exit code 1 if any row was refused."""
    if report is not None:
        report.touch()  # told now, not once the list is stored
    table = read_table(file, file.name, sheet)
    columns = _read_mapping(mapping) if mapping is not None else guess_columns(table)
    judgement = judge(table, columns, create_units=create_units, now=now(), told=_progress("granskade"))
    rows = report_of(judgement.verdicts, {}) if dry_run else _store(file.name, table.sheet, columns, judgement)
    if report is not None:
        report.write_text(as_csv(rows), encoding="utf-8", newline="")
    _tell(judgement, columns)
    click.echo(judgement.counts.line)
    context.exit(1 if judgement.counts.refused else 0)


def _read_mapping(path: Path) -> dict[str, str]:
    try:
        sent = json.loads(path.read_text("utf-8"))
    except ValueError:
        sent = None
    if not isinstance(sent, dict) or not all(isinstance(column, str) for column in sent.values()):
        raise click.BadParameter(f"{path} is not a JSON object of field: column name.", param_hint="--map")
    return sent


def _store(file_name: str, sheet: str | None, columns: Mapping[str, str], judgement: Judgement) -> list[ReportRow]:
    """Store the good rows, so that they can be undone in the browser too; the report with their new codes."""
    with transaction():
        one = upload(file_name, b"", sheet=sheet, mapping=columns, by=COMMAND_LINE, now=now())
        told = _progress("sparade")
        store(one.id, judgement, seen=judgement.seq, by=COMMAND_LINE, now=now(), told=told)
        rows = list(stored_report(one).rows)
    return rows


def _progress(done_word: str) -> Progress:
    """Says on stderr how far a long list has come, at every tenth of it."""
    tenths = set[int]()

    def tell(done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if total > WORTH_TELLING and tenth not in tenths:
            tenths.add(tenth)
            click.echo(f"{done} av {total} rader {done_word}", err=True)

    return tell


def _tell(judgement: Judgement, columns: Mapping[str, str]) -> None:
    click.echo(f"Kolumner: {', '.join(f'{field} = {column}' for field, column in columns.items())}")
    for note in judgement.notes:
        click.echo(note)
    for name, rows in judgement.unknown_units.items():
        new = judgement.new_units.get(name)
        click.echo(f"Enheten {quoted(name)} ({rows} rader) {f'läggs till som {new}' if new else 'finns inte'}.")
    if set(judgement.unknown_units) - set(judgement.new_units):
        click.echo("Lägg till enheter som inte finns med --create-units.")
    refused = [verdict for verdict in judgement.verdicts if verdict.reasons]
    for verdict in refused[:MOST_REFUSALS]:
        click.echo(f"Rad {verdict.row} {quoted(verdict.title)}: {' '.join(verdict.reasons)}")
    if len(refused) > MOST_REFUSALS:
        click.echo(f"Ytterligare {len(refused) - MOST_REFUSALS} rader läses inte in. Skriv ut alla med --report.")


export = Commands("export", help="Write the portfolio to files.")


@export.command("all")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export_all(folder: Path) -> None:
    """Write every table to DIR, as an .xlsx and as JSON; sessions, tokens and passwords are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in exported_tables():
        write_workbook(folder / f"{table.name}.xlsx", table.name, table.columns, table.rows())
        with (folder / f"{table.name}.json").open("w", encoding="utf-8") as file:
            file.writelines(json_lines(table.columns, table.rows()))
        click.echo(f"{table.name}.xlsx, {table.name}.json")


@export.command("disclosure")
@click.argument("file", type=NEW)
@click.option("--from", "since", type=DAY, help="Decisions from this day on, 2026-01-01.")
@click.option("--to", "until", type=DAY, help="Decisions through this day.")
@click.option("--initiative", "code", metavar="FI-001")
@click.option("--dnr", metavar="DIARIENUMMER")
def export_disclosure(
    file: Path, since: datetime | None, until: datetime | None, code: str | None, dnr: str | None
) -> None:
    """Write the decisions and initiatives of a period, a code or a diarienummer to one web page FILE.

    What is still being prepared is held back and listed, so that someone can try its secrecy.
    """
    first, last = (None if one is None else one.date() for one in (since, until))
    found = disclosure(first, last, code=code, diarienummer=dnr)
    if not found.initiatives and not found.held_back:
        raise Refused("Det finns inget att lämna ut för det urvalet.")
    page = current_app.jinja_env.get_template("exchange/disclosure.html")  # without what surrounds a visitor's page
    shown = {"municipality": the_portfolio().municipality, "made_at": now(), "kind_words": KIND_WORDS}
    file.write_text(page.render(found=found, **shown), encoding="utf-8")
    click.echo(f"{len(found.initiatives)} initiativ i {file}, {len(found.held_back)} väntar på sekretessprövning.")

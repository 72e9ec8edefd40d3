"""`import`: an existing list becomes initiatives. `export`: the portfolio leaves as files."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from portfolio.base.db import transaction
from portfolio.base.text import quoted
from portfolio.cli.frame import COMMAND_LINE, Commands
from portfolio.exchange.actions.batches import upload
from portfolio.exchange.actions.storing import store
from portfolio.exchange.queries import Judgement, Told, judge
from portfolio.exchange.queries import report as stored_report
from portfolio.exchange.reading import read_table
from portfolio.exchange.rules.reports import ReportRow, as_csv, report_of
from portfolio.exchange.rules.tables import guess_columns
from portfolio.web.clock import now

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
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


def _progress(done_word: str) -> Told:
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
    refused = [verdict for verdict in judgement.verdicts if verdict.reasons]
    for verdict in refused[:MOST_REFUSALS]:
        click.echo(f"Rad {verdict.row} {quoted(verdict.title)}: {' '.join(verdict.reasons)}")
    if len(refused) > MOST_REFUSALS:
        click.echo(f"Ytterligare {len(refused) - MOST_REFUSALS} rader läses inte in. Skriv ut alla med --report.")


export = Commands("export", help="Write the portfolio to files.")

"""`load show`: the load map in the terminal, as a table or as the API tells it."""

import json

import click

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, parse_week, week_number
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.load import Cell, load_map
from portfolio.cli.frame import Commands
from portfolio.overview.schemas import MOST_WEEKS, USUAL_WEEKS, load_view
from portfolio.units import queries as units
from portfolio.web.clock import now

SIGNS = {"over": "▲", "full": "■", "no_limit": "?"}
"""What stands beside a figure, as on the page; ◦ marks impacts that nobody has rated."""

load = Commands("load", help="Show how much change lands on each unit.")


@load.command("show")
@click.option("--from", "first", metavar="2026-W48", help="The first week; the current one by default.")
@click.option("--weeks", type=click.IntRange(1, MOST_WEEKS), default=USUAL_WEEKS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As GET /api/v1/load tells it.")
def show_load(first: str | None, weeks: int, as_json: bool) -> None:
    """Show the load map: each unit's load and limit, week by week; – in a standstill, . where it does not exist."""
    at = this_week(now())
    begins = at if first is None else _week(first)
    portfolio = capacity.whole_portfolio()
    if as_json:
        cells = load_map(portfolio, at, begins, weeks)
        rows, covers = units.all_units(), capacity.exception_covers(now())
        told = load_view(rows, cells, covers, {}, range(begins, begins + weeks))
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(_table(capacity.load_of_units(portfolio, at, begins, weeks), range(begins, begins + weeks)))


def _week(written: str) -> Week:
    try:
        return parse_week(written)
    except ValueError:
        raise Invalid({"from": ["Skriv veckan som år och vecka, till exempel 2026-W48."]}) from None


def _table(cells: dict[str, tuple[Cell, ...]], weeks: range) -> str:
    head = ["", *(f"v.{week_number(week)}" for week in weeks)]
    rows = [[code, *map(_figure, row)] for code, row in cells.items()]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    return "\n".join("  ".join(_aligned(row, widths)) for row in [head, *rows])


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    figures = zip(row[1:], widths[1:], strict=True)
    return [row[0].ljust(widths[0]), *(text.rjust(width) for text, width in figures)]


def _figure(cell: Cell) -> str:
    """`7/8`, `▲9/8`, `■4/4◦`; `–` in a standstill, `.` where the unit does not exist."""
    if cell.level == "standstill":
        return "–"
    if cell.level == "absent":
        return "."
    load_of_limit = f"{cell.load}" if cell.bounds.limit is None else f"{cell.load}/{cell.bounds.limit}"
    return f"{SIGNS.get(cell.level, '')}{load_of_limit}{'◦' if cell.unrated else ''}"

"""Bedöm påverkan: one grid, initiatives × units, for every impact that nobody has rated."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.time import this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.pages.clashes import shown_clashes, tell_what_follows
from portfolio.capacity.rules.sentences import numbered
from portfolio.initiatives.actions.rating import rate_impacts
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.queries.impacts import rated_share, unrated_impacts
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_acknowledge
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import chain_above
from portfolio.web.clock import now
from portfolio.web.forms import Errors, number_in
from portfolio.web.fragments import see, show

ROWS = 60
"""How many initiatives stand on one page: more make the grid slow to find one's way in."""
BETWEEN = "|"
"""Parts initiative and unit in a field's name; neither code can hold it."""
SCALE = {"0": 0, "1": 1, "2": 2, "3": 3}


class GridRow(NamedTuple):
    """One initiative: for each column a field's name, or None where there is nothing to rate."""

    code: str
    title: str
    names: Sequence[str | None]


@initiatives.get("/bedom")
@requires(May.EDIT_ALL, May.ACKNOWLEDGE)
def rating() -> Response:
    """The grid of what is not rated yet."""
    return _grid_page({}, {})


@initiatives.post("/bedom")
@requires(May.EDIT_ALL, May.ACKNOWLEDGE)
def rate() -> BaseResponse:
    """Keep the ratings that were filled in, all of them or none; what collides because of them is shown."""
    typed = {name: text.strip() for name, text in request.form.items() if BETWEEN in name and text.strip()}
    errors = {f"_{name}": [_told(name)] for name, text in typed.items() if text not in SCALE}
    if errors:
        return _grid_page(typed, errors, status=422)
    with transaction():
        opened = rate_impacts(_by_initiative(typed), by=me(), now=now())
    if typed:
        tell_what_follows(f"{numbered(len(typed), 'bedömning är sparad', 'bedömningar är sparade')}.", opened, now())
    return see("initiatives.rating", enhet=request.args.get("enhet") or None)


def _told(name: str) -> str:
    code, unit = name.split(BETWEEN, 1)
    return f"{code} på {unit}: skriv 0, 1, 2 eller 3."


def _by_initiative(typed: Mapping[str, str]) -> dict[str, dict[str, int]]:
    ratings: dict[str, dict[str, int]] = {}
    for name, text in typed.items():
        code, unit = name.split(BETWEEN, 1)
        ratings.setdefault(code, {})[unit] = SCALE[text]
    return ratings


def units_rated_by(by: Actor) -> list[UnitRow]:
    """The units whose impacts a person may rate: all, or their own and those below."""
    rows, parents = units.all_units(), units.parents_by_id()
    return [row for row in rows if may(by, May.EDIT_ALL) or may_acknowledge(by, chain_above(row.id, parents))]


def _grid_page(typed: Mapping[str, str], errors: Errors, *, status: int = 200) -> Response:
    at, mine = now(), units_rated_by(me())
    chosen = _inside(request.args.get("enhet"), mine)
    left = unrated_impacts([row.id for row in chosen])
    codes = list(dict.fromkeys(code for code, _, _ in left))
    page = _page_number(len(codes))
    columns, rows = _grid(left, codes[page * ROWS : (page + 1) * ROWS], chosen)
    portfolio = capacity.whole_portfolio(since=this_week(at))
    return show(
        "initiatives/rating.html",
        status=status,
        columns=columns,
        rows=rows,
        typed=typed,
        errors=errors,
        share=rated_share([row.id for row in chosen]),
        units=[(row.code, row.name) for row in mine],
        unit=request.args.get("enhet", ""),
        clashes=shown_clashes(capacity.open_conflicts(at), portfolio, at),
        pages=_pages(page, len(codes)),
    )


def _inside(code: str | None, mine: Sequence[UnitRow]) -> list[UnitRow]:
    """The units of the filter: one and those below it, or all that one may rate."""
    wanted = next((row for row in mine if row.code == code), None)
    if wanted is None:
        return list(mine)
    parents = units.parents_by_id()
    return [row for row in mine if wanted.id in chain_above(row.id, parents)]


def _grid(
    left: Sequence[tuple[str, str, int]], codes: Sequence[str], chosen: Sequence[UnitRow]
) -> tuple[list[UnitRow], list[GridRow]]:
    """The columns that something on the page needs, and its rows."""
    shown = set(codes)
    cells = {(code, unit_id) for code, _, unit_id in left if code in shown}
    columns = [row for row in chosen if any(unit_id == row.id for _, unit_id in cells)]
    titles = {code: title for code, title, _ in left}
    rows = [
        GridRow(
            code,
            titles[code],
            [f"{code}{BETWEEN}{unit.code}" if (code, unit.id) in cells else None for unit in columns],
        )
        for code in codes
    ]
    return columns, rows


def _page_number(initiatives_left: int) -> int:
    last = max(0, (initiatives_left - 1) // ROWS)
    asked = request.args.get("sida", "1")
    return min(max(1, number_in(asked) or 1) - 1, last)


def _pages(page: int, total: int) -> dict[str, str | None] | None:
    """Back and forward through a long grid; None where everything fits on one page."""
    if total <= ROWS:
        return None
    first, last = page * ROWS + 1, min((page + 1) * ROWS, total)
    return {
        "text": f"{first}–{last} av {total}",
        "previous": _page_address(page) if page else None,
        "next": _page_address(page + 2) if last < total else None,
    }


def _page_address(number: int) -> str:
    return url_for("initiatives.rating", sida=number, enhet=request.args.get("enhet") or None)

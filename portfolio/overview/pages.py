"""Belastning: the load map, and one of its cells."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, request, url_for

from portfolio.base.errors import NotFound
from portfolio.base.time import today
from portfolio.base.weeks import Week, parse_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.pages.clashes import shown_clashes
from portfolio.capacity.rules.load import Weight
from portfolio.capacity.rules.outlook import WEEKS, Outlook, key_figure, summary, unknowns
from portfolio.capacity.rules.picture import (
    Row,
    Sentences,
    Toggle,
    draw_cells,
    limit_text,
    points_of,
    sentences_of,
    week_heads,
    worst_level,
)
from portfolio.capacity.rules.sentences import filled_by, limit_words
from portfolio.initiatives.pages.index import weeks_told
from portfolio.initiatives.queries.filters import Filter
from portfolio.initiatives.queries.lines import lines as list_of_initiatives
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.overview import queries
from portfolio.overview.queries import Loads
from portfolio.overview.rules import (
    ALL,
    DENSITIES,
    STEP,
    View,
    severity_key,
    view_of,
)
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may, may_set_limits
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import UnitKind
from portfolio.web.clock import now
from portfolio.web.fragments import show
from portfolio.web.live import is_asked_again, is_unchanged, unchanged, version_shown

overview = Blueprint("overview", __name__)

MOST_ON_PAPER = 24
"""Initiatives on the printed overview, in two columns: with the map above, as many as an A4 has room for."""

DEEPEST = 2
"""Units further down are drawn no further in."""


class Picture(NamedTuple):
    """The map as the template draws it: as a table, or as a list of sentences."""

    weeks: Sequence[object]
    rows: Sequence[Row]
    list: Sequence[Sentences]


class Choice(NamedTuple):
    """A link that changes the view."""

    text: str
    href: str
    current: bool = False


@overview.get("/")
@requires(May.READ_DECIDED)
def load_map() -> Response:
    """Every förvaltning's load, 26 weeks at a time. The map is live: an open page asks for it again."""
    at, may_propose = now(), may(me(), May.READ)
    view = view_of(request.args, request.args.getlist("oppna"), may_propose)
    version = version_shown(_address(view), me().role)
    if is_unchanged(version):
        return unchanged(version)
    facts = queries.loads(at, view.first, with_proposals=view.proposals)
    outlooks = [Outlook(unit.name, unit.kind, facts.outlook[unit.code]) for unit in _counted(facts)]
    return show(
        "overview/load_map.html",
        "load_map",
        "live_map",
        version=version,
        asked_again=is_asked_again(),
        here=_address(view),
        view=view,
        picture=_picture(facts, view),
        figure=key_figure(outlooks),
        sentences=summary(outlooks),
        notes=unknowns(outlooks),
        looks_back=view.first is not None and view.first < facts.now,
        choices=_choices(facts, view, may_propose),
        moves=_moves(facts, view),
        clashes=shown_clashes(capacity.open_conflicts(at), facts.portfolio, at),
        is_empty=not facts.portfolio.commitments and not queries.has_initiatives(),
        has_units=bool(facts.units),
        may_import=may(me(), May.IMPORT),
        waiting=queries.waiting(at) if may(me(), May.PREPARE) and not is_asked_again() else None,
        density="compact" if view.density == "tat" else "",
        view_mode="projektor" if view.density == "projektor" else "",
    )


@overview.get("/oversikt")
@requires(May.READ_DECIDED)
def paper() -> Response:
    """The map and what is decided or goes on, to print on one A4 or A3 and put on a wall."""
    at = now()
    facts, wanted = queries.loads(at, None, with_proposals=False), Filter(COUNTING)
    outlooks = [Outlook(unit.name, unit.kind, facts.outlook[unit.code]) for unit in _counted(facts)]
    lines = list_of_initiatives(wanted, "rank", descending=False, first=0, limit=MOST_ON_PAPER, now=at)
    return show(
        "overview/paper.html",
        day=today(at),
        picture=_picture(facts, View()),
        figure=key_figure(outlooks),
        sentences=summary(outlooks),
        lines=[(line, weeks_told(line.start, line.weeks, facts.portfolio.calendar, facts.now)) for line in lines],
        more=max(0, len(facts.portfolio.commitments) - len(lines)),
        has_units=bool(facts.units),
    )


def _counted(facts: Loads) -> list[UnitRow]:
    """The units that the one number counts: the top of the tree, without companies."""
    return [unit for unit in facts.units if unit.parent_id is None and unit.kind != UnitKind.BOLAG]


class Shown(NamedTuple):
    """A unit that the view shows: its place in the tree, its own page, and where the addresses of its cells begin.

    `below` is how many units lie directly below it.
    """

    unit: UnitRow
    depth: int
    page: str
    cells: str
    below: int


def _picture(facts: Loads, view: View) -> Picture:
    first = facts.now if view.first is None else view.first
    units_shown = list(_shown(facts, view))
    lines = [sentences_of(one.unit.name, one.page, facts.shown[one.unit.code], facts.now) for one in units_shown]
    if view.as_list:
        return Picture((), (), lines)
    return Picture(week_heads(first, WEEKS, facts.now), [_row(facts, view, one) for one in units_shown], lines)


def _shown(facts: Loads, view: View) -> Iterator[Shown]:
    page = url_for("units.show", code="-").removesuffix("-")
    cells = url_for("overview.cell", code="-", week="-").removesuffix("-/-")
    below = Counter(unit.parent_id for unit in facts.units)
    for unit, depth in _in_tree(facts, view, None, 0):
        code = quote(unit.code, safe="")
        yield Shown(unit, depth, page + code, f"{cells}{code}/", below[unit.id])


def _in_tree(facts: Loads, view: View, parent_id: int | None, depth: int) -> Iterator[tuple[UnitRow, int]]:
    """The units that the view shows, each followed by those below it if they are opened."""
    children = [unit for unit in facts.units if unit.parent_id == parent_id]
    if view.by_level:
        children.sort(key=lambda unit: severity_key(facts.shown[unit.code]))
    for unit in children:
        if unit.kind != UnitKind.BOLAG or view.companies:
            yield unit, depth
            if view.opens(unit.code):
                yield from _in_tree(facts, view, unit.id, depth + 1)


def _row(facts: Loads, view: View, one: Shown) -> Row:
    code = one.unit.code
    cells = facts.shown[code]
    excepted, proposed = facts.excepted.get(code, ()), facts.proposed.get(code, ())
    return Row(
        code,
        one.unit.name,
        one.page,
        min(one.depth, DEEPEST),
        limit_text(facts.portfolio.tree.units[code], cells),
        worst_level(cells),
        draw_cells(cells, now=facts.now, base=one.cells, excepted=excepted, proposed=proposed),
        _toggle(view, one.unit, one.below),
    )


def _toggle(view: View, unit: UnitRow, below: int) -> Toggle | None:
    if not below or ALL in view.opened:
        return None
    is_open = view.opens(unit.code)
    opened = view.opened - {unit.code} if is_open else view.opened | {unit.code}
    return Toggle(_address(view, opened=opened), str(below), is_open)


def _address(view: View, **changes: object) -> str:
    return url_for("overview.load_map", **view.query(**changes))


def _choices(facts: Loads, view: View, may_propose: bool) -> dict[str, list[Choice]]:
    """The links above the map."""
    has_companies = any(unit.kind == UnitKind.BOLAG for unit in facts.units)
    has_below = any(unit.parent_id is not None for unit in facts.units)
    everything = ALL in view.opened
    toggles: list[tuple[bool, str, dict[str, Any]]] = [
        (may_propose, "Dölj förslag" if view.proposals else "Visa förslag också", {"proposals": not view.proposals}),
        (has_companies, "Dölj bolag" if view.companies else "Visa bolag", {"companies": not view.companies}),
        (
            has_below,
            "Dölj kontor" if everything else "Visa alla kontor",
            {"opened": frozenset() if everything else frozenset({ALL})},
        ),
        (True, "Vanlig ordning" if view.by_level else "Fullast först", {"by_level": not view.by_level}),
    ]
    sizes = (("Vanlig", ""), ("Tät", DENSITIES[0]), ("Projektor", DENSITIES[1]))
    return {
        "views": [
            Choice("Karta", _address(view, as_list=False), not view.as_list),
            Choice("Lista", _address(view, as_list=True), view.as_list),
        ],
        "toggles": [Choice(text, _address(view, **changes)) for offered, text, changes in toggles if offered],
        "densities": [Choice(text, _address(view, density=size), view.density == size) for text, size in sizes],
    }


def _moves(facts: Loads, view: View) -> dict[str, str]:
    """Back and forward in time, and to now where one is elsewhere."""
    first = facts.now if view.first is None else view.first
    moves = {"back": _address(view, first=first - STEP), "forward": _address(view, first=first + STEP)}
    return moves if first == facts.now else moves | {"now": _address(view, first=None)}


@overview.get("/belastning/<code>/<week>")
@requires(May.READ_DECIDED)
def cell(code: str, week: str) -> Response:
    """What fills one unit in one week, and what can be done about it."""
    facts = queries.cell_facts(code, _week(week), now(), with_proposals=may(me(), May.READ))
    at = facts.cell.week
    weights = [*(filler.weight for filler in facts.fillers), *(Weight(one.level) for one in facts.unplanned)]
    return show(
        "overview/cell.html",
        "cell_panel",
        facts=facts,
        week=at,
        words=filled_by(weights, facts.cell.load or 0, facts.cell.bounds.limit) if weights else "",
        unit_names={unit.code: unit.name for unit in units.all_units()} if facts.unplanned else {},
        limits=limit_words(facts.cell, facts.base) if facts.cell.load is not None else [],
        below=[(unit, cell, points_of(cell)) for unit, cell in facts.below if cell.load],
        may_set_limits=may_set_limits(me(), units.ids_above(facts.unit.id)),
        may_decide=may(me(), May.DECIDE),
    )


def _week(text: str) -> Week:
    try:
        return parse_week(text)
    except ValueError:
        raise NotFound from None

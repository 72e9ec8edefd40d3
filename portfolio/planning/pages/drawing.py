"""A trial as its page draws it: the two numbers, and the two maps."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from flask import url_for

from portfolio.base.weeks import Week
from portfolio.capacity.rules.outlook import WEEKS, KeyFigure, Outlook, key_figure, summary
from portfolio.capacity.rules.picture import (
    Drawn,
    Row,
    Sentences,
    WeekHead,
    draw_cells,
    limit_text,
    sentences_of,
    week_heads,
    worst_level,
)
from portfolio.planning import queries
from portfolio.planning.rules.comparison import Cells, changed_units, draw_tried, told_together
from portfolio.units.models import UnitRow
from portfolio.units.rules import UnitKind

DEEPEST = 2
"""Units further down are drawn no further in."""


class Picture(NamedTuple):
    """One map as templates/shared/loadmap.html draws it."""

    weeks: Sequence[WeekHead]
    rows: Sequence[Row]
    list: Sequence[Sentences]


class Compared(NamedTuple):
    """Both maps; `hidden` is how many units are not shown because the trial leaves them alone."""

    present: Picture
    tried: Picture
    hidden: int


class Figures(NamedTuple):
    """The one number as it is and as it would be, and who would go over when."""

    present: KeyFigure
    tried: KeyFigure
    sentences: Sequence[str]


def figures_of(prospect: queries.Prospect) -> Figures:
    """How many units at the top of the tree go over, without companies."""
    counted = [unit for unit in prospect.units if unit.parent_id is None and unit.kind != UnitKind.BOLAG]
    present, tried = _outlooks(counted, prospect.present), _outlooks(counted, prospect.tried)
    return Figures(key_figure(present), key_figure(tried), summary(tried))


def _outlooks(units: Sequence[UnitRow], cells: Cells) -> list[Outlook]:
    return [Outlook(unit.name, unit.kind, cells[unit.code]) for unit in units]


def compared(prospect: queries.Prospect, *, everything: bool) -> Compared:
    """The maps of the units that the trial changes, or of all of them."""
    changed = changed_units(prospect.present, prospect.tried)
    placed = list(_in_tree(prospect.units, None, 0, None if everything else changed))
    heads = week_heads(prospect.now, WEEKS, prospect.now)
    together = [
        told_together(
            _sentences(unit, prospect.present, prospect.now), _sentences(unit, prospect.tried, prospect.now)
        )
        for unit, _ in placed
    ]
    return Compared(
        Picture(heads, [_row(one, prospect, prospect.present, _present_cells) for one in placed], ()),
        Picture(heads, [_row(one, prospect, prospect.tried, _tried_cells) for one in placed], together),
        len(prospect.units) - len(placed),
    )


def _in_tree(
    units: Sequence[UnitRow], parent_id: int | None, depth: int, only: Collection[str] | None
) -> Iterator[tuple[UnitRow, int]]:
    """The units to show, each followed by those below it; how far in counts the shown ones above."""
    for unit in units:
        if unit.parent_id == parent_id:
            is_shown = only is None or unit.code in only
            if is_shown:
                yield unit, min(depth, DEEPEST)
            yield from _in_tree(units, unit.id, depth + is_shown, only)


def _sentences(unit: UnitRow, cells: Cells, now: Week) -> Sentences:
    return sentences_of(unit.name, url_for("units.show", code=unit.code), cells[unit.code], now)


def _present_cells(code: str, prospect: queries.Prospect) -> list[Drawn]:
    excepted = prospect.excepted.get(code, ())
    return draw_cells(prospect.present[code], now=prospect.now, base="", excepted=excepted)


def _tried_cells(code: str, prospect: queries.Prospect) -> list[Drawn]:
    excepted = prospect.excepted.get(code, ())
    return draw_tried(prospect.present[code], prospect.tried[code], now=prospect.now, excepted=excepted)


def _row(
    placed: tuple[UnitRow, int],
    prospect: queries.Prospect,
    cells: Cells,
    drawn: Callable[[str, queries.Prospect], list[Drawn]],
) -> Row:
    unit, depth = placed
    code = unit.code
    return Row(
        code,
        unit.name,
        url_for("units.show", code=code),
        depth,
        limit_text(prospect.portfolio.tree.units[code], cells[code]),
        worst_level(cells[code]),
        drawn(code, prospect),
    )

"""The load map as it is drawn: heads of weeks, rows of units, and cells that carry every word they show.

Cells are worded here and not in the template: a map has hundreds of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from portfolio.base.weeks import Week, format_week, monday, week_number
from portfolio.capacity.rules.limits import SEVERITY, Level, Unit
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.sentences import (
    cell_label,
    full_sentence,
    listed,
    out_of,
    over_sentence,
    runs,
    span,
    spans_of,
    weeks_in_words,
)

MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
)

CSS: Mapping[Level, str] = {
    "free": "lvl-free",
    "low": "lvl-low",
    "moderate": "lvl-moderate",
    "full": "lvl-full",
    "over": "lvl-over",
    "no_limit": "lvl-none",
    "standstill": "lvl-stand",
}
SYMBOLS: Mapping[Level, str] = {"full": "■", "over": "▲", "no_limit": "?"}


class WeekHead(NamedTuple):
    """A column: the week's number, the month with its number of weeks on its first (else 0), and whether it is now."""

    week: Week
    number: int
    month: str
    month_span: int
    now: bool


class Drawn(NamedTuple):
    """A cell: its classes, what is seen, what is heard, what proposals would add, and where it leads ("" nowhere)."""

    css: str
    shown: str
    label: str
    proposal: int
    href: str


class Toggle(NamedTuple):
    """Opens or closes the units below a row."""

    href: str
    text: str
    is_open: bool


class Row(NamedTuple):
    """A unit: its place in the tree, its limits in words, its cells, and its worst level in the weeks shown."""

    code: str
    name: str
    href: str
    depth: int
    limit_text: str
    worst_level: Level
    cells: Sequence[Drawn]
    toggle: Toggle | None = None


class Sentences(NamedTuple):
    """The same row for those who read a list: the worst level, then what there is to say."""

    name: str
    href: str
    level: Level
    sentences: Sequence[str]
    weeks: Sequence[str]


def week_heads(first: Week, weeks: int, now: Week) -> list[WeekHead]:
    """The columns of a map of `weeks` weeks from `first`. A week belongs to the month of its Thursday."""
    months = [_month(week) for week in range(first, first + weeks)]
    heads = []
    for at, month in enumerate(months):
        begins = at == 0 or months[at - 1] != month
        length = next((n for n, other in enumerate(months[at:]) if other != month), weeks - at) if begins else 0
        heads.append(WeekHead(first + at, week_number(first + at), month, length, first + at == now))
    return heads


def _month(week: Week) -> str:
    return MONTHS[(monday(week) + timedelta(days=3)).month - 1]


def draw_cells(
    cells: Iterable[Cell], *, now: Week, base: str, excepted: Collection[Week] = (), proposed: Sequence[int] = ()
) -> list[Drawn]:
    """The cells of one unit. `base` is where its cells lead, the week to be added; "" for nowhere.

    `excepted` are the weeks in which an exception covers the unit, `proposed` the points that proposals would
    add week by week.
    """
    drawn = []
    for at, cell in enumerate(cells):
        added = proposed[at] if proposed and cell.load is not None else 0
        drawn.append(_draw(cell, cell.week == now, cell.week in excepted, added, base))
    return drawn


def _draw(cell: Cell, is_now: bool, excepted: bool, added: int, base: str) -> Drawn:
    css, label = CSS[cell.level], cell_label(cell)
    if is_now:
        css += " now"
    if cell.load is None:
        return Drawn(css, "–", label, 0, "")
    if excepted or cell.unrated or cell.worse_below or added:
        for is_so, css_class, words in (
            (excepted, "exception", "undantag"),
            (cell.unrated, "unrated", f"{cell.unrated} obedömda"),
            (cell.worse_below, "below", "värre i en enhet under"),
            (added, "outline", f"förslag lägger till {added}"),
        ):
            if is_so:
                css, label = f"{css} {css_class}", f"{label}, {words}"
    return Drawn(css, _seen(cell), label, added, base and base + format_week(cell.week))


def _seen(cell: Cell) -> str:
    """The symbol with the figure. Without a limit, no load looks like no knowledge and not like room."""
    symbol = SYMBOLS.get(cell.level, "")
    return symbol if cell.level == "no_limit" and not cell.load else f"{symbol}{cell.load}"


def worst_level(cells: Sequence[Cell]) -> Level:
    """The worst level of some cells; where none can be compared, "no_limit" if any is, else "standstill"."""
    comparable = [cell.level for cell in cells if cell.level in SEVERITY]
    if comparable:
        return max(comparable, key=SEVERITY.__getitem__)
    return "no_limit" if any(cell.level == "no_limit" for cell in cells) else "standstill"


def limit_text(unit: Unit, cells: Sequence[Cell]) -> str:
    """The limits as a row's head says them: `tak 8 (6 vecka 2–6) · högst 3 samtidigt · preliminärt`."""
    said = [_limit_in_short(unit, cells)]
    if unit.max_parallel is not None:
        said.append(f"högst {unit.max_parallel} samtidigt")
    if not unit.confirmed:
        said.append("preliminärt")
    return " · ".join(said)


def _limit_in_short(unit: Unit, cells: Sequence[Cell]) -> str:
    base = "inget tak satt" if unit.limit is None else f"tak {unit.limit}"
    lowered = dict.fromkeys(cell.bounds.limit for cell in cells if cell.bounds.limit_reason)
    if not lowered:
        return base
    parts = []
    for limit in lowered:
        weeks = spans_of(
            runs(cells, lambda cell, at=limit: bool(cell.bounds.limit_reason) and cell.bounds.limit == at)
        )
        parts.append(f"{limit} {weeks_in_words(weeks)}")
    return f"{base} ({listed(parts)})"


def sentences_of(name: str, href: str, cells: Sequence[Cell], now: Week) -> Sentences:
    """One unit's row as sentences: how it stands now, when it is worst, and every week behind "Visa veckor"."""
    worst = over_sentence(name, cells) or full_sentence(name, cells, len(cells)) or _most(cells)
    said = [*_now(cells, now), worst]
    below = runs(cells, lambda cell: cell.worse_below)
    if below:
        said.append(f"Det är värre i en enhet under {weeks_in_words(spans_of(below))}.")
    unrated = runs(cells, lambda cell: bool(cell.unrated))
    if unrated:
        said.append(f"All påverkan är inte bedömd {weeks_in_words(spans_of(unrated))}.")
    return Sentences(name, href, worst_level(cells), said, _week_by_week(cells))


def _week_by_week(cells: Sequence[Cell]) -> list[str]:
    """`Vecka 48–51: 7 av 8, måttlig`: every week, those that are alike together."""
    alike = groupby(cells, key=lambda cell: (cell.level, cell.load, cell.parallel, cell.bounds))
    return [_spoken([*members]) for _, members in alike]


def _spoken(alike: Sequence[Cell]) -> str:
    return f"Vecka {span(alike[0].week, alike[-1].week)}: {cell_label(alike[0])}"


def _now(cells: Sequence[Cell], now: Week) -> list[str]:
    """`Nu 7 av 8.`; nothing in a standstill or where the current week is not among the cells."""
    return [f"Nu {points_of(cell)}." for cell in cells if cell.week == now and cell.load is not None]


def _most(cells: Sequence[Cell]) -> str:
    """`Som mest 6 av 8 vecka 48–10.`"""
    running = [cell for cell in cells if cell.load is not None]
    if not running:
        return "Uppehåll alla veckor."
    most = max(running, key=_fullness)
    if not most.load:
        return "Inget initiativ belastar enheten."
    weeks = spans_of(runs(cells, lambda cell: cell.load == most.load and cell.bounds.limit == most.bounds.limit))
    return f"Som mest {points_of(most)} {weeks_in_words(weeks)}."


def _fullness(cell: Cell) -> tuple[float, int]:
    load = cell.load or 0
    return (load / cell.bounds.limit if cell.bounds.limit else float(load), load)


def points_of(cell: Cell) -> str:
    """`7 av 8`, or `7` where no limit is set."""
    return str(cell.load) if cell.bounds.limit is None else out_of(cell.load or 0, cell.bounds.limit)

"""The load map as it is drawn: heads of weeks, rows of units, and cells that carry every word they show.

Cells are worded here and not in the template: a map has hundreds of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from portfolio.base.text import listed, out_of
from portfolio.base.weeks import Week, format_week, monday, week_number
from portfolio.capacity.rules.limits import SEVERITY, Level, Unit
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.sentences import (
    LEVEL_WORDS,
    cell_label,
    full_sentence,
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
    "absent": "lvl-absent",
}
SYMBOLS: Mapping[Level, str] = {"full": "■", "over": "▲", "no_limit": "?", "standstill": "–"}


class WeekHead(NamedTuple):
    """A column: the week's number, its month, how many weeks of it follow (0 but on its first), and if it is now."""

    week: Week
    number: int
    month: str
    month_span: int
    now: bool


class Drawn(NamedTuple):
    """A cell: its classes, what is seen and heard, what proposals or a trial would add, its address ("" for none)."""

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
    """The same row for those who read a list: the worst level, what there is to say, and week by week, in lines."""

    name: str
    href: str
    css: str
    symbol: str
    level_word: str
    text: str
    weeks: str


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
        css, shown, label = _looks(cell[1:])
        if cell.load is None:
            drawn.append(Drawn(css + " now" if cell.week == now else css, shown, label, 0, ""))
            continue
        added = proposed[at] if proposed else 0
        if cell.week in excepted:
            css, label = f"{css} exception", f"{label}, undantag"
        if added:
            css, label = f"{css} outline", f"{label}, förslag lägger till {added}"
        if cell.week == now:
            css += " now"
        drawn.append(Drawn(css, shown, label, added, base and base + written(cell.week)))
    return drawn


written = lru_cache(maxsize=4096)(format_week)


@lru_cache(maxsize=4096)
def _looks(facts: tuple[Any, ...]) -> tuple[str, str, str]:
    """Classes, what is seen and what is heard of a cell whatever its week: most cells of a map look alike."""
    cell = Cell(0, *facts)
    css, label = CSS[cell.level], cell_label(cell)
    if cell.unrated:
        css, label = f"{css} unrated", f"{label}, {cell.unrated} {'obedömd' if cell.unrated == 1 else 'obedömda'}"
    if cell.worse_below:
        css, label = f"{css} below", f"{label}, värre i en enhet under"
    return css, _seen(cell), label


def _seen(cell: Cell) -> str:
    """The symbol with the figure. Without a limit, no load looks like no knowledge and not like room."""
    symbol = SYMBOLS.get(cell.level, "")
    is_bare = cell.load is None or (cell.level == "no_limit" and not cell.load)
    return symbol if is_bare else f"{symbol}{cell.load}"


def worst_level(cells: Sequence[Cell]) -> Level:
    """The worst level of some cells; where none can be compared, "no_limit" if any is, else "standstill".

    "absent" is the unit that exists in none of them.
    """
    comparable = [cell.level for cell in cells if cell.level in SEVERITY]
    if comparable:
        return max(comparable, key=SEVERITY.__getitem__)
    if cells and all(cell.level == "absent" for cell in cells):
        return "absent"
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
    parts = (f"{limit} {weeks_in_words(_weeks_lowered_to(limit, cells))}" for limit in lowered)
    return f"{base} ({listed([*parts])})"


def _weeks_lowered_to(limit: int | None, cells: Sequence[Cell]) -> list[tuple[Week, Week]]:
    return spans_of(runs(cells, lambda cell: bool(cell.bounds.limit_reason) and cell.bounds.limit == limit))


def sentences_of(name: str, href: str, cells: Sequence[Cell], now: Week) -> Sentences:
    """One unit's row as sentences: how it stands now, when it is worst, and every week behind "Visa veckor"."""
    worst = over_sentence(name, cells) or full_sentence(name, cells, len(cells)) or _most(cells)
    said = [*_now(cells, now), worst]
    if any(cell.worse_below for cell in cells):
        below = spans_of(runs(cells, lambda cell: cell.worse_below))
        said.append(f"Det är värre i en enhet under {weeks_in_words(below)}.")
    if any(cell.unrated for cell in cells):
        unrated = spans_of(runs(cells, lambda cell: bool(cell.unrated)))
        said.append(f"All påverkan är inte bedömd {weeks_in_words(unrated)}.")
    level = worst_level(cells)
    word = LEVEL_WORDS[level].capitalize()
    weeks = "\n".join(_week_by_week(cells))
    return Sentences(name, href, CSS[level], SYMBOLS.get(level, ""), word, " ".join(said), weeks)


def _week_by_week(cells: Sequence[Cell]) -> list[str]:
    """`Vecka 48–51: 7 av 8, måttlig`: every week, those that are alike together."""
    alike = groupby(cells, key=itemgetter(slice(1, None)))
    return [_spoken([*members]) for _, members in alike]


def _spoken(alike: Sequence[Cell]) -> str:
    return f"Vecka {span(alike[0].week, alike[-1].week)}: {_looks(alike[0][1:])[2]}"


def _now(cells: Sequence[Cell], now: Week) -> list[str]:
    """`Nu 7 av 8.`; nothing in a standstill or where the current week is not among the cells."""
    return [f"Nu {points_of(cell)}." for cell in cells if cell.week == now and cell.load is not None]


def _most(cells: Sequence[Cell]) -> str:
    """`Som mest 6 av 8 vecka 48–10.`"""
    running = [cell for cell in cells if cell.load is not None]
    if not running:
        return "Enheten finns inte då." if worst_level(cells) == "absent" else "Uppehåll alla veckor."
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
    return out_of(cell.load or 0, cell.bounds.limit)

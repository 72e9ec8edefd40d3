"""The load in words: what a person would say of a row of cells, a conflict, an impact (docs/glossary.md)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from portfolio.base.text import NBSP, listed, out_of
from portfolio.base.weeks import Week, week_number, week_year
from portfolio.capacity.rules.gate import Measure
from portfolio.capacity.rules.limits import Bounds, Level, exceeds
from portfolio.capacity.rules.load import Cell, Weight

LEVEL_WORDS: Mapping[Level, str] = {
    "free": "ledigt",
    "low": "låg",
    "moderate": "måttlig",
    "full": "fullt",
    "over": "över taket",
    "no_limit": "inget tak satt",
    "standstill": "uppehåll",
    "absent": "finns inte",
}

IMPACT_COUNT_WORDS: Mapping[int, tuple[str, str]] = {
    3: ("stor", "stora"),
    2: ("märkbar", "märkbara"),
    1: ("liten", "små"),
}
"""One and several initiatives with an impact."""

NUMBER_WORDS = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


LONG_SPAN = 26
"""From so many weeks on the numbers alone could be read backwards where a year ends between them."""


def in_words(number: int) -> str:
    """`åtta`, and figures above twelve."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)


def numbered(number: int, one: str, several: str) -> str:
    """`1 initiativ krockar`, `2 initiativ krockar`: the figure with the form that goes with it."""
    return f"{number}{NBSP}{one if number == 1 else several}"


def span(first: Week, last: Week) -> str:
    """`2–6`, or `2` for one week; a long one over a year end has its years: `20 2027–16 2028`."""
    if last - first >= LONG_SPAN and week_year(first) != week_year(last):
        return f"{week_number(first)} {week_year(first)}–{week_number(last)} {week_year(last)}"
    return f"{week_number(first)}–{week_number(last)}" if first != last else str(week_number(first))


def weeks_in_words(spans: Iterable[tuple[Week, Week]]) -> str:
    """`vecka 2–6 och 12`."""
    return f"vecka{NBSP}{listed([span(*one) for one in spans])}"


MEASURE_WORDS = {"load": "", "parallel": " initiativ samtidigt", "owner": " initiativ"}


def out_of_measure(value: int, bound: int, measure: str) -> str:
    """The same with what is counted: `4 av 3 initiativ samtidigt`; nothing beside the points of a load."""
    return f"{out_of(value, bound)}{MEASURE_WORDS[measure]}"


def runs(cells: Iterable[Cell], wanted: Callable[[Cell], bool]) -> list[list[Cell]]:
    """The runs of cells that are `wanted`, in order. A standstill neither ends a run nor belongs to it."""
    found: list[list[Cell]] = []
    is_open = False
    for cell in cells:
        if cell.level == "standstill":
            continue
        if not wanted(cell):
            is_open = False
        elif is_open:
            found[-1].append(cell)
        else:
            found.append([cell])
            is_open = True
    return found


def spans_of(found: Iterable[Sequence[Cell]]) -> list[tuple[Week, Week]]:
    """First and last week of each run."""
    return [(run[0].week, run[-1].week) for run in found]


def over_sentence(name: str, cells: Sequence[Cell]) -> str | None:
    """`Kommunledningsförvaltningen går över taket vecka 2–6 (7 av 6, årsbokslut).`; None if it never does."""
    if all(cell.level != "over" for cell in cells):
        return None
    found = runs(cells, lambda cell: cell.level == "over")
    over = [cell for run in found for cell in run]
    return f"{name} går över taket {weeks_in_words(spans_of(found))} ({how_far_over(over)})."


def how_far_over(over: Sequence[Cell]) -> str:
    """`7 av 6, årsbokslut`, with why the limit is lowered: of the load, or of the initiatives where only they are."""
    of_load = [cell for cell in over if exceeds(cell.load or 0, cell.bounds.limit)]
    if of_load:
        figures = {(cell.load or 0, cell.bounds.limit or 0) for cell in of_load}
        reasons = [cell.bounds.limit_reason for cell in of_load]
        return _figures(figures) + _because(reasons)
    figures = {(cell.parallel or 0, cell.bounds.max_parallel or 0) for cell in over}
    reasons = [cell.bounds.parallel_reason for cell in over]
    return f"{_figures(figures)} initiativ{_because(reasons)}"


def _figures(figures: set[tuple[int, int]]) -> str:
    """`7 av 6`; where the weeks differ the worst of each limit: `8 av 6 och 9 av 8`, `som mest 9 av 8`."""
    most: dict[int, int] = {}
    for value, limit in figures:
        most[limit] = max(value, most.get(limit, value))
    said = listed([out_of(most[limit], limit) for limit in sorted(most)])
    return f"som mest {said}" if len(figures) > len(most) else said


def _because(reasons: Iterable[str | None]) -> str:
    said = list(dict.fromkeys(lower_first(reason) for reason in reasons if reason))
    return f", {listed(said)}" if said else ""


def lower_first(text: str) -> str:
    """A reason inside a sentence: `årsbokslut`; an abbreviation keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def full_sentence(name: str, cells: Sequence[Cell], horizon: int) -> str | None:
    """`… är fullt belastad till och med vecka 10.`; None unless it is full within the first `horizon` weeks.

    `cells` begin with the current week.
    """
    found = runs(cells, lambda cell: cell.level == "full")
    soon = [run for run in found if run[0].week < cells[0].week + horizon]
    if not soon:
        return None
    belastad = "belastat" if name.endswith("et") else "belastad"
    running = [cell.week for cell in cells if cell.level != "standstill"]
    return f"{name} är fullt {belastad} {_when_full(soon, running)}."


def _when_full(found: Sequence[Sequence[Cell]], running: Sequence[Week]) -> str:
    first, last = found[0][0].week, found[-1][-1].week
    if len(found) > 1 or first != running[0]:
        return weeks_in_words(spans_of(found))
    if last == running[-1]:
        return f"minst till och med vecka{NBSP}{week_number(last)}"
    return f"till och med vecka{NBSP}{week_number(last)}" if first != last else weeks_in_words([(first, last)])


def filled_by(weights: Iterable[Weight], load: int, limit: int | None) -> str:
    """`2 stora och 1 liten: 7 av 8`: words come before points (capacity kernel §3)."""
    levels: Counter[int] = Counter()
    unrated = 0
    for weight in weights:
        if weight.load:
            levels[weight.load] += 1
        elif weight.unrated:
            unrated += 1
    words = [numbered(levels[level], *forms) for level, forms in IMPACT_COUNT_WORDS.items() if levels[level]]
    if unrated:
        words.append(numbered(unrated, "obedömd", "obedömda"))
    points = out_of(load, limit) if limit is not None else f"{load}, inget tak satt"
    return f"{listed(words)}: {points}" if words else points


def cell_label(cell: Cell) -> str:
    """What a listener hears of a cell: `7 av 8, måttlig`."""
    if cell.load is None:
        return LEVEL_WORDS[cell.level]
    points = str(cell.load) if cell.bounds.limit is None else f"{cell.load} av {cell.bounds.limit}"
    return f"{points}, {LEVEL_WORDS[cell.level]}" + _crowded(cell)


def _crowded(cell: Cell) -> str:
    """Said only where the number of initiatives, and not their load, is what is too much."""
    if exceeds(cell.parallel or 0, cell.bounds.max_parallel) and not exceeds(cell.load or 0, cell.bounds.limit):
        return f", {cell.parallel} av högst {cell.bounds.max_parallel} initiativ samtidigt"
    return ""


def limit_words(cell: Cell, base: Bounds) -> list[str]:
    """Sentences about what the unit can carry in the week of a cell, and why it is lowered. `base` is else."""
    bounds, said = cell.bounds, []
    if bounds.limit is None:
        said.append("Inget tak är satt. Därför går det inte att säga om det är för mycket.")
    elif bounds.limit_reason:
        else_ = "Annars finns inget tak." if base.limit is None else f"Annars är det {base.limit}."
        said.append(f"Taket är sänkt till {bounds.limit} ({lower_first(bounds.limit_reason)}). {else_}")
    else:
        said.append(f"Taket är {bounds.limit}.")
    if bounds.max_parallel is not None:
        why = f" ({lower_first(bounds.parallel_reason)})" if bounds.parallel_reason else ""
        said.append(f"{cell.parallel} av högst {bounds.max_parallel} initiativ samtidigt{why}.")
    return said


def conflict_sentence(
    who: str, measure: Measure, spans: Sequence[tuple[Week, Week]], figures: Iterable[tuple[int, int]]
) -> str:
    """`Kommunledningsförvaltningen går över taket vecka 2–6: 7 av 6.` `figures` are (value, limit) of the cells."""
    weeks, pairs = weeks_in_words(spans), set(figures)
    if measure == "owner":
        return f"{who} äger fler initiativ än gränsen {weeks}: {_figures(pairs)}."
    unit_word = " initiativ samtidigt" if measure == "parallel" else ""
    return f"{who} går över taket {weeks}: {_figures(pairs)}{unit_word}."

"""Two load maps side by side: as it is, and as it would be after a trial."""

from collections.abc import Collection, Mapping, Sequence

from portfolio.base.weeks import Week
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.picture import Drawn, Sentences, draw_cells, points_of

Cells = Mapping[str, Sequence[Cell]]
"""A load map: each unit's cells by its code, week by week."""


def changed_units(present: Cells, tried: Cells) -> set[str]:
    """The units of which some cell would be another."""
    return {code for code, cells in tried.items() if tuple(cells) != tuple(present[code])}


def draw_tried(
    present: Sequence[Cell], tried: Sequence[Cell], *, now: Week, excepted: Collection[Week] = ()
) -> list[Drawn]:
    """The cells of one unit after the trial; a changed one shows by how much, and says what it is at present.

    `excepted` are the weeks in which an exception covers the unit at present: it goes with a cell that stays.
    """
    pairs = list(zip(present, tried, strict=True))
    staying = {cell.week for was, cell in pairs if cell.week in excepted and was == cell}
    drawn = draw_cells(tried, now=now, base="", excepted=staying)
    return [one if was == cell else _marked(one, was, cell) for one, (was, cell) in zip(drawn, pairs, strict=True)]


def _marked(drawn: Drawn, present: Cell, tried: Cell) -> Drawn:
    added = (tried.load or 0) - (present.load or 0)
    label = f"{points_of(present)}, i försöket {drawn.label}"
    return drawn._replace(css=f"{drawn.css} changed", label=label, proposal=added)


def told_together(present: Sentences, tried: Sentences) -> Sentences:
    """One unit of the list of sentences: how it would be and, where that differs, how it is without the trial."""
    if present.weeks == tried.weeks:
        return tried
    return tried._replace(text=f"I försöket: {_this_week(tried.text)} Utan försöket: {_this_week(present.text)}")


def _this_week(text: str) -> str:
    """Beside the trial, "nu" would be taken for the present."""
    return f"den här veckan {text.removeprefix('Nu ')}" if text.startswith("Nu ") else text

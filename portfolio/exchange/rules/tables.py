"""A list as it came: numbered rows of cells under one header row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, count, islice

from portfolio.exchange.rules.headers import LONGEST_HEADER, guess_mapping, recognised_fields

Cell = str | int | float | date | None
"""What a cell can hold; a `datetime` is a date too. Formulas are there as their last result only."""

HEADER_SEARCHED = 25
"""The header is looked for in this many rows: above it there are titles, dates of issue, instructions."""

SAMPLED = 200
"""So many rows tell which of several columns has something in it."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the file. `number` is the row number that Excel shows; a blank cell is None."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A list ready to be mapped: unique column names and the rows below them, blank rows left out.

    `encoding` and `delimiter` are there for csv, `sheet` and `sheets` for Excel. `notes` tell in Swedish
    what was done to get here. Rows may be shorter than the header.
    """

    header: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    header_row: int
    notes: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    def column(self, name: str) -> Iterator[tuple[int, Cell]]:
        """The row number and the cell of every row in one column; KeyError for an unknown column."""
        if name not in self.header:
            raise KeyError(name)
        index = self.header.index(name)
        return ((row.number, cell_at(row, index)) for row in self.rows)


def cell_at(row: SourceRow, index: int) -> Cell:
    """The cell in a column, None beyond the end of a short row."""
    return row.cells[index] if index < len(row.cells) else None


def cell_text(cell: Cell) -> str:
    """A cell as one line of text: white space folded, 12.0 as "12", a date as ISO; "" for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return " ".join(str(cell).split())


def guess_columns(table: Table) -> dict[str, str]:
    """The column for each field that can be guessed from the headers and the first rows."""
    return guess_mapping(table.header, [row.cells for row in table.rows[:SAMPLED]])


def make_table(source: Iterable[SourceRow]) -> Table:
    """Find the header and gather the rows below it. An empty source gives a table without columns.

    A header that is repeated further down is left out and noted: it is no initiative.
    """
    filled = (row for row in source if any(cell is not None for cell in row.cells))
    top = list(islice(filled, HEADER_SEARCHED))
    if not top:
        return Table((), (), 0)
    header = _header_of(top)
    written = [cell_text(cell) for cell in header.cells]
    below = [row for row in top if row.number > header.number]
    below += filled
    repeated = {row.number for row in below if row.cells == header.cells}
    width = max([len(written), *(len(row.cells) for row in below)])
    table = Table(
        header=_unique_names(written + [""] * (width - len(written))),
        rows=tuple(row for row in below if row.number not in repeated),
        header_row=header.number,
    )
    return replace(table, notes=_notes(table, top[0], repeated, written))


def _header_of(top: list[SourceRow]) -> SourceRow:
    """The row with most recognised headers; where none is recognised, the first of the widest rows.

    One recognised word alone, such as "Klar" in a row of values, does not make a header below a row as wide.
    """
    texts = [[cell_text(cell) for cell in row.cells] for row in top]
    recognised = [recognised_fields(cells) for cells in texts]
    filled = [sum(map(bool, cells)) for cells in texts]
    best, widest = recognised.index(max(recognised)), filled.index(max(filled))
    if recognised[best] == 0 or (recognised[best] == 1 and filled[best] > 1 and widest < best):
        return top[widest]
    return top[best]


def _unique_names(written: Iterable[str]) -> tuple[str, ...]:
    """Kolumn 3 where a name is missing, Status (2) where one comes again."""
    names: list[str] = []
    for position, text in enumerate(written, start=1):
        base = text[:LONGEST_HEADER] or f"Kolumn {position}"
        numbered = (f"{base} ({number})" for number in count(2))
        names.append(next(name for name in chain([base], numbered) if name not in names))
    return tuple(names)


def _notes(table: Table, first: SourceRow, repeated: set[int], written: list[str]) -> tuple[str, ...]:
    notes = []
    if table.header_row != first.number:
        notes.append(f"Rubrikerna står på rad {table.header_row}. Raderna ovanför läses inte in.")
    notes += [f"Rad {number} upprepar rubrikerna och läses inte in." for number in sorted(repeated)]
    twice = [name for name, times in Counter(filter(None, written)).items() if times > 1]
    notes += [f"Rubriken ”{name}” finns flera gånger. De senare har fått en siffra." for name in twice]
    return tuple(notes)

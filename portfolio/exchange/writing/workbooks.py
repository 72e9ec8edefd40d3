"""One list as an Excel file, written row by row. Nothing in it is ever a formula."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portfolio.base.text import harmless

ROWS_ON_A_SHEET = 1_000_000
"""A sheet holds some more than this; what is left goes on the next one."""
LONGEST_TEXT = 32_000
"""Excel takes some more characters in a cell."""

Value = str | int | float | bool | None


def write_workbook(
    file: Path | IO[bytes], title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]
) -> None:
    """Write a list under its header, on as many sheets as it needs."""
    book = Workbook(write_only=True)
    rest = iter(rows)
    number = 0
    while True:
        few = islice(rest, ROWS_ON_A_SHEET)
        first = next(few, None)
        if first is None and number:
            break
        number += 1
        sheet = book.create_sheet(title[:28] if number == 1 else f"{title[:24]} {number}")
        sheet.freeze_panes = "A2"
        _append(sheet, header)
        if first is not None:
            _append(sheet, first)
        for row in few:
            _append(sheet, row)
    book.save(file)


def _append(sheet: WriteOnlyWorksheet, row: Sequence[Value]) -> None:
    sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> Value | Cell:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, harmless(value)[:LONGEST_TEXT])
    cell.data_type = "s"
    return cell

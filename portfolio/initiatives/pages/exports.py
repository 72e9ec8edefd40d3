"""The list as a file for a spreadsheet: every cell is text, and none is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portfolio.base.text import fold, harmless
from portfolio.base.weeks import Week, format_week
from portfolio.web.files import XLSX, download

Rows = Iterable[Sequence[str]]


def as_file(rows: Rows, kind: str, title: str, week: Week) -> Response:
    """The list as `xlsx` or `csv`, for the browser to keep: `initiativ-2026-W48.xlsx`."""
    data = as_csv(rows) if kind == "csv" else as_xlsx(rows, title)
    return download(data, f"{fold(title)}-{format_week(week)}.{kind}", "text/csv" if kind == "csv" else XLSX)


def as_csv(rows: Rows) -> bytes:
    """Semicolons and a byte order mark: what Excel in Swedish opens by a double click."""
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([harmless(text) for text in row] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_xlsx(rows: Rows, title: str) -> bytes:
    """A workbook with one sheet, whose first row stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_text_cell(sheet, text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, harmless(text))
    cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
    return cell

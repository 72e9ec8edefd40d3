"""The way in for a foreign list: what kind of file it is, and the table in it."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath

from portfolio.exchange.reading.archive import Archive
from portfolio.exchange.reading.limits import COLUMN_LIMIT, ROW_LIMIT, ROW_NUMBER_LIMIT, UPLOAD_LIMIT
from portfolio.exchange.reading.refusal import UnreadableFile
from portfolio.exchange.reading.texts import read_text
from portfolio.exchange.reading.workbook import Workbook
from portfolio.exchange.rules.tables import SourceRow, Table, make_table

_A_ZIP = "en zip-fil eller en Excelfil (.xlsx)"
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def read_table(source: Path | bytes, filename: str, sheet: str | None = None) -> Table:
    """Read an .xlsx or .csv file into a table with its header found; nothing in it is evaluated.

    `filename` is what the person called it: its ending must agree with the content. `sheet` chooses among
    the visible sheets of a workbook, the first if None. Raises `UnreadableFile` for a file that is too
    large (20 MB, 120 MB unpacked, ratio 100, 200 parts, 50,000 rows, 100 columns), damaged, locked,
    empty or of another kind; the limits are checked before, or while, it is parsed.
    """
    suffix = PurePath(filename).suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise UnreadableFile("wrong_type", chosen=f"en {suffix}" if suffix else "en fil utan filändelse")
    data = _bytes_of(source)
    _check_content(data, suffix)
    table = _workbook_table(data, sheet) if suffix == ".xlsx" else _csv_table(data)
    if not table.rows:
        raise UnreadableFile("empty")
    if len(table.rows) > ROW_LIMIT:
        raise UnreadableFile("too_many_rows", limit=ROW_LIMIT)
    return table


def _bytes_of(source: Path | bytes) -> bytes:
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > UPLOAD_LIMIT:
        megabyte = 1024 * 1024
        raise UnreadableFile("too_large", megabytes=-(-size // megabyte), limit=UPLOAD_LIMIT // megabyte)
    return source.read_bytes() if isinstance(source, Path) else source


def _check_content(data: bytes, suffix: str) -> None:
    """Refuse a file that is something else than its name says."""
    if data.startswith(_OLD_OFFICE) and _LOCKED in data:
        raise UnreadableFile("locked")
    found = _kind_of(data)
    if not data.strip():
        raise UnreadableFile("empty")
    if found != {".xlsx": _A_ZIP, ".csv": "text"}[suffix]:
        raise UnreadableFile("disguised", suffix=suffix, found=found)


def _kind_of(data: bytes) -> str:
    if data.startswith(_ZIP):
        return _A_ZIP
    if data.startswith(_OLD_OFFICE):
        return "en äldre Excelfil (.xls)"
    if data.startswith(b"%PDF-"):
        return "en pdf"
    beginning = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        return "en webbsida"
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "ett program eller en annan binär fil"
    return "text"


def _workbook_table(data: bytes, sheet: str | None) -> Table:
    workbook = Workbook(Archive(data))
    name = sheet if sheet is not None else workbook.sheets[0]
    if name not in workbook.sheets:
        raise UnreadableFile("unknown_sheet", sheet=name, sheets=", ".join(workbook.sheets))
    return replace(make_table(workbook.rows(name)), sheet=name, sheets=workbook.sheets)


def _csv_table(data: bytes) -> Table:
    text = read_text(data)
    table = make_table(_within_limits(text.rows))
    return replace(table, encoding=text.encoding, delimiter=text.delimiter)


def _within_limits(rows: Iterable[SourceRow]) -> Iterator[SourceRow]:
    for row in rows:
        if row.number > ROW_NUMBER_LIMIT:
            raise UnreadableFile("too_many_rows", limit=ROW_LIMIT)
        if len(row.cells) > COLUMN_LIMIT:
            raise UnreadableFile("too_many_columns", limit=COLUMN_LIMIT)
        yield row

"""Comma-separated lists as Excel and other systems write them: encoding and delimiter are found out."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from portfolio.exchange.reading.limits import COLUMN_LIMIT
from portfolio.exchange.reading.refusal import UnreadableFile
from portfolio.exchange.rules.tables import Cell, SourceRow

_DELIMITERS = (";", ",", "\t")
_SAMPLED = 100
# No sane line has so many delimiters; checked before the line is taken apart.
_ABSURDLY_MANY = 20_000
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
# Control characters other than tab and line breaks: no text needs them, and PostgreSQL takes no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A csv file found out; its rows are read only as they are asked for."""

    encoding: str
    delimiter: str
    rows: Iterator[SourceRow]


def read_text(data: bytes) -> DelimitedText:
    """Find the encoding and the delimiter, and read on demand.

    Rows are numbered as Excel shows them, and empty cells at the end of a row are left out. Raises
    `UnreadableFile`, also while the rows are read, for a quote that never ends or an absurd line.
    """
    encoding = _encoding_of(data)
    delimiter = _declared_delimiter(data, encoding) or _probable_delimiter(data, encoding)
    return DelimitedText(encoding, delimiter, _rows(data, encoding, delimiter))


def clean(text: str) -> str | None:
    """A text without control characters; None if there is nothing to see in it."""
    return (_CONTROL.sub("", text) if not text.isprintable() else text) if text.strip() else None


def _encoding_of(data: bytes) -> str:
    """What its mark says, else UTF-8 if it is valid, else cp1252 as Windows wrote, or Latin-1."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        possible = ["utf-16"]
    elif data.startswith(codecs.BOM_UTF8):
        possible = ["utf-8-sig", "cp1252", "latin-1"]
    else:
        possible = ["utf-8", "cp1252", "latin-1"]
    for encoding in possible:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile("damaged")


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")):
        if number == 0 and _SEP_LINE.fullmatch(line):
            yield "\n"
        else:
            yield line


def _declared_delimiter(data: bytes, encoding: str) -> str | None:
    """The delimiter that a first line `sep=;` names, as Excel writes it."""
    first = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="").readline(16)
    declared = _SEP_LINE.fullmatch(first)
    return declared[1] if declared and declared[1] in _DELIMITERS else None


def _probable_delimiter(data: bytes, encoding: str) -> str:
    """The delimiter that gives most rows the same width, and the greater width where two are as good."""

    def evenness(delimiter: str) -> tuple[float, int]:
        rows = islice(_records(_lines(data, encoding), delimiter), _SAMPLED)
        try:
            widths = Counter(len(record) for _, record in rows if any(record))
        except UnreadableFile:  # with the wrong delimiter quotes open where there are none
            return 0, 0
        width, alike = widths.most_common(1)[0] if widths else (1, 0)
        return (alike / widths.total(), width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=evenness)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    records = csv.reader(_sane(lines, delimiter), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableFile("unclosed_quote", row=number) from None
        yield number, record


def _sane(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    for line in lines:
        if line.count(delimiter) > _ABSURDLY_MANY:
            raise UnreadableFile("too_many_columns", limit=COLUMN_LIMIT)
        yield line


def _rows(data: bytes, encoding: str, delimiter: str) -> Iterator[SourceRow]:
    for number, record in _records(_lines(data, encoding), delimiter):
        cells: list[Cell] = [clean(text) for text in record]
        while cells and cells[-1] is None:
            cells.pop()
        yield SourceRow(number, cells)

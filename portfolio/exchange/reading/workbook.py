"""The sheets of an Excel file (.xlsx), streamed row by row with what the standard library has.

Libraries that load a sheet as a whole spell out its claims: a file of 1.4 kB whose only cells are A1 and
XFD1048576 ended the process, and one of 115 kB that shows one long shared text in 60,000 cells took
1.8 GB. Read as a stream, a row, a column or a text too many stops the reading at once.
Formulas are never read, only the results that were saved beside them.
"""

import posixpath
import re
import string
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import NoReturn
from xml.parsers import expat

from portfolio.exchange.reading.archive import Archive
from portfolio.exchange.reading.limits import COLUMN_LIMIT, ROW_LIMIT, ROW_NUMBER_LIMIT, UNPACKED_LIMIT
from portfolio.exchange.reading.refusal import UnreadableFile
from portfolio.exchange.reading.texts import clean
from portfolio.exchange.rules.tables import Cell, SourceRow

_BOOK = "xl/workbook.xml"
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS, _DIGITS = string.ascii_uppercase, string.digits
_DAYS_IN_CALENDAR = 2_900_000
_BOOLEANS: Mapping[str, Cell] = {"1": "SANT", "0": "FALSKT"}

Attributes = dict[str, str]


class Workbook:
    """The visible sheets of one workbook, and what their cells refer to."""

    def __init__(self, archive: Archive):
        """Read the list of sheets; raises `UnreadableFile` if this zip is no workbook."""
        self._archive = archive
        if _BOOK not in archive:
            raise UnreadableFile("disguised", suffix=".xlsx", found="en annan sorts zip-fil")
        book = _Book(archive)
        self._paths = book.sheet_paths
        self._day_zero = datetime(1904, 1, 1) if book.since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        self._texts_path, self._styles_path = (
            path if path in archive else None for path in (book.texts_path, book.styles_path)
        )
        self.sheets = tuple(self._paths)
        """The names of the visible sheets, in the order of their tabs."""
        if not self.sheets:
            raise UnreadableFile("empty")

    def rows(self, sheet: str) -> Iterator[SourceRow]:
        """The rows of one sheet that have cells, as they are read; raises `UnreadableFile` at a limit."""
        texts = _SharedTexts(self._archive, self._texts_path).texts if self._texts_path else []
        dated = _DateStyles(self._archive, self._styles_path).dated if self._styles_path else set()
        return _Sheet(texts, dated, self._day_zero).rows(self._archive.chunks(self._paths[sheet]))


class _Part:
    """One XML part being read. A document type is refused, and with it every entity that could expand."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._begin
        self._parser.CharacterDataHandler = self._gather
        self._gathered: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def _begin(self, name: str, attributes: Attributes) -> None:
        """The root tells whether names have a prefix; most files have none, and reading is faster without."""
        if ":" in name:
            self._parser.StartElementHandler = lambda name, attributes: self.start(_local(name), attributes)
            self._parser.EndElementHandler = lambda name: self.end(_local(name))
        else:
            self._parser.StartElementHandler, self._parser.EndElementHandler = self.start, self.end
        self.start(_local(name), attributes)

    def feed(self, chunks: Iterator[bytes]) -> Iterator[None]:
        """Parse chunk by chunk, with a stop after each; once only."""
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
                yield
            self._parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError, OverflowError):
            raise UnreadableFile("damaged") from None
        finally:
            del self._parser  # it refers back here, and what was read would live until the next collection

    def read_all(self, chunks: Iterator[bytes]) -> None:
        for _ in self.feed(chunks):
            pass

    def begin_text(self) -> None:
        self._gathered = []

    def end_text(self) -> str:
        gathered, self._gathered = self._gathered or [], None
        return "".join(gathered)

    def _gather(self, text: str) -> None:
        if self._gathered is not None:
            self._gathered.append(text)


def _refuse_doctype(*_: object) -> NoReturn:
    raise UnreadableFile("damaged")


def _local(name: str) -> str:
    """An element's name without the prefix that some writers put before it."""
    return name.rpartition(":")[2]


class _Relations(_Part):
    """What the workbook refers to: targets by id, and by the last word of their type."""

    def __init__(self, archive: Archive) -> None:
        super().__init__()
        self.by_id: dict[str, tuple[str, str]] = {}
        self.read_all(archive.chunks("xl/_rels/workbook.xml.rels"))

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            path = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            self.by_id[attributes["Id"]] = (kind, path)

    def first(self, kind: str) -> str | None:
        return next((path for found, path in self.by_id.values() if found == kind), None)


class _Book(_Part):
    """The table of contents: visible sheets with their paths, and when its days are counted from."""

    def __init__(self, archive: Archive) -> None:
        super().__init__()
        self._relations = _Relations(archive)
        self.sheet_paths: dict[str, str] = {}
        self.since_1904 = False
        self.read_all(archive.chunks(_BOOK))
        self.texts_path = self._relations.first("sharedStrings")
        self.styles_path = self._relations.first("styles")

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            reference = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            kind, path = self._relations.by_id[reference]
            if kind == "worksheet":
                self.sheet_paths[attributes["name"]] = path


class _SharedTexts(_Part):
    """The texts that cells refer to by number; phonetic readings of East Asian texts are left out."""

    def __init__(self, archive: Archive, path: str) -> None:
        super().__init__()
        self.texts: list[str | None] = []
        self._runs: list[str] = []
        self._phonetic = False
        self.read_all(archive.chunks(path))

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "t":
            self.begin_text()
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            text = self.end_text()
            if not self._phonetic:
                self._runs.append(text)
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.texts.append(_text("".join(self._runs)))
            self._runs.clear()


class _DateStyles(_Part):
    """The cell styles that show a number as a date, by their numbers as cells write them."""

    def __init__(self, archive: Archive, path: str) -> None:
        super().__init__()
        self.dated: set[str] = set()
        self._styles = 0
        self._own_formats: dict[int, str] = {}
        self._in_cell_styles = False
        self.read_all(archive.chunks(path))

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._own_formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cell_styles = True
        elif name == "xf" and self._in_cell_styles:
            if self._is_date(int(attributes.get("numFmtId", 0))):
                self.dated.add(str(self._styles))
            self._styles += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_styles = False

    def _is_date(self, number: int) -> bool:
        code = self._own_formats.get(number)
        if code is None:
            return number in _BUILT_IN_DATES
        if _ELAPSED.search(code):
            return False
        return bool(re.search(r"[dmy]", _LITERAL_IN_FORMAT.sub("", code), re.IGNORECASE))


class _Sheet(_Part):
    """The rows of a sheet. Rows and columns are counted as they begin, filled or not."""

    def __init__(self, texts: list[str | None], dated: set[str], day_zero: datetime) -> None:
        super().__init__()
        self._texts, self._dated, self._day_zero = texts, dated, day_zero
        self._finished: list[SourceRow] = []
        self._rows_begun = self._number = self._spelled_out = 0
        self._cells: list[Cell] = []
        self._cells_begun = self._column = 0
        self._kind = "n"
        self._style: str | None = None
        self._content = ""

    def rows(self, chunks: Iterator[bytes]) -> Iterator[SourceRow]:
        for _ in self.feed(chunks):
            yield from self._finished
            self._finished.clear()
        yield from self._finished

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self.begin_text()
        elif name == "row":
            self._begin_row(attributes)
        elif name == "dimension":
            self._check_extent(attributes)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._content += self.end_text()
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._finished.append(SourceRow(self._number, self._cells))

    def _check_extent(self, attributes: Attributes) -> None:
        """Take the sheet at its word where it declares more than is read."""
        last = attributes.get("ref", "").rpartition(":")[2]
        if int(last.lstrip(_LETTERS) or 0) > ROW_NUMBER_LIMIT:
            raise UnreadableFile("too_many_rows", limit=ROW_LIMIT)
        if _column_of(last.rstrip(_DIGITS)) > COLUMN_LIMIT:
            raise UnreadableFile("too_many_columns", limit=COLUMN_LIMIT)

    def _begin_row(self, attributes: Attributes) -> None:
        self._number = int(attributes.get("r", self._number + 1))
        self._rows_begun += 1
        if self._number > ROW_NUMBER_LIMIT or self._rows_begun > ROW_NUMBER_LIMIT:
            raise UnreadableFile("too_many_rows", limit=ROW_LIMIT)
        self._cells = []
        self._cells_begun = self._column = 0

    def _begin_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self._column = _column_of(reference.rstrip(_DIGITS)) if reference else self._column + 1
        self._cells_begun += 1
        if self._column > COLUMN_LIMIT or self._cells_begun > COLUMN_LIMIT:
            raise UnreadableFile("too_many_columns", limit=COLUMN_LIMIT)
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s")
        self._content = ""

    def _end_cell(self) -> None:
        value = self._value(self._content)
        if value is not None:
            missing = self._column - 1 - len(self._cells)
            if missing:
                self._cells += [None] * missing
            self._cells[self._column - 1 :] = [value]

    def _value(self, content: str) -> Cell:
        if not content:
            return None
        if self._kind == "n":
            return self._number_or_day(float(content))
        if self._kind == "b":
            return _BOOLEANS.get(content)
        text = self._texts[int(content)] if self._kind == "s" else _text(content)
        self._spelled_out += len(text or "")
        if self._spelled_out > UNPACKED_LIMIT:
            raise UnreadableFile("unpacked_too_large")
        return text

    def _number_or_day(self, number: float) -> Cell:
        if self._style in self._dated and 1 <= number < _DAYS_IN_CALENDAR:
            return _day(self._day_zero + timedelta(days=number))
        return int(number) if number.is_integer() else number


@cache
def _column_of(letters: str) -> int:
    """1 for "A", 27 for "AA"; ValueError for anything else than one to three capital letters."""
    if not 1 <= len(letters) <= 3 or letters.strip(_LETTERS):
        raise ValueError(letters)
    column = 0
    for letter in letters:
        column = column * 26 + _LETTERS.index(letter) + 1
    return column


def _day(moment: datetime) -> date:
    """A date where the time is midnight; fractions of a second are noise of the number format."""
    rounded = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return rounded if rounded.time() != rounded.min.time() else rounded.date()


def _text(content: str) -> str | None:
    """A text with the standard's escapes (`_x000D_`) read, control characters gone; None if blank."""
    if "_x" in content:
        content = _ESCAPED.sub(lambda code: _sign(int(code[1], 16)), content)
    return clean(content)


def _sign(code: int) -> str:
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)

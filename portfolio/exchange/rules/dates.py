"""How a date cell is read: exact days, weeks, and periods such as "våren 2027".

A period gives its first day to a start column and its last day to an end column, with a note that is
shown for confirmation. A period without a year is the first such that has not ended: "v. 7" read on
23 November 2026 is week 7 of 2027, and week 48 is the current one.

Slash dates are read as their whole column proves (`column_order`); nothing is guessed.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from portfolio.base.text import fold, phrases, quoted
from portfolio.base.weeks import Week, monday, sunday, week_of, weeks_in_year

Edge = Literal["start", "end"]
"""Which end of a period a column asks for."""

EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
"""A year outside these is a slip of the pen."""

HOW_TO_WRITE = "Skriv datumet som år-månad-dag, till exempel 2027-02-15, eller som vecka, till exempel v. 7."


class UnreadableDate(ValueError):
    """A cell that cannot be read as a date; its text says why, in Swedish."""


class Order(StrEnum):
    """In which order a column's slash dates are written."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNPROVEN = "unproven"
    CONTRADICTORY = "contradictory"


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """What a column proves about its slash dates, and by which row: `(row number, text)` each."""

    day_first: tuple[int, str] | None = None
    month_first: tuple[int, str] | None = None

    @property
    def order(self) -> Order:
        """Proven one way, the other way, not at all, or both ways at once."""
        if self.day_first and self.month_first:
            return Order.CONTRADICTORY
        if self.day_first:
            return Order.DAY_FIRST
        return Order.MONTH_FIRST if self.month_first else Order.UNPROVEN

    def note(self, column: str) -> str | None:
        """The sentence for the preview; None where there is nothing to say."""
        slashed = f"Datum med snedstreck i kolumnen {quoted(column)}"
        if self.day_first and self.month_first:
            return (
                f"{slashed} läses inte in, för de blandar dagen först ({_row(self.day_first)}) "
                f"och månaden först ({_row(self.month_first)})."
            )
        if self.day_first:
            return f"{slashed} läses med dagen först. Det visar {_row(self.day_first)}."
        if self.month_first:
            return f"{slashed} läses med månaden först. Det visar {_row(self.month_first)}."
        return None


def column_order(cells: Iterable[tuple[int, object]]) -> ColumnOrder:
    """What a whole column of `(row number, cell)` proves about its slash dates.

    A first number above 12 beside a second that is not means day first, the other way round month first.
    """
    day_first = month_first = None
    for number, cell in cells:
        written = isinstance(cell, str) and _SLASHED.fullmatch(_without_time(fold(cell)))
        if not written:
            continue
        first, second = int(written["first"]), int(written["second"])
        if first > 12 >= second:
            day_first = day_first or (number, str(cell))
        elif second > 12 >= first:
            month_first = month_first or (number, str(cell))
    return ColumnOrder(day_first, month_first)


def read_week(cell: object, edge: Edge, order: Order, today: date) -> tuple[Week, str | None] | None:
    """The week that a cell means and a note where it had to be interpreted; None for an empty cell.

    `today` decides what a period without a year means. Raises `UnreadableDate` for everything else:
    free text, a date that the calendar lacks, a slash date whose order is not proven.
    """
    if isinstance(cell, date):
        return week_of(_plausible(cell, cell.isoformat())), None
    written = f"{cell:.15g}" if isinstance(cell, float) else str(cell or "").strip()
    text = _without_time(fold(written))
    if text in _NOTHING_SAID:
        return None
    try:
        meant = _slash_date(text, order) or _understand(text)
        first, last = (meant, meant) if isinstance(meant, date) else _bounds(meant, today)
    except UnreadableDate as reason:
        raise UnreadableDate(f"{quoted(written)} {reason} {HOW_TO_WRITE}") from None
    except ValueError:
        raise UnreadableDate(f"{quoted(written)} finns inte i kalendern. {HOW_TO_WRITE}") from None
    week = week_of(_plausible(first if edge == "start" else last, written))
    if isinstance(meant, date) or (meant.kind == "week" and meant.year):
        return week, None
    return week, f"{quoted(written)} lästes som {first.isoformat()} till {last.isoformat()}."


@dataclass(frozen=True, slots=True)
class _Period:
    """A named stretch of time; `kind` is a key of `_NAMES`, `year` is None where it was not written."""

    kind: str
    number: int
    year: int | None


# What people write in a date cell when there is no date.
_NOTHING_SAID = frozenset(
    [
        "",
        *phrases(
            """
            -, --, –, —, ?, n/a, na, tbd, tbc, to be determined, to be confirmed, saknas, okänt, ej bestämt,
            inte bestämt, ej beslutat, ej satt, tills vidare
            """
        ),
    ]
)

_TIME = re.compile(
    r"(?<=\d)(?:t| +)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?(?:z|utc|[+-]\d{2}:?\d{2}))?$"
)
# 15/2/2027, 15/2-27 and, since both orders are in use for it too, 15-2-2027.
_SLASHED = re.compile(
    r"(?P<first>\d{1,2})(?:/(?=\d+[/-](?:\d{4}|\d{2})$)|-(?=\d+-\d{4}$))(?P<second>\d{1,2})[/-](?P<year>\d+)"
)

_MONTHS = {
    **dict.fromkeys(phrases("januari, january, jan"), 1),
    **dict.fromkeys(phrases("februari, february, feb"), 2),
    **dict.fromkeys(phrases("mars, march, mar"), 3),
    **dict.fromkeys(phrases("april, apr"), 4),
    **dict.fromkeys(phrases("maj, may"), 5),
    **dict.fromkeys(phrases("juni, june, jun"), 6),
    **dict.fromkeys(phrases("juli, july, jul"), 7),
    **dict.fromkeys(phrases("augusti, august, aug"), 8),
    **dict.fromkeys(phrases("september, sept, sep"), 9),
    **dict.fromkeys(phrases("oktober, october, okt, oct"), 10),
    **dict.fromkeys(phrases("november, nov"), 11),
    **dict.fromkeys(phrases("december, dec"), 12),
}
_SEASONS = {
    **dict.fromkeys(phrases("vår, våren, spring"), 1),
    **dict.fromkeys(phrases("sommar, sommaren, summer"), 2),
    **dict.fromkeys(phrases("höst, hösten, autumn, fall"), 3),
}
_TERMS = {"vt": 1, "ht": 2}
_NUMBERS = _MONTHS | _SEASONS | _TERMS


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"(?P<name>{_any_of(_MONTHS)})\.?"
_NAMES = {
    "week": r"(?:vecka|week|wk|v|w)\.? ?(?P<number>\d{1,2})",
    "quarter": r"(?:kvartal|quarter|kv|q)\.? ?(?P<number>[1-4])",
    "tertial": r"(?:tertial|t) ?(?P<number>[1-3])",
    "half": r"(?:halvar|h) ?(?P<number>[12])",
    "month": _MONTH,
    "season": rf"(?P<name>{_any_of(_SEASONS)})",
    "term": rf"(?P<name>{_any_of(_TERMS)})",
}
_YEAR = r"(?P<year>\d{4})"
_TH = r"(?:st|nd|rd|th|:?[ea]|\.)?"

_DAYS = tuple(
    map(
        re.compile,
        (
            rf"{_YEAR}(?P<sign>[-./]?)(?P<number>\d{{2}})(?P=sign)(?P<day>\d{{2}})",
            rf"{_YEAR}(?P<sign>[-./])(?P<number>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})",
            r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\. ?(?P<year>\d{4}|\d{2})",
            rf"(?:den )?(?P<day>\d{{1,2}}){_TH}[ -]{_MONTH},?[ -](?P<year>\d{{4}}|\d{{2}})",
            rf"{_MONTH} (?P<day>\d{{1,2}}){_TH},? {_YEAR}",
        ),
    )
)


def _period_forms(kind: str, name: str) -> list[str]:
    """A year after the name or before it, or two digits after a hyphen ("feb-27") or a term ("vt27").

    Two digits never make the year of a week: "v. 6-10" is a range.
    """
    forms = [rf"{name}(?:,?[ -]{{0,3}}{_YEAR})?", rf"{_YEAR}[ -]{{0,3}}{name}"]
    if kind == "term":
        forms.append(rf"{name} ?(?P<year>\d{{2}})")
    if kind != "week":
        forms.append(rf"{name} ?[-'’] ?(?P<year>\d{{2}})")
    return forms


_PERIODS = (
    *((kind, re.compile(form)) for kind, name in _NAMES.items() for form in _period_forms(kind, name)),
    ("month", re.compile(rf"{_YEAR}-(?P<number>0[1-9]|1[0-2])")),
    ("year", re.compile(_YEAR)),
)


def _understand(text: str) -> date | _Period:
    """The day or the period that a folded text names; ValueError for a day that the calendar lacks."""
    for form in _DAYS:
        if written := form.fullmatch(text):
            said = written.groupdict()
            return date(_full_year(said["year"]), _number(said), int(said["day"]))
    for kind, form in _PERIODS:
        if written := form.fullmatch(text):
            said = written.groupdict()
            year = _full_year(said["year"]) if said["year"] else None
            return _Period(kind, 0 if kind == "year" else _number(said), year)
    raise UnreadableDate("går inte att läsa som datum.")


def _slash_date(text: str, order: Order) -> date | None:
    """The day of a slash date as its column proves; None for a text that is none."""
    parts = _SLASHED.fullmatch(text)
    if parts is None:
        return None
    if order is Order.CONTRADICTORY:
        raise UnreadableDate("kan inte läsas säkert: kolumnen blandar dagen först och månaden först.")
    if order is Order.UNPROVEN and max(int(parts["first"]), int(parts["second"])) <= 12:
        raise UnreadableDate("kan läsas på två sätt, och inget i kolumnen visar vilket.")
    day, month = (2, 1) if order is Order.MONTH_FIRST else (1, 2)
    return date(_full_year(parts["year"]), int(parts[month]), int(parts[day]))


def _bounds(period: _Period, today: date) -> tuple[date, date]:
    """The first and the last day of a period: the one of its year, else the first that has not ended."""
    if period.year is not None:
        return _days_of(period.kind, period.number, period.year)
    years = range(today.year - 1, today.year + 10)
    possible = (_days_of(period.kind, period.number, year) for year in years if _exists(period, year))
    return next(days for days in possible if days[1] >= today)


def _exists(period: _Period, year: int) -> bool:
    return period.kind != "week" or period.number <= weeks_in_year(year)


def _days_of(kind: str, number: int, year: int) -> tuple[date, date]:
    """First and last day; ValueError for a week that the year lacks."""
    if kind == "week":
        week = week_of(date.fromisocalendar(year, number, 1))
        return monday(week), sunday(week)
    first, last = {
        "year": (1, 12),
        "half": (6 * number - 5, 6 * number),
        "tertial": (4 * number - 3, 4 * number),
        "quarter": (3 * number - 2, 3 * number),
        "month": (number, number),
        "season": (3 * number, 3 * number + 2),
        "term": (1, 6) if number == 1 else (8, 12),
    }[kind]
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _number(said: dict[str, str]) -> int:
    return _NUMBERS[said["name"]] if said.get("name") else int(said["number"])


def _full_year(written: str) -> int:
    """Four digits as they are; two digits mean 1969 to 2068."""
    year = int(written)
    if len(written) > 2:
        return year
    return year + (1900 if year >= 69 else 2000)


def _without_time(text: str) -> str:
    return _TIME.sub("", text)


def _plausible(day: date, written: str) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        years = f"{EARLIEST_YEAR}–{LATEST_YEAR}"
        raise UnreadableDate(f"{quoted(written)} ligger utanför åren {years}. {HOW_TO_WRITE}")
    return day


def _row(proof: tuple[int, str]) -> str:
    return f"{quoted(proof[1])} på rad {proof[0]}"

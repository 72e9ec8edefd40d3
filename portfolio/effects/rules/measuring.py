"""Nyckeltal: what is measured, how pasted figures are read, and how they are drawn."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from portfolio.base.text import NBSP, quoted

MOST_INDICATORS = 3
"""How many nyckeltal an effektmål has at the very most."""
TOO_MANY = f"Ett effektmål har högst {MOST_INDICATORS} nyckeltal. Ta bort något först."

MOST_ROWS = 500
LARGEST = 1e12
DAY_HELP = "Skriv datumet som 2026-11-24, 2026-11 eller 2026"
VALUE_HELP = "Skriv värdet som ett tal, till exempel 12,5"

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_DAY = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
_VALUE = re.compile(r"-?\d+(?:[.,]\d+)?")
_GAPS = re.compile(r"\t+|;| {2,}")


class Forecast(StrEnum):
    """Whether the target will be met, as whoever follows the figure judges it."""

    MEETS = "meets"
    UNCERTAIN = "uncertain"
    MISSES = "misses"
    TOO_EARLY = "too_early"


FORECAST_WORDS = {
    Forecast.MEETS: "Når målet",
    Forecast.UNCERTAIN: "Osäkert",
    Forecast.MISSES: "Når inte målet",
    Forecast.TOO_EARLY: "För tidigt att säga",
}
FORECAST_KINDS = {
    Forecast.MEETS: "ok",
    Forecast.UNCERTAIN: "watch",
    Forecast.MISSES: "stop",
    Forecast.TOO_EARLY: "neutral",
}
"""The chip of each forecast."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A nyckeltal: its name, what it is counted in, where it starts, what it is to become, and its source."""

    name: str
    measured_in: str = ""
    baseline: float | None = None
    target: float | None = None
    source: str = ""
    forecast: str = Forecast.TOO_EARLY


class Measured(NamedTuple):
    """One value on one day."""

    day: date
    value: float


class Pasted(NamedTuple):
    """What was read of pasted rows, and one sentence about each row that cannot be read."""

    values: Sequence[Measured]
    errors: Sequence[str]


def read_pasted(text: str) -> Pasted:
    """Rows with a day and a value, as Excel gives them or parted by semicolons; a first row of headings is left out.

    A month or a year stands for its last day. The same day twice is an error, and so are more rows than MOST_ROWS.
    """
    rows = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(rows) > MOST_ROWS:
        return Pasted((), (f"Klistra in högst {MOST_ROWS} rader åt gången.",))
    if rows and not any(sign.isdigit() for sign in rows[0][1]):
        rows = rows[1:]
    found: dict[date, float] = {}
    errors: list[str] = []
    for number, line in rows:
        day, value, wrong = _read_row(line)
        if wrong or day is None or value is None:
            errors.append(f"Rad {number}: {wrong}.")
        elif day in found:
            errors.append(f"Rad {number}: {day.isoformat()} finns redan på en tidigare rad.")
        else:
            found[day] = value
    return Pasted([Measured(day, value) for day, value in sorted(found.items())], errors)


def _read_row(line: str) -> tuple[date | None, float | None, str]:
    parts = [part.strip() for part in _GAPS.split(line) if part.strip()]
    if len(parts) == 1:
        parts = line.split(maxsplit=1)
    if len(parts) != 2:
        return None, None, f"{quoted(line)} har inte både ett datum och ett värde"
    day, value = _day_in(parts[0]), value_in(parts[1])
    if day is None:
        return None, None, f"{quoted(parts[0])} är inget datum. {DAY_HELP}"
    if value is None:
        return None, None, f"{quoted(parts[1])} är inget tal. {VALUE_HELP}"
    return day, value, ""


def _day_in(written: str) -> date | None:
    found = _DAY.fullmatch(written)
    if found is None or not found[1].isascii():
        return None
    year, month = int(found[1]), int(found[2] or 12)
    try:
        return date(year, month, int(found[3]) if found[3] else monthrange(year, month)[1])
    except ValueError:
        return None


def value_in(written: str) -> float | None:
    """The number in `1 234,5`, `12 %` or `-3.5`; None where there is none."""
    bare = "".join(written.translate(_MINUS).removesuffix("%").split())
    if not bare.isascii() or _VALUE.fullmatch(bare) is None:
        return None
    value = float(bare.replace(",", "."))
    return value if isfinite(value) and abs(value) <= LARGEST else None


def number_told(value: float | None) -> str:
    """`1 234,5`, with spaces that do not break; empty for nothing."""
    if value is None:
        return ""
    told = f"{value:,.4f}".rstrip("0").rstrip(".")
    return told.replace(",", NBSP).replace(".", ",")


WIDTH, HEIGHT, EDGE = 320, 96, 8
"""The drawing's size, and the room around the line, in its own units."""


class Drawing(NamedTuple):
    """A line as a drawing has it: the points of the values, and the height of the target line where there is one."""

    points: str
    ends_at: tuple[int, int]
    target_at: int | None


def drawn(values: Sequence[Measured], target: float | None) -> Drawing | None:
    """The line through some values in the order of their days; None of fewer than two."""
    if len(values) < 2:
        return None
    levels = [one.value for one in values] + ([] if target is None else [target])
    low, high = min(levels), max(levels)
    first, last = values[0].day.toordinal(), values[-1].day.toordinal()

    def across(day: date) -> int:
        return EDGE + round((WIDTH - 2 * EDGE) * (day.toordinal() - first) / (last - first))

    def down(value: float) -> int:
        share = 0.5 if high == low else (high - value) / (high - low)
        return EDGE + round((HEIGHT - 2 * EDGE) * share)

    points = [(across(one.day), down(one.value)) for one in values]
    return Drawing(" ".join(f"{x},{y}" for x, y in points), points[-1], None if target is None else down(target))

"""Half-years: January to June, and July to December."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from portfolio.base.time import STOCKHOLM

_WRITTEN = re.compile(r"(2[01][0-9]{2})-([12])")


class HalfYear(NamedTuple):
    """The first (`half` 1) or the second half of a year."""

    year: int
    half: int

    @property
    def written(self) -> str:
        """`2026-2`, as addresses and events have it."""
        return f"{self.year}-{self.half}"

    @property
    def name(self) -> str:
        """`andra halvåret 2026`."""
        return f"{'första' if self.half == 1 else 'andra'} halvåret {self.year}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def begins(self) -> datetime:
        """The moment in which it begins, in Sweden."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The moment in which the next one begins."""
        return self.next.begins

    @property
    def next(self) -> "HalfYear":
        """The half-year after it."""
        return HalfYear(self.year + 1, 1) if self.half == 2 else HalfYear(self.year, 2)

    def month_ends(self) -> list[datetime]:
        """The moments in which its six months end."""
        month = self.first.month
        firsts = [date(self.year, month + count, 1) for count in range(1, 6)]
        return [*(_midnight(first) for first in firsts), self.ends]


def half_year_of(day: date) -> HalfYear:
    """The half-year that a day lies in."""
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


def parse_half_year(text: str) -> HalfYear | None:
    """Read `2026-2`; None for anything else."""
    found = _WRITTEN.fullmatch(text)
    return HalfYear(int(found[1]), int(found[2])) if found else None


def half_years(first: date, last: date) -> list[HalfYear]:
    """Every half-year from the one of the first day to that of the last, the newest first."""
    found = [half_year_of(first)]
    while found[-1] < half_year_of(last):
        found.append(found[-1].next)
    return found[::-1]


def months_between(begins: datetime, ends: datetime) -> float:
    """How many months lie between two moments; one at the least, so that a first week gives no wild pace."""
    return max(1.0, (ends - begins) / AVERAGE_MONTH)


AVERAGE_MONTH = timedelta(days=365.25 / 12)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)

"""ISO weeks as whole numbers, so that week arithmetic is plain arithmetic.

A `Week` counts ISO weeks from the Monday 0001-01-01: the next week is `week + 1`, also over a
year end and over week 53. It is written `2026-W48` and stored as its Monday.
"""

import re
from datetime import date
from functools import lru_cache

Week = int

_WRITTEN = re.compile(r"((?:19|2[0-9])[0-9]{2})-W([0-9]{2})")


def week_of(day: date) -> Week:
    """The week that a day lies in."""
    return (day.toordinal() - 1) // 7


def monday(week: Week) -> date:
    """The first day of a week."""
    return date.fromordinal(week * 7 + 1)


def sunday(week: Week) -> date:
    """The last day of a week."""
    return date.fromordinal(week * 7 + 7)


def parse_week(text: str) -> Week:
    """Read `2026-W48`; ValueError for anything else, and for a week 53 that the year lacks.

    Years from 1900 to 2999: a plan walked through a calendar must never reach the end of all dates.
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"not an ISO week: {text!r}")
    return week_of(date.fromisocalendar(int(written[1]), int(written[2]), 1))


def format_week(week: Week) -> str:
    """Write a week as `2026-W48`."""
    year, number, _ = monday(week).isocalendar()
    return f"{year:04d}-W{number:02d}"


@lru_cache(maxsize=4096)
def week_number(week: Week) -> int:
    """The week's number in its ISO year, 1 to 53."""
    return monday(week).isocalendar().week


@lru_cache(maxsize=4096)
def week_year(week: Week) -> int:
    """The ISO year that a week belongs to."""
    return monday(week).isocalendar().year


@lru_cache(maxsize=4096)
def weeks_in_year(year: int) -> int:
    """52 or 53: 28 December always lies in the last week of its ISO year."""
    return date(year, 12, 28).isocalendar().week

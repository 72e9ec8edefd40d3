"""Weeks as people write them in forms."""

import re

from portfolio.base.weeks import Week, week_number, week_year, weeks_in_year

WEEK_HELP = "Skriv veckan, till exempel v. 7 eller v. 7 2027."

_WEEK = re.compile(r"(?:vecka|v|w)?\.?\s*(\d{1,2})(?:[\s,/-]+(\d{4}|\d{2}))?", re.IGNORECASE)


def as_iso_week(text: str, now: Week) -> str:
    """`2027-W07` for what somebody wrote: `v. 7`, `vecka 7 2027`, `v7 -27`; without a year the next such week.

    A text that is no week is given back as it is, for the schema to refuse.
    """
    found = _WEEK.fullmatch(" ".join(text.split()))
    if not found:
        return text
    number, year = int(found[1]), found[2]
    if year is None:
        year = str(_year_of_next(number, now))
    return f"20{year}-W{number:02d}" if len(year) == 2 else f"{year}-W{number:02d}"


def _year_of_next(number: int, now: Week) -> int:
    year = week_year(now) + (number < week_number(now))
    while number == 53 and weeks_in_year(year) < number:
        year += 1
    return year

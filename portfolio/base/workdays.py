"""Which days people work in Sweden, and what time it is there on one of them.

Free are Saturdays, Sundays, public holidays, and the eves on which nobody works although they are no holidays:
midsommarafton, julafton and nyårsafton. A municipality may close further days (`closed`), as its standstills do.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from holidays import country_holidays

from portfolio.base.time import STOCKHOLM

Closed = Callable[[date], object]
"""Whether a day is closed: `free_day`, or a rule of the municipality that includes it."""

WEEKEND = {5: "Lördag", 6: "Söndag"}
LONGEST_SEARCH_DAYS = 800
"""Whoever finds no open day in so many has closed them all."""


class AlwaysClosed(Exception):
    """The municipality has closed every day for more than two years ahead."""


def free_day(day: date) -> str | None:
    """Why everybody is free on a day, as its Swedish name (`Julafton`, `Lördag`); None on an ordinary weekday."""
    return _holidays(day.year).get(day) or WEEKEND.get(day.weekday())


@lru_cache(maxsize=64)
def _holidays(year: int) -> Mapping[date, str]:
    """The year's holidays, without the Sundays: a name of each."""
    return dict(country_holidays("SE", years=year, language="sv", categories=("public", "de_facto")))


def next_workday(day: date, closed: Closed = free_day) -> date:
    """The day itself if it is open, else the first open day after it; AlwaysClosed if there is none."""
    for number in range(LONGEST_SEARCH_DAYS):
        candidate = day + timedelta(days=number)
        if not closed(candidate):
            return candidate
    raise AlwaysClosed


def workdays_before(day: date, number: int, closed: Closed = free_day) -> date:
    """The open day that lies `number` open days before `day`, itself not counted."""
    return _walk(day, number, -1, closed)


def workdays_after(day: date, number: int, closed: Closed = free_day) -> date:
    """The open day that lies `number` open days after `day`, itself not counted."""
    return _walk(day, number, 1, closed)


def _walk(day: date, number: int, step: int, closed: Closed) -> date:
    left = number
    for away in range(1, LONGEST_SEARCH_DAYS + number * 7):
        candidate = day + timedelta(days=step * away)
        left -= not closed(candidate)
        if left <= 0:
            return candidate
    raise AlwaysClosed


def workdays_between(first: date, last: date, closed: Closed = free_day) -> int:
    """How many open days lie after `first`, up to and including `last`; 0 if `last` is no later."""
    days = (last - first).days
    return sum(not closed(first + timedelta(days=number)) for number in range(1, days + 1))


def moment(day: date, clock: str) -> datetime:
    """When the clocks in Sweden show `clock` (`07:30`) on a day, in UTC.

    In the night when an hour is skipped, a time within it means an hour later; in the night when one comes twice,
    the first of the two. So every day has exactly one such moment.
    """
    hour, minute = clock.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), STOCKHOLM).astimezone(UTC)

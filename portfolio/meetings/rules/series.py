"""When the ledningsgrupp meets, and by when what it talks about must be there.

A meeting on Tuesday 08.30: its agenda is frozen on Monday 12.00, and a lägesrapport is due on Friday 12.00.
All moments are in UTC, for the clocks in Sweden.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio.base.time import today
from portfolio.base.workdays import LONGEST_SEARCH_DAYS, AlwaysClosed, Closed, moment, workdays_before

NOON = "12:00"


@dataclass(frozen=True, slots=True)
class Series:
    """The ledningsgrupp's rhythm: an ISO weekday (1 is Monday), a time in Sweden, and in which ISO weeks."""

    weekday: int
    time: str
    rhythm: str = "weekly"
    """`weekly`, `even` or `odd`."""

    def has(self, day: date) -> bool:
        """Whether the group would meet on a day, were it open."""
        _, week, weekday = day.isocalendar()
        fits = {"weekly": True, "even": week % 2 == 0, "odd": week % 2 == 1}[self.rhythm]
        return weekday == self.weekday and fits


def next_meeting(after: datetime, series: Series, closed: Closed) -> datetime:
    """When the first meeting after a moment begins. On a closed day there is none: the next one comes.

    AlwaysClosed if none of the days to come is open.
    """
    first = today(after)
    for number in range(LONGEST_SEARCH_DAYS):
        day = first + timedelta(days=number)
        if series.has(day) and moment(day, series.time) > after and not closed(day):
            return moment(day, series.time)
    raise AlwaysClosed


def freeze_of(meeting: datetime, closed: Closed) -> datetime:
    """When a meeting's agenda is frozen: 12.00 on the working day before it."""
    return moment(workdays_before(today(meeting), 1, closed), NOON)


def report_deadline(meeting: datetime, closed: Closed) -> datetime:
    """When a lägesrapport must be there to be shown at a meeting: 12.00 on the working day before its freeze."""
    return moment(workdays_before(today(freeze_of(meeting, closed)), 1, closed), NOON)

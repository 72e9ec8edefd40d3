"""When the ledningsgrupp meets, and by when what it talks about must be there.

A meeting on Tuesday 08.30: its agenda is frozen on Monday 12.00, and a lägesrapport is due on Friday 12.00.
All moments are in UTC, for the clocks in Sweden.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio.base.time import this_week, today
from portfolio.base.weeks import monday, sunday, week_number, week_of
from portfolio.base.workdays import LONGEST_SEARCH_DAYS, AlwaysClosed, Closed, moment, workdays_before

NOON = "12:00"


@dataclass(frozen=True, slots=True)
class Series:
    """The ledningsgrupp's rhythm: an ISO weekday (1 is Monday), a time in Sweden, and in which ISO weeks.

    Of the rhythm `chosen` the `days` count, in any order, and neither the weekday nor the weeks.
    """

    weekday: int
    time: str
    rhythm: str = "weekly"
    """`weekly`, `even`, `odd` or `chosen`."""
    days: tuple[date, ...] = ()

    def days_from(self, first: date) -> Iterator[date]:
        """The days from `first` on for which the group has planned to meet, open or not, the soonest first."""
        if self.rhythm == "chosen":
            yield from (day for day in sorted(self.days) if day >= first)
            return
        every = (first + timedelta(days=number) for number in range(LONGEST_SEARCH_DAYS))
        yield from (day for day in every if day.isoweekday() == self.weekday and self._meets_in(day))

    def _meets_in(self, day: date) -> bool:
        return self.rhythm == "weekly" or (week_number(week_of(day)) % 2 == 0) == (self.rhythm == "even")


def held_on(planned: date, closed: Closed) -> date | None:
    """The day on which a planned meeting is held: itself, or the first open day after it in the same ISO week.

    None if the rest of that week is closed: then the group waits for the next meeting of the series.
    """
    left = (sunday(week_of(planned)) - planned).days
    days = (planned + timedelta(days=number) for number in range(left + 1))
    return next((day for day in days if not closed(day)), None)


def next_meeting(after: datetime, series: Series, closed: Closed) -> datetime:
    """When the first meeting after a moment begins, wherever in its week a closed day has moved it.

    AlwaysClosed if none of the days to come is open, and when every chosen day is past.
    """
    for planned in series.days_from(monday(this_week(after))):  # one from Monday may have been moved to Friday
        day = held_on(planned, closed)
        if day is not None and moment(day, series.time) > after:
            return moment(day, series.time)
    raise AlwaysClosed


def freeze_of(meeting: datetime, closed: Closed) -> datetime:
    """When a meeting's agenda is frozen: 12.00 on the working day before it."""
    return moment(workdays_before(today(meeting), 1, closed), NOON)


def report_deadline(meeting: datetime, closed: Closed) -> datetime:
    """When a lägesrapport must be there to be shown at a meeting: 12.00 on the working day before its freeze."""
    return moment(workdays_before(today(freeze_of(meeting, closed)), 1, closed), NOON)

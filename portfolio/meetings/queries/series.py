"""The municipality's own rhythm: when the ledningsgrupp meets, and on which days nobody works."""

from datetime import date

from portfolio.base.portfolio import the_portfolio
from portfolio.base.weeks import week_of
from portfolio.base.workdays import Closed, free_day
from portfolio.capacity import queries as capacity
from portfolio.meetings.rules.series import Series


def the_series() -> Series:
    """When the ledningsgrupp meets, as the settings say."""
    row = the_portfolio()
    days = tuple(date.fromisoformat(text) for text in row.meeting_days.split())
    return Series(row.meeting_weekday, row.meeting_time, row.meeting_rhythm, days)


def closed_days() -> Closed:
    """Weekends, holidays, eves and the municipality's standstills, as they are now."""
    calendar = capacity.calendar()

    def closed(day: date) -> bool:
        return free_day(day) is not None or calendar.stands_still(week_of(day))

    return closed

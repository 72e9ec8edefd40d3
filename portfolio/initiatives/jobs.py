"""What time itself changes: run by the clock, as often as it likes, on as many machines as it likes."""

from datetime import datetime

from portfolio.base.db import transaction
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week, week_number
from portfolio.capacity.actions.conflicts import record_and_settle, settle
from portfolio.capacity.actions.exceptions import expire_exceptions
from portfolio.events.calendar import WeekBegan
from portfolio.initiatives.actions.weeks import note_dragging, turn_ongoing
from portfolio.people.rules import Actor, Role

CLOCK = Actor("Klockan", Role.ADMIN)


def keep_up_with_the_calendar(now: datetime) -> int:
    """Bring the portfolio in step with the week that `now` lies in; how many things changed.

    Decided initiatives whose week has come become ongoing, exceptions end, overdue initiatives are noted, and
    every cell that this pushes over its limit becomes an open conflict. Running it again changes nothing.
    """
    with transaction():
        row = lock_portfolio()
        changed = len(turn_ongoing(by=CLOCK, now=now)) + len(note_dragging(by=CLOCK, now=now))
        if row.begun_week != this_week(now):
            row.begun_week = this_week(now)
            _begin_week(now)
            changed += 1
        changed += _end_exceptions(now)
    return changed


def _end_exceptions(now: datetime) -> int:
    expired = expire_exceptions(by=CLOCK.name, now=now)
    for row, event in expired:
        text = f"Undantaget gällde till och med v. {week_number(row.valid_to)}"
        settle(event, text, by=CLOCK.name, now=now)
    return len(expired)


def _begin_week(now: datetime) -> None:
    week = this_week(now)
    event = WeekBegan(week=format_week(week))
    text = f"Vecka {week_number(week)} började, och något drar över"
    record_and_settle(event, text, by=CLOCK, now=now)

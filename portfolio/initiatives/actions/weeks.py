"""What the weeks that come and go do to initiatives."""

from datetime import datetime

from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week
from portfolio.events.initiatives import DraggingNoted, WeekCame
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import rebind
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.states import decided_until, dragging, unnoted
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.statuses import Status
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor


def turn_ongoing(*, by: Actor, now: datetime) -> list[Initiative]:
    """Every decided initiative whose start week has come is ongoing from now on."""
    lock_portfolio()
    come = list(decided_until(this_week(now)))
    for initiative in come:
        initiative.status = Status.ONGOING
        touch(initiative, now)
        week = format_week(initiative.start_week or this_week(now))
        record(WeekCame(initiative=initiative.code, week=week), by=by.name, now=now)
    return come


def note_dragging(*, by: Actor, now: datetime) -> list[Initiative]:
    """Note once of each counting initiative that its last week has passed without completion."""
    lock_portfolio()
    late = dragging(now)
    noted = [initiative_by_code(code, lock=True) for code in unnoted(late)]
    for initiative in noted:
        initiative.dragging_noted = True
        event = DraggingNoted(initiative=initiative.code, last_week=format_week(late[initiative.code]))
        rebind(initiative, event, f"{initiative.code} drar över", by=by, now=now)
    return noted

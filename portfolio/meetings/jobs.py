"""What time does with the meetings: run by the clock, as often as it likes."""

from datetime import datetime

from portfolio.base.db import current_session, transaction
from portfolio.initiatives.jobs import CLOCK
from portfolio.meetings.actions import arranging
from portfolio.meetings.queries.meetings import upcoming


def keep_up_with_the_meetings(now: datetime) -> int:
    """See to it that there is a next meeting, and freeze its agenda when the hour has come.

    1 if it was time to look at either, else 0.
    """
    following = upcoming(now)
    current_session().rollback()
    if following is None or (following.row is not None and (following.frozen or following.freezes_at > now)):
        return 0
    with transaction():
        arranging.plan_next(by=CLOCK, now=now)
        arranging.freeze_due(by=CLOCK, now=now)
    return 1

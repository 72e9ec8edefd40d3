"""Carry out what was decided for a week that has come: run by the clock, as often as it likes."""

from datetime import datetime

from portfolio.base.db import current_session, transaction
from portfolio.base.time import this_week
from portfolio.initiatives.jobs import CLOCK
from portfolio.reorganisation import queries
from portfolio.reorganisation.actions.carrying_out import carry_out


def keep_up_with_the_organisation(now: datetime) -> int:
    """Bring units and persons in step with the changes whose week has come; how many there were."""
    waiting = list(queries.due(this_week(now)))
    current_session().rollback()
    for reorganisation_id in waiting:
        with transaction():
            carry_out(reorganisation_id, by=CLOCK, now=now)
    return len(waiting)

"""What the clock does with events: hand them to those who react, one delivery after the other."""

import logging
import random
from collections.abc import Mapping
from datetime import datetime

from portfolio.base.db import current_session, transaction
from portfolio.outbox import actions, queries
from portfolio.outbox.actions import Claimed
from portfolio.outbox.rules import MOST_ATTEMPTS, Delivered, Handler, Subscriptions

LONGEST_ERROR = 500

log = logging.getLogger(__name__)


def fan_out_next(subscriptions: Subscriptions, *, real_now: datetime) -> bool:
    """Give the next few new events their deliveries; whether there were any. Looks first, and seldom writes."""
    current_session().rollback()  # look at what is stored now
    if not queries.has_new_events():
        return False
    with transaction():
        return actions.fan_out(subscriptions, real_now=real_now) > 0


def unpark_known(subscriptions: Subscriptions, *, real_now: datetime) -> int:
    """Bring back what an earlier version of the product did not know and this one does; how many."""
    if not queries.parked():
        return 0
    with transaction():
        return actions.unpark(subscriptions, real_now=real_now)


def deliver_next(handlers: Mapping[str, Handler], *, now: datetime, real_now: datetime) -> bool:
    """Run the delivery that has waited longest; whether there was one.

    It is claimed in one short transaction, run outside any, and marked in another. Who dies in between leaves a
    lease that runs out, and then it is run once more.
    """
    current_session().rollback()  # look at what is stored now
    if not queries.is_any_due(real_now):
        return False
    with transaction():
        claimed = actions.claim_delivery(real_now=real_now)
    if claimed is None:  # another clock was faster
        return False
    handler = handlers.get(claimed.handler)
    error = None if handler is None or claimed.event is None else _attempt(handler, claimed, now)
    with transaction():
        if handler is None or claimed.event is None:
            actions.park(claimed)
        elif error is None:
            actions.confirm(claimed)
        else:
            actions.fail(claimed, error, chance=random.random(), real_now=real_now)
    return True


def _attempt(handler: Handler, claimed: Claimed, now: datetime) -> str | None:
    """Run the handler; what went wrong in one line, None if nothing did."""
    if claimed.attempts > MOST_ATTEMPTS:
        return "The process died at every attempt"
    try:
        handler(claimed.event, Delivered(now, claimed.seq, claimed.by))
    except Exception as error:
        log.warning("event %s for %s failed", claimed.seq, claimed.handler, exc_info=True)
        return f"{type(error).__name__}: {' '.join(str(error).split())}"[:LONGEST_ERROR]
    finally:
        current_session().rollback()  # what the handler may have left open is none of ours
    return None

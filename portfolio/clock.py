"""The clock: a process of its own that ticks and remembers nothing.

APScheduler is only the tick. Everything that is due is found in the data at every tick, so any number of
clocks may run, and a clock that was down for weeks catches up with its first tick.
"""

import logging

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from portfolio.base.time import real_now
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.web.clock import now

TICK_SECONDS = 60

log = logging.getLogger(__name__)


def tick(app: Flask) -> int:
    """One pass; how many things changed."""
    with app.app_context():
        return keep_up_with_the_calendar(now())


def run(app: Flask) -> None:
    """Tick until the process is told to stop. A tick that fails is logged, and the next one tries again."""
    scheduler = BlockingScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(_safe_tick, "interval", [app], seconds=TICK_SECONDS, next_run_time=real_now())
    scheduler.start()


def _safe_tick(app: Flask) -> None:
    try:
        tick(app)
    except Exception:
        log.exception("the clock could not tick")

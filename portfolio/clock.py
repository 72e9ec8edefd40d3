"""The clock: a process of its own that ticks and remembers nothing.

APScheduler is only the tick. Everything that is due is found in the data at every pass, and whatever is done is
claimed first, so any number of clocks may run and one that was down for weeks catches up with its first pass.
So that they do not all look at the same things, one of them leads; the others wait for its lease to run out.
"""

import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable, Sequence
from threading import Event as Flag
from threading import Lock
from time import monotonic

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from portfolio.base.db import transaction
from portfolio.base.time import real_now
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.letters.jobs import send_all
from portfolio.meetings.jobs import keep_up_with_the_meetings
from portfolio.outbox import actions as outbox
from portfolio.outbox.jobs import deliver_next, fan_out_next, unpark_known
from portfolio.outbox.rules import CLOCK_LEASE, handlers_of
from portfolio.reminders.jobs import materialise, office
from portfolio.reorganisation.jobs import keep_up_with_the_organisation
from portfolio.subscriptions import SUBSCRIPTIONS
from portfolio.web.clock import now, settings

CALENDAR_SECONDS, DISPATCH_SECONDS = 60, 5

RENEW_SECONDS = CLOCK_LEASE.total_seconds() / 4
"""How often the leader gives a sign of life, which also is the heartbeat that others look for."""

STOPPING = (signal.SIGTERM, signal.SIGINT)
"""What tells the process to stop: systemd and containers send the first, Ctrl-C the second."""

Step = Callable[[], int]
"""Does a little of what is to be done; how much that was, 0 when nothing is left."""

log = logging.getLogger(__name__)


def follow_the_calendar() -> int:
    """What time itself has changed."""
    return keep_up_with_the_calendar(now())


def reorganise() -> int:
    """What becomes of units in a week that has come."""
    return keep_up_with_the_organisation(now())


def meet() -> int:
    """The next meeting, and its agenda when the hour to freeze it has come."""
    return keep_up_with_the_meetings(now())


def unpark() -> int:
    """Deliveries that an earlier version of the product did not know."""
    return unpark_known(SUBSCRIPTIONS, real_now=real_now())


def fan_out() -> int:
    """New events."""
    return fan_out_next(SUBSCRIPTIONS, real_now=real_now())


def remind() -> int:
    """What people are to be told of, and the letters that tell them."""
    return materialise(now(), real_now=real_now(), base_url=settings().base_url)


def send() -> int:
    """Every letter that is due."""
    return send_all(office(_always))


def _always() -> bool:
    return True


def deliver() -> int:
    """One delivery of an event to a handler."""
    return deliver_next(handlers_of(SUBSCRIPTIONS), now=now(), real_now=real_now())


CALENDAR: Sequence[Step] = (reorganise, follow_the_calendar, meet, unpark, remind)
"""What each pass of the calendar does once."""

DISPATCH: Sequence[Step] = (fan_out, deliver, send)
"""What each pass of the dispatch does in turn until nothing is left of any of it."""

STEP_WORDS = {
    follow_the_calendar: "ändringar",
    reorganise: "organisationsändringar",
    meet: "möten",
    remind: "påminnelser",
    deliver: "leveranser",
    send: "brev",
}
"""What the steps that are told of have done."""


class Clock:
    """One clock of perhaps many: a name to lead by, and the wish to go on."""

    def __init__(self, app: Flask) -> None:
        """A clock that does not lead yet."""
        self.app = app
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = Flag()
        self._renewing = Lock()
        self._renewed_at: float | None = None

    def calendar_pass(self) -> None:
        """One pass of the calendar, if this clock leads."""
        for step in CALENDAR:
            if self.goes_on():
                self._safely(step)

    def dispatch_pass(self) -> None:
        """Take every step in turn until nothing is left, somebody else leads or the clock is to stop."""
        steps = [self.send if step is send else step for step in DISPATCH]
        while any([self.goes_on() and self._safely(step) for step in steps]):
            pass

    def send(self) -> int:
        """Every letter that is due, for as long as this clock goes on: the one that is being sent is finished."""
        return send_all(office(self.goes_on))

    def goes_on(self) -> bool:
        """Whether this clock leads and has not been told to stop; renews its lease when that is due."""
        with self._renewing:
            if self.stopping.is_set():
                return False
            if self._renewed_at is None or monotonic() - self._renewed_at >= RENEW_SECONDS:
                asked_at = monotonic()
                self._renewed_at = asked_at if self._safely(self._lead) else None
            return self._renewed_at is not None

    def stop(self) -> None:
        """Begin nothing more."""
        self.stopping.set()

    def step_down(self) -> None:
        """Let another clock take over at once."""
        self._safely(self._step_down)

    def _lead(self) -> int:
        with transaction():
            return outbox.lead(self.name, real_now=real_now())

    def _step_down(self) -> int:
        with transaction():
            outbox.step_down(self.name)
        return 0

    def _safely(self, step: Step) -> int:
        """Do one step. One that fails is logged, and the next pass tries again."""
        try:
            return _in_context(self.app, step)
        except Exception:
            log.exception("the clock could not %s", step.__name__.strip("_").replace("_", " "))
            return 0


def tick(app: Flask) -> dict[Step, int]:
    """One full pass, whoever leads: for cron. How much each step has done.

    A step that fails stops none of the others; the first failure is raised once all of them are through.
    """
    failures: list[Exception] = []

    def did(step: Step) -> int:
        try:
            return _in_context(app, step)
        except Exception as failure:
            failures.append(failure)
            return 0

    did(_beat)
    done = {step: did(step) for step in CALENDAR} | dict.fromkeys(DISPATCH, 0)
    while some := {step: number for step in DISPATCH if (number := did(step))}:
        done |= {step: done[step] + number for step, number in some.items()}
    if failures:
        raise failures[0]
    return done


def _beat() -> int:
    with transaction():
        outbox.beat(real_now=real_now())
    return 0


def _in_context(app: Flask, step: Step) -> int:
    """Do one step in a context of its own: it begins with nothing read, and leaves nothing behind."""
    with app.app_context():
        return step()


def run(app: Flask) -> None:
    """Tick until the process is told to stop (SIGTERM, Ctrl-C): what is under way is finished, nothing is begun.

    The signals are waited for, not handled: raised inside the scheduler they would be logged as a job's failure.
    """
    clock = Clock(app)
    scheduler = scheduler_of(clock)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # before there are other threads, so that none of them is hit
    scheduler.start()
    signal.sigwait(STOPPING)
    log.info("the clock has been told to stop")
    clock.stop()
    scheduler.shutdown()  # waits for what is under way
    clock.step_down()


def scheduler_of(clock: Clock) -> BackgroundScheduler:
    """Two jobs, kept in memory only: one that comes late comes once, however late."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long pass outlasts a tick is as it should be
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
    for job, seconds in ((clock.calendar_pass, CALENDAR_SECONDS), (clock.dispatch_pass, DISPATCH_SECONDS)):
        scheduler.add_job(job, "interval", seconds=seconds, next_run_time=real_now())
    return scheduler

"""However many clocks run, everybody is told of every event, and nobody of one twice (SCH-5)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from portfolio.app import create_app
from portfolio.base.db import current_session, db
from portfolio.base.time import real_now
from portfolio.outbox.jobs import fan_out_next
from portfolio.outbox.models import Delivery
from portfolio.outbox.queries import newest_seq
from tests.concurrency.clocks import CLOCKS, clocks, noting
from tests.concurrency.race import Call, race
from tests.outbox.reacting import Listener, note, states, to

pytestmark = pytest.mark.usefixtures("app")

Environment = Mapping[str, str]


def rows() -> int:
    """How many deliveries have been stored."""
    current_session().rollback()
    return current_session().scalars(select(func.count()).select_from(Delivery)).one()


def test_a_thousand_events_and_four_clocks_give_a_thousand_deliveries_each_run_once(settings: Environment) -> None:
    note(*map(str, range(1000)))
    told = clocks(settings)
    assert (rows(), sorted(told.numbers), told.busy) == (1000, list(range(1, 1001)), CLOCKS)
    assert set(states("remember")) == {"done"}


def test_without_the_locks_the_same_delivery_is_run_twice(settings: Environment) -> None:
    """The canary: it must fail to hold, or the test above proves nothing."""
    note(*map(str, range(24)))
    told = clocks(settings, locked=False)
    assert len(told.numbers) > len(set(told.numbers))


@contextmanager
def somebody_fans_out(settings: Environment, listener: Listener) -> Iterator[None]:
    """A clock works all the while."""
    done = Event()

    def work() -> None:
        with create_app(settings).app_context():
            while not done.is_set():
                fan_out_next(to(listener), real_now=real_now())
            db.session.remove()
            db.engine.dispose()

    clock = Thread(target=work)
    clock.start()
    try:
        yield
    finally:
        done.set()
        clock.join()


def test_no_event_is_skipped_while_many_write_at_once(app: Flask, settings: Environment) -> None:
    """Numbers are given in the order of the commits, so that one number says how far one has come (OUT-3)."""
    listener = Listener("listener")
    with somebody_fans_out(settings, listener):
        result = race(settings, [Call(noting)] * 300)
    assert result == {"done": 300}
    while fan_out_next(to(listener), real_now=real_now()):
        pass
    assert (newest_seq(), rows()) == (300, 300)

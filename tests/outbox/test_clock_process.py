"""The clock as a process: one of many leads, it stops when it is told to, and it is missed when it does not go."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError

from portfolio import clock as the_clock
from portfolio.base.db import current_session, db
from portfolio.base.time import real_now
from portfolio.clock import Clock, scheduler_of
from portfolio.outbox.models import ClockRow
from portfolio.outbox.queries import clock_age
from portfolio.outbox.rules import CLOCK_LEASE, STOPPED_AFTER, has_stopped
from tests.outbox.reacting import Listener, note, states, time_passes, to
from tests.outbox.ticking import work_slowly
from tests.outbox.told_early import work_and_be_told
from tests.processes import CONTEXT, flask

PATIENCE_SECONDS = 35
"""How long a clock that is told to stop may take (SCH-7)."""


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    """The only one who reacts to anything."""
    listener = Listener("listener")
    monkeypatch.setattr(the_clock, "SUBSCRIPTIONS", to(listener))
    return listener


def forgetful(clock: Clock) -> Clock:
    """The clock, which asks the database at its next step whether it still leads."""
    clock._renewed_at = None
    return clock


def leader() -> str | None:
    """Who leads, as the database has it."""
    current_session().rollback()
    return current_session().scalar(select(ClockRow.leader))


def test_of_many_clocks_one_leads_and_the_others_wait_until_its_lease_is_out(app: Flask) -> None:
    first, second = Clock(app), Clock(app)
    assert (first.goes_on(), second.goes_on(), leader()) == (True, False, first.name)
    time_passes(CLOCK_LEASE / 2)
    assert (second.goes_on(), forgetful(first).goes_on()) == (False, True)
    time_passes(CLOCK_LEASE + timedelta(seconds=1))
    assert (second.goes_on(), forgetful(first).goes_on(), leader()) == (True, False, second.name)


def test_a_clock_that_steps_down_is_followed_at_once(app: Flask) -> None:
    first, second = Clock(app), Clock(app)
    assert first.goes_on()
    first.stop()
    first.step_down()
    assert (leader(), first.goes_on(), second.goes_on()) == (None, False, True)
    first.step_down()
    assert leader() == second.name


def test_a_lease_from_before_the_time_was_set_back_does_not_keep_others_out(app: Flask) -> None:
    assert Clock(app).goes_on()
    time_passes(timedelta(days=-1))
    assert Clock(app).goes_on()


def test_only_the_leader_works(app: Flask, listener: Listener) -> None:
    first, second = Clock(app), Clock(app)
    assert first.goes_on()
    note("A")
    second.calendar_pass()
    second.dispatch_pass()
    assert listener.told == []
    first.dispatch_pass()
    assert listener.told == [("A", 1, "Chef")]


def test_a_step_that_fails_is_logged_and_the_others_go_on(
    app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise OSError("Nätet är borta")

    monkeypatch.setattr(the_clock, "DISPATCH", (broken, *the_clock.DISPATCH))
    monkeypatch.setattr(the_clock, "CALENDAR", (broken, *the_clock.CALENDAR))
    note("A")
    clock = Clock(app)
    clock.dispatch_pass()
    clock.calendar_pass()
    assert states(listener) == ["done"]
    assert "the clock could not broken" in caplog.text
    assert "Nätet är borta" in caplog.text


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_clock_survives_that_the_database_drops_every_connection(
    app: Flask, listener: Listener, database_url: str
) -> None:
    clock = Clock(app)
    clock.dispatch_pass()
    for reason in ("A", "B", "C"):
        note(reason)
        current_session().rollback()
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as administrator:
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        clock.dispatch_pass()
    assert states(listener) == ["done"] * 3


def test_a_clock_outlives_a_database_that_is_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**_: object) -> bool:
        raise OperationalError("BEGIN", {}, Exception("the database is away"))

    clock = Clock(app)
    with monkeypatch.context() as patched:
        patched.setattr(the_clock.outbox, "lead", away)
        clock.calendar_pass()
        clock.dispatch_pass()
    assert "could not lead" in caplog.text
    assert clock.goes_on()


def test_the_schedule_is_kept_nowhere_so_a_renamed_step_is_not_missed(app: Flask) -> None:
    """Nothing about jobs is stored: a new version of the product begins from its own code (SCH-13)."""
    scheduler = scheduler_of(Clock(app))
    assert {str(job.trigger) for job in scheduler.get_jobs()} == {"interval[0:01:00]", "interval[0:00:05]"}
    assert [name for name in inspect(db.engine).get_table_names() if "job" in name] == []
    assert isinstance(scheduler._create_default_jobstore(), MemoryJobStore)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a clock in a process of its own says what it has to say."""
    return tmp_path / "log"


@contextmanager
def running(clock: Callable[..., None], *told: object) -> Iterator[BaseProcess]:
    """A process that is gone afterwards, whatever happens."""
    process = CONTEXT.Process(target=clock, args=told)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def wait_for(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = monotonic() + PATIENCE_SECONDS
    while not what():
        assert monotonic() < until, "it never came"
        sleep(0.05)


def told_to_stop(process: BaseProcess, log: Path) -> float:
    """End a process as systemd does; how many seconds it took to leave by itself, without a complaint."""
    began = monotonic()
    process.terminate()
    process.join(PATIENCE_SECONDS)
    assert (process.exitcode, log.read_text()) == (0, "")
    return monotonic() - began


def test_a_clock_that_is_told_to_stop_finishes_what_it_is_at_and_begins_nothing_more(
    app: Flask, database_url: str, tmp_path: Path, log: Path
) -> None:
    note("A", "B", "C")
    diary = tmp_path / "diary"
    diary.touch()
    with running(work_slowly, database_url, diary, 2, log) as process:
        wait_for(diary.read_text)
        assert told_to_stop(process, log) < PATIENCE_SECONDS
    assert diary.read_text().splitlines() == ["begins 1", "ends 1"]
    assert states("slowly") == ["done", "queued", "queued"]
    assert leader() is None


def test_the_clock_of_the_commands_leaves_at_once_when_nothing_is_under_way(
    app: Flask, settings: Mapping[str, str], log: Path
) -> None:
    with running(flask, settings, ["clock", "run"], log) as process:
        wait_for(leader)
        assert told_to_stop(process, log) < 10
    assert leader() is None
    assert clock_age(real_now()) is not None


def test_a_clock_that_is_told_to_stop_while_it_hands_out_work_hears_it(
    app: Flask, database_url: str, log: Path
) -> None:
    with running(work_and_be_told, database_url, log) as process:
        process.join(PATIENCE_SECONDS)
        assert (process.exitcode, log.read_text()) == (0, "")
    assert leader() is None


def test_a_clock_has_stopped_when_its_latest_sign_of_life_is_older_than_five_minutes() -> None:
    almost, second = STOPPED_AFTER, timedelta(seconds=1)
    assert [has_stopped(age) for age in (None, almost, almost + second, -almost, -almost - second)] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_in_a_pass_of_cron_a_step_that_fails_stops_none_of_the_others_and_is_told_at_the_end(
    app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise OverflowError("date value out of range")

    monkeypatch.setattr(the_clock, "CALENDAR", (fails, *the_clock.CALENDAR))
    monkeypatch.setattr(the_clock, "DISPATCH", (fails, *the_clock.DISPATCH))
    note("A")
    with pytest.raises(OverflowError):
        the_clock.tick(app)
    assert listener.told == [("A", 1, "Chef")]


def test_a_pass_of_cron_is_a_sign_of_life_and_does_everything_whoever_leads(app: Flask, listener: Listener) -> None:
    assert Clock(app).goes_on()
    note("A")
    time_passes(timedelta(hours=1))
    done = the_clock.tick(app)
    age = clock_age(real_now())
    assert age is not None
    assert not has_stopped(age)
    assert (done[the_clock.deliver], listener.told) == (1, [("A", 1, "Chef")])

"""Nobody waits for ever, and who cannot have the lock has changed nothing."""

from collections.abc import Mapping
from time import perf_counter

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from portfolio.base.db import LOCK_TIMEOUT_SECONDS, current_session
from portfolio.base.errors import Busy, StorageFull
from portfolio.base.portfolio import lock_portfolio
from portfolio.outbox.queries import newest_seq
from tests.actions import stored
from tests.invariants import broken
from tests.make import NOW, make_decision, make_initiative
from tests.meanwhile import somebody_has_done


def test_who_cannot_have_the_lock_in_time_is_told_so_and_readers_read_on(
    app: Flask, settings: Mapping[str, str]
) -> None:
    code = make_initiative()
    with somebody_has_done(lock_portfolio, settings):
        assert stored.status(code) == "in_preparation"
        current_session().rollback()
        began = perf_counter()
        with pytest.raises(Busy):
            make_decision(code, "note")
        assert perf_counter() - began >= LOCK_TIMEOUT_SECONDS
        assert stored.told(code) == ["initiative.imported"]
    make_decision(code, "note")
    assert broken(NOW) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_stores_nothing_by_halves_and_is_got_over_without_a_restart(app: Flask) -> None:
    code = make_initiative()
    events = newest_seq()
    current_session().rollback()
    limit = current_session().execute(text("PRAGMA page_count")).scalar_one()
    current_session().execute(text(f"PRAGMA max_page_count = {limit}"))
    current_session().rollback()
    with pytest.raises(StorageFull):
        note_without_end(code)
    current_session().rollback()
    current_session().execute(text("PRAGMA max_page_count = 1000000"))
    stored_since = newest_seq() - events
    assert len(stored.told(code)) == stored_since + 1
    assert broken(NOW) == []
    make_decision(code, "note")
    assert broken(NOW) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_has_dropped_every_connection_is_found_again(app: Flask, database_url: str) -> None:
    code = make_initiative()
    current_session().rollback()
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as administrator:
        ended = administrator.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert ended is not None
    assert ended[0] > 0
    make_decision(code, "note")
    assert broken(NOW) == []


def note_without_end(code: str) -> None:
    """More notes than there is room for."""
    for _ in range(500):
        make_decision(code, "note", reason="Ett långt skäl " * 200)

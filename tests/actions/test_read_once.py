"""What is read once per transaction is always what the database would answer."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import update

from portfolio.base.db import current_session, transaction
from portfolio.base.portfolio import lock_portfolio, the_portfolio
from portfolio.capacity import queries as capacity
from portfolio.units.models import StandstillRow, UnitRow
from portfolio.units.queries import all_units, codes_by_id, unit_by_code
from tests.make import make_standstill, make_unit
from tests.questions import questions


def test_the_tree_and_the_calendar_are_asked_for_once_in_a_transaction(app: Flask) -> None:
    make_unit("KLF", limit=8)
    with transaction(), questions() as asked:
        for _ in range(3):
            assert set(capacity.tree().units) == {"KLF"}
            assert set(codes_by_id().values()) == {"KLF"}
            capacity.calendar()
            assert lock_portfolio() is the_portfolio()
    assert len([one for one in asked if "FROM unit" in one.statement]) <= 2  # once before the lock, once under it
    assert len([one for one in asked if "FROM portfolio" in one.statement]) == 1


def test_a_limit_that_is_changed_is_seen_at_once(app: Flask) -> None:
    make_unit("KLF", limit=8)
    with transaction():
        assert capacity.tree().units["KLF"].limit == 8
        unit_by_code("KLF").limit = 5
        assert capacity.tree().units["KLF"].limit == 5


def test_a_statement_that_changes_many_units_is_seen_at_once(app: Flask) -> None:
    make_unit("KLF", limit=8)
    with transaction() as session:
        assert capacity.tree().units["KLF"].limit == 8
        session.execute(update(UnitRow).values(limit=3))
        assert capacity.tree().units["KLF"].limit == 3


def test_a_standstill_that_is_removed_no_longer_stands_still(app: Flask) -> None:
    standstill_id = make_standstill("2027-W28", "2027-W31")
    with transaction() as session:
        assert len(capacity.calendar().standstills) == 1
        session.delete(session.get_one(StandstillRow, standstill_id))
        assert capacity.calendar().standstills == ()


def test_what_another_has_changed_is_seen_under_the_lock(app: Flask) -> None:
    make_unit("KLF", limit=8)
    with transaction():
        before = len(all_units())
        lock_portfolio()
        with questions() as asked:
            assert len(all_units()) == before
    assert len(asked) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_row_that_another_changes_while_one_waits_for_the_lock_is_read_again_under_it(
    app: Flask, database_url: str
) -> None:
    make_unit("KLF", limit=8)
    with transaction():
        held = unit_by_code("KLF")
        assert held.limit == 8
        with psycopg.connect(database_url.replace("+psycopg", "")) as other:
            other.execute('UPDATE unit SET "limit" = 5, version = version + 1')
        lock_portfolio()
        assert unit_by_code("KLF") is held
        assert (held.limit, held.version) == (5, 2)


def test_what_is_undone_is_forgotten(app: Flask) -> None:
    make_unit("KLF", limit=8)
    unit_by_code("KLF").limit = 5
    assert capacity.tree().units["KLF"].limit == 5
    current_session().rollback()
    assert capacity.tree().units["KLF"].limit == 8

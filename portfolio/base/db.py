"""The two databases behind one code path: SQLite embedded, PostgreSQL for many users.

This is the only place that commits. See docs/adr/0004-one-lock-on-two-databases.md.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from errno import ENOSPC
from functools import lru_cache
from itertools import islice
from time import monotonic, sleep
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Date, DateTime, Dialect, Engine, MetaData, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from portfolio.base.errors import Busy, StorageFull
from portfolio.base.queue import RETRY_SECONDS, turn
from portfolio.base.weeks import Week, monday, week_of

LOCK_TIMEOUT_SECONDS = 3
"""How long a writer waits for another before it gives up with Busy."""

CHUNK = 500
"""How many rows of a long list are read or written at a time."""

IN_FEW_STATEMENTS = {"render_nulls": True}
"""For inserting many rows: without it a row with other columns None than the row before is a statement of its own."""

Item = TypeVar("Item")

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""Only the databases' own statements can leave out what is there already."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC and given back in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database; SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class IsoWeek(TypeDecorator[Week]):
    """A week, stored as its Monday."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: Week | None, dialect: Dialect) -> date | None:
        """To the database."""
        return None if value is None else monday(value)

    def process_result_value(self, value: date | None, dialect: Dialect) -> Week | None:
        """From the database."""
        return None if value is None else week_of(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Week | None] | None:
        """The same few weeks stand in thousands of rows: each is worked out once."""
        read = super().result_processor(dialect, coltype)
        return None if read is None else lru_cache(maxsize=4096)(read)


def current_session() -> Session:
    """The session of this request or command."""
    return cast(Session, db.session())


@contextmanager
def transaction() -> Iterator[Session]:
    """One writing transaction: everything in it is stored, or nothing.

    Refuses if something was changed outside it, and drops what was read before, so that a decision
    never rests on what another has changed since. Raises Busy if the lock cannot be had in time.
    """
    session = current_session()
    if session.in_transaction():
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("something was changed outside transaction()")
        session.rollback()
    try:
        with session.begin():
            session.connection(execution_options={"writes": True})
            yield session
    except OperationalError as error:
        if _is_a_lock_timeout(error):
            raise Busy from error
        if _is_full(error):
            raise StorageFull from error
        raise
    except OSError as error:
        if error.errno == ENOSPC:
            raise StorageFull from error
        raise


def in_chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Lists of at most CHUNK items: a statement may not have too many parameters, nor a list fill the memory."""
    rest = iter(items)
    while few := list(islice(rest, CHUNK)):
        yield few


def insert_new(table: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Insert the rows whose unique key is not there yet, in few statements; the primary keys of those."""
    [key] = table.__table__.primary_key
    new: list[Any] = []
    for few in in_chunks(rows):
        insert = _INSERTS[current_session().get_bind().dialect.name](table).values(few)
        new += current_session().scalars(insert.on_conflict_do_nothing().returning(key)).all()
    return new


def agreed_now(real_now: datetime) -> datetime:
    """The time that leases go by: PostgreSQL's own, which all machines share; on SQLite there is one machine."""
    if current_session().get_bind().dialect.name != "postgresql":
        return real_now
    return current_session().execute(select(func.clock_timestamp(type_=UTCDateTime))).scalar_one()


def _is_a_lock_timeout(error: OperationalError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate == "55P03" or "database is locked" in str(error.orig)


def _is_full(error: OperationalError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate == "53100" or "database or disk is full" in str(error.orig)


def listen_to(engine: Engine) -> None:
    """Let us, and not the driver, begin transactions on SQLite; let nobody wait too long for a lock on PostgreSQL.

    By default the driver begins at the first write, so two readers may decide on the same last room.
    A writing transaction begins IMMEDIATE: it holds the only write lock before it reads.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _prepare_postgresql)
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Once for a connection, which spares every transaction a question."""
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        f"busy_timeout={LOCK_TIMEOUT_SECONDS * 1000}",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    if connection.get_execution_options().get("writes"):
        _begin_writing(driver, cast(str, connection.engine.url.database))
    else:
        driver.execute("BEGIN")


def _begin_writing(driver: Any, path: str) -> None:
    """Queue for the only write lock; Busy after LOCK_TIMEOUT_SECONDS.

    The queue decides the order; SQLite itself, asked without a wait of its own, decides who has the lock.
    """
    give_up_at = monotonic() + LOCK_TIMEOUT_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        with turn(path, give_up_at):
            while not _begun(driver):
                if monotonic() > give_up_at:
                    raise Busy
                sleep(RETRY_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_SECONDS * 1000}")


def _begun(driver: Any) -> bool:
    """Whether the write lock could be had at once."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True

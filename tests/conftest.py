"""What every test may ask for. Whatever touches the database runs on SQLite and on PostgreSQL.

- `database_url`: a fresh, migrated database. One engine only, where the test is about that engine:
  `@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)`.
- `empty_database_url`: the same without tables, for the migrations.
- `settings`: what the environment says; a test changes it by `@pytest.mark.environment(KEY="value")`.
- `app`: the product on that database, its context pushed, so that actions and queries can be called at once. What
  stands at the same address with the same settings is joined once and used again, on whatever day; a test that gives
  it routes or settings of its own is marked by `@pytest.mark.changes_the_product`.
- `client`, `runner`: the product met from outside, as a visitor and as a command.
"""

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from contextvars import Context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings as hypothesis_settings
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from werkzeug.test import TestResponse

from config import read_environment
from tests.processes import PROCESSORS

# The product and PostgreSQL are loaded by the fixtures that need them: pure rules are tested without either.
if TYPE_CHECKING:
    from tests.databases import PostgreSQLServer, SQLiteFiles

ENGINES = ["sqlite", "postgresql"]

gc.set_threshold(100_000, 50, 100)  # the product and its tools are a million objects that are never garbage

hypothesis_settings.register_profile("untimed", deadline=None)  # no test depends on how busy the machine is
hypothesis_settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Let each of several workers keep to one processor, with the database, server and browser that it starts.

    A worker and its servers take turns: nearly every step of one waits for an answer of another. On a virtual machine
    it costs up to fifty times as much to wake a second processor as to take the next turn on the same one.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.environ[PROCESSORS] = ",".join(map(str, processors))
        os.sched_setaffinity(0, {processors[int(worker.removeprefix("gw")) % len(processors)]})


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> "SQLiteFiles":
    """SQLite files, of which the migrated one is made once."""
    from tests.databases import SQLiteFiles

    return SQLiteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[PostgreSQLServer]":
    """A PostgreSQL server, started when the first test needs it."""
    from tests.databases import PostgreSQLServer

    with PostgreSQLServer() as server:
        yield server


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with every table."""
    with request.getfixturevalue(request.param).migrated() as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database without tables."""
    with request.getfixturevalue(request.param).empty() as url:
        yield url


@pytest.fixture(scope="session")
def letterbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where letters are written instead of sent."""
    return tmp_path_factory.mktemp("letters") / "mail"


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_url: str, letterbox: Path) -> Mapping[str, str]:
    """The whole environment of the product under test, with the changes of the test's `environment` mark."""
    mark = request.node.get_closest_marker("environment")
    shutil.rmtree(letterbox, ignore_errors=True)
    return {
        "DATABASE_URL": database_url,
        "MAIL_URL": f"file:{letterbox}",
        "PORTFOLIO_ENV": "development",
        "SECRET_KEY": "only in tests",
        "TESTING": "1",
    } | (mark.kwargs if mark else {})


class Visitor(FlaskClient):
    """A visitor whose every request starts from nothing, as it does in the server.

    The context that `app` has pushed would otherwise lend the request its `g` and its database session, and
    hide a page that forgets to look something up.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request in a context of its own."""
        return Context().run(super().open, *args, **kwargs)


class Terminal(FlaskCliRunner):
    """Someone at the terminal, whose every command starts from nothing."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        """Run one command in a context of its own."""
        return Context().run(super().invoke, *args, **kwargs)


@pytest.fixture(scope="session")
def joined() -> Iterator[dict[frozenset[tuple[str, str]], Flask]]:
    """The product joined for earlier tests, by its settings but the day: its questions are compiled already."""
    from portfolio.base.db import db

    joined: dict[frozenset[tuple[str, str]], Flask] = {}
    yield joined
    for app in joined.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """The pages as they were compiled for an earlier test, whatever product it had."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    settings: Mapping[str, str],
    joined: dict[frozenset[tuple[str, str]], Flask],
    templates: BytecodeCache,
) -> Iterator[Flask]:
    """The product on a fresh database, with its context pushed."""
    from portfolio.base.db import db

    known = frozenset((name, value) for name, value in settings.items() if name != "PORTFOLIO_NOW")
    is_changed = request.node.get_closest_marker("changes_the_product") is not None
    app = joined.get(known) if not is_changed else None
    if app is None:
        app = _product(settings, templates)
    if not is_changed:
        joined[known] = app
    app.config["SETTINGS"] = read_environment(settings)  # the day is asked for at every request
    as_joined = _shape(app)
    with app.app_context():
        yield app
        db.session.remove()
        if is_changed or db.engine.dialect.name == "sqlite":
            db.engine.dispose()  # the next test has another file at the same address
    assert is_changed or _shape(app) == as_joined, "mark the test by changes_the_product"


def _shape(app: Flask) -> tuple[dict[str, Any], int]:
    """What a test could leave behind for those after it: settings and routes."""
    return dict(app.config), len(list(app.url_map.iter_rules()))


def _product(settings: Mapping[str, str], templates: BytecodeCache) -> Flask:
    from portfolio.app import create_app

    app = create_app(settings)
    app.jinja_env.bytecode_cache = templates
    app.test_client_class = Visitor
    app.test_cli_runner_class = Terminal
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous visitor."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Someone at the terminal: `runner.invoke(args=["load", "show"])`."""
    return app.test_cli_runner()

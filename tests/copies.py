"""The demo municipality as it is once it is loaded, copied into the database of a test."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import URL, Engine

from portfolio.app import create_app
from portfolio.base.db import db
from tests.databases import migrate

Load = Callable[[], None]
WITH_DEMO = "with_demo"
"""The database of the PostgreSQL server that the others are copied from."""


def copy_demo(engine: Engine, load: Load) -> None:
    """Let the database of `engine`, which nobody has filled yet, hold what `load` would load into it."""
    db.session.remove()
    engine.dispose()
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).write_bytes(_file_with_demo(load))
    else:
        _copy_on_the_server(engine.url, load)


@cache
def _file_with_demo(load: Load) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "demo.sqlite")
        migrate(f"sqlite:///{path}")
        _fill(f"sqlite:///{path}", load)
        return path.read_bytes()


def _copy_on_the_server(url: URL, load: Load) -> None:
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [WITH_DEMO]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {WITH_DEMO} TEMPLATE migrated")
            _fill(url.set(database=WITH_DEMO).render_as_string(hide_password=False), load)
        connection.execute(f"DROP DATABASE {url.database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {url.database} TEMPLATE {WITH_DEMO}")


def _fill(url: str, load: Load) -> None:
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context():
        load()
        db.session.remove()
        db.engine.dispose()

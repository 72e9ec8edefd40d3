"""The demo municipality as it is once it is loaded, or its meeting held, copied into the database of a test."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from portfolio.app import create_app
from portfolio.base.db import db
from tests.databases import Contents, migrate

Load = Callable[[], None]


def copy_loaded(engine: Engine, load: Load) -> None:
    """Let the database of `engine`, which nobody has filled yet, hold what `load` would load into it."""
    db.session.remove()
    engine.dispose()
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).write_bytes(_file_with(load))
    else:
        _put_into(engine.url.render_as_string(hide_password=False), load)


@cache
def _file_with(load: Load) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "loaded.sqlite")
        migrate(f"sqlite:///{path}")
        _fill(f"sqlite:///{path}", load)
        return path.read_bytes()


def _put_into(url: str, load: Load) -> None:
    """Load it into the first database that asks, and put what that one holds into the others."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        if load in _LOADED:
            _LOADED[load].put_into(connection)
        else:
            _fill(url, load)
            _LOADED[load] = Contents(connection)


_LOADED: dict[Load, Contents] = {}


def _fill(url: str, load: Load) -> None:
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context():
        load()
        db.session.remove()
        db.engine.dispose()

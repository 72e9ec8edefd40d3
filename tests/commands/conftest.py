"""Commands as somebody runs them at the terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from portfolio.base.db import db
from tests.make import make_demo

Run = Callable[..., Result]


@pytest.fixture
def run(runner: FlaskCliRunner) -> Run:
    """Run one command: `run("load", "show")`. What it stored is seen at once."""

    def run_one(*arguments: object) -> Result:
        db.session.rollback()
        result = runner.invoke(args=[str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        db.session.rollback()
        return result

    return run_one


@pytest.fixture
def demo(app: Flask) -> None:
    """The demo municipality."""
    make_demo()


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Path]:
    """A csv file with these lines: `listed("Initiativ;Status", "E-arkiv;Klar")`."""

    def write(*lines: str, name: str = "lista.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return path

    return write

"""Commands on a database that nobody has migrated say what to do."""

from collections.abc import Mapping

import pytest

from portfolio.app import create_app
from portfolio.base.db import db


@pytest.mark.parametrize("arguments", [["person", "list"], ["token", "create", "T", "--role", "chair"]])
def test_the_command_says_how_to_make_the_tables(empty_database_url: str, arguments: list[str]) -> None:
    settings: Mapping[str, str] = {"DATABASE_URL": empty_database_url, "SECRET_KEY": "only in tests", "TESTING": "1"}
    app = create_app(settings)
    result = app.test_cli_runner().invoke(args=arguments)
    with app.app_context():
        db.engine.dispose()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "flask --app wsgi db upgrade" in result.stderr
    assert len(result.stderr.splitlines()) == 1

"""In production nothing of the demo may run."""

from collections.abc import Mapping

import pytest
from flask import Flask

from config import ConfigError
from portfolio.app import create_app
from portfolio.base.db import db, transaction
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import real_now
from tests.cast import person, submit

PRODUCTION = {"PORTFOLIO_ENV": "production", "PORTFOLIO_BASE_URL": "https://portfolj.kommunen.se", "TESTING": ""}


def start_demo_calendar() -> None:
    with transaction():
        row = lock_portfolio()
        row.calendar_started_at = row.calendar_stood_at = real_now()


def test_production_refuses_a_database_with_the_demo_in_it(app: Flask, settings: Mapping[str, str]) -> None:
    start_demo_calendar()
    with pytest.raises(ConfigError, match="DATABASE_URL: the database holds the demo"):
        create_app({**settings, **PRODUCTION})


def test_production_starts_on_a_database_that_is_not_migrated_yet(
    empty_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = create_app({"DATABASE_URL": empty_database_url, "SECRET_KEY": "only in tests", **PRODUCTION})
    with app.app_context():
        db.engine.dispose()


def test_the_demo_sign_in_is_closed_in_production(app: Flask, settings: Mapping[str, str]) -> None:
    chef = person("Socialchef")
    production = create_app({**settings, **PRODUCTION})
    start_demo_calendar()  # by somebody at the database, while the product runs
    visitor = production.test_client()
    https = {"base_url": "https://portfolj.kommunen.se", "headers": {"Referer": "https://portfolj.kommunen.se/"}}
    assert "Välj en funktion" not in visitor.get("/logga-in", **https).get_data(as_text=True)
    assert submit(visitor, "/logga-in/demo", {"person": chef.id}, **https).status_code == 404
    with production.app_context():
        db.engine.dispose()

"""What those who run the product ask it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portfolio.app import create_app
from portfolio.base.db import db, transaction


def test_a_migrated_product_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"
    assert client.get("/readyz").get_data(as_text=True) == "ready\n"


def test_a_database_of_another_version_is_not_ready(client: FlaskClient) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "flask --app wsgi db upgrade" in answer.get_data(as_text=True)
    assert client.get("/healthz").status_code == 200


def test_an_empty_database_is_not_ready(empty_database_url: str) -> None:
    app = create_app({"DATABASE_URL": empty_database_url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    assert app.test_client().get("/readyz").status_code == 503
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_prometheus_reads_how_many_requests_were_answered(app: Flask, client: FlaskClient) -> None:
    client.get("/finns-inte")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'portfolio_requests_total{endpoint="none",status="404"}' in text
    assert "portfolio_request_seconds_bucket" in text

"""The municipality as programs meet it: empty, or with the demo in it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import db, transaction
from portfolio.base.time import real_now
from portfolio.demo.actions import load
from tests.api.caller import Caller
from tests.copies import copy_loaded


@pytest.fixture
def api(client: FlaskClient) -> Caller:
    """The chair's program, on an empty database."""
    return Caller(client)


@pytest.fixture
def demo(app: Flask) -> None:
    """The demo municipality, in week 48."""
    copy_loaded(db.engine, _load_now)


def _load_now() -> None:
    with transaction():
        load(real_now=real_now())


@pytest.fixture
def town(demo: None, api: Caller) -> Caller:
    """The chair's program, with the demo municipality."""
    return api

"""The demo municipality with its people, at its frozen clock."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import sign_in
from tests.make import make_demo


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The product with the demo municipality in it."""
    make_demo()
    return app


@pytest.fixture
def chair(demo: Flask) -> FlaskClient:
    """The Kommundirektör."""
    return sign_in(demo.test_client(), "Kommundirektör")


@pytest.fixture
def coordinator(demo: Flask) -> FlaskClient:
    """The Portföljkoordinator."""
    return sign_in(demo.test_client(), "Portföljkoordinator")


@pytest.fixture
def reader(demo: Flask) -> FlaskClient:
    """A Medarbetare."""
    return sign_in(demo.test_client(), "Medarbetare")

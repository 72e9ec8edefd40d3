"""While one writer is at work, others wait for a while and readers do not wait at all."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from portfolio.base.db import transaction
from portfolio.base.portfolio import lock_portfolio
from tests.api import make
from tests.api.caller import Caller

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


@pytest.fixture
def code(api: Caller) -> str:
    """An initiative that could start."""
    make.unit(api, "BUF")
    return make.initiative(api, {"BUF": 1})


@pytest.fixture
def busy(app: Flask, code: str) -> Iterator[None]:
    """Somebody else holds the lock for as long as the test lasts."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction():
            lock_portfolio()
            held.set()
            done.wait(60)

    writer = threading.Thread(target=hold)
    writer.start()
    assert held.wait(60)
    yield
    done.set()
    writer.join()


@pytest.mark.usefixtures("busy")
def test_a_write_that_waits_too_long_is_told_to_try_again_and_reading_goes_on(api: Caller, code: str) -> None:
    for path in (
        "/units",
        "/units/BUF",
        "/initiatives",
        "/load?include=proposals",
        "/persons",
        "/conflicts",
        "/standstills",
    ):
        assert api.call("GET", path).status_code == 200, path
    assert api.try_plan(code)["verdict"] == "fits"
    refused = api.decide(code, "start")
    assert (refused.status_code, refused.get_json()["type"], refused.headers["Retry-After"]) == (
        503,
        "/problems/busy",
        "2",
    )
    assert api.get(f"/initiatives/{code}")["version"] == 1

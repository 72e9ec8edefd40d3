"""While one writer is at work, others wait for a while and readers do not wait at all."""

from collections.abc import Iterator, Mapping

import pytest

from portfolio.base.portfolio import lock_portfolio
from tests.api import make
from tests.api.caller import Caller
from tests.meanwhile import somebody_has_done

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


@pytest.fixture
def code(api: Caller) -> str:
    """An initiative that could start."""
    make.unit(api, "BUF")
    return make.initiative(api, {"BUF": 1})


@pytest.fixture
def busy(settings: Mapping[str, str], code: str) -> Iterator[None]:
    """Somebody else holds the lock for as long as the test lasts."""
    with somebody_has_done(lock_portfolio, settings):
        yield


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

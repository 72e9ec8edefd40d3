"""Somebody notices when the clock has stopped: the load balancer, Prometheus and whoever administers (SCH-14)."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from portfolio.base.db import transaction
from portfolio.base.time import real_now
from portfolio.outbox import actions
from portfolio.outbox.rules import MOST_ATTEMPTS
from tests.cast import sign_in
from tests.outbox.reacting import Listener, dispatch, note, time_passes, to

PRODUCTION = {
    "PORTFOLIO_ENV": "production",
    "PORTFOLIO_BASE_URL": "https://localhost",
    "TESTING": "",
    "MAIL_FROM": "portfolj@example.se",
}
STOPPED = "Klockan har stannat"
ADMINISTRATORS = ["Administratör", "Kommundirektör"]
OTHERS = ["Portföljkoordinator", "Kanslichef", "Revisor", "Medarbetare"]


def beat(ago: timedelta = timedelta()) -> None:
    """The clock gave its latest sign of life so long ago."""
    with transaction():
        actions.beat(real_now=real_now())
    time_passes(ago)


def ready(client: FlaskClient) -> tuple[int, str]:
    """What /readyz answers."""
    answer = client.get("/readyz", base_url="https://localhost")
    return answer.status_code, answer.get_data(as_text=True)


def page(client: FlaskClient) -> str:
    """A page as the visitor sees it."""
    return client.get("/initiativ", base_url="https://localhost").get_data(as_text=True)


def test_a_product_whose_clock_has_stopped_is_not_ready_until_it_goes_again(client: FlaskClient) -> None:
    beat(timedelta(minutes=4))
    assert ready(client) == (200, "ready\n")
    beat(timedelta(minutes=6))
    assert ready(client) == (503, "the clock has stopped: flask --app wsgi clock run\n")
    beat()
    assert ready(client) == (200, "ready\n")


def test_a_sign_of_life_from_a_time_that_has_not_come_does_not_count(client: FlaskClient) -> None:
    beat(timedelta(days=-1))
    assert ready(client)[0] == 503


def test_who_only_tries_the_product_out_may_do_without_a_clock(client: FlaskClient) -> None:
    assert ready(client) == (200, "ready\n")
    assert "Klockan" not in page(sign_in(client, "Administratör"))


@pytest.mark.environment(**PRODUCTION)
def test_production_is_not_ready_before_its_clock_has_been_started(client: FlaskClient) -> None:
    assert ready(client)[0] == 503
    beat()
    assert ready(client) == (200, "ready\n")


@pytest.mark.parametrize("function", ADMINISTRATORS)
def test_administrators_are_told_on_every_page_since_when_and_what_to_do(client: FlaskClient, function: str) -> None:
    sign_in(client, function)
    beat(timedelta(minutes=4))
    assert STOPPED not in page(client)
    beat(timedelta(minutes=6))
    told = page(client)
    assert STOPPED in told
    assert "flask --app wsgi clock run" in told


def test_administrators_are_told_of_what_was_given_up_until_it_has_been_brought_back(client: FlaskClient) -> None:
    sign_in(client, "Administratör")
    listener = Listener("listener", fails=lambda _: True)
    note("A", "B")
    for attempt in range(MOST_ATTEMPTS):
        assert "inte kommit fram" not in page(client), attempt
        dispatch(to(listener))
        time_passes(timedelta(hours=2))
    beat()
    assert "2 händelser har inte kommit fram" in page(client)
    with transaction():
        actions.retry_dead(real_now=real_now())
    assert "inte kommit fram" not in page(client)


@pytest.mark.parametrize("function", OTHERS)
def test_nobody_else_is_troubled_with_it(client: FlaskClient, function: str) -> None:
    beat(timedelta(minutes=6))
    assert STOPPED not in page(sign_in(client, function))


def test_prometheus_reads_how_old_the_sign_of_life_is_and_what_waits(client: FlaskClient) -> None:
    assert "portfolio_clock_heartbeat_age_seconds NaN" in client.get("/metrics").get_data(as_text=True)
    beat(timedelta(minutes=6))
    note("A", "B")
    dispatch(to(Listener("listener", fails=lambda event: event.reason == "A")))
    figures = client.get("/metrics").get_data(as_text=True)
    assert "portfolio_clock_heartbeat_age_seconds 36" in figures
    assert 'portfolio_deliveries{state="queued"} 1.0' in figures
    assert 'portfolio_deliveries{state="done"} 1.0' in figures
    assert 'portfolio_deliveries{state="dead"} 0.0' in figures


def test_the_command_line_tells_what_was_given_up_and_brings_it_back(runner: FlaskCliRunner) -> None:
    listener = Listener("listener", fails=lambda _: True)
    assert runner.invoke(args=["outbox", "status"]).output.startswith(
        "Klockan: har inte gått än\nLeveranser: 0 väntar"
    )
    beat()
    note("A")
    for _ in range(MOST_ATTEMPTS):
        dispatch(to(listener))
        time_passes(timedelta(hours=2))
    told = runner.invoke(args=["outbox", "status"]).output.splitlines()
    assert told[0].startswith("Klockan: gick senast 20")
    assert told[1] == "Leveranser: 0 väntar, 0 pågår, 0 klara, 1 uppgivna, 0 okända"
    assert told[2].startswith("Brev: 0 i kö, ")
    assert told[3] == "Händelse 1 initiative.noted till listener: ConnectionError: Ingen svarar"
    again = runner.invoke(args=["outbox", "retry"])
    assert (again.exit_code, again.output) == (0, "Försöks igen: 1 uppgivna och 0 tidigare okända leveranser.\n")
    listener.fails = lambda _: False
    dispatch(to(listener))
    assert "1 klara, 0 uppgivna" in runner.invoke(args=["outbox", "status"]).output

"""Whether the product is well, for those who run it: at the root, for anyone."""

from functools import cache
from time import perf_counter

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from portfolio.base.db import current_session
from portfolio.base.time import real_now
from portfolio.outbox.queries import clock_age, deliveries_by_state
from portfolio.outbox.rules import has_stopped
from portfolio.web.clock import settings
from portfolio.web.policy import public

health = Blueprint("health", __name__)

TEXT = "text/plain"

REGISTRY = CollectorRegistry()
HEARTBEAT = Gauge(
    "portfolio_clock_heartbeat_age_seconds", "Since the clock's latest sign of life; NaN if none.", registry=REGISTRY
)
DELIVERIES = Gauge("portfolio_deliveries", "Deliveries of events to handlers.", ["state"], registry=REGISTRY)
REQUESTS = Counter("portfolio_requests", "Requests answered.", ["endpoint", "status"], registry=REGISTRY)
SECONDS = Histogram("portfolio_request_seconds", "Seconds until the answer.", ["endpoint"], registry=REGISTRY)


def offer(app: Flask) -> None:
    """Join the addresses to the app and count its requests."""
    app.before_request(_start_clock)
    app.after_request(_count)
    app.register_blueprint(health)


@health.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype=TEXT)


@health.get("/readyz")
@public
def readyz() -> Response:
    """The database answers, its schema is the one that this code expects, and a clock is running.

    Only production expects a clock that has never run: whoever tries the product out may do without.
    """
    try:
        found = set(MigrationContext.configure(current_session().connection()).get_current_heads())
        is_migrated = found == _expected_heads(current_app.config["MIGRATIONS_DIR"])
        age = clock_age(real_now()) if is_migrated else None
    except SQLAlchemyError:
        return Response("the database does not answer\n", 503, mimetype=TEXT)
    if not is_migrated:
        return Response("the database is not migrated: flask --app wsgi db upgrade\n", 503, mimetype=TEXT)
    if has_stopped(age) and (age is not None or settings().production):
        return Response("the clock has stopped: flask --app wsgi clock run\n", 503, mimetype=TEXT)
    return Response("ready\n", mimetype=TEXT)


@health.get("/metrics")
@public
def metrics() -> Response:
    """Counts of this process, and figures of the clock, as Prometheus reads them."""
    try:
        age, counts = clock_age(real_now()), deliveries_by_state()
    except SQLAlchemyError:  # without a database the counts of this process are all there is
        age, counts = None, {}
    HEARTBEAT.set(float("nan") if age is None else age.total_seconds())
    for state, count in counts.items():
        DELIVERIES.labels(state).set(count)
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


@cache
def _expected_heads(directory: str) -> set[str]:
    return set(ScriptDirectory(directory).get_heads())


def _start_clock() -> None:
    g.started_at = perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, str(response.status_code)).inc()
    SECONDS.labels(endpoint).observe(perf_counter() - g.started_at)
    return response

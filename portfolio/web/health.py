"""Whether the product is well, for those who run it: at the root, for anyone."""

from functools import cache
from time import perf_counter

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from portfolio.base.db import current_session
from portfolio.web.policy import public

health = Blueprint("health", __name__)

REGISTRY = CollectorRegistry()
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
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
@public
def readyz() -> Response:
    """The database answers, and its schema is the one that this code expects."""
    try:
        found = set(MigrationContext.configure(current_session().connection()).get_current_heads())
    except SQLAlchemyError:
        return Response("the database does not answer\n", 503, mimetype="text/plain")
    if found != _expected_heads(current_app.config["MIGRATIONS_DIR"]):
        return Response("the database is not migrated: flask --app wsgi db upgrade\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@health.get("/metrics")
@public
def metrics() -> Response:
    """Counts of this process, as Prometheus reads them."""
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

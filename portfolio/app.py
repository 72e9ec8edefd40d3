"""The only place where the parts are joined."""

import hashlib
import os
from collections.abc import Mapping

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config, ConfigError, read_environment
from portfolio import cli
from portfolio.assignments.pages import assignments
from portfolio.base.db import db, listen_to
from portfolio.base.portfolio import the_portfolio
from portfolio.capacity.api import calls as capacity_calls
from portfolio.capacity.pages import blueprint as units
from portfolio.capacity.rules.sentences import LEVEL_WORDS
from portfolio.concepts.pages import concepts
from portfolio.effects.pages import effects
from portfolio.exchange.pages import exchange
from portfolio.goals.pages import goals
from portfolio.initiatives.api import calls as initiative_calls
from portfolio.initiatives.pages import initiatives
from portfolio.initiatives.rules.kinds import KIND_VERBS, KIND_WORDS
from portfolio.initiatives.rules.plans import IMPACT_WORDS, PHASE_WORDS
from portfolio.initiatives.rules.reported import STATE_MISSING, STATE_WORDS
from portfolio.initiatives.rules.starting import MISSING_WORDS
from portfolio.initiatives.rules.statuses import STATUS_WORDS
from portfolio.letters.pages import letters
from portfolio.meetings.pages import meetings
from portfolio.overview.api import calls as overview_calls
from portfolio.overview.pages import overview
from portfolio.people import access, api
from portfolio.people.pages import people
from portfolio.planning.pages import planning
from portfolio.priorities.pages import priorities
from portfolio.receivers.pages import receivers
from portfolio.reminders.pages import reminders
from portfolio.reorganisation.pages import reorganisation
from portfolio.reports.api import calls as report_calls
from portfolio.reports.pages import reports
from portfolio.reviews.pages import reviews
from portfolio.scorecard.rules import GOAL_WORDS
from portfolio.signals.pages import signals
from portfolio.web import filters, frame, health, problems, security
from portfolio.web.about import about
from portfolio.workplaces.pages import workplaces

WORDS: Mapping[str, object] = {
    "status_words": STATUS_WORDS,
    "state_words": STATE_WORDS,
    "state_missing": STATE_MISSING,
    "phase_words": PHASE_WORDS,
    "impact_words": IMPACT_WORDS,
    "level_words": LEVEL_WORDS,
    "kind_verbs": KIND_VERBS,
    "kind_words": KIND_WORDS,
    "missing_words": MISSING_WORDS,
    "goal_words": GOAL_WORDS,
}
"""The rules' words for their own codes, for every template."""
BLUEPRINTS = (
    about,
    people,
    initiatives,
    assignments,
    effects,
    priorities,
    goals,
    concepts,
    reorganisation,
    receivers,
    signals,
    meetings,
    reports,
    reviews,
    workplaces,
    planning,
    overview,
    units,
    exchange,
    reminders,
    letters,
)
CALLS = (capacity_calls, initiative_calls, report_calls, overview_calls)
"""What the noun folders offer in the JSON API."""
MIGRATIONS_DIR = str(ROOT / "portfolio" / "migrations")


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """The product, with the settings of `environ` (the process's own by default); ConfigError if one is wrong."""
    config = read_environment(os.environ if environ is None else environ)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "portfolio/static"))
    app.config.update(
        SETTINGS=config,
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config),
        MIGRATIONS_DIR=MIGRATIONS_DIR,
    )
    app.jinja_env.undefined = StrictUndefined
    _join_database(app, config)
    _believe_proxies(app, config.trusted_proxies)
    health.offer(app)
    security.protect(app)
    frame.surround(app)
    filters.register(app)
    app.jinja_env.globals.update(WORDS)
    problems.answer(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.join(app, *CALLS)
    access.guard(app)
    cli.offer(app)
    if config.has_weak_secret:
        app.logger.warning("SECRET_KEY: shorter than 32 characters, so that it could be guessed: choose a longer one")
    if config.production and _holds_the_demo(app):
        raise ConfigError("DATABASE_URL: the database holds the demo, which may not run in production")
    return app


def _engine_options(config: Config) -> dict[str, object]:
    if config.database_url.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": True, "pool_timeout": 5}


def _join_database(app: Flask, config: Config) -> None:
    db.init_app(app)
    Migrate(app, db, directory=MIGRATIONS_DIR, render_as_batch=True)
    with app.app_context():
        listen_to(db.engine)
        db.engine.update_execution_options(seal_key=_seal_key(config))


def _believe_proxies(app: Flask, count: int) -> None:
    """Take the visitor's address and scheme from our own proxies; anybody else's word for them is ignored."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _holds_the_demo(app: Flask) -> bool:
    """Whether made-up initiatives could be taken for the municipality's own."""
    with app.app_context():
        try:
            return the_portfolio().demo_calendar is not None
        except DBAPIError:  # not migrated yet
            return False
        finally:
            db.session.remove()
            db.engine.dispose()  # the processes that the server forks must not share a connection


def _seal_key(config: Config) -> bytes:
    """Derived from the secret, so that whoever holds only the database cannot reseal a changed event."""
    return hashlib.sha256(b"event seal\n" + config.secret_key.encode()).digest()


__all__ = ["ConfigError", "create_app"]

"""The people of the tests. Each holds a function of the demo municipality and has its story.

The Kommundirektör decides. The Socialchef answers for SOC and its limit. The Kanslichef owns initiatives, the
Projektledare reports for them, and the Enhetschef receives what they bring. The Portföljkoordinator prepares,
the Administratör lets people in, the Registrator files, the Revisor reads the log, and the Medarbetare only
wants to know what is decided.
"""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portfolio.base.db import current_session, transaction
from portfolio.base.time import real_now
from portfolio.people import queries
from portfolio.people.access import COOKIE_KEY
from portfolio.people.actions import sessions
from portfolio.people.actions.persons import add_person
from portfolio.people.actions.tokens import create_token
from portfolio.people.models import Person
from portfolio.people.rules import Actor, Role
from portfolio.web.clock import now

CAST = {
    "Kommundirektör": (Role.CHAIR, "KLF"),
    "Socialchef": (Role.MEMBER, "SOC"),
    "Kanslichef": (Role.OWNER, "KAN"),
    "Projektledare": (Role.DELEGATE, "KAN"),
    "Enhetschef": (Role.RECEIVER, "SOC"),
    "Portföljkoordinator": (Role.COORDINATOR, "UTV"),
    "Administratör": (Role.ADMIN, "ITK"),
    "Registrator": (Role.REGISTRAR, "KAN"),
    "Medarbetare": (Role.READER, "SOC"),
    "Revisor": (Role.AUDITOR, None),
}
INSTALLER = Actor("Kommandorad", Role.ADMIN)


def person(function: str) -> Person:
    """The one who holds a function; added first, at their unit if it exists, unless the database has them."""
    found = queries.holder_of(function)
    if found is not None:
        return found
    role, unit = CAST[function]
    known = unit if unit in queries.unit_codes().values() else None
    with transaction():
        return add_person(function=function, role=role, unit=known, by=INSTALLER, now=now())


def actor(function: str) -> Actor:
    """The one who holds a function, as `by` of an action."""
    return queries.actor_of(person(function))


def sign_in(client: FlaskClient, function: str) -> FlaskClient:
    """The client, from now on signed in as the one who holds a function."""
    person_id = person(function).id
    with transaction():
        token = sessions.sign_in(person_id, real_now=real_now())
    with client.session_transaction() as session:
        session[COOKIE_KEY] = token
    return client


def bearer(role: str = "chair") -> dict[str, str]:
    """The header of an API call, with a new token of a role."""
    name = f"test {len(queries.tokens()) + 1}"
    with transaction():
        token = create_token(name, Role(role), by=INSTALLER, now=now())
    return {"Authorization": f"Bearer {token}"}


def submit(client: FlaskClient, address: str, fields: dict[str, Any] | None = None, **options: Any) -> TestResponse:
    """Send a form as the browser does: with the token that the visitor's own pages carry.

    Whatever the test has read before is forgotten, so that it next sees what the form has changed.
    """
    token = form_token(client, **{name: value for name, value in options.items() if name == "base_url"})
    response = client.post(address, data={**(fields or {}), "csrf_token": token}, **options)
    look_again()
    return response


def look_again() -> None:
    """Forget what the test has read, which would stay as it was for as long as its reading transaction is open."""
    current_session().rollback()


def form_token(client: FlaskClient, **options: Any) -> str:
    """The token that this visitor's forms carry now."""
    page = client.get("/sa-fungerar-det", **options).get_data(as_text=True)
    found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
    assert found is not None
    return found[1]

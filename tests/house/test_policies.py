"""Every route says who may visit it, and keeps its word."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from portfolio.people.access import lets_in
from portfolio.people.rules import Actor, Role
from portfolio.web.addresses import DayConverter
from portfolio.web.policy import Policy, policy_of
from tests.cast import CAST, bearer, form_token, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PUBLIC = {
    "about.accessibility",
    "about.favicon",
    "about.how_it_works",
    "about.privacy",
    "api.docs",
    "api.openapi",
    "health.healthz",
    "health.metrics",
    "health.readyz",
    "people.choose_password",
    "people.invitation",
    "people.sign_in",
    "people.sign_in_by_password",
    "people.sign_in_to_demo",
    "reminders.end_weekly_letter",
    "reminders.unsubscribe",
    "static",
}
FUNCTIONS = {role: function for function, (role, _) in CAST.items()}


def routes(app: Flask) -> Iterator[tuple[Rule, str, str, Policy]]:
    """Every route once for each of its methods, with an address that fits it and what it declares."""
    for rule in app.url_map.iter_rules():
        policy = policy_of(app.view_functions[rule.endpoint])
        assert policy is not None, f"{rule.endpoint} declares no policy"
        arguments = {name: fitting(kind) for name, kind in rule._converters.items()}
        address = app.url_map.bind("localhost").build(rule.endpoint, arguments)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, address, policy


def fitting(kind: BaseConverter) -> object:
    """Something that fits a part of an address."""
    if isinstance(kind, IntegerConverter):
        return 1
    if isinstance(kind, DayConverter):
        return date(2026, 11, 24)
    return min(kind.items) if isinstance(kind, AnyConverter) else "X"


def is_api(address: str) -> bool:
    return address.startswith("/api/")


def test_nothing_is_open_to_anyone_but_what_is_listed_here(app: Flask) -> None:
    assert {rule.endpoint for rule, _, _, policy in routes(app) if policy.anyone} == PUBLIC


def test_an_anonymous_visitor_gets_nothing_else(app: Flask, client: FlaskClient) -> None:
    headers = {"X-CSRFToken": form_token(client)}
    for rule, method, address, policy in routes(app):
        if policy.anyone:
            continue
        response = client.open(address, method=method, headers=headers)
        if is_api(address):
            assert response.status_code == 401, rule
        else:
            assert (response.status_code, response.location[:9]) == (302, "/logga-in"), rule


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_every_page_that_it_has_no_right_to(app: Flask, client: FlaskClient, role: Role) -> None:
    sign_in(client, FUNCTIONS[role])
    headers = {"X-CSRFToken": form_token(client)}
    for rule, method, address, policy in routes(app):
        if not is_api(address) and not lets_in(policy, Actor("", role)):
            assert client.open(address, method=method, headers=headers).status_code == 403, (rule, method)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_every_call_that_it_has_no_right_to(app: Flask, client: FlaskClient, role: Role) -> None:
    headers = bearer(role)
    for rule, method, address, policy in routes(app):
        if is_api(address) and not lets_in(policy, Actor("", role)):
            assert client.open(address, method=method, headers=headers).status_code == 403, (rule, method)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_read_every_page_that_it_has_a_right_to(app: Flask, client: FlaskClient, role: Role) -> None:
    sign_in(client, FUNCTIONS[role])
    for rule, method, address, policy in routes(app):
        if method == "GET" and not is_api(address) and not policy.anyone and lets_in(policy, Actor("", role)):
            assert client.get(address).status_code in (200, 303, 404), rule


def test_the_api_takes_no_cookie_and_the_pages_no_token(app: Flask, client: FlaskClient) -> None:
    token = bearer("chair")
    assert client.get("/personer", headers=token).status_code == 302
    sign_in(client, "Kommundirektör")
    assert client.get("/api/v1/units").status_code == 401


@pytest.mark.changes_the_product
def test_a_view_that_forgets_its_policy_is_closed_to_everybody(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/glömd", view_func=lambda: "secret", endpoint="forgotten")
    sign_in(client, "Kommundirektör")
    assert client.get("/glömd").status_code == 403

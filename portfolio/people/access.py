"""Who is asking, and whether they may visit the page or make the call.

A page knows its visitor by the session in the cookie, the API its caller by a bearer token; neither takes the
other. Both are looked up anew for every request, so whoever is deactivated is out at once.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, current_app, g, request, session
from sqlalchemy.exc import SQLAlchemyError

from portfolio.base.db import transaction
from portfolio.base.errors import Busy, NotPermitted, NotSignedIn
from portfolio.base.time import real_now
from portfolio.people import queries
from portfolio.people.actions.sessions import note_seen
from portfolio.people.rules import ROLE_WORDS, Actor, May, Role, may
from portfolio.web.fragments import wants_json
from portfolio.web.frame import Banner, alarm, menu
from portfolio.web.live import is_asked_again
from portfolio.web.policy import Policy, policy_of, public, requires, signed_in

__all__ = [
    "forget",
    "guard",
    "held",
    "lets_in",
    "me",
    "my_token_id",
    "public",
    "remember",
    "requires",
    "signed_in",
    "stay_signed_in",
    "visitor",
]

COOKIE_KEY = "sign_in"
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is noted when a visitor was last seen: reading a page seldom writes."""
SECONDS_LEFT = "X-Session-Seconds"
"""The header that tells the page how long its visitor stays signed in, so that it can warn in time."""


@dataclass(frozen=True, slots=True)
class Account:
    """The visitor as base.html shows them."""

    function: str
    role_word: str
    seconds_left: int
    """How long the session lasts if nobody does anything more."""
    coordinates: bool
    """Whether it is the one whom others are told to contact."""


def guard(app: Flask) -> None:
    """Stop every request that its view's policy does not let in."""
    public(app.view_functions["static"])
    app.before_request(_let_in)
    app.after_request(_tell_seconds_left)
    app.context_processor(_account_and_menu)


def me() -> Actor:
    """Who makes this request; NotSignedIn if nobody knows."""
    actor = visitor()
    if actor is None:
        raise NotSignedIn
    return actor


def visitor() -> Actor | None:
    """Who makes this request; None if nobody is signed in."""
    if "visitor" not in g:
        g.visitor = _caller() if wants_json() else _person_at_the_browser()
    actor: Actor | None = g.visitor
    return actor


def my_token_id() -> int:
    """The id of the API token that makes this call."""
    me()
    token_id: int = g.token_id
    return token_id


def remember(token: str) -> None:
    """Keep a new session in a cookie that holds nothing of what was there before."""
    session.clear()
    session[COOKIE_KEY] = token


def held() -> str:
    """The token of the session that the cookie holds; empty if it holds none."""
    token: str = session.get(COOKIE_KEY, "")
    return token


def forget() -> None:
    """Empty the cookie."""
    session.clear()


def lets_in(policy: Policy, actor: Actor | None) -> bool:
    """Whether a policy lets someone in."""
    if policy.anyone:
        return True
    return actor is not None and (not policy.rights or any(may(actor, May(right)) for right in policy.rights))


def _let_in() -> None:
    if request.endpoint is None:  # no such address: the API tells only those it knows
        if wants_json():
            me()
        return
    policy = policy_of(current_app.view_functions[request.endpoint])
    if policy is None or not (policy.anyone or lets_in(policy, me())):
        raise NotPermitted


def _caller() -> Actor | None:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    token = queries.good_token(given.strip()) if kind.lower() == "bearer" else None
    if token is None:
        return None
    g.token_id = token.id
    return Actor(token.name, Role(token.role))


def _person_at_the_browser() -> Actor | None:
    token, now = held(), real_now()
    found = queries.session_of(token, now) if token else None
    if found is None:
        return None
    sign_in, person = found
    actor = queries.actor_of(person)
    g.seconds_left = queries.seconds_left(sign_in, now)
    is_due = now - sign_in.seen_at > SEEN_EVERY and not is_asked_again()  # a page left open keeps nobody signed in
    if is_due:
        stay_signed_in()
    return actor


def stay_signed_in() -> None:
    """Count the session's time of rest anew from this moment."""
    token, now = held(), real_now()
    with suppress(Busy), transaction():
        note_seen(token, real_now=now)
    found = queries.session_of(token, now)
    if found is not None:
        g.seconds_left = queries.seconds_left(found[0], now)


def _tell_seconds_left(response: Response) -> Response:
    if "seconds_left" in g:
        response.headers[SECONDS_LEFT] = str(g.seconds_left)
    return response


def _account_and_menu() -> dict[str, object]:
    line: Banner | None = None
    try:
        actor = visitor()
        if actor is not None and may(actor, May.MANAGE_PEOPLE):
            line = alarm()
    except SQLAlchemyError:  # the page about the problem is drawn without a menu
        actor = None
    if actor is None:
        return {"me": None, "nav": [], "alarm": None}
    account = Account(actor.name, ROLE_WORDS[actor.role], g.get("seconds_left", 0), actor.role is Role.COORDINATOR)
    return {
        "me": account,
        "nav": menu(lambda endpoint: _is_open_to(actor, endpoint)),
        "alarm": line,
    }


def _is_open_to(actor: Actor, endpoint: str) -> bool:
    policy = policy_of(current_app.view_functions[endpoint])
    return policy is not None and lets_in(policy, actor)

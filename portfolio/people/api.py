"""Answer the calls of the JSON API: who may, in which order a call is refused, and each write once only."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, request, url_for
from werkzeug.exceptions import HTTPException

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, OverCapacity, Refusal, Unreadable
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import real_now
from portfolio.people import queries
from portfolio.people.access import my_token_id, public, requires
from portfolio.people.actions.tokens import keep_answer
from portfolio.people.models import IdempotentCall
from portfolio.web.calls import BASE, CONVERTERS, Answer, Call, Calls, Sent, sent_json, sent_query
from portfolio.web.forms import check
from portfolio.web.openapi import describe, docs_page

LONGEST_KEY = 200
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
OTHER_CALL = {"Idempotency-Key": ["Nyckeln hör till ett annat anrop. Skicka en ny nyckel."]}
WRONG_KEY = {"Idempotency-Key": [f"Nyckeln får vara högst {LONGEST_KEY} tecken."]}


def join(app: Flask, *nouns: Calls) -> None:
    """Give the app every call that the nouns have declared, and their description."""
    app.url_map.converters |= CONVERTERS
    blueprint = Blueprint("api", __name__, url_prefix=BASE)
    calls = [call for noun in nouns for call in noun.declared]
    for call in calls:
        view = requires(*call.rights)(_answering(call))
        blueprint.add_url_rule(call.path, call.name, view, methods=[call.method])
    _join_description(blueprint, tuple(calls))
    app.register_blueprint(blueprint)


def _join_description(blueprint: Blueprint, calls: tuple[Call, ...]) -> None:
    """It holds nothing of the municipality, and a browser that reads it has no token: open to anyone."""

    @blueprint.get("/openapi.json")
    @public
    def openapi() -> Response:
        return Response(_document(calls), mimetype="application/json")

    @blueprint.get("/docs")
    @public
    def docs() -> Response:
        return docs_page(url_for("api.openapi"))


@cache
def _document(calls: tuple[Call, ...]) -> str:
    """The description as text: made once, when it is first asked for."""
    return json.dumps(describe(calls), ensure_ascii=False)


def _answering(call: Call) -> Callable[..., Response]:
    """The view of a call.

    A write that was done by an earlier call with the same key may since have become impossible: whatever this
    one would be refused for, it gets the earlier one's answer.
    """

    def view(**path: Any) -> Response:
        try:
            return _written(call, path) if call.writes else _response(call, call.act(_sent(call, path), **path))
        except Refusal as refusal:
            kept = _kept_before() if call.writes else None
            if kept is None:
                raise _explained(call, refusal) from None
            return kept

    return view


def _sent(call: Call, path: Mapping[str, Any]) -> Sent:
    """What was sent, checked; what is not there or not the caller's to touch is told before what is wrong."""
    problem = None
    raw: object = {}
    if call.takes is not None:
        try:
            raw = sent_json()
        except (Unreadable, HTTPException) as error:
            problem = error
    if call.find is not None:
        call.find(raw if isinstance(raw, Mapping) else {}, **path)
    if problem is not None:
        raise problem
    body = {} if call.takes is None else check(call.takes(), raw)
    return Sent(body, sent_query(call.query), call.needs_version)


def _written(call: Call, path: Mapping[str, Any]) -> Response:
    sent = _sent(call, path)
    key = _key()
    with transaction():
        if key is None:
            return _response(call, call.act(sent, **path))
        lock_portfolio()  # of two calls with the same key, the second waits here and finds the first one's answer
        known = queries.call_with(my_token_id(), key)
        if known is not None:
            return _again(known)
        response = _response(call, call.act(sent, **path))
        keep_answer(
            my_token_id(),
            key,
            _digest(),
            status=response.status_code,
            body=response.get_data(as_text=True),
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
            real_now=real_now(),
        )
        return response


def _response(call: Call, answer: Answer) -> Response:
    text = "" if answer.body is None else json.dumps(answer.body, ensure_ascii=False)
    response = Response(text, call.status, mimetype="application/json" if text else None)
    if answer.version is not None:
        response.set_etag(str(answer.version))
    if answer.location is not None:
        response.headers["Location"] = f"{BASE}{answer.location}"
    return response


def _explained(call: Call, refusal: Refusal) -> Refusal:
    """The refusal, with the ways forward where the gate refuses: they are sought after the rollback."""
    if isinstance(refusal, OverCapacity) and call.explain is not None:
        return OverCapacity(refusal.plan, call.explain(refusal.plan))
    return refusal


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(WRONG_KEY)
    return key


def _digest() -> str:
    """Tells one call from another: its address and what was sent."""
    told = f"{request.method} {request.full_path}\n".encode() + request.get_data()
    return hashlib.sha256(told).hexdigest()


def _kept_before() -> Response | None:
    """The answer that this very call was given before."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        return None
    current_session().rollback()  # what was read before may be older than the answer
    known = queries.call_with(my_token_id(), key)
    return None if known is None or known.request_hash != _digest() else _again(known)


def _again(known: IdempotentCall) -> Response:
    if known.request_hash != _digest():
        raise Invalid(OTHER_CALL)
    return Response(known.body, known.status, headers=json.loads(known.headers))

"""Every refusal and failure is answered here: a page in Swedish, a fragment for htmx, or problem+json.

`title` and the type are for programs and in English; `detail` is a sentence for people.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch

from flask import Flask, Response, current_app, redirect, render_template, url_for
from flask_wtf.csrf import CSRFError
from jinja2_fragments.flask import render_block
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base import errors
from portfolio.base.db import current_session
from portfolio.web.addresses import page_behind
from portfolio.web.fragments import htmx, wants_json

SIGN_IN_PAGE = "people.sign_in"

STATUS_TEXTS = {
    400: ("Det gick inte att läsa", "Läs in sidan på nytt och försök igen."),
    405: ("Det går inte att göra så här", "Gå tillbaka till sidan och använd dess knappar."),
    413: ("För mycket på en gång", "Filen får vara högst 20 MB, och ett formulär mycket mindre."),
    415: ("Fel slags innehåll", "Skicka ett formulär, eller JSON till API:t."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, before it is worded as a page or as JSON."""

    status: int
    kind: str
    """The last part of the JSON `type`, such as over-capacity."""
    detail: str
    template: str = "problems/other.html"
    facts: Mapping[str, object] = field(default_factory=dict)
    """Further members of the JSON answer."""
    shown: Mapping[str, object] = field(default_factory=dict)
    """What the template is given beside the status and the detail."""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(app: Flask) -> None:
    """Join the answers to the app."""
    app.register_error_handler(errors.NotSignedIn, _ask_to_sign_in)
    app.register_error_handler(errors.Refusal, _refuse)
    app.register_error_handler(PoolTimeout, lambda _: _refuse(errors.Busy()))
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(500, _fail)


def respond(problem: Problem) -> Response:
    """The answer in the form that the caller reads."""
    current_session().rollback()  # whatever failed may have left a transaction that can only be ended
    response = _as_json(problem) if wants_json() else _as_page(problem)
    response.headers.extend(problem.headers)
    return response


@singledispatch
def problem_of(error: Exception) -> Problem:
    """What a refusal means to the one who asked."""
    raise error


@problem_of.register
def _(error: errors.NotFound) -> Problem:
    return Problem(404, "not-found", "Det finns inte.", "problems/404.html", shown={"message": None})


@problem_of.register
def _(error: errors.NotPermitted) -> Problem:
    return Problem(403, "not-permitted", "Du har inte behörighet att göra det här.", "problems/403.html")


@problem_of.register
def _(error: errors.Invalid) -> Problem:
    shown = {
        "heading": "Något behöver rättas",
        "sentences": [text for texts in error.errors.values() for text in texts],
    }
    return Problem(422, "invalid", "Inget har sparats.", facts={"errors": error.errors}, shown=shown)


@problem_of.register
def _(error: errors.Stale) -> Problem:
    return Problem(
        412,
        "stale",
        "Någon annan har ändrat uppgiften sedan du läste den. Inget har sparats.",
        "problems/412.html",
        facts={"version": error.current},
        shown={"reload_href": page_behind()},
    )


@problem_of.register
def _(error: errors.Unreadable) -> Problem:
    return Problem(400, "unreadable", error.problem)


@problem_of.register
def _(error: errors.VersionMissing) -> Problem:
    detail = 'Skicka versionen som du läste i huvudet If-Match, till exempel "3". Den står i svarets ETag.'
    return Problem(428, "version-missing", detail)


@problem_of.register
def _(error: errors.NotAllowedNow) -> Problem:
    detail = "Det går inte i det läge som initiativet har nu. Någon annan kan just ha ändrat det."
    return Problem(
        409,
        "not-allowed-now",
        detail,
        "problems/409.html",
        facts={"current": error.status, "allowed": error.allowed},
        shown={"allowed": error.allowed},
    )


@problem_of.register
def _(error: errors.NotReady) -> Problem:
    return Problem(
        409,
        "not-ready",
        "Initiativet är inte klart för start.",
        "problems/409.html",
        facts={"missing": error.missing},
        shown={"heading": "Något saknas innan det kan starta", "missing": error.missing},
    )


@problem_of.register
def _(error: errors.OverCapacity) -> Problem:
    return Problem(
        409,
        "over-capacity",
        "Det ryms inte. Taket skulle överskridas.",
        "problems/409.html",
        facts=error.body or {},
        shown={"heading": "Det ryms inte"},
    )


@problem_of.register
def _(error: errors.Busy) -> Problem:
    detail = "Många sparar samtidigt. Inget har sparats. Försök igen om några sekunder."
    return Problem(503, "busy", detail, "problems/503.html", headers={"Retry-After": "2"})


@problem_of.register
def _(error: errors.StorageFull) -> Problem:
    detail = "Det finns inte plats att spara mer. Inget har sparats. Säg till den som sköter systemet."
    return Problem(507, "storage-full", detail, "problems/503.html")


@problem_of.register
def _(error: errors.TooManyAttempts) -> Problem:
    detail = "Det har blivit för många misslyckade inloggningar. Vänta en timme och försök igen."
    return Problem(429, "too-many-attempts", detail, "problems/429.html", headers={"Retry-After": "3600"})


@problem_of.register
def _(error: errors.NotSignedIn) -> Problem:
    return Problem(401, "not-signed-in", "Skicka en giltig token.", headers={"WWW-Authenticate": "Bearer"})


@problem_of.register
def _(error: CSRFError) -> Problem:
    detail = "Formuläret hör till en inloggning som är slut, eller till en annan webbplats. Läs in sidan på nytt."
    return Problem(403, "forged-form", detail, shown={"heading": "Inget har sparats"})


@problem_of.register
def _(error: HTTPException) -> Problem:
    status = error.code or 500
    heading, detail = STATUS_TEXTS.get(status, ("Det gick inte", "Gå tillbaka och försök igen."))
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return Problem(status, _slug(status), detail, shown={"heading": heading}, headers=headers)


@problem_of.register
def _(error: RequestEntityTooLarge) -> Problem:
    return Problem(413, "too-large", STATUS_TEXTS[413][1], "problems/413.html")


def _refuse(error: Exception) -> BaseResponse:
    return respond(problem_of(error))


def _answer_http(error: HTTPException) -> BaseResponse | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    if error.code == 404:
        return _refuse(errors.NotFound())
    return _refuse(error)


def _ask_to_sign_in(error: errors.NotSignedIn) -> BaseResponse:
    """A call is refused; a page sends the visitor to sign in and back again, by htmx as a whole page."""
    if wants_json():
        return _refuse(error)
    address = url_for(SIGN_IN_PAGE, next=page_behind())
    if htmx:
        return Response(headers={"HX-Redirect": address})
    return redirect(address)


def _fail(error: Exception) -> Response:
    """A fault of ours: the page shows a code, and the log has it beside the traceback."""
    code = secrets.token_hex(4)
    current_app.logger.error("The failure above was shown with code %s.", code)
    detail = f"Något gick fel hos oss. Inget har sparats. Uppge felkod {code} om du kontaktar oss."
    return respond(
        Problem(500, "failure", detail, "problems/500.html", facts={"code": code}, shown={"error_code": code})
    )


def _as_json(problem: Problem) -> Response:
    body = {
        "type": f"/problems/{problem.kind}",
        "title": problem.kind.replace("-", " ").capitalize(),
        "status": problem.status,
        "detail": problem.detail,
    }
    text = json.dumps(body | dict(problem.facts), ensure_ascii=False)
    sent = text.encode(errors="replace")  # what is quoted may hold halves of characters, which no text can
    return Response(sent, problem.status, content_type="application/problem+json")


def _as_page(problem: Problem) -> Response:
    context = {"message": problem.detail} | dict(problem.shown)
    if not htmx:
        return Response(render_template(problem.template, **context), problem.status)
    html = render_block(problem.template, "problem", **context)
    places = {"HX-Retarget": "#problems", "HX-Reswap": "innerHTML", "HX-Reselect": "#problem"}
    return Response(html, problem.status, headers=places)


def _slug(status: int) -> str:
    return HTTP_STATUS_CODES.get(status, "failure").lower().replace(" ", "-")

"""What protects every page: cookies, headers, the token of forms, sizes, escaping."""

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

from portfolio.web.addresses import DayConverter, IdConverter
from portfolio.web.clock import settings
from portfolio.web.fragments import htmx, wants_json
from portfolio.web.policy import View

LARGEST_UPLOAD = 21 * 1024 * 1024
"""Bytes: a list of 20 MB, and the form around it."""
LARGEST_FORM = 500_000
"""Bytes of any other request."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            "style-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
ONE_YEAR = 365 * 24 * 3600

csrf = CSRFProtect()


def protect(app: Flask) -> None:
    """Switch all protection on. The first that is joined to the app, so that it runs before everything else."""
    app.config.update(_cookie_settings(app))
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    app.jinja_env.autoescape = True
    app.url_map.converters["int"] = IdConverter
    app.url_map.converters["day"] = DayConverter
    htmx.init_app(app)
    csrf.init_app(app)
    app.before_request(_limit_size)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_forged_forms)
    app.after_request(_add_headers)
    app.teardown_request(lambda _: request.close())  # lets go of uploaded files


def accepts_upload(view: View) -> View:
    """Let a view take a file; every other request may only be as large as a form."""
    view.accepts_upload = True  # type: ignore[attr-defined]
    return view


def asks_by_address(view: View) -> View:
    """Let a view be posted to without a form of ours: its address itself says, by a signature, who asks for what.

    A mail program ends a veckobrev that way (RFC 8058).
    """
    view.asks_by_address = True  # type: ignore[attr-defined]
    return view


def _cookie_settings(app: Flask) -> dict[str, object]:
    secure = app.config["SETTINGS"].secure
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }


def _limit_size() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = LARGEST_UPLOAD if getattr(view, "accepts_upload", False) else LARGEST_FORM


def _refuse_nul() -> None:
    """No text holds the character NUL, and PostgreSQL fails on it; forms are read by fields that refuse it too."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        raise BadRequest


def _refuse_forged_forms() -> None:
    """A page's form must carry our token and come from our own pages.

    The API takes no cookie, so nobody can be tricked into calling it, and needs neither.
    """
    if wants_json() or request.endpoint is None:
        return
    if getattr(current_app.view_functions.get(request.endpoint), "asks_by_address", False):
        return
    csrf.protect()
    if request.method not in ("GET", "HEAD", "OPTIONS") and _comes_from_elsewhere():
        raise CSRFError("The request comes from another site.")


def _comes_from_elsewhere() -> bool:
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return True
    return origin is not None and origin.partition("://")[2] != request.host


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings().secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response

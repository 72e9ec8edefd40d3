"""Live pages: a block that its page asks for again every ten seconds, at almost no cost while nothing has changed.

The number of the newest event is the version of everything that is shown. With it goes what else decides the
picture: the day, since reports age and weeks begin; who looks; and the address.
"""

import hashlib

from flask import Response, request

from portfolio.base.time import today
from portfolio.outbox.queries import newest_seq
from portfolio.web.clock import now
from portfolio.web.fragments import htmx


def version_shown(address: str, *looks: object) -> str:
    """The version of what an address shows to one who looks (their function, role, unit), as an ETag has it."""
    told = "\n".join(map(str, (newest_seq(), today(now()), address, *looks)))
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def is_asked_again() -> bool:
    """Whether this is a page that looks whether something has changed, and nobody's own doing."""
    return bool(htmx) and "If-None-Match" in request.headers


def is_unchanged(version: str) -> bool:
    """Whether the page that asks shows this version already."""
    return is_asked_again() and request.if_none_match.contains(version)


def unchanged(version: str) -> Response:
    """The answer that draws nothing."""
    response = Response(status=304)
    response.set_etag(version)
    return response

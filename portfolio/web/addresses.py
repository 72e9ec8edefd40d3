"""Addresses that came from outside: only one of our own pages is followed."""

import re
from datetime import date
from urllib.parse import unquote, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

HOME = "/"
LARGEST_ID = 2**31 - 1
"""The largest number that both databases can look for."""

# One slash at the start and no backslash or control character anywhere: browsers read `/\\evil` as another host.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class IdConverter(IntegerConverter):
    """`<int:…>` in an address: a number too large for an id is no page, rather than a failing query."""

    def __init__(self, url_map: Map):
        """Set the bounds."""
        super().__init__(url_map, max=LARGEST_ID)


class DayConverter(BaseConverter):
    """`<day:…>` in an address: a day as `2026-11-24`; anything else is no page."""

    regex = r"2[0-9]{3}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """From the address."""
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        """To the address."""
        return value.isoformat()


def own_page(address: str | None) -> str:
    """The address if it is a page of ours that can be read, otherwise the start page."""
    if not address or _LOCAL.fullmatch(address) is None:
        return HOME
    try:
        current_app.url_map.bind("").match(unquote(urlsplit(address).path), method="GET")
    except (HTTPException, ValueError):
        return HOME
    return address


def page_behind() -> str:
    """The page that the visitor stands on: this one if it is read, or the one whose form is sent."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return own_page(request.full_path.removesuffix("?"))
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    except ValueError:  # no address at all, such as http://[
        return HOME
    return own_page(f"{shown.path}?{shown.query}" if shown.query else shown.path)

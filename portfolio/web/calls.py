"""Calls of the JSON API as the nouns declare them, and what they read from a request.

A noun's `api` keeps its calls in a `Calls`; people/api joins all of them to the app, and web/openapi describes
them. So a call's address, rights, shapes and answers stand once, beside the function that makes the answer.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from flask import request
from marshmallow import Schema, fields
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import BaseConverter, IntegerConverter

from portfolio.base.errors import Unreadable, VersionMissing
from portfolio.web.addresses import LARGEST_ID
from portfolio.web.fields import Form
from portfolio.web.forms import check
from portfolio.web.strict import Number as WholeNumber

BASE = "/api/v1"
MOST_PER_PAGE = 500
DEEPEST = 32
"""How many objects and lists may lie in one another."""

NO_VERSION = -1
"""Never a thing's version: what If-Match asks for when it names none that there could be."""

Act = Callable[..., "Answer"]
"""Makes a call's answer: given what was sent, and the parts of the address by name."""
Keep = Callable[[Act], Act]
Find = Callable[..., object]


class Code(BaseConverter):
    """A code in an address. Another text is no code, so there is no such address."""

    regex = "[A-Za-zÅÄÖåäö0-9][A-Za-zÅÄÖåäö0-9._-]{0,19}"


class Number(IntegerConverter):
    """A number in an address. One that no database takes stands for 0, which nothing has: so it is not found.

    To refuse it here would make another method's route of the same address be told, with 405.
    """

    def to_python(self, value: str) -> int:
        """The number."""
        number = int(value) if len(value) <= len(str(LARGEST_ID)) else 0
        return number if number <= LARGEST_ID else 0


CONVERTERS = {"code": Code, "number": Number}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a caller sent, checked. `version` is the one that If-Match names, None if it names none."""

    body: Mapping[str, Any]
    query: Mapping[str, Any]
    needs_version: bool = False

    @property
    def version(self) -> int | None:
        """The version that the caller has read; VersionMissing where one is needed and none was sent."""
        given = request.headers.get("If-Match", "").strip()
        if not given:
            if self.needs_version:
                raise VersionMissing
            return None
        tags = request.if_match
        if tags.star_tag:
            return None
        known = [int(tag) for tag in tags.as_set() if tag.isdecimal() and tag.isascii() and len(tag) < 10]
        return known[0] if len(known) == 1 else NO_VERSION


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gives: JSON values, with the version for the ETag and the address of what was made."""

    body: object = None
    version: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `path` is relative to BASE; `rights` are those of which the caller needs one.

    `find(raw, **path)` refuses what is not there, or not the caller's to touch, before the body is checked:
    `raw` is the body as it came. `takes`, `query` and `gives` are classes of schemas; `listed` gives a page of
    them. `refuses` are the shapes of the problems with which it answers 409.
    """

    method: str
    path: str
    rights: tuple[str, ...]
    act: Act
    tag: str
    gives: type[Schema] | None = None
    takes: type[Schema] | None = None
    query: type[Schema] | None = None
    find: Find | None = None
    listed: bool = False
    status: int = 200
    writes: bool = False
    checks_version: bool = False
    needs_version: bool = False
    refuses: tuple[type[Schema], ...] = ()
    explain: Callable[[Any], Mapping[str, object]] | None = None

    @property
    def name(self) -> str:
        """Its name: in the description, and of the route."""
        return self.act.__name__


@dataclass(slots=True)
class Calls:
    """The calls of one noun. `explain` words the plan of an OverCapacity as the body of a try."""

    tag: str
    explain: Callable[[Any], Mapping[str, object]] | None = None
    declared: list[Call] = field(default_factory=list)

    def get(self, path: str, *rights: str, **facts: Any) -> Keep:
        """A call that reads."""
        return self._declare("GET", path, rights, facts)

    def ask(self, path: str, *rights: str, **facts: Any) -> Keep:
        """A call that sends a question, and writes nothing."""
        return self._declare("POST", path, rights, facts)

    def post(self, path: str, *rights: str, **facts: Any) -> Keep:
        """A call that adds something, or acts."""
        return self._declare("POST", path, rights, {"writes": True, "status": 201} | facts)

    def patch(self, path: str, *rights: str, **facts: Any) -> Keep:
        """A call that changes something whose version has been read."""
        versioned = {"checks_version": True, "needs_version": True}
        return self._declare("PATCH", path, rights, {"writes": True} | versioned | facts)

    def delete(self, path: str, *rights: str, **facts: Any) -> Keep:
        """A call that takes something away."""
        return self._declare("DELETE", path, rights, {"writes": True, "status": 204} | facts)

    def _declare(self, method: str, path: str, rights: tuple[str, ...], facts: dict[str, Any]) -> Keep:
        def keep(act: Act) -> Act:
            self.declared.append(Call(method, path, rights, act, self.tag, explain=self.explain, **facts))
            return act

        return keep


class QueryNumber(WholeNumber):
    """A whole number in an address, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        return super()._deserialize(_number_in(value), attr, data, **options)


def _number_in(text: Any) -> Any:
    return int(text) if isinstance(text, str) and text.isdecimal() and text.isascii() and len(text) < 12 else text


class Paging(Form):
    """Which part of a list is asked for."""

    limit = QueryNumber(1, MOST_PER_PAGE, load_default=MOST_PER_PAGE)
    cursor = QueryNumber(0, LARGEST_ID, load_default=0)


class Numbered(Protocol):
    """A row with a number of its own; lists go by it."""

    @property
    def id(self) -> Any:
        """The number."""


Row = TypeVar("Row", bound=Numbered)


def page_of(rows: Sequence[Row], query: Mapping[str, Any], view: Callable[[Row], object]) -> Answer:
    """The asked part of a list. `rows` may be the whole list, or what follows the cursor and one more than asked."""
    rest = sorted((row for row in rows if row.id > query["cursor"]), key=lambda row: row.id)
    shown = rest[: query["limit"]]
    more = len(rest) > len(shown)
    return Answer({"items": [view(row) for row in shown], "next": str(shown[-1].id) if more else None})


def sent_query(schema: type[Schema] | None) -> dict[str, Any]:
    """The address's query, checked; Invalid for what the call does not know. Without a value is as if not sent.

    A list is sent with commas, or by repeating its name.
    """
    wanted = schema() if schema is not None else Form()
    sent: dict[str, Any] = {}
    for name in request.args:
        values = [value for value in request.args.getlist(name) if value]
        is_list = isinstance(wanted.fields.get(name), fields.List)
        if is_list:
            sent[name] = [part for value in values for part in value.split(",") if part]
        elif values:
            sent[name] = values[-1]
    return check(wanted, sent)


def sent_json() -> object:
    """The body's JSON, an empty body being an empty object; refused where it is none."""
    text = request.get_data()
    if not text and not request.mimetype:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        sent = json.loads(text, object_pairs_hook=_without_repeated_names)
    except (ValueError, RecursionError):
        raise Unreadable("Det går inte att läsa som JSON. Kontrollera tecken och citattecken.") from None
    if _is_too_deep(sent):
        raise Unreadable(f"Objekt och listor får ligga i varandra i högst {DEEPEST} nivåer.")
    return sent


def _without_repeated_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    sent = dict(pairs)
    if len(sent) < len(pairs):
        raise Unreadable("Samma fält står två gånger i ett objekt.")
    return sent


def _is_too_deep(sent: object) -> bool:
    """Level by level, since a function that calls itself would meet the same depth that it is to refuse."""
    level = [sent]
    for _ in range(DEEPEST):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True

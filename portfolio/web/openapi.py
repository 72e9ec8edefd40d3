"""The description of the JSON API, made from the calls as they are declared, and a page on which to read it."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, render_template
from marshmallow import Schema, fields

from portfolio.web.calls import BASE, Call
from portfolio.web.strict import IsoWeek, View

VERSION = "1"
ABOUT = """\
The municipality's change portfolio. Send a token with every call: `Authorization: Bearer …`.

Weeks are ISO weeks (`2027-W07`), dates ISO 8601, times RFC 3339 with offset. Errors are
`application/problem+json`. A call is refused for the first of these that applies: 401 or 403, 404, 422, 412 or
428, then 409 with the type `/problems/not-allowed-now`, `/problems/not-ready` or `/problems/over-capacity`.
"""

Json: TypeAlias = dict[str, Any]

DESCRIPTIONS = {
    400: "What was sent is not JSON.",
    401: "There is no token, or it is no longer good.",
    403: "The role of the token does not allow it.",
    404: "There is no such thing, or the role may not know of it.",
    409: "It cannot be done now; `type` says why.",
    412: "Somebody else has changed it since it was read.",
    413: "Too much was sent.",
    415: "The content type is not JSON.",
    422: "Something that was sent is wrong; `errors` says what, by field.",
    428: "The header If-Match is missing.",
    503: "Many are saving at once; nothing was written. Try again in the seconds of Retry-After.",
}


class Problem(View):
    """What went wrong (RFC 9457): `type` and `title` for programs, `detail` in Swedish for people."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()


class Invalid(Problem):
    """What is wrong with what was sent: `errors` is {field: [messages]}, `_form` for the whole."""

    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Stale(Problem):
    """Somebody else has changed it: `version` is the one that holds now."""

    version = fields.Integer()


class NotAllowedNow(Problem):
    """The status `current` does not allow it; `allowed` are the kinds of decision that it does allow."""

    current = fields.String()
    allowed = fields.List(fields.String())


class NotReady(Problem):
    """Something is missing before it may start: owner, phases, impacts_rated, responsible or due."""

    missing = fields.List(fields.String())


PROBLEMS: dict[int, type[Problem]] = {412: Stale, 422: Invalid}
VERSION_HEADER = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}


def describe(calls: Iterable[Call]) -> Json:
    """The OpenAPI document of some calls."""
    shapes: dict[str, type[Schema]] = {}
    marshmallow = MarshmallowPlugin(schema_name_resolver=lambda schema: _named(schema, shapes))
    spec = APISpec(
        title="Förändringsportföljen",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": ABOUT},
        servers=[{"url": BASE}],
        security=[{"bearer": []}],
        plugins=[marshmallow],
    )
    assert marshmallow.converter is not None
    marshmallow.converter.add_attribute_function(_as_week)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for call in calls:
        spec.path(_path_of(call), operations={call.method.lower(): _operation(call)})
    document: Json = spec.to_dict()
    for name, shape in shapes.items():
        document["components"]["schemas"][name]["description"] = _in_one_line(shape.__doc__ or "")
    return document


def docs_page(document: str) -> Response:
    """A page that shows the description at the address `document`, all of it from our own files."""
    return Response(render_template("web/api_docs.html", document=document))


def _named(schema: Any, shapes: dict[str, type[Schema]]) -> str:
    """A schema's name in the document; it is noted, so that its docstring can be told too."""
    shape: type[Schema] = schema if isinstance(schema, type) else type(schema)
    shapes[shape.__name__] = shape
    return shape.__name__


def _in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _as_week(_converter: Any, field: Any, ret: Json, **_: Any) -> Json:
    """Weeks are text in JSON."""
    if not isinstance(field, IsoWeek):
        return {}
    return {"type": ["string", "null"] if field.allow_none else "string"}


def _path_of(call: Call) -> str:
    return re.sub(r"<[^:>]+:(\w+)>", r"{\1}", call.path)


def _operation(call: Call) -> Json:
    summary, _, more = (call.act.__doc__ or "").strip().partition("\n")
    operation: Json = {
        "operationId": call.name,
        "summary": summary,
        "description": _in_one_line(more),
        "tags": [call.tag],
        "parameters": [*_path_parameters(call), *_headers(call)],
        "responses": {str(status): answer for status, answer in _responses(call).items()},
    }
    if call.query is not None:
        operation["parameters"].append({"in": "query", "schema": call.query})
    if call.takes is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": call.takes}}}
    return operation


def _path_parameters(call: Call) -> Iterable[Json]:
    for kind, name in re.findall(r"<(\w+)[^:>]*:(\w+)>", call.path):
        schema = {"type": "integer" if kind == "number" else "string"}
        yield {"in": "path", "name": name, "required": True, "schema": schema}


def _headers(call: Call) -> Iterable[Json]:
    if call.checks_version:
        about = 'The version that was read, as the ETag gave it: `"3"`.'
        needed = {"required": call.needs_version, "schema": {"type": "string"}, "description": about}
        yield {"in": "header", "name": "If-Match", **needed}
    if call.writes:
        about = "The same key sent again with the same body gives the same answer, and has no second effect."
        schema = {"type": "string", "minLength": 1, "maxLength": 200}
        yield {"in": "header", "name": "Idempotency-Key", "schema": schema, "description": about}


def _responses(call: Call) -> dict[int, Json]:
    answers: dict[int, Json] = {call.status: _success(call)}
    for status in sorted(_refusals(call)):
        wanted = {"oneOf": [*call.refuses]} if status == 409 else PROBLEMS.get(status, Problem)
        content = {"application/problem+json": {"schema": wanted}}
        answers[status] = {"description": DESCRIPTIONS[status], "content": content}
    return answers


def _success(call: Call) -> Json:
    answer: Json = {"description": HTTPStatus(call.status).phrase}
    if call.gives is not None:
        answer["content"] = {"application/json": {"schema": _listed(call.gives) if call.listed else call.gives}}
    if call.gives is not None and not call.listed and "version" in call.gives().fields:
        answer["headers"] = VERSION_HEADER
    return answer


def _listed(item: type[Schema]) -> Json:
    next_page = {"type": ["string", "null"], "description": "The `cursor` of the next page."}
    properties = {"items": {"type": "array", "items": item}, "next": next_page}
    return {"type": "object", "properties": properties, "required": ["items", "next"]}


def _refusals(call: Call) -> set[int]:
    """The statuses of the refusals that a call may answer with."""
    conditions: Sequence[tuple[bool, set[int]]] = (
        (True, {400, 401, 403, 422, 503}),
        ("<" in call.path, {404}),
        (call.takes is not None, {413, 415}),
        (bool(call.refuses), {409}),
        (call.checks_version, {412}),
        (call.needs_version, {428}),
    )
    return {status for holds, statuses in conditions if holds for status in statuses}

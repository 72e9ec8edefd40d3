"""Whatever a program sends, the answer is one of those described, and never a failure of ours."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.base.db import transaction
from portfolio.base.time import real_now
from portfolio.demo.actions import load
from tests.api.caller import Caller

MANY = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

CODES = ["FI-001", "FI-006", "FI-011", "FI-013", "FI-014", "BUF", "KLF", "KAN", "MBF", "NIX", "å", "%00", "a b"]
NUMBERS = [0, 1, 2, 3, 7, 99, 2**31, 2**63, 10**30, -1]
WORDS = ["", "Kanslichef", "kanslichef", "FI-001", "BUF", "start", "\x00", "\ud800", "<b>", "å" * 300]
WEEKS = [
    "2026-W48",
    "2026-W52",
    "2026-W53",
    "2027-W02",
    "2027-W07",
    "2027-W53",
    "2020-W01",
    "2199-W52",
    "W",
    "2027-02-15",
]
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([*NUMBERS, 3.7, 1e308, float("inf"), float("nan")])
    | st.sampled_from(WORDS)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WORDS[:6], "kind"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def shaped(schema: Any, document: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a schema, mostly; now and then something else in their place."""
    if "$ref" in schema:
        return shaped(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, depth)
    if "anyOf" in schema:
        return st.one_of([shaped(one, document, depth) for one in schema["anyOf"]])
    kinds = schema.get("type", "string")
    wanted = st.one_of(
        [_of_kind(kind, schema, document, depth) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    )
    return st.integers(0, 11).flatmap(lambda die: JUNK if die == 0 else wanted)


def _of_kind(kind: str, schema: Any, document: Any, depth: int) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if kind == "object":
        return _of_object(schema, document, depth)
    if kind == "array":
        return st.lists(shaped(schema["items"], document, depth + 1), max_size=3)
    if kind == "string" and "pattern" in schema and "W" in schema["pattern"]:
        return st.sampled_from(WEEKS)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "integer": st.integers(schema.get("minimum", -3), schema.get("maximum", 2**31)) | st.integers(1, 4),
        "null": st.none(),
        "string": st.sampled_from([*WORDS, *CODES])
        | st.text(max_size=12)
        | st.sampled_from(["2027-02-15", "2027-W10"]),
    }
    return simple[kind]


def _of_object(schema: Any, document: Any, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(schema.get("additionalProperties"), dict):
        inner = shaped(schema["additionalProperties"], document, depth + 1)
        return st.dictionaries(st.sampled_from(["BUF", "KLF", "KAN", "SOC", "NIX"]), inner, max_size=3)
    known = {name: shaped(one, document, depth + 1) for name, one in schema.get("properties", {}).items()}
    needed = {name: one for name, one in known.items() if name in schema.get("required", [])}
    return st.fixed_dictionaries(needed, optional={name: one for name, one in known.items() if name not in needed})


def calls(document: Any) -> st.SearchStrategy[dict[str, Any]]:
    """One call of any operation, with anything in its address, its headers and its body."""
    operations = [
        (method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()
    ]
    return st.sampled_from(operations).flatmap(lambda found: _call(*found, document))


def _call(method: str, path: str, operation: Any, document: Any) -> st.SearchStrategy[dict[str, Any]]:
    parameters = {
        place: [one for one in operation["parameters"] if one["in"] == place] for place in ("path", "query")
    }
    in_path = {
        one["name"]: st.sampled_from(CODES if one["schema"]["type"] == "string" else NUMBERS)
        for one in parameters["path"]
    }
    in_query = {
        one["name"]: st.sampled_from([*WORDS, *WEEKS, "1", "2", "proposals", "ongoing"])
        for one in parameters["query"]
    }
    body = operation.get("requestBody")
    shape = shaped(body["content"]["application/json"]["schema"], document) if body else st.none()
    return st.fixed_dictionaries(
        {
            "method": st.just(method.upper()),
            "path": st.just(path),
            "in_path": st.fixed_dictionaries(in_path),
            "query": st.fixed_dictionaries({}, optional=in_query),
            "body": shape,
            "version": st.sampled_from([None, '"1"', '"2"', "*", "nonsense"]),
            "key": st.sampled_from([None, None, "a", "b"]),
        }
    )


@pytest.fixture
def fuzzed(app: Flask, client: FlaskClient) -> Caller:
    """The demo municipality, answering as it would in production: a failure is a 500, not an exception."""
    with transaction():
        load(real_now=real_now())
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Caller(client)


@pytest.mark.changes_the_product
def test_no_call_fails_or_answers_something_that_is_not_described(fuzzed: Caller) -> None:
    @MANY
    @given(calls(fuzzed.document))
    def call(one: dict[str, Any]) -> None:
        path = one["path"].format(**{name: quote(str(value), safe="%") for name, value in one["in_path"].items()})
        query = urlencode(one["query"], errors="replace")
        headers = {"If-Match": one["version"], "Idempotency-Key": one["key"]}
        response = fuzzed.call(
            one["method"],
            f"{path}?{query}" if query else path,
            one["body"],
            headers={name: value for name, value in headers.items() if value is not None},
        )
        assert response.status_code < 500

    call()
    assert fuzzed.call("GET", "/load").status_code == 200

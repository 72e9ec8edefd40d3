"""The description of the API says all that there is, and the page that shows it needs nobody else."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.shapes import KNOWN
from tests.cast import bearer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def document(client: FlaskClient) -> Any:
    response = client.get("/api/v1/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    return response.get_json()


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (method.upper(), path, one) for path, methods in document["paths"].items() for method, one in methods.items()
    ]


def test_every_route_is_described_and_nothing_else(app: Flask, document: Any) -> None:
    routes = {
        (method, re.sub(r"<[^:>]+:(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint not in ("api.docs", "api.openapi")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _ in operations(document)} == routes


def test_the_calls_of_the_contract_are_there(document: Any) -> None:
    assert {(method, path) for method, path, _ in operations(document)} >= {
        ("GET", "/units"),
        ("POST", "/units"),
        ("GET", "/units/{code}"),
        ("PATCH", "/units/{code}"),
        ("GET", "/units/{code}/lowered-limits"),
        ("POST", "/units/{code}/lowered-limits"),
        ("DELETE", "/units/{code}/lowered-limits/{lowered_id}"),
        ("GET", "/standstills"),
        ("POST", "/standstills"),
        ("DELETE", "/standstills/{standstill_id}"),
        ("GET", "/load"),
        ("GET", "/initiatives"),
        ("POST", "/initiatives"),
        ("GET", "/initiatives/{code}"),
        ("PATCH", "/initiatives/{code}"),
        ("GET", "/persons"),
        ("PATCH", "/persons/{person_id}"),
        ("POST", "/initiatives/{code}/try"),
        ("POST", "/initiatives/{code}/decisions"),
        ("GET", "/conflicts"),
        ("GET", "/events"),
    }


def test_the_document_is_openapi_3_1_in_all_its_parts(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"title", "version", "description"} <= set(document["info"])
    assert document["servers"] == [{"url": "/api/v1"}]
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    names = [one["operationId"] for _, _, one in operations(document)]
    assert len(names) == len(set(names))
    for method, path, one in operations(document):
        assert one["summary"], (method, path)
        in_path = {wanted["name"] for wanted in one["parameters"] if wanted["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path))
        assert all(wanted["required"] for wanted in one["parameters"] if wanted["in"] == "path")
        assert {"401", "403"} <= set(one["responses"])
        assert any(status.startswith("2") for status in one["responses"])
        assert ("requestBody" in one) <= (method in ("POST", "PATCH"))


def schemas_in(part: Any) -> list[Any]:
    """Every schema that stands in a part of the document, and those inside it."""
    found = []
    for name, value in part.items() if isinstance(part, dict) else enumerate(part):
        if name in ("schema", "items", "additionalProperties") and isinstance(value, dict):
            found.append(value)
        if name == "properties":
            found += list(value.values())
        if isinstance(value, dict | list):
            found += schemas_in(value)
    return found


def test_every_schema_is_one_and_every_reference_leads_somewhere(document: Any) -> None:
    shapes = document["components"]["schemas"]
    found = [*shapes.values(), *schemas_in(document)]
    for schema in found:
        assert set(schema) <= KNOWN, schema
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))
    references = [schema["$ref"].removeprefix("#/components/schemas/") for schema in found if "$ref" in schema]
    assert set(references) <= set(shapes)
    assert all(shape["description"] for shape in shapes.values())


def test_a_change_needs_if_match_and_every_write_takes_a_key(document: Any) -> None:
    for method, path, one in operations(document):
        parameters = [wanted for wanted in one["parameters"] if wanted["in"] == "header"]
        headers = {wanted["name"]: wanted.get("required", False) for wanted in parameters}
        assert (headers.get("If-Match") is True) == (method == "PATCH") == ("428" in one["responses"])
        writes = method in ("PATCH", "DELETE") or (method == "POST" and not path.endswith("/try"))
        assert ("Idempotency-Key" in headers) == writes


def test_weeks_impacts_and_closed_lists_are_described_exactly(document: Any) -> None:
    shapes = document["components"]["schemas"]
    phase = shapes["PhaseBody"]["properties"]
    assert phase["kind"]["enum"] == ["prepare", "implement", "reinforce"]
    assert (phase["weeks"]["type"], phase["weeks"]["minimum"], phase["weeks"]["maximum"]) == ("integer", 1, 520)
    assert phase["impacts"]["additionalProperties"]["type"] == ["integer", "null"]
    assert shapes["NewInitiative"]["required"] == ["title"]
    assert shapes["NewInitiative"]["properties"]["start_week"]["type"] == ["string", "null"]
    assert shapes["NewStandstill"]["properties"]["from_week"]["pattern"] == r"^\d{4}-W\d{2}$"
    assert set(shapes["NewUnit"]["required"]) == {"code", "name", "kind"}
    assert "load" in shapes["CellView"]["required"]
    assert "proposals" not in shapes["CellView"]["required"]
    assert "conflicts" in shapes["OverCapacity"]["required"]


def test_the_docs_are_readable_with_a_token(client: FlaskClient) -> None:
    assert client.get("/api/v1/docs", headers=bearer()).status_code == 200


def test_the_docs_are_readable_with_files_of_our_own_only(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    html = page.get_data(as_text=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    addresses = re.findall(r'(?:src|href|data-document)="([^"]+)"', html)
    assert "/api/v1/openapi.json" in addresses
    for address in addresses:
        assert address.startswith("/"), address
        with client.get(address) as file:
            assert file.status_code == 200, address
    assert re.search(r"<script(?![^>]*src=)|<style|style=|onload=", html) is None

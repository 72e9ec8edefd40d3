"""A program that calls the API, and never takes an answer that the description does not tell of."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.shapes import faults
from tests.cast import bearer

BASE = "/api/v1"


class Caller:
    """Calls with one token. Every answer is held against the description of the API."""

    def __init__(self, client: FlaskClient, role: str = "chair") -> None:
        self.client, self.headers = client, bearer(role)
        self.document: Any = client.get(f"{BASE}/openapi.json").get_json()

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """One call; headers as `headers={"If-Match": ...}`."""
        headers = self.headers | options.pop("headers", {})
        response = self.client.open(f"{BASE}{path}", method=method, json=json, headers=headers, **options)
        self._hold_against_the_description(method, path, response)
        return response

    def get(self, path: str) -> Any:
        """The JSON of an answer that must be there."""
        response = self.call("GET", path)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.get_json()

    def post(self, path: str, json: Any = None, **headers: str) -> TestResponse:
        """Send something; `Idempotency_Key` and `If_Match` are headers."""
        return self.call("POST", path, json, headers=_spelled(headers))

    def patch(self, path: str, json: Any, version: int | None = None, **headers: str) -> TestResponse:
        """Change something that was read in a version; in the one that holds, unless another is given."""
        if version is None:
            version = self.get(path)["version"]
        return self.call("PATCH", path, json, headers={"If-Match": f'"{version}"'} | _spelled(headers))

    def delete(self, path: str, **headers: str) -> TestResponse:
        """Take something away."""
        return self.call("DELETE", path, headers=_spelled(headers))

    def try_plan(self, code: str, **body: Any) -> Any:
        """The gate's answer."""
        response = self.post(f"/initiatives/{code}/try", body)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.get_json()

    def decide(self, code: str, kind: str, **body: Any) -> TestResponse:
        """Take a decision."""
        return self.post(f"/initiatives/{code}/decisions", {"kind": kind, "reason": "Vi behöver det."} | body)

    def cells(self, query: str = "") -> dict[tuple[str, str], Any]:
        """The load map's cells by unit and week."""
        load = self.get(f"/load{query}")
        return {(unit["code"], cell["week"]): cell for unit in load["units"] for cell in unit["cells"]}

    def _hold_against_the_description(self, method: str, path: str, response: TestResponse) -> None:
        operation = self._operation(method, path.partition("?")[0])
        if operation is None:
            assert response.status_code in (400, 404, 405), (method, path, response.status_code)
            return
        told = operation["responses"].get(str(response.status_code))
        assert told is not None, f"{method} {path} answered {response.status_code}, which nobody has been told"
        if "content" not in told:
            assert response.get_data() == b""
            return
        assert response.mimetype in told["content"], (method, path, response.mimetype)
        schema = told["content"][response.mimetype]["schema"]
        assert faults(response.get_json(), schema, self.document) == []

    def _operation(self, method: str, path: str) -> Any:
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return operations.get(method.lower())
        return None


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}

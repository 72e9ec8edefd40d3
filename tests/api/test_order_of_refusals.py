"""Of several things that are wrong with a call, the first in the order of the contract is told."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api import make
from tests.api.caller import BASE, Caller

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

OLD = {"If-Match": '"99"'}
NONSENSE = {"nonsense": True}
UNKNOWN_UNIT = [make.WEEKS | {"impacts": {"NIX": 1}}]


def test_a_missing_or_revoked_token_comes_before_everything(api: Caller, client: FlaskClient) -> None:
    for path in ("/units", "/units/NIX", "/nowhere", "/initiatives/NIX/decisions"):
        for headers in ({}, {"Authorization": "Bearer nix"}, {"Authorization": "Basic eDp5"}):
            refused = client.post(f"{BASE}{path}", data="{", headers=headers)
            assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
            assert refused.headers["WWW-Authenticate"] == "Bearer"
            assert refused.get_json()["status"] == 401


def test_a_role_that_may_not_comes_before_what_is_not_there_and_what_is_wrong(api: Caller) -> None:
    reader = Caller(api.client, "reader")
    assert reader.post("/initiatives/NIX/decisions", NONSENSE).status_code == 403
    assert reader.call("PATCH", "/units/NIX", NONSENSE).status_code == 403
    coordinator = Caller(api.client, "coordinator")
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1})
    for path in (f"/initiatives/{code}/decisions", "/initiatives/NIX/decisions"):
        assert coordinator.post(path, {"kind": "start"} | NONSENSE).status_code == 403


def test_what_is_not_there_comes_before_what_is_wrong(api: Caller) -> None:
    calls: list[tuple[str, str, Any]] = [
        ("PATCH", "/units/NIX", NONSENSE),
        ("POST", "/units/NIX/lowered-limits", NONSENSE),
        ("GET", "/units/NIX/lowered-limits?limit=0", None),
        ("PATCH", "/initiatives/NIX", NONSENSE),
        ("POST", "/initiatives/NIX/try", NONSENSE),
        ("POST", "/initiatives/NIX/decisions", {"kind": "start"} | NONSENSE),
        ("PATCH", "/persons/99", NONSENSE),
    ]
    for method, path, body in calls:
        assert api.call(method, path, body).status_code == 404, path
        if body is not None:
            unreadable = api.call(method, path, data=b"{", content_type="application/json")
            assert unreadable.status_code == 404, path


def test_what_is_wrong_comes_before_the_version_and_the_version_before_the_status(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.started(api, {"BUF": 1})
    decisions, initiative = f"/initiatives/{code}/decisions", f"/initiatives/{code}"
    wrong: list[tuple[str, str, Any]] = [
        ("PATCH", "/units/BUF", NONSENSE),
        ("PATCH", "/units/BUF", {"parent": "NIX"}),
        ("PATCH", "/units/BUF", {"valid_from": "2027-01-02", "valid_to": "2027-01-01"}),
        ("PATCH", initiative, {"owner": "Ingen Alls"}),
        ("PATCH", initiative, {"phases": UNKNOWN_UNIT}),
        ("PATCH", f"/persons/{make.owner().id}", {"unit": "NIX"}),
        ("POST", decisions, {"kind": "close"}),
        ("POST", decisions, {"kind": "resume", "reason": "x", "start_week": "2026-W01"}),
        ("POST", decisions, {"kind": "rescope", "reason": "x", "phases": UNKNOWN_UNIT}),
        ("POST", decisions, {"kind": "rescope", "reason": "x", "phases": []}),
    ]
    for method, path, body in wrong:
        assert api.call(method, path, body, headers=OLD).status_code == 422, body
        if method == "PATCH":
            assert api.call(method, path, body).status_code == 422, body
    close = {"kind": "close", "reason": "Klart."}
    assert api.call("POST", decisions, close, headers=OLD).status_code == 412
    assert api.call("PATCH", initiative, {"phases": []}, headers=OLD).status_code == 412
    assert api.call("PATCH", initiative, {"phases": []}).status_code == 428
    assert api.call("POST", decisions, close).get_json()["type"] == "/problems/not-allowed-now"


def test_the_status_comes_before_readiness_and_readiness_before_room(api: Caller) -> None:
    make.unit(api, "BUF", limit=0)
    proposed = make.initiative(api, {"BUF": 3}, status="proposed", owner=None)
    assert api.decide(proposed, "start").get_json()["type"] == "/problems/not-allowed-now"
    assert api.decide(proposed, "prepare").status_code == 200
    assert api.decide(proposed, "start").get_json()["type"] == "/problems/not-ready"
    assert api.decide(proposed, "start", despite="Ändå.").get_json()["type"] == "/problems/over-capacity"


def test_a_call_that_there_is_not_is_told_and_which_methods_there_are(api: Caller) -> None:
    missing = api.call("GET", "/nowhere")
    assert (missing.status_code, missing.get_json()["type"]) == (404, "/problems/not-found")
    wrong = api.call("PUT", "/units")
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))
    for path in ("/units/%00", "/units/a%2Fb", "/units/" + "A" * 21, "/persons/99999999999999999999", "/persons/-1"):
        assert api.call("GET", path).status_code in (400, 404)

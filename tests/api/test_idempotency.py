"""A write that is sent again with its Idempotency-Key has one effect and one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from portfolio.base.db import db
from portfolio.outbox.models import EventRow
from portfolio.people.models import IdempotentCall
from tests.api import make
from tests.api.caller import Caller

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def events() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(EventRow)) or 0


def test_a_decision_sent_twice_is_taken_once_and_answered_alike(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1})
    body = {"kind": "start", "reason": "Nu."}
    before = events()
    first = api.post(f"/initiatives/{code}/decisions", body, Idempotency_Key="k1", If_Match='"1"')
    after = events()
    again = api.post(f"/initiatives/{code}/decisions", body, Idempotency_Key="k1", If_Match='"1"')
    assert (first.status_code, events()) == (200, after)
    assert after > before
    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (
        200,
        first.get_data(),
        first.headers["ETag"],
    )


def test_something_added_twice_is_there_once(api: Caller) -> None:
    first = api.post("/initiatives", {"title": "A"}, Idempotency_Key="k")
    again = api.post("/initiatives", {"title": "A"}, Idempotency_Key="k")
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert again.get_data() == first.get_data()
    assert len(api.get("/initiatives")["items"]) == 1
    assert api.post("/initiatives", {"title": "A"}).get_json()["code"] == "FI-002"


def test_something_taken_away_twice_is_answered_alike(api: Caller) -> None:
    made = api.post("/standstills", {"from_week": "2027-W10", "to_week": "2027-W11"})
    address = f"/standstills/{made.get_json()['id']}"
    assert api.delete(address, Idempotency_Key="k").status_code == 204
    assert api.delete(address, Idempotency_Key="k").status_code == 204
    assert api.delete(address).status_code == 404


def test_a_change_sent_twice_is_not_stale(api: Caller) -> None:
    make.unit(api, "BUF")
    first = api.patch("/units/BUF", {"limit": 7}, version=1, Idempotency_Key="k")
    again = api.patch("/units/BUF", {"limit": 7}, version=1, Idempotency_Key="k")
    assert (first.status_code, again.status_code, again.get_json()["version"]) == (200, 200, 2)


def test_a_key_belongs_to_one_call_and_one_token(api: Caller) -> None:
    assert api.post("/initiatives", {"title": "A"}, Idempotency_Key="k").status_code == 201
    other = api.post("/initiatives", {"title": "B"}, Idempotency_Key="k")
    assert (other.status_code, [*other.get_json()["errors"]]) == (422, ["Idempotency-Key"])
    elsewhere = api.post("/units", {"code": "A", "name": "A", "kind": "kontor"}, Idempotency_Key="k")
    assert elsewhere.status_code == 422
    assert Caller(api.client).post("/initiatives", {"title": "B"}, Idempotency_Key="k").status_code == 201
    assert api.post("/initiatives", {"title": "C"}, Idempotency_Key="k" * 201).status_code == 422
    assert len(api.get("/initiatives")["items"]) == 2


def test_a_refused_call_can_be_sent_again_with_its_key(api: Caller) -> None:
    refused = api.post("/initiatives", {"title": "A", "owner": "Kanslichef"}, Idempotency_Key="k")
    assert refused.status_code == 422
    make.owner()
    assert api.post("/initiatives", {"title": "A", "owner": "Kanslichef"}, Idempotency_Key="k").status_code == 201


def test_many_at_the_same_moment_with_one_key_have_one_effect(api: Caller, app: Flask) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1})

    def start(_: int) -> tuple[int, bytes]:
        headers = api.headers | {"Idempotency-Key": "k"}
        body = {"kind": "start", "reason": "Nu."}
        response = app.test_client().post(f"/api/v1/initiatives/{code}/decisions", json=body, headers=headers)
        return response.status_code, response.get_data()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(start, range(6)))
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    assert len(api.get(f"/initiatives/{code}/decisions")["items"]) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(IdempotentCall)) == 1

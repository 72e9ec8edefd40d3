"""Persons and their limits through the API."""

import pytest
from flask import Flask

from tests.api import make
from tests.api.caller import Caller
from tests.cast import person

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_a_person_is_told_by_function_and_never_by_secrets(api: Caller, app: Flask) -> None:
    chief = person("Kanslichef")
    assert api.get("/persons")["items"] == [
        {
            "id": chief.id,
            "function": "Kanslichef",
            "email": None,
            "unit": None,
            "role": "owner",
            "max_owned": 3,
            "max_owned_is_default": True,
            "active": True,
            "version": 1,
        }
    ]
    assert api.get(f"/persons/{chief.id}")["function"] == "Kanslichef"
    assert api.call("GET", "/persons/99").status_code == 404


def test_a_person_is_changed_by_version(api: Caller) -> None:
    make.unit(api, "KAN")
    chief = f"/persons/{person('Kanslichef').id}"
    person("Socialchef")
    changed = api.patch(chief, {"unit": "KAN", "email": "Chef@Kommunen.se", "role": "member", "max_owned": 2})
    assert changed.get_json() | {"id": 0} == {
        "id": 0,
        "function": "Kanslichef",
        "email": "chef@kommunen.se",
        "unit": "KAN",
        "role": "member",
        "max_owned": 2,
        "max_owned_is_default": False,
        "active": True,
        "version": 2,
    }
    assert api.patch(chief, {"max_owned": 1}, version=1).status_code == 412
    assert api.call("PATCH", chief, {"max_owned": 1}).status_code == 428
    assert api.patch(chief, {"max_owned": None}).get_json()["max_owned"] == 3
    for field, value in (
        ("unit", "NIX"),
        ("role", "king"),
        ("max_owned", -1),
        ("function", ""),
        ("email", "x"),
        ("id", 1),
    ):
        refused = api.call("PATCH", chief, {field: value})
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field])
    taken = api.patch(chief, {"function": "Socialchef"})
    assert (taken.status_code, [*taken.get_json()["errors"]]) == (422, ["function"])


def test_addresses_are_told_only_to_those_who_manage_persons(api: Caller) -> None:
    chief = person("Kanslichef").id
    assert api.patch(f"/persons/{chief}", {"email": "chef@kommunen.se"}).get_json()["email"] == "chef@kommunen.se"
    member = Caller(api.client, "member")
    assert [one["email"] for one in member.get("/persons")["items"]] == [None]
    assert member.patch(f"/persons/{chief}", {"max_owned": 1}).status_code == 403


def test_owning_fewer_at_a_time_uncovers_conflicts_at_once(api: Caller) -> None:
    make.unit(api, "BUF")
    make.unit(api, "SOC")
    make.started(api, {"BUF": 1})
    make.started(api, {"SOC": 1})
    owner = make.owner().id
    assert api.get("/conflicts")["items"] == []
    assert api.patch(f"/persons/{owner}", {"max_owned": 1}).status_code == 200
    conflicts = api.get("/conflicts")["items"]
    assert {(one["unit"], one["person"], one["measure"], one["value"], one["limit"]) for one in conflicts} == {
        (None, owner, "owner", 2, 1)
    }
    assert [one["week"] for one in conflicts] == [f"2027-W{number}" for number in range(10, 14)]
    assert {one["cause"] for one in conflicts} == {"person.edited"}
    assert api.patch(f"/persons/{owner}", {"max_owned": 2}).status_code == 200
    assert api.get("/conflicts")["items"] == []

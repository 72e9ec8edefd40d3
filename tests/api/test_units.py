"""Units, lowered limits and standstills through the API."""

from typing import Any

import pytest

from tests.api import make
from tests.api.caller import Caller

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_a_program_builds_the_tree_of_an_empty_municipality(api: Caller) -> None:
    made = api.post("/units", {"code": "KLF", "name": "Kommunledningsförvaltningen", "kind": "forvaltning"})
    assert (made.status_code, made.headers["Location"], made.headers["ETag"]) == (201, "/api/v1/units/KLF", '"1"')
    assert made.get_json() == {
        "code": "KLF",
        "name": "Kommunledningsförvaltningen",
        "kind": "forvaltning",
        "parent": None,
        "limit": None,
        "max_parallel": None,
        "limits_confirmed": True,
        "headcount": None,
        "valid_from": None,
        "valid_to": None,
        "version": 1,
    }
    kansli = {"code": "KAN", "name": "Kansliet", "kind": "kontor", "parent": "KLF", "limit": 4, "max_parallel": 2}
    dated = {"headcount": 24, "valid_from": "2026-01-01", "valid_to": "2030-12-31", "limits_confirmed": False}
    assert api.post("/units", kansli | dated).get_json() == kansli | dated | {"version": 1}
    assert api.get("/units/KAN") == kansli | dated | {"version": 1}
    assert [one["code"] for one in api.get("/units")["items"]] == ["KLF", "KAN"]


def test_a_change_needs_the_version_that_was_read_and_gives_a_new_one(api: Caller) -> None:
    make.unit(api, "KLF")
    changed = api.patch("/units/KLF", {"limit": 8, "headcount": None}, version=1)
    assert (changed.status_code, changed.headers["ETag"], changed.get_json()["limit"]) == (200, '"2"', 8)
    stale = api.patch("/units/KLF", {"limit": 9}, version=1)
    assert (stale.status_code, stale.get_json()["version"]) == (412, 2)
    missing = api.call("PATCH", "/units/KLF", {"limit": 9})
    assert (missing.status_code, missing.get_json()["type"]) == (428, "/problems/version-missing")
    for tag in ('W/"2"', '"two"', '"1", "3"'):
        assert api.call("PATCH", "/units/KLF", {"limit": 9}, headers={"If-Match": tag}).status_code == 412
    whatever = api.call("PATCH", "/units/KLF", {"limit": 7}, headers={"If-Match": "*"})
    assert (whatever.status_code, whatever.get_json()["limit"]) == (200, 7)


def test_a_list_comes_in_pages_that_miss_nothing_and_repeat_nothing(api: Caller) -> None:
    for number in range(5):
        make.unit(api, f"U{number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/units?limit=2{cursor and f'&cursor={cursor}'}")
        assert len(page["items"]) <= 2
        seen += [one["code"] for one in page["items"]]
        cursor = page["next"]
    assert seen == ["U0", "U1", "U2", "U3", "U4"]
    assert api.get("/units?limit=5")["next"] is None
    for query in ("limit=0", "limit=501", "limit=x", "cursor=x", "cursor=-1", "colour=red"):
        refused = api.call("GET", f"/units?{query}")
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [query.partition("=")[0]])


WRONG: list[tuple[str, Any]] = [
    ("code", "buf"),
    ("code", ""),
    ("code", "A B"),
    ("code", "A" * 21),
    ("code", None),
    ("code", 7),
    ("name", " "),
    ("name", "N" * 121),
    ("name", "N\x00"),
    ("name", "\ud800"),
    ("kind", "department"),
    ("parent", "NIX"),
    ("limit", "3"),
    ("limit", 3.7),
    ("limit", 3.0),
    ("limit", True),
    ("limit", -1),
    ("limit", float("inf")),
    ("limit", float("nan")),
    ("limit", 10**30),
    ("limit", [3]),
    ("max_parallel", -1),
    ("limits_confirmed", 1),
    ("limits_confirmed", "ja"),
    ("headcount", -1),
    ("valid_from", "2026-02-30"),
    ("valid_from", "2026-W07"),
    ("valid_to", "20260101"),
    ("version", 1),
    ("id", 1),
]


def test_what_is_wrong_with_a_unit_is_told_at_its_field(api: Caller) -> None:
    good = {"code": "BUF", "name": "Barn- och utbildningsförvaltningen", "kind": "forvaltning"}
    for field, value in WRONG:
        refused = api.post("/units", good | {field: value})
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field]), (field, value)
    backwards = api.post("/units", good | {"valid_from": "2027-01-02", "valid_to": "2027-01-01"})
    assert (backwards.status_code, [*backwards.get_json()["errors"]]) == (422, ["valid_to"])
    assert [*api.post("/units", {}).get_json()["errors"]] == ["name", "kind", "code"]
    assert api.post("/units", good).status_code == 201
    taken = api.post("/units", good)
    assert (taken.status_code, [*taken.get_json()["errors"]]) == (422, ["code"])
    assert len(api.get("/units")["items"]) == 1


def test_a_unit_cannot_lie_below_itself_nor_change_its_code(api: Caller) -> None:
    make.unit(api, "KLF")
    make.unit(api, "KAN", parent="KLF")
    for body, field in (({"parent": "KAN"}, "parent"), ({"parent": "NIX"}, "parent"), ({"code": "XYZ"}, "code")):
        refused = api.patch("/units/KLF", body)
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field])
    assert api.patch("/units/KAN", {"parent": None}).get_json()["parent"] is None


def test_a_lowered_limit_holds_in_its_weeks_and_can_be_taken_away(api: Caller) -> None:
    make.unit(api, "KLF", limit=8)
    body = {"from_week": "2027-W02", "to_week": "2027-W06", "yearly": True, "limit": 6, "reason": "Årsbokslut"}
    made = api.post("/units/KLF/lowered-limits", body)
    assert made.status_code == 201
    lowered = made.get_json()
    assert lowered == body | {"id": lowered["id"], "max_parallel": None}
    assert api.get("/units/KLF/lowered-limits") == {"items": [lowered], "next": None}
    limits = {at: cell["limit"] for (_, at), cell in api.cells("?from=2028-W01&weeks=7").items()}
    assert limits == {f"2028-W{n:02d}": 6 if 2 <= n <= 6 else 8 for n in range(1, 8)}
    address = made.headers["Location"].removeprefix("/api/v1")
    assert api.get(address) == lowered
    assert api.delete(address).status_code == 204
    assert api.delete(address).status_code == 404
    assert api.get("/units/KLF/lowered-limits")["items"] == []


def test_a_lowered_limit_of_another_unit_is_not_found(api: Caller) -> None:
    make.unit(api, "KLF")
    make.unit(api, "BUF")
    body = {"from_week": "2027-W02", "to_week": "2027-W06", "limit": 1}
    lowered = api.post("/units/KLF/lowered-limits", body).get_json()
    assert api.delete(f"/units/BUF/lowered-limits/{lowered['id']}").status_code == 404


def test_what_is_wrong_with_weeks_is_told_at_their_field(api: Caller) -> None:
    make.unit(api, "KLF")
    good = {"from_week": "2027-W02", "to_week": "2027-W06", "limit": 1}
    for week in (
        "2027-W54",
        "2027-W53",
        "2027W02",
        "v. 2 2027",
        "2 2027",
        "2027-01-11",
        "2027-w02",
        "9999-W01",
        2,
        None,
    ):
        for field in ("from_week", "to_week"):
            refused = api.post("/units/KLF/lowered-limits", good | {field: week})
            assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field]), (field, week)
    assert [*api.post("/units/KLF/lowered-limits", good | {"limit": None}).get_json()["errors"]] == ["limit"]
    assert [*api.post("/standstills", {"from_week": "2027-W06", "to_week": "2027-W02"}).get_json()["errors"]] == [
        "to_week"
    ]
    for_ever = {"from_week": "2027-W01", "to_week": "2099-W01"}
    assert [*api.post("/standstills", for_ever).get_json()["errors"]] == ["to_week"]
    all_year = {"from_week": "2027-W01", "to_week": "2027-W53", "yearly": True}
    assert [*api.post("/standstills", all_year).get_json()["errors"]] == ["to_week"]


def test_a_yearly_week_53_is_the_last_week_of_a_short_year_too(api: Caller) -> None:
    make.unit(api, "KLF")
    made = api.post("/standstills", {"from_week": "2027-W52", "to_week": "2027-W53", "yearly": True, "reason": "Jul"})
    assert made.status_code == 201
    assert api.get(made.headers["Location"].removeprefix("/api/v1")) == made.get_json()
    still = {at for (_, at), cell in api.cells("?from=2026-W50&weeks=60").items() if cell["level"] == "standstill"}
    assert still == {"2026-W52", "2026-W53", "2027-W52"}


def test_what_a_lower_limit_pushes_over_is_an_open_conflict_until_the_limit_is_back(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    make.started(api, {"BUF": 3})
    lowered = api.post("/units/BUF/lowered-limits", {"from_week": "2027-W11", "to_week": "2027-W11", "limit": 2})
    [conflict] = api.get("/conflicts")["items"]
    assert conflict | {"id": 0, "cause_text": "", "since": ""} == {
        "id": 0,
        "unit": "BUF",
        "person": None,
        "week": "2027-W11",
        "measure": "load",
        "value": 3,
        "limit": 2,
        "cause": "unit.cap_lowered",
        "cause_text": "",
        "since": "",
        "agenda_item": None,
    }
    assert api.cells("?from=2027-W11&weeks=1")["BUF", "2027-W11"]["level"] == "over"
    assert api.delete(lowered.headers["Location"].removeprefix("/api/v1")).status_code == 204
    assert api.get("/conflicts")["items"] == []


def test_preliminary_limits_make_no_conflicts(api: Caller) -> None:
    make.unit(api, "BUF", limit=3, limits_confirmed=False)
    make.started(api, {"BUF": 3})
    assert api.patch("/units/BUF", {"limit": 2}).status_code == 200
    assert api.get("/conflicts")["items"] == []
    assert api.patch("/units/BUF", {"limits_confirmed": True}).status_code == 200
    assert len(api.get("/conflicts")["items"]) == 4


def test_a_member_sets_the_limits_of_their_own_unit_only_and_only_limits(api: Caller) -> None:
    make.unit(api, "SOC")
    member = Caller(api.client, "member")
    assert member.patch("/units/SOC", {"limit": 2}).status_code == 403
    assert member.patch("/units/SOC", {"limit": "two"}).status_code == 403
    assert member.post("/units/SOC/lowered-limits", {}).status_code == 403
    assert member.patch("/units/SOC", {"name": "Socialen"}).status_code == 403
    coordinator = Caller(api.client, "coordinator")
    assert coordinator.patch("/units/SOC", {"limit": 2}).status_code == 200
    assert coordinator.patch("/units/SOC", {"limits_confirmed": False}).status_code == 403
    assert api.patch("/units/SOC", {"limits_confirmed": False}).status_code == 200
    assert coordinator.patch("/units/SOC", {"limits_confirmed": True}).status_code == 403

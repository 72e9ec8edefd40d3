"""Initiatives through the API: propose, find, change, and who may read them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portfolio.base.db import db
from tests.api import make
from tests.api.caller import Caller
from tests.cast import person
from tests.demo_portfolio import DEMO

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_a_title_is_enough_for_a_proposal_and_nobody_is_made_its_owner(api: Caller) -> None:
    person("Kommundirektör")
    made = api.post("/initiatives", {"title": "  Ny växel "})
    assert (made.status_code, made.headers["Location"], made.headers["ETag"]) == (
        201,
        "/api/v1/initiatives/FI-001",
        '"1"',
    )
    assert made.get_json() == {
        "code": "FI-001",
        "title": "Ny växel",
        "summary": "",
        "why": "",
        "if_we_wait": "",
        "status": "proposed",
        "owner": None,
        "owner_text": "",
        "delegate": None,
        "reported_state": None,
        "reported_at": None,
        "start_week": None,
        "end_week": None,
        "phases": [],
        "rank": 1,
        "goal_area": None,
        "other_goal_areas": [],
        "programme": None,
        "assignment_source": None,
        "diarienummer": "",
        "legal_duty": False,
        "must_finish_by": None,
        "risk_assessed_on": None,
        "consulted_on": None,
        "forecast_end_week": None,
        "paused_week": None,
        "until": None,
        "created_at": "2026-11-23T08:00:00+01:00",
        "updated_at": "2026-11-23T08:00:00+01:00",
        "version": 1,
    }
    assert api.get("/initiatives/FI-001") == made.get_json()
    for nobody in (None, "", " "):
        assert api.post("/initiatives", {"title": "Ny växel", "owner": nobody}).get_json()["owner"] is None


def test_a_whole_proposal_comes_back_as_it_was_sent(api: Caller) -> None:
    make.unit(api, "BUF")
    make.unit(api, "SOC")
    body = {
        "code": "SKOL-7.b",
        "title": "Nytt schemasystem",
        "summary": "Ett system för alla skolor.",
        "why": "Mindre dubbelarbete.",
        "if_we_wait": "Avtalet går ut.",
        "status": "in_preparation",
        "owner": "kanslichef",
        "start_week": "2026-W50",
        "phases": [
            {"kind": "prepare", "weeks": 2, "impacts": {"BUF": 1}},
            {"kind": "implement", "weeks": 3, "impacts": {"BUF": 3, "SOC": None}},
            {"kind": "reinforce", "weeks": 1, "impacts": {}},
        ],
        "goal_area": "Kvalitet",
        "assignment_source": "lag",
        "diarienummer": "KS 2026/100",
        "legal_duty": True,
        "must_finish_by": "2027-06-30",
        "risk_assessed_on": "2026-11-02",
        "consulted_on": "2026-11-23",
    }
    make.owner()
    assert api.post("/standstills", {"from_week": "2026-W52", "to_week": "2026-W53"}).status_code == 201
    made = api.post("/initiatives", body).get_json()
    assert {name: made[name] for name in body} == body | {"owner": "Kanslichef"}
    assert made["end_week"] == "2027-W04"
    assert api.post("/initiatives", {"title": "Nästa"}).get_json()["code"] == "FI-001"


def test_an_impact_of_0_is_no_impact(api: Caller) -> None:
    make.unit(api, "BUF")
    made = api.post("/initiatives", {"title": "X", "phases": [make.WEEKS | {"impacts": {"BUF": 0}}]}).get_json()
    assert made["phases"] == [make.WEEKS | {"impacts": {}}]


def phase(**fields: Any) -> dict[str, Any]:
    return {"phases": [make.WEEKS | {"impacts": {"BUF": 1}} | fields]}


WRONG: list[tuple[Any, str]] = [
    ({"title": ""}, "title"),
    ({"title": None}, "title"),
    ({"title": "T" * 201}, "title"),
    ({"summary": "S" * 281}, "summary"),
    ({"code": "A/B"}, "code"),
    ({"code": "A" * 21}, "code"),
    ({"status": "decided"}, "status"),
    ({"owner": "Ingen Alls"}, "owner"),
    ({"owner": "ingen@kommunen.se"}, "owner"),
    ({"owner": 1}, "owner"),
    ({"start_week": "2027-02-15"}, "start_week"),
    ({"start_week": "v. 7 2027"}, "start_week"),
    ({"start_week": "2027-W53"}, "start_week"),
    ({"start_week": "2500-W01"}, "start_week"),
    ({"must_finish_by": "2027-W10"}, "must_finish_by"),
    ({"risk_assessed_on": "2026-11-24"}, "risk_assessed_on"),
    ({"consulted_on": "2026-W47"}, "consulted_on"),
    ({"legal_duty": "yes"}, "legal_duty"),
    ({"assignment_source": "chefen"}, "assignment_source"),
    ({"forecast_end_week": "2027-W10"}, "forecast_end_week"),
    ({"rank": 1}, "rank"),
    ({"version": 1}, "version"),
    ({"decided_by": 1}, "decided_by"),
    ({"phases": {}}, "phases"),
    ({"phases": [1]}, "phases.0._form"),
    ({"phases": [{}]}, "phases.0.kind"),
    (phase(kind="do"), "phases.0.kind"),
    (phase(weeks=0), "phases.0.weeks"),
    (phase(weeks=521), "phases.0.weeks"),
    (phase(weeks="4"), "phases.0.weeks"),
    (phase(weeks=4.0), "phases.0.weeks"),
    (phase(weeks=True), "phases.0.weeks"),
    (phase(weeks=float("nan")), "phases.0.weeks"),
    (phase(impacts=[]), "phases.0.impacts"),
    (phase(impacts={"BUF": 4}), "phases.0.impacts.BUF.value"),
    (phase(impacts={"BUF": "2"}), "phases.0.impacts.BUF.value"),
    (phase(impacts={"NIX": 1}), "phases"),
    (phase(position=1), "phases.0.position"),
    ({"phases": [make.WEEKS] * 21}, "phases"),
    ({"phases": [make.WEEKS | {"weeks": 520}] * 3}, "phases"),
]


def test_what_is_wrong_with_a_proposal_is_told_at_its_field_and_nothing_is_stored(api: Caller) -> None:
    make.unit(api, "BUF")
    for body, field in WRONG:
        refused = api.post("/initiatives", {"title": "Ett förslag"} | body)
        assert refused.status_code == 422, body
        assert field in refused.get_json()["errors"], (body, refused.get_json())
    assert api.get("/initiatives")["items"] == []
    assert api.post("/initiatives", {"title": "A", "code": "X-1"}).status_code == 201
    assert [*api.post("/initiatives", {"title": "B", "code": "X-1"}).get_json()["errors"]] == ["code"]


def test_a_change_keeps_what_it_does_not_name(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 2}, summary="Kort", goal_area="Kvalitet")
    changed = api.patch(
        f"/initiatives/{code}", {"title": "Nytt namn", "summary": None, "goal_area": None, "owner": None}
    )
    told = changed.get_json()
    assert (told["title"], told["summary"], told["goal_area"], told["owner"]) == ("Nytt namn", "", None, None)
    assert (told["start_week"], told["version"], changed.headers["ETag"]) == ("2027-W10", 2, '"2"')
    moved = api.patch(f"/initiatives/{code}", {"start_week": None, "phases": []}).get_json()
    assert (moved["start_week"], moved["end_week"], moved["phases"]) == (None, None, [])
    done = api.patch(f"/initiatives/{code}", {"risk_assessed_on": "2026-11-02", "consulted_on": None}).get_json()
    assert (done["risk_assessed_on"], done["consulted_on"]) == ("2026-11-02", None)
    moved = api.patch(f"/initiatives/{code}", {"risk_assessed_on": None}).get_json()
    assert moved["risk_assessed_on"] is None
    same = api.patch(f"/initiatives/{code}", {"title": "Nytt namn"})
    assert same.get_json()["version"] == moved["version"]


def test_a_status_changes_by_decision_only_and_so_does_the_plan_of_what_counts(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.started(api, {"BUF": 2})
    assert [*api.patch(f"/initiatives/{code}", {"status": "closed"}).get_json()["errors"]] == ["status"]
    refused = api.patch(f"/initiatives/{code}", {"start_week": "2027-W11"})
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/not-allowed-now")
    assert refused.get_json()["current"] == "decided"
    assert "rescope" in refused.get_json()["allowed"]


def test_a_later_forecast_is_reality_and_shows_what_it_pushes_over(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    first = make.started(api, {"BUF": 2}, "2027-W10")
    make.started(api, {"BUF": 2}, "2027-W14")
    assert api.patch(f"/initiatives/{first}", {"forecast_end_week": "2027-W15"}).status_code == 200
    conflicts = api.get("/conflicts")["items"]
    assert [(one["week"], one["value"], one["cause"]) for one in conflicts] == [
        ("2027-W14", 4, "initiative.forecast_reported"),
        ("2027-W15", 4, "initiative.forecast_reported"),
    ]


def test_a_new_owner_of_what_counts_passes_the_gate(api: Caller) -> None:
    make.unit(api, "BUF")
    make.unit(api, "SOC")
    chief = person("Socialchef")
    assert api.patch(f"/persons/{chief.id}", {"max_owned": 1}).status_code == 200
    make.started(api, {"BUF": 1}, owner="Socialchef")
    code = make.started(api, {"SOC": 1})
    refused = api.patch(f"/initiatives/{code}", {"owner": "Socialchef"})
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/over-capacity")
    assert {(one["person"], one["measure"]) for one in refused.get_json()["conflicts"]} == {(chief.id, "owner")}
    assert api.get(f"/initiatives/{code}")["owner"] == "Kanslichef"


def test_a_list_is_narrowed_by_status_unit_and_words(town: Caller) -> None:
    def codes(query: str) -> list[str]:
        return [one["code"] for one in town.get(f"/initiatives{query}")["items"]]

    everything = codes("")
    finished = [one for one in DEMO["experience"] if "start_week" in one]
    assert everything == [one["code"] for one in [*DEMO["initiatives"], *DEMO["orders"], *finished]]
    statuses = {code: town.get(f"/initiatives/{code}")["status"] for code in everything}
    assert codes("?status=proposed,in_preparation") == codes("?status=proposed&status=in_preparation")
    assert codes("?status=ongoing") == [code for code in everything if statuses[code] == "ongoing"]
    assert set(codes("?unit=SBF")) < set(everything)
    assert set(codes("?unit=KAN")) <= set(codes("?unit=KLF"))
    assert codes("?q=SCHEMA+franvaro") == codes("?q=schema%20frånvaro") == ["FI-011"]
    assert codes("?q=fi-011&status=ongoing") == []
    assert codes("?status=&unit=&q=") == everything
    for query, field in (("?status=open", "status.0"), ("?unit=NIX", "unit"), ("?owner=1", "owner")):
        refused = town.call("GET", f"/initiatives{query}")
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field])


@pytest.mark.environment(PORTFOLIO_NOW="2027-03-08T08:00:00+01:00")  # Monday in week 10
def test_a_decided_initiative_is_ongoing_when_its_week_has_come_before_any_clock_says_so(town: Caller) -> None:
    with_status = {one["code"]: one["status"] for one in town.get("/initiatives")["items"]}
    assert "decided" not in {
        one["status"] for one in town.get("/initiatives")["items"] if (one["start_week"] or "9") <= "2027-W10"
    }
    for status in ("decided", "ongoing"):
        found = {one["code"] for one in town.get(f"/initiatives?status={status}")["items"]}
        assert found == {code for code, held in with_status.items() if held == status}


def test_a_list_of_many_costs_as_many_questions_as_a_list_of_one(town: Caller, app: Flask) -> None:
    def questions(query: str) -> int:
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        town.get(f"/initiatives{query}")
        return len(asked)

    one, many = questions("?limit=1&status=ongoing"), questions("?status=ongoing")
    assert one == many <= 15


def test_a_reader_sees_what_is_decided_and_no_proposal_by_any_call(town: Caller) -> None:
    reader = Caller(town.client, "reader")
    shown = reader.get("/initiatives")["items"]
    assert {one["status"] for one in shown} <= {"decided", "ongoing", "paused", "follow_up", "closed", "cancelled"}
    assert len(shown) == 14
    assert reader.get("/initiatives?status=proposed,in_preparation,rejected")["items"] == []
    assert reader.get("/initiatives?q=schema")["items"] == []
    assert reader.call("GET", "/initiatives/FI-011").status_code == 404
    assert reader.get("/initiatives/FI-001")["code"] == "FI-001"
    assert reader.call("GET", "/load?include=proposals").status_code == 403
    assert len(reader.get("/load?weeks=1")["units"]) == len(town.get("/units")["items"])
    for path in ("/initiatives/FI-011/decisions", "/conflicts", "/persons"):
        assert reader.call("GET", path).status_code == 403
    assert reader.post("/initiatives/FI-011/try", {}).status_code == 403


def test_who_may_change_an_initiative(api: Caller) -> None:
    make.unit(api, "BUF")
    code = f"/initiatives/{make.initiative(api, {'BUF': 1})}"
    registrar = Caller(api.client, "registrar")
    assert registrar.patch(code, {"diarienummer": "KS 2026/1"}).get_json()["diarienummer"] == "KS 2026/1"
    assert registrar.patch(code, {"title": "Min"}).status_code == 403
    assert Caller(api.client, "member").patch(code, {"title": 7}).status_code == 403
    assert Caller(api.client, "coordinator").patch(code, {"title": "Vår"}).status_code == 200
    assert Caller(api.client, "auditor").post("/initiatives", {"title": "X"}).status_code == 403

"""Try and decide through the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.rules.kinds import STEPS, Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.rules import Actor, Role
from tests.api import make
from tests.api.caller import Caller

NOW = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())

CHAIR = Actor("Kommundirektör", Role.CHAIR)
GROUND = {
    "why": "Avtalet går ut.",
    "relief": "Två vikarier.",
    "risk": "Försening.",
    "stance": "Chefen är med på det.",
}


def test_a_decision_is_answered_with_the_initiative_and_can_be_read_again(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 2})
    decided = api.decide(code, "start", start_week="2027-W12", reason="Viktigt nu.")
    told = decided.get_json()
    assert (decided.status_code, decided.headers["ETag"], told["status"], told["start_week"]) == (
        200,
        '"2"',
        "decided",
        "2027-W12",
    )
    assert told["decision"] == {
        "id": told["decision"]["id"],
        "kind": "start",
        "reason": "Viktigt nu.",
        "decision_maker": "test 1",
        "decided_at": "2026-11-23T08:00:00+01:00",
        "responsible": "Kanslichef",
        "due": "2027-03-22",
        "until": None,
        "despite": None,
        "exception": None,
        "undone_at": None,
    }
    assert api.get(f"/initiatives/{code}/decisions") == {"items": [told["decision"]], "next": None}


def test_the_responsible_is_kept_by_function_and_never_by_address(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1})
    assert api.patch(f"/persons/{make.owner().id}", {"email": "chef@kommunen.se"}).status_code == 200
    for sent, kept in (("chef@kommunen.se", "Kanslichef"), ("Rektorerna", "Rektorerna"), (None, "Kanslichef")):
        told = api.decide(code, "note", responsible=sent, due="2027-03-01").get_json()["decision"]
        assert (told["responsible"], told["due"]) == (kept, "2027-03-01")


def test_a_start_this_week_is_ongoing_at_once(api: Caller) -> None:
    make.unit(api, "BUF")
    assert (
        api.decide(make.initiative(api, {"BUF": 1}), "start", start_week="2026-W48").get_json()["status"] == "ongoing"
    )


def test_a_try_writes_nothing_and_a_refused_start_tells_the_same(api: Caller) -> None:
    make.unit(api, "BUF", limit=3, max_parallel=1)
    first = make.started(api, {"BUF": 2})
    code = make.initiative(api, {"BUF": 2})
    tried = api.try_plan(code)
    assert tried == api.try_plan(code)
    assert (tried["verdict"], tried["earliest_start"], tried["limit_missing"]) == ("does_not_fit", "2027-W14", [])
    load, parallel = tried["conflicts"][:2]
    assert load == {
        "unit": "BUF",
        "person": None,
        "week": "2027-W10",
        "measure": "load",
        "before": 2,
        "after": 4,
        "limit": 3,
        "binding": True,
        "reason": None,
        "filled_by": [first],
    }
    assert (parallel["measure"], parallel["before"], parallel["after"], parallel["limit"]) == ("parallel", 1, 2, 1)
    assert [way["kind"] for way in tried["alternatives"]] == ["move", "reduce", "pause", "exception"]
    refused = api.decide(code, "start")
    problem = refused.get_json()
    assert (refused.status_code, problem["type"]) == (409, "/problems/over-capacity")
    assert {name: problem[name] for name in tried} == tried
    assert api.get(f"/initiatives/{code}")["version"] == 1
    assert api.get(f"/initiatives/{code}/decisions")["items"] == []


def test_every_way_forward_does_what_it_promises(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    first = make.started(api, {"BUF": 2})
    code = make.initiative(api, {"BUF": 2}, must_finish_by="2027-04-04")
    ways = {way["kind"]: way for way in api.try_plan(code)["alternatives"]}
    assert list(ways) == ["move", "reduce", "pause", "exception"]
    assert (ways["move"]["start_week"], ways["move"]["misses_finish"]) == ("2027-W14", True)
    assert api.try_plan(code, start_week=ways["move"]["start_week"])["verdict"] != "does_not_fit"
    reduce = ways["reduce"]
    assert (reduce["phase"], reduce["unit"], reduce["from"], reduce["to"], reduce["misses_finish"]) == (
        1,
        "BUF",
        2,
        1,
        False,
    )
    assert api.try_plan(code, phases=reduce["phases"], start_week=reduce["start_week"])["verdict"] == "fits_exactly"
    pause = ways["pause"]
    assert pause["codes"] == [first]
    assert pause["paused"] == [{"code": first, "resume_week": "2027-W14", "weeks_later": 4}]
    assert api.try_plan(code, without=pause["codes"])["verdict"] != "does_not_fit"
    assert (ways["exception"]["first_week"], ways["exception"]["valid_to_week"]) == ("2027-W10", "2027-W17")


def test_a_try_of_a_standstill_or_past_week_names_the_earliest_start(api: Caller) -> None:
    make.unit(api, "BUF")
    assert api.post("/standstills", {"from_week": "2027-W10", "to_week": "2027-W11"}).status_code == 201
    code = make.initiative(api, {"BUF": 1})
    still = api.try_plan(code)
    assert (still["verdict"], still["start_refused"], still["earliest_start"]) == (
        "does_not_fit",
        "standstill",
        "2027-W12",
    )
    past = api.try_plan(code, start_week="2026-W47")
    assert (past["verdict"], past["start_refused"], past["earliest_start"]) == ("does_not_fit", "past", "2026-W48")
    for week in ("2027-W10", "2026-W47"):
        refused = api.decide(code, "start", start_week=week)
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, ["start_week"])


def test_preliminary_limits_warn_and_missing_ones_are_named(api: Caller) -> None:
    make.unit(api, "KLF", limit=None)
    make.unit(api, "BUF", limit=1, limits_confirmed=False)
    code = make.initiative(api, {"KLF": 1, "BUF": 2})
    tried = api.try_plan(code)
    assert (tried["verdict"], tried["limit_missing"], tried["alternatives"]) == ("warns", ["KLF"], [])
    assert {conflict["binding"] for conflict in tried["conflicts"]} == {False}
    assert api.decide(code, "start").status_code == 200


def test_what_is_wrong_with_a_try_is_told_at_its_field(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1})
    unknown = [make.WEEKS | {"impacts": {"NIX": 1}}]
    for body, field in (({"phases": unknown}, "phases"), ({"without": ["FI-999"]}, "without"), ({"when": 1}, "when")):
        refused = api.post(f"/initiatives/{code}/try", body)
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field])
    assert api.post("/initiatives/FI-999/try", {"when": 1}).status_code == 404


def test_a_running_initiative_is_tried_without_its_own_load_and_has_no_earliest_start(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    code = make.started(api, {"BUF": 2}, "2026-W48")
    tried = api.try_plan(code, phases=[make.WEEKS | {"impacts": {"BUF": 3}}])
    assert (tried["verdict"], tried["earliest_start"]) == ("fits_exactly", None)
    too_much = api.try_plan(code, phases=[make.WEEKS | {"impacts": {"BUF": 3}}] * 2)
    assert too_much["end_week"] == "2027-W02"


def test_not_ready_lists_what_is_missing_unless_a_reason_is_written(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": None}, owner=None)
    refused = api.decide(code, "start")
    assert (refused.status_code, refused.get_json()["type"], refused.get_json()["missing"]) == (
        409,
        "/problems/not-ready",
        ["owner", "impacts_rated"],
    )
    bare = api.post("/initiatives", {"title": "Bara en rubrik", "status": "in_preparation"}).get_json()["code"]
    assert "phases" in api.decide(bare, "start", start_week="2027-W10").get_json()["missing"]
    started = api.decide(code, "start", despite="Lagen kräver det.")
    assert (started.status_code, started.get_json()["decision"]["despite"]) == (200, "Lagen kräver det.")


def test_an_exception_is_granted_for_the_conflicts_that_were_seen_and_no_others(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    make.started(api, {"BUF": 2})
    code = make.initiative(api, {"BUF": 2})
    seen = api.try_plan(code)["fingerprint"]
    stale = api.decide(code, "start", exception=GROUND | {"valid_to_week": "2027-W13", "granted_for": "0" * 16})
    assert (stale.status_code, stale.get_json()["fingerprint"]) == (409, seen)
    short = api.decide(code, "start", exception=GROUND | {"valid_to_week": "2027-W12", "granted_for": seen})
    assert (short.status_code, [*short.get_json()["errors"]]) == (422, ["exception.valid_to_week"])
    vague = api.decide(code, "start", exception={"valid_to_week": "2027-W13", "granted_for": seen, "why": ""})
    assert {"exception.why", "exception.relief", "exception.risk", "exception.stance"} == set(
        vague.get_json()["errors"]
    )
    granted = api.decide(code, "start", exception=GROUND | {"valid_to_week": "2027-W13", "granted_for": seen})
    assert granted.status_code == 200
    assert granted.get_json()["decision"]["exception"] is not None
    cell = api.cells("?from=2027-W10&weeks=1")["BUF", "2027-W10"]
    assert (cell["load"], cell["level"], cell["exception"]) == (4, "over", True)
    assert api.get("/conflicts")["items"] == []


def with_status(api: Caller, status: str) -> str:
    """The code of an initiative that has come to a status by decisions."""
    if status in ("proposed", "rejected"):
        code = make.initiative(api, {"BUF": 1}, status="proposed")
    else:
        code = make.initiative(api, {"BUF": 1}, start_week="2027-W10" if status == "decided" else "2026-W48")
    way: dict[str, list[str]] = {
        "rejected": ["reject"],
        "decided": ["start"],
        "ongoing": ["start"],
        "paused": ["start", "pause"],
        "follow_up": ["start", "complete"],
        "closed": ["start", "complete", "close"],
        "cancelled": ["start", "cancel"],
    }
    for kind in way.get(status, []):
        assert api.decide(code, kind).status_code == 200
    assert api.get(f"/initiatives/{code}")["status"] == status
    return code


NEEDS: dict[str, dict[str, Any]] = {
    "start": {"start_week": "2026-W50"},
    "resume": {"start_week": "2026-W50"},
    "defer": {"until": "2027-02-15"},
    "rerank": {"rank": 1},
}


@pytest.mark.parametrize("status", [status.value for status in Status])
def test_every_kind_of_decision_leads_where_the_table_says_or_names_the_kinds_allowed(
    api: Caller, status: str
) -> None:
    make.unit(api, "BUF", limit=100)
    allowed = [kind.value for kind, (held, _) in STEPS.items() if status in held]
    for kind in Kind:
        code = with_status(api, status)
        assert api.patch(f"/persons/{make.owner().id}", {"max_owned": 100}).status_code == 200
        decided = api.decide(code, kind, **NEEDS.get(kind, {}))
        if kind in allowed:
            target = STEPS[kind][1]
            assert (decided.status_code, decided.get_json()["status"]) == (200, target or status), kind
        else:
            problem = decided.get_json()
            assert (decided.status_code, problem["type"]) == (409, "/problems/not-allowed-now"), kind
            assert (problem["current"], problem["allowed"]) == (status, allowed)


def test_each_kind_tells_what_it_needs(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1}, start_week=None)
    for kind, field in (("start", "start_week"), ("defer", "until"), ("rerank", "rank")):
        refused = api.decide(code, kind)
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field])
    for body, field in (
        ({"kind": "begin", "reason": "x"}, "kind"),
        ({"kind": "note"}, "reason"),
        ({"kind": "note", "reason": " "}, "reason"),
        ({"kind": "note", "reason": "x", "rank": 0}, "rank"),
        ({"kind": "defer", "reason": "x", "until": "imorgon"}, "until"),
        ({"kind": "defer", "reason": "x", "until": "0001-01-01"}, "until"),
        ({"kind": "defer", "reason": "x", "until": "2200-01-01"}, "until"),
        ({"kind": "defer", "reason": "x", "until": "2999-W01"}, "until"),
        ({"kind": "note", "reason": "x", "due": "9999-12-31"}, "due"),
        ({"kind": "note", "reason": "x", "decided_by": 1}, "decided_by"),
        ({"kind": "start", "reason": "x", "phases": [make.WEEKS | {"impacts": {"NIX": 1}}]}, "start_week"),
        ({"kind": "note", "reason": "x", "exception": {}}, "exception.why"),
    ):
        refused = api.post(f"/initiatives/{code}/decisions", body)
        assert refused.status_code == 422, body
        assert field in refused.get_json()["errors"]


def test_a_day_may_be_told_as_a_week_and_priority_moves_the_others(api: Caller) -> None:
    make.unit(api, "BUF")
    first, second = make.initiative(api, {"BUF": 1}), make.initiative(api, {"BUF": 1})
    assert api.decide(second, "defer", until="2027-W07").get_json()["until"] == "2027-02-15"
    assert api.decide(second, "rerank", rank=1).get_json()["rank"] == 1
    assert api.get(f"/initiatives/{first}")["rank"] == 2


def test_a_decision_is_taken_back_within_half_a_minute_and_once(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1})
    decision = api.decide(code, "start", start_week="2027-W12").get_json()["decision"]["id"]
    address = f"/initiatives/{code}/decisions/{decision}/undo"
    other = make.initiative(api, {"BUF": 1})
    assert api.post(f"/initiatives/{other}/decisions/{decision}/undo").status_code == 404
    undone = api.post(address)
    assert (undone.status_code, undone.get_json()["status"], undone.get_json()["start_week"]) == (
        200,
        "in_preparation",
        "2027-W10",
    )
    assert undone.get_json()["decision"]["undone_at"] is not None
    assert api.post(address).status_code == 409
    asked = Asked(Kind.REJECT, "För tidigt.")
    with transaction():
        late = decide(code, asked, by=CHAIR, now=NOW - timedelta(seconds=31)).decision.id
    refused = api.post(f"/initiatives/{code}/decisions/{late}/undo")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/not-allowed-now")


def test_taking_back_a_pause_meets_the_gate(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    code = make.started(api, {"BUF": 2})
    pause = api.decide(code, "pause").get_json()["decision"]["id"]
    make.started(api, {"BUF": 2})
    refused = api.post(f"/initiatives/{code}/decisions/{pause}/undo")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/over-capacity")
    assert api.get(f"/initiatives/{code}")["status"] == "paused"


def test_the_coordinator_prepares_and_the_chair_decides(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 1}, status="proposed")
    coordinator = Caller(api.client, "coordinator")
    assert coordinator.decide(code, "prepare").get_json()["decision"]["decision_maker"] == "test 2"
    assert coordinator.decide(code, "start").status_code == 403
    assert Caller(api.client, "member").decide(code, "note").status_code == 403


def test_a_completion_may_say_what_was_learnt_and_who_takes_over(api: Caller) -> None:  # S2-18 S3-01
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": 2})
    assert api.decide(code, "start", start_week="2026-W48").status_code == 200
    lesson = {"text": "Fråga först.", "useful": True}
    refused = api.decide(code, "complete", lesson=lesson, handover={"unit": "BUF"})
    assert refused.status_code == 422
    assert set(refused.get_json()["errors"]) == {"lesson.use", "handover.function", "handover.on"}
    handover = {"unit": "BUF", "function": "Skolchef", "on": "2027-02-01"}
    told = api.decide(code, "complete", lesson=lesson | {"use": "Alla som inför något."}, handover=handover)
    assert (told.status_code, told.get_json()["status"]) == (200, "follow_up")
    assert api.get(f"/initiatives/{code}")["status"] == "follow_up"

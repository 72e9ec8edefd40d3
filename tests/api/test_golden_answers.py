"""The golden answers of the demo municipality, as a program gets them."""

from typing import Any

import pytest

from tests.api.caller import Caller
from tests.demo_portfolio import EXPECTED

DEPARTMENTS = ("KLF", "BUF", "SOC", "SBF", "KFF", "AMF", "MBF", "RTJ")


def week(number: int) -> str:
    return f"2027-W{number:02d}"


def told(conflict: dict[str, Any]) -> dict[str, Any]:
    return {name: conflict[name] for name in ("unit", "week", "measure", "before", "after", "limit")}


def test_every_cell_of_the_demo_map_is_as_expected(town: Caller) -> None:
    weeks = len(EXPECTED["load_and_limit"]["KLF"])
    expected = {(unit, at): cell for unit, row in EXPECTED["load_and_limit"].items() for at, cell in row.items()}
    found = town.cells(f"?from=2026-W48&weeks={weeks}")
    shown = {
        key: None if cell["level"] == "standstill" else [cell["load"], cell["limit"]] for key, cell in found.items()
    }
    assert shown == expected


def test_1_the_load_in_week_48(town: Caller) -> None:
    found = town.cells("?weeks=1")
    figures = {unit: (found[unit, "2026-W48"]["load"], found[unit, "2026-W48"]["limit"]) for unit in DEPARTMENTS}
    loads = [(7, 8), (6, 8), (5, 7), (6, 8), (3, 5), (1, 5), (4, 4), (0, 3)]
    assert figures == dict(zip(DEPARTMENTS, loads, strict=True))
    assert found["MBF", "2026-W48"]["level"] == "full"


def test_2_only_klf_is_over_in_weeks_2_to_6(town: Caller) -> None:
    found = town.cells("?weeks=80")
    over = {key: (cell["load"], cell["limit"]) for key, cell in found.items() if cell["level"] == "over"}
    assert over == {("KLF", week(number)): (7, 6) for number in range(2, 7)}


def test_2_the_weeks_over_the_limit_are_open_conflicts_with_their_cause(town: Caller) -> None:
    conflicts = town.get("/conflicts")["items"]
    assert {(one["unit"], one["week"], one["value"], one["limit"]) for one in conflicts} == {
        ("KLF", week(number), 7, 6) for number in range(2, 7)
    }
    assert {(one["cause"], one["agenda_item"]) for one in conflicts} == {("unit.cap_lowered", None)}
    assert all("Årsbokslut" in one["cause_text"] for one in conflicts)


@pytest.mark.parametrize("code", ["FI-011", "FI-012", "FI-013", "FI-014"])
def test_each_proposal_meets_exactly_the_expected_conflicts_and_earliest_week(town: Caller, code: str) -> None:
    expected, answer = EXPECTED["proposals"][code], town.try_plan(code)
    assert answer["start_week"] == expected["wished"]
    assert [told(conflict) for conflict in answer["conflicts"]] == expected["conflicts"]
    assert answer["earliest_start"] == expected["earliest"]


def test_3_the_school_schedule_cannot_start_in_week_2_and_no_exception_can_help(town: Caller) -> None:
    answer = town.try_plan("FI-011", start_week=week(2))
    assert answer["verdict"] == "does_not_fit"
    assert {one["reason"] for one in answer["conflicts"] if one["unit"] == "KLF"} == {"Årsbokslut"}
    assert (answer["earliest_start"], answer["bound_by"]["unit"], answer["bound_by"]["week"]) == (
        week(7),
        "KLF",
        week(6),
    )
    kinds = [way["kind"] for way in answer["alternatives"]]
    assert kinds == ["move", "pause"]


def test_4_only_pausing_the_archive_frees_week_2(town: Caller) -> None:
    counting = [
        one["code"] for one in town.get("/initiatives?status=ongoing,decided")["items"] if one["code"] != "FI-011"
    ]
    frees = [code for code in counting if town.try_plan("FI-011", without=[code])["verdict"] != "does_not_fit"]
    assert frees == EXPECTED["single_pause_that_frees_FI_011_at_2027_W02"] == ["FI-001"]
    pauses = [way for way in town.try_plan("FI-011")["alternatives"] if way["kind"] == "pause"]
    assert [way["codes"] for way in pauses] == [["FI-001"]]


def test_5_less_for_buf_alone_gives_week_7_and_nothing_for_klf_week_2(town: Caller) -> None:
    prepare, implement, reinforce = town.get("/initiatives/FI-011")["phases"]
    gentle = {**implement, "impacts": {"BUF": 2, "KLF": 1}}
    answer = town.try_plan("FI-011", phases=[prepare, gentle, reinforce])
    assert answer["earliest_start"] == week(7)
    assert "reduce" not in [way["kind"] for way in town.try_plan("FI-011")["alternatives"]]
    alone = [{**prepare, "impacts": {"BUF": 1, "KLF": 0}}, {**implement, "impacts": {"BUF": 2}}, reinforce]
    assert town.try_plan("FI-011", phases=alone)["earliest_start"] == week(2)


def test_6_the_other_proposals(town: Caller) -> None:
    fits = town.try_plan("FI-012")
    assert (fits["verdict"], fits["start_week"], fits["bound_by"], fits["alternatives"]) == (
        "fits_exactly",
        week(10),
        None,
        [],
    )
    social = town.try_plan("FI-013", start_week=week(8))["conflicts"]
    assert {(one["unit"], one["after"], one["limit"]) for one in social} == {("SOC", 8, 7)}
    permits = town.try_plan("FI-014", start_week=week(3))["conflicts"]
    assert {(one["unit"], one["measure"], one["after"], one["limit"]) for one in permits} == {
        ("MBF", "load", 5, 4),
        ("MBF", "parallel", 4, 3),
    }
    assert {one["week"] for one in permits} == {week(number) for number in range(3, 11)}


def test_7_what_is_decided_first_moves_what_comes_after(town: Caller) -> None:
    assert town.try_plan("FI-013", start_week=week(8))["earliest_start"] == week(9)
    decided = town.decide("FI-011", "start", start_week=week(7))
    assert (decided.status_code, decided.get_json()["status"]) == (200, "decided")
    assert town.try_plan("FI-013", start_week=week(8))["earliest_start"] == week(13)


def test_8_christmas_is_a_standstill_everywhere(town: Caller) -> None:
    christmas = list(town.cells("?from=2026-W52&weeks=2").values())
    figures = ("load", "limit", "parallel", "max_parallel", "unrated")
    assert len(christmas) == 2 * len(town.get("/units")["items"])
    assert {cell["level"] for cell in christmas} == {"standstill"}
    assert {cell[name] for cell in christmas for name in figures} == {None}


def test_8_modelled_as_a_low_limit_christmas_would_put_six_departments_over(town: Caller) -> None:
    christmas = {"from_week": "2026-W52", "to_week": "2026-W53", "limit": 2, "reason": "Jul och nyår"}
    for code in DEPARTMENTS:
        assert town.post(f"/units/{code}/lowered-limits", christmas).status_code == 201
    for standstill in town.get("/standstills")["items"]:
        assert town.delete(f"/standstills/{standstill['id']}").status_code == 204
    found = town.cells("?from=2026-W52&weeks=2")
    for at in ("2026-W52", "2026-W53"):
        over = {unit for unit in DEPARTMENTS if found[unit, at]["level"] == "over"}
        assert over == {"KLF", "BUF", "SOC", "SBF", "KFF", "MBF"}


def test_9_one_at_a_time_for_the_head_of_the_chancery(town: Caller) -> None:
    person = next(one for one in town.get("/persons")["items"] if one["function"] == "Kanslichef")
    assert town.patch(f"/persons/{person['id']}", {"max_owned": 1}).get_json()["max_owned"] == 1
    expected = EXPECTED["FI_013_wished_2027_W09_if_Kanslichef_may_own_1"]
    answer = town.try_plan("FI-013", start_week=week(9))
    assert [one["week"] for one in answer["conflicts"]] == expected["owner_conflict_weeks"]
    assert {
        (one["unit"], one["person"], one["measure"], one["before"], one["after"]) for one in answer["conflicts"]
    } == {(None, person["id"], "owner", 1, 2)}
    assert answer["earliest_start"] == expected["earliest"] == week(11)


@pytest.mark.environment(PORTFOLIO_NOW="2027-02-08T08:00:00+01:00")  # Monday in week 6
def test_10_a_dragging_initiative_counts_for_eight_weeks_more_or_to_its_forecast(town: Caller) -> None:
    with_it = town.cells("?from=2027-W04&weeks=14&unit=KLF")
    assert town.patch("/initiatives/FI-006", {"forecast_end_week": week(7)}).status_code == 200
    to_its_forecast = town.cells("?from=2027-W04&weeks=14&unit=KLF")
    assert town.decide("FI-006", "complete").get_json()["status"] == "follow_up"
    without = town.cells("?from=2027-W04&weeks=14&unit=KLF")

    def weeks_of(cells: dict[tuple[str, str], Any]) -> set[str]:
        return {at for (unit, at), cell in cells.items() if cell["load"] > without[unit, at]["load"]}

    alone = EXPECTED["FI_006_alone_dragging_at_2027_W06"]["KLF"]
    assert weeks_of(with_it) == {at for at, load in alone.items() if load}
    assert max(weeks_of(with_it)) == week(14)
    assert weeks_of(to_its_forecast) == {week(number) for number in (4, 5, 6, 7)}

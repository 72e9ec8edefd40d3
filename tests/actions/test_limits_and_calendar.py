"""Limits, standstills and the tree: always allowed to change, and what that pushes over is told at once (§4)."""

from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotPermitted, OverCapacity, Stale
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions import calendar, tree
from portfolio.people.rules import Actor, Role
from portfolio.units.queries import ids_by_code, unit_by_code
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_lowered_limit, make_standstill, make_unit

pytestmark = pytest.mark.usefixtures("app")


def edit_unit(code: str, by: Actor = CHAIR, version: int | None = None, **fields: Any) -> None:
    """Change a unit."""
    with transaction():
        tree.edit_unit(code, fields, version=version, by=by, now=NOW)


def running(weeks: int = 4, start: str = "2027-W02", **impacts: int) -> str:
    """Decided and counting in these units."""
    return make_initiative(status="decided", start=start, weeks=weeks, impacts=impacts)


# S4-28
def test_a_lowered_limit_is_always_allowed_and_tells_the_collisions_with_its_reason() -> None:
    make_unit("KLF", limit=4, name="Kommunledningsförvaltningen")
    running(KLF=3)
    lowered = make_lowered_limit("KLF", "2027-W03", "2027-W04", limit=2, reason="Sjukdom")
    assert stored.conflicts() == [
        ("KLF", "2027-W03", "load", "unit.cap_lowered"),
        ("KLF", "2027-W04", "load", "unit.cap_lowered"),
    ]
    assert broken(NOW) == []
    code = make_initiative(impacts={"KLF": 1})
    with pytest.raises(OverCapacity):
        make_decision(code, "start")
    with transaction():
        calendar.restore_limit("KLF", lowered, by=CHAIR, now=NOW)
    assert stored.conflicts() == []
    assert stored.told("unit/KLF")[-3:] == ["unit.cap_restored", "conflict.resolved", "conflict.resolved"]
    make_decision(code, "start")
    assert broken(NOW) == []


def test_a_yearly_lowered_limit_holds_every_year_and_may_wrap_the_year_end() -> None:
    make_unit("KLF", max_parallel=1)
    running(weeks=60, start="2026-W49", KLF=1)
    make_lowered_limit("KLF", "2026-W52", "2026-W01", max_parallel=0, yearly=True)
    assert stored.conflict_weeks("KLF") == ["2026-W52", "2026-W53", "2027-W01", "2027-W52", "2028-W01"]


def test_limits_in_the_wrong_order_or_without_a_figure_are_refused() -> None:
    make_unit("KLF")
    with pytest.raises(Invalid) as refused:
        make_lowered_limit("KLF", "2027-W04", "2027-W03", limit=1)
    assert list(refused.value.errors) == ["to_week"]
    with pytest.raises(Invalid) as refused:
        make_lowered_limit("KLF", "2027-W03", "2027-W04")
    assert list(refused.value.errors) == ["limit"]


def test_a_lower_base_limit_is_always_allowed() -> None:
    make_unit("KLF", limit=4)
    running(KLF=3)
    edit_unit("KLF", limit=2)
    assert stored.conflict_weeks("KLF") == stored.weeks_from("2027-W02", 4)
    assert {cause for *_, cause in stored.conflicts()} == {"unit.edited"}
    edit_unit("KLF", limit=None)
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_preliminary_limits_neither_block_nor_make_conflicts_until_they_are_confirmed() -> None:
    make_unit("KLF", limit=2, confirmed=False)
    running(KLF=3)
    code = make_initiative(impacts={"KLF": 3})
    make_decision(code, "start")
    assert stored.conflicts() == []
    with transaction():
        tree.confirm_limits("KLF", by=CHAIR, now=NOW)
    assert stored.conflict_weeks("KLF") == stored.weeks_from("2027-W02", 4)
    assert {cause for *_, cause in stored.conflicts()} == {"unit.limits_confirmed"}
    with pytest.raises(OverCapacity):
        make_decision(make_initiative(impacts={"KLF": 1}), "start")
    edit_unit("KLF", limits_confirmed=False)
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_the_limit_is_confirmed_by_the_units_own_chief_or_the_chair_and_nobody_else_unconfirms_it() -> None:
    make_unit("KLF", limit=2, confirmed=False)
    make_unit("SOC", limit=2)
    ids = ids_by_code()
    for role, unit in ((Role.COORDINATOR, "KLF"), (Role.ADMIN, "KLF"), (Role.RECEIVER, "KLF"), (Role.MEMBER, "SOC")):
        with pytest.raises(NotPermitted):
            confirm("KLF", Actor("Någon", role, None, ids[unit]))
        with pytest.raises(NotPermitted):
            edit_unit("KLF", by=Actor("Någon", role, None, ids[unit]), limits_confirmed=True)
    for role in (Role.READER, Role.AUDITOR, Role.OWNER, Role.COORDINATOR):
        with pytest.raises(NotPermitted):
            edit_unit("SOC", by=Actor("Någon", role, None, ids["SOC"]), limits_confirmed=False)
    confirm("KLF", Actor("Kommunchef", Role.MEMBER, None, ids["KLF"]))
    assert unit_by_code("KLF").limits_confirmed


def confirm(code: str, by: Actor) -> None:
    """Confirm a unit's limits."""
    with transaction():
        tree.confirm_limits(code, by=by, now=NOW)


def test_a_standstill_lays_every_plan_out_anew_and_its_removal_brings_it_back() -> None:
    make_unit("KLF", limit=4)
    running(KLF=2)
    running(start="2027-W06", KLF=3)
    standstill = make_standstill("2027-W03", "2027-W04")
    assert stored.load("KLF", "2027-W02", "2027-W10") == [2, None, None, 2, 5, 5, 3, 3, 0]
    assert stored.conflict_weeks("KLF") == ["2027-W06", "2027-W07"]
    assert {cause for *_, cause in stored.conflicts()} == {"standstill.added"}
    assert broken(NOW) == []
    with transaction():
        calendar.remove_standstill(standstill, by=CHAIR, now=NOW)
    assert stored.load("KLF", "2027-W02", "2027-W10") == [2, 2, 2, 2, 3, 3, 3, 3, 0]
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_a_removed_standstill_may_push_a_cell_over_too() -> None:
    make_unit("KLF", limit=4)
    standstill = make_standstill("2027-W04", "2027-W05")
    running(KLF=3)
    running(start="2027-W04", KLF=3, weeks=2)
    assert stored.conflict_weeks("KLF") == ["2027-W06", "2027-W07"]
    with transaction():
        opened = calendar.remove_standstill(standstill, by=CHAIR, now=NOW)
        assert [row.cause for row in opened] == ["standstill.removed"] * 2
    assert stored.conflict_weeks("KLF") == ["2027-W04", "2027-W05"]
    assert broken(NOW) == []


def test_a_year_in_which_nothing_ever_runs_is_refused() -> None:
    for first, last, yearly in (("2027-W01", "2027-W53", True), ("2027-W01", "2027-W40", False)):
        with pytest.raises(Invalid) as refused:
            make_standstill(first.replace("W53", "W52"), last.replace("W53", "W52"), yearly=yearly)
        assert list(refused.value.errors) == ["to_week"]


def test_a_moved_unit_takes_its_load_along() -> None:
    make_unit("KLF", limit=4)
    make_unit("SOC", limit=4)
    make_unit("KAN", parent="KLF")
    running(KAN=3)
    running(SOC=3)
    edit_unit("KAN", parent="SOC")
    assert stored.load("KLF", "2027-W02", "2027-W02") == [0]
    assert stored.load("SOC", "2027-W02", "2027-W02") == [6]
    assert stored.conflicts() == [("SOC", week, "load", "unit.edited") for week in stored.weeks_from("2027-W02", 4)]
    edit_unit("KAN", parent=None)
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_a_unit_never_comes_to_lie_below_itself() -> None:
    make_unit("KLF")
    make_unit("KAN", parent="KLF")
    for parent in ("KLF", "KAN"):
        with pytest.raises(Invalid) as refused:
            edit_unit("KLF", parent=parent)
        assert list(refused.value.errors) == ["parent"]
    with pytest.raises(Invalid):
        edit_unit("KLF", parent="FINNSINTE")


def test_a_unit_that_somebody_else_has_changed_is_not_overwritten() -> None:
    make_unit("KLF")
    edit_unit("KLF", name="Kommunledningen", version=1)
    with pytest.raises(Stale) as refused:
        edit_unit("KLF", name="Ledningen", version=1)
    assert refused.value.current == 2
    edit_unit("KLF", name="Kommunledningen", version=2)
    assert unit_by_code("KLF").version == 2
    assert stored.told("unit/KLF") == ["unit.added", "unit.edited"]


def test_who_may_set_limits_shape_units_and_set_the_calendar() -> None:
    make_unit("KLF")
    make_unit("KAN", parent="KLF")
    chief = Actor("Kommunchef", Role.MEMBER, None, ids_by_code()["KLF"])
    edit_unit("KAN", by=chief, limit=3)
    with pytest.raises(NotPermitted):
        edit_unit("KAN", by=chief, name="Mitt kansli")
    with pytest.raises(NotPermitted):
        edit_unit("KAN", by=Actor("Medarbetare", Role.READER), limit=3)
    with pytest.raises(NotPermitted):
        _stand_still(chief)
    _stand_still(Actor("Portföljkoordinator", Role.COORDINATOR))


def _stand_still(by: Actor) -> None:
    week = parse_week("2027-W29")
    with transaction():
        calendar.add_standstill(from_week=week, to_week=week, yearly=True, reason="Semester", by=by, now=NOW)


def test_a_unit_added_below_another_adds_nothing_to_it() -> None:
    make_unit("KLF", limit=2)
    running(KLF=2)
    make_unit("NYA", parent="KLF", limit=0)
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_a_lowered_limit_of_confirmed_limits_is_taken_away_by_their_chief_or_the_chair_alone() -> None:
    make_unit("KLF", limit=4)
    coordinator = Actor("Portföljkoordinator", Role.COORDINATOR)
    chief = Actor("Kommunchef", Role.MEMBER, None, ids_by_code()["KLF"])
    lowered = make_lowered_limit("KLF", "2027-W03", "2027-W04", limit=2)
    with pytest.raises(NotPermitted), transaction():
        calendar.restore_limit("KLF", lowered, by=coordinator, now=NOW)
    with transaction():
        calendar.restore_limit("KLF", lowered, by=chief, now=NOW)
    assert stored.told("unit/KLF")[-1] == "unit.cap_restored"
    make_unit("SOC", limit=4, confirmed=False)
    lowered = make_lowered_limit("SOC", "2027-W03", "2027-W04", limit=2)
    with transaction():
        calendar.restore_limit("SOC", lowered, by=coordinator, now=NOW)
    assert stored.told("unit/SOC")[-1] == "unit.cap_restored"


def test_limits_are_confirmed_once() -> None:
    make_unit("KLF", limit=4, confirmed=False)
    for _ in range(2):
        with transaction():
            tree.confirm_limits("KLF", by=CHAIR, now=NOW)
    assert stored.told("unit/KLF").count("unit.limits_confirmed") == 1

"""Oplanerade händelser: what nobody decided loads the map too, and is never refused for want of room."""

from datetime import timedelta
from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotPermitted, OverCapacity, Stale
from portfolio.base.weeks import format_week, parse_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.actions import unplanned
from portfolio.capacity.actions.unplanned import Happening
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.overview.checks import breached_invariants
from portfolio.people.rules import Actor, Role
from portfolio.units.queries import ids_by_code
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_standstill, make_unit

pytestmark = pytest.mark.usefixtures("app")


def happening(first: str = "2027-W02", last: str | None = "2027-W05", level: int = 3, reason: str = "Översvämning"):
    return Happening(level, parse_week(first), None if last is None else parse_week(last), reason)


def register(unit: str = "SOC", by: Actor = CHAIR, now: Any = NOW, **told: Any) -> int:
    with transaction():
        row, _ = unplanned.register_event(unit, happening(**told), by=by, now=now)
        return row.id


def change(event: int, version: int = 1, **told: Any) -> None:
    with transaction():
        unplanned.change_event(event, happening(**told), version=version, by=CHAIR, now=NOW)


def end(event: int, now: Any = NOW) -> None:
    with transaction():
        unplanned.end_event(event, by=CHAIR, now=now)


def holds(now: Any = NOW) -> bool:
    return broken(now) == list(breached_invariants(now)) == []


def test_a_flood_loads_its_unit_and_those_above_it_as_one_more_thing_that_runs() -> None:  # S0-14
    make_unit("KLF")
    make_unit("SOC", parent="KLF")
    make_initiative(status="decided", start="2027-W04", weeks=4, impacts={"SOC": 2})
    register()
    for unit in ("SOC", "KLF"):
        assert stored.load(unit, "2027-W01", "2027-W08") == [0, 3, 3, 5, 5, 2, 2, 0]
    portfolio = capacity.whole_portfolio()
    assert [one.what for one in portfolio.unplanned.values()] == ["Översvämning"]
    assert stored.told("unit/SOC") == ["unit.added", "unplanned_event.registered"]
    assert holds()


def test_no_room_never_refuses_what_has_happened_and_the_collision_names_it() -> None:  # S0-14
    make_unit("SOC", limit=4, max_parallel=1, name="Socialförvaltningen")
    make_initiative(status="decided", start="2027-W04", weeks=4, impacts={"SOC": 2})
    event = register()
    cause = "unplanned_event.registered"
    weeks = ("2027-W04", "2027-W05")
    expected = [("SOC", week, measure, cause) for week in weeks for measure in ("load", "parallel")]
    assert stored.conflicts() == expected
    rows = capacity.open_conflicts(NOW)
    assert {row.cause_text for row in rows} == {"Oplanerad händelse i Socialförvaltningen: Översvämning"}
    clashes = capacity.clashes(rows, capacity.whole_portfolio(), NOW)
    assert {tuple(clash.codes) for clash in clashes} == {("FI-001",)}
    assert holds()
    change(event, last="2027-W04", level=2)
    assert stored.conflicts() == expected[1:2]
    assert holds()
    change(event, version=2, last="2027-W04", level=3)
    assert ("SOC", "2027-W04", "load", "unplanned_event.changed") in stored.conflicts()
    end(event)
    assert stored.conflicts() == []
    assert stored.told("unit/SOC").count("unplanned_event.ended") == 1
    assert holds()


def test_the_gate_sees_what_is_unplanned_and_names_it() -> None:  # S0-14
    make_unit("SOC", limit=4)
    event = register()
    code = make_initiative(start="2027-W02", weeks=4, impacts={"SOC": 2})
    with pytest.raises(OverCapacity):
        make_decision(code, "start")
    end(event)
    make_decision(code, "start")
    assert holds()


def test_what_nobody_knows_the_end_of_goes_on_eight_weeks_ahead_until_it_is_said_to_be_over() -> None:
    make_unit("SOC", limit=4)
    make_initiative(status="decided", start="2027-W05", weeks=10, impacts={"SOC": 2})
    event = register(first="2026-W40", last=None)
    assert stored.loaded_weeks("SOC", "2026-W44", "2027-W04")[-1] == "2027-W03"
    assert stored.conflicts() == []
    later = NOW + timedelta(weeks=3)
    keep_up_with_the_calendar(later)
    assert stored.conflict_weeks("SOC", later) == ["2027-W05", "2027-W06"]
    assert holds(later)
    end(event, later)
    assert stored.load("SOC", "2026-W51", "2026-W52", later) == [3, 0]
    assert holds(later)


def test_what_never_came_loads_nothing_and_an_end_is_told_once() -> None:
    make_unit("SOC")
    event = register()
    end(event)
    end(event)
    assert stored.load("SOC", "2027-W01", "2027-W06") == [0] * 6
    assert stored.told("unit/SOC").count("unplanned_event.ended") == 1
    assert holds()
    with pytest.raises(Stale):
        change(event, version=2)


def test_a_standstill_is_one_for_the_unplanned_too() -> None:
    make_unit("SOC")
    register()
    make_standstill("2027-W03", "2027-W03")
    assert stored.load("SOC", "2027-W01", "2027-W06") == [0, 3, None, 3, 3, 0]
    assert holds()


def test_a_change_that_changes_nothing_is_no_event_and_an_old_version_is_refused() -> None:
    make_unit("SOC")
    event = register()
    change(event)
    assert "unplanned_event.changed" not in stored.told("unit/SOC")
    change(event, reason="Översvämning i två kvarter")
    with pytest.raises(Stale):
        change(event, level=1)


def test_weeks_that_cannot_be_are_refused_at_their_field() -> None:
    make_unit("SOC")
    far = format_week(parse_week("2026-W48") + unplanned.LONGEST_WEEKS + 1)
    for field, told in (
        ("to_week", {"first": "2027-W05", "last": "2027-W04"}),
        ("to_week", {"first": "2027-W05", "last": "2029-W10"}),
        ("from_week", {"first": far, "last": None}),
    ):
        with pytest.raises(Invalid) as refused:
            register(**told)
        assert list(refused.value.errors) == [field]


def test_a_chief_registers_for_their_own_unit_and_below_and_the_coordinator_for_all() -> None:  # S0-14
    make_unit("SOC")
    make_unit("HEM", parent="SOC")
    make_unit("BUF")
    chief = Actor("Socialchef", Role.MEMBER, None, ids_by_code()["SOC"])
    register("HEM", by=chief)
    register("BUF", by=Actor("Portföljkoordinator", Role.COORDINATOR))
    owner = Actor("Projektägare", Role.OWNER, None, ids_by_code()["BUF"])
    for by in (chief, owner, Actor("Medarbetare", Role.READER)):
        with pytest.raises(NotPermitted):
            register("BUF", by=by)

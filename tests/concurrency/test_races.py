"""However many hands act at once, no unit and no owner gets more than it can carry (fault cases CAP-1 to CAP-9)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from portfolio.base.db import current_session, db, transaction
from portfolio.base.time import this_week
from portfolio.base.weeks import parse_week
from portfolio.capacity import actions as capacity
from portfolio.capacity import queries
from portfolio.capacity.rules.conflicts import breaches, uncovered
from portfolio.capacity.rules.load import load_map
from portfolio.initiatives import actions
from portfolio.initiatives.decisions import Asked, decide
from portfolio.initiatives.models import ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.rules import Kind, Status
from portfolio.outbox.queries import first_broken_event
from portfolio.people.models import Person
from portfolio.people.rules import Role
from portfolio.units.queries import ids_by_code
from tests.concurrency.race import CHAIR, NOW, PROCESSES, Call, race

START = parse_week("2027-W02")


def units(**limits: int) -> None:
    """Units with these limits, on the top level."""
    with transaction():
        for code, limit in limits.items():
            fields = {"code": code, "name": code, "kind": "forvaltning", "limit": limit}
            capacity.add_unit(fields, by=CHAIR, now=NOW)


def persons(count: int, max_owned: int) -> list[int]:
    """Persons who may own at most so many initiatives each."""
    with transaction() as session:
        rows = [Person(function=f"Chef {at}", role=Role.OWNER, max_owned=max_owned) for at in range(count)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def prepared(plans: Sequence[Mapping[str, int]], owners: Sequence[int], prefix: str = "R") -> list[str]:
    """One initiative in preparation for each plan `{unit: impact}`, four weeks from START, owners by turns."""
    ids = ids_by_code()
    codes = [f"{prefix}-{at:04d}" for at in range(len(plans))]
    rows = [
        {
            "code": code,
            "title": code,
            "status": Status.IN_PREPARATION,
            "start_week": START,
            "owner_id": owners[at % len(owners)],
            "created_at": NOW,
            "updated_at": NOW,
        }
        for at, code in enumerate(codes)
    ]
    with transaction() as session:
        session.execute(insert(Initiative), rows)
        mine = select(Initiative.id).where(Initiative.code.in_(codes)).order_by(Initiative.code)
        initiatives = list(session.scalars(mine))
        phases = [{"initiative_id": one, "position": 0, "kind": "implement", "weeks": 4} for one in initiatives]
        session.execute(insert(PhaseRow), phases)
        of_them = select(PhaseRow.id).where(PhaseRow.initiative_id.in_(initiatives))
        in_order = list(session.scalars(of_them.order_by(PhaseRow.initiative_id)))
        impacts = [
            {"phase_id": phase, "unit_id": ids[unit], "impact": impact}
            for phase, plan in zip(in_order, plans, strict=True)
            for unit, impact in plan.items()
        ]
        session.execute(insert(ImpactRow), impacts)
    return codes


def start(code: str) -> Call:
    """The chair starts an initiative in the week that it wishes."""
    return Call(decide, (code, Asked(Kind.START, "Kapplöpning")))


def started() -> list[str]:
    """The codes of everything that counts."""
    db.session.rollback()
    return sorted(queries.whole_portfolio().commitments)


def highest_load(unit: str) -> int:
    """The highest load of a unit in the weeks of the race."""
    portfolio = queries.whole_portfolio()
    cells = load_map(portfolio, this_week(NOW), START, 60, [unit])[unit]
    return max(cell.load or 0 for cell in cells)


def unexplained() -> dict[Any, Any]:
    """Cells over a confirmed limit with neither an exception nor an open conflict: there must be none."""
    db.session.rollback()
    portfolio = queries.whole_portfolio()
    found = breaches(portfolio, this_week(NOW), portfolio.tree.units, portfolio.max_owned)
    open_cells = {(row.unit_id, row.person_id, row.week, row.measure) for row in queries.open_conflicts(NOW)}
    ids = ids_by_code()
    return {
        key: breach
        for key, breach in uncovered(found, queries.exception_covers(NOW)).items()
        if (key.unit and ids[key.unit], key.person, key.week, key.measure) not in open_cells
    }


def ensure_sound() -> None:
    """What must hold after every race: nothing unexplained, and every event in its place in the chain."""
    assert unexplained() == {}
    assert first_broken_event() is None


def test_six_hundred_starts_at_once_never_share_the_last_room(app: Flask, settings: Mapping[str, str]) -> None:
    units(BUF=7)
    codes = prepared([{"BUF": 1 + at % 3} for at in range(600)], persons(600, 3))
    result = race(settings, [start(code) for code in codes])
    assert set(result.counts) == {"done", "OverCapacity"}
    assert result.counts["done"] == len(started())
    assert highest_load("BUF") == 7
    ensure_sound()


def test_starts_that_meet_in_two_units_from_both_ends_neither_overload_nor_lock_each_other_out(
    app: Flask, settings: Mapping[str, str]
) -> None:
    units(SOC=5, KFF=6)
    crosswise: list[dict[str, int]] = [{"SOC": 2, "KFF": 1}, {"KFF": 2, "SOC": 1}]
    codes = prepared([crosswise[at % 2] for at in range(500)], persons(500, 3))
    result = race(settings, [start(code) for code in codes])
    assert set(result.counts) == {"done", "OverCapacity"}
    assert highest_load("SOC") <= 5
    assert highest_load("KFF") <= 6
    ensure_sound()


def test_one_owner_cannot_start_more_than_their_share_in_units_that_never_meet(
    app: Flask, settings: Mapping[str, str]
) -> None:
    units(**{f"U{at}": 9 for at in range(40)})
    codes = prepared([{f"U{at % 40}": 1} for at in range(280)], persons(1, 3))
    result = race(settings, [start(code) for code in codes])
    assert result.counts == {"done": 3, "OverCapacity": 277}
    ensure_sound()


def test_a_limit_lowered_in_the_middle_of_many_starts_leaves_nothing_unexplained(
    app: Flask, settings: Mapping[str, str]
) -> None:
    units(MBF=12)
    codes = prepared([{"MBF": 1} for _ in range(240)], persons(240, 3))
    lowering = [_lower("MBF", limit) for limit in (8, 6, 4)]
    result = race(settings, _spread([start(code) for code in codes], lowering))
    assert set(result.counts) <= {"done", "OverCapacity"}
    assert highest_load("MBF") <= 12
    ensure_sound()


def _lower(unit: str, limit: int) -> Call:
    weeks = {"from_week": START, "to_week": START + 1, "yearly": False}
    return Call(capacity.lower_limit, (unit,), {**weeks, "limit": limit, "max_parallel": None, "reason": "Race"})


def _spread(calls: list[Call], others: list[Call]) -> list[Call]:
    """The other calls early among the first, each to a process of its own."""
    at = PROCESSES
    return [*calls[:at], *others, *calls[at:]]


def test_a_standstill_added_in_the_middle_of_many_starts_leaves_nothing_unexplained(
    app: Flask, settings: Mapping[str, str]
) -> None:
    units(KLF=6)
    early = prepared([{"KLF": 1} for _ in range(120)], persons(120, 3), "A")
    late = prepared([{"KLF": 1} for _ in range(120)], persons_more(), "B")
    later = [Call(decide, (code, Asked(Kind.START, "Race", start_week=START + 4))) for code in late]
    standstill = Call(
        capacity.add_standstill,
        (),
        {"from_week": START + 2, "to_week": START + 3, "yearly": False, "reason": "Race"},
    )
    calls = [call for pair in zip([start(code) for code in early], later, strict=True) for call in pair]
    result = race(settings, _spread(calls, [standstill]))
    assert set(result.counts) <= {"done", "OverCapacity"}
    ensure_sound()


def persons_more() -> list[int]:
    """Another person, without any limit that would matter."""
    with transaction() as session:
        person = Person(function="Chef för resten", role=Role.OWNER, max_owned=999)
        session.add(person)
        session.flush()
        return [person.id]


def test_a_unit_moved_in_the_middle_of_many_starts_leaves_nothing_unexplained(
    app: Flask, settings: Mapping[str, str]
) -> None:
    units(AMF=5, RTJ=5, KON=9)
    codes = prepared([{"KON": 1} for _ in range(160)] + [{"AMF": 1} for _ in range(80)], persons(240, 3))
    moving = [Call(capacity.edit_unit, ("KON", {"parent": parent}), {"version": None}) for parent in ("AMF", "RTJ")]
    result = race(settings, _spread([start(code) for code in codes], moving))
    assert set(result.counts) <= {"done", "OverCapacity"}
    ensure_sound()


def test_owners_changed_in_the_middle_of_many_starts_never_exceed_an_owners_share(
    app: Flask, settings: Mapping[str, str]
) -> None:
    units(SBF=999)
    [owner] = persons(1, 3)
    others = persons_more()
    codes = prepared([{"SBF": 1} for _ in range(120)], [owner], "A")
    theirs = prepared([{"SBF": 1} for _ in range(120)], others, "B")
    with transaction():
        for code in theirs[:20]:
            decide(code, Asked(Kind.START, "Innan"), by=CHAIR, now=NOW)
    person = current_session().get_one(Person, owner)
    handing_over = [Call(give, (code, person.id)) for code in theirs[:20]]
    result = race(settings, _spread([start(code) for code in codes], handing_over))
    assert set(result.counts) <= {"done", "OverCapacity"}
    owned = [one for one in queries.whole_portfolio().commitments.values() if one.owner == owner]
    assert len(owned) == 3
    ensure_sound()


def give(code: str, person_id: int, **who_and_when: Any) -> None:
    """Give a running initiative to another owner."""
    person = current_session().get_one(Person, person_id)
    actions.edit(code, {"owner": person}, version=None, **who_and_when)


@pytest.mark.parametrize("kind", ["load", "owner"])
def test_without_the_lock_the_same_race_oversells(app: Flask, settings: Mapping[str, str], kind: str) -> None:
    """The canary: it must fail to hold, or the races above prove nothing."""
    units(BUF=2, SBF=999)
    plans: list[dict[str, int]] = [{"BUF": 1} if kind == "load" else {"SBF": 1}] * 200
    codes = prepared(plans, persons(200, 3) if kind == "load" else persons(1, 2))
    race(settings, [start(code) for code in codes], locked=False)
    assert len(started()) > 2

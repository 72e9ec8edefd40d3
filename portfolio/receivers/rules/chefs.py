"""Who receives a change on a unit (mottagande chef)."""

from collections.abc import Iterable, Mapping

from portfolio.people.rules import Actor, May, Role, may
from portfolio.units.rules import chain_above


def who_receive(people: Iterable[Actor]) -> dict[int, tuple[int, ...]]:
    """{unit's id: the ids of those at it who receive changes}, of people who are still there; never the chair."""
    found: dict[int, tuple[int, ...]] = {}
    for one in people:
        receives = one.role is not Role.CHAIR and may(one, May.ACKNOWLEDGE)
        if receives and one.unit_id is not None and one.person_id is not None:
            found[one.unit_id] = (*found.get(one.unit_id, ()), one.person_id)
    return found


def receivers_of(
    unit_id: int, receiving: Mapping[int, tuple[int, ...]], parents: Mapping[int, int | None]
) -> tuple[int, ...]:
    """Who answers for a unit: those who receive at it, or at the nearest unit above it that has any."""
    return next((receiving[above] for above in chain_above(unit_id, parents) if above in receiving), ())


def may_feel(by: Actor, unit_id: int) -> bool:
    """Whether somebody tells how heavy it is on a unit: a person who receives changes at that very unit."""
    return may(by, May.ACKNOWLEDGE) and by.person_id is not None and by.unit_id == unit_id

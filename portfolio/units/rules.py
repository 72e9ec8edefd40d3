"""The kinds of unit, and what a tree of units must hold."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar


class UnitKind(StrEnum):
    """What a unit is. A stödfunktion carries load from others' changes."""

    FORVALTNING = "forvaltning"
    KONTOR = "kontor"
    BOLAG = "bolag"
    STODFUNKTION = "stodfunktion"


KIND_WORDS = {
    UnitKind.FORVALTNING: "förvaltning",
    UnitKind.KONTOR: "kontor",
    UnitKind.BOLAG: "kommunalt bolag",
    UnitKind.STODFUNKTION: "stödfunktion",
}


def chain_above(unit_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The ids of a unit and every unit above it, lowest first; `parents` is {id: parent's id}."""
    chain: list[int] = []
    step: int | None = unit_id
    while step is not None and step not in chain:
        chain.append(step)
        step = parents.get(step)
    return chain


def makes_a_circle(unit_id: int, new_parent: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether a unit would come to lie below itself."""
    return new_parent is not None and unit_id in chain_above(new_parent, parents)


def is_valid(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a dated unit exists on a day; both ends inclusive, None is open."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def never_came(valid_from: date | None, valid_to: date | None) -> bool:
    """Whether a unit ended before it began: the change that it was to come of was taken back."""
    return valid_from is not None and valid_to is not None and valid_to < valid_from


def may_be_chosen(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether something new can be put on a dated unit: it is there on that day, or is to come."""
    return not never_came(valid_from, valid_to) and (valid_to is None or day <= valid_to)


class InTree(Protocol):
    """Anything with a place in the tree of units."""

    id: int
    parent_id: int | None


Placed = TypeVar("Placed", bound=InTree)


def in_tree(units: Sequence[Placed], parent_id: int | None = None, depth: int = 0) -> Iterator[tuple[Placed, int]]:
    """The units below one (None: all), each with its depth and followed by those below it."""
    for unit in units:
        if unit.parent_id == parent_id:
            yield unit, depth
            yield from in_tree(units, unit.id, depth + 1)


class Limited(Protocol):
    """Anything with the two limits of a unit."""

    limit: int | None
    max_parallel: int | None
    limits_confirmed: bool


def has_limits(unit: Limited) -> bool:
    """Whether anything at all says how much a unit carries."""
    return unit.limit is not None or unit.max_parallel is not None


def loosens(unit: Limited, fields: Mapping[str, object]) -> bool:
    """Whether a change raises, or takes away, a limit that blocks."""
    return unit.limits_confirmed and any(
        _is_looser(getattr(unit, name), fields[name]) for name in ("limit", "max_parallel") if name in fields
    )


def _is_looser(before: int | None, after: object) -> bool:
    return before is not None and (after is None or (isinstance(after, int) and after > before))


def wide_spans_told(most: int) -> str:
    """What is said where some chef has more than `most` direct reports: a warning, since that is an aim."""
    return f"Chefer med fler än {most} direkt underställda"


def has_wide_spans(direct_reports: int | None, most: int) -> bool:
    """Whether some chef has more than `most` direct reports; nobody knows where it has not been told."""
    return direct_reports is not None and direct_reports > most

"""What can be done with units from a week on, and what then becomes of the impacts on them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from portfolio.base.text import listed
from portfolio.base.weeks import Week
from portfolio.units.rules import Limited, has_limits

FURTHEST_WEEKS = 104
"""An organisation further ahead than two years is not decided yet."""

Impacts = Mapping[str, int | None]


class Kind(StrEnum):
    """How the organisation changes."""

    RENAME = "rename"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"


KIND_WORDS = {
    Kind.RENAME: "En enhet byter namn",
    Kind.MOVE: "En enhet flyttas",
    Kind.MERGE: "Enheter slås ihop",
    Kind.SPLIT: "En enhet delas",
}


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that comes of a merger or a split; its kind is that of what it comes from."""

    code: str
    name: str
    limit: int | None = None
    max_parallel: int | None = None


@dataclass(frozen=True, slots=True)
class Rename:
    """The unit is called `name`."""

    unit: str
    name: str

    @property
    def units(self) -> tuple[str, ...]:
        """The units that it happens to."""
        return (self.unit,)


@dataclass(frozen=True, slots=True)
class Move:
    """The unit lies under `parent`, None for the top."""

    unit: str
    parent: str | None

    @property
    def units(self) -> tuple[str, ...]:
        """The units that it happens to."""
        return (self.unit,)


@dataclass(frozen=True, slots=True)
class Merge:
    """The units become one, under `parent`. Whoever works in them and what lies below them goes along."""

    units: tuple[str, ...]
    into: NewUnit
    parent: str | None


@dataclass(frozen=True, slots=True)
class Split:
    """The unit becomes several in its place.

    `shares` gives the new units by initiative, all of them where it is silent; `staff` by person's id and `below` by
    the code of a unit below: the first where they are silent.
    """

    unit: str
    into: tuple[NewUnit, ...]
    shares: Mapping[str, Collection[str]] = field(default_factory=dict)
    staff: Mapping[int, str] = field(default_factory=dict)
    below: Mapping[str, str] = field(default_factory=dict)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that it happens to."""
        return (self.unit,)


Wanted = Rename | Move | Merge | Split


def kind_of(wanted: Wanted) -> Kind:
    """What kind of change it is."""
    return Kind(type(wanted).__name__.lower())


def told(wanted: Wanted, names: Mapping[str, str]) -> str:
    """The change in one sentence without its week: `Kansliet och Arkivet slås ihop till Stadskansliet`."""
    called = [names[code] for code in wanted.units]
    match wanted:
        case Rename():
            return f"{called[0]} byter namn till {wanted.name}"
        case Move():
            where = "läggs överst" if wanted.parent is None else f"flyttas till {names[wanted.parent]}"
            return f"{called[0]} {where}"
        case Merge():
            return f"{listed(called)} slås ihop till {wanted.into.name}"
        case Split():
            return f"{called[0]} delas i {listed([new.name for new in wanted.into])}"


class Limits(NamedTuple):
    """What a unit that comes carries, and whether that blocks."""

    limit: int | None
    max_parallel: int | None
    limits_confirmed: bool


def inherited(new: NewUnit, replaced: Iterable[Limited]) -> Limits:
    """The limits of a unit that comes, until whoever may confirm limits does: at most those in whose place it stands.

    Of the confirmed limits that it replaces it has the lowest, and they block on it as they did before. Where none
    was confirmed, its own are preliminary.
    """
    confirmed = [unit for unit in replaced if unit.limits_confirmed and has_limits(unit)]
    return Limits(
        _lowest([new.limit, *(unit.limit for unit in confirmed)]),
        _lowest([new.max_parallel, *(unit.max_parallel for unit in confirmed)]),
        limits_confirmed=bool(confirmed),
    )


def _lowest(limits: Iterable[int | None]) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)


def led_on(impacts: Impacts, to: Mapping[str, Iterable[str]]) -> dict[str, int | None]:
    """The impacts with some units' put on others; where two meet the higher holds, and a rated one before none."""
    found: dict[str, int | None] = {}
    for code, impact in impacts.items():
        for unit in to.get(code, (code,)):
            found[unit] = max(found.get(unit) or 0, impact or 0) or None
    return found


def why_not_then(from_week: Week, now: Week) -> str | None:
    """What is wrong with a week to change in; None if nothing is."""
    if from_week < now:
        return "Veckan har redan varit. Välj den här veckan eller en senare."
    if from_week > now + FURTHEST_WEEKS:
        return "Det ligger för långt fram. Ändra när det närmar sig."
    return None

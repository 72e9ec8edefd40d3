"""Goals and the words that they have from year to year, and what an initiative may aim at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from portfolio.base.errors import Invalid
from portfolio.base.text import fold, quoted
from portfolio.base.time import today


class GoalKind(StrEnum):
    """What a goal of the styrkort is."""

    VISION = "vision"
    OVERALL = "overall"
    DIRECTION = "direction"
    AREA = "area"
    PROGRAMME = "programme"


GOAL_WORDS = {
    GoalKind.VISION: "Vision",
    GoalKind.OVERALL: "Övergripande mål",
    GoalKind.DIRECTION: "Inriktning",
    GoalKind.AREA: "Målområde",
    GoalKind.PROGRAMME: "Program",
}

LINKED = (GoalKind.AREA, GoalKind.PROGRAMME)
"""The kinds that initiatives are linked to."""

MOST_AREAS = 3
"""How many målområden an initiative may aim at: one primary and two more (the choice of where it gives the most)."""

MOST_FACTORS = 3
"""How many avgörande faktorer a programme may have."""

TOO_MANY_AREAS = "Välj högst tre målområden: det viktigaste och två till."
NO_PRIMARY = "Välj först det viktigaste målområdet."
SAME_AREA_TWICE = "Välj olika målområden."

AIM_FIELDS = frozenset({"goal_area", "other_goal_areas", "programme"})
"""The fields of an initiative that say what it aims at, by name."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a goal is called from `first_year` on."""

    first_year: int
    written_at: datetime
    name: str
    text: str = ""
    source: str = ""
    source_year: int | None = None
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal with every wording that it has had, at least one, in the order in which they were written.

    `unit_ids` are the units that answer for it.
    """

    id: int
    kind: GoalKind
    parent_id: int | None
    position: int
    last_year: int | None
    wordings: tuple[Wording, ...]
    unit_ids: tuple[int, ...] = ()

    @property
    def first_year(self) -> int:
        """The first year in which it is in force."""
        return min(wording.first_year for wording in self.wordings)

    @property
    def newest(self) -> Wording:
        """Its words of the latest year, as they were written last."""
        return _newest(self.wordings)

    def is_in_force(self, year: int) -> bool:
        """Whether it is a goal of that year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def wording_at(self, at: datetime) -> Wording:
        """The words as they were at a moment: of those written by then, the newest of the latest year.

        A goal that was written down later than that is known by its first words of that year, or else of any.
        """
        begun = [one for one in self.wordings if one.first_year <= today(at).year]
        written = [one for one in begun if one.written_at <= at]
        if written:
            return _newest(written)
        return (begun or self.wordings)[0]

    def name_at(self, at: datetime) -> str:
        """What it was called at a moment."""
        return self.wording_at(at).name


def _newest(wordings: Sequence[Wording]) -> Wording:
    """The latest year's, and of those the one that was written last."""
    return sorted(wordings, key=lambda one: one.first_year)[-1]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every goal there is or has been, by id."""

    goals: Mapping[int, Goal]

    def of_kind(self, kind: GoalKind) -> list[Goal]:
        """All goals of a kind in order, also those that are no longer in force."""
        return sorted((one for one in self.goals.values() if one.kind is kind), key=lambda one: one.position)

    def in_force(self, kind: GoalKind, at: datetime) -> list[Goal]:
        """The goals of a kind in the year of a moment, in order; those below an ended goal are ended with it."""
        year = today(at).year
        return [one for one in self.of_kind(kind) if self._is_in_force(one, year)]

    def _is_in_force(self, goal: Goal, year: int) -> bool:
        above = None if goal.parent_id is None else self.goals[goal.parent_id]
        return goal.is_in_force(year) and (above is None or above.is_in_force(year))

    def named(self, kind: GoalKind, words: str, at: datetime) -> Goal | None:
        """The goal in force that is called so, whatever the letters' case; an earlier name counts too."""
        wanted, candidates = fold(words), self.in_force(kind, at)
        now = (one for one in candidates if fold(one.name_at(at)) == wanted)
        before = (one for one in candidates if wanted in {fold(wording.name) for wording in one.wordings})
        return next(now, None) or next(before, None)


@dataclass(frozen=True, slots=True)
class Aims:
    """What an initiative aims at, by the goals' ids: the primary målområde first among `areas`.

    `text` is what was said of its goal and is in no styrkort; empty once there is a primary målområde.
    """

    areas: tuple[int, ...] = ()
    programme: int | None = None
    text: str = ""

    def linked_to(self, goal: int) -> "Aims":
        """The same with a primary målområde in the place of what was said of it."""
        return replace(self, areas=(goal, *(one for one in self.areas[1:] if one != goal)), text="")


@dataclass(frozen=True, slots=True)
class AimNames:
    """The same by name. `area` is the primary målområde, or what was said of it; None if nothing is known."""

    area: str | None = None
    others: tuple[str, ...] = ()
    programme: str | None = None

    def fields(self) -> dict[str, Any]:
        """The same as the fields of AIM_FIELDS."""
        return {"goal_area": self.area, "other_goal_areas": list(self.others), "programme": self.programme}


def names_of(aims: Aims, card: Scorecard, at: datetime) -> AimNames:
    """What the goals were called at a moment: of a closed initiative, the moment when it was closed."""
    names = [card.goals[goal].name_at(at) for goal in aims.areas]
    programme = None if aims.programme is None else card.goals[aims.programme].name_at(at)
    return AimNames(names[0] if names else aims.text or None, tuple(names[1:]), programme)


def aims_changed(aims: Aims, known_as: AimNames, fields: Mapping[str, Any], card: Scorecard, at: datetime) -> Aims:
    """The aims with some of AIM_FIELDS changed; a field that says what it said before changes nothing.

    A primary målområde that the styrkort lacks is kept as text, and is no link. Raises Invalid for another unknown
    name, the same målområde twice, two more without a primary one, and more than MOST_AREAS.
    """
    before = known_as.fields()
    changed = {
        name: fields[name] for name in AIM_FIELDS & set(fields) if (fields[name] or None) != (before[name] or None)
    }
    primary, others = aims.areas[:1], aims.areas[1:]
    if "goal_area" in changed:
        said = changed["goal_area"] or ""
        found = card.named(GoalKind.AREA, said, at) if said else None
        primary = () if found is None else (found.id,)
        aims = replace(aims, text="" if found is not None else said)
    if "other_goal_areas" in changed:
        others = _others(changed["other_goal_areas"] or (), others, known_as.others, card, at)
    if "programme" in changed:
        aims = replace(aims, programme=_programme(changed["programme"], card, at))
    _ensure_allowed(primary, others)
    return replace(aims, areas=(*primary, *others))


def _others(
    names: Iterable[str], before: Sequence[int], known_as: Sequence[str], card: Scorecard, at: datetime
) -> tuple[int, ...]:
    known = dict(zip(known_as, before, strict=True))
    return tuple(
        known[name] if name in known else _found(GoalKind.AREA, name, "other_goal_areas", card, at) for name in names
    )


def _programme(name: str | None, card: Scorecard, at: datetime) -> int | None:
    return _found(GoalKind.PROGRAMME, name, "programme", card, at) if name else None


def _found(kind: GoalKind, name: str, field: str, card: Scorecard, at: datetime) -> int:
    goal = card.named(kind, name, at)
    if goal is None:
        raise Invalid({field: [f"{quoted(name)} finns inte i styrkortet. Välj i listan."]})
    return goal.id


def _ensure_allowed(primary: Sequence[int], others: Sequence[int]) -> None:
    if len(others) > MOST_AREAS - 1:
        raise Invalid({"other_goal_areas": [TOO_MANY_AREAS]})
    if others and not primary:
        raise Invalid({"goal_area": [NO_PRIMARY]})
    if len({*primary, *others}) < len(primary) + len(others):
        raise Invalid({"other_goal_areas": [SAME_AREA_TWICE]})

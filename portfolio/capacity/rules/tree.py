"""The tree of units with the weeks from which it changes (capacity kernel §3): on what does an impact land?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.limits import Unit

WaysUp = Mapping[str, tuple[str, ...]]
"""Each unit with all on which its impacts land: itself and every unit above it, lowest first.

A unit that is gone lands on those that have come in its place, and one that has not come yet on those before it.
"""


class Moved(NamedTuple):
    """From `week` on a unit lies under another parent, None for the top."""

    week: Week
    unit: str
    parent: str | None


class Succeeded(NamedTuple):
    """From `week` on the unit `new` stands in the place of `old`, alone or with others (merged, split)."""

    week: Week
    old: str
    new: str


class Era(NamedTuple):
    """From `first` on these ways up hold, until the next era begins."""

    first: Week
    ways_up: WaysUp


@dataclass(frozen=True)
class Tree:
    """The units by code, with the way up from each of them, and how that changes from some week on."""

    units: Mapping[str, Unit]
    moved: tuple[Moved, ...] = ()
    succeeded: tuple[Succeeded, ...] = ()

    @cached_property
    def eras(self) -> tuple[Era, ...]:
        """The ways up from the beginning of time and from each week in which something changes."""
        weeks = sorted({0, *(one.week for one in self.moved), *(one.week for one in self.succeeded)})
        return tuple(Era(week, {code: tuple(self._up_from(code, week)) for code in self.units}) for week in weeks)

    def spans(self, first: Week, last: Week) -> Iterator[tuple[Week, Week, WaysUp]]:
        """The weeks from `first` to `last` in runs within which nothing changes, each with its ways up."""
        if len(self.eras) == 1:
            yield first, last, self.eras[0].ways_up
            return
        for at, era in enumerate(self.eras):
            ends = self.eras[at + 1].first - 1 if at + 1 < len(self.eras) else last
            begins, ends = max(first, era.first), min(last, ends)
            if begins <= ends:
                yield begins, ends, era.ways_up

    def ways_in(self, week: Week) -> WaysUp:
        """The ways up that hold in a week."""
        return next(ways_up for _, _, ways_up in self.spans(week, week))

    def above(self, code: str) -> tuple[str, ...]:
        """The unit itself and every unit that it lies below in some week, lowest first."""
        return self._ever_above[code]

    @cached_property
    def _ever_above(self) -> WaysUp:
        if len(self.eras) == 1:
            return self.eras[0].ways_up
        found = {code: dict.fromkeys([code]) for code in self.units}
        for era in self.eras:
            for code, way in era.ways_up.items():
                found[code].update(dict.fromkeys(way))
        return {code: tuple(way) for code, way in found.items()}

    def below(self, code: str) -> tuple[str, ...]:
        """Every unit that lies below a unit in some week, without the unit itself."""
        return tuple(other for other in self.units if other != code and code in self.above(other))

    def _up_from(self, code: str, week: Week) -> list[str]:
        """Breadth first, so that the lowest come first; a unit that is met again is not followed again."""
        way: list[str] = []
        following = self._in_place_of(code, week)
        while following:
            step = following.pop(0)
            if step not in way:
                way.append(step)
                parent = self._parent_in(step, week)
                following += [] if parent is None else self._in_place_of(parent, week)
        return way

    def _in_place_of(self, code: str, week: Week) -> list[str]:
        """Who stands in a unit's place in a week: itself, unless it is gone or has not come yet."""
        after = [one.new for one in self.succeeded if one.old == code and one.week <= week]
        before = [one.old for one in self.succeeded if one.new == code and one.week > week]
        if not after and not before:
            return [code]
        return [stands for other in (after or before) for stands in self._in_place_of(other, week)]

    def _parent_in(self, code: str, week: Week) -> str | None:
        moves = [one for one in self.moved if one.unit == code and one.week <= week]
        return max(moves, key=lambda one: one.week).parent if moves else self.units[code].parent

"""What a whole plan asks for, in poängveckor: impact times weeks without standstill."""

from collections.abc import Iterable
from typing import NamedTuple


class Burden(NamedTuple):
    """What some steps lay on some units in all: impact × weeks, summed, in poängveckor.

    `unrated` impacts weigh nothing yet, and a plan without weeks or units says nothing at all.
    """

    points: int = 0
    unrated: int = 0
    is_planned: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the points are the whole truth."""
        return self.is_planned and not self.unrated


def burden_of(impacts: Iterable[tuple[int, int | None]]) -> Burden:
    """The burden of a plan, from (weeks without standstill, impact) of every step on every unit."""
    found = list(impacts)
    points = sum(weeks * (impact or 0) for weeks, impact in found)
    return Burden(points, sum(impact is None for _, impact in found), bool(found))

"""What the effektmål come to together: how many are reached, and what they free."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from portfolio.effects.rules.following import Answer
from portfolio.effects.rules.goals import EffectGoal


class Counted(Protocol):
    """An effektmål with its latest answer and where something is freed."""

    @property
    def goal(self) -> EffectGoal:
        """What it says."""

    @property
    def answer(self) -> Answer | None:
        """What came of it; None while nobody has asked."""

    @property
    def top(self) -> int | None:
        """The id of the förvaltning or bolag."""


class Freed(NamedTuple):
    """What is freed in one förvaltning or bolag: hours and thousand kronor a year, in all and as reached."""

    hours: int = 0
    hours_reached: int = 0
    tkr: int = 0
    tkr_reached: int = 0

    def with_goal(self, goal: EffectGoal, *, is_reached: bool) -> "Freed":
        """The same with one effektmål more."""
        hours, tkr = goal.hours or 0, goal.tkr or 0
        return Freed(
            self.hours + hours,
            self.hours_reached + hours * is_reached,
            self.tkr + tkr,
            self.tkr_reached + tkr * is_reached,
        )


def number_reached(found: Iterable[Counted]) -> int:
    """How many effektmål are reached, as the latest answer says."""
    return sum(one.answer is Answer.REACHED for one in found)


def freed_by_unit(found: Iterable[Counted]) -> dict[int, Freed]:
    """What is freed, by the id of the förvaltning or bolag; those that free nothing are not there."""
    sums: dict[int, Freed] = {}
    for one in found:
        if one.top is not None and (one.goal.hours or one.goal.tkr):
            before = sums.get(one.top, Freed())
            sums[one.top] = before.with_goal(one.goal, is_reached=one.answer is Answer.REACHED)
    return sums

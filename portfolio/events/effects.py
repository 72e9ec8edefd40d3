"""Effektmål with their nyckeltal, and what came of them."""

from dataclasses import dataclass

from portfolio.events.event import Json
from portfolio.events.initiatives import AboutInitiative


@dataclass(frozen=True, kw_only=True)
class EffectGoalWritten(AboutInitiative):
    """An effektmål was written or changed: `change` is what it now says, `changes` is {field: [before, after]}."""

    name = "initiative.effect_goal_written"
    goal: int
    change: str
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class EffectGoalRemoved(AboutInitiative):
    """An effektmål was taken away, with its nyckeltal."""

    name = "initiative.effect_goal_removed"
    goal: int
    change: str


@dataclass(frozen=True, kw_only=True)
class IndicatorWritten(AboutInitiative):
    """A nyckeltal of an effektmål was written or changed: `changes` is {field: [before, after]}."""

    name = "initiative.indicator_written"
    goal: int
    indicator: int
    title: str
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class IndicatorRemoved(AboutInitiative):
    """A nyckeltal was taken away, with what was measured."""

    name = "initiative.indicator_removed"
    goal: int
    indicator: int
    title: str


@dataclass(frozen=True, kw_only=True)
class IndicatorMeasured(AboutInitiative):
    """Values of a nyckeltal were kept: {day: value}, each in the place of what the day had before."""

    name = "initiative.indicator_measured"
    indicator: int
    title: str
    values: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class EffectAnswered(AboutInitiative):
    """Somebody answered what came of it, `months` after completion.

    `answers` are {goal, change, answer, text}; the goal is null where the initiative as a whole is told of.
    """

    name = "initiative.effect_answered"
    months: int
    answers: list[Json]

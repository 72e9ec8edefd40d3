"""The goals of the styrkort."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutGoal(Event):
    """The base of events about one goal of the styrkort: `goal` is its id."""

    goal: int

    @property
    def subject(self) -> str:
        """The goal."""
        return f"goal/{self.goal}"


@dataclass(frozen=True, kw_only=True)
class GoalAdded(AboutGoal):
    """The styrkort got a goal of some `kind`, called `title`, in force from `first_year`."""

    name = "goal.added"
    kind: str
    title: str
    first_year: int


@dataclass(frozen=True, kw_only=True)
class GoalReworded(AboutGoal):
    """A goal got other words from `first_year` on: `changes` is {field: [before, after]}."""

    name = "goal.reworded"
    first_year: int
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class GoalEnded(AboutGoal):
    """A goal is in force until the end of `last_year`; None takes that back."""

    name = "goal.ended"
    last_year: int | None


@dataclass(frozen=True, kw_only=True)
class GoalAssigned(AboutGoal):
    """Other units answer for a goal: `units` are their codes."""

    name = "goal.assigned"
    units: list[Json]

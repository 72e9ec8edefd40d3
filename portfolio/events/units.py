"""The units of the municipality."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutUnit(Event):
    """The base of events about one unit: `unit` is its code."""

    unit: str

    @property
    def subject(self) -> str:
        """The unit."""
        return f"unit/{self.unit}"


@dataclass(frozen=True, kw_only=True)
class UnitAdded(AboutUnit):
    """A unit was added, with its name, kind and the unit above it."""

    name = "unit.added"
    title: str
    kind: str
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class UnitEdited(AboutUnit):
    """A unit changed: `changes` is {field: [before, after]}; limits and the place in the tree included."""

    name = "unit.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class UnitRemoved(AboutUnit):
    """A unit disappeared because the import that brought it was undone, and nothing else had come to need it."""

    name = "unit.removed"
    title: str

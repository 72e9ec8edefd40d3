"""Changes of the organisation, and what follows the units."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json
from portfolio.events.initiatives import AboutInitiative
from portfolio.events.units import AboutUnit


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(AboutUnit):
    """From a week on the unit is called otherwise; `changes` has [before, after] of its name."""

    name = "unit.renamed"
    reorganisation: int
    from_week: str
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class UnitMoved(AboutUnit):
    """From a week on the unit lies under `parent`, null for the top."""

    name = "unit.moved"
    reorganisation: int
    from_week: str
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class UnitsMerged(AboutUnit):
    """From a week on the unit stands in the place of `merged`, the codes of those that it is made of."""

    name = "unit.merged"
    reorganisation: int
    from_week: str
    merged: list[Json]


@dataclass(frozen=True, kw_only=True)
class UnitSplit(AboutUnit):
    """From a week on the units `into` stand in the unit's place; `shares` says which each initiative goes to."""

    name = "unit.split"
    reorganisation: int
    from_week: str
    into: list[Json]
    shares: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class InitiativeFollowedUnit(AboutInitiative):
    """The impacts of an initiative were put on other units, because the organisation changes: {unit: its heirs}."""

    name = "initiative.followed_unit"
    from_week: str
    units: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class AboutReorganisation(Event):
    """The base of events about a change of the organisation that has been decided: `reorganisation` is its id."""

    reorganisation: int

    @property
    def subject(self) -> str:
        """The change of the organisation."""
        return f"reorganisation/{self.reorganisation}"


@dataclass(frozen=True, kw_only=True)
class ReorganisationUndone(AboutReorganisation):
    """A change of the organisation was taken back before its week came."""

    name = "reorganisation.undone"
    told: str


@dataclass(frozen=True, kw_only=True)
class ReorganisationCarriedOut(AboutReorganisation):
    """The week of a change of the organisation has come: names, places and persons are in step with it."""

    name = "reorganisation.carried_out"
    told: str

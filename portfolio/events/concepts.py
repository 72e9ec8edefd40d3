"""Förändringskoncept, and what was made from them."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json
from portfolio.events.initiatives import AboutInitiative


@dataclass(frozen=True, kw_only=True)
class AboutConcept(Event):
    """The base of events about one förändringskoncept: `concept` is its id, `title` what it is called."""

    concept: int
    title: str

    @property
    def subject(self) -> str:
        """The concept."""
        return f"concept/{self.concept}"


@dataclass(frozen=True, kw_only=True)
class ConceptCreated(AboutConcept):
    """A förändringskoncept was written, of an `initiative` of our own or, where that is None, of what others did."""

    name = "concept.created"
    source: str
    initiative: str | None


@dataclass(frozen=True, kw_only=True)
class ConceptEdited(AboutConcept):
    """A förändringskoncept was changed: `changes` is {field: [before, after]}."""

    name = "concept.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class ConceptReused(AboutInitiative):
    """A proposal was filled in from a förändringskoncept: its id, and what it is called."""

    name = "initiative.concept_reused"
    concept: int
    title: str


@dataclass(frozen=True, kw_only=True)
class PilotSpread(AboutInitiative):
    """A proposal was made from another initiative, its pilot, to spread the same change to more units."""

    name = "initiative.pilot_spread"
    pilot: str

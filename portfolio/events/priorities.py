"""What an initiative is worth, and the members' own orders."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json
from portfolio.events.initiatives import AboutInitiative


@dataclass(frozen=True, kw_only=True)
class InitiativeAssessed(AboutInitiative):
    """Nytta, angelägenhet, genomförbarhet or cost was assessed: `changes` is {field: [before, after]}."""

    name = "initiative.assessed"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class PrioritiesRanked(Event):
    """A member gave, changed or withdrew an order of their own of the open proposals: neither who nor how."""

    name = "priorities.ranked"

    @property
    def subject(self) -> str:
        """The open proposals."""
        return "priorities/proposals"

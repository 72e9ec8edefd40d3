"""What an assignment says, and what stands beside the plan before the decision."""

from dataclasses import dataclass

from portfolio.events.event import Json
from portfolio.events.initiatives import AboutInitiative


@dataclass(frozen=True, kw_only=True)
class AssignmentClarified(AboutInitiative):
    """What an assignment says was written: `answered` of five questions; `changes` is {field: [before, after]}."""

    name = "initiative.assignment_clarified"
    answered: int
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class GroundworkLaid(AboutInitiative):
    """What stands beside the plan before the decision was written: `changes` is {field: [before, after]}."""

    name = "initiative.groundwork_laid"
    changes: dict[str, Json]

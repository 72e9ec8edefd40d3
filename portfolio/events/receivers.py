"""What the receiving chefs answer, and how heavy the load feels."""

from dataclasses import dataclass

from portfolio.events.event import Json
from portfolio.events.initiatives import AboutInitiative
from portfolio.events.units import AboutUnit


@dataclass(frozen=True, kw_only=True)
class ConditionsAnswered(AboutInitiative):
    """The receiving chef of a unit told what they have to lead the change with: yes, partly or no to each."""

    name = "initiative.conditions_answered"
    unit: str
    mandate: str
    room: str
    span: str


@dataclass(frozen=True, kw_only=True)
class ReadinessAnswered(AboutInitiative):
    """The receiving chef of a unit told how ready it is in a `month` (2026-11): `scores` is {statement: 1 to 4}."""

    name = "initiative.readiness_answered"
    unit: str
    month: str
    scores: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class LoadFelt(AboutUnit):
    """Somebody told how heavy the load of their unit feels in a `month` (2026-11): neither who nor how heavy."""

    name = "unit.load_felt"
    month: str

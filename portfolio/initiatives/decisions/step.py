"""One decision on its way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.rules import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on its way: what every kind's change looks at."""

    initiative: Initiative
    asked: Asked
    row: DecisionRow
    status: Status
    now: datetime
    by: Actor

    def told(self) -> dict[str, Any]:
        """The fields that every decision's event has, after the change."""
        return {
            "initiative": self.initiative.code,
            "decision": self.row.id,
            "decision_maker": self.row.decision_maker,
            "reason": self.asked.reason,
            "status": self.initiative.status,
        }

    @property
    def until(self) -> str | None:
        """The day that the initiative comes back, as it is told."""
        return None if self.asked.until is None else self.asked.until.isoformat()

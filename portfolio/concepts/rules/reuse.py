"""Where a concept comes from, what may become one, and what counts as a re-use."""

from enum import StrEnum

from portfolio.initiatives.rules.statuses import FINISHED, Status


class Source(StrEnum):
    """Where a concept was first tried."""

    OWN = "own"
    MUNICIPALITY = "municipality"
    INDUSTRY = "industry"


SOURCE_WORDS = {
    Source.OWN: "Egen kommun",
    Source.MUNICIPALITY: "Annan kommun",
    Source.INDUSTRY: "Annan bransch",
}

PILOTS = FINISHED | {Status.ONGOING}
"""The statuses of what can be spread to more units: something that runs, or has run."""


def is_reuse(status: str) -> bool:
    """Whether an initiative that was filled in from a concept re-uses it: what was refused never did."""
    return status != Status.REJECTED

"""Where an initiative stands."""

from enum import StrEnum

from portfolio.base.weeks import Week


class Status(StrEnum):
    """Where an initiative stands."""

    PROPOSED = "proposed"
    IN_PREPARATION = "in_preparation"
    DECIDED = "decided"
    ONGOING = "ongoing"
    PAUSED = "paused"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


STATUS_WORDS = {
    Status.PROPOSED: "Förslag",
    Status.IN_PREPARATION: "Beredning",
    Status.DECIDED: "Beslutad",
    Status.ONGOING: "Pågående",
    Status.PAUSED: "Pausad",
    Status.FOLLOW_UP: "Effektuppföljning",
    Status.CLOSED: "Stängd",
    Status.CANCELLED: "Avbruten",
    Status.REJECTED: "Avslagen",
}

COUNTING = frozenset({Status.DECIDED, Status.ONGOING})
"""The statuses whose initiatives load their units (capacity kernel §2)."""

UNDECIDED = frozenset({Status.PROPOSED, Status.IN_PREPARATION})
"""The statuses before any decision: the plan is still a wish, and may be edited."""

PROPOSALS = UNDECIDED | {Status.REJECTED}
"""The statuses of what nobody has decided to do: not for those who may read only what is decided."""

OPEN = frozenset({Status.PROPOSED, Status.IN_PREPARATION, Status.DECIDED, Status.ONGOING, Status.PAUSED})
"""The statuses that have a place in the order of priority, and on which anything can still be decided."""

REPORTABLE = frozenset({Status.DECIDED, Status.ONGOING, Status.PAUSED})
"""The statuses in which somebody can tell how it goes: before that it has not begun, after that it is over."""

FINISHED = frozenset({Status.FOLLOW_UP, Status.CLOSED})
"""The statuses of what has been carried through."""


def status_now(status: Status, start: Week | None, now: Week) -> Status:
    """A decided initiative whose week has come counts as ongoing even before the clock has said so (§2)."""
    if status is Status.DECIDED and start is not None and start <= now:
        return Status.ONGOING
    return status

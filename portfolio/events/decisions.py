"""What was decided on an initiative, and that a decision was taken back."""

from dataclasses import dataclass

from portfolio.events.event import Json
from portfolio.events.initiatives import AboutInitiative


@dataclass(frozen=True, kw_only=True)
class Decision(AboutInitiative):
    """The base of all decisions: who decided, why, and what came of it."""

    decision: int
    decision_maker: str
    reason: str
    status: str


@dataclass(frozen=True, kw_only=True)
class InitiativePrepared(Decision):
    """Taken into preparation (Beredning)."""

    name = "initiative.prepared"


@dataclass(frozen=True, kw_only=True)
class InitiativeStarted(Decision):
    """Decided to start in `start_week`; `despite` is why it starts although something is missing."""

    name = "initiative.started"
    start_week: str
    despite: str | None
    exception: int | None


@dataclass(frozen=True, kw_only=True)
class InitiativeDeferred(Decision):
    """Put off (bordlagd) until the day `until`."""

    name = "initiative.deferred"
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeReturned(Decision):
    """Sent back to be completed (ska kompletteras), by the day `until`."""

    name = "initiative.returned"
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeReferred(Decision):
    """Referred to another instance (hänskjuten), expected back by the day `until`."""

    name = "initiative.referred"
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeNoted(Decision):
    """Noted: information only."""

    name = "initiative.noted"


@dataclass(frozen=True, kw_only=True)
class InitiativeReranked(Decision):
    """Moved in the order of priority; 1 is the first."""

    name = "initiative.reranked"
    before: int | None
    after: int


@dataclass(frozen=True, kw_only=True)
class InitiativeRejected(Decision):
    """Rejected (avslagen)."""

    name = "initiative.rejected"


@dataclass(frozen=True, kw_only=True)
class InitiativeRescoped(Decision):
    """The frame changed (ändrad ram): start week and phases, before and after."""

    name = "initiative.rescoped"
    before: Json
    after: Json
    exception: int | None


@dataclass(frozen=True, kw_only=True)
class InitiativePaused(Decision):
    """Paused from the week `week`, expected to resume around the day `until`."""

    name = "initiative.paused"
    week: str
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeResumed(Decision):
    """Resumed from `start_week` with what was left of its plan."""

    name = "initiative.resumed"
    start_week: str
    despite: str | None
    exception: int | None


@dataclass(frozen=True, kw_only=True)
class InitiativeCompleted(Decision):
    """Completed; the effect is followed up from now on. `reason` is what the effect has become so far.

    `handover` is null where nobody told what becomes of the work, else {ends, unit, function, on}.
    """

    name = "initiative.completed"
    lesson: str = ""
    handover: Json = None


@dataclass(frozen=True, kw_only=True)
class InitiativeClosed(Decision):
    """Closed after the follow-up of its effect."""

    name = "initiative.closed"


@dataclass(frozen=True, kw_only=True)
class InitiativeCancelled(Decision):
    """Cancelled (avbruten), with what was learnt."""

    name = "initiative.cancelled"
    lesson: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionUndone(AboutInitiative):
    """A decision was taken back within its 30 seconds; the initiative is as it was before it."""

    name = "initiative.decision_undone"
    decision: int
    kind: str
    status: str

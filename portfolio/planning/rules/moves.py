"""What a trial (försök) would change, move by move, on a portfolio in memory.

A move is one decision that nobody has taken yet. Whatever it looks at is asked of the kernel as the decision
itself will ask it, so that a trial in which everything fits is one that can be applied.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from portfolio.base.errors import Refusal
from portfolio.capacity.rules.gate import Plan
from portfolio.capacity.rules.load import Portfolio
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status

KINDS: Mapping[Status, tuple[Kind, ...]] = {
    Status.PROPOSED: (Kind.START,),
    Status.IN_PREPARATION: (Kind.START,),
    Status.DECIDED: (Kind.START, Kind.PAUSE),
    Status.ONGOING: (Kind.PAUSE, Kind.RESCOPE),
    Status.PAUSED: (Kind.RESUME,),
}
"""What may be tried with an initiative in each status; a proposal is prepared before it can be decided for real."""

MOST_MOVES = 50
"""More moves than this are no plan that anybody can talk about, and each is worked out for every look."""

MOST_TRIALS = 20
"""So many trials one person has open: more are not compared by anybody, and those of the others would drown."""


class Ending(StrEnum):
    """How a trial ended."""

    APPLIED = "applied"
    DISCARDED = "discarded"


class Hindrance(StrEnum):
    """Why a move could not be decided now, whether there is room for it or not."""

    GONE = "gone"
    """The initiative's status no longer allows it; such a move is not counted."""
    NOTHING_LEFT = "nothing_left"
    """Nothing is left of the paused plan; such a move is not counted."""
    PROPOSAL = "proposal"
    """It has not been taken into preparation yet."""
    NOT_READY = "not_ready"
    """Something must be there before it may start."""


UNCOUNTED = frozenset({Hindrance.GONE, Hindrance.NOTHING_LEFT})
"""The hindrances that leave a move out of the trial's map."""


class TrialStopped(Refusal):
    """A decision of a trial was refused, so none was taken: `code` is its initiative's, `cause` the refusal."""

    def __init__(self, code: str, cause: Refusal):
        """Keep which one it was, and why."""
        super().__init__(code, cause)
        self.code, self.cause = code, cause


@dataclass(frozen=True, slots=True)
class TrialMove:
    """One move as the kernel reads it: the plan that the initiative would hold, None for a pause."""

    code: str
    plan: Plan | None


def place_of(kind: str) -> int:
    """Sorts moves in the order in which they are decided: pauses make room, so they come first."""
    return 0 if kind == Kind.PAUSE else 1


def apply_moves(portfolio: Portfolio, moves: Iterable[TrialMove]) -> Portfolio:
    """The portfolio as it would be after these moves, whether there is room for them or not."""
    for move in moves:
        if move.plan is None:
            portfolio = portfolio.changed(gone={move.code})
        else:
            # What the trial itself starts is never suggested for a pause, as little as a legal duty is.
            started = replace(move.plan.laid_out(portfolio.calendar), legal_duty=True)
            portfolio = portfolio.changed(put=[started])
    return portfolio


def before_each(portfolio: Portfolio, moves: Iterable[TrialMove]) -> Iterator[tuple[TrialMove, Portfolio]]:
    """Each move with the portfolio that it meets: that of all moves before it."""
    for move in moves:
        yield move, portfolio
        portfolio = apply_moves(portfolio, [move])

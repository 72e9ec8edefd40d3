"""A trial that has ended: what was decided, with Ångra for each decision while it lasts."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response

from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.initiatives.pages.decision import seconds_left, undo_of
from portfolio.initiatives.pages.outcomes import Wished, outcome
from portfolio.initiatives.rules.kinds import Kind
from portfolio.planning import queries
from portfolio.planning.models import TrialRow
from portfolio.planning.queries import Chosen
from portfolio.planning.rules.moves import Ending
from portfolio.web.clock import now
from portfolio.web.flashes import Undo
from portfolio.web.fragments import show

MOST_TOLD = 5
"""How many decisions one sentence names: it is kept in a cookie until the next page."""


class Done(NamedTuple):
    """One move of a trial that has ended. `undo` is None where nothing was decided, or it is too late."""

    code: str
    title: str
    outcome: str
    undo: Undo | None


def ended_page(trial: TrialRow) -> Response:
    """What came of a trial."""
    week = this_week(trial.closed_at or now())
    moves = [_done(one, week) for one in queries.moves_of(trial.id)]
    return show("planning/ended.html", trial=trial, was_applied=trial.outcome == Ending.APPLIED, moves=moves)


def outcomes_of(moves: Sequence[Chosen]) -> list[str]:
    """`FI-001 pausas från vecka 48`, `FI-011 startar vecka 2`: of many, the first ones and how many more."""
    told = [_outcome(one, this_week(now())) for one in moves[:MOST_TOLD]]
    more = len(moves) - len(told)
    return [*told, f"{more} beslut till"] if more else told


def _outcome(one: Chosen, week: Week) -> str:
    """What a move came to in the week in which the trial ended: a pause begins then."""
    row = one.row
    return outcome(Wished(Kind(row.kind), one.initiative.code, row.start_week, row.until), week)


def _done(one: Chosen, week: Week) -> Done:
    initiative, decision = one.initiative, queries.decision_of(one.row)
    undo = None
    stands = decision is not None and decision.undone_at is None and not decision.minuted
    if decision is not None and stands and initiative.version == decision.version_after:
        left = seconds_left(decision.decided_at)
        undo = undo_of(initiative.code, decision.id) | {"seconds": left} if left else None
    return Done(initiative.code, initiative.title, _outcome(one, week), undo)

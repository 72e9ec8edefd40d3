"""Read the styrkort. It is small: a municipality has some dozens of goals, so it is read whole."""

from collections import defaultdict

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.scorecard.models import GoalRow, ResponsibleUnitRow, WordingRow
from portfolio.scorecard.rules import Goal, GoalKind, Scorecard, Wording

# The list of initiatives asks these at every drawing. To compose them takes as long: they are composed once.
_WORDINGS = select(WordingRow).order_by(WordingRow.id)
_RESPONSIBLE = select(ResponsibleUnitRow.goal_id, ResponsibleUnitRow.unit_id).order_by(ResponsibleUnitRow.unit_id)
_GOALS = select(GoalRow).order_by(GoalRow.id)


def scorecard() -> Scorecard:
    """Every goal with its wordings and the units that answer for it; always three questions."""
    wordings: dict[int, list[Wording]] = defaultdict(list)
    for row in current_session().scalars(_WORDINGS):
        wordings[row.goal_id].append(_wording(row))
    units: dict[int, list[int]] = defaultdict(list)
    for goal_id, unit_id in current_session().execute(_RESPONSIBLE):
        units[goal_id].append(unit_id)
    rows = current_session().scalars(_GOALS)
    return Scorecard({row.id: _goal(row, wordings[row.id], units[row.id]) for row in rows})


def _wording(row: WordingRow) -> Wording:
    factors = tuple(row.factors.splitlines())
    return Wording(row.first_year, row.written_at, row.name, row.text, row.source, row.source_year, factors)


def _goal(row: GoalRow, wordings: list[Wording], units: list[int]) -> Goal:
    kind = GoalKind(row.kind)
    return Goal(row.id, kind, row.parent_id, row.position, row.last_year, tuple(wordings), tuple(units))


def goal_row(goal_id: int) -> GoalRow:
    """One goal as it is stored; NotFound if there is none."""
    row = current_session().get(GoalRow, goal_id)
    if row is None:
        raise NotFound
    return row

"""The decisions on an initiative, and what it left behind."""

from collections.abc import Sequence

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.initiatives.models import DecisionRow, HandoverRow, Initiative, LessonRow


def decisions_of(initiative_id: int) -> Sequence[DecisionRow]:
    """The decisions on an initiative, newest first."""
    wanted = select(DecisionRow).where(DecisionRow.initiative_id == initiative_id)
    return current_session().scalars(wanted.order_by(DecisionRow.id.desc())).all()


def decision(decision_id: int) -> DecisionRow:
    """One decision; NotFound if there is none."""
    row = current_session().get(DecisionRow, decision_id)
    if row is None:
        raise NotFound
    return row


def decision_on(initiative: Initiative, decision_id: int) -> DecisionRow:
    """One decision on an initiative; NotFound if there is none, or it is about another."""
    row = decision(decision_id)
    if row.initiative_id != initiative.id:
        raise NotFound
    return row


def lessons_of(initiative_id: int) -> Sequence[LessonRow]:
    """What was learnt from an initiative, in the order in which it was told."""
    wanted = select(LessonRow).where(LessonRow.initiative_id == initiative_id)
    return current_session().scalars(wanted.order_by(LessonRow.id)).all()


def handover_of(initiative_id: int) -> HandoverRow | None:
    """What became of the work when an initiative was completed; None where nobody has told."""
    return current_session().get(HandoverRow, initiative_id)

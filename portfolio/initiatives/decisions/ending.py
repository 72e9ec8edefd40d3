"""What a completion and a stop leave behind: a lesson, and who takes the work over."""

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.events.event import Json
from portfolio.initiatives.decisions.step import Step
from portfolio.initiatives.models import DecisionRow, HandoverRow, LessonRow
from portfolio.initiatives.rules.ending import Handover, Lesson
from portfolio.initiatives.rules.kinds import Kind
from portfolio.units import queries as units


def learn(step: Step) -> str:
    """Keep what was learnt; every completion and every stop leaves a lesson."""
    lesson = step.asked.lesson or Lesson(step.asked.reason)
    row = LessonRow(initiative_id=step.initiative.id, decision_id=step.row.id, text=lesson.text, created_at=step.now)
    row.tag, row.useful, row.use = lesson.tag, lesson.useful, lesson.use if lesson.useful else ""
    current_session().add(row)
    return lesson.text


def hand_over(step: Step) -> Json:
    """Keep who takes the work over, or that it ends; nothing where nobody has told."""
    told = step.asked.handover
    if told is None:
        return None
    given = Handover(ends=True) if told.ends else told
    row = HandoverRow(initiative_id=step.initiative.id, ends=bool(given.ends), function=given.function)
    row.unit_id = None if given.unit is None else units.unit_by_code(given.unit).id
    row.on_day = given.on
    current_session().add(row)
    on = None if given.on is None else given.on.isoformat()
    return {"ends": row.ends, "unit": given.unit, "function": given.function, "on": on}


def forget_what_was_left_behind(row: DecisionRow) -> None:
    """Take away what a decision that is undone left behind."""
    current_session().execute(delete(LessonRow).where(LessonRow.decision_id == row.id))
    if row.kind == Kind.COMPLETE:
        current_session().execute(delete(HandoverRow).where(HandoverRow.initiative_id == row.initiative_id))

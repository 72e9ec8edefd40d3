"""Read assignments and groundwork, and find the complex initiatives that wait for their review."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from portfolio.assignments.models import AssignmentRow, GroundworkRow
from portfolio.assignments.rules.clarity import QUESTIONS, Assignment
from portfolio.assignments.rules.groundwork import NONE_LAID, Groundwork, lacking
from portfolio.base.db import current_session
from portfolio.base.time import today
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import departments_touched
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.initiatives.rules.triage import TriageClass


def assignment_row(initiative_id: int) -> AssignmentRow | None:
    """What is stored of an initiative's assignment; None if nobody has written anything."""
    return current_session().get(AssignmentRow, initiative_id)


def assignment_of(initiative: Initiative) -> Assignment:
    """What is known of an initiative's assignment."""
    row = assignment_row(initiative.id)
    answers = {question: "" if row is None else getattr(row, question) for question in QUESTIONS}
    paragraph = "" if row is None else row.paragraph
    source = initiative.assignment_source or ""
    return Assignment(initiative.code, initiative.title, source, paragraph, initiative.diarienummer, answers)


def groundwork_row(initiative_id: int) -> GroundworkRow | None:
    """What is stored of an initiative's groundwork; None if nobody has written anything."""
    return current_session().get(GroundworkRow, initiative_id)


def groundwork_of(initiative_id: int) -> Groundwork:
    """What is written beside an initiative's plan, as far as anybody has."""
    return groundworks_of([initiative_id])[initiative_id]


_GROUNDWORKS = select(GroundworkRow).where(GroundworkRow.initiative_id.in_(bindparam("ids", expanding=True)))


def groundworks_of(ids: Collection[int]) -> dict[int, Groundwork]:
    """The same of several, by id: one question, however many."""
    rows = current_session().scalars(_GROUNDWORKS, {"ids": list(ids)}) if ids else ()
    return dict.fromkeys(ids, NONE_LAID) | {row.initiative_id: _laid(row) for row in rows}


def _laid(row: GroundworkRow) -> Groundwork:
    return Groundwork(row.participation, row.review_on, row.breadth_reason, row.change_lead, row.change_type)


def lacking_for(initiative: Initiative, laid: Groundwork, now: datetime) -> list[str]:
    """What the groundwork that is laid for an initiative lacks for a decision, as code words."""
    return lacking(initiative.triage_class, laid, departments_touched(initiative), today(now))


class Review(NamedTuple):
    """The review that a complex initiative waits for; None where none has been set."""

    code: str
    review_on: date | None


_REVIEWS_DUE = (
    select(Initiative.code, GroundworkRow.review_on)
    .outerjoin(GroundworkRow, GroundworkRow.initiative_id == Initiative.id)
    .where(Initiative.triage_class == TriageClass.COMPLEX, Initiative.status.in_(COUNTING))
    .where(or_(GroundworkRow.review_on.is_(None), GroundworkRow.review_on <= bindparam("day")))
    .order_by(Initiative.rank, Initiative.id)
)


def reviews_due(day: date) -> Sequence[Review]:
    """The complex initiatives that run and whose review has come by a day, or has never been set; by priority."""
    return [Review(code, review_on) for code, review_on in current_session().execute(_REVIEWS_DUE, {"day": day})]

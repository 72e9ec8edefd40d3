"""What a meeting keeps of its items, and what it has decided so far."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select

from portfolio.base.db import current_session
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.writing import seen_to_told
from portfolio.meetings.models import AgendaItemRow
from portfolio.meetings.queries.meetings import Meeting


class Decided(NamedTuple):
    """An item with the decision that ended it, and the initiative that it was about."""

    row: AgendaItemRow
    decision: DecisionRow
    initiative: Initiative

    @property
    def seen_to(self) -> str:
        """Who sees to it and by when: `Ansvarig: Skolchef. Ska ha startat senast 15 februari 2027.`

        Of what comes back on its last day that day is told once, by what was decided.
        """
        decision = self.decision
        return seen_to_told(
            Kind(decision.kind), decision.responsible, None if decision.due == decision.until else decision.due
        )


class Stored(NamedTuple):
    """An item that a meeting keeps, the decision that ended it, and the initiative that it is about.

    A decision that was taken back is left out.
    """

    row: AgendaItemRow
    decision: DecisionRow | None
    about: Initiative | None


_STORED = (
    select(AgendaItemRow, DecisionRow, Initiative)
    .outerjoin(DecisionRow, and_(DecisionRow.id == AgendaItemRow.decision_id, DecisionRow.undone_at.is_(None)))
    .outerjoin(Initiative, Initiative.id == func.coalesce(DecisionRow.initiative_id, AgendaItemRow.initiative_id))
    .where(AgendaItemRow.meeting_id == bindparam("meeting_id"))
    .order_by(AgendaItemRow.position, AgendaItemRow.id)
)


def stored_of(meeting: Meeting) -> Sequence[Stored]:
    """What the meeting keeps of its items, in their order: one question, however many."""
    if meeting.row is None:
        return []
    return [Stored._make(row) for row in current_session().execute(_STORED, {"meeting_id": meeting.row.id})]


def decided_in(stored: Iterable[Stored]) -> dict[str, Decided]:
    """What was decided, by the item's key, in the order of the agenda."""
    return {row.key: Decided(row, decision, about) for row, decision, about in stored if decision and about}


def outcomes_of(meeting: Meeting) -> dict[str, Decided]:
    """The same of all items of a meeting."""
    return decided_in(stored_of(meeting))


def item_ended_by(meeting: Meeting, decision_id: int) -> str:
    """The key of the item that a decision ended; KeyError if it ended none."""
    return {one.decision.id: key for key, one in outcomes_of(meeting).items()}[decision_id]


_ITEMS = (
    select(AgendaItemRow)
    .where(AgendaItemRow.meeting_id == bindparam("meeting_id"))
    .order_by(AgendaItemRow.position, AgendaItemRow.id)
)


def item_rows(meeting: Meeting) -> Sequence[AgendaItemRow]:
    """What the meeting keeps of its items, in their order."""
    if meeting.row is None:
        return []
    return current_session().scalars(_ITEMS, {"meeting_id": meeting.row.id}).all()

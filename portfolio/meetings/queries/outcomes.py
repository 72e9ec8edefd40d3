"""What a meeting keeps of its items, and what it has decided so far."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from portfolio.base.db import current_session
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.stored import initiatives_by_id
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
    """A meeting's items in their order, the decisions that ended some of them, and what they are about, by ids.

    A decision that was taken back is not among them.
    """

    rows: Sequence[AgendaItemRow]
    standing: Mapping[int, DecisionRow]
    initiatives: Mapping[int, Initiative]

    def about(self, row: AgendaItemRow) -> Initiative | None:
        """The initiative that an item was decided on, or added for."""
        decision = self.standing.get(row.decision_id or 0)
        initiative_id = row.initiative_id if decision is None else decision.initiative_id
        return self.initiatives.get(initiative_id or 0)

    def outcomes(self) -> dict[str, Decided]:
        """What was decided, by the item's key, in the order of the agenda."""
        decided = ((row, self.standing.get(row.decision_id or 0)) for row in self.rows)
        return {row.key: Decided(row, one, self.initiatives[one.initiative_id]) for row, one in decided if one}


def stored_of(meeting: Meeting) -> Stored:
    """What the meeting keeps of its items."""
    rows = item_rows(meeting)
    standing = _standing_decisions(rows)
    added = {row.initiative_id for row in rows if row.initiative_id is not None}
    ids = added | {decision.initiative_id for decision in standing.values()}
    return Stored(rows, standing, {one.id: one for one in initiatives_by_id(ids)} if ids else {})


def outcomes_of(meeting: Meeting) -> dict[str, Decided]:
    """What was decided, by the item's key, in the order of the agenda."""
    return stored_of(meeting).outcomes()


def item_ended_by(meeting: Meeting, decision_id: int) -> str:
    """The key of the item that a decision ended; KeyError if it ended none."""
    return {one.decision.id: key for key, one in outcomes_of(meeting).items()}[decision_id]


_ITEMS = (
    select(AgendaItemRow)
    .where(AgendaItemRow.meeting_id == bindparam("meeting_id"))
    .order_by(AgendaItemRow.position, AgendaItemRow.id)
)
_STANDING = select(DecisionRow).where(
    DecisionRow.id.in_(bindparam("ids", expanding=True)), DecisionRow.undone_at.is_(None)
)


def item_rows(meeting: Meeting) -> Sequence[AgendaItemRow]:
    """What the meeting keeps of its items, in their order."""
    if meeting.row is None:
        return []
    return current_session().scalars(_ITEMS, {"meeting_id": meeting.row.id}).all()


def _standing_decisions(rows: Sequence[AgendaItemRow]) -> dict[int, DecisionRow]:
    ids = [row.decision_id for row in rows if row.decision_id is not None]
    return {row.id: row for row in current_session().scalars(_STANDING, {"ids": ids})} if ids else {}

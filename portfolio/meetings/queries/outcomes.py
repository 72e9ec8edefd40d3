"""What a meeting keeps of its items, and what it has decided so far."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from portfolio.base.db import current_session
from portfolio.base.weeks import Week, parse_week
from portfolio.events.decisions import InitiativeReranked, InitiativeRescoped, InitiativeResumed, InitiativeStarted
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.writing import Wished, seen_to_told
from portfolio.meetings.models import AgendaItemRow
from portfolio.meetings.queries.meetings import Meeting
from portfolio.outbox.models import EventRow

_TOLD_MORE_BY = (InitiativeStarted, InitiativeResumed, InitiativeRescoped, InitiativeReranked)
"""The events that tell more of a decision than its own row does: its weeks, or its place."""


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


def as_taken(decided: Collection[Decided]) -> dict[int, Wished]:
    """What each decision came to when it was taken, by its id: the initiative may have changed since."""
    told = _events_of(decided)
    return {one.decision.id: _as_taken(one, told.get(one.decision.id, {})) for one in decided}


def _as_taken(one: Decided, told: Mapping[str, Any]) -> Wished:
    kind = Kind(one.decision.kind)
    rank = told.get("after") if kind is Kind.RERANK else None
    return Wished(kind, one.initiative.code, _start_in(kind, told), one.decision.until, rank)


def _start_in(kind: Kind, told: Mapping[str, Any]) -> Week | None:
    """The start week that a decision led to; None of a kind that leaves it as it was."""
    written = (told.get("after") or {}).get("start_week") if kind is Kind.RESCOPE else told.get("start_week")
    return None if written is None else parse_week(written)


def _events_of(decided: Collection[Decided]) -> dict[int, dict[str, Any]]:
    """What the events tell of the decisions, by the decision's id."""
    subjects = {f"initiative/{one.initiative.code}" for one in decided}
    wanted = select(EventRow.data).where(
        EventRow.subject.in_(subjects), EventRow.type.in_([one.name for one in _TOLD_MORE_BY])
    )
    rows = current_session().scalars(wanted) if subjects else ()
    return {told["decision"]: told for told in map(json.loads, rows)}


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

"""The agenda of a meeting: what is needed, together with what the coordinator has done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.capacity.rules.words import Names
from portfolio.initiatives import queries as initiatives
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.meetings.models import AgendaItemRow, MeetingRow, QuestionRow
from portfolio.meetings.queries.candidates import Needs
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.rules.agenda import Item, Kept, Matter, built, not_settled


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with its items. `unready` cannot be decided yet, `stale` has not told how it goes."""

    meeting: Meeting
    items: Sequence[Item]
    unready: Sequence[Initiative]
    stale: Sequence[Initiative]
    names: Names

    def item(self, key: str) -> Item | None:
        """The item with this key."""
        return next((item for item in self.items if item.key == key), None)


def agenda_of(meeting: Meeting, now: datetime) -> Agenda:
    """The agenda as it is now. Nothing is written, so that it is right even where no clock runs."""
    if meeting.ended:
        return Agenda(meeting, built([], kept(meeting), frozen=False), [], [], Names())
    needs = Needs(meeting.day, now)
    found = not_settled(needs.candidates(), settled_before(meeting), meeting.day)
    items = built(found, kept(meeting), frozen=meeting.frozen)
    return Agenda(meeting, items, needs.unready(), needs.stale(), needs.names)


def item_rows(meeting: Meeting) -> Sequence[AgendaItemRow]:
    """What the meeting keeps of its items, in their order."""
    if meeting.row is None:
        return []
    wanted = select(AgendaItemRow).where(AgendaItemRow.meeting_id == meeting.row.id)
    return current_session().scalars(wanted.order_by(AgendaItemRow.position, AgendaItemRow.id)).all()


def kept(meeting: Meeting) -> list[Kept]:
    """The same as the rules see it."""
    rows = item_rows(meeting)
    decided = standing_decisions(rows)
    codes = _codes_of(rows, decided)
    return [
        Kept(
            row.key,
            Matter(row.matter),
            codes[row.id],
            row.sentence,
            row.position,
            row.held_back,
            row.decision_id in decided,
        )
        for row in rows
    ]


def standing_decisions(rows: Sequence[AgendaItemRow]) -> dict[int, DecisionRow]:
    """The decisions by which items ended, by id, without those that were taken back."""
    ids = [row.decision_id for row in rows if row.decision_id is not None]
    wanted = select(DecisionRow).where(DecisionRow.id.in_(ids), DecisionRow.undone_at.is_(None))
    return {row.id: row for row in current_session().scalars(wanted)} if ids else {}


def _codes_of(rows: Sequence[AgendaItemRow], decided: Mapping[int, DecisionRow]) -> dict[int, tuple[str, ...]]:
    """The initiative that each item was decided on or added for, by the item's id."""
    about = {row.id: _about(row, decided) for row in rows}
    known = {one.id: one.code for one in initiatives.initiatives_by_id({one for one in about.values() if one})}
    return {row_id: (known[one],) if one in known else () for row_id, one in about.items()}


def _about(row: AgendaItemRow, decided: Mapping[int, DecisionRow]) -> int | None:
    decision = decided.get(row.decision_id or 0)
    return row.initiative_id if decision is None else decision.initiative_id


def settled_before(meeting: Meeting) -> dict[str, date]:
    """The matters that earlier meetings have decided, by key, each with the day on which it is taken up again."""
    wanted = (
        select(AgendaItemRow.key, DecisionRow.until, DecisionRow.due)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(DecisionRow, DecisionRow.id == AgendaItemRow.decision_id)
        .where(MeetingRow.starts_at < meeting.starts_at, DecisionRow.undone_at.is_(None))
        .order_by(MeetingRow.starts_at)
    )
    rows = current_session().execute(wanted)
    return {key: until or due or date.max for key, until, due in rows}


def questions_of(meeting: Meeting) -> dict[str, list[QuestionRow]]:
    """What was asked beforehand, by the item's key."""
    if meeting.row is None:
        return {}
    wanted = select(QuestionRow).where(QuestionRow.meeting_id == meeting.row.id).order_by(QuestionRow.id)
    asked: dict[str, list[QuestionRow]] = {}
    for row in current_session().scalars(wanted):
        asked.setdefault(row.key, []).append(row)
    return asked

"""The agenda of a meeting: what is needed, together with what the coordinator has done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portfolio.base.db import current_session
from portfolio.capacity.rules.words import Names
from portfolio.initiatives import queries as initiatives
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules import OPEN
from portfolio.meetings.models import AgendaItemRow, MeetingRow, QuestionRow
from portfolio.meetings.queries.candidates import Needs
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.rules.agenda import Change, Item, Kept, Matter, built
from portfolio.meetings.rules.following import TELLING


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
        return Agenda(meeting, built([], kept(meeting), frozen=True), [], [], Names())
    needs = Needs(meeting.day, now, settled_before(meeting))
    items = built(needs.candidates(), kept(meeting), frozen=meeting.frozen)
    return Agenda(meeting, items, needs.unready(), needs.stale(), needs.names)


def item_rows(meeting: Meeting) -> Sequence[AgendaItemRow]:
    """What the meeting keeps of its items, in their order."""
    if meeting.row is None:
        return []
    wanted = select(AgendaItemRow).where(AgendaItemRow.meeting_id == meeting.row.id)
    return current_session().scalars(wanted.order_by(AgendaItemRow.position, AgendaItemRow.id)).all()


def left_over(row: MeetingRow) -> list[tuple[AgendaItemRow, MeetingRow]]:
    """What somebody added to earlier meetings that those did not take up and that can still be, with its meeting.

    What a later meeting has had on its agenda since is not left over.
    """
    stands = select(DecisionRow.id).where(
        DecisionRow.id == AgendaItemRow.decision_id, DecisionRow.undone_at.is_(None)
    )
    item, later = aliased(AgendaItemRow), aliased(MeetingRow)
    again = (
        select(item.id)
        .join(later, later.id == item.meeting_id)
        .where(item.key == AgendaItemRow.key, later.starts_at > MeetingRow.starts_at)
    )
    wanted = (
        select(AgendaItemRow, MeetingRow)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(Initiative, Initiative.id == AgendaItemRow.initiative_id)
        .where(AgendaItemRow.added_by != "", Initiative.status.in_(OPEN))
        .where(MeetingRow.starts_at < row.starts_at, ~stands.exists(), ~again.exists())
        .order_by(MeetingRow.starts_at, AgendaItemRow.position)
    )
    return [(one, left) for one, left in current_session().execute(wanted)]


def kept(meeting: Meeting) -> list[Kept]:
    """The same as the rules see it."""
    rows = item_rows(meeting)
    decided = standing_decisions(rows)
    about = _about(rows, decided)
    return [_kept(row, about.get(row.id), row.decision_id in decided, meeting) for row in rows]


def _kept(row: AgendaItemRow, about: Initiative | None, decided: bool, meeting: Meeting) -> Kept:
    change = None
    if about is not None and about.status not in OPEN:
        change = Change.GONE
    elif meeting.row is not None and meeting.row.frozen_at is not None and row.added_at is not None:
        change = Change.NEW if row.added_at > meeting.row.frozen_at else None
    codes = () if about is None else (about.code,)
    matter = Matter(row.matter)
    return Kept(
        row.key, matter, codes, row.sentence, row.position, row.held_back, decided, None if decided else change
    )


def standing_decisions(rows: Sequence[AgendaItemRow]) -> dict[int, DecisionRow]:
    """The decisions by which items ended, by id, without those that were taken back."""
    ids = [row.decision_id for row in rows if row.decision_id is not None]
    wanted = select(DecisionRow).where(DecisionRow.id.in_(ids), DecisionRow.undone_at.is_(None))
    return {row.id: row for row in current_session().scalars(wanted)} if ids else {}


def _about(rows: Sequence[AgendaItemRow], decided: Mapping[int, DecisionRow]) -> dict[int, Initiative]:
    """The initiative that each item was decided on or is about, by the item's id."""
    ids = {}
    for row in rows:
        decision = decided.get(row.decision_id or 0)
        ids[row.id] = row.initiative_id if decision is None else decision.initiative_id
    known = {one.id: one for one in initiatives.initiatives_by_id({one for one in ids.values() if one})}
    return {row_id: known[one] for row_id, one in ids.items() if one in known}


def settled_before(meeting: Meeting) -> dict[str, date]:
    """The matters that earlier meetings have decided, by key, each with the day on which it is taken up again.

    A proposal that has been decided on since, by the chair alone, is as that later decision left it; to note
    something or to move it in the order takes it no further.
    """
    later = aliased(DecisionRow)
    decided_since = (
        select(later.id)
        .where(later.initiative_id == DecisionRow.initiative_id, later.id > DecisionRow.id)
        .where(later.undone_at.is_(None), later.kind.not_in(TELLING))
        .exists()
    )
    wanted = (
        select(AgendaItemRow.key, DecisionRow.until, DecisionRow.due)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(DecisionRow, DecisionRow.id == AgendaItemRow.decision_id)
        .where(MeetingRow.starts_at < meeting.starts_at, DecisionRow.undone_at.is_(None))
        .where(or_(AgendaItemRow.matter != Matter.PROPOSAL, ~decided_since))
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

"""The agenda of a meeting: what is needed, together with what the coordinator has done with it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from portfolio.base.db import current_session
from portfolio.capacity.rules.words import Names
from portfolio.events.meetings import AgendaFrozen
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.gate import Known
from portfolio.initiatives.rules.statuses import OPEN
from portfolio.meetings.models import AgendaItemRow, MeetingRow, QuestionRow
from portfolio.meetings.queries.candidates import Needs, Open
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.queries.outcomes import Decided, Stored, decided_in, stored_of
from portfolio.meetings.rules.agenda import Change, Item, Kept, Matter, built
from portfolio.meetings.rules.following import TELLING
from portfolio.outbox.models import EventRow

LATER = aliased(DecisionRow)
DECIDED_SINCE = (
    select(LATER.id)
    .where(LATER.initiative_id == DecisionRow.initiative_id, LATER.id > DecisionRow.id)
    .where(LATER.undone_at.is_(None), LATER.kind.not_in(TELLING))
    .exists()
)
"""Whether the initiative of a decision has been decided on again, later; to note something is not to decide on it."""

# To compose a question takes as long as to ask it: what every drawing of a meeting asks is composed once.
DECIDED_BEFORE = (
    select(AgendaItemRow.key, DecisionRow.until, DecisionRow.due)
    .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
    .join(DecisionRow, DecisionRow.id == AgendaItemRow.decision_id)
    .where(MeetingRow.starts_at < bindparam("moment"), DecisionRow.undone_at.is_(None))
    .where(or_(AgendaItemRow.matter != Matter.PROPOSAL, ~DECIDED_SINCE))
    .order_by(MeetingRow.starts_at)
)
"""What meetings before a moment have decided."""
_SENT_OUT = (
    select(EventRow.data)
    .where(EventRow.subject == bindparam("subject"), EventRow.type == AgendaFrozen.name)
    .order_by(EventRow.seq.desc())
    .limit(1)
)
_QUESTIONS = select(QuestionRow).where(QuestionRow.meeting_id == bindparam("meeting_id")).order_by(QuestionRow.id)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with its items, and by their keys what has been decided.

    `ready` is what can be decided, by code and with its plans, `unready` what cannot be yet, `stale` what has not
    told how it goes.
    `labels` are what one should know before deciding on what is open.
    `known` is what the items were tried against; None of a meeting that is over, where nothing is tried.
    """

    meeting: Meeting
    items: Sequence[Item]
    outcomes: Mapping[str, Decided]
    unready: Sequence[Initiative]
    stale: Sequence[Open]
    names: Names
    known: Known | None = None
    ready: Mapping[str, Initiative] = field(default_factory=dict)
    labels: Mapping[str, list[str]] = field(default_factory=dict)

    def item(self, key: str) -> Item | None:
        """The item with this key."""
        return next((item for item in self.items if item.key == key), None)


def agenda_of(meeting: Meeting, now: datetime) -> Agenda:
    """The agenda as it is now. Nothing is written, so that it is right even where no clock runs."""
    stored = stored_of(meeting)
    if meeting.ended:
        return Agenda(meeting, built([], kept(stored, meeting), frozen=True), decided_in(stored), [], [], Names())
    sent = _sent_out(meeting)
    keeps = [replace(one, sent_out=None if sent is None else one.key in sent) for one in kept(stored, meeting)]
    needs = Needs(meeting.day, now, settled_before(meeting), {one.key for one in keeps if one.decided})
    items = built(needs.candidates(), keeps, frozen=meeting.frozen)
    return Agenda(
        meeting,
        items,
        decided_in(stored),
        needs.unready(),
        needs.stale(),
        needs.names,
        Known(needs.portfolio, needs.names, needs.requests),
        needs.ready,
        needs.labels({code for item in items for code in item.codes}),
    )


def _sent_out(meeting: Meeting) -> set[str] | None:
    """The keys of the items that the agenda had when it was frozen; None before that."""
    if not meeting.frozen:
        return None
    latest = current_session().scalar(_SENT_OUT, {"subject": f"meeting/{meeting.day}"})
    return None if latest is None else set(json.loads(latest)["items"])


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


def kept(stored: Iterable[Stored], meeting: Meeting) -> list[Kept]:
    """What the meeting keeps of its items, as the rules see it."""
    return [_kept(one.row, one.about, one.decision is not None, meeting) for one in stored]


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


def settled_before(meeting: Meeting) -> dict[str, date]:
    """The matters that earlier meetings have decided, by key, each with the day on which it is taken up again.

    A proposal that has been decided on since, by the chair alone, is as that later decision left it; to note
    something or to move it in the order takes it no further.
    """
    rows = current_session().execute(DECIDED_BEFORE, {"moment": meeting.starts_at})
    return {key: until or due or date.max for key, until, due in rows}


def questions_of(meeting: Meeting) -> dict[str, list[QuestionRow]]:
    """What was asked beforehand, by the item's key."""
    if meeting.row is None:
        return {}
    asked: dict[str, list[QuestionRow]] = {}
    for row in current_session().scalars(_QUESTIONS, {"meeting_id": meeting.row.id}):
        asked.setdefault(row.key, []).append(row)
    return asked

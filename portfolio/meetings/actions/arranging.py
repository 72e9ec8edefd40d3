"""Prepare the next meeting: put it in the calendar, order its agenda, ask questions, freeze it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, update

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.events.meetings import (
    AgendaFrozen,
    AgendaItemAdded,
    AgendaItemCarriedOver,
    AgendaItemHeldBack,
    AgendaItemMoved,
    MeetingMoved,
    MeetingPlanned,
    QuestionAsked,
    QuestionWithdrawn,
)
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import OPEN
from portfolio.meetings.models import AgendaItemRow, MeetingRow, QuestionRow
from portfolio.meetings.queries import meetings
from portfolio.meetings.queries.agenda import Agenda, agenda_of, left_over
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.queries.outcomes import item_rows
from portfolio.meetings.rules.agenda import ASKED_ENOUGH, DECIDED, MOST_QUESTIONS, OVER, Change, Item, Matter, moved
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, ensure_may, may


def plan_next(*, by: Actor, now: datetime) -> MeetingRow | None:
    """Store the next meeting, if it is not stored yet: there always is one. Running it again changes nothing.

    A planned meeting that was never held, because its weekday or the holidays changed or nobody began it, is moved
    with all that has been prepared for it. What somebody added to a meeting that is over, and that it did not take
    up, comes along. None if the municipality has closed every day to come.
    """
    lock_portfolio()
    following = meetings.upcoming(now)
    if following is None:
        return None
    row = following.row or _planned_or_moved(following, by, now)
    if row.began_at is None:
        _carry_over(row, by, now)
    return row


def _planned_or_moved(following: Meeting, by: Actor, now: datetime) -> MeetingRow:
    never_held = select(MeetingRow).where(MeetingRow.began_at.is_(None)).order_by(MeetingRow.starts_at.desc())
    row = current_session().scalars(never_held.limit(1)).first()
    if row is None:
        return _planned(following, by, now)
    before = row.starts_at.isoformat()
    row.starts_at = following.starts_at
    _thaw(row)
    after = row.starts_at.isoformat()
    record(MeetingMoved(meeting=following.day.isoformat(), before=before, after=after), by=by.name, now=now)
    return row


def _carry_over(row: MeetingRow, by: Actor, now: datetime) -> None:
    """Bring along what somebody added to earlier meetings and those left, to be taken up at this one."""
    for item, left in left_over(row):
        item.meeting_id, item.held_back = row.id, False
        told = AgendaItemCarriedOver(
            meeting=today(row.starts_at).isoformat(), item=item.key, before=today(left.starts_at).isoformat()
        )
        record(told, by=by.name, now=now)


def _thaw(row: MeetingRow) -> None:
    """Let the agenda of a meeting that is moved build itself anew; what somebody added keeps its reason."""
    row.frozen_at = None
    sent_out = (AgendaItemRow.meeting_id == row.id, AgendaItemRow.matter != Matter.ADDED)
    current_session().execute(update(AgendaItemRow).where(*sent_out).values(sentence=""))


def _planned(meeting: Meeting, by: Actor, now: datetime) -> MeetingRow:
    row = MeetingRow(starts_at=meeting.starts_at, place=meeting.place, participants="[]", showing="", secretary="")
    current_session().add(row)
    current_session().flush()  # its items need its id
    event = MeetingPlanned(
        meeting=meeting.day.isoformat(), starts_at=meeting.starts_at.isoformat(), place=meeting.place
    )
    record(event, by=by.name, now=now)
    return row


def freeze(day: date, *, by: Actor, now: datetime) -> Agenda:
    """Freeze the agenda so that it can be sent out: what it says is kept, and what changes later is marked."""
    ensure_may(by, May.LEAD_MEETINGS)
    return _freeze(day, by, now)


def freeze_due(*, by: Actor, now: datetime) -> bool:
    """Freeze the next meeting's agenda if its hour has come, whoever may lead it; whether it was frozen now."""
    lock_portfolio()
    following = meetings.upcoming(now)
    if following is None or following.frozen or following.freezes_at > now:
        return False
    _freeze(following.day, by, now)
    return True


def _freeze(day: date, by: Actor, now: datetime) -> Agenda:
    agenda = _open_agenda(day, by, now)
    row = agenda.meeting.row
    assert row is not None
    if row.frozen_at is not None:
        return agenda
    rows = {one.key: one for one in item_rows(agenda.meeting)}
    for item in agenda.items:
        if item.matter is not Matter.ADDED:
            rows[item.key].sentence = item.sentence
    row.frozen_at, row.place = now, agenda.meeting.place
    keys = [item.key for item in agenda.items if not item.held_back]
    record(AgendaFrozen(meeting=day.isoformat(), items=[*keys]), by=by.name, now=now)
    return agenda


def move_item(day: date, key: str, place: int, *, by: Actor, now: datetime) -> int:
    """Give an item another place on the agenda, 1 first; the place that it had."""
    ensure_may(by, May.LEAD_MEETINGS)
    agenda = _open_agenda(day, by, now)
    _item_of(agenda, key)
    present = [item.key for item in agenda.items]
    order, before = moved(present, key, place), present.index(key) + 1
    if order == present:
        return before
    rows = {one.key: one for one in item_rows(agenda.meeting)}
    for position, one in enumerate(order):
        rows[one].position = position
    record(AgendaItemMoved(meeting=day.isoformat(), item=key, place=order.index(key) + 1), by=by.name, now=now)
    return before


def hold_back(day: date, key: str, held_back: bool, *, by: Actor, now: datetime) -> None:
    """Leave an item for a later meeting, or take it up at this one after all."""
    ensure_may(by, May.LEAD_MEETINGS)
    agenda = _open_agenda(day, by, now)
    item = _item_of(agenda, key)
    if item.decided:
        raise NotAllowedNow(DECIDED)
    if item.held_back == held_back:
        return
    row = next(one for one in item_rows(agenda.meeting) if one.key == key)
    row.held_back = held_back
    record(AgendaItemHeldBack(meeting=day.isoformat(), item=key, held_back=held_back), by=by.name, now=now)


def add_item(day: date, code: str, reason: str, *, by: Actor, now: datetime) -> str:
    """Put an initiative on the agenda, and say why; the item's key."""
    ensure_may(by, May.LEAD_MEETINGS)
    agenda = _open_agenda(day, by, now)
    if not reason.strip():
        raise Invalid({"reason": ["Skriv vad gruppen ska ta ställning till."]})
    try:
        initiative = initiative_by_code(code)
    except NotFound:
        raise Invalid({"code": [f"Det finns inget initiativ med beteckningen {code}."]}) from None
    if initiative.status not in OPEN:
        raise NotAllowedNow(initiative.status, kinds_allowed(status_of(initiative, now)))
    key = f"added/{code}"
    if agenda.item(key) is not None:
        raise Invalid({"code": [f"{code} är redan tillagd på dagordningen."]})
    row = _kept(agenda.meeting, Item(key, Matter.ADDED, (code,), reason), len(agenda.items))
    row.added_by, row.added_at = by.name, now
    record(AgendaItemAdded(meeting=day.isoformat(), item=key, initiative=code, reason=reason), by=by.name, now=now)
    return key


def ask(day: date, key: str, text: str, *, by: Actor, now: datetime) -> None:
    """Ask something about an item before the meeting, so that whoever knows can answer there.

    Invalid of an empty question, and of more than MOST_QUESTIONS by one person.
    """
    ensure_may(by, May.ASK_QUESTIONS)
    agenda = _open_agenda(day, by, now)
    _item_of(agenda, key)
    if not text.strip():
        raise Invalid({"text": ["Skriv din fråga."]})
    row = agenda.meeting.row
    assert row is not None
    asked = select(func.count(QuestionRow.id)).where(QuestionRow.meeting_id == row.id)
    if (current_session().scalar(asked.where(QuestionRow.asked_by == by.name)) or 0) >= MOST_QUESTIONS:
        raise Invalid({"text": [ASKED_ENOUGH]})
    current_session().add(QuestionRow(meeting_id=row.id, key=key, text=text, asked_by=by.name, asked_at=now))
    record(QuestionAsked(meeting=day.isoformat(), item=key, text=text), by=by.name, now=now)


def withdraw_question(day: date, question_id: int, *, by: Actor, now: datetime) -> None:
    """Take a question away that whoever asked it no longer wonders about; who leads the meeting may too."""
    ensure_may(by, May.ASK_QUESTIONS, May.LEAD_MEETINGS)
    lock_portfolio()
    meeting = meetings.on(day, now)
    if meeting.ended:
        raise NotAllowedNow(OVER)
    row = current_session().get(QuestionRow, question_id)
    if row is None or meeting.row is None or row.meeting_id != meeting.row.id:
        raise NotFound
    ensure(row.asked_by == by.name or may(by, May.LEAD_MEETINGS))
    current_session().delete(row)
    record(QuestionWithdrawn(meeting=day.isoformat(), item=row.key, text=row.text), by=by.name, now=now)


def _open_agenda(day: date, by: Actor, now: datetime) -> Agenda:
    """The agenda of a meeting that is not over, under the lock, with every item stored in its present place."""
    lock_portfolio()
    meeting = meetings.on(day, now)
    if meeting.row is None:
        plan_next(by=by, now=now)
        meeting = meetings.on(day, now)
    if meeting.ended:
        raise NotAllowedNow(OVER)
    agenda = agenda_of(meeting, now)
    keep_items(meeting, agenda.items)
    return agenda


def keep_items(meeting: Meeting, items: Sequence[Item]) -> None:
    """Store every item that is not stored yet, and the order that they have."""
    rows = {one.key: one for one in item_rows(meeting)}
    for position, item in enumerate(items):
        if item.key in rows:
            rows[item.key].position = position
        else:
            _kept(meeting, item, position)
    current_session().flush()  # who arranges them next reads them anew


def _kept(meeting: Meeting, item: Item, position: int) -> AgendaItemRow:
    assert meeting.row is not None
    sentence = item.sentence if item.matter is Matter.ADDED else ""
    row = AgendaItemRow(meeting_id=meeting.row.id, key=item.key, matter=item.matter, position=position)
    row.sentence, row.held_back = sentence, item.held_back
    if len(item.codes) == 1:
        row.initiative_id = initiative_by_code(item.codes[0]).id
    current_session().add(row)
    return row


def _item_of(agenda: Agenda, key: str) -> Item:
    item = agenda.item(key)
    if item is None or item.change is Change.GONE:
        raise NotFound
    return item

"""Hold a meeting: begin it, show an item to all, end each item with one decision, and end the meeting."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from portfolio.base.errors import NotAllowedNow, NotFound, NotReady, Stale
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.event import Json
from portfolio.events.meetings import (
    ItemDecided,
    ItemReopened,
    ItemShown,
    MeetingBegan,
    MeetingEnded,
    MeetingReopened,
    ParticipantsNoted,
)
from portfolio.initiatives.decisions.asked import Asked, ensure_fields, responsible_by_default
from portfolio.initiatives.decisions.taking import Outcome, decide_at_meeting
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.undoing import may_still_undo
from portfolio.meetings.actions.arranging import freeze, hold_back, keep_items
from portfolio.meetings.models import AgendaItemRow, MeetingRow
from portfolio.meetings.queries import meetings
from portfolio.meetings.queries.agenda import Agenda, agenda_of
from portfolio.meetings.queries.completed import versions_of
from portfolio.meetings.queries.meetings import the_one_after
from portfolio.meetings.queries.outcomes import item_rows, outcomes_of
from portfolio.meetings.queries.people import decision_maker, expected_on, noted_version
from portfolio.meetings.queries.preparation import missing_at_start
from portfolio.meetings.rules.agenda import (
    ANOTHER_GOES_ON,
    DECIDED,
    HELD_BACK,
    ITS_OWN,
    NO_TIME,
    NOT_BEGUN,
    OVER,
    TOO_EARLY,
    TOO_LATE,
    Change,
    Item,
    Matter,
)
from portfolio.meetings.rules.deciding import Ground, decider, ensure_ground
from portfolio.meetings.rules.minutes import COMPLETED, Attendance, Participant
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure_may

TOGETHER = "together/"
"""How the key of an item begins that came onto the agenda with its decision."""


def begin(day: date, *, by: Actor, now: datetime) -> None:
    """Begin the meeting: its agenda is frozen, all but the absent are noted as present, the first item is shown.

    NotAllowedNow while another one goes on, and long before its hour.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    other = meetings.going_on(now)
    if other is not None and other.day != day:
        raise NotAllowedNow(ANOTHER_GOES_ON)
    if now < meetings.on(day, now).begins_from:
        raise NotAllowedNow(TOO_EARLY)
    agenda = freeze(day, by=by, now=now)
    row = _row_of(agenda)
    if row.began_at is not None:
        return
    row.began_at, row.secretary = now, by.name
    expected = expected_on(day)
    row.participants = _as_json(expected)
    waiting = [item.key for item in agenda.items if item.waits]
    told = MeetingBegan(
        meeting=day.isoformat(), items=[*waiting], secretary=row.secretary, participants=_told(expected)
    )
    record(told, by=by.name, now=now)
    _show(row, waiting[0] if waiting else "", day, by, now)


def note_participants(day: date, noted: Attendance, *, version: int, by: Actor, now: datetime) -> None:
    """Note who was there and where, and who wrote it down.

    NotAllowedNow once the minutes are completed, Stale if somebody has noted something else meanwhile.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    row = _begun(day, now)
    if versions_of(row.id):
        raise NotAllowedNow(COMPLETED)
    if noted_version(row) != version:
        raise Stale(noted_version(row))
    row.participants, row.place, row.secretary = _as_json(noted.participants), noted.place, noted.secretary
    if noted_version(row) != version:
        told = _told(noted.participants)
        event = ParticipantsNoted(
            meeting=day.isoformat(), participants=told, place=noted.place, secretary=noted.secretary
        )
        record(event, by=by.name, now=now)


def show_item(day: date, key: str, *, by: Actor, now: datetime) -> None:
    """Show an item on every screen of the meeting."""
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    row = _going_on(day, now)
    if agenda_of(meetings.on(day, now), now).item(key) is None:
        raise NotFound
    if row.showing != key:
        _show(row, key, day, by, now)


def decide_item(
    day: date, key: str, code: str, asked: Asked, ground: Ground, *, version: int | None, by: Actor, now: datetime
) -> Outcome:
    """End an item with one decision on one of its initiatives, and show the next item.

    To pause another initiative is a way to make room for it: that is an item of its own, and this one stays open.
    Beside the refusals of any decision: NotFound of an item that has gone, NotAllowedNow of one that somebody has
    decided already, NotReady of a start that lacks something and has no written reason (`despite`), Invalid of a
    ground that does not hold.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    meeting_row = _going_on(day, now)
    agenda = agenda_of(meetings.on(day, now), now)
    item = _open_item(agenda, key)
    makes_room = code not in item.codes and asked.kind is Kind.PAUSE
    if code not in item.codes and not makes_room:
        raise NotFound
    ensure_ground(asked.kind, ground)
    initiative = initiative_by_code(code)
    lacking = missing_at_start(initiative, agenda.names, now) if asked.kind is Kind.START else []
    if lacking and not asked.despite:
        ensure_fields(initiative, asked, now)  # so that all that is wrong in the form is told at once
        raise NotReady(lacking)
    keep_items(agenda.meeting, agenda.items)
    asked = _on_the_item(asked, item)
    maker = decision_maker() if ground.maker is None else decider(ground.maker)
    outcome = decide_at_meeting(code, asked, maker, version=version, by=by, now=now)
    if makes_room:
        end_items_with(agenda, [outcome], ground, by=by, now=now)
        return outcome
    _end_item(agenda, key, outcome, ground, by, now)
    after = agenda_of(agenda.meeting, now)  # the decision may have made other items go
    _show(meeting_row, _next_after(after, key), day, by, now)
    return outcome


def _next_after(agenda: Agenda, key: str) -> str:
    """The item that is taken up next: the first that waits below this one, else the first of all, else none."""
    at = [item.key for item in agenda.items].index(key)
    waiting = [item.key for item in (*agenda.items[at + 1 :], *agenda.items[:at]) if item.waits]
    return waiting[0] if waiting else ""


def undo_item(day: date, key: str, *, by: Actor, now: datetime) -> Outcome:
    """Take the decision on an item back within its 30 seconds: the item waits again, and is shown.

    What came onto the agenda with its decision is left aside.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    meeting_row = _going_on(day, now)
    row = next((one for one in item_rows(meetings.on(day, now)) if one.key == key), None)
    if row is None or row.decision_id is None:
        raise NotFound
    outcome = _reopen(row, row.decision_id, day, by, now)
    if key.startswith(TOGETHER):
        hold_back(day, key, True, by=by, now=now)  # it came onto the agenda with its decision
    else:
        _show(meeting_row, key, day, by, now)
    return outcome


def _reopen(
    row: AgendaItemRow, decision_id: int, day: date, by: Actor, now: datetime, *, left_at: int | None = None
) -> Outcome:
    """Take back the decision that ended an item, and with it on what ground it was taken."""
    outcome = undo(decision_id, left_at=left_at, by=by, now=now)
    row.decision_id, row.basis, row.point, row.remark, row.withheld = None, "", "", "", False
    told = ItemReopened(
        meeting=day.isoformat(), item=row.key, initiative=outcome.initiative.code, decision=decision_id
    )
    record(told, by=by.name, now=now)
    return outcome


def keep_the_items(now: datetime) -> Agenda | None:
    """Keep what the meeting that goes on has on its agenda, before several decisions are taken together: that agenda.

    None while no meeting goes on.
    """
    held = meetings.going_on(now)
    if held is None:
        return None
    agenda = agenda_of(held, now)
    keep_items(held, agenda.items)
    return agenda


def end_items_with(
    agenda: Agenda, outcomes: Sequence[Outcome], ground: Ground | None = None, *, by: Actor, now: datetime
) -> None:
    """Let decisions that were taken together end their items of the agenda as it was before them.

    A decision ends what waits about its initiative itself: a proposal, something added, what was to come back. Of an
    initiative of which no such item waits it becomes an item of its own.
    """
    ends = {outcome.decision.id: _item_for(outcome, agenda) for outcome in outcomes}
    keep_items(agenda.meeting, [*agenda.items, *(item for item in ends.values() if item not in agenda.items)])
    for outcome in outcomes:
        key = ends[outcome.decision.id].key
        _end_item(agenda, key, outcome, ground or Ground(), by, now)


def _item_for(outcome: Outcome, agenda: Agenda) -> Item:
    """The item that a decision ends: the first that waits about its initiative itself, else one of its own."""
    codes = (outcome.initiative.code,)
    waiting = (item for item in agenda.items if item.waits and item.matter in ITS_OWN and item.codes == codes)
    own = Item(f"{TOGETHER}{outcome.decision.id}", Matter.ADDED, codes, outcome.decision.reason)
    return next(waiting, own)


def end(day: date, *, by: Actor, now: datetime) -> list[str]:
    """End the meeting. What it had no time for is deferred to the next one; the keys of that."""
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    row = _going_on(day, now)
    agenda = agenda_of(meetings.on(day, now), now)
    keep_items(agenda.meeting, agenda.items)
    waiting = [item for item in agenda.items if item.waits and item.codes]
    comes_back = the_one_after(agenda.meeting, now)
    for item in waiting:
        _defer(agenda, item, comes_back, by, now)
    row.ended_at, row.showing, row.shown_at = now, "", None
    record(MeetingEnded(meeting=day.isoformat(), deferred=[item.key for item in waiting]), by=by.name, now=now)
    return [item.key for item in waiting]


def take_back_end(day: date, *, by: Actor, now: datetime) -> None:
    """Let a meeting that was ended some seconds ago go on: what was deferred then waits again.

    NotAllowedNow if it has not ended, later than that, once its minutes are completed, while another meeting goes on,
    or if something has been decided since on what was deferred.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    row = _begun(day, now)
    if row.ended_at is None or not may_still_undo(row.ended_at, now) or meetings.going_on(now) is not None:
        raise NotAllowedNow(TOO_LATE)
    if versions_of(row.id):
        raise NotAllowedNow(COMPLETED)
    versions: dict[str, int] = {}
    for one in sorted(outcomes_of(meetings.on(day, now)).values(), key=lambda one: -one.decision.id):
        if one.decision.reason == NO_TIME and one.decision.decided_at == row.ended_at:
            code = one.initiative.code
            outcome = _reopen(one.row, one.decision.id, day, by, now, left_at=versions.get(code))
            versions[code] = outcome.initiative.version
    row.ended_at = None
    record(MeetingReopened(meeting=day.isoformat()), by=by.name, now=now)
    waiting = [item.key for item in agenda_of(meetings.on(day, now), now).items if item.waits]
    _show(row, waiting[0] if waiting else "", day, by, now)


def _defer(agenda: Agenda, item: Item, until: date, by: Actor, now: datetime) -> None:
    code = item.codes[0]
    responsible = responsible_by_default(initiative_by_code(code)) or by.name
    asked = Asked(Kind.DEFER, NO_TIME, until=until, responsible=responsible, due=until)
    asked = _on_the_item(asked, item)
    outcome = decide_at_meeting(code, asked, decision_maker(), by=by, now=now)
    _end_item(agenda, item.key, outcome, Ground(), by, now)


def _on_the_item(asked: Asked, item: Item) -> Asked:
    """What is decided: to defer a collision or a call for help leaves the initiative itself where it is."""
    return replace(asked, postpones=item.matter in ITS_OWN)


def _end_item(agenda: Agenda, key: str, outcome: Outcome, ground: Ground, by: Actor, now: datetime) -> None:
    row: AgendaItemRow = next(one for one in item_rows(agenda.meeting) if one.key == key)
    row.decision_id, row.basis, row.point = outcome.decision.id, ground.basis, ground.point
    row.remark, row.withheld = ground.remark, ground.withheld
    item = agenda.item(key)
    if item is not None and not row.sentence:  # it came after the freezing
        row.sentence, row.added_at = item.sentence, now
    event = ItemDecided(
        meeting=agenda.meeting.day.isoformat(),
        item=key,
        initiative=outcome.initiative.code,
        decision=outcome.decision.id,
        basis=ground.basis,
        point=ground.point,
        remark=ground.remark,
        withheld=ground.withheld,
    )
    record(event, by=by.name, now=now)


def _open_item(agenda: Agenda, key: str) -> Item:
    item = agenda.item(key)
    if item is None or item.change is Change.GONE:
        raise NotFound
    if item.decided:
        raise NotAllowedNow(DECIDED)
    if item.held_back:
        raise NotAllowedNow(HELD_BACK)
    return item


def _going_on(day: date, now: datetime) -> MeetingRow:
    row = _begun(day, now)
    if row.ended_at is not None:
        raise NotAllowedNow(OVER)
    return row


def _begun(day: date, now: datetime) -> MeetingRow:
    row = meetings.on(day, now).row
    if row is None or row.began_at is None:
        raise NotAllowedNow(NOT_BEGUN)
    return row


def _row_of(agenda: Agenda) -> MeetingRow:
    assert agenda.meeting.row is not None
    return agenda.meeting.row


def _show(row: MeetingRow, key: str, day: date, by: Actor, now: datetime) -> None:
    row.showing, row.shown_at = key, now
    record(ItemShown(meeting=day.isoformat(), item=key), by=by.name, now=now)


def _told(participants: Sequence[Participant]) -> list[Json]:
    return [asdict(one) for one in participants]


def _as_json(participants: Sequence[Participant]) -> str:
    return json.dumps(_told(participants), ensure_ascii=False)

"""Complete a meeting's minutes, which locks them, and correct them by a new version. No stored version is changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, Stale
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.meetings import MinutesCompleted
from portfolio.initiatives.decisions.undoing import let_stand
from portfolio.meetings.models import MeetingRow, MinutesRow
from portfolio.meetings.queries import meetings
from portfolio.meetings.queries.completed import document_in, versions_of
from portfolio.meetings.queries.minutes import draft_of
from portfolio.meetings.queries.outcomes import outcomes_of
from portfolio.meetings.rules.minutes import COMPLETED, Minutes, Participant, as_json
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure_may

DRAFT = "draft"
"""The status that minutes have before they are completed, as refusals name it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What may be corrected in completed minutes, None or absent for what stays; `remarks` by the item's number.

    What was decided is never corrected: it takes a new decision.
    """

    reason: str
    participants: Sequence[Participant] | None = None
    place: str | None = None
    secretary: str | None = None
    remarks: Mapping[int, str] | None = None


def complete(day: date, *, by: Actor, now: datetime) -> MinutesRow:
    """Lock the minutes of an ended meeting: from now on they are a public record, and never change.

    Nor is what they tell of taken back any more: a decision that is wrong is changed by a new one.

    Invalid while the meeting has not ended, NotAllowedNow once they are completed.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    meeting = meetings.on(day, now)
    if meeting.row is None or not meeting.ended:
        raise Invalid({"_form": ["Avsluta mötet först. Det går inte att färdigställa något som fortfarande ändras."]})
    if versions_of(meeting.row.id):
        raise NotAllowedNow(COMPLETED)
    let_stand(one.decision for one in outcomes_of(meeting).values())
    return _store(meeting.row, draft_of(meeting, now), day, by, now)


def correct(day: date, correction: Correction, *, version: int, by: Actor, now: datetime) -> MinutesRow:
    """Store a new version of completed minutes; those before it stay as they are.

    NotAllowedNow while there is only a draft, Stale if the version in force is another than the one that was read,
    Invalid without a reason or where nothing is changed.
    """
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    row = meetings.on(day, now).row
    versions = versions_of(row.id) if row is not None else []
    if row is None or not versions:
        raise NotAllowedNow(DRAFT)
    if versions[0].version != version:
        raise Stale(versions[0].version)
    before = document_in(versions[0])
    if not correction.reason.strip():
        raise Invalid({"reason": ["Skriv varför du rättar."]})
    after = _corrected(before, correction)
    if after == before:
        raise Invalid({"_form": ["Inget är ändrat. Rätta uppgiften som är fel."]})
    after = replace(after, version=before.version + 1, correction=correction.reason.strip())
    return _store(row, after, day, by, now)


def _corrected(before: Minutes, correction: Correction) -> Minutes:
    remarks = correction.remarks or {}
    unknown = remarks.keys() - {item.number for item in before.items}
    if unknown:
        raise Invalid({"remarks": [f"Det finns ingen punkt {min(unknown)}."]})
    return replace(
        before,
        participants=before.participants if correction.participants is None else tuple(correction.participants),
        place=before.place if correction.place is None else correction.place,
        secretary=before.secretary if correction.secretary is None else correction.secretary,
        items=tuple(replace(item, remark=remarks.get(item.number, item.remark)) for item in before.items),
    )


def _store(meeting: MeetingRow, minutes: Minutes, day: date, by: Actor, now: datetime) -> MinutesRow:
    stored = replace(minutes, completed_by=by.name, completed_at=now)
    row = MinutesRow(meeting_id=meeting.id, version=stored.version, number=stored.number)
    row.document, row.correction = json.dumps(as_json(stored), ensure_ascii=False), stored.correction
    row.completed_by, row.completed_at = by.name, now
    current_session().add(row)
    told = MinutesCompleted(
        meeting=day.isoformat(), number=row.number, version=row.version, correction=row.correction
    )
    record(told, by=by.name, now=now)
    return row

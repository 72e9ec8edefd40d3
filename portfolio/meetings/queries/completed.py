"""Completed minutes: their versions, which items may be read by all, and what is still to be done."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from portfolio.base.db import current_session
from portfolio.base.text import fold
from portfolio.base.time import today
from portfolio.base.workdays import moment
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.models import AgendaItemRow, MeetingRow, MinutesRow
from portfolio.meetings.queries.outcomes import Decided
from portfolio.meetings.rules.deciding import is_undecided
from portfolio.meetings.rules.following import is_open
from portfolio.meetings.rules.minutes import Minuted, Minutes, from_json, general_copy


class Action(NamedTuple):
    """A decision with who sees to it: `open` until it is carried out, `late` if its last day has passed then."""

    day: date
    item: Minuted
    open: bool
    late: bool


class Entry(NamedTuple):
    """The minutes in force of one meeting, as a reader may read them, and what they left to be done."""

    day: date
    minutes: Minutes
    actions: Sequence[Action]


class _Followed(NamedTuple):
    """An item of a meeting with the decision that ended it, and what was decided on its initiative afterwards."""

    row: AgendaItemRow
    decision: DecisionRow
    initiative: Initiative
    since: Collection[Kind]


def versions_of(meeting_id: int) -> Sequence[MinutesRow]:
    """Every version of a meeting's minutes, the one in force first; none while there is only a draft."""
    wanted = select(MinutesRow).where(MinutesRow.meeting_id == meeting_id).order_by(MinutesRow.version.desc())
    return current_session().scalars(wanted).all()


def document_in(row: MinutesRow) -> Minutes:
    """What was stored."""
    return from_json(json.loads(row.document))


def released(meeting_ids: Collection[int], now: datetime) -> dict[int, set[str]]:
    """The keys of the withheld items whose ärende has been decided, by meeting."""
    return _released(_followed(meeting_ids), now)


def _released(followed: Iterable[_Followed], now: datetime) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in followed:
        status = status_of(one.initiative, now)
        if not is_undecided(Kind(one.decision.kind), one.row.basis, one.since, status):
            found.setdefault(one.row.meeting_id, set()).add(one.row.key)
    return found


def for_everybody(minutes: Minutes, meeting_id: int, now: datetime) -> Minutes:
    """The general copy, as it is now."""
    return general_copy(minutes, released([meeting_id], now).get(meeting_id, ()))


def outcomes_for_everybody(decided: Mapping[str, Decided], now: datetime) -> dict[str, Decided]:
    """What a meeting that is over `decided`, by the item's key, without what its minutes keep out."""
    free = released([one.row.meeting_id for one in decided.values() if one.row.withheld], now)
    return {
        key: one for key, one in decided.items() if not one.row.withheld or key in free.get(one.row.meeting_id, ())
    }


def entries(now: datetime, text: str = "") -> list[Entry]:
    """The minutes in force in which a text stands, in the general copy; the newest first."""
    latest = select(MinutesRow.meeting_id, func.max(MinutesRow.version).label("version")).group_by(
        MinutesRow.meeting_id
    )
    newest = latest.subquery()
    wanted = (
        select(MinutesRow, MeetingRow.starts_at)
        .join(MeetingRow, MeetingRow.id == MinutesRow.meeting_id)
        .join(newest, and_(newest.c.meeting_id == MinutesRow.meeting_id, newest.c.version == MinutesRow.version))
        .order_by(MeetingRow.starts_at.desc())
    )
    rows = current_session().execute(wanted).all()
    ids = [row.meeting_id for row, _ in rows]
    followed = _followed(ids)
    free, undone = _released(followed, now), _open_keys(followed, now)
    found = []
    for row, starts_at in rows:
        minutes = general_copy(document_in(row), free.get(row.meeting_id, ()))
        if _is_found(text, minutes):
            found.append(_entry(today(starts_at), minutes, undone.get(row.meeting_id, ()), now))
    return found


def _entry(day: date, minutes: Minutes, undone: Collection[str], now: datetime) -> Entry:
    actions = [_action(day, item, item.key in undone, today(now)) for item in minutes.items if item.responsible]
    return Entry(day, minutes, actions)


def _action(day: date, item: Minuted, is_open: bool, now: date) -> Action:
    return Action(day, item, is_open, is_open and item.due is not None and item.due < now)


def _is_found(text: str, minutes: Minutes) -> bool:
    """Whether a text stands in the minutes; a code or a diarienummer may be written without its spaces."""
    texts, names = [], [minutes.number]
    for item in minutes.items:
        names += [item.code, item.diarienummer]
        texts += [item.title, item.question, item.decision, item.reason, item.responsible, item.remark]
    wanted = fold(text)
    squeezed = [fold(name).replace(" ", "") for name in names]
    return wanted in fold(" ".join([*names, *texts])) or any(wanted.replace(" ", "") in name for name in squeezed)


def _open_keys(followed: Iterable[_Followed], now: datetime) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in followed:
        status: Status = status_of(one.initiative, now)
        if is_open(Kind(one.decision.kind), one.since, status, one.decision.due, today(now)):
            found.setdefault(one.row.meeting_id, set()).add(one.row.key)
    return found


def _followed(meeting_ids: Collection[int]) -> list[_Followed]:
    wanted = (
        select(AgendaItemRow, DecisionRow, Initiative)
        .join(DecisionRow, DecisionRow.id == AgendaItemRow.decision_id)
        .join(Initiative, Initiative.id == DecisionRow.initiative_id)
        .where(AgendaItemRow.meeting_id.in_(meeting_ids), DecisionRow.undone_at.is_(None))
    )
    rows = current_session().execute(wanted).all() if meeting_ids else []
    later = _kinds_by_initiative({one.id for _, _, one in rows})
    return [
        _Followed(row, decision, one, {kind for number, kind in later.get(one.id, ()) if number > decision.id})
        for row, decision, one in rows
    ]


def _kinds_by_initiative(ids: Collection[int]) -> dict[int, list[tuple[int, Kind]]]:
    wanted = select(DecisionRow.initiative_id, DecisionRow.id, DecisionRow.kind).where(
        DecisionRow.initiative_id.in_(ids), DecisionRow.undone_at.is_(None)
    )
    found: dict[int, list[tuple[int, Kind]]] = {}
    for initiative_id, number, kind in current_session().execute(wanted) if ids else ():
        found.setdefault(initiative_id, []).append((number, Kind(kind)))
    return found


def drafts() -> list[date]:
    """The days of the ended meetings whose minutes nobody has completed, the newest first."""
    done = select(MinutesRow.meeting_id)
    return _days_of(MeetingRow.ended_at.is_not(None), MeetingRow.id.not_in(done))


def never_ended(now: datetime) -> list[date]:
    """The days before today on which a meeting began that nobody has ended, the newest first."""
    midnight = moment(today(now), "00:00")
    return _days_of(MeetingRow.began_at.is_not(None), MeetingRow.ended_at.is_(None), MeetingRow.starts_at < midnight)


def _days_of(*conditions: ColumnElement[bool]) -> list[date]:
    wanted = select(MeetingRow.starts_at).where(*conditions).order_by(MeetingRow.starts_at.desc())
    return [today(at) for at in current_session().scalars(wanted)]

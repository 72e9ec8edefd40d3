"""What was decided earlier on the items of an agenda."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from portfolio.base.db import current_session
from portfolio.base.time import today
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.models import AgendaItemRow
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.rules.agenda import ITS_OWN, Item, Matter
from portfolio.meetings.rules.earlier import Past, earlier_told


class _Taken(NamedTuple):
    """A decision as it is stored, with the item that it ended at a meeting, where there was one."""

    code: str
    kind: str
    decided_at: datetime
    reason: str
    key: str | None
    matter: str | None
    sentence: str | None
    added_by: str | None


_TAKEN = (
    select(
        Initiative.code,
        DecisionRow.kind,
        DecisionRow.decided_at,
        DecisionRow.reason,
        AgendaItemRow.key,
        AgendaItemRow.matter,
        AgendaItemRow.sentence,
        AgendaItemRow.added_by,
    )
    .join(Initiative, Initiative.id == DecisionRow.initiative_id)
    .outerjoin(AgendaItemRow, AgendaItemRow.decision_id == DecisionRow.id)
    .where(Initiative.code.in_(bindparam("codes", expanding=True)), DecisionRow.undone_at.is_(None))
    .order_by(DecisionRow.id)
)
_TAKEN_BEFORE = _TAKEN.where(DecisionRow.decided_at < bindparam("began_at"))


def earlier_of(meeting: Meeting, items: Sequence[Item]) -> dict[str, str]:
    """What was decided on each item before the meeting, in words and by the item's key; one question for them all."""
    codes = {code for item in items for code in item.codes}
    began_at = None if meeting.row is None else meeting.row.began_at
    wanted = _TAKEN if began_at is None else _TAKEN_BEFORE
    given = {"codes": list(codes), "began_at": began_at}
    found: dict[str, list[_Taken]] = defaultdict(list)
    for row in current_session().execute(wanted, given) if codes else ():
        found[row.code].append(_Taken(*row))
    return {item.key: told for item in items if (told := earlier_told(_past_of(item, found)))}


def _past_of(item: Item, found: dict[str, list[_Taken]]) -> list[Past]:
    """What was decided on the item's own matter: of an initiative itself all that was not about something else."""
    own = [one for code in item.codes for one in found[code] if one.key == item.key]
    if item.matter in ITS_OWN and len(item.codes) == 1:
        own = [one for one in found[item.codes[0]] if not _is_about_something_else(one)]
    return [_past(one) for one in own]


def _is_about_something_else(one: _Taken) -> bool:
    """Whether only another question was put off, such as a collision, or something was noted beside the meetings."""
    if one.matter is not None and Matter(one.matter) not in ITS_OWN:
        return one.kind in (Kind.DEFER, Kind.NOTE)
    return one.matter is None and one.kind == Kind.NOTE


def _past(one: _Taken) -> Past:
    question = one.sentence or "" if one.added_by else ""
    return Past(Kind(one.kind), today(one.decided_at), one.reason, question)

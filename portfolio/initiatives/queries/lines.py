"""The lines of a list, in the order that is asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, case, func, select

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.initiatives.models import ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.filters import Filter, filtered
from portfolio.initiatives.queries.states import STATE_UNKNOWN, has_state, reports_fresh_since
from portfolio.initiatives.rules.proposals import is_unclear
from portfolio.initiatives.rules.reported import ReportState, shown_state, state_word
from portfolio.initiatives.rules.statuses import OPEN, REPORTABLE, Status, status_now
from portfolio.people.models import Person
from portfolio.units import queries as units

ORDERS = ("rank", "title", "status", "state", "owner", "start")
"""What a list can be ordered by."""

LISTED = (
    Initiative.id,
    Initiative.code,
    Initiative.title,
    Initiative.status,
    Initiative.rank,
    Initiative.start_week,
    Initiative.reported_state,
    Initiative.reported_at,
    Initiative.assignment_source,
    Initiative.clarity_answers,
)
"""What a line needs of its initiative."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. `weeks` is the plan's length without standstill, `units` are codes.

    `state` is how it goes, None where nobody knows; `state_word` the same in words, empty where it is not asked for.
    """

    code: str
    title: str
    status: Status
    rank: int | None
    owner: str
    start: Week | None
    weeks: int
    units: tuple[str, ...]
    state: ReportState | None
    state_word: str
    unclear: bool


def lines(wanted: Filter, order: str, *, descending: bool, first: int, limit: int, now: datetime) -> list[Line]:
    """At most `limit` lines from number `first` (0 is the first), in one of ORDERS; six questions at the most."""
    owner = func.coalesce(Person.function, Initiative.owner_text)
    found = filtered(select(*LISTED, owner), wanted)
    *missing_last, by = _ordered_by(order, now)
    found = found.outerjoin(Person, Person.id == Initiative.owner_id)
    found = found.order_by(*missing_last, by.desc() if descending else by, Initiative.id)
    page = found.offset(first).limit(limit)
    rows = current_session().execute(page).all()
    ids = page.with_only_columns(Initiative.id)  # asked for again: a long list has more than a statement may carry
    lengths, touched, week, since = _lengths_of(ids), _units_of(ids), this_week(now), reports_fresh_since(now)
    return [_line(row, lengths, touched, week, since) for row in rows]


def _line(
    row: Sequence[Any],
    lengths: Mapping[int, int],
    touched: Mapping[int, Sequence[str]],
    week: Week,
    since: datetime,
) -> Line:
    key, code, title, stored, rank, start, state, reported_at, source, answered, owner = row
    status, shown = status_now(Status(stored), start, week), shown_state(state, reported_at, since)
    if status not in REPORTABLE:
        shown = None
    weeks, units_of = lengths.get(key, 0), tuple(touched.get(key, ()))
    unclear = status in OPEN and is_unclear(source, answered)
    return Line(code, title, status, rank, owner, start, weeks, units_of, shown, state_word(status, shown), unclear)


def _lengths_of(ids: Select[int]) -> dict[int, int]:
    wanted = select(PhaseRow.initiative_id, func.sum(PhaseRow.weeks)).where(PhaseRow.initiative_id.in_(ids))
    found = current_session().execute(wanted.group_by(PhaseRow.initiative_id)).all()
    return {key: int(weeks) for key, weeks in found}


def _units_of(ids: Select[int]) -> dict[int, list[str]]:
    codes = units.codes_by_id()
    wanted = (
        select(PhaseRow.initiative_id, ImpactRow.unit_id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(PhaseRow.initiative_id.in_(ids))
        .distinct()
        .order_by(PhaseRow.initiative_id, ImpactRow.unit_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, unit_id in current_session().execute(wanted).all():
        found[key].append(codes[unit_id])
    return found


_COLUMNS: Mapping[str, tuple[SQLColumnExpression[Any], ...]] = {
    "rank": (Initiative.rank.is_(None), Initiative.rank),
    "title": (Initiative.title_folded,),
    "status": (case({status: at for at, status in enumerate(Status)}, value=Initiative.status),),
    "owner": (Person.function.is_(None), Person.function),
    "start": (Initiative.start_week.is_(None), Initiative.start_week),
}


def _ordered_by(order: str, now: datetime) -> tuple[SQLColumnExpression[Any], ...]:
    """The columns of one of ORDERS: what is missing comes last, then the column that may be turned round."""
    if order == "state":
        return (_by_state(now),)
    return _COLUMNS[order]


def _by_state(now: datetime) -> SQLColumnExpression[Any]:
    """What needs attention first: a decision, then what nobody knows, then what is to be watched."""
    since, week = reports_fresh_since(now), this_week(now)
    order = (ReportState.NEEDS_DECISION, STATE_UNKNOWN, ReportState.WATCH, ReportState.ON_TRACK)
    return case(*((has_state(state, since, week), at) for at, state in enumerate(order)), else_=len(order))

"""Which initiatives a list shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portfolio.base.db import current_session
from portfolio.base.text import fold
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.initiatives.models import AimRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.states import has_state, has_status
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.proposals import CLEAR_FROM, POLITICAL
from portfolio.initiatives.rules.statuses import OPEN
from portfolio.units import queries as units

Chosen = TypeVar("Chosen", bound=Select[*tuple[Any, ...]])

NO_GOAL = "none"
"""What a filter by goal is where those are wanted that have no primary målområde."""
NOT_TRIAGED, UNCLEAR = "none", "unclear"
"""What a list can be asked for beside the classes: what nobody has sorted, what rests on an unclear assignment."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which initiatives a list shows: every condition that is set must hold.

    `week` is the current one: a decided initiative whose week has come is found among the ongoing (§2).
    `state` is how it goes, told since `fresh_since`; STATE_UNKNOWN finds the ongoing of which nobody has told it.
    `goal` is the id of a målområde or programme, or NO_GOAL.
    `triage` is a class, NOT_TRIAGED or UNCLEAR; the last two only of what is open.
    """

    statuses: Collection[str] = ()
    unit: str | None = None
    owner: int | None = None
    text: str = ""
    week: Week | None = None
    state: str | None = None
    fresh_since: datetime | None = None
    goal: int | str | None = None
    triage: str | None = None


def initiatives(wanted: Filter) -> Select[Initiative]:
    """The initiatives of a list in the order of priority, those without a rank last."""
    found = filtered(select(Initiative).options(WITH_PLAN), wanted)
    return found.order_by(Initiative.rank.is_(None), Initiative.rank, Initiative.id)


def initiatives_in(wanted: Filter) -> Sequence[Initiative]:
    """The initiatives of a list in the order of priority, without their plans."""
    found = filtered(select(Initiative), wanted)
    return current_session().scalars(found.order_by(Initiative.rank.is_(None), Initiative.rank, Initiative.id)).all()


def page_of(wanted: Filter, after: int | None, limit: int) -> Sequence[Initiative]:
    """At most `limit` initiatives in the order of their ids, after the id `after`: the API's cursor."""
    found = initiatives(wanted).order_by(None).order_by(Initiative.id).limit(limit)
    if after is not None:
        found = found.where(Initiative.id > after)
    return current_session().scalars(found).all()


def number_of(wanted: Filter) -> int:
    """How many initiatives a list has."""
    return current_session().scalar(filtered(select(func.count(Initiative.id)), wanted)) or 0


def filtered(found: Chosen, wanted: Filter) -> Chosen:
    """What is selected of initiatives, of those that a list shows."""
    if wanted.statuses:
        found = found.where(has_status(wanted.statuses, wanted.week))
    if wanted.owner is not None:
        found = found.where(Initiative.owner_id == wanted.owner)
    if wanted.state is not None and wanted.fresh_since is not None:
        found = found.where(has_state(wanted.state, wanted.fresh_since, wanted.week))
    if wanted.goal is not None:
        found = found.where(_aims_at(wanted.goal))
    if wanted.triage is not None:
        found = found.where(_is_triaged(wanted.triage))
    for word in fold(wanted.text).split():
        found = found.where(Initiative.search_text.contains(word, autoescape=True))
    if wanted.unit is not None:
        found = found.where(Initiative.id.in_(_touching(wanted.unit)))
    return found


def _aims_at(goal: int | str) -> ColumnElement[bool]:
    if goal == NO_GOAL:
        return Initiative.id.not_in(select(AimRow.initiative_id))
    aiming = select(AimRow.initiative_id).where(AimRow.goal_id == goal)
    return or_(Initiative.id.in_(aiming), Initiative.programme_id == goal)


def _is_triaged(triage: str) -> ColumnElement[bool]:
    if triage == NOT_TRIAGED:
        return and_(Initiative.triage_class.is_(None), Initiative.status.in_(OPEN))
    if triage == UNCLEAR:
        return and_(_rests_on_an_unclear_assignment(), Initiative.status.in_(OPEN))
    return Initiative.triage_class == triage


def _rests_on_an_unclear_assignment() -> ColumnElement[bool]:
    return and_(Initiative.assignment_source.in_(POLITICAL), Initiative.clarity_answers < CLEAR_FROM)


def _touching(code: str) -> Select[int]:
    tree = capacity.tree()
    below = {code, *tree.below(code)} if code in tree.units else set()
    ids = [unit_id for unit_code, unit_id in units.ids_by_code().items() if unit_code in below]
    return (
        select(PhaseRow.initiative_id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(ImpactRow.unit_id.in_(ids))
    )

"""Which impacts are rated, and what the receiving chefs have answered on them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, func, select

from portfolio.base.db import current_session
from portfolio.initiatives.models import AcknowledgementRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.statuses import OPEN, Status


class RatedShare(NamedTuple):
    """How many impacts, an initiative on a unit each, somebody has rated, of how many."""

    rated: int
    total: int


def rated_share(unit_ids: Collection[int]) -> RatedShare:
    """How far the rating has come of the open initiatives on these units."""
    unrated = func.max(case((ImpactRow.impact.is_(None), 1), else_=0)).label("unrated")
    pairs = _open_impacts(unit_ids, PhaseRow.initiative_id, ImpactRow.unit_id, unrated).group_by(
        PhaseRow.initiative_id, ImpactRow.unit_id
    )
    found = pairs.subquery()
    total, left = current_session().execute(select(func.count(), func.sum(found.c.unrated)).select_from(found)).one()
    return RatedShare(total - (left or 0), total)


def unrated_impacts(unit_ids: Collection[int]) -> list[tuple[str, str, int]]:
    """(initiative, title, unit's id) of every impact on these units that nobody has rated, by priority."""
    wanted = _open_impacts(unit_ids, Initiative.code, Initiative.title, ImpactRow.unit_id, Initiative.rank)
    wanted = wanted.where(ImpactRow.impact.is_(None)).distinct().order_by(Initiative.rank, Initiative.code)
    return [(code, title, unit_id) for code, title, unit_id, _ in current_session().execute(wanted)]


TO_ACKNOWLEDGE = (Status.IN_PREPARATION, Status.PROPOSED, Status.DECIDED, Status.ONGOING)
"""Whose impacts the receiving chefs are asked about, the most urgent first: what is about to be decided."""


def impacts_to_acknowledge(unit_ids: Collection[int]) -> list[tuple[Initiative, int, AcknowledgementRow | None]]:
    """Each initiative on each of these units with the answer on its present plan, None while there is none."""
    touched = _open_impacts(unit_ids, Initiative.id, ImpactRow.unit_id).distinct()
    pairs = touched.where(Initiative.status.in_(TO_ACKNOWLEDGE)).subquery()
    wanted = (
        select(Initiative, pairs.c.unit_id, AcknowledgementRow)
        .join(pairs, pairs.c.id == Initiative.id)
        .outerjoin(
            AcknowledgementRow,
            and_(AcknowledgementRow.initiative_id == Initiative.id, AcknowledgementRow.unit_id == pairs.c.unit_id),
        )
        .options(WITH_PLAN)
    )
    found = [(row, unit_id, answer) for row, unit_id, answer in current_session().execute(wanted)]
    order = {status: at for at, status in enumerate(TO_ACKNOWLEDGE)}
    return sorted(found, key=lambda one: (order[Status(one[0].status)], one[0].rank or 0, one[1]))


def _open_impacts(unit_ids: Collection[int], *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Initiative)
        .join(PhaseRow, PhaseRow.initiative_id == Initiative.id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(Initiative.status.in_(OPEN), ImpactRow.unit_id.in_(unit_ids))
    )


_ANSWERED = select(AcknowledgementRow.initiative_id, AcknowledgementRow.unit_id).where(
    AcknowledgementRow.initiative_id.in_(bindparam("ids", expanding=True))
)


def answered_by(initiative_ids: Collection[int]) -> dict[int, set[int]]:
    """{initiative's id: ids of the units whose chiefs have answered on the impact on them}, of some initiatives."""
    found: dict[int, set[int]] = {initiative_id: set() for initiative_id in initiative_ids}
    for initiative_id, unit_id in current_session().execute(_ANSWERED, {"ids": list(initiative_ids)}):
        found[initiative_id].add(unit_id)
    return found


def acknowledgements_of(initiative_id: int) -> Sequence[AcknowledgementRow]:
    """The receiving chefs' answers on an initiative."""
    wanted = select(AcknowledgementRow).where(AcknowledgementRow.initiative_id == initiative_id)
    return current_session().scalars(wanted.order_by(AcknowledgementRow.unit_id)).all()

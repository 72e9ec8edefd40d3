"""Read what the portfolio aims at."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.goals.rules import Step
from portfolio.initiatives.models import ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.statuses import OPEN


def open_initiatives(statuses: Collection[str]) -> Sequence[Initiative]:
    """The open initiatives with one of these statuses, by priority, without their plans."""
    wanted = select(Initiative).where(Initiative.status.in_(OPEN & set(statuses)))
    return current_session().scalars(wanted.order_by(Initiative.rank, Initiative.id)).all()


def steps_of(initiatives: Collection[Initiative], now: datetime) -> list[Step]:
    """What each step of some initiatives asks of each unit."""
    status = {one.id: status_of(one, now) for one in initiatives}
    wanted = (
        select(PhaseRow.initiative_id, ImpactRow.unit_id, PhaseRow.weeks, ImpactRow.impact)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(PhaseRow.initiative_id.in_(status))
    )
    return [
        Step(key, status[key], unit, weeks, impact) for key, unit, weeks, impact in current_session().execute(wanted)
    ]

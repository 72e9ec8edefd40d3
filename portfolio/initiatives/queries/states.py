"""Where initiatives stand, how they go, and whose week has come or gone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.reported import fresh_since
from portfolio.initiatives.rules.statuses import REPORTABLE, Status, status_now

STATE_UNKNOWN = "unknown"
"""What a list is asked for where nobody knows how it goes."""


def status_of(initiative: Initiative, now: datetime) -> Status:
    """The status as it counts: a decided initiative whose week has come is ongoing."""
    return status_now(Status(initiative.status), initiative.start_week, this_week(now))


def has_status(statuses: Collection[str], week: Week | None) -> ColumnElement[bool]:
    """Whether it has one of these statuses as they count in `week`, the current one; as they are stored for None."""
    stored = Initiative.status.in_(statuses)
    if week is None or (Status.DECIDED in statuses) == (Status.ONGOING in statuses):
        return stored
    if Status.ONGOING in statuses:
        return or_(stored, and_(Initiative.status == Status.DECIDED, Initiative.start_week <= week))
    return and_(stored, or_(Initiative.status != Status.DECIDED, Initiative.start_week > week))


def has_state(state: str, since: datetime, week: Week | None) -> ColumnElement[bool]:
    """Whether it goes so, told since a moment; STATE_UNKNOWN of what runs and nobody has told of since then."""
    if state == STATE_UNKNOWN:
        stale = or_(Initiative.reported_at.is_(None), Initiative.reported_at < since)
        return and_(has_status((Status.ONGOING,), week), stale)
    fresh = and_(Initiative.reported_state == state, Initiative.reported_at >= since)
    return and_(fresh, Initiative.status.in_(REPORTABLE))


def reports_fresh_since(now: datetime) -> datetime:
    """The moment from which a lägesrapport still holds, as the settings and the standstills are now."""
    return fresh_since(now, the_portfolio().report_days, capacity.calendar())


_COME = and_(Initiative.status == Status.DECIDED, Initiative.start_week <= bindparam("week"))
_ONGOING_NUMBER = select(func.count(Initiative.id)).where(or_(Initiative.status == Status.ONGOING, _COME))


def ongoing_number(now: datetime) -> int:
    """How many initiatives are ongoing, those included whose week has come before the clock has said so."""
    return current_session().scalar(_ONGOING_NUMBER, {"week": this_week(now)}) or 0


def decided_until(week: Week) -> Sequence[Initiative]:
    """The decided initiatives whose start week is `week` or earlier."""
    wanted = select(Initiative).where(Initiative.status == Status.DECIDED, Initiative.start_week <= week)
    return current_session().scalars(wanted.order_by(Initiative.id)).all()


def dragging(now: datetime) -> dict[str, Week]:
    """The counting initiatives that drag on (capacity kernel §2): {code: their promised last week}."""
    return capacity.past_their_end(this_week(now))


def unnoted(codes: Collection[str]) -> Sequence[str]:
    """Those of some initiatives of which it has not been noted yet that they drag on."""
    wanted = select(Initiative.code).where(Initiative.code.in_(codes), ~Initiative.dragging_noted)
    return current_session().scalars(wanted.order_by(Initiative.code)).all() if codes else []

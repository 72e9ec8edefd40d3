"""What the municipality has chosen not to do now: deferred, rejected, paused or cancelled."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import aliased

from portfolio.base.db import current_session
from portfolio.base.time import today
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import UNDECIDED, Status
from portfolio.meetings.rules.agenda import NO_TIME
from portfolio.meetings.rules.following import TELLING

SET_ASIDE = {Status.REJECTED: Kind.REJECT, Status.PAUSED: Kind.PAUSE, Status.CANCELLED: Kind.CANCEL}
"""The statuses of what is not done now, each with the kind of decision that leads to it."""


class SetAside(NamedTuple):
    """An initiative with the decision that set it aside; None for one that was read in with its status."""

    initiative: Initiative
    kind: Kind
    decision: DecisionRow | None

    @property
    def until(self) -> date | None:
        """The day on which it comes back, where one was set."""
        return self.initiative.until


def set_aside(seen: Collection[Status], now: datetime) -> Sequence[SetAside]:
    """What is set aside today of the initiatives in these statuses, the latest decided first.

    Of what goes on, a deferred question leaves it going on. What a meeting had no time for nobody has set aside.
    """
    is_chosen = and_(DecisionRow.kind == Kind.DEFER, DecisionRow.reason != NO_TIME)
    is_deferred = and_(is_chosen, Initiative.until > today(now))
    put_off = and_(Initiative.status.in_(UNDECIDED), is_deferred)
    wanted = (
        select(Initiative, DecisionRow)
        .outerjoin(DecisionRow, DecisionRow.id == _set_aside_by())
        .where(Initiative.status.in_(seen), or_(Initiative.status.in_(SET_ASIDE), put_off))
        .order_by(DecisionRow.id.desc(), Initiative.id)
    )
    found = [_found(one, decision) for one, decision in current_session().execute(wanted)]
    return sorted(found, key=lambda one: one.decision is None)


def _set_aside_by() -> ScalarSelect[int]:
    """The decision that set an initiative aside: the latest of the kind that leads to its status.

    Of what is undecided it is the latest that took it anywhere: what was deferred may have been taken up since.
    """
    decision = aliased(DecisionRow)
    led = [and_(Initiative.status == status, decision.kind == kind) for status, kind in SET_ASIDE.items()]
    took = and_(Initiative.status.in_(UNDECIDED), decision.kind.not_in(TELLING))
    latest = select(func.max(decision.id)).where(
        decision.initiative_id == Initiative.id, decision.undone_at.is_(None), or_(*led, took)
    )
    return latest.correlate(Initiative).scalar_subquery()


def _found(one: Initiative, decision: DecisionRow | None) -> SetAside:
    kind = SET_ASIDE.get(Status(one.status), Kind.DEFER)
    return SetAside(one, kind, decision)

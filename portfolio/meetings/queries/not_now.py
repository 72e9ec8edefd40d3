"""What the municipality has chosen not to do now: deferred, rejected, paused or cancelled."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select

from portfolio.base.db import current_session
from portfolio.base.time import today
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules import UNDECIDED, Kind, Status
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
    latest = (
        select(DecisionRow.initiative_id, func.max(DecisionRow.id).label("id"))
        .where(DecisionRow.undone_at.is_(None), DecisionRow.kind.not_in(TELLING))
        .group_by(DecisionRow.initiative_id)
        .subquery()
    )
    is_chosen = and_(DecisionRow.kind == Kind.DEFER, DecisionRow.reason != NO_TIME)
    is_deferred = and_(is_chosen, Initiative.until > today(now))
    put_off = and_(Initiative.status.in_(UNDECIDED), is_deferred)
    wanted = (
        select(Initiative, DecisionRow)
        .outerjoin(latest, latest.c.initiative_id == Initiative.id)
        .outerjoin(DecisionRow, DecisionRow.id == latest.c.id)
        .where(Initiative.status.in_(seen), or_(Initiative.status.in_(SET_ASIDE), put_off))
        .order_by(DecisionRow.id.desc(), Initiative.id)
    )
    found = [_found(one, decision) for one, decision in current_session().execute(wanted)]
    return sorted(found, key=lambda one: one.decision is None)


def _found(one: Initiative, decision: DecisionRow | None) -> SetAside:
    kind = SET_ASIDE.get(Status(one.status), Kind.DEFER)
    return SetAside(one, kind, decision)

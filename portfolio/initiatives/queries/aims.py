"""What initiatives aim at."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.initiatives.models import AimRow, DecisionRow, Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import OPEN
from portfolio.scorecard.rules import AimNames, Aims, Scorecard, names_of


def aims_of(rows: Collection[Initiative]) -> dict[int, Aims]:
    """What each initiative aims at, by its id; one question."""
    wanted = select(AimRow.initiative_id, AimRow.goal_id).where(AimRow.initiative_id.in_([row.id for row in rows]))
    areas: dict[int, tuple[int, ...]] = {}
    for key, goal_id in current_session().execute(wanted.order_by(AimRow.initiative_id, AimRow.place)):
        areas[key] = (*areas.get(key, ()), goal_id)
    return {row.id: Aims(areas.get(row.id, ()), row.programme_id, row.goal_text) for row in rows}


ENDINGS = (Kind.REJECT, Kind.COMPLETE, Kind.CANCEL)
"""The decisions that close an initiative: it keeps the words of its goals that it had then."""


def words_from(rows: Collection[Initiative], now: datetime) -> dict[int, datetime]:
    """The moment whose words tell what each initiative aims at: now while it is open, else when it was closed.

    One that came closed from a list has the words of the day when it was read in.
    """
    closed = {row.id: row.created_at for row in rows if row.status not in OPEN}
    wanted = select(DecisionRow.initiative_id, DecisionRow.decided_at).where(
        DecisionRow.initiative_id.in_(closed), DecisionRow.kind.in_(ENDINGS), DecisionRow.undone_at.is_(None)
    )
    if closed:
        closed |= {key: at for key, at in current_session().execute(wanted.order_by(DecisionRow.id))}
    return {row.id: closed.get(row.id, now) for row in rows}


def aim_names_of(rows: Collection[Initiative], card: Scorecard, now: datetime) -> dict[int, AimNames]:
    """What each initiative aims at, by name."""
    moments = words_from(rows, now)
    return {key: names_of(aims, card, moments[key]) for key, aims in aims_of(rows).items()}

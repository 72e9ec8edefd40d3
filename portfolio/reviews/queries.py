"""Read what is looked back on: the events once, and how it stands today in two questions."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal, or_, select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.time import today
from portfolio.effects.models import EffectGoalRow
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.statuses import OPEN, UNDECIDED
from portfolio.outbox.models import EventRow
from portfolio.reviews.models import ReviewNoteRow
from portfolio.reviews.rules.half_years import HalfYear
from portfolio.reviews.rules.hindsight import READ, Happened
from portfolio.units import queries as units
from portfolio.units.rules import UnitKind, has_limits

LATELY = timedelta(days=182)
"""Half a year: how far back the start page of those who prepare looks."""


def happened() -> list[Happened]:
    """Every event that is looked back on, in the order in which they happened.

    One question. Its cost follows all that was ever decided or edited: some ten thousand short rows after ten years.
    """
    return _read()


def happened_of_late(now: datetime) -> list[Happened]:
    """What has happened to the proposals that wait, and to what was decided within LATELY.

    One question, whose cost follows those and not all that was ever decided.
    """
    decided = select(DecisionRow.initiative_id).where(DecisionRow.decided_at > now - LATELY)
    meant = or_(Initiative.status.in_(UNDECIDED), Initiative.id.in_(decided))
    subjects = select(literal("initiative/") + Initiative.code).where(meant)
    return _read(EventRow.subject.in_(subjects))


def _read(*conditions: ColumnElement[bool]) -> list[Happened]:
    columns = (EventRow.time, EventRow.type, EventRow.subject, EventRow.data)
    wanted = select(*columns).where(EventRow.type.in_(READ), *conditions).order_by(EventRow.time, EventRow.seq)
    rows = current_session().execute(wanted)
    return [Happened(at, name, subject, json.loads(data)) for at, name, subject, data in rows]


class Share(NamedTuple):
    """How many of how many."""

    part: int
    whole: int


def units_with_limits(now: datetime) -> Share:
    """How many of the units that exist today have a limit; the companies steer themselves and are not counted."""
    alive = [unit for unit in units.living(today(now)) if unit.kind != UnitKind.BOLAG]
    return Share(sum(has_limits(unit) for unit in alive), len(alive))


def initiatives_with_goals() -> Share:
    """How many of the open initiatives have an effektmål: it can be asked for afterwards."""
    has_goal = Initiative.id.in_(select(EffectGoalRow.initiative_id))
    wanted = select(func.count(), func.count().filter(has_goal)).where(Initiative.status.in_(OPEN))
    whole, part = current_session().execute(wanted).one()
    return Share(part, whole)


def notes_of(half: HalfYear) -> Sequence[ReviewNoteRow]:
    """What has been noted of a half-year, in the order in which it was."""
    wanted = select(ReviewNoteRow).where(ReviewNoteRow.half_year == half.written).order_by(ReviewNoteRow.id)
    return current_session().scalars(wanted).all()


def note(note_id: int) -> ReviewNoteRow:
    """One note; NotFound if there is none."""
    row = current_session().get(ReviewNoteRow, note_id)
    if row is None:
        raise NotFound
    return row

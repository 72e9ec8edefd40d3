"""Read what is worth knowing: two questions, however much there is."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.initiatives.models import Initiative
from portfolio.signals.models import SignalAboutRow, SignalRow

MOST_SHOWN = 50
"""Signals on the page; what is older is news to nobody."""


class About(NamedTuple):
    """An initiative that a signal touches."""

    code: str
    title: str


class Signal(NamedTuple):
    """One thing worth knowing, with the initiatives that it touches."""

    row: SignalRow
    about: Sequence[About]


def newest() -> list[Signal]:
    """What is shown, the newest first."""
    return _with_initiatives(_shown().limit(MOST_SHOWN))


def told_since(moment: datetime) -> list[Signal]:
    """What is shown and was told after a moment, the newest first."""
    return _with_initiatives(_shown().where(SignalRow.written_at > moment))


def told_about(initiative_id: int) -> Sequence[SignalRow]:
    """What is shown and touches an initiative, the newest first."""
    touching = select(SignalAboutRow.signal_id).where(SignalAboutRow.initiative_id == initiative_id)
    return current_session().scalars(_shown().where(SignalRow.id.in_(touching)).limit(MOST_SHOWN)).all()


def shown_signal(signal_id: int) -> SignalRow:
    """One signal; NotFound if there is none, or it has been taken away."""
    row = current_session().get(SignalRow, signal_id)
    if row is None or row.hidden_at is not None:
        raise NotFound
    return row


def number_told_by(author: str, since: datetime) -> int:
    """How much somebody has told since a moment, what has been taken away since included."""
    wanted = select(func.count(SignalRow.id)).where(SignalRow.written_by == author, SignalRow.written_at >= since)
    return current_session().scalar(wanted) or 0


def ids_of(codes: Collection[str]) -> dict[str, int]:
    """{code: id} of those of some initiatives that exist."""
    wanted = select(Initiative.code, Initiative.id).where(Initiative.code.in_(codes))
    return dict(current_session().execute(wanted).all())


def _shown() -> Select[SignalRow]:
    newest_first = (SignalRow.written_at.desc(), SignalRow.id.desc())
    return select(SignalRow).where(SignalRow.hidden_at.is_(None)).order_by(*newest_first)


def _with_initiatives(wanted: Select[SignalRow]) -> list[Signal]:
    rows = current_session().scalars(wanted).all()
    touched = (
        select(SignalAboutRow.signal_id, Initiative.code, Initiative.title)
        .join(Initiative, Initiative.id == SignalAboutRow.initiative_id)
        .where(SignalAboutRow.signal_id.in_([row.id for row in rows]))
        .order_by(Initiative.code)
    )
    about: dict[int, list[About]] = defaultdict(list)
    for signal_id, code, title in current_session().execute(touched):
        about[signal_id].append(About(code, title))
    return [Signal(row, about[row.id]) for row in rows]

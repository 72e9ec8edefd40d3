"""Tell the others something worth knowing, and take it away again."""

from collections.abc import Sequence
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.base.workdays import moment
from portfolio.events.signals import SignalHidden, SignalTold
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, ensure_may
from portfolio.signals.models import SignalAboutRow, SignalRow
from portfolio.signals.queries import ids_of, number_told_by, shown_signal
from portfolio.signals.rules import ensure_known, ensure_link, ensure_not_too_much, may_hide


def tell_of(title: str, text: str, link: str, codes: Sequence[str], *, by: Actor, now: datetime) -> int:
    """Tell of something that touches these initiatives; its id. No letter follows: the veckobrev brings it along.

    Invalid of a link that is not https, of initiatives that do not exist, and of more than MOST_A_DAY.
    """
    ensure_may(by, May.TELL_NEWS)
    lock_portfolio()
    ensure_not_too_much(number_told_by(by.name, since=moment(today(now), "00:00")))
    ensure_link(link)
    ids = ids_of(codes)
    ensure_known(codes, ids)
    row = SignalRow(
        title=title, link=link, text=text, author_id=by.person_id, written_by=by.name, written_at=now, hidden_at=None
    )
    current_session().add(row)
    current_session().flush()  # what it touches needs its id
    current_session().add_all(SignalAboutRow(signal_id=row.id, initiative_id=ids[code]) for code in codes)
    event = SignalTold(signal=row.id, title=title, link=link, text=text, initiatives=[*codes])
    record(event, by=by.name, now=now)
    return row.id


def hide(signal_id: int, *, by: Actor, now: datetime) -> str:
    """Take a signal away from the feed and from letters to come; its title. What it said stays in the event log."""
    lock_portfolio()
    row = shown_signal(signal_id)
    ensure(may_hide(by, row.author_id))
    row.hidden_at = now
    record(SignalHidden(signal=row.id, title=row.title), by=by.name, now=now)
    return row.title

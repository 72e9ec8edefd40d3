"""Note what was changed in the way of working, and take such a note away."""

from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.reviews import ReviewNoted, ReviewNoteRemoved
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.reviews import queries
from portfolio.reviews.models import ReviewNoteRow
from portfolio.reviews.rules.half_years import HalfYear


def add_note(half: HalfYear, text: str, *, by: Actor, now: datetime) -> None:
    """Note a change of a half-year."""
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    current_session().add(ReviewNoteRow(half_year=half.written, text=text, written_by=by.name, written_at=now))
    record(ReviewNoted(half_year=half.written, text=text), by=by.name, now=now)


def remove_note(note_id: int, *, by: Actor, now: datetime) -> str:
    """Take a note away; its half-year. What it said stays in the event log."""
    ensure_may(by, May.LEAD_MEETINGS)
    lock_portfolio()
    row = queries.note(note_id)
    current_session().delete(row)
    record(ReviewNoteRemoved(half_year=row.half_year, text=row.text), by=by.name, now=now)
    return row.half_year

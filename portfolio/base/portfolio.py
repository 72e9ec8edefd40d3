"""The one row of the table `portfolio`: the gate's lock, the municipality's settings, its calendar.

Whoever changes load, limits, standstills, owners or the tree first locks this row (capacity kernel §4).
On PostgreSQL that is FOR UPDATE; on SQLite the writing transaction already holds the only write lock.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, IsoWeek, UTCDateTime, current_session
from portfolio.base.once import forget, read_once, recall
from portfolio.base.weeks import Week

THE_ROW = 1


class PortfolioRow(Base):
    """Settings and counters of the whole municipality. Exactly one row exists, made by the first migration."""

    __tablename__ = "portfolio"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(120))
    next_number: Mapped[int]
    """The number of the next initiative: 15 gives FI-015."""
    max_owned: Mapped[int]
    """How many counting initiatives a person may own who has no limit of their own."""
    drag_weeks: Mapped[int]
    """How many weeks after the current one an overdue initiative still counts."""
    calendar_started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    calendar_stood_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    begun_week: Mapped[Week | None] = mapped_column(IsoWeek)
    """The week that the clock has begun; another one than the current means that it has work to do."""
    chain_head: Mapped[str] = mapped_column(String(64))
    """The seal of the newest event: each event is sealed together with the one before it."""
    report_days: Mapped[int] = mapped_column(default=14)
    """How many days a lägesrapport holds, standstills apart; after that the state is unknown (Uppgift saknas)."""
    meeting_weekday: Mapped[int] = mapped_column(default=2)
    """The ISO weekday of the ledningsgrupp's meeting: 1 is Monday."""
    meeting_time: Mapped[str] = mapped_column(String(5), default="08:30")
    meeting_rhythm: Mapped[str] = mapped_column(String(10), default="weekly")
    """`weekly`, only in `even` or `odd` ISO weeks, or on `chosen` days."""
    meeting_days: Mapped[str] = mapped_column(Text, default="")
    """The chosen days, as `2026-12-01 2026-12-15`; used by the rhythm `chosen` only."""
    meeting_place: Mapped[str] = mapped_column(String(120), default="")
    minutes_form: Mapped[str] = mapped_column(String(10), default="notes")
    """What comes of a meeting: `notes` (minnesanteckningar) or a `protocol` (protokoll)."""
    most_direct_reports: Mapped[int] = mapped_column(default=25)
    """With more direct reports than this, a chef has too many to lead a change well: a warning."""
    contact: Mapped[str] = mapped_column(String(254), default="")
    """The shared mailbox that answers questions about the portfolio (funktionsbrevlåda); empty if there is none."""

    @property
    def demo_calendar(self) -> tuple[datetime, datetime] | None:
        """When the demo calendar was started and where it stood then; None for the real calendar."""
        if self.calendar_started_at is None or self.calendar_stood_at is None:
            return None
        return self.calendar_started_at, self.calendar_stood_at


@read_once()
def the_portfolio() -> PortfolioRow:
    """The row, read without locking."""
    return current_session().get_one(PortfolioRow, THE_ROW)


def queue_up() -> None:
    """On PostgreSQL, wait until those who asked for the lock before have had it.

    Whoever waits for a row that somebody changes has to look for its new version, and is then passed by those who
    come to that one directly: with many writers some would wait in vain. Waiters for an advisory lock are served
    in the order they came. On SQLite the transaction has queued already when it began.
    """
    if current_session().get_bind().dialect.name == "postgresql":
        current_session().execute(select(func.pg_advisory_xact_lock(THE_ROW)))


_ROW = select(PortfolioRow).where(PortfolioRow.id == THE_ROW).execution_options(populate_existing=True)


def lock_portfolio() -> PortfolioRow:
    """The row, locked until the transaction ends. Lock, then look, then decide."""
    return recall(_lock)


def _lock() -> PortfolioRow:
    queue_up()
    forget(current_session())  # what was read before the lock may have changed since,
    current_session().expire_all()  # and so may the rows that somebody still holds
    return current_session().scalars(_ROW.with_for_update()).one()

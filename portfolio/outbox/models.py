"""The event log: history, audit trail and the live views' version number in one; what follows from it; the clock."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class EventRow(Base):
    """One fact, in commit order: `seq` grows by one, since every writer holds the portfolio row's lock.

    `subject` is what it is about (`initiative/FI-011`, `unit/BUF`); `data` its fields as JSON text.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject_seq", "subject", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    type: Mapped[str] = mapped_column(String(60), index=True)
    time: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(160))
    data: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    """The exact text that `seal` seals."""
    seal: Mapped[str] = mapped_column(String(64))


class Delivery(Base):
    """One event for one handler: leased, run outside any transaction, confirmed with the claim.

    `state` is a DeliveryState of the rules. All times are the machine's.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_seq", "handler"),
        Index("ix_delivery_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_seq: Mapped[int] = mapped_column(ForeignKey("event.seq"))
    handler: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claim: Mapped[str | None] = mapped_column(String(36))
    """What the one who runs it confirms with: whoever's lease ran out can no longer confirm."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the latest attempt failed, in one line."""


class ClockRow(Base):
    """The one row of the clocks: who leads, until when, its latest heartbeat, and how far events are fanned out.

    Times are the machine's. Events are numbered in commit order without a gap, so one number says how far.
    """

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    leader: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fanned_out: Mapped[int] = mapped_column(default=0)

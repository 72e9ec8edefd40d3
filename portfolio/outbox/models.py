"""The event log: history, audit trail and the live views' version number in one."""

from datetime import datetime

from sqlalchemy import Index, String, Text
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
    subject: Mapped[str] = mapped_column(String(80))
    data: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    """The exact text that `seal` seals."""
    seal: Mapped[str] = mapped_column(String(64))

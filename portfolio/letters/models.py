"""The letters: what is to be sent, what has been sent, and what could not be sent and why."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class Letter(Base):
    """One e-mail to one person on one day: the database itself allows no second one that day.

    `state` is `queued`, `sending`, `sent`, `failed` (refused for good) or `cancelled` (nothing was left to say).
    `day` is a day of the product's calendar; all times are the machine's.
    """

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("person_id", "day"), Index("ix_letter_state_due_at", "state", "due_at", "id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Begins the Message-ID: a second copy of a letter can be recognised."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it was to leave: letters that wait for a mail server leave in this order, however often they are tried."""
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it is to be tried next."""
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claim: Mapped[str | None] = mapped_column(String(36))
    possible_duplicate: Mapped[bool] = mapped_column(default=False)
    """Contact was lost after the whole letter had been handed over: the receiver may get it twice."""
    subject: Mapped[str] = mapped_column(String(200), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the latest attempt failed, or why nothing was sent, in one line."""
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

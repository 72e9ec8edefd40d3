"""What somebody is to be reminded of, and how the municipality has set each rule."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class Reminder(Base):
    """One matter that one person is to be told of once: the four columns of the key see to it.

    `state` is a ReminderState of the rules; `reason` says why nobody is told. `due_at` and `useful_until` are
    times of the product's calendar.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "rule", "subject", "period"),
        Index("ix_reminder_state_person_id", "state", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Whose matter it is; while they are away a substitute gets the letter."""
    rule: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(160))
    """What it is about, as events say it: `initiative/FI-011`, `unit/BUF`."""
    period: Mapped[str] = mapped_column(String(40))
    """Which occasion, e.g. the meeting's day or the week: the same matter may return on another one."""
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    useful_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="")
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RuleSetting(Base):
    """How a rule has been set; a rule without a row is as it comes."""

    __tablename__ = "reminder_rule"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    active: Mapped[bool]
    days: Mapped[int]
    time: Mapped[str] = mapped_column(String(5))
    """The hour of day in Sweden at the earliest, as `07:30`."""

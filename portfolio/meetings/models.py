"""The meetings of the ledningsgrupp, what they took up, what was asked beforehand, and their minutes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class MeetingRow(Base):
    """One meeting: planned, frozen, begun and ended, each at its time."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, unique=True)
    place: Mapped[str] = mapped_column(String(120), default="")
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    showing: Mapped[str] = mapped_column(String(120), default="")
    """The key of the item that is being talked about: what every screen of the meeting shows."""
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when: the timer of the item."""
    participants: Mapped[str] = mapped_column(Text, default="[]")
    """Who was there, as JSON: `[{function, present, substitute}]`."""
    secretary: Mapped[str] = mapped_column(String(120), default="")


class AgendaItemRow(Base):
    """An item in its place, stored once somebody has touched any of them, or frozen them. `decision_id` ends it."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "key"), Index("ix_agenda_item_key", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120))
    matter: Mapped[str] = mapped_column(String(20))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id", ondelete="SET NULL"), index=True)
    """What the item is about, also once it has gone; None where it is about several initiatives."""
    position: Mapped[int]
    held_back: Mapped[bool] = mapped_column(default=False)
    sentence: Mapped[str] = mapped_column(Text, default="")
    """What the agenda said when it was frozen, or why somebody added the item."""
    added_by: Mapped[str] = mapped_column(String(120), default="")
    added_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody added it, or when it was decided of one that came by itself after the freezing."""
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="SET NULL"), index=True)
    basis: Mapped[str] = mapped_column(String(20), default="")
    """The kind of decision: see `rules.deciding.Basis`."""
    point: Mapped[str] = mapped_column(String(120), default="")
    """The point in the delegationsordning, of a delegationsbeslut."""
    remark: Mapped[str] = mapped_column(Text, default="")
    """What somebody wants noted: jäv, another opinion."""
    withheld: Mapped[bool] = mapped_column(default=False)
    """Whether the item is kept out of the general minutes until its ärende is decided."""


class QuestionRow(Base):
    """What a member wants to know of an item before the meeting."""

    __tablename__ = "agenda_question"
    __table_args__ = (Index("ix_agenda_question_meeting_id_key", "meeting_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MinutesRow(Base):
    """Completed minutes, locked for good: a correction is a new version. `document` is `rules.minutes` as JSON."""

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), index=True)
    document: Mapped[str] = mapped_column(Text)
    correction: Mapped[str] = mapped_column(Text, default="")
    completed_by: Mapped[str] = mapped_column(String(120))
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)

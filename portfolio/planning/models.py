"""Trials and their moves: working material, which loads nothing until it is applied."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, IsoWeek, UTCDateTime
from portfolio.base.weeks import Week


class TrialRow(Base):
    """A trial (försök). It is open until it has been applied or thrown away."""

    __tablename__ = "trial"
    __table_args__ = (Index("ix_trial_closed_at", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    created_by: Mapped[str] = mapped_column(String(120))
    """The function."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(String(120), default="")
    outcome: Mapped[str | None] = mapped_column(String(10))
    """`applied` or `discarded`; None while it is open."""
    version: Mapped[int] = mapped_column(default=1)


class TrialMoveRow(Base):
    """What a trial would decide on one initiative; `decision_id` is the decision that came of it."""

    __tablename__ = "trial_move"
    __table_args__ = (UniqueConstraint("trial_id", "initiative_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id", ondelete="CASCADE"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """`start`, `pause`, `resume` or `rescope`."""
    start_week: Mapped[Week | None] = mapped_column(IsoWeek)
    until: Mapped[date | None]
    """The day that a pause is meant to end."""
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="SET NULL"))

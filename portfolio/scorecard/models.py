"""The goals of the styrkort with their wordings, which are added and never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class GoalRow(Base):
    """A goal of one of the kinds of GoalKind. Its words are in its wordings, the newest of which counts."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    """The inriktning that a målområde belongs to."""
    position: Mapped[int]
    """Its place among those of its kind, 1 first."""
    last_year: Mapped[int | None]
    """The last year in which it is in force; None until further notice."""
    version: Mapped[int] = mapped_column(default=1)


class WordingRow(Base):
    """What a goal is called from a year on, until a later wording takes over."""

    __tablename__ = "goal_wording"
    __table_args__ = (CheckConstraint("first_year BETWEEN 1900 AND 2199", name="first_year_is_a_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    first_year: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it was written: what was closed before that keeps the words that it had."""
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    source_year: Mapped[int | None]
    factors: Mapped[str] = mapped_column(Text, default="")
    """The avgörande faktorer of a programme, one a line."""


class ResponsibleUnitRow(Base):
    """A unit that answers for a goal."""

    __tablename__ = "goal_unit"

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)

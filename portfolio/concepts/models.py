"""Förändringskoncept with their steps, and what an initiative was made from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.base.db import Base, UTCDateTime


class ConceptRow(Base):
    """What worked once, written so that others can do it. It names nobody."""

    __tablename__ = "concept"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(Text)
    fits: Mapped[str] = mapped_column(Text, default="")
    """När passar det?"""
    steps: Mapped[str] = mapped_column(Text)
    """Så gör ni, a step on each line."""
    pitfalls: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(20))
    source_name: Mapped[str] = mapped_column(String(200), default="")
    """Which other municipality or industry it comes from; an organisation, never a person."""
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id", ondelete="SET NULL"), index=True)
    """The initiative that it was made of, where that is one of our own."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    efforts: Mapped[list["EffortRow"]] = relationship(
        order_by="EffortRow.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class EffortRow(Base):
    """How much strength one step of a concept takes: see `rules.strength.Effort`."""

    __tablename__ = "concept_effort"
    __table_args__ = (
        UniqueConstraint("concept_id", "position"),
        CheckConstraint("weeks >= 1", name="weeks_positive"),
        CheckConstraint('"leading" BETWEEN 0 AND 3', name="leading_0_to_3"),
        CheckConstraint("receiving BETWEEN 0 AND 3", name="receiving_0_to_3"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[int] = mapped_column(ForeignKey("concept.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    weeks: Mapped[int]
    leading: Mapped[int | None]
    receiving: Mapped[int | None]


class OriginRow(Base):
    """What an initiative was made from: a concept, or another initiative whose change it spreads (its pilot)."""

    __tablename__ = "origin"
    __table_args__ = (CheckConstraint("(concept_id IS NULL) <> (pilot_id IS NULL)", name="one_origin"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    concept_id: Mapped[int | None] = mapped_column(ForeignKey("concept.id", ondelete="CASCADE"), index=True)
    pilot_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)

"""What the receiving chefs answer: about what they have to lead with, how ready they are, and how heavy it feels."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class ConditionsRow(Base):
    """Chefsförutsättningar of one unit's chef for one initiative, each an Answer of the rules; the latest counts."""

    __tablename__ = "chef_conditions"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    mandate: Mapped[str] = mapped_column(String(10))
    room: Mapped[str] = mapped_column(String(10))
    span: Mapped[str] = mapped_column(String(10))
    answered_by: Mapped[str] = mapped_column(String(120))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReadinessRow(Base):
    """How ready a unit is for an initiative in a month (`2026-11`): five statements, each 1 to 4."""

    __tablename__ = "readiness"
    __table_args__ = (
        UniqueConstraint("initiative_id", "unit_id", "month"),
        *(
            CheckConstraint(f"{name} BETWEEN 1 AND 4", name=f"{name}_1_to_4")
            for name in ("why", "will", "how", "can", "settled")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    why: Mapped[int]
    will: Mapped[int]
    how: Mapped[int]
    can: Mapped[int]
    settled: Mapped[int]
    answered_by: Mapped[str] = mapped_column(String(120))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FeltLoadRow(Base):
    """How heavy one person's unit felt in a month, 1 to 5, beside its computed load and limit in that week.

    Whose answer it is stands here only so that a new one can take its place: nobody is shown it.
    """

    __tablename__ = "felt_load"
    __table_args__ = (
        UniqueConstraint("unit_id", "person_id", "month"),
        CheckConstraint("felt BETWEEN 1 AND 5", name="felt_1_to_5"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    felt: Mapped[int]
    load: Mapped[int]
    limit: Mapped[int | None]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)

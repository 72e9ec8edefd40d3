"""Units, their lowered limits and what becomes of them, and the municipality's standstills (capacity kernel §1)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, IsoWeek, UTCDateTime
from portfolio.base.weeks import Week


class UnitRow(Base):
    """A unit in the tree. `limit` and `max_parallel` None is "Inget tak satt"."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint('"limit" >= 0', name="limit_not_negative"),
        CheckConstraint("max_parallel >= 0", name="max_parallel_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    limit: Mapped[int | None]
    max_parallel: Mapped[int | None]
    limits_confirmed: Mapped[bool] = mapped_column(default=True)
    headcount: Mapped[int | None]
    direct_reports: Mapped[int | None]
    """The most direct reports of any of its chefs."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class LoweredLimitRow(Base):
    """Sänkt tak for some weeks, or the same weeks every year."""

    __tablename__ = "lowered_limit"
    __table_args__ = (CheckConstraint('"limit" IS NOT NULL OR max_parallel IS NOT NULL', name="lowers_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    from_week: Mapped[Week] = mapped_column(IsoWeek)
    to_week: Mapped[Week] = mapped_column(IsoWeek)
    yearly: Mapped[bool]
    limit: Mapped[int | None]
    max_parallel: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200))


class ReorganisationRow(Base):
    """A change of the organisation from a week on: it can be taken back until that week has come.

    `told` is what changes, in one sentence with the names that held when it was decided.
    """

    __tablename__ = "reorganisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    from_week: Mapped[Week] = mapped_column(IsoWeek)
    told: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the units' own rows were brought in step; the load follows the change from its week on all the same."""


class UnitChangeRow(Base):
    """One thing that a reorganisation does.

    `rename`: the unit is called `name` instead of `former`. `move`: it lies under `other_id`, None for the top.
    `succeed`: `other_id` stands in its place. `staff`: the person comes to the unit.
    """

    __tablename__ = "unit_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    reorganisation_id: Mapped[int] = mapped_column(ForeignKey("reorganisation.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    former: Mapped[str] = mapped_column(String(200), default="")


class StandstillRow(Base):
    """Uppehåll: weeks in which nothing runs in the whole municipality."""

    __tablename__ = "standstill"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_week: Mapped[Week] = mapped_column(IsoWeek)
    to_week: Mapped[Week] = mapped_column(IsoWeek)
    yearly: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))

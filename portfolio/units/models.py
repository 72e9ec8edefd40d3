"""Units and their lowered limits, and the municipality's standstills (capacity kernel §1)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, IsoWeek
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


class StandstillRow(Base):
    """Uppehåll: weeks in which nothing runs in the whole municipality."""

    __tablename__ = "standstill"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_week: Mapped[Week] = mapped_column(IsoWeek)
    to_week: Mapped[Week] = mapped_column(IsoWeek)
    yearly: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))

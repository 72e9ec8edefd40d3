"""Effektmål with their nyckeltal and measured values, and what was answered when somebody asked what came of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class EffectGoalRow(Base):
    """An effektmål: see `rules.goals.EffectGoal`. What it frees is in hours and thousand kronor a year."""

    __tablename__ = "effect_goal"
    __table_args__ = (
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint("tkr >= 0", name="tkr_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    change: Mapped[str] = mapped_column(Text)
    for_whom: Mapped[str] = mapped_column(String(200), default="")
    baseline: Mapped[str] = mapped_column(String(200), default="")
    target: Mapped[str] = mapped_column(String(200), default="")
    by_when: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    benefit: Mapped[str | None] = mapped_column(String(20))
    hours: Mapped[int | None]
    tkr: Mapped[int | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class IndicatorRow(Base):
    """A nyckeltal of an effektmål, at most three: see `rules.measuring.Indicator`."""

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("effect_goal_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 3", name="place_1_to_3"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_goal_id: Mapped[int] = mapped_column(ForeignKey("effect_goal.id", ondelete="CASCADE"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    measured_in: Mapped[str] = mapped_column(String(30), default="")
    baseline: Mapped[float | None]
    target: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    forecast: Mapped[str] = mapped_column(String(20))


class MeasurementRow(Base):
    """What a nyckeltal was on a day."""

    __tablename__ = "measurement"

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float]


class EffectAnswerRow(Base):
    """What came of an effektmål, answered some months after completion; without one, of the initiative as a whole."""

    __tablename__ = "effect_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    effect_goal_id: Mapped[int | None] = mapped_column(ForeignKey("effect_goal.id", ondelete="CASCADE"), index=True)
    months: Mapped[int]
    answer: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(String(120))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)

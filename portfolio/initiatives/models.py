"""Initiatives with their phases and impacts, the decisions on them, and the receiving chefs' answers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.base.db import Base, IsoWeek, UTCDateTime
from portfolio.base.weeks import Week


class Initiative(Base):
    """A change that somebody wants, decides, runs or has run."""

    __tablename__ = "initiative"
    __table_args__ = (Index("ix_initiative_status_rank", "status", "rank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(280), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    """Vad blir bättre, och för vem?"""
    if_we_wait: Mapped[str] = mapped_column(Text, default="")
    assignment_source: Mapped[str | None] = mapped_column(String(20))
    clarity_answers: Mapped[int] = mapped_column(default=0)
    """How many of the five questions about a political assignment have an answer; the answers are in assignments."""
    effects_unready: Mapped[int] = mapped_column(default=0)
    """How many of its effektmål are not clear or cannot be followed up; the effektmål are in effects."""
    triage_class: Mapped[str | None] = mapped_column(String(10))
    """Enkelt, ordinarie or komplext; None until somebody has answered the four questions."""
    diarienummer: Mapped[str] = mapped_column(String(60), default="")
    goal_text: Mapped[str] = mapped_column(String(200), default="")
    """What was said of its goal and is in no styrkort; empty once it has a primary målområde (AimRow)."""
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    legal_duty: Mapped[bool] = mapped_column(default=False)
    must_finish_by: Mapped[date | None]
    risk_assessed_on: Mapped[date | None]
    """When the risks of the change were assessed (riskbedömning inför ändring, AFS 2023:1)."""
    consulted_on: Mapped[date | None]
    """When the unions were consulted (samverkan, MBL 11 §)."""
    status: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int | None] = mapped_column(index=True)
    """The place in the order of priority, 1 first; None once the initiative is no longer open."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_text: Mapped[str] = mapped_column(String(200), default="")
    """An owner that an imported list names and that we do not know."""
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who reports in the owner's place (projektledare)."""
    start_week: Mapped[Week | None] = mapped_column(IsoWeek)
    forecast_end_week: Mapped[Week | None] = mapped_column(IsoWeek)
    paused_week: Mapped[Week | None] = mapped_column(IsoWeek)
    until: Mapped[date | None]
    """The day that a deferred, returned, referred or paused initiative comes back."""
    dragging_noted: Mapped[bool] = mapped_column(default=False)
    resumed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last resumed after a pause: reminders leave it alone for some days."""
    reported_state: Mapped[str | None] = mapped_column(String(20))
    """How it goes, as the latest lägesrapport said; `reported_at` tells whether that still holds."""
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    help_needed: Mapped[str] = mapped_column(Text, default="")
    """What the latest lägesrapport asks the ledningsgrupp's help with; empty if nothing."""
    external_id: Mapped[str | None] = mapped_column(String(120), index=True)
    """The identity that an imported list gives it."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Title, summary, code and case number with å, ä and ö folded."""
    title_folded: Mapped[str] = mapped_column(String(200), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    phases: Mapped[list["PhaseRow"]] = relationship(
        order_by="PhaseRow.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class TriageRow(Base):
    """How an initiative was sorted: what was answered, and why it has another class than the answers suggest."""

    __tablename__ = "triage"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    one_department: Mapped[bool]
    known_way: Mapped[bool]
    needed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")


class PhaseRow(Base):
    """A step of an initiative: `weeks` counted without standstill."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("initiative_id", "position"),
        CheckConstraint("weeks >= 1", name="weeks_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    weeks: Mapped[int]

    impacts: Mapped[list["ImpactRow"]] = relationship(
        order_by="ImpactRow.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class ImpactRow(Base):
    """A phase's impact on a unit: 1 Liten, 2 Märkbar, 3 Stor, None not yet rated."""

    __tablename__ = "impact"
    __table_args__ = (
        UniqueConstraint("phase_id", "unit_id"),
        CheckConstraint("impact BETWEEN 1 AND 3", name="impact_1_to_3"),
        Index("ix_impact_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    impact: Mapped[int | None]


class AimRow(Base):
    """A målområde that an initiative aims at: place 1 is the primary one, 2 and 3 are what else it serves."""

    __tablename__ = "aim"
    __table_args__ = (
        UniqueConstraint("initiative_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 3", name="place_1_to_3"),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True, index=True)
    place: Mapped[int]


class DecisionRow(Base):
    """A decision with its one decision maker, reason and date. `before` is what an undo restores, as JSON."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    decision_maker: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    responsible: Mapped[str] = mapped_column(String(120), default="")
    due: Mapped[date | None]
    until: Mapped[date | None]
    despite: Mapped[str | None] = mapped_column(Text)
    exception_id: Mapped[int | None] = mapped_column(ForeignKey("granted_exception.id"))
    version_after: Mapped[int]
    before: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minuted: Mapped[bool] = mapped_column(default=False)
    """Whether completed minutes tell of it: then it is never taken back, only followed by a new decision."""


class HandoverRow(Base):
    """What became of the work when an initiative was completed: who took it over, and when, or that it `ends`."""

    __tablename__ = "handover"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    ends: Mapped[bool]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    function: Mapped[str] = mapped_column(String(120), default="")
    on_day: Mapped[date | None]


class LessonRow(Base):
    """What was learnt from an initiative, told with the decision that completed or cancelled it."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    tag: Mapped[str | None] = mapped_column(String(20))
    """The value that it is an example of: see `rules.LessonTag`."""
    useful: Mapped[bool | None]
    """Whether somebody else can use it; None unanswered."""
    use: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AcknowledgementRow(Base):
    """The receiving chef's answer for one unit: the latest answer on the current plan counts."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("initiative_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    answer: Mapped[str] = mapped_column(String(20))
    """`confirmed`, `corrected` or `objection`."""
    text: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(120))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)

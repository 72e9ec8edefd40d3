"""What the counting initiatives hold, which cells are in conflict, and which exceptions cover them.

`commitment` and `claim` have rows for counting initiatives only, written by `bind` in the transaction that
changes a plan. That is why the check of one plan costs the same however many finished initiatives there are.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, IsoWeek, UTCDateTime
from portfolio.base.weeks import Week
from portfolio.capacity.rules.gate import Measure


class CommitmentRow(Base):
    """A counting initiative as the gate sees it: its planned weeks and its owner."""

    __tablename__ = "commitment"

    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(20), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    start_week: Mapped[Week] = mapped_column(IsoWeek)
    forecast_end: Mapped[Week | None] = mapped_column(IsoWeek)


class ClaimRow(Base):
    """One unit's part of one phase of a counting initiative, from its first running week to its last.

    A phase without impacts has one row without a unit, so that its weeks still count for the owner.
    `weeks` is the phase's length, so that a new standstill can lay it out again. `counts_to` is the last week
    for which the row must be read: an overdue initiative counts on, so for the last phase it is far away.
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_unit_id_counts_to", "unit_id", "counts_to"),
        Index("ix_claim_initiative_id", "initiative_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("commitment.initiative_id", ondelete="CASCADE"))
    phase: Mapped[int]
    weeks: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    first_week: Mapped[Week] = mapped_column(IsoWeek)
    last_week: Mapped[Week] = mapped_column(IsoWeek)
    counts_to: Mapped[Week] = mapped_column(IsoWeek)
    impact: Mapped[int | None]


class UnplannedEventRow(Base):
    """Oplanerad händelse: it loads its unit from `from_week` to `to_week`, or until somebody says that it is over.

    `counts_to` is the last week for which the row must be read: far away while nobody knows the end.
    """

    __tablename__ = "unplanned_event"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level_is_rated"),
        Index("ix_unplanned_event_unit_id_counts_to", "unit_id", "counts_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    level: Mapped[int]
    from_week: Mapped[Week] = mapped_column(IsoWeek)
    to_week: Mapped[Week | None] = mapped_column(IsoWeek)
    counts_to: Mapped[Week] = mapped_column(IsoWeek)
    reason: Mapped[str] = mapped_column(String(200))
    registered_by: Mapped[str] = mapped_column(String(120))
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class ExceptionRow(Base):
    """Motiverat undantag: an initiative may be over the limit in its cells through `valid_to`."""

    __tablename__ = "granted_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    why: Mapped[str] = mapped_column(Text)
    relief: Mapped[str] = mapped_column(Text)
    risk: Mapped[str] = mapped_column(Text)
    stance: Mapped[str] = mapped_column(Text)
    valid_to: Mapped[Week] = mapped_column(IsoWeek, index=True)
    granted_by: Mapped[str] = mapped_column(String(120))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ExceptionCellRow(Base):
    """One cell of an exception: it covers `value` at the most, and only under this `limit` or a higher one.

    The value follows the cell down, and the row goes once the cell needs no exception (see `settle`).
    """

    __tablename__ = "exception_cell"

    id: Mapped[int] = mapped_column(primary_key=True)
    exception_id: Mapped[int] = mapped_column(ForeignKey("granted_exception.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    week: Mapped[Week] = mapped_column(IsoWeek)
    measure: Mapped[Measure] = mapped_column(String(10))
    value: Mapped[int]
    limit: Mapped[int]


class ConflictRow(Base):
    """A cell that is over its limit without an exception, with what pushed it over and since when."""

    __tablename__ = "conflict"
    __table_args__ = (
        Index(
            "ix_conflict_open_week",
            "week",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    week: Mapped[Week] = mapped_column(IsoWeek)
    measure: Mapped[Measure] = mapped_column(String(10))
    value: Mapped[int]
    limit: Mapped[int]
    cause: Mapped[str] = mapped_column(String(60))
    """The wire name of the event that pushed the cell over."""
    cause_text: Mapped[str] = mapped_column(String(200))
    cause_seq: Mapped[int | None]
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

"""What is known of an assignment, and what is laid before the decision on it: a row each for an initiative."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base


class AssignmentRow(Base):
    """The paragraph of a political decision, and the answers to the five questions about it; empty is none."""

    __tablename__ = "assignment"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    paragraph: Mapped[str] = mapped_column(String(40), default="")
    what: Mapped[str] = mapped_column(Text, default="")
    for_whom: Mapped[str] = mapped_column(Text, default="")
    by_when: Mapped[str] = mapped_column(Text, default="")
    mandate: Mapped[str] = mapped_column(Text, default="")
    stops: Mapped[str] = mapped_column(Text, default="")


class GroundworkRow(Base):
    """What is written beside the plan: see `rules.groundwork.Groundwork`."""

    __tablename__ = "groundwork"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    participation: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]
    breadth_reason: Mapped[str] = mapped_column(Text, default="")
    change_lead: Mapped[str | None] = mapped_column(String(10))
    change_type: Mapped[str | None] = mapped_column(String(20))

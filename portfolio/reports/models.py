"""Every lägesrapport that was given."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, IsoWeek, UTCDateTime
from portfolio.base.weeks import Week


class Report(Base):
    """A lägesrapport on one initiative. The initiative's own row keeps what the latest one says."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_initiative_id_id", "initiative_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20))
    """`on_track`, `watch`, `needs_decision` or `nothing_new`."""
    text: Mapped[str] = mapped_column(Text, default="")
    help: Mapped[str] = mapped_column(Text, default="")
    forecast_end_week: Mapped[Week | None] = mapped_column(IsoWeek)
    reported_by: Mapped[str] = mapped_column(String(120))
    """The function."""
    reported_at: Mapped[datetime] = mapped_column(UTCDateTime)

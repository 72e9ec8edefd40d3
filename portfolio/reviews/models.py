"""What those who lead the meetings have noted that was changed in the way of working."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class ReviewNoteRow(Base):
    """One note of a half-year, `2026-2`. The figures beside it are stored nowhere: the events have them."""

    __tablename__ = "review_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    half_year: Mapped[str] = mapped_column(String(6), index=True)
    text: Mapped[str] = mapped_column(String(500))
    written_by: Mapped[str] = mapped_column(String(120))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)

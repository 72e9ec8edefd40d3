"""What somebody has told the others that is worth knowing, and which initiatives it touches."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class SignalRow(Base):
    """One thing worth knowing. `link` is an https address or empty; nobody fetches it."""

    __tablename__ = "signal"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    link: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(String(280))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[str] = mapped_column(String(120))
    """The function that the author had then."""
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was taken away; None while it is shown."""


class SignalAboutRow(Base):
    """An initiative that a signal touches."""

    __tablename__ = "signal_about"

    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True, index=True
    )

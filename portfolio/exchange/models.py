"""An import of a list, from the uploaded file to the stored rows and what undoes them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class ImportBatch(Base):
    """One uploaded list. `content` is emptied once the list has been stored."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sheet: Mapped[str | None] = mapped_column(String(120))
    mapping: Mapped[str] = mapped_column(Text)
    """{field: column name} as JSON."""
    create_units: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), index=True)
    """`uploaded`, `stored` or `undone`."""
    seen_seq: Mapped[int]
    """The newest event when the preview was made: a confirmation after it meets changed data."""
    uploaded_by: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stored_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    new_units: Mapped[str] = mapped_column(Text, default="[]")
    """The codes of the units that it added, as JSON."""
    report: Mapped[str] = mapped_column(Text, default="{}", deferred=True)
    """What becomes, or became, of every row, as JSON (exchange/rules/reports.py)."""


class ImportedRow(Base):
    """One stored row: what it created, or what it updated and how that was before, as JSON."""

    __tablename__ = "imported_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"), index=True)
    row: Mapped[int]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    version_after: Mapped[int]
    before: Mapped[str | None] = mapped_column(Text)
    """None for a created initiative."""

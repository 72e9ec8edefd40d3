"""An import of a list, from the uploaded file to the stored rows and what undoes them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class ImportBatch(Base):
    """One uploaded list. `content` is emptied once it has been stored or thrown away."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sheet: Mapped[str | None] = mapped_column(String(120))
    mapping: Mapped[str] = mapped_column(Text)
    """{field: column name} as JSON."""
    create_units: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), index=True)
    """`uploaded`, `stored` or `undone`."""
    seen_seq: Mapped[int]
    """The newest event when the preview was shown: a confirmation after it meets changed data."""
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stored_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    report: Mapped[str] = mapped_column(Text, default="[]")
    """What became of every row, as JSON."""


class ImportedRow(Base):
    """One stored row: what it created, or what it updated and how that was before, as JSON."""

    __tablename__ = "imported_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"), index=True)
    row: Mapped[int]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    version_after: Mapped[int]
    before: Mapped[str | None] = mapped_column(Text)
    """None for a created initiative."""

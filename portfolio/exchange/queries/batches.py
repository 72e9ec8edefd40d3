"""Find imports on their way in and earlier ones, and what they have led to."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from portfolio.base.db import Base, current_session
from portfolio.base.errors import NotFound
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ConflictRow
from portfolio.events.exchange import ListImported
from portfolio.exchange.models import ImportBatch, ImportedRow
from portfolio.exchange.rules.reports import ReportRow, from_json
from portfolio.initiatives.models import AcknowledgementRow
from portfolio.outbox.models import EventRow
from portfolio.receivers.models import ConditionsRow, ReadinessRow
from portfolio.units.models import UnitRow

UNDO_TIME = timedelta(hours=24)
"""How long an import can be undone."""


def imports() -> Sequence[ImportBatch]:
    """Every list that was stored, also those that were undone, the newest first."""
    wanted = select(ImportBatch).where(ImportBatch.stored_at.is_not(None)).order_by(ImportBatch.id.desc())
    return current_session().scalars(wanted).all()


def batch(batch_id: int) -> ImportBatch:
    """One import; NotFound if there is none."""
    found = current_session().get(ImportBatch, batch_id)
    if found is None:
        raise NotFound
    return found


def imported_rows(batch_id: int) -> Sequence[tuple[int, int, str | None]]:
    """What an import created and updated: (initiative's id, its version after, how it was before)."""
    columns = (ImportedRow.initiative_id, ImportedRow.version_after, ImportedRow.before)
    wanted = select(*columns).where(ImportedRow.batch_id == batch_id).order_by(ImportedRow.id)
    return current_session().execute(wanted).all()


def answered(initiative_ids: Collection[int]) -> set[int]:
    """The ids of the initiatives on which a receiving chef has answered anything."""
    found: set[int] = set()
    for answer in (AcknowledgementRow, ConditionsRow, ReadinessRow):
        wanted = select(answer.initiative_id).where(answer.initiative_id.in_(initiative_ids))
        found |= set(current_session().scalars(wanted))
    return found


def is_in_use(unit_id: int) -> bool:
    """Whether anything at all refers to a unit: an impact, a person, a limit, a unit below it."""
    referring = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is UnitRow.__table__ for key in column.foreign_keys)
    ]
    return any(current_session().scalar(select(exists().where(column == unit_id))) for column in referring)


def mark_of(one: ImportBatch) -> str:
    """What tells one preview from another: its confirmation quotes it."""
    seen = f"{one.sheet}\n{one.mapping}\n{one.create_units}\n{one.seen_seq}"
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def conflicts_of(batch_id: int, now: datetime) -> int:
    """How many open conflicts an import has caused."""
    event = select(EventRow.seq).where(EventRow.subject == f"import/{batch_id}", EventRow.type == ListImported.name)
    return len(capacity.open_conflicts(now, ConflictRow.cause_seq.in_(event)))


def may_still_undo(one: ImportBatch, now: datetime) -> bool:
    """Whether an import is stored and its 24 hours have not passed."""
    return one.state == "stored" and one.stored_at is not None and now - one.stored_at <= UNDO_TIME


@dataclass(frozen=True, slots=True)
class Report:
    """What is kept of a preview or a stored import: its rows, and what was said of the file."""

    rows: Sequence[ReportRow]
    unknown_units: Mapping[str, int]
    notes: Sequence[str]
    kept: Sequence[str]
    """What an undo could not take back, and why, a sentence each."""


def report(one: ImportBatch) -> Report:
    """The report of an import; empty before its first preview."""
    kept = json.loads(one.report)
    return Report(
        from_json(kept.get("rows", [])),
        kept.get("unknown_units", {}),
        kept.get("notes", []),
        kept.get("kept", []),
    )

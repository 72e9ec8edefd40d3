"""A list on its way in: uploaded, its columns chosen, previewed, or thrown away."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.base.errors import NotAllowedNow
from portfolio.exchange.models import ImportBatch
from portfolio.exchange.queries import batches as queries
from portfolio.exchange.queries.judging import Judgement
from portfolio.exchange.rules.reports import as_json, report_of
from portfolio.people.rules import Actor, May, ensure_may


def upload(
    file_name: str,
    content: bytes,
    *,
    sheet: str | None,
    mapping: Mapping[str, str],
    create_units: bool = False,
    by: Actor,
    now: datetime,
) -> ImportBatch:
    """Keep a file that is to be read in, with a first guess at its columns. What was left lying is thrown away."""
    ensure_may(by, May.IMPORT)
    _throw_away_old(now)
    one = ImportBatch(file_name=file_name[-200:], content=content, sheet=sheet, mapping=_text_of(mapping))
    one.create_units, one.state, one.seen_seq = create_units, "uploaded", 0
    one.uploaded_by, one.uploaded_at = by.name, now
    current_session().add(one)
    current_session().flush()  # the next page is found by its id
    return one


def choose(
    batch_id: int, *, sheet: str | None, mapping: Mapping[str, str], create_units: bool, by: Actor
) -> ImportBatch:
    """Keep the sheet and the columns that were chosen; the earlier preview no longer holds."""
    one = _waiting(batch_id, by)
    one.sheet, one.mapping, one.create_units, one.seen_seq = sheet, _text_of(mapping), create_units, 0
    return one


def keep_preview(batch_id: int, judgement: Judgement, *, by: Actor) -> None:
    """Keep what the preview says, and which events it had seen."""
    one = _waiting(batch_id, by)
    one.seen_seq = judgement.seq
    keep_report(one, judgement, {})


def keep_report(one: ImportBatch, judgement: Judgement, new_codes: Mapping[int, str]) -> None:
    """Write down what becomes, or became, of every row."""
    counts = judgement.counts
    one.created, one.updated = counts.create, counts.update
    one.unchanged, one.refused = counts.unchanged, counts.refused
    one.new_units = json.dumps(list(judgement.new_units.values()))
    kept = {
        "rows": as_json(report_of(judgement.verdicts, new_codes)),
        "unknown_units": dict(judgement.unknown_units),
        "notes": list(judgement.notes),
    }
    one.report = json.dumps(kept, ensure_ascii=False)


def throw_away(batch_id: int, *, by: Actor) -> None:
    """The list is not to be read in after all."""
    current_session().delete(_waiting(batch_id, by))


def _waiting(batch_id: int, by: Actor) -> ImportBatch:
    ensure_may(by, May.IMPORT)
    one = queries.batch(batch_id)
    if one.state != "uploaded":
        raise NotAllowedNow(one.state)
    return one


def _throw_away_old(now: datetime) -> None:
    old = delete(ImportBatch).where(
        ImportBatch.state == "uploaded", ImportBatch.uploaded_at < now - queries.UNDO_TIME
    )
    current_session().execute(old)


def _text_of(mapping: Mapping[str, str]) -> str:
    return json.dumps(dict(mapping), ensure_ascii=False)

"""Write a concept, change it, and make a proposal from one, or from a pilot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.concepts import queries
from portfolio.concepts.models import ConceptRow, EffortRow, OriginRow
from portfolio.concepts.rules.reuse import PILOTS, Source
from portfolio.concepts.rules.strength import Effort
from portfolio.events.concepts import ConceptCreated, ConceptEdited, ConceptReused, PilotSpread
from portfolio.events.event import Json
from portfolio.initiatives.actions.proposing import propose
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code, initiatives_by_id
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import FINISHED, Status
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure, may_describe

WHOSE = "Skriv vilken kommun eller bransch det kommer från."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a concept says. `source_name` is an organisation's name, and only of a concept that is not our own."""

    title: str
    problem: str
    steps: str
    fits: str = ""
    pitfalls: str = ""
    source: str = Source.OWN
    source_name: str = ""


def create_concept(
    words: Words, efforts: Sequence[Effort], *, code: str | None = None, by: Actor, now: datetime
) -> ConceptRow:
    """Write a concept, of the finished initiative `code` or of what others have done.

    Refusals: NotPermitted for others than the initiative's owner and those who edit all, NotAllowedNow of an
    initiative that has not been carried through, Invalid of a source that is not told.
    """
    lock_portfolio()
    initiative = None if code is None else initiative_by_code(code, lock=True)
    ensure(may_describe(by, None if initiative is None else initiative.owner_id))
    if initiative is not None and initiative.status not in FINISHED:
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))
    _ensure_source(words)
    row = ConceptRow(created_at=now, updated_at=now, version=1, **_columns(words))
    row.initiative_id = None if initiative is None else initiative.id
    row.efforts = _rows(efforts)
    current_session().add(row)
    current_session().flush()  # the event names the concept
    record(ConceptCreated(concept=row.id, title=row.title, source=row.source, initiative=code), by=by.name, now=now)
    return row


def edit_concept(
    concept_id: int, words: Words, efforts: Sequence[Effort], *, version: int | None, by: Actor, now: datetime
) -> None:
    """Change what a concept says; Stale if it has changed since `version`. What says the same is not written."""
    lock_portfolio()
    row = queries.concept_row(concept_id, lock=True)
    ensure(may_describe(by, owner_of(row)))
    ensure_unchanged(version, row.version)
    _ensure_source(words)
    columns, before = _columns(words), queries.efforts_in(row.efforts)
    changes: dict[str, Json] = {
        name: [getattr(row, name), text] for name, text in columns.items() if getattr(row, name) != text
    }
    if tuple(efforts) != before:
        changes["efforts"] = [_as_json(before), _as_json(efforts)]
        row.efforts = []
        current_session().flush()  # the old positions must be free before the new ones take them
        row.efforts = _rows(efforts)
    if not changes:
        return
    for name, text in columns.items():
        setattr(row, name, text)
    row.version, row.updated_at = row.version + 1, now
    record(ConceptEdited(concept=row.id, title=row.title, changes=changes), by=by.name, now=now)


def owner_of(row: ConceptRow) -> int | None:
    """The id of whoever owns the initiative that a concept was made of; None where there is none."""
    found = [] if row.initiative_id is None else initiatives_by_id([row.initiative_id])
    return found[0].owner_id if found else None


def use_concept(concept_id: int, given: Mapping[str, Any], *, by: Actor, now: datetime) -> Initiative:
    """Store a proposal that was filled in from a concept, with the link to it; `given` as in `propose`."""
    lock_portfolio()
    initiative = propose(given, by=by, now=now)
    link_to_concept(initiative, concept_id, by=by, now=now)
    return initiative


def link_to_concept(initiative: Initiative, concept_id: int, *, by: Actor, now: datetime) -> None:
    """Keep that a new initiative was filled in from a concept; NotFound if there is none."""
    concept = queries.concept_row(concept_id)
    current_session().add(OriginRow(initiative_id=initiative.id, concept_id=concept_id))
    event = ConceptReused(initiative=initiative.code, concept=concept_id, title=concept.title)
    record(event, by=by.name, now=now)


def spread_pilot(code: str, given: Mapping[str, Any], *, by: Actor, now: datetime) -> Initiative:
    """Store a proposal that spreads the change of a pilot, with the link to it; `given` as in `propose`.

    NotAllowedNow while the pilot has not begun.
    """
    lock_portfolio()
    pilot = initiative_by_code(code)
    ensure_pilot(pilot, now)
    initiative = propose(given, by=by, now=now)
    current_session().add(OriginRow(initiative_id=initiative.id, pilot_id=pilot.id))
    record(PilotSpread(initiative=initiative.code, pilot=code), by=by.name, now=now)
    return initiative


def ensure_pilot(initiative: Initiative, now: datetime) -> None:
    """Refuse with NotAllowedNow to spread what has not begun, or was broken off."""
    status = status_of(initiative, now)
    if status not in PILOTS:
        raise NotAllowedNow(status, kinds_allowed(status))


def _ensure_source(words: Words) -> None:
    if words.source != Source.OWN and not words.source_name.strip():
        raise Invalid({"source_name": [WHOSE]})


def _columns(words: Words) -> dict[str, str]:
    columns = {one.name: getattr(words, one.name) for one in fields(words)}
    return columns | ({"source_name": ""} if words.source == Source.OWN else {})


def _rows(efforts: Sequence[Effort]) -> list[EffortRow]:
    return [EffortRow(position=position, **one._asdict()) for position, one in enumerate(efforts)]


def _as_json(efforts: Sequence[Effort]) -> list[Json]:
    return [dict(one._asdict()) for one in efforts]

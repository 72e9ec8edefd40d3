"""Write what is known of an assignment, and what is laid before the decision on it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from portfolio.assignments import queries
from portfolio.assignments.models import AssignmentRow, GroundworkRow
from portfolio.assignments.rules.clarity import QUESTIONS, answered
from portfolio.assignments.rules.groundwork import Groundwork, ensure_review
from portfolio.base.db import current_session
from portfolio.base.errors import ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.events.assignments import AssignmentClarified, GroundworkLaid
from portfolio.events.event import Json
from portfolio.initiatives.actions import editing
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure, may_edit

FROM_WHERE = ("assignment_source", "diarienummer")
"""The fields of an assignment that the initiative itself keeps."""

WRITTEN = ("paragraph", *QUESTIONS)


def clarify(
    code: str, given: Mapping[str, str | None], *, version: int | None = None, by: Actor, now: datetime
) -> None:
    """Say where an assignment comes from and what it says; `given` has the fields FROM_WHERE and WRITTEN."""
    initiative = _to_change(code, version, by)
    editing.edit(code, {name: given[name] for name in FROM_WHERE}, version=None, by=by, now=now)
    row = queries.assignment_row(initiative.id)
    if row is None:
        row = AssignmentRow(initiative_id=initiative.id, **dict.fromkeys(WRITTEN, ""))
    changes: dict[str, Json] = {}
    for name in WRITTEN:
        before, after = getattr(row, name), given[name] or ""
        if before != after:
            changes[name] = [before, after]
            setattr(row, name, after)
    if not changes:
        return
    current_session().add(row)
    initiative.clarity_answers = answered({question: getattr(row, question) for question in QUESTIONS})
    touch(initiative, now)
    event = AssignmentClarified(initiative=code, answered=initiative.clarity_answers, changes=changes)
    record(event, by=by.name, now=now)


def lay_groundwork(code: str, given: Groundwork, *, version: int | None = None, by: Actor, now: datetime) -> None:
    """Write what stands beside an initiative's plan; Invalid of a review that is not within eight weeks."""
    initiative = _to_change(code, version, by)
    before = queries.groundwork_of(initiative.id)
    ensure_review(given.review_on, before.review_on, today(now))
    was, becomes = asdict(before), asdict(given)
    changed = [name for name in becomes if was[name] != becomes[name]]
    if not changed:
        return
    row = queries.groundwork_row(initiative.id)
    if row is None:
        row = GroundworkRow(initiative_id=initiative.id)
        current_session().add(row)
    for name, value in becomes.items():
        setattr(row, name, value)
    touch(initiative, now)
    changes: dict[str, Json] = {name: [_as_json(was[name]), _as_json(becomes[name])] for name in changed}
    record(GroundworkLaid(initiative=code, changes=changes), by=by.name, now=now)


def _to_change(code: str, version: int | None, by: Actor) -> Initiative:
    """The initiative, locked, for whoever may change its texts; Stale if it has changed since `version`."""
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    ensure(may_edit(by, initiative.owner_id, initiative.proposer_id))
    ensure_unchanged(version, initiative.version)
    return initiative


def _as_json(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value

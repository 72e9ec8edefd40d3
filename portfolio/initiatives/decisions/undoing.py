"""Take a decision back while that may be done."""

import json
from collections.abc import Iterable
from datetime import datetime

from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions.exceptions import end_exception
from portfolio.capacity.actions.gate import pass_gate
from portfolio.events.decisions import DecisionUndone
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import rebind
from portfolio.initiatives.decisions.ending import forget_what_was_left_behind
from portfolio.initiatives.decisions.memory import restore
from portfolio.initiatives.decisions.rights import may_decide_on
from portfolio.initiatives.decisions.taking import Outcome
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries import decisions
from portfolio.initiatives.queries.plans import standing_plan_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import code_of, initiative_by_code
from portfolio.initiatives.rules.kinds import Kind, kinds_allowed
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.initiatives.rules.undoing import MINUTED, may_still_undo
from portfolio.people.rules import Actor, ensure


def undo(decision_id: int, *, left_at: int | None = None, by: Actor, now: datetime) -> Outcome:
    """Take a decision back within 30 seconds: what was is restored, through the gate where that adds load.

    NotAllowedNow later than that, once its initiative has changed, and (MINUTED) once completed minutes tell of it.
    Of several on one initiative that were taken at one time the latest goes first; `left_at` is the version that the
    initiative then got.
    """
    lock_portfolio()
    row = decisions.decision(decision_id)
    kind = Kind(row.kind)
    initiative = initiative_by_code(code_of(row.initiative_id), lock=True)
    if by.person_id is None or by.person_id != row.decided_by_id:  # whoever wrote it down may strike it out
        ensure(may_decide_on(initiative, kind, by))
    _ensure_still_open(row, initiative, left_at, now)
    restore(initiative, json.loads(row.before))
    forget_what_was_left_behind(row)
    if row.exception_id is not None:
        end_exception(row.exception_id, now)
    if initiative.status in COUNTING:
        pass_gate(standing_plan_of(initiative, now), now)
    row.undone_at = now
    touch(initiative, now)
    event = DecisionUndone(initiative=initiative.code, decision=row.id, kind=kind, status=initiative.status)
    conflicts = rebind(initiative, event, f"Beslut om {initiative.code} ångrades", by=by, now=now)
    return Outcome(row, initiative, conflicts)


def _ensure_still_open(row: DecisionRow, initiative: Initiative, left_at: int | None, now: datetime) -> None:
    if row.minuted:
        raise NotAllowedNow(MINUTED, kinds_allowed(status_of(initiative, now)))
    expected = row.version_after if left_at is None else left_at
    changed_since = initiative.version != expected or row.undone_at is not None
    if changed_since or not may_still_undo(row.decided_at, now):
        raise NotAllowedNow(initiative.status, kinds_allowed(status_of(initiative, now)))


def let_stand(rows: Iterable[DecisionRow]) -> None:
    """Keep decisions from being taken back from now on: completed minutes tell of them."""
    for row in rows:
        row.minuted = True

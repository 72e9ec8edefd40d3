"""Propose an initiative, and store one with its plan."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.initiatives import InitiativeProposed
from portfolio.initiatives.actions.fields import TEXTS, aim_at, ensure_done, refold
from portfolio.initiatives.actions.plans import set_phases
from portfolio.initiatives.actions.triage import keep_triage, suggestion_for
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.order import last_rank
from portfolio.initiatives.queries.stored import code_exists
from portfolio.initiatives.rules.statuses import OPEN, Status
from portfolio.initiatives.rules.triage import TriageAnswers
from portfolio.outbox.actions import record
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import AIM_FIELDS, AimNames, Aims, aims_changed

LONGEST_NUMBER = 5
"""Digits: a longer number in a code that somebody sends is a name of their own, and does not move ours."""


def propose(fields: Mapping[str, Any], *, by: Actor, now: datetime) -> Initiative:
    """Store a proposal. `fields` are those of the API: only `title` must be there.

    `owner` and `delegate` are each a Person or None, `triage` TriageAnswers where they have been asked for: Invalid
    of an everyday improvement, which needs no decision. The code is the next free one unless it is sent; the place in
    the order of priority is the last.
    """
    ensure_may(by, May.PROPOSE)
    status = Status(fields.get("status", Status.PROPOSED))
    answers: TriageAnswers | None = fields.get("triage")
    suggested = None if answers is None else suggestion_for(answers)
    initiative = new_initiative(fields, status, now)
    initiative.proposer_id = by.person_id
    record(
        InitiativeProposed(initiative=initiative.code, title=initiative.title, status=status),
        by=by.name,
        now=now,
    )
    if answers is not None and suggested is not None:
        keep_triage(initiative, answers, suggested, "", by, now)
    return initiative


def new_initiative(fields: Mapping[str, Any], status: Status, now: datetime) -> Initiative:
    """Store an initiative with its plan in any status; what it holds is bound by the caller."""
    row = lock_portfolio()
    ensure_done(fields, now)
    sent = fields.get("code")
    if sent is not None and code_exists(sent):
        raise Invalid({"code": ["Beteckningen används redan. Välj en annan."]})
    initiative = Initiative(status=status, created_at=now, updated_at=now, version=1, phases=[])
    initiative.code = sent or _next_code(row.next_number)
    row.next_number = max(row.next_number, _number_in(initiative.code) + 1)
    for name in TEXTS:
        if fields.get(name) is not None:
            setattr(initiative, name, fields[name])
    initiative.start_week = fields.get("start_week")
    owner: Person | None = fields.get("owner")
    initiative.owner_id = None if owner is None else owner.id
    delegate: Person | None = fields.get("delegate")
    initiative.delegate_id = None if delegate is None else delegate.id
    set_phases(initiative, fields.get("phases") or ())
    initiative.rank = last_rank() + 1 if status in OPEN else None
    refold(initiative)
    current_session().add(initiative)
    current_session().flush()  # the caller needs the id
    if AIM_FIELDS & set(fields):
        card = scorecard()
        aim_at(initiative, aims_changed(Aims(), AimNames(), fields, card, now))
    return initiative


def _next_code(number: int) -> str:
    codes = (f"FI-{candidate:03d}" for candidate in count(number))
    return next(code for code in codes if not code_exists(code))


def _number_in(code: str) -> int:
    """The number of a code that continues our own numbering; 0 for every other."""
    digits = code.removeprefix("FI-")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER else 0

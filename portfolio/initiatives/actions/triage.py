"""Sort initiatives as simple, regular or complex."""

from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.initiatives import InitiativeTriaged
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.models import Initiative, TriageRow
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.queries.triage import triage_of
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import OPEN, UNDECIDED, Status
from portfolio.initiatives.rules.triage import GO_AHEAD, TriageAnswers, TriageClass, suggested_class
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, may, may_edit


def triage(
    code: str,
    answers: TriageAnswers,
    *,
    chosen: TriageClass | None = None,
    reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> TriageClass:
    """Sort an open initiative: by what the answers suggest, or with a `reason` as the `chosen` class. Its class.

    Whoever may change a proposal answers for it. Another class than the suggested one, and anything once the
    initiative has been decided, is for those who prepare the decisions: nobody says for oneself that something is
    simple enough to be decided alone.
    """
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    suggested = suggestion_for(answers)
    ensure(_may_triage(initiative, chosen is not None and chosen != suggested, by))
    ensure_unchanged(version, initiative.version)
    if initiative.status not in OPEN:
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))
    keep_triage(initiative, answers, chosen or suggested, reason.strip(), by, now)
    return chosen or suggested


def _may_triage(initiative: Initiative, otherwise: bool, by: Actor) -> bool:
    if may(by, May.PREPARE):
        return True
    mine = may_edit(by, initiative.owner_id, initiative.proposer_id)
    return mine and not otherwise and initiative.status in UNDECIDED


def suggestion_for(answers: TriageAnswers) -> TriageClass:
    """The class that the answers suggest; Invalid of an everyday improvement, which needs no decision."""
    suggested = suggested_class(answers)
    if suggested is None:
        raise Invalid({"everyday": [GO_AHEAD]})
    return suggested


def keep_triage(
    initiative: Initiative, answers: TriageAnswers, triage_class: TriageClass, reason: str, by: Actor, now: datetime
) -> None:
    """Write how an initiative was sorted. Invalid without a reason where the class is not the suggested one."""
    suggested, before = suggestion_for(answers), initiative.triage_class
    if triage_class == suggested:
        reason = ""
    elif not reason:
        raise Invalid({"reason": ["Skriv varför det är en annan sort än svaren säger."]})
    row = triage_of(initiative.id)
    if row is None:
        row = TriageRow(initiative_id=initiative.id)
        current_session().add(row)
    elif before == triage_class and (_answers_in(row), row.reason) == (answers, reason):
        return
    row.one_department, row.known_way = answers.one_department, answers.known_way
    row.needed, row.reason = answers.needed, reason
    initiative.triage_class = triage_class
    touch(initiative, now)
    event = InitiativeTriaged(
        initiative=initiative.code,
        before=before,
        triage_class=triage_class,
        suggested=suggested,
        needed=answers.needed,
        reason=reason,
    )
    record(event, by=by.name, now=now)


def _answers_in(row: TriageRow) -> TriageAnswers:
    return TriageAnswers(False, row.one_department, row.known_way, row.needed)

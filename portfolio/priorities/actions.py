"""Assess an initiative, and order the open proposals for oneself. Moves in the group's order are decisions."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.event import Json
from portfolio.events.priorities import InitiativeAssessed, PrioritiesRanked
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import OPEN
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, ensure_may, may_edit
from portfolio.priorities import queries
from portfolio.priorities.models import AssessmentRow, ChangedAnswer, DrawnSpread, OwnPlace
from portfolio.priorities.rules.assessment import Assessment, changes_between
from portfolio.priorities.rules.spread import Spread, is_drawn_anew, spreads_of
from portfolio.units import queries as units

NOBODY = "Ledningsgruppen"
"""Who the log says has ranked: never which member."""


def assess(code: str, given: Assessment, *, version: int | None, by: Actor, now: datetime) -> bool:
    """Say what an open initiative gives and asks; whether that changed anything.

    By whoever may change its texts (NotPermitted). Refused as Stale if the initiative has changed since `version`.
    Invalid of a cost that no unit finances.
    """
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    ensure(may_edit(by, initiative.owner_id, initiative.proposer_id))
    ensure_unchanged(version, initiative.version)
    status = status_of(initiative, now)
    if status not in OPEN:
        raise NotAllowedNow(status, kinds_allowed(status))
    _ensure_funded(given)
    changes = changes_between(queries.assessment_of(initiative.id), given)
    if not changes:
        return False
    _store(initiative.id, given)
    touch(initiative, now)
    record(InitiativeAssessed(initiative=code, changes=cast(dict[str, Json], changes)), by=by.name, now=now)
    return True


def _ensure_funded(given: Assessment) -> None:
    if given.is_unfunded or (given.funded_by is not None and given.funded_by not in units.ids_by_code()):
        raise Invalid({"funded_by": ["Välj vem som finansierar kostnaden."]})


def _store(initiative_id: int, given: Assessment) -> None:
    row = queries.assessment_row(initiative_id)
    if row is None:
        row = AssessmentRow(initiative_id=initiative_id)
        current_session().add(row)
    for name, value in asdict(given).items():
        if name != "funded_by":
            setattr(row, name, value)
    row.funded_by_id = None if given.funded_by is None else units.unit_by_code(given.funded_by).id


def rank(codes: Sequence[str], *, by: Actor, now: datetime) -> None:
    """Keep a member's own order of the open proposals in the place of the one before.

    What is no longer an open proposal is left out. Nobody else is ever told of it: see `rules/spread`.
    """
    person_id = _member(by)
    lock_portfolio()
    proposals = {one.code: one.id for one in queries.open_proposals()}
    order = [proposals[code] for code in dict.fromkeys(codes) if code in proposals]
    if not order:
        raise Invalid({"_order": ["Det finns inga förslag att ordna längre. Läs in sidan igen."]})
    if order != queries.own_order(person_id):
        _replace(person_id, order)
        _changed(person_id, list(proposals.values()), now)


def withdraw(*, by: Actor, now: datetime) -> None:
    """Take one's own order back. A picture that was drawn with it stands until it is drawn anew without it."""
    person_id = _member(by)
    lock_portfolio()
    if queries.own_order(person_id):
        _replace(person_id, [])
        _changed(person_id, [one.id for one in queries.open_proposals()], now)


def _member(by: Actor) -> int:
    """Whose answer it is; a token and a command are nobody's."""
    ensure_may(by, May.RANK)
    if by.person_id is None:
        raise NotPermitted
    return by.person_id


def _replace(person_id: int, order: Sequence[int]) -> None:
    session = current_session()
    session.execute(delete(OwnPlace).where(OwnPlace.person_id == person_id))
    places = enumerate(order, start=1)
    session.add_all([OwnPlace(person_id=person_id, initiative_id=one, place=place) for place, one in places])
    session.flush()  # the picture is drawn from what is stored


def _changed(person_id: int, open_ids: Sequence[int], now: datetime) -> None:
    session = current_session()
    if session.get(ChangedAnswer, person_id) is None:
        session.add(ChangedAnswer(person_id=person_id))
        session.flush()  # it counts among those who have changed
    _draw(open_ids)
    record(PrioritiesRanked(), by=NOBODY, now=now)


def _draw(open_ids: Sequence[int]) -> None:
    """Draw the picture of all answers anew, if it may be."""
    answers, is_drawn = list(queries.answers(open_ids)), bool(queries.drawn_spreads(open_ids))
    if is_drawn_anew(answers=len(answers), changed=queries.number_changed(), is_drawn=is_drawn):
        session = current_session()
        session.execute(delete(DrawnSpread))
        session.execute(delete(ChangedAnswer))
        session.add_all([_row(key, spread) for key, spread in spreads_of(answers).items()])


def _row(initiative_id: int, spread: Spread) -> DrawnSpread:
    return DrawnSpread(initiative_id=initiative_id, **spread._asdict())

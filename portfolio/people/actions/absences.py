"""When somebody is away, and who gets their letters meanwhile."""

from datetime import date, datetime
from typing import cast

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.events.people import PersonEdited
from portfolio.outbox.actions import record
from portfolio.people import queries
from portfolio.people.actions.persons import ensure_self
from portfolio.people.models import Absence, Person
from portfolio.people.rules import Actor, May, may


def add_absence(
    person_id: int, first: date, last: date, substitute_id: int | None, *, by: Actor, now: datetime
) -> Absence:
    """A person is away from the first day to the last; a substitute, if there is one, gets their letters meanwhile.

    Invalid if the days are in the wrong order or over, or if the substitute may not read what the letters tell of.
    """
    ensure_self(person_id, by)
    lock_portfolio()
    one = queries.active_person(person_id)
    errors = {}
    if last < first:
        errors["last_day"] = ["Sista dagen ligger före första dagen."]
    elif last < today(now):
        errors["last_day"] = ["De dagarna har redan varit."]
    if substitute_id is not None and not _may_stand_in(substitute_id, person_id):
        errors["substitute"] = ["Välj någon annan. Ersättaren måste få läsa förslag."]
    if errors:
        raise Invalid(errors)
    row = Absence(person_id=person_id, first_day=first, last_day=last, substitute_id=substitute_id)
    current_session().add(row)
    _note_absence(one, by, now)
    return row


def _may_stand_in(substitute_id: int, person_id: int) -> bool:
    found = current_session().get(Person, substitute_id)
    able = found is not None and found.active and found.id != person_id
    return able and may(queries.actor_of(cast(Person, found)), May.READ)


def remove_absence(absence_id: int, *, by: Actor, now: datetime) -> None:
    """A person is not away after all, or has come back earlier. NotFound if it is not theirs."""
    lock_portfolio()
    row = current_session().get(Absence, absence_id)
    if row is None or row.person_id != by.person_id:
        raise NotFound
    one = queries.active_person(row.person_id)
    current_session().delete(row)
    _note_absence(one, by, now)


def _note_absence(one: Person, by: Actor, now: datetime) -> None:
    """The log is for ever: it keeps that an absence changed, not when somebody was away."""
    record(PersonEdited(person=one.function, changes={"absence": [None, None]}), by=by.name, now=now)

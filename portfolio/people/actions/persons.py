"""Who there is, and what they may do."""

from datetime import datetime
from typing import TypedDict

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotPermitted, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.text import alphabetical
from portfolio.events.event import Json
from portfolio.events.people import PersonAdded, PersonDeactivated, PersonEdited
from portfolio.outbox.actions import record
from portfolio.people import queries
from portfolio.people.actions.invitations import end_invitations
from portfolio.people.actions.sessions import end_sessions
from portfolio.people.models import Person
from portfolio.people.rules import Actor, LetterRhythm, May, Role, ensure_may


class PersonChanges(TypedDict, total=False):
    """What may be changed of a person; what is absent stays as it is. `unit` is a code."""

    function: str
    email: str | None
    role: Role
    unit: str | None
    max_owned: int | None


def add_person(
    *, function: str, role: Role, by: Actor, now: datetime, email: str | None = None, unit: str | None = None
) -> Person:
    """Somebody with a function is let into the portfolio; they still need an invitation to sign in.

    `unit` is a code. Refused with Invalid if the function is held, the address is taken or there is no such unit.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()  # two at once must not both find the function free
    one = Person(function=function, email=_address(email), role=role, unit_id=_unit_id(unit))
    _ensure_free(one)
    current_session().add(one)
    current_session().flush()  # gives the id that the caller invites
    record(PersonAdded(person=function, role=role, unit=unit), by=by.name, now=now)
    return one


def edit_person(person_id: int, changes: PersonChanges, *, version: int, by: Actor, now: datetime) -> Person:
    """Change a person. A change of `max_owned` moves a limit: reconcile the conflicts in the same transaction.

    Somebody else's new address may be a new holder of the function: whoever had it is signed out, and neither their
    password nor their link opens it any longer. Stale if somebody else has changed the person since `version`.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()
    one = queries.active_person(person_id)
    if one.id == by.person_id and changes.get("role", one.role) != one.role:
        raise Invalid({"role": ["Du kan inte ändra din egen roll. Be någon annan göra det."]})
    before = _facts(one)
    _apply(one, changes)
    _ensure_free(one)
    ensure_unchanged(version, one.version)
    after = _facts(one)
    changed: dict[str, Json] = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if "email" in changed:
        if one.id != by.person_id:
            _lock_out(one)
        changed["email"] = [None, None]  # the log is for ever: it keeps that the address changed, not the address
    if changed:
        one.version += 1
        record(PersonEdited(person=one.function, changes=changed), by=by.name, now=now)
    return one


def place(person_id: int, unit: str, *, by: Actor, now: datetime) -> None:
    """A person's unit has become another: they follow. Whether that may be is asked of the change of the unit."""
    one = current_session().get_one(Person, person_id)
    before = _facts(one)["unit"]
    if one.active and before != unit:
        one.unit_id = _unit_id(unit)
        one.version += 1
        record(PersonEdited(person=one.function, changes={"unit": [before, unit]}), by=by.name, now=now)


def deactivate(person_id: int, *, by: Actor, now: datetime) -> Person:
    """The person may no longer sign in: sessions and invitations end, address and password are forgotten."""
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()
    one = queries.active_person(person_id)
    if one.id == by.person_id:
        raise Invalid({"_form": ["Du kan inte ta bort dig själv. Be någon annan göra det."]})
    one.active, one.email = False, None
    one.version += 1
    _lock_out(one)
    record(PersonDeactivated(person=one.function), by=by.name, now=now)
    return one


def set_letter_rhythm(person_id: int, rhythm: LetterRhythm, *, by: Actor, now: datetime) -> bool:
    """Choose how often a person gets the veckobrev; whether that changed anything."""
    ensure_self(person_id, by)
    lock_portfolio()
    one = queries.active_person(person_id)
    before = one.letter_rhythm
    if before == rhythm:
        return False
    one.letter_rhythm = rhythm
    record(PersonEdited(person=one.function, changes={"letter_rhythm": [before, rhythm]}), by=by.name, now=now)
    return True


def ensure_self(person_id: int, by: Actor) -> None:
    """Refuse with NotPermitted what somebody may do only for themselves."""
    if by.person_id != person_id:
        raise NotPermitted


def _address(email: str | None) -> str | None:
    return email.strip().lower() if email else None


def _unit_id(code: str | None) -> int | None:
    if code is None:
        return None
    found = next((unit_id for unit_id, known in queries.unit_codes().items() if known == code), None)
    if found is None:
        raise Invalid({"unit": [f"Det finns ingen enhet med koden {code}."]})
    return found


def _ensure_free(one: Person) -> None:
    """A function has one holder, and an address one person."""
    with current_session().no_autoflush:  # what is not stored yet may be refused
        others = [other for other in queries.persons(active_only=True) if other is not one]
        addressee = queries.person_by_email(one.email or "")
    taken: dict[str, list[str]] = {}
    if alphabetical(one.function) in {alphabetical(other.function) for other in others}:
        taken["function"] = [f"Funktionen {one.function} har redan någon. Ändra eller ta bort den personen först."]
    if addressee is not None and addressee is not one:
        taken["email"] = [f"E-postadressen {one.email} används redan av {addressee.function}."]
    if taken:
        raise Invalid(taken)


def _facts(one: Person) -> dict[str, Json]:
    unit = None if one.unit_id is None else queries.unit_codes()[one.unit_id]
    facts: dict[str, Json] = {"function": one.function, "email": one.email, "role": one.role, "unit": unit}
    return facts | {"max_owned": one.max_owned}


def _apply(one: Person, changes: PersonChanges) -> None:
    if "function" in changes:
        one.function = changes["function"]
    if "email" in changes:
        _move(one, _address(changes["email"]))
    if "role" in changes:
        one.role = changes["role"]
    if "unit" in changes:
        one.unit_id = _unit_id(changes["unit"])
    if "max_owned" in changes:
        one.max_owned = changes["max_owned"]


def _lock_out(one: Person) -> None:
    """Whoever could sign in as this person no longer can."""
    one.password_hash = None
    end_sessions(one.id)
    end_invitations(one.id)


def _move(one: Person, address: str | None) -> None:
    """A new address is a good one until a mail server refuses it."""
    if address != one.email:
        one.email, one.bounced_at = address, None

"""Who there is, who is signed in, and whose token it is."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, column, exists, select, table

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.once import read_once
from portfolio.base.text import alphabetical
from portfolio.people.models import Absence, ApiToken, IdempotentCall, Invitation, Person, SignIn
from portfolio.people.rules import Actor, Role, hash_of

IDLE = timedelta(hours=8)
"""A session that nobody has used for so long is over."""
LONGEST = timedelta(hours=20)
"""A session is over after so long, however much it is used; no shorter, since it cannot be prolonged (WCAG 2.2.1)."""

# Units lie above persons in the house, so only the three columns that tell a person's unit are named here.
UNITS = table("unit", column("id"), column("code"), column("name"))


def person(person_id: int) -> Person:
    """A person; NotFound if there is none."""
    found = current_session().get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def active_person(person_id: int) -> Person:
    """A person who may sign in; NotFound if there is none, or no longer."""
    one = person(person_id)
    if not one.active:
        raise NotFound
    return one


def persons(*, active_only: bool = False) -> Sequence[Person]:
    """Everybody, the active first, by function in Swedish order."""
    everybody = _everybody()
    return [one for one in everybody if one.active] if active_only else everybody


_EVERYBODY = select(Person)


@read_once(Person)
def _everybody() -> Sequence[Person]:
    return sorted(current_session().scalars(_EVERYBODY).all(), key=_place)


class Holder(NamedTuple):
    """A person as pages name them: who holds a function, in which role and unit."""

    id: int
    function: str
    role: str
    unit_id: int | None
    active: bool


def holders(*, active_only: bool = False) -> Sequence[Holder]:
    """Everybody in the order of `persons`, as plain rows: page after page names them, and they are many."""
    everybody = _all_holders()
    return [one for one in everybody if one.active] if active_only else everybody


_HOLDERS = select(*(getattr(Person, name) for name in Holder._fields))


@read_once(Person)
def _all_holders() -> Sequence[Holder]:
    return sorted(map(Holder._make, current_session().execute(_HOLDERS)), key=_place)


def _place(one: Person | Holder) -> tuple[bool, str, int]:
    return not one.active, alphabetical(one.function), one.id


def absences_of(person_id: int, since: date) -> Sequence[Absence]:
    """A person's absences that are not over by a day, in their order."""
    wanted = select(Absence).where(Absence.person_id == person_id, Absence.last_day >= since)
    return current_session().scalars(wanted.order_by(Absence.first_day, Absence.id)).all()


def is_empty() -> bool:
    """Whether no person has been added yet."""
    return not current_session().scalar(select(exists().select_from(Person)))


def find_person(text: str) -> Person | None:
    """The active person with this function or e-mail address, capitals aside; None if there is none."""
    return person_by_email(text) if "@" in text else holder_of(text)


def holder_of(function: str) -> Person | None:
    """Who holds a function now."""
    wanted = alphabetical(function)
    return next((one for one in persons(active_only=True) if alphabetical(one.function) == wanted), None)


def person_by_email(email: str) -> Person | None:
    """The active person with this e-mail address."""
    wanted = select(Person).where(Person.active, Person.email == email.strip().lower())
    return current_session().scalar(wanted)


def functions() -> dict[int, str]:
    """The function of everybody, active or not, by id."""
    found = current_session().execute(select(Person.id, Person.function))
    return {person_id: function for person_id, function in found}


def actor_of(one: Person | Holder) -> Actor:
    """The person as the one who acts."""
    return Actor(one.function, Role(one.role), one.id, one.unit_id)


def unit_codes() -> dict[int, str]:
    """The code of every unit, by id."""
    found = current_session().execute(select(UNITS.c.id, UNITS.c.code))
    return {unit_id: code for unit_id, code in found}


def unit_choices() -> list[tuple[str, str]]:
    """Every unit's code and name, by name in Swedish order."""
    found = current_session().execute(select(UNITS.c.code, UNITS.c.name)).all()
    return sorted(((code, name) for code, name in found), key=lambda unit: alphabetical(unit[1]))


_SESSION = (
    select(SignIn, Person)
    .join(Person, Person.id == SignIn.person_id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.seen_at > bindparam("seen_after"),
        SignIn.started_at > bindparam("started_after"),
        Person.active,
    )
)
"""Composed once: every page asks it."""


def session_of(token: str, now: datetime) -> tuple[SignIn, Person] | None:
    """The session that a cookie's token opens, and whose it is; None if it is over. `now` is real time."""
    given = {"token_hash": hash_of(token), "seen_after": now - IDLE, "started_after": now - LONGEST}
    found = current_session().execute(_SESSION, given).one_or_none()
    return None if found is None else (found[0], found[1])


def seconds_left(session: SignIn, now: datetime) -> int:
    """How long a session lasts if nobody does anything more. `now` is real time."""
    ends_at = min(session.seen_at + IDLE, session.started_at + LONGEST)
    return int((ends_at - now).total_seconds())


def open_invitation(token: str, now: datetime) -> tuple[Invitation, Person] | None:
    """The invitation of a one-time link, and to whom; None if it is used, too old or never was. Real time."""
    wanted = (
        select(Invitation, Person)
        .join(Person, Person.id == Invitation.person_id)
        .where(
            Invitation.token_hash == hash_of(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.active,
        )
    )
    found = current_session().execute(wanted).one_or_none()
    return None if found is None else (found[0], found[1])


def tokens() -> Sequence[ApiToken]:
    """Every API token, also the revoked ones, by name."""
    return sorted(current_session().scalars(select(ApiToken)), key=lambda one: alphabetical(one.name))


def token_named(name: str) -> ApiToken | None:
    """The API token with this name."""
    return current_session().scalar(select(ApiToken).where(ApiToken.name == name))


def good_token(given: str) -> ApiToken | None:
    """The API token that a caller sent; None if there is none such, or it is revoked."""
    wanted = select(ApiToken).where(ApiToken.token_hash == hash_of(given), ApiToken.revoked_at.is_(None))
    return current_session().scalar(wanted)


def call_with(token_id: int, key: str) -> IdempotentCall | None:
    """The answer that a token's call with this Idempotency-Key was given."""
    return current_session().get(IdempotentCall, (token_id, key))

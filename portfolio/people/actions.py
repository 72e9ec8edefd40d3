"""Change who there is, what they may do and who is signed in.

`now` is the product's time in everything that is recorded, and the machine's (`real_now`) in what has to do
with sessions, invitations and attempts to sign in: no demo calendar may lengthen those.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, cast

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotFound, NotPermitted, Stale, TooManyAttempts
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.text import alphabetical
from portfolio.base.time import today
from portfolio.events.event import Json
from portfolio.events.people import PersonAdded, PersonDeactivated, PersonEdited, TokenCreated, TokenRevoked
from portfolio.outbox.actions import record
from portfolio.people import queries
from portfolio.people.models import Absence, ApiToken, FailedSignIn, IdempotentCall, Invitation, Person, SignIn
from portfolio.people.rules import Actor, LetterRhythm, May, Role, ensure_may, hash_of, may, new_token

INVITATION_HOLDS = timedelta(days=7)
ANSWERS_KEPT = timedelta(days=7)
"""For how long a call with an Idempotency-Key can be sent again without a second effect."""
MOST_PER_ACCOUNT = 10
"""Failed attempts to sign in to one account in an hour."""
MOST_PER_ADDRESS = 20
"""Failed attempts to sign in from one address in an hour."""

_INSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""Both can add or count up in one statement, each in its own dialect."""


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

    Stale if somebody else has changed the person since `version`.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()
    one = _active(person_id)
    if one.id == by.person_id and changes.get("role", one.role) != one.role:
        raise Invalid({"role": ["Du kan inte ändra din egen roll. Be någon annan göra det."]})
    before = _facts(one)
    _apply(one, changes)
    _ensure_free(one)
    if one.version != version:
        raise Stale(one.version)
    after = _facts(one)
    changed: dict[str, Json] = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if "email" in changed:
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
    one = _active(person_id)
    if one.id == by.person_id:
        raise Invalid({"_form": ["Du kan inte ta bort dig själv. Be någon annan göra det."]})
    one.active, one.email, one.password_hash = False, None, None
    one.version += 1
    _end_sessions(person_id)
    _end_invitations(person_id)
    record(PersonDeactivated(person=one.function), by=by.name, now=now)
    return one


def set_letter_rhythm(person_id: int, rhythm: LetterRhythm, *, by: Actor, now: datetime) -> bool:
    """Choose how often a person gets the veckobrev; whether that changed anything."""
    _ensure_self(person_id, by)
    lock_portfolio()
    one = _active(person_id)
    before = one.letter_rhythm
    if before == rhythm:
        return False
    one.letter_rhythm = rhythm
    record(PersonEdited(person=one.function, changes={"letter_rhythm": [before, rhythm]}), by=by.name, now=now)
    return True


def add_absence(
    person_id: int, first: date, last: date, substitute_id: int | None, *, by: Actor, now: datetime
) -> Absence:
    """A person is away from the first day to the last; a substitute, if there is one, gets their letters meanwhile.

    Invalid if the days are in the wrong order or over, or if the substitute may not read what the letters tell of.
    """
    _ensure_self(person_id, by)
    lock_portfolio()
    one = _active(person_id)
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
    one = _active(row.person_id)
    current_session().delete(row)
    _note_absence(one, by, now)


def _note_absence(one: Person, by: Actor, now: datetime) -> None:
    """The log is for ever: it keeps that an absence changed, not when somebody was away."""
    record(PersonEdited(person=one.function, changes={"absence": [None, None]}), by=by.name, now=now)


def _ensure_self(person_id: int, by: Actor) -> None:
    if by.person_id != person_id:
        raise NotPermitted


def invite(person_id: int, *, by: Actor, real_now: datetime) -> str:
    """A one-time link's token, with which the person chooses a password within seven days.

    An earlier invitation is over. The token is shown once; only its hash is stored.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    one = _active(person_id)
    if one.email is None:
        raise Invalid({"email": ["Ange en e-postadress först. Den behövs för att logga in."]})
    _end_invitations(person_id)
    token = new_token()
    expires_at = real_now + INVITATION_HOLDS
    current_session().add(Invitation(person_id=person_id, token_hash=hash_of(token), expires_at=expires_at))
    return token


def choose_password(token: str, password_hash: str, *, real_now: datetime) -> Person:
    """The invited person has chosen a password: the link is used up, older sessions end. NotFound if it is over."""
    found = queries.open_invitation(token, real_now)
    if found is None:
        raise NotFound
    invitation, one = found
    used = update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
    if current_session().execute(used.values(used_at=real_now)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    one.password_hash = password_hash
    _end_sessions(one.id)
    return one


def count_attempt(email: str, address: str, *, real_now: datetime) -> None:
    """Count an attempt to sign in before its password is looked at; TooManyAttempts when the hour's are used up.

    Counting first, and in one statement, lets no number of guesses at the same moment past the limit.
    """
    for key, most in _counters(email, address):
        if _count_up(key, _hour(real_now)) > most:
            raise TooManyAttempts


def sign_in(person_id: int, *, real_now: datetime) -> str:
    """Open a session; the token for the cookie. NotFound if the person has been deactivated meanwhile."""
    _active(person_id)
    token = new_token()
    current_session().add(
        SignIn(person_id=person_id, token_hash=hash_of(token), started_at=real_now, seen_at=real_now)
    )
    return token


def sign_in_with_password(
    person_id: int, email: str, address: str, *, new_hash: str | None, real_now: datetime
) -> str:
    """Open a session after the right password: the attempt was no failure. `new_hash` replaces an outdated hash."""
    for key, _ in _counters(email, address):
        counted = update(FailedSignIn).where(FailedSignIn.key == key, FailedSignIn.hour == _hour(real_now))
        current_session().execute(counted.values(count=FailedSignIn.count - 1))
    current_session().execute(delete(FailedSignIn).where(FailedSignIn.hour < _hour(real_now)))
    current_session().execute(delete(SignIn).where(SignIn.started_at < real_now - queries.LONGEST))
    if new_hash is not None:
        _active(person_id).password_hash = new_hash
    return sign_in(person_id, real_now=real_now)


def sign_out(token: str) -> None:
    """End the session that a cookie's token opens, if there is one."""
    current_session().execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def note_seen(token: str, *, real_now: datetime) -> None:
    """The session is in use."""
    seen = update(SignIn).where(SignIn.token_hash == hash_of(token))
    current_session().execute(seen.values(seen_at=real_now))


def create_token(name: str, role: Role, *, by: Actor, now: datetime) -> str:
    """A bearer token for the API, shown once; only its hash is stored. A name is used once, also after revoking."""
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()
    if queries.token_named(name) is not None:
        raise Invalid({"name": [f"Det finns redan en token som heter {name}. Välj ett annat namn."]})
    token = new_token()
    current_session().add(ApiToken(name=name, role=role, prefix=token[:8], token_hash=hash_of(token), created_at=now))
    record(TokenCreated(token=name, role=role), by=by.name, now=now)
    return token


def revoke_token(name: str, *, by: Actor, now: datetime) -> None:
    """Whoever calls with this token is refused from now on. NotFound if no such token is in use."""
    ensure_may(by, May.MANAGE_PEOPLE)
    lock_portfolio()
    token = queries.token_named(name)
    if token is None or token.revoked_at is not None:
        raise NotFound
    token.revoked_at = now
    record(TokenRevoked(token=name), by=by.name, now=now)


def keep_answer(
    token_id: int,
    key: str,
    request_hash: str,
    *,
    status: int,
    body: str,
    headers: Mapping[str, str],
    real_now: datetime,
) -> None:
    """Keep the answer to a write together with the write, and let go of the token's old ones."""
    old = delete(IdempotentCall).where(
        IdempotentCall.token_id == token_id, IdempotentCall.created_at < real_now - ANSWERS_KEPT
    )
    current_session().execute(old)
    kept = IdempotentCall(token_id=token_id, key=key, request_hash=request_hash, status=status, body=body)
    kept.headers, kept.created_at = json.dumps(dict(headers)), real_now
    current_session().add(kept)


def _active(person_id: int) -> Person:
    one = queries.person(person_id)
    if not one.active:
        raise NotFound
    return one


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


def _move(one: Person, address: str | None) -> None:
    """A new address is a good one until a mail server refuses it."""
    if address != one.email:
        one.email, one.bounced_at = address, None


def _end_sessions(person_id: int) -> None:
    current_session().execute(delete(SignIn).where(SignIn.person_id == person_id))


def _end_invitations(person_id: int) -> None:
    current_session().execute(
        delete(Invitation).where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
    )


def _counters(email: str, address: str) -> list[tuple[str, int]]:
    """The keys to count under and how many each bears; of the account only a hash, known or not."""
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    return [(f"account:{account}", MOST_PER_ACCOUNT), (f"address:{address}", MOST_PER_ADDRESS)]


def _count_up(key: str, hour: datetime) -> int:
    insert = _INSERTS[current_session().get_bind().dialect.name]
    first = insert(FailedSignIn).values(key=key, hour=hour, count=1)
    counted = first.on_conflict_do_update(
        index_elements=[FailedSignIn.key, FailedSignIn.hour], set_={"count": FailedSignIn.count + 1}
    )
    count: int = current_session().execute(counted.returning(FailedSignIn.count)).scalar_one()
    return count


def _hour(real_now: datetime) -> datetime:
    return real_now.replace(minute=0, second=0, microsecond=0)

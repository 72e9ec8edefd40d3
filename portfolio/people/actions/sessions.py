"""Who is signed in, and how often somebody has tried."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from portfolio.base.db import current_session
from portfolio.base.errors import TooManyAttempts
from portfolio.people import queries
from portfolio.people.models import FailedSignIn, SignIn
from portfolio.people.rules import hash_of, new_token

MOST_PER_ACCOUNT = 10
"""Failed attempts to sign in to one account in an hour."""
MOST_PER_ADDRESS = 20
"""Failed attempts to sign in from one address in an hour."""

_INSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""Both can add or count up in one statement, each in its own dialect."""


def count_attempt(email: str, address: str, *, real_now: datetime) -> None:
    """Count an attempt to sign in before its password is looked at; TooManyAttempts when the hour's are used up.

    Counting first, and in one statement, lets no number of guesses at the same moment past the limit.
    """
    for key, most in _counters(email, address):
        if _count_up(key, _hour(real_now)) > most:
            raise TooManyAttempts


def sign_in(person_id: int, *, real_now: datetime) -> str:
    """Open a session; the token for the cookie. NotFound if the person has been deactivated meanwhile."""
    queries.active_person(person_id)
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
        queries.active_person(person_id).password_hash = new_hash
    return sign_in(person_id, real_now=real_now)


def sign_out(token: str) -> None:
    """End the session that a cookie's token opens, if there is one."""
    current_session().execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def note_seen(token: str, *, real_now: datetime) -> None:
    """The session is in use."""
    seen = update(SignIn).where(SignIn.token_hash == hash_of(token))
    current_session().execute(seen.values(seen_at=real_now))


def end_sessions(person_id: int) -> None:
    """Sign a person out everywhere."""
    current_session().execute(delete(SignIn).where(SignIn.person_id == person_id))


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

"""Invite somebody to choose a password."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotFound
from portfolio.people import queries
from portfolio.people.actions.sessions import end_sessions
from portfolio.people.models import Invitation, Person
from portfolio.people.rules import Actor, May, ensure_may, hash_of, new_token

INVITATION_HOLDS = timedelta(days=7)


def invite(person_id: int, *, by: Actor, real_now: datetime) -> str:
    """A one-time link's token, with which the person chooses a password within seven days.

    An earlier invitation is over. The token is shown once; only its hash is stored.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    one = queries.active_person(person_id)
    if one.email is None:
        raise Invalid({"email": ["Ange en e-postadress först. Den behövs för att logga in."]})
    end_invitations(person_id)
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
    end_sessions(one.id)
    return one


def end_invitations(person_id: int) -> None:
    """No link that a person has been sent opens anything any more."""
    current_session().execute(
        delete(Invitation).where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
    )

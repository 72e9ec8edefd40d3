"""The tokens by which other systems call, and the answers that they may ask for again."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.people import TokenCreated, TokenRevoked
from portfolio.outbox.actions import record
from portfolio.people import queries
from portfolio.people.models import ApiToken, IdempotentCall
from portfolio.people.rules import Actor, May, Role, ensure_may, hash_of, new_token

ANSWERS_KEPT = timedelta(days=7)
"""For how long a call with an Idempotency-Key can be sent again without a second effect."""


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

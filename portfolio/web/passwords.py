"""Passwords are kept as Argon2 hashes. A check takes about 0.2 s: make it outside every transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portfolio.web.clock import settings

_CAREFUL = PasswordHasher()
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to keep."""
    return _hasher().hash(password)


def is_password(kept: str | None, given: str) -> bool:
    """Whether a password is the one that was chosen. Takes as long where none has been."""
    try:
        return _hasher().verify(kept or _nobodys(_hasher()), given) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher().check_needs_rehash(kept)


def _hasher() -> PasswordHasher:
    return _CHEAP if settings().testing else _CAREFUL


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has chosen this password")

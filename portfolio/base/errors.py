"""The states of the world that stop an action. Each is worded for people in a template, once."""

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """Something that a person asked for and that cannot be done now; nothing has been changed."""


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it."""


class NotPermitted(Refusal):
    """The person's role does not allow it."""


class Invalid(Refusal):
    """What was sent is wrong: `{field: [messages in Swedish]}`, `_form` for the whole."""

    def __init__(self, errors: Mapping[str, Sequence[str]]):
        """Keep the messages by field."""
        super().__init__(dict(errors))
        self.errors = {name: list(messages) for name, messages in errors.items()}


class Unreadable(Refusal):
    """What was sent to the API is not JSON as it should be; `problem` says in Swedish what is wrong with it."""

    def __init__(self, problem: str):
        """Keep the sentence."""
        super().__init__(problem)
        self.problem = problem


class VersionMissing(Refusal):
    """A change was sent without the version that it was made from."""


class Stale(Refusal):
    """Somebody else has changed the thing since it was read."""

    def __init__(self, current: int):
        """Keep the version that holds now."""
        super().__init__(current)
        self.current = current


def ensure_unchanged(version: int | None, current: int) -> None:
    """Stale unless what was read is what holds now; None did not say which version it was read in."""
    if version is not None and version != current:
        raise Stale(current)


class NotAllowedNow(Refusal):
    """The status does not allow this step; `allowed` are the kinds of decision that it does allow."""

    def __init__(self, status: str, allowed: Sequence[str] = ()):
        """Keep the status and what it allows."""
        super().__init__(status, list(allowed))
        self.status, self.allowed = status, list(allowed)


class NotReady(Refusal):
    """The initiative lacks something that must be there; `missing` names each thing."""

    def __init__(self, missing: Sequence[str]):
        """Keep what is missing."""
        super().__init__(list(missing))
        self.missing = list(missing)


class OverCapacity(Refusal):
    """The gate refuses a plan. `plan` is what was asked for; `body` is the answer of a try, in JSON values.

    The body is made after the rollback, outside the lock, by the edge that catches it.
    """

    def __init__(self, plan: object, body: Mapping[str, object] | None = None):
        """Keep the plan and, once it is known, the answer."""
        super().__init__(plan)
        self.plan, self.body = plan, body


class StorageFull(Refusal):
    """The database has no room left; nothing has been written."""


class Busy(Refusal):
    """The lock was not to be had in time; nothing has been written, and a retry will do."""


class NotSignedIn(Refusal):
    """Nobody is signed in, or the session or the token is no longer good."""


class TooManyAttempts(Refusal):
    """Somebody failed to sign in too many times this hour."""

"""Who may sign in, and the tokens of other systems."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutPerson(Event):
    """The base of events about one person, told by function."""

    person: str

    @property
    def subject(self) -> str:
        """The person."""
        return f"person/{self.person}"


@dataclass(frozen=True, kw_only=True)
class PersonAdded(AboutPerson):
    """A person may sign in, with this role and unit."""

    name = "person.added"
    role: str
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class PersonEdited(AboutPerson):
    """A person changed: `changes` is {field: [before, after]}."""

    name = "person.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(AboutPerson):
    """A person may no longer sign in; every session of theirs is over."""

    name = "person.deactivated"


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Event):
    """An API token was made; the token itself is stored nowhere."""

    name = "token.created"
    token: str
    role: str

    @property
    def subject(self) -> str:
        """The token, by name."""
        return f"token/{self.token}"


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """An API token was revoked."""

    name = "token.revoked"
    token: str

    @property
    def subject(self) -> str:
        """The token, by name."""
        return f"token/{self.token}"

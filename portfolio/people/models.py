"""Persons by function, their sessions and invitations, and API tokens. No names, no personal numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base, UTCDateTime


class Person(Base):
    """Somebody with a function in the municipality. A function is held by one active person at a time."""

    __tablename__ = "person"
    __table_args__ = (
        Index(
            "uq_person_active_function",
            "function",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    function: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    max_owned: Mapped[int | None]
    """How many counting initiatives the person may own at a time; None takes the municipality's default."""
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    letter_rhythm: Mapped[str] = mapped_column(String(12), default="weekly")
    """How often the person wants the veckobrev: `weekly`, `fortnightly` or `never`."""
    bounced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the mail server refused the address for good; None again once the address is changed."""
    version: Mapped[int] = mapped_column(default=1)


class Absence(Base):
    """Days, first and last included, on which a person is away, and who stands in for them."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Invitation(Base):
    """A one-time link to choose a password. Only the hash of its token is stored."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignIn(Base):
    """A session in a browser. The cookie holds a random token, this row its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FailedSignIn(Base):
    """How many times somebody failed to sign in, per account or address and hour."""

    __tablename__ = "failed_sign_in"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    count: Mapped[int]


class ApiToken(Base):
    """A bearer token of the JSON API. Only its hash is stored; `prefix` helps people to tell them apart."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    prefix: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IdempotentCall(Base):
    """The answer that was given to a write with an Idempotency-Key, to be given again."""

    __tablename__ = "idempotent_call"

    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str]
    headers: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

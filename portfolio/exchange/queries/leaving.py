"""The portfolio on its way out: whole tables for other systems, and what is handed out on request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Select, Table, select

from portfolio.base.db import Base, IsoWeek, current_session
from portfolio.base.time import today
from portfolio.base.weeks import Week, format_week
from portfolio.capacity import queries as capacity
from portfolio.exchange.models import ImportBatch, ImportedRow
from portfolio.exchange.writing.values import Json, to_json
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.decisions import decisions_of
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import end_week_of
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.statuses import STATUS_WORDS, UNDECIDED, Status
from portfolio.people.models import ApiToken, FailedSignIn, IdempotentCall, Invitation, Person, SignIn
from portfolio.priorities.models import ChangedAnswer, OwnPlace
from portfolio.receivers.models import FeltLoadRow

KEPT_IN = tuple(
    model.__table__
    for model in (
        ApiToken,
        ChangedAnswer,
        FailedSignIn,
        FeltLoadRow,
        IdempotentCall,
        ImportBatch,
        ImportedRow,
        Invitation,
        OwnPlace,
        SignIn,
    )
)
"""Tables that never leave: sessions, tokens, other people's files, and what members and chefs each answered."""
KEPT_COLUMNS = (Person.__table__.c.password_hash,)


@dataclass(frozen=True, slots=True)
class Exported:
    """One table on its way out: its name and columns, and its rows as they are asked for."""

    table: Table
    shown: Sequence[Column[Any]]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.shown]

    def rows(self) -> Iterator[list[Json]]:
        """Every row, weeks as 2026-W48 and times as ISO."""
        weeks = [isinstance(column.type, IsoWeek) for column in self.shown]
        wanted = select(*self.shown).order_by(*self.table.primary_key).execution_options(yield_per=500)
        for row in current_session().execute(wanted):
            yield [_written(value, is_week) for value, is_week in zip(row, weeks, strict=True)]


def exported_tables() -> Iterator[Exported]:
    """Every table that may leave, those that others refer to first."""
    for table in Base.metadata.sorted_tables:
        if table not in KEPT_IN:
            yield Exported(table, [column for column in table.columns if column not in KEPT_COLUMNS])


def _written(value: Any, is_week: bool) -> Json:
    return format_week(value) if is_week and value is not None else to_json(value)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An initiative that is handed out, with the decisions on it."""

    initiative: Initiative
    status: str
    owner: str
    start_week: Week | None
    end_week: Week | None
    decisions: Sequence[DecisionRow]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is handed out, and what is held back until someone has tried its secrecy.

    What is still being prepared is no public document yet.
    """

    initiatives: Sequence[Disclosed]
    held_back: Sequence[Initiative]


def disclosure(
    first: date | None, last: date | None, *, code: str | None = None, diarienummer: str | None = None
) -> Disclosure:
    """The initiatives of a code or a diarienummer, or those decided on in a period, with their decisions."""
    calendar = capacity.calendar()
    found = current_session().scalars(_wanted(first, last, code, diarienummer)).all()
    handed_out = [
        Disclosed(
            one,
            STATUS_WORDS[Status(one.status)],
            function_of(one.owner_id) or one.owner_text,
            one.start_week,
            end_week_of(one, calendar),
            [row for row in decisions_of(one.id) if _is_within(row, first, last)],
        )
        for one in found
        if one.status not in UNDECIDED
    ]
    return Disclosure(handed_out, [one for one in found if one.status in UNDECIDED])


def _wanted(first: date | None, last: date | None, code: str | None, diarienummer: str | None) -> Select[Initiative]:
    wanted = select(Initiative).options(WITH_PLAN).order_by(Initiative.id)
    if code is not None:
        wanted = wanted.where(Initiative.code == code)
    if diarienummer is not None:
        wanted = wanted.where(Initiative.diarienummer == diarienummer)
    if first is not None or last is not None:
        decided = current_session().scalars(select(DecisionRow))
        wanted = wanted.where(
            Initiative.id.in_({row.initiative_id for row in decided if _is_within(row, first, last)})
        )
    return wanted


def _is_within(row: DecisionRow, first: date | None, last: date | None) -> bool:
    day = today(row.decided_at)
    return (first is None or first <= day) and (last is None or day <= last)

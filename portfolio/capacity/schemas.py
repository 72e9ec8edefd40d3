"""The shapes of the API's calls about units, limits, standstills, owners' limits and conflicts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import fields, validate, validates_schema

from portfolio.base.time import STOCKHOLM
from portfolio.base.weeks import format_week
from portfolio.capacity.models import ConflictRow
from portfolio.people.models import Person
from portfolio.people.rules import Role
from portfolio.people.schemas import Email
from portfolio.units.models import LoweredLimitRow, StandstillRow, UnitRow
from portfolio.units.rules import UnitKind
from portfolio.web.fields import Choice, Form, Text
from portfolio.web.strict import (
    CODE_PATTERN,
    IsoDate,
    IsoWeek,
    Number,
    PeriodWeek,
    TrueOrFalse,
    View,
    Words,
    refuse_lacking_week,
)

Json = dict[str, object]

MOST_POINTS = 10_000
MOST_PARALLEL = 1_000
MOST_EMPLOYED = 1_000_000
CODE_LENGTH = 20
REASON_LENGTH = 200
CODE_MESSAGE = "Skriv beteckningen med stora bokstäver och siffror, till exempel BUF."


class UnitCode(Words):
    """A unit's code."""

    def __init__(self, **options: Any):
        """Short, upper case."""
        super().__init__(longest=CODE_LENGTH, **options)
        self.validators = [*self.validators, validate.Regexp(CODE_PATTERN, error=CODE_MESSAGE)]


class UnitChanges(Form):
    """What may be changed of a unit: what is absent stays as it is, null clears."""

    name = Words(120)
    kind = Choice(tuple(UnitKind))
    parent = Text(CODE_LENGTH, allow_none=True)
    limit = Number(0, MOST_POINTS, allow_none=True)
    max_parallel = Number(0, MOST_PARALLEL, allow_none=True)
    limits_confirmed = TrueOrFalse()
    headcount = Number(0, MOST_EMPLOYED, allow_none=True)
    valid_from = IsoDate(allow_none=True)
    valid_to = IsoDate(allow_none=True)


class NewUnit(UnitChanges):
    """A unit to add."""

    code = UnitCode(required=True)
    name = Words(120, required=True)
    kind = Choice(tuple(UnitKind), required=True)


class UnitView(View):
    """A unit. `limit` and `max_parallel` null is "Inget tak satt"; `parent` the code of the unit above."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    parent = fields.String(allow_none=True)
    limit = fields.Integer(allow_none=True)
    max_parallel = fields.Integer(allow_none=True)
    limits_confirmed = fields.Boolean()
    headcount = fields.Integer(allow_none=True)
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    version = fields.Integer()


def unit_view(row: UnitRow, codes: Mapping[int, str]) -> Json:
    """A unit as UnitView has it; `codes` is {id: code} of every unit."""
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "parent": None if row.parent_id is None else codes[row.parent_id],
        "limit": row.limit,
        "max_parallel": row.max_parallel,
        "limits_confirmed": row.limits_confirmed,
        "headcount": row.headcount,
        "valid_from": None if row.valid_from is None else row.valid_from.isoformat(),
        "valid_to": None if row.valid_to is None else row.valid_to.isoformat(),
        "version": row.version,
    }


class NewPeriod(Form):
    """Weeks, both inclusive; `yearly` means the same week numbers every year, 53 being the last of a short one."""

    from_week = PeriodWeek(required=True)
    to_week = PeriodWeek(required=True)
    yearly = TrueOrFalse(load_default=False)
    reason = Text(REASON_LENGTH, load_default="")

    @validates_schema(pass_original=True)
    def _weeks_exist(self, data: dict[str, Any], sent: dict[str, Any], **_: object) -> None:
        if not data["yearly"]:
            refuse_lacking_week(sent, "from_week", "to_week")


class NewStandstill(NewPeriod):
    """A standstill to add."""


class StandstillView(View):
    """Weeks in which nothing runs in the whole municipality (uppehåll)."""

    id = fields.Integer()
    from_week = IsoWeek()
    to_week = IsoWeek()
    yearly = fields.Boolean()
    reason = fields.String()


def standstill_view(row: StandstillRow | LoweredLimitRow) -> Json:
    """A standstill as StandstillView has it."""
    return {
        "id": row.id,
        "from_week": format_week(row.from_week),
        "to_week": format_week(row.to_week),
        "yearly": row.yearly,
        "reason": row.reason,
    }


class NewLoweredLimit(NewPeriod):
    """A lowered limit to add; `limit`, `max_parallel` or both."""

    limit = Number(0, MOST_POINTS, allow_none=True, load_default=None)
    max_parallel = Number(0, MOST_PARALLEL, allow_none=True, load_default=None)


class LoweredLimitView(StandstillView):
    """A unit's limit lowered for some weeks (sänkt tak)."""

    limit = fields.Integer(allow_none=True)
    max_parallel = fields.Integer(allow_none=True)


def lowered_limit_view(row: LoweredLimitRow) -> Json:
    """A lowered limit as LoweredLimitView has it."""
    return standstill_view(row) | {"limit": row.limit, "max_parallel": row.max_parallel}


class ConflictView(View):
    """A cell over its limit without an exception. `unit` is null and `person` an id for an owner's limit.

    `cause` is the kind of event that pushed the cell over, `cause_text` tells it in Swedish.
    """

    id = fields.Integer()
    unit = fields.String(allow_none=True)
    person = fields.Integer(allow_none=True)
    week = IsoWeek()
    measure = fields.String(validate=validate.OneOf(("load", "parallel", "owner")))
    value = fields.Integer()
    limit = fields.Integer()
    cause = fields.String()
    cause_text = fields.String()
    since = fields.DateTime()
    agenda_item = fields.Integer(allow_none=True)


def conflict_view(row: ConflictRow, codes: Mapping[int, str]) -> Json:
    """An open conflict as ConflictView has it; `codes` is {id: code} of every unit."""
    return {
        "id": row.id,
        "unit": None if row.unit_id is None else codes[row.unit_id],
        "person": row.person_id,
        "week": format_week(row.week),
        "measure": row.measure,
        "value": row.value,
        "limit": row.limit,
        "cause": row.cause,
        "cause_text": row.cause_text,
        "since": moment(row.since),
        "agenda_item": None,
    }


def moment(time: datetime) -> str:
    """A time in RFC 3339 with the offset of Swedish time."""
    return time.astimezone(STOCKHOLM).isoformat(timespec="seconds")


class PersonChanges(Form):
    """What may be changed of a person: what is absent stays as it is; max_owned null takes the default."""

    function = Words(120)
    email = Email(allow_none=True)
    role = Choice(tuple(Role))
    unit = Text(CODE_LENGTH, allow_none=True)
    max_owned = Number(0, MOST_PARALLEL, allow_none=True)


class PersonView(View):
    """Somebody with a function. `max_owned` is how many counting initiatives they may own at a time.

    `max_owned_is_default` tells that it is the municipality's figure and not their own. `email` is null to
    those who do not manage persons.
    """

    id = fields.Integer()
    function = fields.String()
    email = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    role = fields.String()
    max_owned = fields.Integer()
    max_owned_is_default = fields.Boolean()
    active = fields.Boolean()
    version = fields.Integer()


def person_view(row: Person, codes: Mapping[int, str], default: int, *, with_email: bool) -> Json:
    """A person as PersonView has it; `default` is how many anyone may own who has no figure of their own."""
    return {
        "id": row.id,
        "function": row.function,
        "email": row.email if with_email else None,
        "unit": None if row.unit_id is None else codes[row.unit_id],
        "role": row.role,
        "max_owned": default if row.max_owned is None else row.max_owned,
        "max_owned_is_default": row.max_owned is None,
        "active": row.active,
        "version": row.version,
    }

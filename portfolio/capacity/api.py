"""The API's calls about units, limits, standstills, persons' limits and conflicts.

Persons are here because a lower `max_owned` settles conflicts, which the noun people knows nothing of.
"""

from collections.abc import Mapping
from typing import Any

from portfolio.base.errors import Invalid
from portfolio.base.portfolio import the_portfolio
from portfolio.capacity import queries
from portfolio.capacity.actions import calendar, settings, tree
from portfolio.capacity.schemas import (
    ConflictView,
    LoweredLimitView,
    NewLoweredLimit,
    NewStandstill,
    NewUnit,
    PersonChanges,
    PersonView,
    StandstillView,
    UnitChanges,
    UnitView,
    conflict_view,
    lowered_limit_view,
    person_view,
    standstill_view,
    unit_view,
)
from portfolio.people import queries as people
from portfolio.people.access import me
from portfolio.people.models import Person
from portfolio.people.rules import May, Role, ensure, may, may_restore_limit, may_set_limits
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import LoweredLimitRow, UnitRow
from portfolio.web.calls import Answer, Calls, Paging, Sent, page_of
from portfolio.web.clock import now

calls = Calls("capacity")

UNIT = "/units/<code:code>"
LOWERED = UNIT + "/lowered-limits"
LOWERED_LIMIT = LOWERED + "/<number:lowered_id>"
STANDSTILL = "/standstills/<number:standstill_id>"
PERSON = "/persons/<number:person_id>"
SET_LIMITS = (May.SET_ALL_LIMITS, May.SET_OWN_LIMITS)


@calls.get("/units", May.READ_DECIDED, query=Paging, gives=UnitView, listed=True)
def list_units(sent: Sent) -> Answer:
    """Every unit."""
    codes = units.codes_by_id()
    return page_of(units.all_units(), sent.query, lambda row: unit_view(row, codes))


@calls.post("/units", May.SHAPE_UNITS, takes=NewUnit, gives=UnitView)
def add_unit(sent: Sent) -> Answer:
    """Add a unit."""
    row = tree.add_unit(dict(sent.body), by=me(), now=now())
    return _unit(row, location=f"/units/{row.code}")


def _there(_raw: object, code: str) -> UnitRow:
    return units.unit_by_code(code)


@calls.get(UNIT, May.READ_DECIDED, find=_there, gives=UnitView)
def show_unit(_: Sent, code: str) -> Answer:
    """One unit."""
    return _unit(units.unit_by_code(code))


def _mine_to_change(raw: Mapping[str, Any], code: str) -> None:
    tree.ensure_may_edit(units.unit_by_code(code), raw, me())


@calls.patch(UNIT, May.SHAPE_UNITS, *SET_LIMITS, find=_mine_to_change, takes=UnitChanges, gives=UnitView)
def change_unit(sent: Sent, code: str) -> Answer:
    """Change a unit's facts, place or limits.

    Lowering a limit and moving a unit are always allowed; see GET /conflicts for what now collides.
    """
    fields = dict(sent.body)
    unit_rows.ensure_changeable(units.unit_by_code(code), fields)
    tree.edit_unit(code, fields, version=sent.version, by=me(), now=now())
    return _unit(units.unit_by_code(code))


def _unit(row: UnitRow, location: str | None = None) -> Answer:
    return Answer(unit_view(row, units.codes_by_id()), row.version, location)


@calls.get(LOWERED, May.READ_DECIDED, find=_there, query=Paging, gives=LoweredLimitView, listed=True)
def list_lowered_limits(sent: Sent, code: str) -> Answer:
    """A unit's lowered limits."""
    rows = units.lowered_limits(units.unit_by_code(code).id)
    return page_of(rows, sent.query, lowered_limit_view)


def _mine_to_limit(_raw: object, code: str) -> None:
    ensure(may_set_limits(me(), units.ids_above(units.unit_by_code(code).id)))


@calls.post(LOWERED, *SET_LIMITS, find=_mine_to_limit, takes=NewLoweredLimit, gives=LoweredLimitView)
def lower_limit(sent: Sent, code: str) -> Answer:
    """Lower a unit's limit for some weeks: always allowed."""
    row, _ = calendar.lower_limit(code, **sent.body, by=me(), now=now())
    return Answer(lowered_limit_view(row), location=f"/units/{code}/lowered-limits/{row.id}")


def _mine_to_restore(_raw: object, code: str, lowered_id: int) -> None:
    unit = units.unit_by_code(code)
    ensure(may_restore_limit(me(), units.ids_above(unit.id), confirmed=unit.limits_confirmed))
    units.lowered_limit(unit.id, lowered_id)


def _lowered_limit_there(_raw: object, code: str, lowered_id: int) -> LoweredLimitRow:
    return units.lowered_limit(units.unit_by_code(code).id, lowered_id)


@calls.get(LOWERED_LIMIT, May.READ_DECIDED, find=_lowered_limit_there, gives=LoweredLimitView)
def show_lowered_limit(_: Sent, code: str, lowered_id: int) -> Answer:
    """One lowered limit."""
    return Answer(lowered_limit_view(_lowered_limit_there(None, code, lowered_id)))


@calls.delete(LOWERED_LIMIT, *SET_LIMITS, find=_mine_to_restore)
def restore_limit(_: Sent, code: str, lowered_id: int) -> Answer:
    """Remove a lowered limit."""
    calendar.restore_limit(code, lowered_id, by=me(), now=now())
    return Answer()


@calls.get("/standstills", May.READ_DECIDED, query=Paging, gives=StandstillView, listed=True)
def list_standstills(sent: Sent) -> Answer:
    """The weeks in which nothing runs."""
    return page_of(units.standstills(), sent.query, standstill_view)


@calls.post("/standstills", May.SET_CALENDAR, takes=NewStandstill, gives=StandstillView)
def add_standstill(sent: Sent) -> Answer:
    """Add a standstill: always allowed; every plan that runs through it is laid out anew."""
    row = calendar.add_standstill(**sent.body, by=me(), now=now()).row
    return Answer(standstill_view(row), location=f"/standstills/{row.id}")


def _standstill_there(_raw: object, standstill_id: int) -> object:
    return units.standstill(standstill_id)


@calls.get(STANDSTILL, May.READ_DECIDED, find=_standstill_there, gives=StandstillView)
def show_standstill(_: Sent, standstill_id: int) -> Answer:
    """One standstill."""
    return Answer(standstill_view(units.standstill(standstill_id)))


@calls.delete(STANDSTILL, May.SET_CALENDAR, find=_standstill_there)
def remove_standstill(_: Sent, standstill_id: int) -> Answer:
    """Remove a standstill: always allowed; the plans are laid out anew."""
    calendar.remove_standstill(standstill_id, by=me(), now=now())
    return Answer()


@calls.get("/persons", May.READ, query=Paging, gives=PersonView, listed=True)
def list_persons(sent: Sent) -> Answer:
    """Everybody with a function, also those who no longer are active."""
    codes, default, with_email = units.codes_by_id(), the_portfolio().max_owned, may(me(), May.MANAGE_PEOPLE)
    return page_of(people.persons(), sent.query, lambda row: person_view(row, codes, default, with_email=with_email))


def _person_there(_raw: object, person_id: int) -> Person:
    return people.person(person_id)


@calls.get(PERSON, May.READ, find=_person_there, gives=PersonView)
def show_person(_: Sent, person_id: int) -> Answer:
    """One person."""
    return _person(people.person(person_id))


@calls.patch(PERSON, May.MANAGE_PEOPLE, find=_person_there, takes=PersonChanges, gives=PersonView)
def change_person(sent: Sent, person_id: int) -> Answer:
    """Change a person. Fewer initiatives that they may own at a time is always allowed."""
    changes: Any = dict(sent.body)
    if "role" in changes:
        changes["role"] = Role(changes["role"])
    _ensure_unit(changes.get("unit"))
    held = people.person(person_id).version if sent.version is None else sent.version
    person, _ = settings.edit_person(person_id, changes, version=held, by=me(), now=now())
    return _person(person)


def _ensure_unit(code: str | None) -> None:
    if code is not None and code not in units.ids_by_code():
        raise Invalid({"unit": [f"Enheten {code} finns inte."]})


def _person(row: Person) -> Answer:
    with_email = may(me(), May.MANAGE_PEOPLE)
    return Answer(
        person_view(row, units.codes_by_id(), the_portfolio().max_owned, with_email=with_email), row.version
    )


@calls.get("/conflicts", May.READ, query=Paging, gives=ConflictView, listed=True)
def list_conflicts(sent: Sent) -> Answer:
    """The cells over a confirmed limit without an exception, from the current week on, each with its cause."""
    codes = units.codes_by_id()
    rows = queries.conflicts_after(sent.query["cursor"], sent.query["limit"] + 1, now())
    return page_of(rows, sent.query, lambda row: conflict_view(row, codes))

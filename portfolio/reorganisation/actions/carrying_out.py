"""Bring names, places and persons in step when the week of a change has come."""

from datetime import datetime, timedelta

from portfolio.base.db import current_session
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.weeks import monday
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.events.reorganisation import ReorganisationCarriedOut
from portfolio.people.actions.persons import place
from portfolio.people.rules import Actor
from portfolio.reorganisation import queries
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import ReorganisationRow, UnitRow


def carry_out(reorganisation_id: int, *, by: Actor, now: datetime) -> None:
    """The week has come: bring names, places and persons in step. Nothing happens the second time."""
    lock_portfolio()
    row = units.reorganisation(reorganisation_id)
    if row.done_at is None and row.undone_at is None:
        carry_out_now(row, by, now)


def carry_out_now(row: ReorganisationRow, by: Actor, now: datetime) -> None:
    """Bring names, places and persons in step, under the lock, of a change that has not been carried out."""
    codes = units.codes_by_id()
    for change in queries.changes_of(row.id):
        unit = current_session().get_one(UnitRow, change.unit_id)
        match change.what:
            case "rename":
                unit_rows.edit_unit(unit, {"name": change.name}, by=by, now=now)
            case "move":
                parent = None if change.other_id is None else codes[change.other_id]
                unit_rows.edit_unit(unit, {"parent": parent}, by=by, now=now)
            case "succeed":
                last_day = monday(row.from_week) - timedelta(days=1)
                unit_rows.edit_unit(unit, {"valid_to": last_day}, by=by, now=now)
            case _:
                place(change.person_id or 0, unit.code, by=by, now=now)
    _bring_the_rest(row, by, now)
    row.done_at = now
    event = ReorganisationCarriedOut(reorganisation=row.id, told=row.told)
    record_and_settle(event, row.told, by=by, now=now)


def _bring_the_rest(row: ReorganisationRow, by: Actor, now: datetime) -> None:
    """Whoever still works in a unit that is gone, and what still lies below it, goes to the first in its place.

    What that one lies below itself comes to the top: below it there would be a circle, and the map shows none of it.
    """
    codes = units.codes_by_id()
    heirs: dict[int, str] = {}
    for change in queries.changes_of(row.id):
        if change.what == "succeed" and change.other_id is not None:
            heirs.setdefault(change.unit_id, codes[change.other_id])
    for person in queries.persons_in(heirs):
        place(person.id, heirs[person.unit_id or 0], by=by, now=now)
    for unit in units.all_units():
        if unit.parent_id in heirs:
            heir = heirs[unit.parent_id]
            parent = None if unit.id in units.ids_above(units.ids_by_code()[heir]) else heir
            unit_rows.edit_unit(unit, {"parent": parent}, by=by, now=now)

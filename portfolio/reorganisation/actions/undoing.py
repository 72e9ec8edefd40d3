"""Take back a change whose week has not come."""

from collections import defaultdict
from datetime import datetime, timedelta

from portfolio.base.db import current_session
from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import monday
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.models import ConflictRow
from portfolio.events.reorganisation import ReorganisationUndone
from portfolio.people.actions.persons import place
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.reorganisation import queries
from portfolio.reorganisation.actions.leading import lead_on
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import ReorganisationRow, UnitRow


def undo(reorganisation_id: int, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Take back a change whose week has not come; NotAllowedNow once it has. The new conflicts that follow."""
    ensure_may(by, May.SHAPE_UNITS)
    lock_portfolio()
    row = units.reorganisation(reorganisation_id)
    if not queries.is_ahead(row, this_week(now)):
        raise NotAllowedNow(row.kind)
    row.undone_at = now
    _lead_back(row, by, now)
    event = ReorganisationUndone(reorganisation=row.id, told=row.told)
    return record_and_settle(event, f"Ångrat: {row.told}", by=by, now=now)


def _lead_back(row: ReorganisationRow, by: Actor, now: datetime) -> None:
    """What lies on the units that never come goes to those in whose place they were to stand, persons included."""
    codes, before = units.codes_by_id(), defaultdict(list)
    for change in queries.changes_of(row.id):
        if change.what == "succeed" and change.other_id is not None:
            before[change.other_id].append(change.unit_id)
    to = {codes[new]: [codes[old] for old in olds] for new, olds in before.items()}
    ids = list(before)
    lead_on({one.code: to for one in queries.open_on(ids)}, ids, row, by, now)
    for person in queries.persons_in(ids):
        place(person.id, codes[before[person.unit_id or 0][0]], by=by, now=now)
    for unit_id in ids:
        unit = current_session().get_one(UnitRow, unit_id)
        never = monday(row.from_week) - timedelta(days=1)
        unit_rows.edit_unit(unit, {"valid_from": monday(row.from_week), "valid_to": never}, by=by, now=now)

"""Rate impacts that nobody has rated."""

from collections.abc import Mapping
from datetime import datetime

from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.models import ConflictRow
from portfolio.events.initiatives import ImpactRated
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import record_change
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.people.rules import Actor, May, ensure, may, may_acknowledge
from portfolio.units import queries as units


def rate_impacts(ratings: Mapping[str, Mapping[str, int]], *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Rate impacts that nobody has rated: `{initiative: {unit: 0 to 3}}`, 0 takes the impact away.

    That is the truth coming to light, not a decision: it is never refused, and what it pushes over its limit
    becomes an open conflict. Impacts that are rated already are left alone.
    """
    lock_portfolio()
    opened: list[ConflictRow] = []
    for code, by_unit in ratings.items():
        initiative = initiative_by_code(code, lock=True)
        rated = {unit: level for unit, level in by_unit.items() if _rate(initiative, unit, level, by)}
        if rated:
            touch(initiative, now)
            event = ImpactRated(initiative=code, impacts=dict(rated))
            opened += record_change(initiative, event, f"Påverkan av {code} bedömdes", by, now)
    return opened


def _rate(initiative: Initiative, unit: str, level: int, by: Actor) -> bool:
    unit_id = units.unit_by_code(unit).id
    ensure(may(by, May.EDIT_ALL) or may_acknowledge(by, units.ids_above(unit_id)))
    found = False
    for phase in initiative.phases:
        for row in [row for row in phase.impacts if row.unit_id == unit_id and row.impact is None]:
            found = True
            if level:
                row.impact = level
            else:
                phase.impacts.remove(row)
    return found

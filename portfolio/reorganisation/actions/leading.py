"""Put the impacts of initiatives on the units that stand in the place of others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.weeks import format_week
from portfolio.capacity.actions import claims
from portfolio.events.event import Json
from portfolio.events.reorganisation import InitiativeFollowedUnit
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.plans import set_phases
from portfolio.initiatives.queries.plans import phases_of, plan_of
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor
from portfolio.reorganisation import queries
from portfolio.reorganisation.rules import led_on
from portfolio.units.models import ReorganisationRow


def lead_on(
    leading: Mapping[str, Mapping[str, Iterable[str]]],
    unit_ids: Sequence[int],
    row: ReorganisationRow,
    by: Actor,
    now: datetime,
) -> None:
    """Put the impacts of open initiatives on other units: `{initiative: {unit: the units in its place}}`."""
    followed = [one for one in queries.open_on(unit_ids) if one.code in leading]
    for one in followed:
        to = {unit: list(codes) for unit, codes in leading[one.code].items()}
        set_phases(one, [replace(phase, impacts=led_on(phase.impacts, to)) for phase in phases_of(one)])
        touch(one, now)
        heirs: dict[str, Json] = {unit: [*codes] for unit, codes in to.items()}
        event = InitiativeFollowedUnit(initiative=one.code, from_week=format_week(row.from_week), units=heirs)
        record(event, by=by.name, now=now)
    current_session().flush()  # the claims are written past the session
    claims.bind_all({one.id: plan_of(one, now) for one in followed if one.status in COUNTING})

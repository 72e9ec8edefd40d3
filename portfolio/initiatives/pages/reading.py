"""What every page about initiatives reads first: who may see what, and what things are called."""

from collections.abc import Iterable
from dataclasses import replace

from portfolio.base.errors import NotFound
from portfolio.base.time import this_week
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code, titles_of
from portfolio.initiatives.rules.statuses import Status
from portfolio.people import queries as people
from portfolio.people.rules import Actor, May, may
from portfolio.units import queries as units
from portfolio.units.rules import UnitKind

DECIDED_UPON = (
    Status.DECIDED,
    Status.ONGOING,
    Status.PAUSED,
    Status.FOLLOW_UP,
    Status.CLOSED,
    Status.CANCELLED,
)
"""What everybody may read. Proposals, and those that came to nothing, are for those who prepare and decide."""


def statuses_seen_by(by: Actor) -> tuple[Status, ...]:
    """The statuses whose initiatives this person may read."""
    return tuple(Status) if may(by, May.READ) else DECIDED_UPON


def seen_by(by: Actor, code: str) -> Initiative:
    """The initiative with its plan; NotFound if there is none that this person may know of."""
    initiative = initiative_by_code(code)
    if initiative.status not in statuses_seen_by(by):
        raise NotFound
    return initiative


def names_when_done(initiative: Initiative) -> Names:
    """The names of one that is finished: its units are called what they were called when it was last written to."""
    return replace(names([initiative.code]), units=units.names_in(this_week(initiative.updated_at)))


def names(codes: Iterable[str] = ()) -> Names:
    """The names of every unit and function, and the titles of these initiatives."""
    every = units.all_units()
    return Names(
        {unit.code: unit.name for unit in every},
        titles_of(list(codes)),
        {person.id: person.function for person in people.holders()},
        {unit.code for unit in every if unit.kind == UnitKind.FORVALTNING},
    )

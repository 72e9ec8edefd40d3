"""Who takes which decision."""

from collections.abc import Sequence

from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import places_of, units_touched
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.triage import is_own_and_simple
from portfolio.people.rules import Actor, May, ensure_may, may
from portfolio.units import queries as units

PREPARING = frozenset({Kind.PREPARE, Kind.RETURN, Kind.NOTE})
"""The kinds that prepare the group's work, which the coordinator may take too."""

IN_LINE = frozenset(Kind) - {Kind.REFER, Kind.RERANK}
"""What a förvaltningschef decides alone of what is simple and stays in the own unit: nothing that is for others."""


def ensure_may_decide(kind: Kind, by: Actor) -> None:
    """Refuse with NotPermitted a kind of decision that is not the actor's to take on any initiative."""
    prepares, in_line = kind in PREPARING, kind in IN_LINE
    ensure_may(by, May.DECIDE, *([May.PREPARE] if prepares else []), *([May.DECIDE_SIMPLE] if in_line else []))


def may_decide_on(initiative: Initiative, kind: Kind, by: Actor, phases: Sequence[Phase] = ()) -> bool:
    """Whether the actor may take a kind of decision on this initiative, with these phases in the place of its own.

    A förvaltningschef decides alone on what is simple (enkelt) and touches only the own unit and those below it,
    before and after the decision.
    """
    if may(by, May.DECIDE) or (kind in PREPARING and may(by, May.PREPARE)):
        return True
    ids = units.ids_by_code()
    asked_for = {ids[code] for phase in phases for code in phase.impacts if code in ids}
    places = places_of(units_touched(initiative) | asked_for)
    is_own = is_own_and_simple(initiative.triage_class, places, by.unit_id)
    return kind in IN_LINE and may(by, May.DECIDE_SIMPLE) and is_own

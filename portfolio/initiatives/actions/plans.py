"""An initiative's phases with their impacts."""

from collections.abc import Iterable, Sequence

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid
from portfolio.base.weeks import format_week
from portfolio.capacity.rules.calendar import Phase
from portfolio.events.event import Json
from portfolio.initiatives.models import ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.plans import phases_of
from portfolio.units import queries as units


def ensure_units_known(phases: Iterable[Phase]) -> None:
    """Refuse with Invalid phases that touch units that there are not."""
    unknown = sorted({code for phase in phases for code in phase.impacts} - set(units.ids_by_code()))
    if unknown:
        raise Invalid({"phases": [f"Enheten finns inte: {', '.join(unknown)}."]})


def set_phases(initiative: Initiative, phases: Sequence[Phase]) -> None:
    """Put these phases in the place of those that were."""
    ids = units.ids_by_code()
    ensure_units_known(phases)
    if initiative.phases:
        initiative.phases = []
        current_session().flush()  # the old positions must be free before the new ones take them
    initiative.phases = [
        PhaseRow(
            position=position,
            kind=phase.kind,
            weeks=phase.weeks,
            impacts=[ImpactRow(unit_id=ids[code], impact=level) for code, level in phase.impacts.items()],
        )
        for position, phase in enumerate(phases)
    ]


def plan_as_json(initiative: Initiative) -> Json:
    """The plan as events and undo keep it: start week and phases."""
    start = initiative.start_week
    phases: list[Json] = [
        {"kind": phase.kind, "weeks": phase.weeks, "impacts": dict(phase.impacts)} for phase in phases_of(initiative)
    ]
    return {"start_week": None if start is None else format_week(start), "phases": phases}

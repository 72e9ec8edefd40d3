"""Find what stands on units that are to change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import UnplannedEventRow
from portfolio.capacity.rules.calendar import Stretch, lay_out
from portfolio.capacity.rules.load import Portfolio, effective_stretches
from portfolio.initiatives.decisions.plans import left_of
from portfolio.initiatives.models import ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.statuses import OPEN, Status
from portfolio.people.models import Person
from portfolio.units import queries as units
from portfolio.units.models import LoweredLimitRow, ReorganisationRow, UnitChangeRow, UnitRow


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on some units: what it is decided about when they change."""

    initiatives: Sequence[Initiative]
    persons: Sequence[Person]
    below: Sequence[UnitRow]
    lowered: Sequence[LoweredLimitRow]
    unplanned: Sequence[UnplannedEventRow]


def standing_on(unit_ids: Collection[int], now: datetime) -> Standing:
    """Open initiatives with an impact on the units, who works there, what lies directly below, what lowers them."""
    return Standing(
        open_on(unit_ids),
        persons_in(unit_ids),
        [unit for unit in units.all_units() if unit.parent_id in unit_ids and unit.id not in unit_ids],
        [row for row in units.lowered_limits() if row.unit_id in unit_ids],
        capacity.unplanned_events_on(unit_ids, now),
    )


def open_on(unit_ids: Collection[int]) -> Sequence[Initiative]:
    """The open initiatives with an impact on some units, with their plans, by code."""
    touching = select(PhaseRow.initiative_id).join(ImpactRow).where(ImpactRow.unit_id.in_(unit_ids))
    wanted = select(Initiative).options(WITH_PLAN).where(Initiative.status.in_(OPEN), Initiative.id.in_(touching))
    return current_session().scalars(wanted.order_by(Initiative.code)).all()


def met_from(
    initiatives: Sequence[Initiative], codes: Collection[str], week: Week, now: datetime
) -> dict[str, set[str]]:
    """{initiative: on which of some units it has weeks left from a week on}.

    What is paused, has no start week or can no longer begin in it may come at any time: all of it is left then.
    """
    portfolio = capacity.whole_portfolio()
    return {
        one.code: {
            unit
            for stretch in _stretches_of(one, portfolio, week, this_week(now))
            if stretch.last >= week
            for unit in stretch.impacts
            if unit in codes
        }
        for one in initiatives
    }


def _stretches_of(one: Initiative, portfolio: Portfolio, week: Week, now: Week) -> Sequence[Stretch]:
    counting = portfolio.commitments.get(one.code)
    if counting is not None:
        return effective_stretches(counting, now, portfolio.drag_weeks)
    phases = left_of(one)
    start = None if one.status == Status.PAUSED else one.start_week  # what is paused comes in other weeks
    if start is not None and start >= now and (wished := lay_out(start, phases, portfolio.calendar)):
        return wished
    return [Stretch(week, week, phase.impacts) for phase in phases]


def persons_in(unit_ids: Collection[int]) -> Sequence[Person]:
    """The active persons of some units, by function."""
    wanted = select(Person).where(Person.active, Person.unit_id.in_(unit_ids)).order_by(Person.function)
    return current_session().scalars(wanted).all()


def changes_of(reorganisation_id: int) -> Sequence[UnitChangeRow]:
    """Everything that one change of the organisation does, in the order in which it was decided."""
    wanted = select(UnitChangeRow).where(UnitChangeRow.reorganisation_id == reorganisation_id)
    return current_session().scalars(wanted.order_by(UnitChangeRow.id)).all()


def is_ahead(row: ReorganisationRow, week: Week) -> bool:
    """Whether a change can still be taken back in a week: its own week has not come, and nobody has done so."""
    return row.undone_at is None and row.done_at is None and row.from_week > week


def due(week: Week) -> Sequence[int]:
    """The ids of the changes whose week has come and that have not been carried out."""
    waiting = select(ReorganisationRow.id).where(
        ReorganisationRow.done_at.is_(None),
        ReorganisationRow.undone_at.is_(None),
        ReorganisationRow.from_week <= week,
    )
    return current_session().scalars(waiting.order_by(ReorganisationRow.from_week, ReorganisationRow.id)).all()


def ahead_for(unit_id: int) -> ReorganisationRow | None:
    """What is decided to happen to a unit, or is to make it, and has not been carried out; None if nothing is."""
    ahead = ((row, change) for row, change in units.unit_changes() if row.done_at is None)
    return next((row for row, change in ahead if unit_id in (change.unit_id, _made_by(change))), None)


def _made_by(change: UnitChangeRow) -> int | None:
    return change.other_id if change.what == "succeed" else None

"""What is decided that touches a workplace. A proposal is not told of: nobody has decided that it will come."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from portfolio.assignments.queries import groundworks_of
from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Calendar, lay_out
from portfolio.capacity.rules.load import Commitment, effective_stretches
from portfolio.initiatives.models import DecisionRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import COUNTING, FINISHED, Status
from portfolio.people.models import Person
from portfolio.units import queries as units
from portfolio.workplaces.rules import Step, steps_at, strongest, touched_by

REMEMBERED = timedelta(days=365)
"""How long what has been finished is told of."""


class Change(NamedTuple):
    """A decided change at a workplace: the steps of it that touch the place, and what those who work there ask.

    `steps` is empty of one that is paused. `participation` is how they take part, `contact` a function to ask;
    both are empty where nobody has said.
    """

    code: str
    title: str
    what: str
    why: str
    steps: Sequence[Step]
    impact: int | None
    units: Sequence[str]
    participation: str
    contact: str


class Finished(NamedTuple):
    """A change that is finished: what the decision to end it said, and when."""

    code: str
    title: str
    reason: str
    ended_at: datetime


class Workplace(NamedTuple):
    """What changes at a unit: what comes or goes on (the soonest first), what is paused, what is finished."""

    coming: Sequence[Change]
    paused: Sequence[Change]
    finished: Sequence[Finished]


def places_of(code: str) -> set[str]:
    """A unit with those below it, and those above: what touches the whole förvaltning touches its kontor."""
    tree = capacity.tree()
    return {*tree.above(code), *tree.below(code)}


def workplace(code: str, now: datetime) -> Workplace:
    """What is decided that touches a unit; nine questions, however much that is."""
    places, week = places_of(code), this_week(now)
    rows = _touching(places)
    changes = list(_changes(rows, places, week))
    coming = sorted((one for one in changes if one.steps), key=lambda one: (one.steps[0].stretch.first, one.code))
    standing = {row.code: row.status for row in rows}
    paused = [one for one in changes if standing[one.code] == Status.PAUSED]
    return Workplace(coming, paused, _finished([row for row in rows if row.status in FINISHED], now))


def _touching(places: Collection[str]) -> Sequence[Initiative]:
    ids = units.ids_by_code()
    touched = (
        select(PhaseRow.initiative_id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(ImpactRow.unit_id.in_([ids[code] for code in places]))
    )
    wanted = select(Initiative).options(WITH_PLAN).where(Initiative.id.in_(touched))
    shown = wanted.where(Initiative.status.in_([*COUNTING, Status.PAUSED, *FINISHED]))
    return current_session().scalars(shown.order_by(Initiative.id)).all()


def _changes(rows: Sequence[Initiative], places: Collection[str], week: Week) -> Iterator[Change]:
    """Those that count or are paused, as they are at these units."""
    alive = [row for row in rows if row.status not in FINISHED]
    laid, contacts = groundworks_of([row.id for row in alive]), _contacts(alive)
    calendar, drag_weeks, names = capacity.calendar(), the_portfolio().drag_weeks, _names()
    for row in alive:
        every = _steps(row, calendar, week, drag_weeks) if row.status in COUNTING else []
        steps = steps_at(every, places, week)
        yield Change(
            row.code,
            row.title,
            row.summary,
            row.why,
            steps,
            strongest(steps, places),
            [names[code] for code in touched_by(steps, places)],
            laid[row.id].participation,
            contacts.get(row.owner_id or 0, ""),
        )


def _steps(row: Initiative, calendar: Calendar, week: Week, drag_weeks: int) -> list[Step]:
    """The plan in the calendar as it counts: through a later forecast, and on for a while if it drags."""
    if row.start_week is None:
        return []
    laid_out = lay_out(row.start_week, phases_of(row), calendar)
    counted = effective_stretches(Commitment(row.code, laid_out, None, row.forecast_end_week), week, drag_weeks)
    return [Step(phase.kind, stretch) for phase, stretch in zip(row.phases, counted, strict=True)]


def _names() -> dict[str, str]:
    return {unit.code: unit.name for unit in units.all_units()}


def _contacts(rows: Collection[Initiative]) -> dict[int, str]:
    """{person's id: function} of those who own some initiatives."""
    wanted = select(Person.id, Person.function).where(Person.id.in_({row.owner_id for row in rows if row.owner_id}))
    return dict(current_session().execute(wanted).all())


def _finished(rows: Sequence[Initiative], now: datetime) -> list[Finished]:
    """What was finished within REMEMBERED, the latest first; one that came so from a list nobody knows the day of."""
    ended = (
        select(func.max(DecisionRow.id))
        .where(DecisionRow.initiative_id.in_([row.id for row in rows]), DecisionRow.undone_at.is_(None))
        .where(DecisionRow.kind.in_([Kind.COMPLETE, Kind.CLOSE]), DecisionRow.decided_at > now - REMEMBERED)
        .group_by(DecisionRow.initiative_id)
    )
    wanted = select(DecisionRow).where(DecisionRow.id.in_(ended)).order_by(DecisionRow.decided_at.desc())
    called = {row.id: row for row in rows}
    return [
        Finished(called[one.initiative_id].code, called[one.initiative_id].title, one.reason, one.decided_at)
        for one in current_session().scalars(wanted)
    ]

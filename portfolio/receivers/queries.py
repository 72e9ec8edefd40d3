"""Read what the receiving chefs have answered, and what they are asked."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from portfolio.base.db import current_session
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Calendar, NothingEverRuns, lay_out
from portfolio.capacity.rules.load import load_map
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import phases_of, units_touched
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.initiatives.rules.triage import TriageClass
from portfolio.people import queries as people
from portfolio.receivers.models import ConditionsRow, FeltLoadRow, ReadinessRow
from portfolio.receivers.rules.chefs import may_feel, receivers_of, who_receive
from portfolio.receivers.rules.conditions import Answer, Conditions
from portfolio.receivers.rules.felt import Felt
from portfolio.receivers.rules.months import month_of
from portfolio.receivers.rules.readiness import STATEMENTS, Readiness, is_asked_for
from portfolio.units import queries as units


def conditions_row(initiative_id: int, unit_id: int) -> ConditionsRow | None:
    """What is stored of a unit's chef and an initiative; None if nobody has answered."""
    return current_session().get(ConditionsRow, (initiative_id, unit_id))


_CONDITIONS = (
    select(ConditionsRow)
    .where(ConditionsRow.initiative_id == bindparam("initiative_id"))
    .order_by(ConditionsRow.unit_id)
)


def conditions_of(initiative_id: int) -> dict[int, Conditions]:
    """{unit's id: what its chef says} about leading an initiative, of those who have answered."""
    rows = current_session().scalars(_CONDITIONS, {"initiative_id": initiative_id})
    return {row.unit_id: conditions_in(row) for row in rows}


def conditions_in(row: ConditionsRow) -> Conditions:
    """What a stored row says."""
    return Conditions(Answer(row.mandate), Answer(row.room), Answer(row.span))


def answered_conditions(unit_ids: Collection[int]) -> set[tuple[int, int]]:
    """(initiative's id, unit's id) of every answer about leading a change on these units."""
    columns = (ConditionsRow.initiative_id, ConditionsRow.unit_id)
    found = current_session().execute(select(*columns).where(ConditionsRow.unit_id.in_(unit_ids)))
    return {(initiative_id, unit_id) for initiative_id, unit_id in found}


def readiness_row(initiative_id: int, unit_id: int, month: str) -> ReadinessRow | None:
    """What is stored of a unit, an initiative and a month; None if nobody has answered."""
    return current_session().scalar(
        select(ReadinessRow).where(
            ReadinessRow.initiative_id == initiative_id, ReadinessRow.unit_id == unit_id, ReadinessRow.month == month
        )
    )


def readiness_in(row: ReadinessRow) -> Readiness:
    """What a stored row says."""
    return Readiness(**{name: getattr(row, name) for name in STATEMENTS})


class Latest(NamedTuple):
    """The newest answer of a unit, and of which month it is."""

    month: str
    readiness: Readiness


_READINESS = (
    select(ReadinessRow)
    .where(ReadinessRow.initiative_id == bindparam("initiative_id"))
    .order_by(ReadinessRow.unit_id, ReadinessRow.month)
)


def latest_readiness(initiative_id: int) -> dict[int, Latest]:
    """{unit's id: its newest answer} about an initiative."""
    rows = current_session().scalars(_READINESS, {"initiative_id": initiative_id})
    return {row.unit_id: Latest(row.month, readiness_in(row)) for row in rows}


def step_of(initiative: Initiative, week: Week, calendar: Calendar) -> str | None:
    """The kind of the step that an initiative has come to in a week; None before its start or without a plan.

    The last step goes on for as long as the initiative does.
    """
    phases = phases_of(initiative)
    if initiative.start_week is None or not phases:
        return None
    laid_out = lay_out(initiative.start_week, phases, calendar)
    begun = [phase.kind for phase, stretch in zip(phases, laid_out, strict=True) if stretch.first <= week]
    return begun[-1] if begun else None


def asks_how_ready(initiative: Initiative, now: datetime) -> bool:
    """Whether the receiving chefs of an initiative are asked now how ready they are."""
    step = step_of(initiative, this_week(now), capacity.calendar())
    return is_asked_for(initiative.triage_class, status_of(initiative, now), step)


class Asked(NamedTuple):
    """A complex initiative on a unit whose chef is asked how ready they are, and whether that is answered."""

    code: str
    title: str
    unit: str
    unit_name: str
    answered: bool


def readiness_to_answer(unit_ids: Collection[int], month: str, now: datetime) -> list[Asked]:
    """Every complex initiative that is being carried out on these units, unit by unit, by priority."""
    wanted = select(Initiative).where(Initiative.triage_class == TriageClass.COMPLEX, Initiative.status.in_(COUNTING))
    rows = current_session().scalars(wanted.options(WITH_PLAN).order_by(Initiative.rank, Initiative.id))
    running = [one for one in rows if asks_how_ready(one, now)]
    answered = select(ReadinessRow.initiative_id, ReadinessRow.unit_id).where(ReadinessRow.month == month)
    known = {(key, unit_id) for key, unit_id in current_session().execute(answered)}
    named = {row.id: row for row in units.all_units() if row.id in unit_ids}
    return [
        Asked(one.code, one.title, named[unit_id].code, named[unit_id].name, (one.id, unit_id) in known)
        for one in running
        for unit_id in sorted(units_touched(one) & named.keys())
    ]


def receiving_chefs() -> dict[int, tuple[str, ...]]:
    """{unit's id: the functions of those who receive changes on it (mottagande chef)}, of every unit."""
    active = {one.id: one for one in people.holders(active_only=True)}
    receiving, parents = who_receive(people.actor_of(one) for one in active.values()), units.parents_by_id()
    return {
        row.id: tuple(active[key].function for key in receivers_of(row.id, receiving, parents))
        for row in units.all_units()
    }


def felt_row(unit_id: int, person_id: int, month: str) -> FeltLoadRow | None:
    """One person's answer in a month; None if they have not answered."""
    return current_session().scalar(
        select(FeltLoadRow).where(
            FeltLoadRow.unit_id == unit_id, FeltLoadRow.person_id == person_id, FeltLoadRow.month == month
        )
    )


def felt_by_unit(now: datetime) -> dict[int, list[Felt]]:
    """{unit's id: the answers about its load that are told, oldest first, without whose they are}.

    Those of the running month are told once everybody who is asked has answered: before that a single answer
    would stand alone, and whoever else receives there would know whose it is.
    """
    running = month_of(today(now))
    awaited = _awaited(running)
    wanted = select(
        FeltLoadRow.unit_id, FeltLoadRow.month, FeltLoadRow.felt, FeltLoadRow.load, FeltLoadRow.limit
    ).order_by(FeltLoadRow.answered_at, FeltLoadRow.id)
    found: dict[int, list[Felt]] = {}
    for unit_id, month, felt, load, limit in current_session().execute(wanted):
        if month != running or unit_id not in awaited:
            found.setdefault(unit_id, []).append(Felt(month, felt, load, limit))
    return found


def _awaited(month: str) -> set[int]:
    """The ids of the units of which somebody who is asked has not answered in a month."""
    answered = latest_felt()
    asked = [people.actor_of(one) for one in people.holders(active_only=True)]
    return {
        one.unit_id
        for one in asked
        if one.unit_id is not None
        and may_feel(one, one.unit_id)
        and answered.get((one.person_id or 0, one.unit_id)) != month
    }


def latest_felt() -> dict[tuple[int, int], str]:
    """{(person's id, unit's id): the newest month in which they have answered}."""
    wanted = select(FeltLoadRow.person_id, FeltLoadRow.unit_id, func.max(FeltLoadRow.month))
    found = current_session().execute(wanted.group_by(FeltLoadRow.person_id, FeltLoadRow.unit_id))
    return {(person_id, unit_id): month for person_id, unit_id, month in found}


class Computed(NamedTuple):
    """A unit's load and limit in a week."""

    load: int
    limit: int | None


def computed_load(code: str, now: datetime) -> Computed:
    """What the map says of a unit this week, or in the first week after a standstill."""
    portfolio = capacity.portfolio_around([code], (), now)
    try:
        week = portfolio.calendar.next_running(this_week(now))
    except NothingEverRuns:
        return Computed(0, portfolio.tree.units[code].limit)
    [cell] = load_map(portfolio, this_week(now), week, 1, [code])[code]
    return Computed(cell.load or 0, cell.bounds.limit)

"""An initiative's plan as the kernel reads it, and whom it touches."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.gate import Plan
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.statuses import Status
from portfolio.units import queries as units
from portfolio.units.rules import chain_above


def phases_of(initiative: Initiative, codes: Mapping[int, str] | None = None) -> tuple[Phase, ...]:
    """The initiative's phases as the kernel reads them."""
    codes = codes if codes is not None else units.codes_by_id()
    return tuple(
        Phase(phase.kind, phase.weeks, {codes[row.unit_id]: row.impact for row in phase.impacts})
        for phase in initiative.phases
    )


def plan_of(
    initiative: Initiative,
    now: datetime,
    *,
    start: Week | None = None,
    phases: tuple[Phase, ...] | None = None,
) -> Plan:
    """The initiative's plan with another start or other phases where given.

    A plan that is replaced leaves its forecast behind; one that is asked about unchanged keeps it.
    """
    replaced = start is not None or phases is not None
    runs = status_of(initiative, now) is Status.ONGOING
    wished = start if start is not None else initiative.start_week
    return Plan(
        initiative.code,
        wished if wished is not None else this_week(now),
        phases if phases is not None else phases_of(initiative),
        initiative.owner_id,
        initiative.start_week if runs else None,
        None if replaced else initiative.forecast_end_week,
    )


def standing_plan_of(initiative: Initiative, now: datetime) -> Plan:
    """The plan as it stands, for a change of something else than its weeks: its start is not asked for anew."""
    return replace(plan_of(initiative, now), present_start=initiative.start_week)


def end_week_of(initiative: Initiative, calendar: Calendar) -> Week | None:
    """The last planned week, None without a start or phases."""
    if initiative.start_week is None or not initiative.phases:
        return None
    phases = [Phase(phase.kind, phase.weeks, {}) for phase in initiative.phases]
    return lay_out(initiative.start_week, phases, calendar)[-1].last


def units_touched(initiative: Initiative) -> set[int]:
    """The ids of the units that the plan has an impact on."""
    return {row.unit_id for phase in initiative.phases for row in phase.impacts}


def departments_touched(initiative: Initiative) -> set[int]:
    """The ids of the förvaltningar that take part: of each touched unit the one at the top of its tree."""
    return {place[-1] for place in places_of(units_touched(initiative))}


def places_of(unit_ids: Collection[int]) -> list[list[int]]:
    """The ids of each of these units together with those of every unit above it."""
    parents = units.parents_by_id()
    return [chain_above(unit_id, parents) for unit_id in sorted(unit_ids)]

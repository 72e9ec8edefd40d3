"""The plan that a decision asks the gate for, and what is missing to begin it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Phase, remainder
from portfolio.capacity.rules.gate import Plan
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import phases_of, plan_of
from portfolio.initiatives.queries.triage import lies_unclear
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.starting import missing_for_start
from portfolio.initiatives.rules.statuses import UNDECIDED


def plan_after(
    initiative: Initiative,
    kind: Kind,
    now: datetime,
    *,
    start: Week | None = None,
    phases: tuple[Phase, ...] | None = None,
) -> Plan:
    """What the gate is asked when an initiative starts, gets a new frame or resumes, with what is left as `phases`.

    Only what keeps running keeps its start; a plan that is decided anew leaves its forecast behind.
    """
    plan = replace(plan_of(initiative, now, start=start, phases=phases), forecast_end=None)
    return replace(plan, present_start=None) if kind is Kind.START else plan


def left_of(initiative: Initiative) -> tuple[Phase, ...]:
    """What is left of a paused plan."""
    phases = phases_of(initiative)
    if initiative.start_week is None or initiative.paused_week is None:
        return phases
    return remainder(initiative.start_week, phases, initiative.paused_week, capacity.calendar())


def missing_of(initiative: Initiative, phases: Sequence[Phase]) -> list[str]:
    """What an initiative lacks to start with these phases, as code words.

    Whether the assignment and the effektmål are clear is asked once: what has been decided is carried out.
    """
    undecided = initiative.status in UNDECIDED
    unclear = undecided and lies_unclear(initiative)
    effects_unready = initiative.effects_unready if undecided else 0
    unrated = sum(level is None for phase in phases for level in phase.impacts.values())
    has_owner = initiative.owner_id is not None
    return missing_for_start(
        has_owner=has_owner,
        has_phases=bool(phases),
        unrated=unrated,
        unclear=unclear,
        effects_unready=effects_unready,
    )


def missing_in_frame(initiative: Initiative, phases: Sequence[Phase]) -> list[str]:
    """What a new frame of a counting initiative lacks, as code words: ratings that it takes away or puts off.

    What nobody has rated weighs nothing, and rating it later passes no gate: a frame must not open that way again.
    """
    return missing_for_start(
        has_owner=True, has_phases=True, unrated=len(_unrated(phases) - _unrated(phases_of(initiative)))
    )


def _unrated(phases: Sequence[Phase]) -> set[str]:
    return {unit for phase in phases for unit, impact in phase.impacts.items() if impact is None}

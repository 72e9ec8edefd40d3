"""What each counting initiative holds, laid out and stored, so that the gate only has to read it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from portfolio.base.db import IN_FEW_STATEMENTS, current_session, in_chunks
from portfolio.base.weeks import week_of
from portfolio.capacity import queries
from portfolio.capacity.models import ClaimRow, CommitmentRow
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.gate import Plan
from portfolio.units import queries as units

FOR_EVER = week_of(date(9990, 1, 1))
"""Further than any week: the last phase of a counting initiative must always be read."""


def bind(initiative_id: int, plan: Plan) -> None:
    """Write what a counting initiative holds, in place of what it held."""
    bind_all({initiative_id: plan})


def release(initiative_id: int) -> None:
    """An initiative no longer counts: take away what it holds."""
    release_all([initiative_id])


def bind_all(plans: Mapping[int, Plan]) -> None:
    """Write what many counting initiatives hold, by their ids, in place of what they held."""
    release_all(plans)
    hold_all(plans)


def release_all(initiative_ids: Iterable[int]) -> None:
    """Many initiatives no longer count: take away what they hold."""
    for few in in_chunks(initiative_ids):
        current_session().execute(delete(ClaimRow).where(ClaimRow.initiative_id.in_(few)))
        current_session().execute(delete(CommitmentRow).where(CommitmentRow.initiative_id.in_(few)))


def hold_all(plans: Mapping[int, Plan]) -> None:
    """Write what initiatives hold that have not counted so far."""
    calendar, ids = queries.calendar(), units.ids_by_code()
    for few in in_chunks(plans.items()):
        current_session().execute(
            insert(CommitmentRow), [_commitment(*one) for one in few], execution_options=IN_FEW_STATEMENTS
        )
        claims = [claim for one in few for claim in _claims(*one, calendar, ids)]
        if claims:
            current_session().execute(insert(ClaimRow), claims, execution_options=IN_FEW_STATEMENTS)


def _commitment(initiative_id: int, plan: Plan) -> dict[str, Any]:
    return {
        "initiative_id": initiative_id,
        "code": plan.code,
        "owner_id": plan.owner,
        "start_week": plan.start,
        "forecast_end": plan.forecast_end,
    }


def _claims(initiative_id: int, plan: Plan, calendar: Calendar, ids: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    stretches = lay_out(plan.start, plan.phases, calendar)
    for at, (phase, stretch) in enumerate(zip(plan.phases, stretches, strict=True)):
        is_last = at == len(stretches) - 1
        impacts: dict[int | None, int | None] = {ids[code]: impact for code, impact in phase.impacts.items()}
        for unit_id, impact in (impacts or {None: None}).items():
            yield {
                "initiative_id": initiative_id,
                "phase": at,
                "weeks": phase.weeks,
                "unit_id": unit_id,
                "first_week": stretch.first,
                "last_week": stretch.last,
                "counts_to": FOR_EVER if is_last else stretch.last,
                "impact": impact,
            }


def lay_out_again() -> int:
    """The calendar has changed: every counting initiative gets new weeks for the same phases.

    Gives back how many of them are done later than before.
    """
    calendar, prolonged = queries.calendar(), 0
    for commitment in current_session().scalars(select(CommitmentRow)).all():
        wanted = select(ClaimRow).where(ClaimRow.initiative_id == commitment.initiative_id)
        claims = current_session().scalars(wanted.order_by(ClaimRow.phase)).all()
        weeks = {claim.phase: claim.weeks for claim in claims}
        phases = [Phase("", length, {}) for length in weeks.values()]
        stretches = dict(zip(weeks, lay_out(commitment.start_week, phases, calendar), strict=True))
        planned = max((claim.last_week for claim in claims), default=0)
        forecast = commitment.forecast_end or 0
        prolonged += max(forecast, *(one.last for one in stretches.values()), planned) > max(forecast, planned)
        for claim in claims:
            claim.first_week, claim.last_week = stretches[claim.phase].first, stretches[claim.phase].last
            claim.counts_to = FOR_EVER if claim.phase == max(weeks) else claim.last_week
    return prolonged

"""What an initiative was like before a decision, and how it becomes so again."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from portfolio.base.weeks import Week, format_week, parse_week
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.actions.plans import plan_as_json, set_phases
from portfolio.initiatives.decisions.order import renumber
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.order import open_ids_in_order
from portfolio.initiatives.rules.order import moved_to


def memory_of(initiative: Initiative) -> dict[str, Any]:
    """What an undo restores."""
    return {
        "status": initiative.status,
        "plan": plan_as_json(initiative),
        "rank": initiative.rank,
        "paused_week": None if initiative.paused_week is None else format_week(initiative.paused_week),
        "forecast": None if initiative.forecast_end_week is None else format_week(initiative.forecast_end_week),
        "until": None if initiative.until is None else initiative.until.isoformat(),
        "dragging_noted": initiative.dragging_noted,
        "resumed_at": None if initiative.resumed_at is None else initiative.resumed_at.isoformat(),
    }


def restore(initiative: Initiative, memory: dict[str, Any]) -> None:
    """Make the initiative what it was, as `memory_of` remembers it."""
    plan = memory["plan"]
    initiative.status = memory["status"]
    initiative.start_week = _week(plan["start_week"])
    if plan != plan_as_json(initiative):
        set_phases(initiative, _phases(plan))
    initiative.paused_week = _week(memory["paused_week"])
    initiative.forecast_end_week = _week(memory["forecast"])
    initiative.until = None if memory["until"] is None else date.fromisoformat(memory["until"])
    initiative.dragging_noted = memory["dragging_noted"]
    initiative.resumed_at = None if memory["resumed_at"] is None else datetime.fromisoformat(memory["resumed_at"])
    _restore_rank(initiative, memory["rank"])


def _restore_rank(initiative: Initiative, rank: int | None) -> None:
    if rank is None:
        initiative.rank = None
        renumber(open_ids_in_order())
    elif rank != initiative.rank:
        renumber(moved_to(open_ids_in_order(), initiative.id, rank))


class PlanBefore(NamedTuple):
    """The plan that an initiative had when a decision was taken, and since when it was paused then."""

    start: Week | None
    phases: Sequence[Phase]
    paused: Week | None


def plan_before(row: DecisionRow) -> PlanBefore:
    """The plan that the initiative had when a decision was taken."""
    memory = json.loads(row.before)
    plan, paused = memory["plan"], _week(memory["paused_week"])
    return PlanBefore(_week(plan["start_week"]), _phases(plan), paused)


def start_before(row: DecisionRow) -> Week | None:
    """The start week that the initiative had when a decision was taken."""
    return _week(json.loads(row.before)["plan"]["start_week"])


def _phases(plan: Mapping[str, Any]) -> list[Phase]:
    return [Phase(one["kind"], one["weeks"], one["impacts"]) for one in plan["phases"]]


def _week(written: str | None) -> Week | None:
    return None if written is None else parse_week(written)

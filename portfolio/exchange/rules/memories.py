"""An initiative written down as JSON text before a list changes it, so that the change can be undone."""

import json
from datetime import date
from typing import Any

from portfolio.base.weeks import Week, format_week, parse_week
from portfolio.capacity.rules.calendar import Phase

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def plan_as_json(start: Week | None, phases: tuple[Phase, ...]) -> dict[str, Json]:
    """A plan as events and memories tell it."""
    told: list[Json] = [{"kind": one.kind, "weeks": one.weeks, "impacts": dict(one.impacts)} for one in phases]
    return {"start_week": _written(start), "phases": told}


def remembered(columns: dict[str, Any], start: Week | None, phases: tuple[Phase, ...]) -> str:
    """The text that keeps some columns of an initiative, by name, and its plan."""
    kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}
    return json.dumps({"columns": kept, "plan": plan_as_json(start, phases)}, ensure_ascii=False)


def recalled(text: str) -> tuple[dict[str, Any], Week | None, tuple[Phase, ...]]:
    """The columns, the start week and the phases that a text keeps."""
    memory = json.loads(text)
    plan = memory["plan"]
    phases = tuple(Phase(one["kind"], one["weeks"], one["impacts"]) for one in plan["phases"])
    columns = dict(memory["columns"])
    if columns["until"] is not None:
        columns["until"] = date.fromisoformat(columns["until"])
    return columns, _week(plan["start_week"]), phases


def _written(week: Week | None) -> str | None:
    return None if week is None else format_week(week)


def _week(written: str | None) -> Week | None:
    return None if written is None else parse_week(written)

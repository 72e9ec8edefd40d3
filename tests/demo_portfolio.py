"""The demo municipality as the kernel sees it, and the answers expected of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Phase, lay_out
from portfolio.capacity.rules.gate import Plan
from portfolio.capacity.rules.limits import LoweredLimit, Unit
from portfolio.capacity.rules.load import Commitment, Portfolio
from portfolio.capacity.rules.tree import Tree

ROOT = Path(__file__).parent.parent
DEMO: dict[str, Any] = json.loads((ROOT / "portfolio/demo/demo_data.json").read_text("utf-8"))
EXPECTED: dict[str, Any] = json.loads((ROOT / "tests/data/demo_expected.json").read_text("utf-8"))

NOW: Week = parse_week("2026-W48")
OWNERS = {person["function"]: number for number, person in enumerate(DEMO["persons"], start=1)}
MAX_OWNED = 3


def demo_portfolio() -> Portfolio:
    """The units, limits, standstills and counting initiatives of the demo."""
    calendar = Calendar(tuple(_period(row) for row in DEMO["standstills"]))
    tree = Tree({row["code"]: _unit(row) for row in DEMO["units"]})
    counting = [row for row in DEMO["initiatives"] if row["status"] in ("decided", "ongoing")]
    commitments = {row["code"]: _commitment(row, calendar) for row in counting}
    return Portfolio(tree, calendar, commitments, dict.fromkeys(OWNERS.values(), MAX_OWNED))


def demo_plan(code: str, start: str | None = None) -> Plan:
    """An initiative of the demo as somebody would ask to start it, in its wished week or in another."""
    row = next(row for row in DEMO["initiatives"] if row["code"] == code)
    return Plan(code, parse_week(start or row["start_week"]), _phases(row), OWNERS[row["owner"]])


def decided(portfolio: Portfolio, plan: Plan) -> Portfolio:
    """The portfolio once a plan has been decided."""
    laid_out = plan.laid_out(portfolio.calendar)
    return replace(portfolio, commitments={**portfolio.commitments, plan.code: laid_out})


def with_units(portfolio: Portfolio, *units: Unit) -> Portfolio:
    """The portfolio with some units changed."""
    changed = {**portfolio.tree.units, **{unit.code: unit for unit in units}}
    return replace(portfolio, tree=Tree(changed))


def _period(row: dict[str, Any]) -> Period:
    return Period(parse_week(row["from_week"]), parse_week(row["to_week"]), row["yearly"])


def _unit(row: dict[str, Any]) -> Unit:
    lowered = tuple(
        LoweredLimit(_period(low), low["limit"], low["max_parallel"], low["reason"])
        for low in DEMO["lowered_limits"]
        if low["unit"] == row["code"]
    )
    limits = (row["limit"], row["max_parallel"], row["limits_confirmed"])
    return Unit(row["code"], row["parent"], *limits, lowered)


def _phases(row: dict[str, Any]) -> tuple[Phase, ...]:
    return tuple(Phase(phase["kind"], phase["weeks"], phase["impacts"]) for phase in row["phases"])


def _commitment(row: dict[str, Any], calendar: Calendar) -> Commitment:
    stretches = lay_out(parse_week(row["start_week"]), _phases(row), calendar)
    rank, duty = row["rank"], row["legal_duty"]
    return Commitment(row["code"], stretches, OWNERS[row["owner"]], rank=rank, legal_duty=duty)

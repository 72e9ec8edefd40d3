"""The gate (capacity kernel §4): lock, then look, then decide."""

from datetime import datetime

from portfolio.base.errors import OverCapacity
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.capacity import queries
from portfolio.capacity.rules.gate import Plan, Verdict, evaluate


def pass_gate(plan: Plan, now: datetime) -> None:
    """Refuse with OverCapacity a plan that does not fit."""
    if not verdict_under_lock(plan, now).fits:
        raise OverCapacity(plan)


def verdict_under_lock(plan: Plan, now: datetime) -> Verdict:
    """What the gate says of a plan while nobody else can change anything."""
    lock_portfolio()
    codes = {code for phase in plan.phases for code in phase.impacts}
    owners = [] if plan.owner is None else [plan.owner]
    return evaluate(plan, queries.portfolio_around(codes, owners, now), this_week(now))

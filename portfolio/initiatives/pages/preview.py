"""What if it starts then? The form's plan, tried as it stands while it is being written. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, sunday
from portfolio.capacity.rules.gate import Plan, last_week_of
from portfolio.capacity.rules.load import Portfolio
from portfolio.initiatives import queries
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.drafts import nested, phases_from
from portfolio.initiatives.pages.forms import PlanForm
from portfolio.initiatives.pages.reading import names
from portfolio.initiatives.pages.verdicts import Shown, shown
from portfolio.initiatives.pages.ways import Doors
from portfolio.initiatives.pages.words import week_told
from portfolio.initiatives.queries import Answer
from portfolio.people.rules import Actor, May, may
from portfolio.units import queries as units
from portfolio.web.filters import long_day
from portfolio.web.forms import check

NOT_YET = "Skriv när det ska börja, hur länge minst ett steg varar och vilka som påverkas. Då ser du om det ryms."


@dataclass(frozen=True, slots=True)
class Tried:
    """The verdict on what stands in the form; None with a hint where there is nothing to try yet."""

    shown: Shown | None
    hint: str = ""
    answer: Answer | None = None


def doors_of(by: Actor, choose: str | None = "") -> Doors:
    """Where the ways forward lead this person: to decisions for those who decide, else only to be read about."""
    pause = (lambda code: url_for("initiatives.decide", code=code, kind="pause")) if may(by, May.DECIDE) else None
    return Doors(lambda code: url_for("initiatives.show", code=code), pause, choose)


def tried(values: Mapping[str, str], initiative: Initiative | None, doors: Doors, at: datetime) -> Tried:
    """Try the plan that stands in a form."""
    week = this_week(at)
    try:
        form = check(PlanForm(), nested(values, week, PlanForm().fields))
    except Invalid as error:
        return Tried(None, next(iter(error.errors.values()))[0])
    if form["start_week"] is None or not form["phases"]:
        return Tried(None, NOT_YET)
    owner = queries.person_known_as(form["owner"]) if form["owner"] else None
    phases = phases_from(form["phases"])
    if initiative is None:
        plan = Plan("", form["start_week"], phases, owner.id if owner else None)
    else:
        plan = queries.plan_of(initiative, at, start=form["start_week"], phases=phases)
        plan = replace(plan, owner=owner.id if owner else initiative.owner_id)
    return tried_plan(plan, doors, at, form["must_finish_by"])


def tried_plan(plan: Plan, doors: Doors, at: datetime, must_finish_by: date | None = None) -> Tried:
    """Try one plan and word the answer."""
    unknown = {code for phase in plan.phases for code in phase.impacts} - set(units.ids_by_code())
    if unknown:
        return Tried(None, f"Enheten finns inte: {', '.join(sorted(unknown))}.")
    answer = queries.answer(plan, at, must_finish_by=must_finish_by)
    called = names([*answer.portfolio.commitments, plan.code])
    week = this_week(at)
    notes = [finish_told(plan, answer.portfolio, week, must_finish_by)]
    return Tried(shown(answer, called, week, doors, notes), answer=answer)


def finish_told(plan: Plan, portfolio: Portfolio, now: Week, must_finish_by: date | None) -> str:
    """`Klart vecka 26.`, and by how much that is too late."""
    end = last_week_of(plan, portfolio)
    told = f"Klart {week_told(end, now)}."
    if must_finish_by is None or sunday(end) <= must_finish_by:
        return told
    return f"{told} Det är efter den sista dagen, {long_day(must_finish_by)}."

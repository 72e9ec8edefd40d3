"""What if it starts then? The form's plan, tried as it stands while it is being written. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote

from flask import url_for

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, sunday
from portfolio.capacity.rules.gate import Plan, last_week_of
from portfolio.capacity.rules.load import Portfolio
from portfolio.capacity.rules.words import week_told
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.drafts import nested, phases_from
from portfolio.initiatives.pages.forms import PlanForm
from portfolio.initiatives.pages.reading import names
from portfolio.initiatives.pages.verdicts import Shown, shown
from portfolio.initiatives.pages.ways import Doors
from portfolio.initiatives.queries import gate
from portfolio.initiatives.queries.gate import Answer, Known
from portfolio.initiatives.queries.plans import plan_of
from portfolio.people.queries import find_person
from portfolio.people.rules import Actor, May, may
from portfolio.units import queries as units
from portfolio.web.filters import long_day
from portfolio.web.forms import check

NOT_YET = "Skriv när det ska börja, hur länge minst ett steg varar och vilka som påverkas. Då ser du om det ryms."


FOR = "plats-for"
"""In the address of a pause: the initiative that it is to make room for."""

NOT_SENT = "nytt"
"""A proposal that has no code yet."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The verdict on what stands in the form; None with a hint where there is nothing to try yet."""

    shown: Shown | None
    hint: str = ""
    answer: Answer | None = None


def doors_of(by: Actor, choose: str | None = "", *, beside_form: bool = True) -> Doors:
    """Where the ways forward lead this person: to decisions for those who decide, else only to be read about."""
    pause, page = _pause_of if may(by, May.DECIDE) else None, url_for("initiatives.show", code="-").removesuffix("-")
    return Doors(lambda code: page + quote(code), pause, choose, new_tab=beside_form)


def _pause_of(code: str, makes_room_for: str) -> str:
    return f"{url_for('initiatives.decide', code=code, kind='pause')}&{FOR}={makes_room_for or NOT_SENT}"


def tried(
    values: Mapping[str, str],
    initiative: Initiative | None,
    doors: Doors,
    at: datetime,
    known: Known | None = None,
) -> Tried:
    """Try the plan that stands in a form; `known` is read unless whoever asks has it already."""
    week, boxes = this_week(at), PlanForm()
    try:
        form = check(boxes, nested(values, week, boxes.fields))
    except Invalid as error:
        return Tried(None, next(iter(error.errors.values()))[0])
    if form["start_week"] is None or not form["phases"]:
        return Tried(None, NOT_YET)
    owner = find_person(form["owner"]) if form["owner"] else None
    phases = phases_from(form["phases"])
    if initiative is None:
        plan = Plan("", form["start_week"], phases, owner.id if owner else None)
    else:
        plan = plan_of(initiative, at, start=form["start_week"], phases=phases)
        plan = replace(plan, owner=owner.id if owner else initiative.owner_id)
    return tried_plan(plan, doors, at, form["must_finish_by"], known)


def tried_plan(
    plan: Plan,
    doors: Doors,
    at: datetime,
    must_finish_by: date | None = None,
    known: Known | None = None,
) -> Tried:
    """Try one plan and word the answer; `known` is read unless whoever asks has it already."""
    unknown = {code for phase in plan.phases for code in phase.impacts} - set(units.ids_by_code())
    if unknown:
        return Tried(None, f"Enheten finns inte: {', '.join(sorted(unknown))}.")
    answer = gate.answer(plan, at, known=known, must_finish_by=must_finish_by)
    called = known.names if known else names(answer.codes)
    week = this_week(at)
    told = finish_told(plan, answer.portfolio, week, must_finish_by, fits=answer.verdict.fits)
    return Tried(shown(answer, called, week, doors, [told] if told else []), answer=answer)


def finish_told(plan: Plan, portfolio: Portfolio, now: Week, must_finish_by: date | None, *, fits: bool) -> str:
    """`Klart vecka 26.`, and whether that is too late; of a plan that does not fit only that it is also too late."""
    end = last_week_of(plan, portfolio)
    on_time = must_finish_by is None or sunday(end) <= must_finish_by
    if not fits:
        late = f"Planen slutar dessutom {week_told(end, now)}, efter den sista dagen, {long_day(must_finish_by)}."
        return "" if on_time else late
    told = f"Klart {week_told(end, now)}."
    return told if on_time else f"{told} Det är efter den sista dagen, {long_day(must_finish_by)}."

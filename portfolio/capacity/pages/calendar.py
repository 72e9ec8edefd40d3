"""Uppehåll och sänkta tak: the weeks in which nothing runs, and those in which a unit carries less."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.base.text import NBSP
from portfolio.base.time import this_week
from portfolio.base.weeks import week_number, week_year
from portfolio.capacity import queries
from portfolio.capacity.actions import calendar as actions
from portfolio.capacity.pages.blueprint import units as pages
from portfolio.capacity.pages.clashes import shown_clashes, tell_what_follows
from portfolio.capacity.pages.forms import NO_ERRORS, LoweredLimitForm, StandstillForm, read_period
from portfolio.capacity.rules.limits import bounds_of
from portfolio.capacity.rules.picture import WeekHead, week_heads
from portfolio.capacity.rules.sentences import numbered
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_restore_limit, may_set_limits
from portfolio.units import queries as units
from portfolio.units.models import LoweredLimitRow, StandstillRow, UnitRow
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors
from portfolio.web.fragments import see, show

WEEKS = 52


class YearWeek(NamedTuple):
    """One week of a unit's year: its classes, what is seen and what is heard."""

    css: str
    shown: str
    label: str


class Year(NamedTuple):
    """A unit's year: what it carries week by week."""

    name: str
    code: str
    weeks: Sequence[YearWeek]


class Listed(NamedTuple):
    """A lowered limit in the list; `may_change` for those who may take it away."""

    row: LoweredLimitRow
    unit: UnitRow
    when: str
    may_change: bool


@pages.get("/kalender")
@requires(May.READ_DECIDED)
def calendar() -> Response:
    """A year of standstills and lowered limits, and what collides because of them."""
    at, by = now(), me()
    portfolio = queries.whole_portfolio(since=this_week(at))
    rows = {unit.id: unit for unit in units.all_units()}
    lowered = [_listed(row, rows[row.unit_id], by) for row in units.lowered_limits()]
    return show(
        "units/calendar.html",
        weeks=_heads(at),
        years=_years(at),
        standstills=[(row, when(row)) for row in units.standstills()],
        lowered=lowered,
        clashes=shown_clashes(queries.open_conflicts(at), portfolio, at),
        may_set_calendar=may(by, May.SET_CALENDAR),
        may_lower=may(by, May.SET_OWN_LIMITS) or may(by, May.SET_ALL_LIMITS),
    )


def _listed(row: LoweredLimitRow, unit: UnitRow, by: Actor) -> Listed:
    above = units.ids_above(unit.id)
    return Listed(row, unit, when(row), may_restore_limit(by, above, confirmed=unit.limits_confirmed))


def when(row: StandstillRow | LoweredLimitRow) -> str:
    """`v. 24–34 varje år`, `v. 52–53 2026` or `v. 50 2026–2 2027`."""
    first, last = week_number(row.from_week), week_number(row.to_week)
    begins = (
        "" if row.yearly or week_year(row.from_week) == week_year(row.to_week) else f" {week_year(row.from_week)}"
    )
    weeks = str(first) if first == last and not begins else f"{first}{begins}–{last}"
    return f"v.{NBSP}{weeks} {'varje år' if row.yearly else week_year(row.to_week)}"


def _heads(at: datetime) -> list[WeekHead]:
    week = this_week(at)
    return week_heads(week, WEEKS, week)


def _years(at: datetime) -> list[Year]:
    """The municipality's year first, then each unit whose limit is lowered some week."""
    first, holidays, tree = this_week(at), queries.calendar(), queries.tree()
    weeks = range(first, first + WEEKS)
    stands = [holidays.stands_still(week) for week in weeks]
    everybody = Year(
        "Hela kommunen", "", [_standing(one, week == first) for one, week in zip(stands, weeks, strict=True)]
    )
    years = [everybody]
    for row in units.all_units():
        unit = tree.units[row.code]
        if unit.lowered:
            bounds = [bounds_of(unit, week) for week in weeks]
            days = [
                _lowered(still, one.limit_reason or one.parallel_reason, one.limit, week == first)
                for still, one, week in zip(stands, bounds, weeks, strict=True)
            ]
            years.append(Year(row.name, row.code, days))
    return years


def _standing(stands_still: bool, is_now: bool) -> YearWeek:
    css = " now" if is_now else ""
    return YearWeek("lvl-stand" + css, "–", "uppehåll") if stands_still else YearWeek("lvl-free" + css, "", "")


def _lowered(stands_still: bool, reason: str | None, limit: int | None, is_now: bool) -> YearWeek:
    if stands_still or reason is None:
        return _standing(stands_still, is_now)
    shown = "↓" if limit is None else str(limit)
    return YearWeek("lvl-low" + (" now" if is_now else ""), shown, f"tak {shown}, {reason}")


@pages.get("/kalender/uppehall")
@requires(May.SET_CALENDAR)
def new_standstill() -> Response:
    """The form to add a standstill."""
    return _standstill_page({}, NO_ERRORS)


@pages.post("/kalender/uppehall")
@requires(May.SET_CALENDAR)
def add_standstill() -> BaseResponse:
    """Add a standstill; every plan that runs through it moves, and what collides is shown."""
    try:
        form = read_period(StandstillForm(), request.form, this_week(now()))
        with transaction():
            made = actions.add_standstill(**form, by=me(), now=now())
    except Invalid as error:
        return _standstill_page(request.form, error.errors, status=422)
    told = f"Uppehållet {form['reason']} är tillagt."
    if made.prolonged:
        told += f" {numbered(made.prolonged, 'initiativ blir klart', 'initiativ blir klara')} senare."
    tell_what_follows(told, made.conflicts, now())
    return see("units.calendar")


def _standstill_page(values: Mapping[str, Any], errors: Errors, *, status: int = 200) -> Response:
    return show("units/standstill.html", status=status, values=values, errors=errors)


@pages.post("/kalender/uppehall/<int:standstill_id>/ta-bort")
@requires(May.SET_CALENDAR)
def remove_standstill(standstill_id: int) -> BaseResponse:
    """Take away a standstill; the plans move back."""
    reason = units.standstill(standstill_id).reason
    with transaction():
        opened = actions.remove_standstill(standstill_id, by=me(), now=now())
    tell_what_follows(f"Uppehållet {reason} är borttaget.", opened, now())
    return see("units.calendar")


@pages.get("/kalender/sankt-tak")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def new_lowered_limit() -> Response:
    """The form to lower a limit for some weeks."""
    return _lowered_page({"unit": request.args.get("enhet")}, NO_ERRORS)


@pages.post("/kalender/sankt-tak")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def lower_limit() -> BaseResponse:
    """Lower a limit for some weeks; what collides because of it is shown at once."""
    try:
        form = read_period(LoweredLimitForm(), request.form, this_week(now()))
        code = form.pop("unit")
        with transaction():
            _, opened = actions.lower_limit(code, **form, by=me(), now=now())
    except Invalid as error:
        return _lowered_page(request.form, error.errors, status=422)
    tell_what_follows(f"Taket för {units.unit_by_code(code).name} är sänkt.", opened, now())
    return see("units.show", code=code)


def _lowered_page(values: Mapping[str, Any], errors: Errors, *, status: int = 200) -> Response:
    mine = [(row.code, row.name) for row in units.all_units() if may_set_limits(me(), units.ids_above(row.id))]
    return show("units/lowered_limit.html", status=status, values=values, errors=errors, units=mine)


@pages.post("/enheter/<code>/sankta-tak/<int:lowered_id>/ta-bort")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def restore_limit(code: str, lowered_id: int) -> BaseResponse:
    """Take away a lowered limit."""
    name = units.unit_by_code(code).name
    with transaction():
        actions.restore_limit(code, lowered_id, by=me(), now=now())
    tell(f"Det sänkta taket för {name} är borttaget.")
    return see("units.show", code=code)

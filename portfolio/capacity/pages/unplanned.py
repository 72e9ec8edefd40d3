"""Oplanerade händelser: what has come over a unit without anybody's decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.portfolio import the_portfolio
from portfolio.base.text import NBSP
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, week_number, week_year
from portfolio.capacity import queries
from portfolio.capacity.actions import unplanned as actions
from portfolio.capacity.actions.unplanned import Happening
from portfolio.capacity.models import UnplannedEventRow
from portfolio.capacity.pages.blueprint import units as pages
from portfolio.capacity.pages.clashes import tell_what_follows
from portfolio.capacity.pages.forms import NO_ERRORS, HappeningForm, read_period
from portfolio.capacity.rules.tree import Tree
from portfolio.people.access import me, requires
from portfolio.people.rules import May, ensure, may_set_limits
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors
from portfolio.web.fragments import see, show

LEVELS = ((1, "Liten"), (2, "Märkbar"), (3, "Stor"))


class Listed(NamedTuple):
    """An unplanned event in a unit's list; `may_change` for those who may tell how it goes."""

    row: UnplannedEventRow
    unit: UnitRow
    when: str
    may_change: bool


def happenings_on(unit: UnitRow, tree: Tree, at: datetime) -> list[Listed]:
    """What is unplanned on a unit and below it, and not over yet."""
    ids, rows = units.ids_by_code(), {row.id: row for row in units.all_units()}
    inside = [ids[code] for code in (unit.code, *tree.below(unit.code))]
    return [
        Listed(row, rows[row.unit_id], _when(row), may_set_limits(me(), units.ids_above(row.unit_id)))
        for row in queries.unplanned_events_on(inside, at)
    ]


def _when(row: UnplannedEventRow) -> str:
    """`v. 48 2026–3 2027`, or `från v. 48 2026, slutet är inte känt`."""
    if row.to_week is None:
        return f"från {_week(row.from_week)}, slutet är inte känt"
    if week_year(row.from_week) != week_year(row.to_week):
        return f"{_week(row.from_week)}–{week_number(row.to_week)} {week_year(row.to_week)}"
    numbers = dict.fromkeys((week_number(row.from_week), week_number(row.to_week)))
    return f"v.{NBSP}{'–'.join(map(str, numbers))} {week_year(row.to_week)}"


def _week(week: Week) -> str:
    return f"v.{NBSP}{week_number(week)} {week_year(week)}"


@pages.get("/enheter/<code>/handelser/ny")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def new_happening(code: str) -> Response:
    """The form to register an unplanned event."""
    unit = _mine(code)
    return _page(unit, None, {"from_week": _week(this_week(now()))}, NO_ERRORS)


@pages.post("/enheter/<code>/handelser/ny")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def register_happening(code: str) -> BaseResponse:
    """Register an unplanned event; the map is worked out again, and what collides is shown at once."""
    try:
        told, _ = _told()
        with transaction():
            _, opened = actions.register_event(code, told, by=me(), now=now())
    except Invalid as error:
        return _page(_mine(code), None, request.form, error.errors, status=422)
    tell_what_follows(f"{told.reason} är registrerad och räknas in i belastningen.", opened, now())
    return see("units.show", code=code)


@pages.get("/handelser/<int:event_id>")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def edit_happening(event_id: int) -> Response:
    """The form to tell how an unplanned event has turned out."""
    row, unit = _row_and_unit(event_id)
    to_week = "" if row.to_week is None else _week(row.to_week)
    values = {"level": row.level, "from_week": _week(row.from_week), "to_week": to_week, "reason": row.reason}
    return _page(unit, row, values | {"version": row.version}, NO_ERRORS)


@pages.post("/handelser/<int:event_id>")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def change_happening(event_id: int) -> BaseResponse:
    """Tell how an unplanned event has turned out; what collides because of it is shown at once."""
    try:
        told, version = _told()
        with transaction():
            opened = actions.change_event(event_id, told, version=version, by=me(), now=now())
    except Invalid as error:
        row, unit = _row_and_unit(event_id)
        return _page(unit, row, request.form, error.errors, status=422)
    except Stale as error:
        row, unit = _row_and_unit(event_id)
        values = request.form.to_dict() | {"version": str(error.current)}
        over = "Händelsen är redan avslutad." if row.ended_at else "Någon annan ändrade händelsen nyss. Spara igen."
        return _page(unit, row, values, {"_form": [over]}, status=412)
    tell_what_follows(f"{told.reason} är ändrad.", opened, now())
    return see("units.show", code=_row_and_unit(event_id)[1].code)


@pages.post("/handelser/<int:event_id>/avsluta")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def end_happening(event_id: int) -> BaseResponse:
    """The unplanned event is over."""
    with transaction():
        actions.end_event(event_id, by=me(), now=now())
    row, unit = _row_and_unit(event_id)
    tell(f"{row.reason} är över.")
    return see("units.show", code=unit.code)


def _told() -> tuple[Happening, int]:
    form = read_period(HappeningForm(), request.form, this_week(now()))
    version = form.pop("version")
    return Happening(**form), version


def _mine(code: str) -> UnitRow:
    unit = units.unit_by_code(code)
    ensure(may_set_limits(me(), units.ids_above(unit.id)))
    return unit


def _row_and_unit(event_id: int) -> tuple[UnplannedEventRow, UnitRow]:
    row = queries.unplanned_event(event_id)
    unit = current_session().get_one(UnitRow, row.unit_id)
    return row, _mine(unit.code)


def _page(
    unit: UnitRow, row: UnplannedEventRow | None, values: Mapping[str, Any], errors: Errors, *, status: int = 200
) -> Response:
    facts = {"levels": LEVELS, "drag_weeks": the_portfolio().drag_weeks}
    return show("units/happening.html", status=status, unit=unit, row=row, values=values, errors=errors, **facts)

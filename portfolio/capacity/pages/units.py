"""Enheter och tak: the tree of units, to read and to change."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.text import alphabetical
from portfolio.base.time import this_week, today
from portfolio.capacity import queries
from portfolio.capacity.actions import tree as actions
from portfolio.capacity.pages.blueprint import units as pages
from portfolio.capacity.pages.clashes import tell_what_follows
from portfolio.capacity.pages.forms import NO_ERRORS, NewUnitForm, UnitForm
from portfolio.capacity.rules.limits import Level
from portfolio.capacity.rules.load import load_map
from portfolio.capacity.rules.picture import worst_level
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may, may_confirm_limits
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import KIND_WORDS, UnitKind, has_limits, in_tree, never_came
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, read
from portfolio.web.fragments import see, show

SOON = 8
"""How many weeks ahead the list of units looks."""


class Listed(NamedTuple):
    """A unit in the list: its place in the tree, its worst level soon, and whether it still exists."""

    unit: UnitRow
    depth: int
    level: Level
    exists: bool
    lowered: int


@pages.get("/enheter")
@requires(May.READ_DECIDED)
def index() -> Response:
    """Every unit in the tree, with its limits."""
    at = now()
    portfolio = queries.whole_portfolio(since=this_week(at))
    cells = load_map(portfolio, this_week(at), this_week(at), SOON)
    living = units.living(today(at))
    rows = [
        Listed(
            unit,
            depth,
            worst_level(cells[unit.code]),
            unit in living,
            len(portfolio.tree.units[unit.code].lowered),
        )
        for unit, depth in in_tree(units.all_units(), None, 0)
        if not never_came(unit.valid_from, unit.valid_to)
    ]
    existing = [row for row in rows if row.exists]
    return show(
        "units/list.html",
        rows=existing,
        ended=[row for row in rows if not row.exists],
        unconfirmed=sum(not row.unit.limits_confirmed and has_limits(row.unit) for row in existing),
        without=sum(row.unit.kind == UnitKind.FORVALTNING and not has_limits(row.unit) for row in existing),
        kind_words=KIND_WORDS,
        may_shape=may(me(), May.SHAPE_UNITS),
    )


@pages.get("/enheter/ny")
@requires(May.SHAPE_UNITS)
def new() -> Response:
    """The form to add a unit."""
    return _new_page({"kind": UnitKind.FORVALTNING.value, "parent": request.args.get("under")}, NO_ERRORS)


@pages.post("/enheter/ny")
@requires(May.SHAPE_UNITS)
def add() -> BaseResponse:
    """Add a unit. Its limits are preliminary until its own chief, or the chair, has confirmed them."""
    by = me()
    try:
        form = read(NewUnitForm())
        with transaction():
            unit = actions.add_unit(form | {"limits_confirmed": may_confirm_limits(by, ())}, by=by, now=now())
            code, name = unit.code, unit.name
    except Invalid as error:
        return _new_page(request.form, error.errors, status=422)
    tell(f"{name} är tillagd.")
    return see("units.show", code=code)


def _new_page(values: Mapping[str, Any], errors: Errors, *, status: int = 200) -> Response:
    return show("units/new.html", status=status, values=values, errors=errors, **_choices(None))


def _choices(unit: UnitRow | None) -> dict[str, object]:
    others = sorted((row for row in units.all_units() if row is not unit), key=lambda row: alphabetical(row.name))
    return {
        "kinds": [(kind.value, KIND_WORDS[kind].capitalize()) for kind in UnitKind],
        "parents": [(row.code, row.name) for row in others],
    }


@pages.get("/enheter/<code>/andra")
@requires(May.SHAPE_UNITS)
def edit(code: str) -> Response:
    """The form to rename, move or end a unit."""
    row = units.unit_by_code(code)
    parent = units.codes_by_id().get(row.parent_id or 0)
    names = ("name", "kind", "headcount", "valid_from", "valid_to", "version")
    return _edit_page(row, {name: getattr(row, name) for name in names} | {"parent": parent}, NO_ERRORS)


@pages.post("/enheter/<code>/andra")
@requires(May.SHAPE_UNITS)
def save(code: str) -> BaseResponse:
    """Rename, move or end a unit; its load moves with it."""
    try:
        form = read(UnitForm())
        version = form.pop("version")
        with transaction():
            opened = actions.edit_unit(code, form, version=version, by=me(), now=now())
    except Invalid as error:
        return _edit_page(units.unit_by_code(code), request.form, error.errors, status=422)
    except Stale as error:
        values = request.form.to_dict() | {"version": str(error.current)}
        told = "Någon annan ändrade enheten nyss. Läs in sidan på nytt för att se hur, eller spara igen."
        return _edit_page(units.unit_by_code(code), values, {"_form": [told]}, status=412)
    tell_what_follows(f"{form['name']} är sparad.", opened, now())
    return see("units.show", code=code)


def _edit_page(row: UnitRow, values: Mapping[str, Any], errors: Errors, *, status: int = 200) -> Response:
    return show("units/edit.html", status=status, unit=row, values=values, errors=errors, **_choices(row))

"""One unit: what it carries, what it is asked to carry, and what collides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week
from portfolio.capacity import queries
from portfolio.capacity.actions import tree as actions
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.pages.blueprint import units as pages
from portfolio.capacity.pages.calendar import when
from portfolio.capacity.pages.clashes import shown_clashes, tell_what_follows
from portfolio.capacity.pages.forms import NO_ERRORS, LimitsForm
from portfolio.capacity.pages.unplanned import happenings_on
from portfolio.capacity.rules.load import Portfolio, Weight, effective_stretches, weight_on
from portfolio.capacity.rules.picture import (
    Row,
    Sentences,
    WeekHead,
    draw_cells,
    limit_text,
    points_of,
    sentences_of,
    week_heads,
    worst_level,
)
from portfolio.capacity.rules.presets import suggested_limit
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_confirm_limits, may_restore_limit, may_set_limits
from portfolio.units import queries as units
from portfolio.units.models import ReorganisationRow, UnitRow
from portfolio.units.rules import (
    KIND_WORDS,
    UnitKind,
    has_limits,
    has_wide_spans,
    in_tree,
    is_valid,
    wide_spans_told,
)
from portfolio.web.clock import now
from portfolio.web.forms import Errors, read
from portfolio.web.fragments import see, show

WEEKS = 26


@pages.get("/enheter/<code>", endpoint="show")
@requires(May.READ_DECIDED)
def show_unit(code: str) -> Response:
    """One unit: what it carries, what it is asked to carry, and what collides."""
    row = units.unit_by_code(code)
    values = {name: getattr(row, name) for name in ("limit", "max_parallel", "direct_reports", "version")}
    return _unit_page(row, values | _suggestion(), NO_ERRORS)


def _suggestion() -> dict[str, int]:
    """The limit that the small form of facts suggests; nothing unless it was sent with a figure."""
    headcount = request.args.get("antal", "").strip()
    if not headcount.isdecimal():
        return {}
    vacancies, spans = "vakanser" in request.args, "chefer" in request.args
    return {"limit": suggested_limit(int(headcount[:9]), many_vacancies=vacancies, wide_spans=spans)}


@pages.post("/enheter/<code>")
@requires(May.SET_OWN_LIMITS, May.SET_ALL_LIMITS)
def set_limits(code: str) -> BaseResponse:
    """Set what a unit carries. What its own chief sets is confirmed; what others set for the first time is not."""
    by, row = me(), units.unit_by_code(code)
    name = row.name
    try:
        form = read(LimitsForm())
        version = form.pop("version")
        with transaction():
            opened = actions.edit_unit(code, form | _confirmed(code, by), version=version, by=by, now=now())
    except Invalid as error:
        return _unit_page(units.unit_by_code(code), request.form, error.errors, status=422)
    except Stale as error:
        return _stale_page(code, error)
    tell_what_follows(f"Taket för {name} är sparat.", opened, now())
    return see("units.show", code=code)


def _confirmed(code: str, by: Actor) -> dict[str, bool]:
    row = units.unit_by_code(code)
    if may_confirm_limits(by, units.ids_above(row.id)):
        return {"limits_confirmed": True}
    return {} if has_limits(row) else {"limits_confirmed": False}


def _stale_page(code: str, error: Stale) -> Response:
    """Somebody else was first: their figures are told, and what was typed stays until it is saved once more."""
    row = units.unit_by_code(code)
    told = {name: getattr(row, name) for name in ("max_parallel", "limit", "direct_reports")}
    errors = {name: [f"Någon annan har just sparat {_figure(value)} här."] for name, value in told.items()}
    values = request.form.to_dict() | {"version": str(error.current)}
    return _unit_page(row, values, errors, status=412)


def _figure(value: int | None) -> str:
    return "ett tomt fält" if value is None else str(value)


@pages.post("/enheter/<code>/bekrafta")
@requires(May.SET_OWN_LIMITS)
def confirm(code: str) -> BaseResponse:
    """The förvaltningschef confirms the limits; from now on they stop what does not fit."""
    name = units.unit_by_code(code).name
    with transaction():
        opened = actions.confirm_limits(code, by=me(), now=now())
    tell_what_follows(f"Taket för {name} är bekräftat och gäller från och med nu.", opened, now())
    return see("units.show", code=code)


class Strip(NamedTuple):
    """The unit's own rows of the load map: itself, then the units below it."""

    weeks: Sequence[WeekHead]
    rows: Sequence[Row]
    list: Sequence[Sentences]


class Carried(NamedTuple):
    """An initiative on the unit: its highest impact from now on, where it lies, and its last week there."""

    code: str
    title: str
    weight: Weight
    places: Sequence[str]
    last: Week


def _unit_page(row: UnitRow, values: Mapping[str, Any], errors: Errors, *, status: int = 200) -> Response:
    at, by = now(), me()
    portfolio = queries.whole_portfolio(since=this_week(at))
    cells = queries.load_of_units(portfolio, this_week(at), this_week(at), WEEKS)
    above = units.ids_above(row.id)
    return show(
        "units/show.html",
        status=status,
        unit=row,
        kind_word=KIND_WORDS[UnitKind(row.kind)].capitalize(),
        trail=_trail(row, above),
        now_cell=cells[row.code][0],
        now_points=points_of(cells[row.code][0]) if cells[row.code][0].load is not None else "",
        wide_spans=_wide_spans(row),
        most_direct_reports=the_portfolio().most_direct_reports,
        strip=_strip(row, portfolio, cells, this_week(at)),
        lowered=[(one, when(one)) for one in units.lowered_limits(row.id)],
        happenings=happenings_on(row, portfolio.tree, at),
        clashes=shown_clashes(_conflicts_on(row, portfolio, at), portfolio, at),
        carried=_carried(row.code, portfolio, this_week(at)),
        values=values,
        errors=errors,
        is_suggested="antal" in request.args,
        asked=request.args,
        may_shape=may(by, May.SHAPE_UNITS),
        may_set=may_set_limits(by, above),
        may_restore=may_restore_limit(by, above, confirmed=row.limits_confirmed),
        may_confirm=may_confirm_limits(by, above) and not row.limits_confirmed and has_limits(row),
        is_preliminary=not row.limits_confirmed and has_limits(row),
        exists=is_valid(row.valid_from, row.valid_to, today(at)),
        becomes=_becomes(row),
    )


def _becomes(row: UnitRow) -> list[tuple[ReorganisationRow, list[tuple[str, str]]]]:
    """What becomes of the unit, with the code and name of those before or after it: history stays, links lead on."""
    names = {unit.id: (unit.code, unit.name) for unit in units.all_units()}
    found: dict[int, tuple[ReorganisationRow, list[tuple[str, str]]]] = {}
    for one, change in units.unit_changes():
        met = {change.unit_id, change.other_id}
        if change.what != "staff" and row.id in met:
            _, others = found.setdefault(one.id, (one, []))
            others += [names[unit_id] for unit_id in met - {row.id} if unit_id is not None]
    return list(found.values())


def _wide_spans(row: UnitRow) -> str:
    """The warning where some chef of the unit has too many direct reports; else empty."""
    most = the_portfolio().most_direct_reports
    if not has_wide_spans(row.direct_reports, most):
        return ""
    return f"{wide_spans_told(most)}. Någon har {row.direct_reports}."


def _trail(row: UnitRow, above: Sequence[int]) -> list[tuple[str, str]]:
    by_id = {unit.id: unit for unit in units.all_units()}
    parents = [by_id[unit_id] for unit_id in reversed(above) if unit_id != row.id]
    start = ("Enheter och tak", url_for("units.index"))
    return [start, *((parent.name, url_for("units.show", code=parent.code)) for parent in parents)]


def _strip(row: UnitRow, portfolio: Portfolio, cells: Mapping[str, Any], week: Week) -> Strip:
    shown, excepted = [(row, 0), *in_tree(units.all_units(), row.id, 1)], queries.excepted_weeks(now())
    rows = [
        Row(
            unit.code,
            unit.name,
            url_for("units.show", code=unit.code),
            min(depth, 2),
            limit_text(portfolio.tree.units[unit.code], cells[unit.code]),
            worst_level(cells[unit.code]),
            draw_cells(
                cells[unit.code],
                now=week,
                base=url_for("overview.cell", code=unit.code, week="-").removesuffix("-"),
                excepted=excepted.get(unit.code, ()),
            ),
        )
        for unit, depth in shown
    ]
    lines = [sentences_of(unit.name, rows[at].href, cells[unit.code], week) for at, (unit, _) in enumerate(shown)]
    return Strip(week_heads(week, WEEKS, week), rows, lines)


def _conflicts_on(row: UnitRow, portfolio: Portfolio, at: datetime) -> Sequence[ConflictRow]:
    inside = [units.ids_by_code()[code] for code in (row.code, *portfolio.tree.below(row.code))]
    return queries.open_conflicts(at, ConflictRow.unit_id.in_(inside))


def _carried(code: str, portfolio: Portfolio, week: Week) -> list[Carried]:
    """The counting initiatives on the unit or below it, the heaviest first."""
    titles, names = queries.titles(), {unit.code: unit.name for unit in units.all_units()}
    inside = {code, *portfolio.tree.below(code)}
    landing = {one for one, _, last, _ in portfolio.landings(week).get(code, ()) if last >= week}
    found = []
    for commitment in (portfolio.commitments[one] for one in sorted(landing & portfolio.commitments.keys())):
        stretches = effective_stretches(commitment, week, portfolio.drag_weeks)
        ahead = [one for one in stretches if one.last >= week and inside & set(one.impacts)]
        if ahead:
            weights = [weight_on(code, one.impacts, portfolio.tree) or Weight() for one in ahead]
            places = sorted({names[unit] for one in ahead for unit in one.impacts if unit in inside})
            heaviest = Weight(max(one.load for one in weights), max(one.unrated for one in weights))
            title = titles[commitment.code]
            found.append(Carried(commitment.code, title, heaviest, places, ahead[-1].last))
    return sorted(found, key=lambda one: (-one.weight.load, one.code))

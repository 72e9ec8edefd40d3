"""One change of the organisation in steps: what and when, what becomes of what stands there, a look, the decision.

What has been typed goes along in the form from step to step; nothing is stored before the decision.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.text import alphabetical
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week
from portfolio.capacity.pages.clashes import tell_what_follows
from portfolio.capacity.rules.limits import Unit
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.picture import (
    Row,
    Sentences,
    WeekHead,
    draw_cells,
    limit_text,
    sentences_of,
    week_heads,
    worst_level,
)
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.reorganisation import queries
from portfolio.reorganisation.actions.deciding import reorganise
from portfolio.reorganisation.actions.rehearsing import WEEKS_SHOWN, Prospect, rehearse
from portfolio.reorganisation.pages.blueprint import reorganisation
from portfolio.reorganisation.pages.forms import BELOW, SHARE, STAFF, wanted_of
from portfolio.reorganisation.rules import KIND_WORDS, Kind, Split, Wanted
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.forms import Errors
from portfolio.web.fragments import see, show

NO_ERRORS: Errors = {}
CARRIED_NOT = ("csrf_token", "step")


class Picture(NamedTuple):
    """One map as templates/shared/loadmap.html draws it."""

    weeks: Sequence[WeekHead]
    rows: Sequence[Row]
    list: Sequence[Sentences]


@reorganisation.get("/enheter/organisation/<kind>")
@requires(May.SHAPE_UNITS)
def prepare(kind: str) -> Response:
    """The first step: what changes, and from when."""
    return _what(_kind(kind), MultiDict(request.args), NO_ERRORS)


@reorganisation.post("/enheter/organisation/<kind>")
@requires(May.SHAPE_UNITS)
def take_step(kind: str) -> BaseResponse:
    """The next step, as the pressed button says; back to the first where something cannot be."""
    chosen, step, at = _kind(kind), request.form.get("step", ""), now()
    if step == "what":
        return _what(chosen, request.form, NO_ERRORS)
    try:
        wanted, week = wanted_of(chosen, request.form, this_week(at))
        if step == "decide":
            return _decide(wanted, week, at)
        found = rehearse(wanted, week, by=me(), now=at)
    except Invalid as error:
        return _what(chosen, request.form, error.errors, status=422)
    if step == "standing" and chosen in (Kind.MERGE, Kind.SPLIT):
        return _standing(chosen, wanted, week, at)
    return _look(chosen, found, week, at)


def _decide(wanted: Wanted, week: Week, at: datetime) -> BaseResponse:
    with transaction():
        row, opened = reorganise(wanted, week, by=me(), now=at)
        told = row.told
    tell_what_follows(f"Beslutat: {told}.", opened, at)
    return see("reorganisation.index")


def _kind(written: str) -> Kind:
    try:
        return Kind(written)
    except ValueError:
        raise NotFound from None


def _what(kind: Kind, values: "MultiDict[str, str]", errors: Errors, *, status: int = 200) -> Response:
    living = sorted(units.living(today(now())), key=lambda row: alphabetical(row.name))
    return show(
        "reorganisation/what.html",
        status=status,
        kind=kind,
        heading=KIND_WORDS[kind],
        units=[(row.code, row.name) for row in living],
        chosen=values.getlist("units"),
        values=values,
        errors=errors,
        carried=_carried(values, SHARE, STAFF, BELOW),
    )


def _carried(values: "MultiDict[str, str]", *beginnings: str) -> list[tuple[str, str]]:
    """The hidden fields of a step: all that was typed in others, or what begins with some words."""
    pairs = [(name, value) for name, value in values.items(multi=True) if name not in CARRIED_NOT]
    return [pair for pair in pairs if not beginnings or pair[0].startswith(beginnings)]


def _standing(kind: Kind, wanted: Wanted, week: Week, at: datetime) -> Response:
    ids = units.ids_by_code()
    standing = queries.standing_on([ids[code] for code in wanted.units], at)
    met = {} if isinstance(wanted, Split) else queries.met_from(standing.initiatives, wanted.units, week, at)
    here = [(name, value) for name, value in _carried(request.form) if not name.startswith((SHARE, STAFF, BELOW))]
    return show(
        "reorganisation/standing.html",
        kind=kind,
        heading=KIND_WORDS[kind],
        week=week,
        standing=standing,
        following=[one for one in standing.initiatives if met.get(one.code)],
        on_several=[one for one in standing.initiatives if len(met.get(one.code, ())) > 1],
        into=wanted.into if isinstance(wanted, Split) else (),
        values=request.form,
        carried=here,
    )


def _look(kind: Kind, found: Prospect, week: Week, at: datetime) -> Response:
    before, after = _pictures(found, this_week(at))
    on_units = [clash for clash in found.clashes if clash.unit is not None]
    return show(
        "reorganisation/look.html",
        kind=kind,
        heading=KIND_WORDS[kind],
        told=found.told,
        week=week,
        before=before,
        after=after,
        is_over=any(row.worst_level == "over" for row in after.rows),
        clashes=[(clash.sentence(found.names[clash.unit or ""]), clash.codes) for clash in on_units],
        is_now=week == this_week(at),
        has_standing=kind in (Kind.MERGE, Kind.SPLIT),
        carried=_carried(request.form),
    )


def _pictures(found: Prospect, week: Week) -> tuple[Picture, Picture]:
    """Both maps of the units whose weeks change, or that come or go."""
    changed = [
        code
        for code in found.after
        if code not in found.before or _figures(found.before[code]) != _figures(found.after[code])
    ]
    return _picture(changed, found.before, found, week), _picture(changed, found.after, found, week)


def _figures(cells: Sequence[Cell]) -> list[object]:
    return [(cell.load, cell.parallel, cell.level) for cell in cells]


def _picture(codes: Sequence[str], cells: Mapping[str, Sequence[Cell]], found: Prospect, week: Week) -> Picture:
    shown = [code for code in codes if code in cells]
    heads = week_heads(found.first, WEEKS_SHOWN, week)
    rows = [_row(code, found.names[code], found.units[code], cells[code], week) for code in shown]
    lines = [sentences_of(row.name, row.href, cells[row.code], week) for row in rows]
    return Picture(heads, rows, lines)


def _row(code: str, name: str, unit: Unit, cells: Sequence[Cell], week: Week) -> Row:
    is_there = code in units.ids_by_code()
    href = url_for("units.show", code=code) if is_there else url_for("units.index")
    return Row(code, name, href, 0, limit_text(unit, cells), worst_level(cells), draw_cells(cells, now=week, base=""))

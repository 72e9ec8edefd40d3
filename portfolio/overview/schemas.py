"""The shape of the load map for programs, in the API and in the terminal as JSON; and of the event log."""

import json
from collections.abc import Mapping, Sequence

from marshmallow import fields, validate

from portfolio.base.weeks import format_week
from portfolio.capacity.rules.conflicts import CellKey
from portfolio.capacity.rules.limits import SEVERITY, exceeds
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.schemas import CODE_LENGTH, Json
from portfolio.outbox.models import EventRow
from portfolio.units.models import UnitRow
from portfolio.web.addresses import LARGEST_ID
from portfolio.web.calls import MOST_PER_PAGE, QueryNumber
from portfolio.web.fields import Choice, Form, Text
from portfolio.web.strict import IsoWeek, View

MOST_WEEKS = 260
USUAL_WEEKS = 26
LEVELS = ("standstill", "no_limit", *SEVERITY)


class LoadQuery(Form):
    """Which weeks and units. Without `from` the current week is the first; `include=proposals` draws them too."""

    first = IsoWeek(data_key="from", load_default=None)
    weeks = QueryNumber(1, MOST_WEEKS, load_default=USUAL_WEEKS)
    unit = Text(CODE_LENGTH, load_default=None)
    include = fields.List(Choice(("proposals",)), load_default=list)


class CellView(View):
    """One unit in one week. In a standstill every figure is null. It does not tell whether the unit exists.

    `exception` tells that the cell is over and that exceptions in force cover all of it; `worse_below` that some
    unit below has a worse level. `proposals` is what all proposals would add if each came in its wished week.
    """

    week = IsoWeek()
    points = fields.Integer(allow_none=True, data_key="load")
    limit = fields.Integer(allow_none=True)
    parallel = fields.Integer(allow_none=True)
    max_parallel = fields.Integer(allow_none=True)
    unrated = fields.Integer(allow_none=True)
    level = fields.String(validate=validate.OneOf(LEVELS))
    exception = fields.Boolean()
    worse_below = fields.Boolean()
    proposals = fields.Integer(allow_none=True, metadata={"optional": True})


class UnitLoadView(View):
    """A unit's row of the load map."""

    code = fields.String()
    name = fields.String()
    parent = fields.String(allow_none=True)
    cells = fields.List(fields.Nested(CellView))


class LoadView(View):
    """The load map: every unit, or the one that was asked for, week by week."""

    first = IsoWeek(data_key="from")
    weeks = fields.List(IsoWeek())
    units = fields.List(fields.Nested(UnitLoadView))


def load_view(
    units: Sequence[UnitRow],
    cells: Mapping[str, Sequence[Cell]],
    covers: Mapping[CellKey, int],
    proposals: Mapping[str, Sequence[int]],
    weeks: range,
) -> Json:
    """The load map as LoadView has it.

    `cells` has a row for each unit to be shown, `covers` the most that exceptions allow, `proposals` the points
    that proposals add, week by week; empty when nobody asked for them.
    """
    codes = {row.id: row.code for row in units}
    shown = [row for row in units if row.code in cells]
    return {
        "from": format_week(weeks[0]),
        "weeks": [format_week(week) for week in weeks],
        "units": [
            {
                "code": row.code,
                "name": row.name,
                "parent": None if row.parent_id is None else codes[row.parent_id],
                "cells": _cells_of(row.code, cells[row.code], covers, proposals.get(row.code)),
            }
            for row in shown
        ],
    }


def _cells_of(
    unit: str, cells: Sequence[Cell], covers: Mapping[CellKey, int], proposals: Sequence[int] | None
) -> list[Json]:
    views = [_cell_view(unit, cell, covers) for cell in cells]
    if proposals is not None:
        for view, cell, points in zip(views, cells, proposals, strict=False):
            view["proposals"] = None if cell.level == "standstill" else points
    return views


def _cell_view(unit: str, cell: Cell, covers: Mapping[CellKey, int]) -> Json:
    return {
        "week": format_week(cell.week),
        "load": cell.load,
        "limit": cell.bounds.limit,
        "parallel": cell.parallel,
        "max_parallel": cell.bounds.max_parallel,
        "unrated": cell.unrated,
        "level": cell.level,
        "exception": cell.level == "over" and _is_covered(unit, cell, covers),
        "worse_below": cell.worse_below,
    }


def _is_covered(unit: str, cell: Cell, covers: Mapping[CellKey, int]) -> bool:
    """Whether exceptions allow all that the cell is over by."""
    measures = (("load", cell.load, cell.bounds.limit), ("parallel", cell.parallel, cell.bounds.max_parallel))
    return all(
        value <= covers.get(CellKey(unit, None, cell.week, measure), -1)  # type: ignore[arg-type]
        for measure, value, limit in measures
        if value is not None and exceeds(value, limit)
    )


class EventsQuery(Form):
    """Which events: those after a number, 0 for the first, and at most so many."""

    after = QueryNumber(0, LARGEST_ID, load_default=0)
    limit = QueryNumber(1, MOST_PER_PAGE, load_default=MOST_PER_PAGE)


class EventView(View):
    """One fact. `seq` grows by one from event to event; `type` says which fields `data` has."""

    seq = fields.Integer()
    id = fields.String()
    type = fields.String()
    time = fields.String()
    actor = fields.String()
    subject = fields.String()
    details = fields.Dict(data_key="data")


class EventsView(View):
    """Some events in commit order. `next` is the `after` of the next page, null if there is none yet."""

    items = fields.List(fields.Nested(EventView))
    next = fields.String(allow_none=True)


def events_view(rows: Sequence[EventRow], limit: int) -> Json:
    """The events as EventsView has them. `rows` are those that were asked for, and one more if there is one."""
    shown = rows[:limit]
    return {
        "items": [_event_view(row) for row in shown],
        "next": str(shown[-1].seq) if len(rows) > limit else None,
    }


def _event_view(row: EventRow) -> Json:
    return {
        "seq": row.seq,
        "id": row.id,
        "type": row.type,
        "time": row.time.isoformat(),
        "actor": row.actor,
        "subject": row.subject,
        "data": json.loads(row.data),
    }

"""Upplevd belastning: what a unit has told beside what was computed, month by month, and a better limit."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flask import Response

from portfolio.base.text import out_of
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.receivers import queries
from portfolio.receivers.pages.blueprint import receivers
from portfolio.receivers.rules.felt import (
    ENOUGH_ANSWERS,
    FELT_WORDS,
    LEAST,
    MOST,
    Felt,
    Month,
    Proposal,
    by_month,
    proposed_limit,
)
from portfolio.receivers.rules.months import month_told
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.web.clock import now
from portfolio.web.fragments import show

LEFT, RIGHT, TOP, BOTTOM = 28, 300, 12, 148
"""The edges of the drawing's inside, in the units of its view box."""


class Told(NamedTuple):
    """A month in words: `november 2026`, `4 Tung`, `6 av 7`, and how many answers there are."""

    month: str
    felt: str
    computed: str
    answers: int


class FeltUnit(NamedTuple):
    """A unit that has told how heavy it feels: the newest month, and the limit that its answers speak for."""

    unit: UnitRow
    latest: Told
    proposal: Proposal | None
    answers: int


class Dot(NamedTuple):
    """A month in the drawing."""

    x: int
    y: int


class Drawing(NamedTuple):
    """Each month as a dot, computed load to the right and felt load upwards; where the limit and the ends are."""

    dots: Sequence[Dot]
    limit_x: int | None
    most: int
    heights: Sequence[tuple[int, int]]


@receivers.app_context_processor
def _offered() -> dict[str, Callable[..., object]]:
    """For the pages about units, which lie below this noun and cannot ask it."""
    return {"felt_units": felt_units, "felt_unit": felt_unit}


@receivers.get("/enheter/<code>/upplevd-belastning", endpoint="felt")
@requires(May.READ)
def show_felt(code: str) -> Response:
    """One unit's months, and what they say about its limit."""
    row = units.unit_by_code(code)
    answers = queries.felt_by_unit(now()).get(row.id, [])
    months = by_month(answers)
    return show(
        "receivers/felt.html",
        unit=row,
        found=_felt(row, answers) if answers else None,
        months=[_told(one) for one in months],
        drawing=_drawing(months, row.limit),
        enough=ENOUGH_ANSWERS,
    )


def felt_units() -> list[FeltUnit]:
    """Every unit that has told, in the order of the tree; nothing for whoever may not read it."""
    if not may(me(), May.READ):
        return []
    found = queries.felt_by_unit(now())
    return [_felt(row, found[row.id]) for row in units.all_units() if row.id in found]


def felt_unit(row: UnitRow) -> FeltUnit | None:
    """One of them; None if it has not told anything."""
    return next((one for one in felt_units() if one.unit.id == row.id), None)


def _felt(row: UnitRow, answers: Sequence[Felt]) -> FeltUnit:
    return FeltUnit(row, _told(by_month(answers)[0]), proposed_limit(answers, row.limit), len(answers))


def _told(one: Month) -> Told:
    felt, computed = f"{one.felt} {FELT_WORDS[one.felt]}", out_of(one.load, one.limit)
    return Told(month_told(one.month), felt, computed, one.answers)


def _drawing(months: Sequence[Month], limit: int | None) -> Drawing:
    most = max([1, limit or 0, *(one.load for one in months)])

    def across(load: int) -> int:
        return LEFT + round((RIGHT - LEFT) * load / most)

    heights = [(felt, BOTTOM - round((BOTTOM - TOP) * (felt - LEAST) / (MOST - LEAST))) for felt in FELT_WORDS]
    up = dict(heights)
    dots = [Dot(across(one.load), up[one.felt]) for one in months]
    return Drawing(dots, None if limit is None else across(limit), most, heights)

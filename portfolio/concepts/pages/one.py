"""One concept: what it says, how to use it, and how it has gone for those who have."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, url_for

from portfolio.base.time import today
from portfolio.base.weeks import Week
from portfolio.concepts import queries
from portfolio.concepts.models import ConceptRow
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.pages.using import LEADS, RECEIVES
from portfolio.concepts.pages.writing import may_write
from portfolio.concepts.rules.sheet import HEADER, origin_told, points_in, rows_of
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.proposal import every_department
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.queries.plans import units_touched
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiatives_by_id
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.units import queries as units
from portfolio.units.rules import chain_above
from portfolio.web.clock import now
from portfolio.web.filters import week_and_year
from portfolio.web.fragments import show


class Reuse(NamedTuple):
    """An initiative that was filled in from the concept: which units it touched, when, and what came of it."""

    text: str
    href: str
    units: str
    when: str
    status: Status
    result: str


class Unit(NamedTuple):
    """A unit to choose; `chosen` if it is the visitor's own."""

    code: str
    name: str
    chosen: bool


@concepts.get("/koncept/<int:concept_id>", endpoint="show")
@requires(May.READ_DECIDED)
def show_concept(concept_id: int) -> Response:
    """A concept's page."""
    row, by = queries.concept_row(concept_id), me()
    seen = [one for one in queries.filled_from(concept_id) if one.status in statuses_seen_by(by)]
    efforts = queries.efforts_in(row.efforts)
    departments = every_department()
    return show(
        "concepts/show.html",
        row=row,
        origin=origin_told(row.source, row.source_name),
        made_of=_made_of(row, statuses_seen_by(by)),
        number=queries.reuses().get(row.id, 0),
        reuses=_reuses(seen),
        steps=points_in(row.steps),
        pitfalls=points_in(row.pitfalls),
        header=HEADER,
        effort_rows=rows_of(efforts),
        total=sum(one.weeks for one in efforts),
        asks_who_leads=any(one.leading != 0 for one in efforts),
        leads=LEADS,
        receives=RECEIVES,
        departments=_choices([unit.id for unit in departments]),
        every_unit=_choices([unit.id for unit in units.units_to_choose(today(now()))]),
        may_use=may(by, May.PROPOSE),
        may_write=may_write(row),
    )


def _made_of(row: ConceptRow, seen: Sequence[str]) -> Initiative | None:
    found = [] if row.initiative_id is None else initiatives_by_id([row.initiative_id])
    return next((one for one in found if one.status in seen), None)


def _reuses(seen: Sequence[Initiative]) -> list[Reuse]:
    called = {unit.id: unit.name for unit in units.all_units()}
    results = queries.results_of([one.id for one in seen])
    return [
        Reuse(
            f"{one.code} {one.title}",
            url_for("initiatives.show", code=one.code),
            ", ".join(called[unit_id] for unit_id in sorted(units_touched(one))) or "Ingen vald ännu",
            _when(one.start_week) or str(today(one.created_at).year),
            status_of(one, now()),
            results.get(one.id, ""),
        )
        for one in seen
    ]


def _when(start: Week | None) -> str:
    return f"från {week_and_year(start)}" if start is not None else ""


def _choices(ids: Sequence[int]) -> list[Unit]:
    """These units in their order; the visitor's own, or the one above it that is among them, is chosen."""
    mine = me().unit_id
    above = [] if mine is None else [one for one in chain_above(mine, units.parents_by_id()) if one in ids]
    called = {unit.id: unit for unit in units.all_units()}
    return [Unit(called[one].code, called[one].name, one in above[:1]) for one in ids]

"""Mål: how the portfolio is spread over the styrkort, and what serves no goal yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.goals import queries
from portfolio.goals.pages.blueprint import goals
from portfolio.goals.rules import Served, Spread, spread_of, sums_of
from portfolio.initiatives.actions import editing
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by, statuses_seen_by
from portfolio.initiatives.queries.aims import aims_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_edit
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import Goal, GoalKind, Scorecard, Wording
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import number_in
from portfolio.web.fragments import see, show

MOST_LISTED = 50
"""Initiatives without a goal on the page; the list of initiatives has all of them."""

NOBODY = Served(0, 0)
CHOOSE_ONE = "Välj ett målområde."


class Area(NamedTuple):
    """A målområde as the table shows it; the widths are shares of the longest bar, in percent."""

    goal: Goal
    name: str
    units: str
    served: Served
    primary_width: int
    besides_width: int


class Direction(NamedTuple):
    """An inriktning with its målområden."""

    words: Wording
    areas: Sequence[Area]


class Programme(NamedTuple):
    """A programme: how many initiatives it has, and what they ask of all units in poängveckor."""

    goal: Goal
    words: Wording
    number: int
    points: int
    unrated: int


class Aimless(NamedTuple):
    """An open initiative without a primary målområde: what was said of its goal, and whether it may be set here."""

    initiative: Initiative
    status: Status
    may_set: bool


@goals.get("/mal")
@requires(May.READ_DECIDED)
def index() -> Response:
    """Everything at once: the styrkort is small."""
    return _page()


@goals.post("/mal/valj/<code>")
@requires(May.PROPOSE, May.EDIT_ALL)
def choose(code: str) -> BaseResponse:
    """Set the primary målområde of an initiative that has none."""
    chosen, card, by, at = request.form.get("goal_area", ""), scorecard(), me(), now()
    seen_by(by, code)
    try:
        if card.named(GoalKind.AREA, chosen, at) is None:
            raise Invalid({f"goal_area.{code}": [CHOOSE_ONE]})
        with transaction():
            version = number_in(request.form.get("version"))
            editing.edit(code, {"goal_area": chosen}, version=version, by=by, now=at)
    except Invalid as error:
        return _page(error.errors, status=422)
    tell(f"{code} bidrar nu till målet {chosen}.")
    return see("goals.index")


def _page(errors: Mapping[str, Sequence[str]] | None = None, *, status: int = 200) -> Response:
    by, at, card = me(), now(), scorecard()
    rows = queries.open_initiatives(statuses_seen_by(by))
    aims = aims_of(rows)
    spread = spread_of(aims.values())
    without = [row for row in rows if not aims[row.id].areas]
    return show(
        "goals/index.html",
        status=status,
        errors=errors or {},
        spread=spread,
        vision=next((goal.wording_at(at) for goal in card.in_force(GoalKind.VISION, at)), None),
        overall=[goal.wording_at(at) for goal in card.in_force(GoalKind.OVERALL, at)],
        directions=_directions(card, spread, at),
        programmes=_programmes(card, rows, at),
        without=[_aimless(row, by, at) for row in without[:MOST_LISTED]],
        areas=[(goal.name_at(at), goal.name_at(at)) for goal in card.in_force(GoalKind.AREA, at)],
        may_shape=may(by, May.SHAPE_SCORECARD),
        is_empty=not card.goals,
    )


def _directions(card: Scorecard, spread: Spread, at: datetime) -> list[Direction]:
    longest = max((sum(served) for served in spread.areas.values()), default=1)
    called = {unit.id: unit.name for unit in units.all_units()}
    areas = card.in_force(GoalKind.AREA, at)
    return [
        Direction(
            direction.wording_at(at),
            [_area(one, spread, longest, called, at) for one in areas if one.parent_id == direction.id],
        )
        for direction in card.in_force(GoalKind.DIRECTION, at)
    ]


def _area(goal: Goal, spread: Spread, longest: int, called: Mapping[int, str], at: datetime) -> Area:
    served = spread.areas.get(goal.id, NOBODY)
    names = ", ".join(called[unit_id] for unit_id in goal.unit_ids)
    widths = [round(100 * number / longest) for number in served]
    return Area(goal, goal.name_at(at), names, served, *widths)


def _programmes(card: Scorecard, rows: Sequence[Initiative], at: datetime) -> list[Programme]:
    found = []
    parts = [row for row in rows if row.programme_id is not None]
    steps = queries.steps_of(parts, at)
    for goal in card.in_force(GoalKind.PROGRAMME, at):
        mine = {row.id for row in parts if row.programme_id == goal.id}
        total = sums_of((step for step in steps if step.initiative_id in mine), ()).total
        found.append(Programme(goal, goal.wording_at(at), len(mine), total.points, total.unrated))
    return found


def _aimless(row: Initiative, by: Actor, at: datetime) -> Aimless:
    return Aimless(row, status_of(row, at), may_edit(by, row.owner_id, row.proposer_id))

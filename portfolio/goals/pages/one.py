"""One goal: its words through the years, the initiatives that serve it, and what they ask of each unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Response

from portfolio.base.errors import NotFound
from portfolio.base.time import this_week, today
from portfolio.capacity.rules.burden import Burden
from portfolio.goals import queries
from portfolio.goals.pages.blueprint import goals
from portfolio.goals.rules import Sums, sums_of
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.queries.aims import aims_of
from portfolio.initiatives.queries.filters import Filter, initiatives_in, number_of
from portfolio.initiatives.queries.lines import lines
from portfolio.initiatives.rules.statuses import OPEN, STATUS_WORDS, Status
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import LINKED, Goal, Scorecard, Wording
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.fragments import show

MOST_LISTED = 100
"""Initiatives on the page; the list of initiatives has all of them."""


class Row(NamedTuple):
    """A unit's load from what serves a goal, by status, and together."""

    name: str
    cells: Sequence[Burden | None]
    total: Burden


class Table(NamedTuple):
    """The load by unit and status in poängveckor, with a row for all units together."""

    statuses: Sequence[str]
    rows: Sequence[Row]
    total: Row


@goals.get("/mal/<int:goal_id>", endpoint="show")
@requires(May.READ_DECIDED)
def show_goal(goal_id: int) -> Response:
    """A målområde's or a programme's page."""
    by, at, card = me(), now(), scorecard()
    goal = card.goals.get(goal_id)
    if goal is None or goal.kind not in LINKED:
        raise NotFound
    wanted = Filter(statuses_seen_by(by), week=this_week(at), goal=goal_id)
    found = initiatives_in(wanted)
    still_open = [row for row in found if row.status in OPEN]
    aims = aims_of(found)
    primary = {row.code for row in found if aims[row.id].areas[:1] == (goal_id,)}
    called = {unit.id: unit.name for unit in units.all_units()}
    return show(
        "goals/show.html",
        goal=goal,
        words=goal.wording_at(at),
        above=_above(goal, card, at),
        earlier=_earlier(goal, at),
        is_over=goal not in card.in_force(goal.kind, at),
        answers=[called[unit_id] for unit_id in goal.unit_ids],
        open_number=len(still_open),
        number=number_of(wanted),
        lines=lines(wanted, "rank", descending=False, first=0, limit=MOST_LISTED, now=at),
        primary=primary,
        table=_table(sums_of(queries.steps_of(still_open, at), list(Status)), called),
        may_shape=may(by, May.SHAPE_SCORECARD),
    )


def _above(goal: Goal, card: Scorecard, at: datetime) -> Wording | None:
    return None if goal.parent_id is None else card.goals[goal.parent_id].wording_at(at)


def _earlier(goal: Goal, at: datetime) -> list[tuple[str, Wording]]:
    """Its other words, newest first, each with when they begin: `från 2027`, or only the year once they are over."""
    now_said, year = goal.wording_at(at), today(at).year
    others = [one for one in reversed(goal.wordings) if one is not now_said]
    return [(f"Från {one.first_year}" if one.first_year > year else str(one.first_year), one) for one in others]


def _table(sums: Sums, called: dict[int, str]) -> Table:
    rows = [
        Row(
            called[unit_id],
            [sums.of(unit_id, status) for status in sums.statuses],
            sums.of_unit(unit_id),
        )
        for unit_id in sums.unit_ids
    ]
    total = Row("Alla enheter", [sums.of_status(status) for status in sums.statuses], sums.total)
    return Table([STATUS_WORDS[Status(status)] for status in sums.statuses], rows, total)

"""Styrkortet as the administrator writes it: every goal, also what has been, and the form of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound, Stale
from portfolio.base.time import today
from portfolio.goals import actions
from portfolio.goals.pages.blueprint import goals
from portfolio.goals.schemas import GoalForm
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.scorecard.queries import goal_row, scorecard
from portfolio.scorecard.rules import GOAL_WORDS, LINKED, Goal, GoalKind
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, number_in, read
from portfolio.web.fragments import see, show

Values = Mapping[str, Any]

CHANGED_MEANWHILE = "Någon annan ändrade målet nyss. Läs igenom det du skrivit och spara igen om det ska gälla."


class Listed(NamedTuple):
    """One goal in the list: its name now, from and to which year, and what lies below it."""

    goal: Goal
    name: str
    years: str
    below: Sequence["Listed"]


@goals.get("/mal/styrkort")
@requires(May.SHAPE_SCORECARD)
def scorecard_list() -> Response:
    """Every goal there is, and those that have been."""
    card, at = scorecard(), now()
    listed = {goal.id: _listed(goal, at) for goal in card.goals.values()}
    areas = card.of_kind(GoalKind.AREA)
    kinds = []
    for kind in (GoalKind.VISION, GoalKind.OVERALL, GoalKind.DIRECTION, GoalKind.PROGRAMME):
        rows = [
            listed[goal.id]._replace(below=[listed[one.id] for one in areas if one.parent_id == goal.id])
            for goal in card.of_kind(kind)
        ]
        kinds.append((kind, rows))
    return show("goals/scorecard.html", kinds=kinds)


def _listed(goal: Goal, at: datetime) -> Listed:
    until = "" if goal.last_year is None else goal.last_year
    over = goal.last_year is not None and goal.last_year < today(at).year
    return Listed(goal, goal.name_at(at), f"{goal.first_year}–{until}{', gäller inte längre' if over else ''}", ())


@goals.get("/mal/styrkort/nytt/<kind>")
@requires(May.SHAPE_SCORECARD)
def new(kind: str) -> Response:
    """The form of a new goal; `?parent=` is the inriktning of a målområde."""
    values = {"first_year": today(now()).year, "parent": request.args.get("parent", "")}
    return _page(_kind(kind), values, {}, None)


@goals.post("/mal/styrkort/nytt/<kind>")
@requires(May.SHAPE_SCORECARD)
def add(kind: str) -> BaseResponse:
    """Add a goal."""
    try:
        fields = read(GoalForm())
        with transaction():
            actions.add_goal(
                _kind(kind),
                _words(fields),
                parent_id=fields["parent"],
                last_year=fields["last_year"],
                unit_codes=fields["units"],
                by=me(),
                now=now(),
            )
    except Invalid as error:
        return _page(_kind(kind), _typed(), error.errors, None, status=422)
    tell(f"{fields['name']} finns nu i styrkortet.")
    return see("goals.scorecard_list")


@goals.get("/mal/styrkort/<int:goal_id>")
@requires(May.SHAPE_SCORECARD)
def change(goal_id: int) -> Response:
    """The form of a goal, with its newest words."""
    goal = _goal(goal_id)
    return _page(goal.kind, _stored(goal), {}, goal)


@goals.post("/mal/styrkort/<int:goal_id>")
@requires(May.SHAPE_SCORECARD)
def save(goal_id: int) -> BaseResponse:
    """Keep what was changed of a goal."""
    goal = _goal(goal_id)
    try:
        fields = read(GoalForm())
        with transaction():
            actions.edit_goal(
                goal_id,
                _words(fields),
                last_year=fields["last_year"],
                unit_codes=fields["units"],
                version=number_in(request.form.get("version")),
                by=me(),
                now=now(),
            )
    except Invalid as error:
        return _page(goal.kind, _typed(), error.errors, goal, status=422)
    except Stale as error:
        seen_again = {**_typed(), "version": error.current}
        return _page(goal.kind, seen_again, {"_form": [CHANGED_MEANWHILE]}, goal, status=412)
    tell(f"{fields['name']} är sparat.")
    return see("goals.scorecard_list")


def _kind(written: str) -> GoalKind:
    if written not in set(GoalKind):
        raise NotFound
    return GoalKind(written)


def _goal(goal_id: int) -> Goal:
    goal = scorecard().goals.get(goal_id)
    if goal is None:
        raise NotFound
    return goal


def _words(fields: Mapping[str, Any]) -> actions.Words:
    names = ("name", "first_year", "text", "source", "source_year", "factors")
    return actions.Words(**{name: fields[name] for name in names})


def _typed() -> Values:
    return {**request.form, "units": request.form.getlist("units")}


def _stored(goal: Goal) -> Values:
    """The form as it opens: a change of words is meant to hold from this year on."""
    words, codes = goal.newest, units.codes_by_id()
    return {
        "name": words.name,
        "text": words.text,
        "source": words.source,
        "source_year": words.source_year,
        "factors": "\n".join(words.factors),
        "first_year": max(words.first_year, today(now()).year),
        "last_year": goal.last_year,
        "units": [codes[unit_id] for unit_id in goal.unit_ids],
        "version": goal_row(goal.id).version,
    }


def _page(kind: GoalKind, values: Values, errors: Errors, goal: Goal | None, *, status: int = 200) -> Response:
    card, at = scorecard(), now()
    directions = [(one.id, one.name_at(at)) for one in card.in_force(GoalKind.DIRECTION, at)]
    return show(
        "goals/edit.html",
        status=status,
        kind=kind,
        word=GOAL_WORDS[kind],
        goal=goal,
        values=values,
        errors=errors,
        directions=directions,
        units=_choices(values) if kind in LINKED else [],
        may_have_factors=kind is GoalKind.PROGRAMME,
    )


def _choices(values: Values) -> list[tuple[str, str]]:
    """The units that are there, and those that the goal holds for although they are gone."""
    return [(unit.code, unit.name) for unit in units.living(today(now()), values.get("units", []))]

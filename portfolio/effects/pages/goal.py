"""Effektmål: vad förändras, för vem, från, till, när."""

from dataclasses import asdict

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.time import today
from portfolio.effects import actions, queries
from portfolio.effects.pages.blueprint import effects
from portfolio.effects.pages.reading import to_write
from portfolio.effects.rules.goals import ACTIVITY_HINT, BENEFIT_WORDS, EffectGoal, is_activity
from portfolio.effects.schemas import GoalForm
from portfolio.initiatives.models import Initiative
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Typed, check, from_form, kept, number_in
from portfolio.web.fragments import see, show

NEW = 0
"""Stands in the address for an effektmål that is not there yet."""


@effects.get("/initiativ/<code>/effektmal/<int:goal_id>")
@requires(May.PROPOSE, May.EDIT_ALL)
def goal(code: str, goal_id: int) -> Response:
    """An effektmål to write; 0 is a new one."""
    initiative = to_write(code)
    values = {} if goal_id == NEW else _stored(initiative, goal_id)
    return _page(initiative, goal_id, Typed(values | {"version": str(initiative.version)}))


@effects.post("/initiativ/<code>/effektmal/<int:goal_id>")
@requires(May.PROPOSE, May.EDIT_ALL)
def keep_goal(code: str, goal_id: int) -> BaseResponse:
    """Keep what an effektmål says. One that sounds as something that is done is kept, with a hint."""
    to_write(code)
    try:
        given = EffectGoal(**check(GoalForm(), from_form(GoalForm(), request.form)))
        version = number_in(request.form.get("version"))
        with transaction():
            actions.write_goal(code, given, goal_id=goal_id or None, version=version, by=me(), now=now())
    except (Invalid, Stale) as error:
        return _page(to_write(code), goal_id, kept(error, request.form))
    tell("Effektmålet är sparat.")
    if is_activity(given.change):
        tell(ACTIVITY_HINT, kind="watch")
    return see("initiatives.show", code=code, _anchor="effects-title")


@effects.post("/initiativ/<code>/effektmal/<int:goal_id>/bort")
@requires(May.PROPOSE, May.EDIT_ALL)
def remove_goal(code: str, goal_id: int) -> BaseResponse:
    """Take an effektmål away."""
    to_write(code)
    version = number_in(request.form.get("version"))
    with transaction():
        actions.remove_goal(code, goal_id, version=version, by=me(), now=now())
    tell("Effektmålet är borttaget.")
    return see("initiatives.show", code=code, _anchor="effects-title")


def _stored(initiative: Initiative, goal_id: int) -> dict[str, str]:
    queries.goal_row(initiative, goal_id)
    found = asdict(queries.goals_of(initiative.id)[goal_id])
    return {name: "" if value is None else str(value) for name, value in found.items()}


def _page(initiative: Initiative, goal_id: int, typed: Typed) -> Response:
    return show(
        "effects/goal.html",
        status=typed.status,
        initiative=initiative,
        goal_id=goal_id,
        values=typed.values,
        errors=typed.errors,
        benefits=list(BENEFIT_WORDS.items()),
        units=[(one.code, one.name) for one in units.living(today(now()), [typed.values.get("unit", "")])],
        hint=ACTIVITY_HINT if is_activity(typed.values.get("change", "")) else "",
        changed=typed.changed,
    )

"""Underlag inför beslutet: who takes part, when it is looked at, and who leads the change."""

from dataclasses import asdict

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.assignments import actions, queries
from portfolio.assignments.pages.blueprint import assignments
from portfolio.assignments.pages.reading import to_write
from portfolio.assignments.rules.groundwork import LEAD_WORDS, LONGEST_REVIEW, TYPE_WORDS, Groundwork
from portfolio.assignments.schemas import GroundworkForm
from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.time import long_date, today
from portfolio.initiatives.models import Initiative
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Typed, check, from_form, kept, number_in
from portfolio.web.fragments import see, show


@assignments.get("/initiativ/<code>/underlag")
@requires(May.PROPOSE, May.EDIT_ALL)
def groundwork(code: str) -> Response:
    """What is written beside the plan, to fill in."""
    initiative = to_write(code)
    found = asdict(queries.groundwork_of(initiative.id))
    values = {name: "" if value is None else str(value) for name, value in found.items()}
    return _page(initiative, Typed(values | {"version": str(initiative.version)}))


@assignments.post("/initiativ/<code>/underlag")
@requires(May.PROPOSE, May.EDIT_ALL)
def lay(code: str) -> BaseResponse:
    """Keep what is written beside the plan."""
    to_write(code)
    try:
        given = Groundwork(**check(GroundworkForm(), from_form(GroundworkForm(), request.form)))
        version = number_in(request.form.get("version"))
        with transaction():
            actions.lay_groundwork(code, given, version=version, by=me(), now=now())
    except (Invalid, Stale) as error:
        return _page(to_write(code), kept(error, request.form))
    tell("Underlaget är sparat.")
    return see("initiatives.show", code=code)


def _page(initiative: Initiative, typed: Typed) -> Response:
    return show(
        "assignments/groundwork.html",
        status=typed.status,
        initiative=initiative,
        values=typed.values,
        errors=typed.errors,
        leads=list(LEAD_WORDS.items()),
        types=list(TYPE_WORDS.items()),
        last_review=long_date(today(now()) + LONGEST_REVIEW),
        changed=typed.changed,
    )

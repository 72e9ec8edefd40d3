"""Uppdraget: where it comes from, and the five questions that make a political assignment clear."""

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.assignments import actions, queries
from portfolio.assignments.pages.blueprint import assignments
from portfolio.assignments.pages.reading import to_write
from portfolio.assignments.rules.clarity import QUESTIONS
from portfolio.assignments.schemas import AssignmentForm
from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.proposals import SOURCE_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Typed, check, from_form, kept, number_in
from portfolio.web.fragments import see, show


@assignments.get("/initiativ/<code>/uppdrag")
@requires(May.PROPOSE, May.EDIT_ALL)
def order(code: str) -> Response:
    """What is known of the assignment, to fill in."""
    initiative = to_write(code)
    found = queries.assignment_of(initiative)
    values = {"assignment_source": found.source, "paragraph": found.paragraph, "diarienummer": found.diarienummer}
    return _page(initiative, Typed({**values, **found.answers, "version": str(initiative.version)}))


@assignments.post("/initiativ/<code>/uppdrag")
@requires(May.PROPOSE, May.EDIT_ALL)
def clarify(code: str) -> BaseResponse:
    """Keep what is known of the assignment."""
    to_write(code)
    try:
        given = check(AssignmentForm(), from_form(AssignmentForm(), request.form))
        version = number_in(request.form.get("version"))
        with transaction():
            actions.clarify(code, given, version=version, by=me(), now=now())
    except (Invalid, Stale) as error:
        return _page(to_write(code), kept(error, request.form))
    tell("Uppdraget är sparat.")
    return see("initiatives.show", code=code)


def _page(initiative: Initiative, typed: Typed) -> Response:
    return show(
        "assignments/order.html",
        status=typed.status,
        initiative=initiative,
        values=typed.values,
        errors=typed.errors,
        sources=list(SOURCE_WORDS.items()),
        questions=QUESTIONS,
        changed=typed.changed,
    )

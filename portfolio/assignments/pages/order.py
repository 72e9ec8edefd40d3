"""Uppdraget: where it comes from, and the five questions that make a political assignment clear."""

from collections.abc import Mapping, Sequence

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.assignments import actions, queries
from portfolio.assignments.pages.blueprint import assignments
from portfolio.assignments.pages.forms import AssignmentForm
from portfolio.assignments.pages.reading import to_write
from portfolio.assignments.rules.clarity import QUESTIONS
from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.proposals import SOURCE_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import check, from_form, number_in
from portfolio.web.fragments import see, show


@assignments.get("/initiativ/<code>/uppdrag")
@requires(May.PROPOSE, May.EDIT_ALL)
def order(code: str) -> Response:
    """What is known of the assignment, to fill in."""
    initiative = to_write(code)
    found = queries.assignment_of(initiative)
    values = {"assignment_source": found.source, "paragraph": found.paragraph, "diarienummer": found.diarienummer}
    return _page(initiative, {**values, **found.answers, "version": str(initiative.version)})


@assignments.post("/initiativ/<code>/uppdrag")
@requires(May.PROPOSE, May.EDIT_ALL)
def clarify(code: str) -> BaseResponse:
    """Keep what is known of the assignment."""
    initiative = to_write(code)
    try:
        given = check(AssignmentForm(), from_form(AssignmentForm(), request.form))
        version = number_in(request.form.get("version"))
        with transaction():
            actions.clarify(code, given, version=version, by=me(), now=now())
    except Invalid as error:
        return _page(initiative, request.form, error.errors, status=422)
    except Stale as error:
        return _page(to_write(code), {**request.form, "version": str(error.current)}, status=412, changed=True)
    tell("Uppdraget är sparat.")
    return see("initiatives.show", code=code)


def _page(
    initiative: Initiative,
    values: Mapping[str, str],
    errors: Mapping[str, Sequence[str]] | None = None,
    *,
    status: int = 200,
    changed: bool = False,
) -> Response:
    return show(
        "assignments/order.html",
        status=status,
        initiative=initiative,
        values=values,
        errors=errors or {},
        sources=list(SOURCE_WORDS.items()),
        questions=QUESTIONS,
        changed=changed,
    )

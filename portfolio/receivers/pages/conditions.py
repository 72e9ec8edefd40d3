"""Chefsförutsättningar: three questions to the receiving chef of a unit, about leading one change."""

from dataclasses import asdict

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.receivers import actions, queries
from portfolio.receivers.pages.blueprint import receivers
from portfolio.receivers.pages.reading import Place, to_answer
from portfolio.receivers.rules.conditions import ANSWER_WORDS, QUESTIONS, Answer, Conditions
from portfolio.receivers.schemas import ConditionsForm
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Typed, kept, read
from portfolio.web.fragments import see, show


@receivers.get("/initiativ/<code>/forutsattningar/<unit>")
@requires(May.ACKNOWLEDGE)
def conditions(code: str, unit: str) -> Response:
    """The three questions, with what was answered before."""
    place = to_answer(code, unit)
    row = queries.conditions_row(place.initiative.id, place.unit.id)
    return _page(place, Typed({} if row is None else asdict(queries.conditions_in(row))))


@receivers.post("/initiativ/<code>/forutsattningar/<unit>")
@requires(May.ACKNOWLEDGE)
def answer_conditions(code: str, unit: str) -> BaseResponse:
    """Keep the answers."""
    place = to_answer(code, unit)
    try:
        form = read(ConditionsForm())
        given = Conditions(**{name: Answer(word) for name, word in form.items()})
        with transaction():
            actions.answer_conditions(code, unit, given, by=me(), now=now())
    except Invalid as error:
        return _page(place, kept(error, request.form))
    tell("Dina svar är sparade. De syns för dem som bereder och beslutar.")
    return see("initiatives.show", code=code)


def _page(place: Place, typed: Typed) -> Response:
    return show(
        "receivers/conditions.html",
        status=typed.status,
        initiative=place.initiative,
        unit=place.unit,
        values=typed.values,
        errors=typed.errors,
        questions=list(QUESTIONS.items()),
        answers=list(ANSWER_WORDS.items()),
    )

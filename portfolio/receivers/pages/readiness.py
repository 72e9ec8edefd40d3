"""Hur redo är ni? Five statements about a unit and a complex change, once a month while it is carried out."""

from dataclasses import asdict

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import today
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.receivers import actions, queries
from portfolio.receivers.pages.blueprint import receivers
from portfolio.receivers.pages.reading import Place, to_answer
from portfolio.receivers.rules.months import month_of, month_told
from portfolio.receivers.rules.readiness import LEVEL_WORDS, STATEMENTS, Readiness
from portfolio.receivers.schemas import ReadinessForm
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Typed, kept, read
from portfolio.web.fragments import see, show


@receivers.get("/initiativ/<code>/redo/<unit>")
@requires(May.ACKNOWLEDGE)
def readiness(code: str, unit: str) -> Response:
    """The five statements, with what was answered this month."""
    place = _to_answer(code, unit)
    row = queries.readiness_row(place.initiative.id, place.unit.id, month_of(today(now())))
    return _page(place, Typed({} if row is None else asdict(queries.readiness_in(row))))


@receivers.post("/initiativ/<code>/redo/<unit>")
@requires(May.ACKNOWLEDGE)
def answer_readiness(code: str, unit: str) -> BaseResponse:
    """Keep the answers; the weakest of them decides the advice."""
    place = _to_answer(code, unit)
    try:
        given = Readiness(**read(ReadinessForm()))
        with transaction():
            actions.answer_readiness(code, unit, given, by=me(), now=now())
    except Invalid as error:
        return _page(place, kept(error, request.form))
    tell(f"Dina svar är sparade. {given.advice}")
    return see("initiatives.show", code=code)


def _to_answer(code: str, unit: str) -> Place:
    place = to_answer(code, unit)
    if not queries.asks_how_ready(place.initiative, now()):
        raise NotFound
    return place


def _page(place: Place, typed: Typed) -> Response:
    return show(
        "receivers/readiness.html",
        status=typed.status,
        initiative=place.initiative,
        unit=place.unit,
        values=typed.values,
        errors=typed.errors,
        month=month_told(month_of(today(now()))),
        statements=list(STATEMENTS.items()),
        levels=list(LEVEL_WORDS.items()),
    )

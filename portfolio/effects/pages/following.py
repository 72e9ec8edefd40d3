"""Följ upp effekten: what came of each effektmål, in one answer and one sentence."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.base.time import today
from portfolio.effects import actions, queries
from portfolio.effects.pages.blueprint import effects
from portfolio.effects.pages.indicator import told_of
from portfolio.effects.pages.reading import to_answer
from portfolio.effects.rules.following import (
    ANSWER_WORDS,
    LAST,
    WHOLE,
    Answer,
    Given,
    is_success,
    next_question,
    told,
)
from portfolio.effects.schemas import AnswerForm, UseForm
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.rules.ending import Lesson, lesson_errors
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, check
from portfolio.web.fragments import see, show


@effects.get("/initiativ/<code>/effekt")
@requires(May.READ)
def follow_up(code: str) -> BaseResponse:
    """The question that is open, or when the next one comes. An old letter leads to the initiative itself."""
    if seen_by(me(), code).status != Status.FOLLOW_UP:
        return see("initiatives.show", code=code, _anchor="effects-title")
    initiative = to_answer(code)
    return _page(initiative, _stored(initiative))


@effects.post("/initiativ/<code>/effekt")
@requires(May.READ)
def answer(code: str) -> BaseResponse:
    """Keep the answers; the last ones close the initiative."""
    initiative, values = to_answer(code), request.form
    try:
        given = _given(initiative, values)
        lesson = _lesson(initiative, given, values)
        with transaction():
            closed = actions.follow_up(code, given, lesson, by=me(), now=now())
    except Invalid as error:
        return _page(initiative, values, error.errors, status=422)
    tell("Tack. Effekten är uppföljd, och initiativet är stängt." if closed else "Tack. Svaren är sparade.")
    return see("initiatives.show", code=code, _anchor="effects-title")


def _given(initiative: Initiative, values: Mapping[str, str]) -> dict[int, Given]:
    """The answers that have been chosen; Invalid of what cannot be read."""
    found: dict[int, Given] = {}
    for one in queries.asked_about(queries.goals_of(initiative.id)):
        boxes = {name: values.get(f"{name}.{one}", "").strip() for name in ("answer", "text")}
        try:
            read = check(AnswerForm(), {name: text for name, text in boxes.items() if text})
        except Invalid as error:
            raise Invalid({f"{name}.{one}": told for name, told in error.errors.items()}) from None
        if read["answer"] is not None:
            found[one] = Given(Answer(read["answer"]), read["text"])
    return found


def _lesson(initiative: Initiative, given: Mapping[int, Given], values: Mapping[str, str]) -> Lesson | None:
    """What others can use of something that was reached; asked for the last time one asks, where all is reached."""
    goals = queries.goals_of(initiative.id)
    is_last = actions.open_occasion(initiative, now()) == LAST
    if not is_last or set(given) != set(queries.asked_about(goals)) or not is_success(given.values()):
        return None
    sent = {name: values.get(name, "").strip() for name in ("useful", "use")}
    read = check(UseForm(), {name: text for name, text in sent.items() if text})
    if read["useful"] is None:
        raise Invalid({"useful": ["Svara ja eller nej."]})
    text = told([(goals[one].change if one else initiative.title, each) for one, each in given.items()])
    lesson = Lesson(text, useful=read["useful"] == "yes", use=read["use"])
    errors = {name.removeprefix("lesson."): texts for name, texts in lesson_errors(lesson).items()}
    if "use" in errors:
        raise Invalid({"use": errors["use"]})
    return lesson


def _stored(initiative: Initiative) -> dict[str, str]:
    months, values = actions.open_occasion(initiative, now()), dict[str, str]()
    for row in queries.answer_rows([initiative.id]):
        if row.months == months:
            one = row.effect_goal_id or WHOLE
            values |= {f"answer.{one}": row.answer, f"text.{one}": row.text}
    return values


def _page(
    initiative: Initiative, values: Mapping[str, str], errors: Errors | None = None, *, status: int = 200
) -> Response:
    months = actions.open_occasion(initiative, now())
    completed = queries.completed_on([initiative.id]).get(initiative.id)
    return show(
        "effects/following.html",
        status=status,
        initiative=initiative,
        months=months,
        is_last=months == LAST,
        next_question="" if completed is None else next_question(completed, months, today(now())),
        asked=_asked(initiative),
        values=values,
        errors=errors or {},
        answers=list(ANSWER_WORDS.items()),
    )


def _asked(initiative: Initiative) -> list[dict[str, Any]]:
    """Each effektmål with its figures; the initiative as a whole where it has none."""
    goals = queries.goals_of(initiative.id)
    figures = queries.indicators_of(list(goals))
    whole = {"id": WHOLE, "change": initiative.title, "text": initiative.why, "goal": None, "figures": []}
    return [
        {
            "id": one,
            "change": goal.change,
            "text": "",
            "goal": goal,
            "figures": [told_of(each) for each in figures[one]],
        }
        for one, goal in goals.items()
    ] or [whole]

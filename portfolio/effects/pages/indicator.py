"""Nyckeltal: what is measured, what it has been so far as a line and a table, and new values by pasting them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.effects import actions, queries
from portfolio.effects.pages.blueprint import effects
from portfolio.effects.pages.reading import may_figure, to_figure
from portfolio.effects.queries import Followed
from portfolio.effects.rules.measuring import (
    FORECAST_KINDS,
    FORECAST_WORDS,
    HEIGHT,
    WIDTH,
    Forecast,
    Indicator,
    drawn,
    number_told,
    read_pasted,
)
from portfolio.effects.schemas import LONGEST_PASTE, IndicatorForm
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, Typed, check, from_form, kept, number_in
from portfolio.web.fragments import see, show

Values = Mapping[str, str]

ENCODINGS = ("utf-8-sig", "cp1252")
"""How a csv file is written: by nearly everything, and by older Excel."""


@effects.get("/initiativ/<code>/effektmal/<int:goal_id>/nyckeltal")
@requires(May.READ)
def new_indicator(code: str, goal_id: int) -> Response:
    """A nyckeltal to write for an effektmål."""
    initiative = to_figure(code)
    queries.goal_row(initiative, goal_id)
    return _form_page(initiative, goal_id, {"forecast": Forecast.TOO_EARLY})


@effects.post("/initiativ/<code>/effektmal/<int:goal_id>/nyckeltal")
@requires(May.READ)
def add_indicator(code: str, goal_id: int) -> BaseResponse:
    """Keep a new nyckeltal."""
    initiative = to_figure(code)
    try:
        with transaction():
            indicator_id = actions.write_indicator(code, goal_id, _read(), by=me(), now=now())
    except Invalid as error:
        return _form_page(initiative, goal_id, request.form, error.errors, status=422)
    tell("Nyckeltalet är sparat. Lägg in värden när det finns några.")
    return see("effects.indicator", code=code, indicator_id=indicator_id)


@effects.get("/initiativ/<code>/nyckeltal/<int:indicator_id>")
@requires(May.READ_DECIDED)
def indicator(code: str, indicator_id: int) -> Response:
    """One nyckeltal with everything that has been measured."""
    initiative = seen_by(me(), code)
    found = queries.followed(initiative, indicator_id)
    return _page(initiative, found, _as_stored(initiative, found))


@effects.post("/initiativ/<code>/nyckeltal/<int:indicator_id>")
@requires(May.READ)
def keep_indicator(code: str, indicator_id: int) -> BaseResponse:
    """Keep what the nyckeltal is, and what is expected of it."""
    initiative = to_figure(code)
    found = queries.followed(initiative, indicator_id)
    version = number_in(request.form.get("version"))
    try:
        given = _read()
        with transaction():
            actions.write_indicator(
                code, found.goal_id, given, indicator_id=indicator_id, version=version, by=me(), now=now()
            )
    except (Invalid, Stale) as error:
        return _page(initiative, found, kept(error, request.form))
    tell("Nyckeltalet är sparat.")
    return see("effects.indicator", code=code, indicator_id=indicator_id)


@effects.post("/initiativ/<code>/nyckeltal/<int:indicator_id>/varden")
@requires(May.READ)
def measure(code: str, indicator_id: int) -> BaseResponse:
    """Keep pasted values, or those of a csv file. One row that cannot be read keeps them all back, and is told."""
    initiative = to_figure(code)
    text = _sent_text()
    try:
        pasted = read_pasted(text)
        if pasted.errors:
            raise Invalid({"pasted": list(pasted.errors)})
        with transaction():
            actions.measure(code, indicator_id, pasted.values, by=me(), now=now())
    except Invalid as error:
        found = queries.followed(initiative, indicator_id)
        return _page(initiative, found, _as_stored(initiative, found, error), pasted=text)
    number = len(pasted.values)
    tell(f"{number} {'värde är sparat' if number == 1 else 'värden är sparade'}.")
    return see("effects.indicator", code=code, indicator_id=indicator_id)


@effects.post("/initiativ/<code>/nyckeltal/<int:indicator_id>/bort")
@requires(May.READ)
def remove_indicator(code: str, indicator_id: int) -> BaseResponse:
    """Take a nyckeltal away."""
    to_figure(code)
    with transaction():
        actions.remove_indicator(code, indicator_id, by=me(), now=now())
    tell("Nyckeltalet är borttaget.")
    return see("initiatives.show", code=code, _anchor="effects-title")


def _read() -> Indicator:
    return Indicator(**check(IndicatorForm(), from_form(IndicatorForm(), request.form)))


def _sent_text() -> str:
    """What was pasted, or what the file says; a file that is not text becomes rows that cannot be read."""
    pasted, sent = request.form.get("pasted", ""), request.files.get("file")
    if sent is None or not sent.filename:
        return pasted[:LONGEST_PASTE]
    data: bytes = sent.read(LONGEST_PASTE)
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding).replace("\0", " ")
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1").replace("\0", " ")


def _stored(one: Indicator) -> dict[str, str]:
    figures = {name: number_told(getattr(one, name)) for name in ("baseline", "target")}
    texts = {"name": one.name, "measured_in": one.measured_in, "source": one.source, "forecast": one.forecast}
    return texts | figures


def _form_page(
    initiative: Initiative, goal_id: int, values: Values, errors: Errors | None = None, *, status: int = 200
) -> Response:
    return show(
        "effects/indicator_new.html",
        status=status,
        initiative=initiative,
        goal_id=goal_id,
        goal=queries.goals_of(initiative.id)[goal_id],
        values=values,
        errors=errors or {},
        forecasts=list(FORECAST_WORDS.items()),
    )


def _as_stored(initiative: Initiative, found: Followed, error: Invalid | None = None) -> Typed:
    """The form of a nyckeltal as it is; `error` is of the other form of the page, where values are pasted."""
    values = _stored(found.indicator) | {"version": str(initiative.version)}
    return Typed(values) if error is None else Typed(values, error.errors, status=422)


def _page(initiative: Initiative, found: Followed, typed: Typed, *, pasted: str = "") -> Response:
    return show(
        "effects/indicator.html",
        status=typed.status,
        initiative=initiative,
        found=found,
        indicator=found.indicator,
        goal=queries.goals_of(initiative.id)[found.goal_id],
        told=told_of(found),
        values=typed.values,
        errors=typed.errors,
        changed=typed.changed,
        pasted={"pasted": pasted},
        rows=[(one.day, number_told(one.value)) for one in reversed(found.values)],
        drawing=drawn(found.values, found.indicator.target),
        size=(WIDTH, HEIGHT),
        forecasts=list(FORECAST_WORDS.items()),
        may_write=may_figure(initiative),
    )


def told_of(found: Followed) -> dict[str, Any]:
    """A nyckeltal in a line: its figures in words, and its forecast as a chip."""
    one, outcome = found.indicator, found.outcome
    unit = f" {one.measured_in}" if one.measured_in else ""

    def told(value: float | None) -> str:
        return "" if value is None else f"{number_told(value)}{unit}"

    return {
        "id": found.id,
        "name": one.name,
        "baseline": told(one.baseline),
        "target": told(one.target),
        "outcome": told(None if outcome is None else outcome.value),
        "measured_on": None if outcome is None else outcome.day,
        "forecast": (FORECAST_WORDS[Forecast(one.forecast)], FORECAST_KINDS[Forecast(one.forecast)]),
    }

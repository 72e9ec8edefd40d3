"""Portföljen i backspegeln: one half-year, those before it in a table, and the same table as a file."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import this_week, today
from portfolio.initiatives.pages import exports
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.reviews import actions, queries
from portfolio.reviews.rules.half_years import HalfYear, half_year_of, parse_half_year
from portfolio.reviews.rules.hindsight import Hindsight, hindsights
from portfolio.reviews.rules.sentences import days, flow_told, number, promise_told, share, stopped_told
from portfolio.reviews.schemas import NoteForm
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, read
from portfolio.web.fragments import see, show

reviews = Blueprint("reviews", __name__)

EXPORTED = (
    "Halvår",
    "Startade",
    "Klara",
    "Avslagna före start",
    "Avbrutna",
    "Undantag",
    "Mediandagar förslag till besked",
    "Fick besked",
    "Inom 14 dagar",
    "Pågick i snitt",
    "Stängda",
    "Stängda med uppföljd effekt",
    "Ändrade tak",
    "Ändrade regler",
)
"""The headings of the table as a file."""


@reviews.get("/backspegeln")
@requires(May.READ)
def index() -> Response:
    """The half-year that goes on, or another one: `?halvar=2026-1`."""
    return _page(request.args.get("halvar"), {}, {})


@reviews.get("/backspegeln/export.<any(xlsx, csv):kind>")
@requires(May.READ)
def export(kind: str) -> Response:
    """Every half-year as a file."""
    at = now()
    return exports.as_file(_rows(hindsights(queries.happened(), at)), kind, "Backspegeln", this_week(at))


@reviews.post("/backspegeln/<half_year>")
@requires(May.LEAD_MEETINGS)
def add_note(half_year: str) -> BaseResponse:
    """Note what was changed in the way of working."""
    try:
        text = read(NoteForm())["text"]
        with transaction():
            actions.add_note(_known(half_year), text, by=me(), now=now())
    except Invalid as error:
        return _page(half_year, request.form, error.errors, status=422)
    tell("Antecknat.")
    return see("reviews.index", halvar=half_year)


@reviews.post("/backspegeln/anteckning/<int:note_id>/ta-bort")
@requires(May.LEAD_MEETINGS)
def remove_note(note_id: int) -> BaseResponse:
    """Take a note away."""
    with transaction():
        half_year = actions.remove_note(note_id, by=me(), now=now())
    tell("Anteckningen är borttagen.")
    return see("reviews.index", halvar=half_year)


def _page(asked: str | None, values: Mapping[str, str], errors: Errors, *, status: int = 200) -> Response:
    at = now()
    every = hindsights(queries.happened(), at)
    half = half_year_of(today(at)) if asked is None else _known(asked)
    chosen = next((one for one in every if one.half_year == half), None)
    if chosen is None and every:
        raise NotFound
    return show(
        "reviews/index.html",
        status=status,
        half=half,
        chosen=chosen,
        is_over=half.ends <= at,
        facts=_facts(chosen) if chosen else [],
        flow=flow_told(chosen) if chosen else [],
        answers=_answers(chosen) if chosen else [],
        day=today(at),
        notes=queries.notes_of(half),
        every=[(one, days(one.median_lead), number(one.active or 0)) for one in every],
        may_note=may(me(), May.LEAD_MEETINGS),
        values=values,
        errors=errors,
    )


def _known(written: str) -> HalfYear:
    """The half-year of an address; NotFound of one that is none, or has not begun."""
    half = parse_half_year(written)
    if half is None or half.begins > now():
        raise NotFound
    return half


def _facts(one: Hindsight) -> list[tuple[str, str]]:
    return [
        ("Startade", str(one.started)),
        ("Klara", str(one.finished)),
        ("Stoppade i tid", stopped_told(one)),
        ("Motiverade undantag", str(one.exceptions)),
        ("Från förslag till besked", promise_told(one)),
    ]


def _answers(one: Hindsight) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The four questions of an evaluation, each with the figures that answer it."""
    limits, goals = queries.units_with_limits(now()), queries.initiatives_with_goals()
    changed = [("Ändrade tak", str(one.limits_changed)), ("Ändrade regler", str(one.rules_changed))]
    return [
        ("Hur styr vi, och hur många är med?", [("Enheter som har satt ett tak, i dag", share(*limits))]),
        ("Vet vi vad vi vill nå?", [("Öppna initiativ med effektmål, i dag", share(*goals))]),
        (
            "Vad blev resultatet?",
            [("Stängda initiativ med uppföljd effekt", share(one.closed_and_followed, one.closed))],
        ),
        ("Hur blir vi bättre?", changed),
    ]


def _rows(every: Sequence[Hindsight]) -> Iterator[Sequence[str]]:
    yield EXPORTED
    for one in every:
        counted = (one.started, one.finished, one.rejected, one.cancelled, one.exceptions)
        changed = (one.closed, one.closed_and_followed, one.limits_changed, one.rules_changed)
        yield (
            one.half_year.name,
            *map(str, counted),
            "" if one.median_lead is None else number(one.median_lead),
            str(len(one.lead_days)),
            str(one.within_promise),
            "" if one.active is None else number(one.active),
            *map(str, changed),
        )

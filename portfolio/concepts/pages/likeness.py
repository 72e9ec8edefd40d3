"""Finns det redan? What is like the proposal that is being written, and like the initiative that is decided on."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from flask import Response, request, url_for

from portfolio.concepts import queries
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.rules.likeness import MOST_SHOWN, Told, words_of
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.drafts import steps_of
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import GoalKind
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.fragments import show

CONCEPT_WORD = "Koncept"


class Like(NamedTuple):
    """Something alike as it is shown: what it is called, where it is, and CONCEPT_WORD or an initiative's status."""

    text: str
    href: str
    word: str


@concepts.post("/forslag/liknande")
@requires(May.PROPOSE)
def similar() -> Response:
    """The part of the form of a proposal that tells what is like it, drawn anew while it is written."""
    return show("concepts/_like.html", "similar", values=request.form)


@concepts.app_context_processor
def _offered() -> dict[str, Callable[..., Sequence[object]]]:
    """For the forms of a proposal and of a decision, which lie below this noun and cannot ask it."""
    return {"like_proposal": like_proposal, "lessons_like": lessons_like}


def like_proposal(values: Mapping[str, str]) -> list[Like]:
    """At most three concepts and initiatives that are like what stands in the form of a proposal."""
    return [_shown(one) for one in queries.like(_told(values), statuses_seen_by(me()))]


def lessons_like(initiative: Initiative) -> list[queries.Taught]:
    """What was learnt from the initiatives that are most like one, to be read beside the decision on it."""
    return queries.lessons_like(initiative, statuses_seen_by(me()))[:MOST_SHOWN]


def _told(values: Mapping[str, str]) -> Told:
    goal = scorecard().named(GoalKind.AREA, values.get("goal_area", ""), now())
    touched = {code for step in steps_of(values) for code, level in step.impacts.items() if level}
    ids = units.ids_by_code()
    return Told(
        words_of(values.get("title", "")),
        words_of(f"{values.get('summary', '')} {values.get('why', '')}"),
        frozenset() if goal is None else frozenset({goal.id}),
        frozenset(ids[code] for code in touched if code in ids),
    )


def _shown(one: queries.Found) -> Like:
    if one.kind == queries.CONCEPT:
        return Like(one.title, url_for("concepts.show", concept_id=one.id), CONCEPT_WORD)
    word = STATUS_WORDS[Status(one.status)]
    return Like(f"{one.code} {one.title}", url_for("initiatives.show", code=one.code), word)

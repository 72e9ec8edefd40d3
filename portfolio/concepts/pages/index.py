"""Lärdomar: the concepts that others can use, and what every ended initiative has taught."""

from typing import NamedTuple

from flask import Response, request, url_for

from portfolio.base.text import shortened
from portfolio.concepts import queries
from portfolio.concepts.models import ConceptRow
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.rules.sheet import origin_told
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.rules.ending import LESSON_WORDS, LessonTag
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.web.fragments import show

MOST_LISTED = 100
"""Lessons on the page: whoever looks for an older one searches."""

LONGEST_PROBLEM = 200
"""Characters of a problem on a card."""


class Card(NamedTuple):
    """A concept on the page: the problem it solves, where it was tried, how often it is re-used."""

    title: str
    href: str
    problem: str
    origin: str
    reuses: int


@concepts.get("/lardomar")
@requires(May.READ_DECIDED)
def index() -> Response:
    """Every concept, and the lessons: `?q=` searches among them, `?handlar_om=` shows those of one value."""
    by, text = me(), request.args.get("q", "").strip()[:200]
    tag = request.args.get("handlar_om", "")
    reuses = queries.reuses()
    found = queries.lessons(text, tag if tag in set(LessonTag) else None)
    lessons = [one for one in found if one.status in statuses_seen_by(by)]
    return show(
        "concepts/index.html",
        number=sum(reuses.values()),
        cards=[_card(row, reuses) for row in queries.concepts()],
        lessons=lessons[:MOST_LISTED],
        more=max(0, len(lessons) - MOST_LISTED),
        text=text,
        tag=tag,
        tags=list(LESSON_WORDS.items()),
        lesson_words=LESSON_WORDS,
        is_filtered=bool(text or tag),
        may_add=may(by, May.EDIT_ALL),
    )


def _card(row: ConceptRow, reuses: dict[int, int]) -> Card:
    href = url_for("concepts.show", concept_id=row.id)
    origin = origin_told(row.source, row.source_name)
    return Card(row.title, href, shortened(row.problem, LONGEST_PROBLEM), origin, reuses.get(row.id, 0))

"""What an initiative's own page tells of the concepts and pilots around it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flask import url_for

from portfolio.concepts import queries
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.pages.writing import may_conceptualise
from portfolio.concepts.rules.reuse import PILOTS
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiatives_by_id
from portfolio.people.access import me
from portfolio.people.rules import May, may
from portfolio.web.clock import now


class Link(NamedTuple):
    """Something to read, and where it is."""

    text: str
    href: str


class Card(NamedTuple):
    """What an initiative was made from, what was made of it, and what this visitor may make of it."""

    made_from: Link | None
    concepts: Sequence[Link]
    spread_to: Sequence[Link]
    may_conceptualise: bool
    may_spread: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell and nothing to do."""
        return not any(self)


@concepts.app_context_processor
def _offered() -> dict[str, Callable[[Initiative], Card]]:
    """For templates/initiatives/show.html, which lies below this noun and cannot ask it."""
    return {"concept_card": card_of}


def card_of(initiative: Initiative) -> Card:
    """What there is to tell around one initiative; nothing of what this visitor may not read."""
    seen = statuses_seen_by(me())
    return Card(
        made_from=_made_from(initiative, seen),
        concepts=[_concept(row.title, row.id) for row in queries.concepts_of(initiative.id)],
        spread_to=[_initiative(one) for one in queries.spread_from(initiative.id) if one.status in seen],
        may_conceptualise=may_conceptualise(initiative),
        may_spread=status_of(initiative, now()) in PILOTS and may(me(), May.PROPOSE),
    )


def _made_from(initiative: Initiative, seen: Sequence[str]) -> Link | None:
    origin = queries.origin_of(initiative.id)
    if origin is None:
        return None
    if origin.concept_id is not None:
        row = queries.concept_row(origin.concept_id)
        return _concept(row.title, row.id)
    found = initiatives_by_id([origin.pilot_id or 0])
    return next((_initiative(one) for one in found if one.status in seen), None)


def _concept(title: str, concept_id: int) -> Link:
    return Link(title, url_for("concepts.show", concept_id=concept_id))


def _initiative(one: Initiative) -> Link:
    return Link(f"{one.code} {one.title}", url_for("initiatives.show", code=one.code))

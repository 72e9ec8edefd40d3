"""The picture of all members' own orders: which proposals the group should talk about first, without names."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portfolio.priorities import queries
from portfolio.priorities.queries import Ranked
from portfolio.priorities.rules.sentences import answers_told, built_on_told, spread_told
from portfolio.priorities.rules.spread import Spread, is_shown, widest_first

MOST_DRAWN = 24
"""Places: a longer row of squares says less than its sentence."""


class Line(NamedTuple):
    """One proposal: the places that its answers reach over, drawn as squares (`in`, `middle` or empty) and told."""

    ranked: Ranked
    squares: Sequence[str]
    told: str


class Picture(NamedTuple):
    """What the members' own orders say together; no lines while it is not to be seen, and `told` says why."""

    lines: Sequence[Line]
    told: str


def picture_of(every: Iterable[Ranked]) -> Picture | None:
    """The picture as it may be shown now, the widest spread first; None where there is nothing to order."""
    proposals = {one.id: one for one in every if one.is_proposal}
    if len(proposals) < 2:
        return None
    open_ids = list(proposals)
    number, spreads = sum(1 for _ in queries.answers(open_ids)), queries.drawn_spreads(open_ids)
    if not is_shown(answers=number, is_drawn=bool(spreads)):
        return Picture([], answers_told(number, queries.number_asked()))
    order = widest_first(spreads, {key: one.candidate.rank for key, one in proposals.items()})
    lines = [_line(proposals[key], spreads[key], len(proposals)) for key in order]
    answers = max(spread.answers for spread in spreads.values())
    return Picture(lines, built_on_told(answers, queries.number_changed()))


def _line(ranked: Ranked, spread: Spread, places: int) -> Line:
    last = max(places, spread.high)
    squares = [_square(place, spread) for place in range(1, last + 1)] if last <= MOST_DRAWN else []
    return Line(ranked, squares, spread_told(spread))


def _square(place: int, spread: Spread) -> str:
    if place == spread.middle:
        return "middle"
    return "in" if spread.low <= place <= spread.high else ""

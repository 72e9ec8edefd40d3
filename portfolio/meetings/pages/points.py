"""An agenda's items as pages show them."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from portfolio.capacity.rules.words import Names
from portfolio.initiatives.queries.stored import titles_of
from portfolio.initiatives.queries.triage import labels_of
from portfolio.meetings.models import QuestionRow
from portfolio.meetings.queries.agenda import Agenda, questions_of
from portfolio.meetings.queries.earlier import earlier_of
from portfolio.meetings.rules.agenda import MATTER_WORDS, Change, Item

CHANGE_WORDS = {
    Change.NEW: "Nytt efter utskick",
    Change.CHANGED: "Ändrat efter utskick",
    Change.HELD_BACK: "Utgår efter utskick",
    Change.GONE: "Utgår",
}


class Point(NamedTuple):
    """An item as the page shows it. `place` counts them all, 1 first; `number` only those that are taken up.

    `labels` are what one should know of its first initiative, `earlier` is what was decided on the item before.
    `above` and `below` are the places of its neighbours among those, 0 where there is none.
    """

    place: int
    number: int | None
    item: Item
    word: str
    initiatives: Sequence[tuple[str, str]]
    labels: Sequence[str]
    missing: Sequence[str]
    change: str
    questions: Sequence[QuestionRow]
    earlier: str
    above: int = 0
    below: int = 0


def points_of(found: Agenda) -> list[Point]:
    """Every item of an agenda, those that are not taken up without a number."""
    codes = {code for item in found.items for code in item.codes}
    titles, labels = _titles(codes, found.names), _labels(codes, found.labels)
    asked, earlier = questions_of(found.meeting), earlier_of(found.meeting, found.items)
    points, number = [], 0
    for place, item in enumerate(found.items, start=1):
        is_taken_up = not item.held_back and item.change is not Change.GONE
        number += is_taken_up
        points.append(
            Point(
                place,
                number if is_taken_up else None,
                item,
                MATTER_WORDS[item.matter],
                [(code, titles[code]) for code in item.codes],
                labels.get(item.codes[0], []) if item.codes else [],
                item.missing,
                CHANGE_WORDS[item.change] if item.change else "",
                asked.get(item.key, []),
                earlier.get(item.key, ""),
            )
        )
    return _with_neighbours(points)


def _titles(codes: Collection[str], names: Names) -> Mapping[str, str]:
    """What is open has its name already; what has ended since is asked for."""
    ended = {code for code in codes if code not in names.titles}
    return {**names.titles, **titles_of(ended)} if ended else names.titles


def _labels(codes: Collection[str], known: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """The same of what one should know before deciding."""
    ended = {code for code in codes if code not in known}
    return {**known, **labels_of(ended)} if ended else known


def _with_neighbours(points: Sequence[Point]) -> list[Point]:
    places = [point.place for point in points if point.number is not None]
    below = dict(pairwise(places))
    above = {second: first for first, second in below.items()}
    return [point._replace(above=above.get(point.place, 0), below=below.get(point.place, 0)) for point in points]

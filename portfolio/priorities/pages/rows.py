"""The rows of the ranked list as the page shows them, and what it says of all of them together."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portfolio.base.text import NBSP
from portfolio.capacity.rules.burden import Burden
from portfolio.people.rules import Actor, may_edit
from portfolio.priorities.queries import Ranked
from portfolio.priorities.rules.assessment import CRITERION_WORDS
from portfolio.priorities.rules.sentences import difference_told, duties_told, grade_told, in_tkr, reason_told
from portfolio.priorities.rules.suggestion import Suggested


class Shown(NamedTuple):
    """One row as the table shows it. `up`, `down` and `follow` are places that a move would lead to, 0 for none."""

    ranked: Ranked
    grades: Sequence[tuple[str, str]]
    cost: str
    burden: str
    difference: str
    reason: str
    up: int
    down: int
    follow: int
    may_assess: bool


class Total(NamedTuple):
    """What the page says first: how many moves part the two orders, how much is assessed, what the law takes."""

    moves: int
    assessed: int
    open: int
    duties: str


def total_of(every: Sequence[Ranked], moves: Mapping[str, int]) -> Total:
    """The figures of the whole list, whatever part of it is shown."""
    candidates = [one.candidate for one in every]
    duties = [one.burden for one in candidates if one.legal_duty]
    points = sum(one.burden.points for one in candidates)
    assessed = sum(one.assessment.value is not None for one in candidates)
    return Total(len(moves), assessed, len(every), duties_told(duties, points))


def shown_rows(
    listed: Sequence[Ranked], part: slice, suggested: Mapping[str, Suggested], moves: Mapping[str, int], by: Actor
) -> list[Shown]:
    """A part of the list; a move passes the neighbour in the list, also one on another page."""
    ranks = [0, *(one.candidate.rank for one in listed), 0]
    numbered = list(enumerate(listed, start=1))[part]
    return [_shown(one, suggested[one.code], ranks[at - 1], ranks[at + 1], moves, by) for at, one in numbered]


def _shown(one: Ranked, suggested: Suggested, up: int, down: int, moves: Mapping[str, int], by: Actor) -> Shown:
    assessment = one.candidate.assessment
    return Shown(
        one,
        [(CRITERION_WORDS[name], grade_told(name, grade)) for name, grade in assessment.grades.items()],
        in_tkr(assessment.cost),
        points_told(one.candidate.burden),
        difference_told(suggested),
        reason_told(suggested),
        up,
        down,
        _follow(suggested, moves),
        may_edit(by, one.owner_id, one.proposer_id),
    )


def _follow(one: Suggested, moves: Mapping[str, int]) -> int:
    """Where one move brings the order nearer to the suggestion; what has its place already waits for the others."""
    return 0 if one.place == one.candidate.rank else moves.get(one.candidate.code, 0)


def points_told(burden: Burden) -> str:
    """`24`, or `minst 24`, under a heading that says what is counted."""
    at_least = f"minst{NBSP}" if burden.unrated else ""
    return f"{at_least}{burden.points}" if burden.is_planned else ""

"""A suggested order, with what decided each place, and how few moves part it from the group's own order.

It is a help to see by. The group's order decides, whatever this says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portfolio.capacity.rules.burden import Burden
from portfolio.priorities.rules.assessment import Assessment


class Ground(StrEnum):
    """What gives an initiative its place in the suggestion."""

    LEGAL_DUTY = "legal_duty"
    """It must be done."""
    VALUE = "value"
    """What it is worth alone."""
    BURDEN = "burden"
    """Worth as much as the one before, and heavier or of unknown weight."""
    COST = "cost"
    """As heavy too, and dearer or of unknown cost."""
    ORDER = "order"
    """Like the one before in everything: the group's own order decides."""
    NOT_ASSESSED = "not_assessed"
    """Nobody can say what it is worth yet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open initiative as the suggestion sees it. `rank` is its place in the group's order, 1 first."""

    code: str
    rank: int
    legal_duty: bool
    assessment: Assessment
    burden: Burden


@dataclass(frozen=True, slots=True)
class Suggested:
    """One place of the suggested order. `like` is the initiative just before, where the two are worth as much."""

    candidate: Candidate
    place: int
    ground: Ground
    like: str | None = None


def suggested_order(candidates: Sequence[Candidate]) -> list[Suggested]:
    """Legal duties first; then the highest value, the lightest burden, the lowest cost; the unassessed last.

    What is not known is never taken for light or cheap. Where all is alike, and among the unassessed, which nobody
    can weigh against each other yet, the group's own order holds.
    """
    order = sorted(candidates, key=_key)
    return [
        Suggested(one, place, *_ground(one, order[place - 2] if place > 1 else None))
        for place, one in enumerate(order, start=1)
    ]


def _key(one: Candidate) -> tuple[object, ...]:
    value = one.assessment.value
    if value is None:
        return not one.legal_duty, True, one.rank
    return not one.legal_duty, False, -value, _burden_key(one), _cost_key(one), one.rank


def _burden_key(one: Candidate) -> tuple[bool, int]:
    return not one.burden.is_known, one.burden.points


def _cost_key(one: Candidate) -> tuple[bool, int]:
    return one.assessment.cost is None, one.assessment.cost or 0


def _ground(one: Candidate, before: Candidate | None) -> tuple[Ground, str | None]:
    if one.legal_duty:
        return Ground.LEGAL_DUTY, None
    if one.assessment.value is None:
        return Ground.NOT_ASSESSED, None
    if before is None or before.legal_duty or before.assessment.value != one.assessment.value:
        return Ground.VALUE, None
    if _burden_key(one) != _burden_key(before):
        return Ground.BURDEN, before.code
    return (Ground.COST if _cost_key(one) != _cost_key(before) else Ground.ORDER), before.code


def to_be_moved(order: Sequence[Suggested]) -> dict[str, int]:
    """The fewest initiatives to move so that the group's order becomes the suggested one: {code: place to move to}.

    The others stand in the right order among themselves already and only make way. Each place is where a single
    move brings the group's order one move nearer, with the others as they stand.
    """
    by_rank = sorted(order, key=lambda one: one.candidate.rank)
    staying = _longest_rising([one.place for one in by_rank])
    return {
        one.candidate.code: _place_among(one.place, [other for other in by_rank if other is not one], staying)
        for one in by_rank
        if one.place not in staying
    }


@dataclass(frozen=True, slots=True)
class _Chain:
    """A rising run by its last place, and the run that it continues."""

    length: int
    at_home: int
    """How many of it have the suggested place already: of runs as long, those are left where they are."""
    place: int
    before: "_Chain | None"


def _longest_rising(places: Sequence[int]) -> set[int]:
    """The longest run of places that rise already, others between them left out. `places` are 1, 2, 3 … shuffled."""
    best = _BestRun(len(places))
    for rank, place in enumerate(places, start=1):
        before = best.below(place)
        length, at_home = (before.length, before.at_home) if before else (0, 0)
        best.keep(_Chain(length + 1, at_home + (rank == place), place, before))
    found, link = set(), best.below(len(places) + 1)
    while link is not None:
        found.add(link.place)
        link = link.before
    return found


class _BestRun:
    """The best run that ends below any place, found in few steps however long the list is (a Fenwick tree)."""

    def __init__(self, number: int):
        """No runs yet."""
        self._runs: list[_Chain | None] = [None] * (number + 1)

    def below(self, place: int) -> _Chain | None:
        """The best run whose last place is lower."""
        found, at = None, place - 1
        while at:
            found = _better(found, self._runs[at])
            at &= at - 1
        return found

    def keep(self, chain: _Chain) -> None:
        """Remember a run."""
        at = chain.place
        while at < len(self._runs):
            self._runs[at] = _better(self._runs[at], chain)
            at += at & -at


def _better(one: _Chain | None, other: _Chain | None) -> _Chain | None:
    if one is None or other is None:
        return one or other
    return one if (one.length, one.at_home) >= (other.length, other.at_home) else other


def _place_among(place: int, others: Sequence[Suggested], staying: set[int]) -> int:
    """Right after the last of those that stay and come before it."""
    before = [at for at, other in enumerate(others, start=1) if other.place in staying and other.place < place]
    return max(before, default=0) + 1

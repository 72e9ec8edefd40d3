"""Hur är belastningen? What a unit feels, month by month, beside what is computed; and a better limit.

The answers of single persons are told to nobody: what is told of a month is the middle one of its answers. The rule
for the limit stands in docs/capacity.md §8; it proposes, and never sets anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median_low
from typing import NamedTuple

from portfolio.base.text import out_of

FELT_WORDS = {1: "Mycket lätt", 2: "Lätt", 3: "Lagom", 4: "Tung", 5: "För tung"}
LEAST, MOST = min(FELT_WORDS), max(FELT_WORDS)

HEAVY = 4
"""From this answer on it is felt as too much."""

ENOUGH_ANSWERS = 8
"""So many answers of a unit before anything is proposed."""

ENOUGH_AT_A_LOAD = 2
"""So many answers at one and the same load before it says something: one bad day does not."""


class Felt(NamedTuple):
    """One answer: in which month, how heavy it felt, and the unit's load and limit in that week."""

    month: str
    felt: int
    load: int
    limit: int | None


class Month(NamedTuple):
    """What a unit told in a month: the middle one of its answers and of the loads, and the last limit."""

    month: str
    felt: int
    load: int
    limit: int | None
    answers: int


class Proposal(NamedTuple):
    """A better limit, and why."""

    limit: int
    reason: str


def by_month(answers: Iterable[Felt]) -> list[Month]:
    """What the answers come to, the newest month first. Of two middle ones it is the lower."""
    months: dict[str, list[Felt]] = defaultdict(list)
    for one in answers:
        months[one.month].append(one)
    return [
        Month(
            month,
            median_low([one.felt for one in few]),
            median_low([one.load for one in few]),
            few[-1].limit,
            len(few),
        )
        for month, few in sorted(months.items(), reverse=True)
    ]


def proposed_limit(answers: Sequence[Felt], limit: int | None) -> Proposal | None:
    """The limit that the answers speak for instead of `limit` (None is none set); None if they speak for no other.

    Lower, where a load within the limit feels heavy: the highest load below it that does not. Higher, where a load
    above the limit does not feel heavy, nor any below it.
    """
    if len(answers) < ENOUGH_ANSWERS:
        return None
    known = _felt_at(answers)
    heavy = min((load for load, felt in known.items() if load > 0 and felt >= HEAVY), default=None)
    light = [load for load, felt in known.items() if felt < HEAVY and (heavy is None or load < heavy)]
    best = max(light, default=None)
    if heavy is not None and (limit is None or heavy <= limit):
        return _lower(heavy, best, known)
    if best is not None and limit is not None and best > limit:
        return Proposal(best, f"Också vid belastningen {best}, över taket {limit}, {_feels(known[best])}.")
    return None


def _felt_at(answers: Iterable[Felt]) -> dict[int, int]:
    """How heavy each load feels of which there are answers enough: the middle one of them."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in answers:
        found[one.load].append(one.felt)
    return {load: median_low(felt) for load, felt in found.items() if len(felt) >= ENOUGH_AT_A_LOAD}


def _lower(heavy: int, best: int | None, known: dict[int, int]) -> Proposal:
    told = f"edan vid belastningen {heavy} {_feels(known[heavy])}"
    if best is None:
        return Proposal(heavy - 1, f"R{told}, och det finns inga svar om något lättare.")
    return Proposal(best, f"R{told}. Vid {best} {_feels(known[best])}.")


def _feels(felt: int) -> str:
    return f"känns den {FELT_WORDS[felt].lower()} ({out_of(felt, MOST)})"

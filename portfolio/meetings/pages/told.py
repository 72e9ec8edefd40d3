"""What a meeting has decided, as its pages say it."""

from collections.abc import Mapping
from typing import NamedTuple

from portfolio.base.text import as_sentence
from portfolio.base.time import this_week
from portfolio.initiatives.writing import Wished, outcome
from portfolio.meetings.queries.outcomes import Decided, as_taken


class Told(NamedTuple):
    """A decision in words.

    `sentence` is `FI-011 startar vecka 7`, `what` the same without its code; `short` begins a line of the list:
    `Startar vecka 7`. `reason` ends as a sentence does.
    """

    sentence: str
    what: str
    short: str
    reason: str


def told_of(outcomes: Mapping[str, Decided]) -> dict[str, Told]:
    """What was decided, by the item's key, as it was taken: a start may have been moved since."""
    taken = as_taken(outcomes.values())
    return {key: _told(one, taken[one.decision.id]) for key, one in outcomes.items()}


def _told(one: Decided, taken: Wished) -> Told:
    decision = one.decision
    sentence = outcome(taken, this_week(decision.decided_at))
    what = sentence.removeprefix(f"{one.initiative.code} ")
    short = what.partition(". ")[0]
    return Told(sentence, what, short[:1].upper() + short[1:], as_sentence(decision.reason))

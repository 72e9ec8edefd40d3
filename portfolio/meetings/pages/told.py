"""What a meeting has decided, as its pages say it."""

from collections.abc import Mapping
from typing import NamedTuple

from portfolio.base.text import as_sentence
from portfolio.base.time import this_week
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.writing import Wished, outcome
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.queries.outcomes import Decided


class Told(NamedTuple):
    """A decision in words.

    `sentence` is `FI-011 startar vecka 7`, `what` the same without its code; `short` begins a line of the list:
    `Startar vecka 7`. `reason` ends as a sentence does.
    """

    sentence: str
    what: str
    short: str
    reason: str


def told_of(outcomes: Mapping[str, Decided], meeting: Meeting) -> dict[str, Told]:
    """What was decided, by the item's key; the week of a start only in the room: it may have been moved since."""
    return {key: _told(one, is_now=not meeting.ended) for key, one in outcomes.items()}


def _told(one: Decided, *, is_now: bool) -> Told:
    decision, initiative, kind = one.decision, one.initiative, Kind(one.decision.kind)
    start = initiative.start_week if is_now and kind in (Kind.START, Kind.RESUME) else None
    rank = initiative.rank if is_now and kind is Kind.RERANK else None
    wished = Wished(kind, initiative.code, start, decision.until, rank)
    sentence = outcome(wished, this_week(decision.decided_at))
    what = sentence.removeprefix(f"{initiative.code} ")
    short = what.partition(". ")[0]
    return Told(sentence, what, short[:1].upper() + short[1:], as_sentence(decision.reason))

"""A decision as the pages tell it: what its kind means and comes to; and the one number of an initiative."""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.base.text import NBSP
from portfolio.base.weeks import Week
from portfolio.capacity.rules.words import week_told
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import UNDECIDED, Status
from portfolio.initiatives.writing import Wished, due_words, outcome, outcome_told, seen_to_told

__all__ = ["EXPLAINED", "Headline", "Wished", "due_words", "headline", "outcome", "outcome_told", "seen_to_told"]

EXPLAINED: Mapping[Kind, str] = {
    Kind.PREPARE: "Förslaget arbetas fram så att det går att besluta om.",
    Kind.START: "Initiativet får en startvecka och börjar räknas på kartan.",
    Kind.DEFER: "Frågan tas upp igen en annan dag.",
    Kind.RETURN: "Den som bereder behöver ta fram något mer.",
    Kind.REFER: "En nämnd eller kommunstyrelsen ska avgöra.",
    Kind.NOTE: "Information som ska finnas kvar. Inget ändras.",
    Kind.RERANK: "Initiativet får en annan plats i prioritetsordningen.",
    Kind.REJECT: "Vi går inte vidare med förslaget.",
    Kind.RESCOPE: "Tiden eller påverkan ändras.",
    Kind.PAUSE: "Arbetet vilar och slutar belasta enheterna.",
    Kind.RESUME: "Det som är kvar av planen fortsätter.",
    Kind.COMPLETE: "Arbetet är klart. Effekten följs upp.",
    Kind.CLOSE: "Effekten är uppföljd.",
    Kind.CANCEL: "Arbetet slutar utan att bli klart.",
}
"""What each kind of decision means, for someone who chooses between them."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The one number of an initiative's page: `11 veckor till start`."""

    number: str
    text: str


def headline(
    status: Status, start: Week | None, end: Week | None, now: Week, earliest: Week | None
) -> Headline | None:
    """What one wants to know first of an initiative in this status; None where no week says anything."""
    if status is Status.ONGOING and end is not None:
        return _weeks(end - now + 1, "kvar") if end >= now else _weeks(now - end, "över tiden")
    if status is Status.DECIDED and start is not None:
        return _weeks(start - now, "till start")
    if status in UNDECIDED and earliest is not None:
        return Headline(f"v.{NBSP}{week_told(earliest, now).removeprefix(f'vecka{NBSP}')}", "tidigast möjliga start")
    return None


def _weeks(number: int, text: str) -> Headline:
    return Headline(str(number), f"{'vecka' if number == 1 else 'veckor'} {text}")

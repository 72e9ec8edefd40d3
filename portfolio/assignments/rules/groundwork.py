"""What a decision needs beside the plan, by how complex it is: who takes part, and when it is looked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portfolio.base.errors import Invalid
from portfolio.base.time import long_date
from portfolio.initiatives.rules.triage import TriageClass

LONGEST_REVIEW = timedelta(weeks=8)
"""How far apart the reviews (avstämningar) of a complex initiative may lie: no known model tells how it will go."""

LEAST_DEPARTMENTS = 2
"""Förvaltningar that must take part in something complex, which takes several competences and perspectives."""


class ChangeLead(StrEnum):
    """Where whoever leads the change comes from."""

    OWN = "own"
    BOUGHT = "bought"
    MISSING = "missing"


LEAD_WORDS = {ChangeLead.OWN: "Egen", ChangeLead.BOUGHT: "Inköpt", ChangeLead.MISSING: "Saknas"}


class ChangeType(StrEnum):
    """What kind of change it is."""

    MANDATE = "mandate"
    WAY = "way"
    SYSTEM = "system"
    ORGANISATION = "organisation"
    OTHER = "other"


TYPE_WORDS = {
    ChangeType.MANDATE: "Mer mandat nära invånaren",
    ChangeType.WAY: "Nytt arbetssätt",
    ChangeType.SYSTEM: "Nytt system",
    ChangeType.ORGANISATION: "Ny organisation",
    ChangeType.OTHER: "Annat",
}

GROUNDWORK_WORDS = {
    "triage": "sortering som enkelt, ordinarie eller komplext",
    "participation": "hur de som berörs deltar",
    "review": "en avstämning inom åtta veckor",
    "breadth": "två medverkande förvaltningar, eller skäl till att det är en",
    "change_lead": "en förändringsledare",
}
"""What may be lacking, in the order in which it is prepared."""


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What is written beside the plan. `breadth_reason` is why one förvaltning is enough for something complex."""

    participation: str = ""
    review_on: date | None = None
    breadth_reason: str = ""
    change_lead: str | None = None
    change_type: str | None = None


NONE_LAID = Groundwork()


def lacking(triage_class: str | None, found: Groundwork, departments: Collection[int], day: date) -> list[str]:
    """What the groundwork lacks for a decision on `day`, as code words of GROUNDWORK_WORDS.

    What is simple needs nothing more; what is regular says how those who are touched take part; what is complex
    also when it is looked at, with which breadth, and who leads the change.
    """
    if triage_class is None:
        return ["triage"]
    is_complex = triage_class == TriageClass.COMPLEX
    lacks = {
        "participation": triage_class != TriageClass.SIMPLE and not found.participation.strip(),
        "review": is_complex and not has_review(found.review_on, day),
        "breadth": is_complex and len(departments) < LEAST_DEPARTMENTS and not found.breadth_reason.strip(),
        "change_lead": is_complex and found.change_lead in (None, ChangeLead.MISSING),
    }
    return [word for word in GROUNDWORK_WORDS if lacks.get(word)]


def has_review(review_on: date | None, day: date) -> bool:
    """Whether the next review lies ahead and near enough on `day`."""
    return review_on is not None and day <= review_on <= day + LONGEST_REVIEW


def ensure_review(review_on: date | None, before: date | None, day: date) -> None:
    """Refuse with Invalid a new review that lies behind, or more than eight weeks ahead; one that stands may stay."""
    if review_on is not None and review_on != before and not has_review(review_on, day):
        last = long_date(day + LONGEST_REVIEW)
        raise Invalid({"review_on": [f"Välj en dag från i dag till {last}, högst åtta veckor fram."]})

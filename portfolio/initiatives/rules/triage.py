"""Simple, regular or complex: how much an initiative asks of those who decide on it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portfolio.initiatives.rules.statuses import UNDECIDED


class TriageClass(StrEnum):
    """How much an initiative asks of those who decide on it."""

    SIMPLE = "simple"
    REGULAR = "regular"
    COMPLEX = "complex"


TRIAGE_WORDS = {
    TriageClass.SIMPLE: "Enkelt",
    TriageClass.REGULAR: "Ordinarie",
    TriageClass.COMPLEX: "Komplext",
}

TRIAGE_QUESTIONS = {
    "everyday": "Är det en vardagsförbättring som ni kan göra själva, utan att någon annan beslutar?",
    "one_department": "Stannar förändringen inom en enda förvaltning?",
    "known_way": "Vet vi hur det ska göras?",
    "needed": "Är det ett behov vi måste möta, eller ett önskemål?",
}
"""The four questions that sort a proposal, in the order in which they are asked, by the fields of TriageAnswers."""

GO_AHEAD = "Gör det direkt. Det behöver inte in i portföljen."
"""What whoever has an everyday improvement in mind is told."""

NEED_WORDS = {True: "Behov", False: "Önskemål"}
"""What an initiative answers to: what must be met, or what somebody wishes."""


@dataclass(frozen=True, slots=True)
class TriageAnswers:
    """What somebody answers to TRIAGE_QUESTIONS; `needed` is true of a need and false of a wish."""

    everyday: bool
    one_department: bool
    known_way: bool
    needed: bool


def suggested_class(answers: TriageAnswers) -> TriageClass | None:
    """The class that the answers suggest; None for an everyday improvement, which needs no decision."""
    if answers.everyday:
        return None
    if not answers.known_way:
        return TriageClass.COMPLEX
    return TriageClass.SIMPLE if answers.one_department else TriageClass.REGULAR


def suggestion_told(answers: TriageAnswers) -> str:
    """The suggestion with its reason in one sentence: `Enkelt, eftersom det stannar inom en förvaltning …`"""
    where = "stannar inom en förvaltning" if answers.one_department else "berör flera förvaltningar"
    match suggested_class(answers):
        case None:
            return GO_AHEAD
        case TriageClass.COMPLEX:
            return "Komplext, eftersom vi inte vet hur det ska göras."
        case suggested:
            return f"{TRIAGE_WORDS[suggested]}, eftersom det {where} och vi vet hur det ska göras."


def is_own_and_simple(triage_class: str | None, places: Collection[Collection[int]], unit_id: int | None) -> bool:
    """Whether a förvaltningschef decides alone: it is simple, and touches only the own unit and those below it.

    `places` are the touched units, each as the ids of itself and every unit above it. What touches nobody yet is
    nobody's own.
    """
    return triage_class == TriageClass.SIMPLE and bool(places) and all(unit_id in place for place in places)


def is_simple_proposal(status: str, triage_class: str | None) -> bool:
    """Whether it is simple and undecided: such a thing is decided without the meeting."""
    return status in UNDECIDED and triage_class == TriageClass.SIMPLE

"""What should be there before the ledningsgrupp decides that an initiative starts.

What is missing never stops the group: it is named, and deciding all the same takes a written reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portfolio.assignments.rules.groundwork import GROUNDWORK_WORDS
from portfolio.base.text import listed
from portfolio.initiatives.rules.starting import MISSING_WORDS

PREPARATION_WORDS = {
    "effect": "en beskrivning av vad som blir bättre",
    "effect_goal": "minst ett effektmål",
    "ready_effects": MISSING_WORDS["ready_effects"],
    "owner": "en projektägare",
    "phases": "minst ett steg med antal veckor",
    "impacts_rated": "en bedömning av påverkan på varje enhet",
    "clear_assignment": "ett tydligt uppdrag",
    **GROUNDWORK_WORDS,
    "risk_assessment": "riskbedömning inför ändring",
    "consultation": "samverkan enligt 11 § MBL",
}
"""What may be missing, in the order in which it is prepared (AFS 2023:1 on changes, MBL 11 §)."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """How far an initiative is prepared. `missing` is what a start or its groundwork lacks, as code words.

    `effect` is what becomes better in free words, `effect_goals` the number of effektmål.
    `unanswered` are the names of the affected units whose chief has not acknowledged the impact: without them no
    effektmål is realistic.
    """

    effect: str
    effect_goals: int
    risk_assessed_on: date | None
    consulted_on: date | None
    missing: tuple[str, ...]
    unanswered: tuple[str, ...]


def missing_in_words(found: Preparation) -> list[str]:
    """What is missing, each thing by its name; empty when the group can decide."""
    lacks = {
        "effect": not found.effect.strip() and not found.effect_goals,
        "effect_goal": bool(found.effect.strip()) and not found.effect_goals,
        **dict.fromkeys(found.missing, True),
        "risk_assessment": found.risk_assessed_on is None,
        "consultation": found.consulted_on is None,
    }
    told = [words for word, words in PREPARATION_WORDS.items() if lacks.get(word)]
    return [*told, *_acknowledgements(found.unanswered)]


def _acknowledgements(units: Iterable[str]) -> list[str]:
    waiting = list(units)
    return [f"kvittens från {listed(waiting)}"] if waiting else []

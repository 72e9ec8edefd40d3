"""Effektmål: vad förändras, för vem, från, till, när. Whether one is clear, can be followed up, and is realistic."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portfolio.base.text import fold, listed, phrases

MOST_GOALS = 5
"""How many effektmål an initiative has at the very most: more are not followed up by anybody."""

ACTIVITY_HINT = "Det där låter som en aktivitet. Vad blir annorlunda när den är klar?"

ACTIVITIES = phrases(
    "införa, inför, införande, införandet, ta fram, tar fram, framtagande, genomföra, genomför, genomförande, utreda,"
    "utreder, utredning, implementera, implementering, starta, startar, bygga, bygger, upphandla, upphandling, skapa,"
    "skapar, utbilda, utbildar, utbildning, lansera, lanserar, etablera, etablerar, inrätta, inrättar, köpa in,"
    "inköp, utveckla, utvecklar, revidera, reviderar, arbeta fram, kartlägga, kartlägger, kartläggning, digitalisera"
)
"""With what an activity begins: something is done, and nobody knows yet what it changes."""


class BenefitKind(StrEnum):
    """What kind of nytta an effektmål is."""

    TIME = "time"
    MONEY = "money"
    QUALITY = "quality"
    WORKING_LIFE = "working_life"
    CLIMATE = "climate"
    PURCHASING = "purchasing"
    PREMISES = "premises"


BENEFIT_WORDS = {
    BenefitKind.TIME: "Tid",
    BenefitKind.MONEY: "Pengar",
    BenefitKind.QUALITY: "Kvalitet",
    BenefitKind.WORKING_LIFE: "Arbetsmiljö",
    BenefitKind.CLIMATE: "Klimat",
    BenefitKind.PURCHASING: "Köptrohet",
    BenefitKind.PREMISES: "Lokaler",
}


@dataclass(frozen=True, slots=True)
class EffectGoal:
    """What is to change, for whom, from what to what, and when; `source` is where one sees it.

    `hours` (a year) and `tkr` (thousand kronor a year) are what is freed in `unit`, a code.
    """

    change: str
    for_whom: str = ""
    baseline: str = ""
    target: str = ""
    by_when: date | None = None
    source: str = ""
    benefit: str | None = None
    hours: int | None = None
    tkr: int | None = None
    unit: str | None = None


class Light(NamedTuple):
    """One of the three questions to an effektmål: the word for its answer, and what is missing where it is no."""

    is_lit: bool
    word: str
    lacks: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """`Tydligt`, or `Inte tydligt än`."""
        return self.word if self.is_lit else f"Inte {self.word.lower()} än"

    @property
    def needed(self) -> str:
        """What to do about it: `Skriv hur det är i dag och skriv när.`; empty of a light that is lit."""
        text = listed(self.lacks)
        return f"{text[:1].upper()}{text[1:]}." if text else ""


def is_activity(text: str) -> bool:
    """Whether what is written as a change begins as an activity does."""
    folded = fold(text)
    return any(folded == word or folded.startswith(f"{word} ") for word in ACTIVITIES)


def clear(goal: EffectGoal) -> Light:
    """Tydligt: it says what changes, and for whom."""
    lacks = {"skriv vad som förändras": goal.change, "skriv för vem": goal.for_whom}
    return _light("Tydligt", (text for text, said in lacks.items() if not said.strip()))


def measurable(goal: EffectGoal) -> Light:
    """Uppföljningsbart: it says from what to what, when, and where one sees it."""
    lacks = {
        "skriv hur det är i dag": goal.baseline.strip(),
        "skriv hur det ska bli": goal.target.strip(),
        "skriv när": goal.by_when,
        "skriv var det syns": goal.source.strip(),
    }
    return _light("Uppföljningsbart", (text for text, said in lacks.items() if not said))


def realistic(touched: Collection[int], answers: Iterable[tuple[int, str]]) -> Light:
    """Realistiskt: the receiving chef of every unit that it touches has acknowledged, and none objects.

    `touched` are the ids of the units, `answers` (unit's id, answer) of what the chefs have said.
    """
    said = dict(answers)
    waiting = [unit for unit in touched if unit not in said]
    objecting = [unit for unit in touched if said.get(unit) == "objection"]
    lacks = [
        ("välj vilka enheter som berörs", not touched),
        ("mottagande chefer har inte kvitterat", bool(waiting)),
        ("en mottagande chef har en invändning", bool(objecting)),
    ]
    return _light("Realistiskt", (text for text, is_missing in lacks if is_missing))


def _light(word: str, lacks: Iterable[str]) -> Light:
    missing = tuple(lacks)
    return Light(not missing, word, missing)


def unready(goals: Iterable[EffectGoal]) -> int:
    """How many effektmål are not both clear and possible to follow up."""
    return sum(not (clear(goal).is_lit and measurable(goal).is_lit) for goal in goals)


def errors_in(goal: EffectGoal) -> dict[str, list[str]]:
    """What an effektmål cannot be kept without, by its boxes: what is freed is freed somewhere."""
    told = {
        "change": "" if goal.change.strip() else "Skriv vad som förändras.",
        "unit": "Välj var tiden eller pengarna frigörs." if (goal.hours or goal.tkr) and not goal.unit else "",
    }
    return {name: [text] for name, text in told.items() if text}

"""Chefsförutsättningar: whether the receiving chef of a change has what it takes to lead it (row S4-36)."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from portfolio.base.text import listed


class Answer(StrEnum):
    """What a chef says of one condition."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


ANSWER_WORDS = {Answer.YES: "Ja", Answer.PARTLY: "Delvis", Answer.NO: "Nej"}

QUESTIONS = {
    "mandate": "Har du ett tydligt uppdrag, där ansvar och resurser hör ihop?",
    "room": "Har du utrymme att analysera och reflektera, så att du kan prioritera?",
    "span": "Har du ett rimligt antal direkt underställda?",
}
"""The three questions, by the fields of Conditions."""

NAMES = {
    "mandate": "ett tydligt uppdrag",
    "room": "utrymme att analysera och reflektera",
    "span": "ett rimligt antal direkt underställda",
}
"""What a sentence calls each of them."""

TOO_MANY = 2
"""So many answers of no warn whoever decides. They never stop a decision."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the receiving chef of one unit says about leading one change."""

    mandate: Answer
    room: Answer
    span: Answer

    @property
    def lacking(self) -> list[str]:
        """What the chef says no to, as a sentence calls it."""
        return [NAMES[name] for name, answer in asdict(self).items() if answer is Answer.NO]


def warning_of(unit: str, given: Conditions) -> str:
    """What whoever decides should know of the chef of a unit; empty with fewer than two answers of no."""
    lacking = given.lacking
    return f"Den mottagande chefen för {unit} saknar {listed(lacking)}." if len(lacking) >= TOO_MANY else ""

"""What came of it: when one asks, what can be answered, and when the last answer closes an initiative."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portfolio.base.text import as_sentence
from portfolio.base.time import long_date

OCCASIONS = (3, 12)
"""How many months after completion one asks."""
LAST = OCCASIONS[-1]


class Answer(StrEnum):
    """What came of an effektmål."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT = "not"
    TOO_EARLY = "too_early"


ANSWER_WORDS = {
    Answer.REACHED: "Nått",
    Answer.PARTLY: "Delvis nått",
    Answer.NOT: "Inte nått",
    Answer.TOO_EARLY: "För tidigt att säga",
}
ANSWER_KINDS = {Answer.REACHED: "ok", Answer.PARTLY: "watch", Answer.NOT: "stop", Answer.TOO_EARLY: "neutral"}
"""The chip of each answer."""

WHOLE = 0
"""Stands for the initiative itself where it has no effektmål: the one question is what came of it."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer about one effektmål, with one sentence."""

    answer: Answer
    text: str


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    return date(day.year + years, month + 1, day.day)


def settled(answers: Mapping[int, str], asked: Collection[int], months: int) -> bool:
    """Whether everything that is asked at an occasion has its answer: the last time it is never too early."""
    too_early = {Answer.TOO_EARLY} if months == LAST else set()
    return all(one in answers and answers[one] not in too_early for one in asked)


def occasion(completed: date, today: date, settled_at: Collection[int]) -> int | None:
    """Which occasion is answered today: the last one once its day has come, else the first; None between them."""
    if today >= months_after(completed, LAST):
        return LAST
    first = OCCASIONS[0]
    return None if first in settled_at else first


def told(answers: Sequence[tuple[str, Given]]) -> str:
    """What came of it in sentences, the reason of the decision that closes: `Kortare kö: nått. Två dagar.`"""
    sentences = []
    for change, given in answers:
        answer = ANSWER_WORDS[given.answer].lower()
        sentences.append(f"{change.strip().rstrip('.')}: {answer}. {as_sentence(given.text)}")
    return " ".join(sentences)


def is_success(answers: Iterable[Given]) -> bool:
    """Whether everything was reached: then one asks whether somebody else can use it."""
    given = list(answers)
    return bool(given) and all(one.answer is Answer.REACHED for one in given)


def next_question(completed: date, months: int | None, today: date) -> str:
    """When one is asked the next time, in a sentence; empty while a question is open."""
    if months is not None:
        return ""
    day = months_after(completed, LAST)
    return f"Nästa gång frågan ställs är {long_date(day)} {day.year}." if day > today else ""

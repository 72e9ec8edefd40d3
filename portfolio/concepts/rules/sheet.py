"""A concept on one page, to print and to send to others: nothing in it tells of a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.base.text import lines_of
from portfolio.concepts.rules.reuse import SOURCE_WORDS, Source
from portfolio.concepts.rules.strength import Effort
from portfolio.initiatives.rules.plans import IMPACT_WORDS, PHASE_WORDS

_LIST_MARK = re.compile(r"^(\d{1,2}[.)]|[-–•*])\s+")

HEADER = ("Steg", "Veckor", "Den som leder", "Var och en som tar emot")
"""The columns of the table Så mycket kraft tar det."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page. `rows` are the steps under HEADER, `total` all their weeks together."""

    title: str
    sender: str
    origin: str
    problem: str
    fits: str
    steps: Sequence[str]
    rows: Sequence[tuple[str, str, str, str]]
    total: int
    pitfalls: Sequence[str]
    reuses: str


def origin_told(source: str, name: str) -> str:
    """Where a concept was first tried: `Egen kommun`, `Annan kommun: Skellefteå kommun`."""
    word = SOURCE_WORDS[Source(source)]
    return f"{word}: {name}" if name else word


def rows_of(efforts: Sequence[Effort]) -> list[tuple[str, str, str, str]]:
    """The steps in words, under HEADER."""
    return [
        (PHASE_WORDS[one.kind], str(one.weeks), IMPACT_WORDS[one.leading], IMPACT_WORDS[one.receiving])
        for one in efforts
    ]


def reuses_told(number: int) -> str:
    """`Återanvänt 2 gånger.`"""
    if number == 0:
        return "Inte återanvänt ännu."
    return f"Återanvänt {number} {'gång' if number == 1 else 'gånger'}."


def points_in(text: str) -> list[str]:
    """The lines of a text without the marks of a list (`1.`, `2)`, `-`): the page gives each its own."""
    return [_LIST_MARK.sub("", line) for line in lines_of(text)]

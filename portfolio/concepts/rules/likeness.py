"""What is like what: shared words first, then a shared goal and shared units. No weights that nobody can explain."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from portfolio.base.text import fold, phrases

Key = TypeVar("Key")
Words = frozenset[str]

MOST_SHOWN = 3
"""As many as somebody reads while writing something else."""

IN_TITLE, ELSEWHERE = 2, 1
"""Points for a word that the other one has in its title, and in its other text."""

ENOUGH_WORDS = 2
"""Points from words alone that it takes to be alike: a word of a title, or two of other texts."""

SHARED_GOAL = SHARED_UNIT = 1
"""Points besides, for those that are alike already."""

MOST_WORDS = 60
"""Words of one text that are compared: more tell no more, and a text may be pages long."""

SHORTEST, SHORTEST_BEGINNING = 3, 5
"""Letters of a word that is compared, and of one that another word may begin with: `schema` in `schemasystem`."""

STOP_WORDS = frozenset(
    phrases(
        "och, att, det, den, de, som, för, med, till, från, vid, efter, under, över, hos, inom, utan, eller, men, "
        "inte, ska, kan, vill, får, blir, bli, har, hade, var, vara, när, där, hur, vad, vem, alla, allt, hela, "
        "varje, mer, mest, fler, flera, färre, mindre, bättre, snabbare, enklare, egen, eget, egna, sin, sina, sitt, "
        "våra, vårt, vår, deras, man, oss, dem, detta, denna, dessa, nya, nytt, gemensam, gemensamt, gemensamma, "
        "digital, digitalt, digitala, införa, införande, utveckla, utveckling, skapa, ändra, förändring, "
        "projekt, modell, system, arbetssätt, kommun, kommunen, kommunens, förvaltning, förvaltningen, "
        "förvaltningar, förvaltningarna, medarbetare, verksamhet, verksamheten, norm, hög, högst, minst"
    )
)
"""Folded words that say nothing of what is changed."""

ENDINGS = phrases("arnas, ernas, ornas, arens, arna, erna, orna, aren, ens, ets, ar, er, or, en, et, an, na, a, e, n")
"""The endings of Swedish nouns, the longest first: `lärarna` and `lärare` have the same beginning."""

STEM = 4
"""Letters that a word keeps, whatever it ends with."""

_WORD = re.compile(r"[^\W\d_]+")


class Told(NamedTuple):
    """What is compared of something: the words of its title, those of its other text, its goals and units by id."""

    title: Words
    more: Words = frozenset()
    goals: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()


@lru_cache(maxsize=4096)
def words_of(text: str) -> Words:
    """The words of a text that say what it is about, folded and without their endings.

    Remembered, for the same texts are compared each time that somebody leaves a box of a proposal.
    """
    found: dict[str, None] = {}
    for match in _WORD.finditer(fold(text)):
        word = match[0]
        if len(word) >= SHORTEST and word not in STOP_WORDS:
            found[stem(word)] = None
            if len(found) == MOST_WORDS:
                break
    return frozenset(found)


def stem(word: str) -> str:
    """A folded word without its ending: `stem("skolorna") == "skol"`."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    return word


def likeness(wanted: Told, other: Told) -> int:
    """How alike two are in points, 0 for not at all."""
    points = _by_words(_by_beginning(wanted.title | wanted.more), other)
    if points < ENOUGH_WORDS:
        return 0
    goal = SHARED_GOAL if wanted.goals & other.goals else 0
    return points + goal + (SHARED_UNIT if wanted.units & other.units else 0)


def most_alike(wanted: Told, others: Mapping[Key, Told]) -> list[Key]:
    """The three that are most like what is wanted, the likest first; of equals, in the order in which they came."""
    points = {key: likeness(wanted, other) for key, other in others.items()}
    alike = [key for key in others if points[key]]
    return sorted(alike, key=lambda key: -points[key])[:MOST_SHOWN]


def _by_beginning(words: Words) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[:SHORTEST_BEGINNING], []).append(word)
    return found


def _by_words(wanted: Mapping[str, list[str]], other: Told) -> int:
    in_title = _shared(wanted, other.title)
    return IN_TITLE * len(in_title) + ELSEWHERE * len(_shared(wanted, other.more) - in_title)


def _shared(wanted: Mapping[str, list[str]], words: Iterable[str]) -> set[str]:
    """The wanted words that some of these words are like."""
    return {one for word in words for one in wanted.get(word[:SHORTEST_BEGINNING], ()) if _are_alike(one, word)}


def _are_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter))

"""One word for one thing, and Swedish on the screens."""

import re
from collections.abc import Iterable
from typing import get_args

import pytest

from portfolio.capacity.rules.limits import Level
from portfolio.capacity.rules.sentences import LEVEL_WORDS
from portfolio.concepts.rules.reuse import SOURCE_WORDS, Source
from portfolio.events.catalogue import CATALOGUE
from portfolio.initiatives.rules.ending import LESSON_WORDS, LessonTag
from portfolio.initiatives.rules.kinds import KIND_VERBS, KIND_WORDS, Kind
from portfolio.initiatives.rules.reported import STATE_WORDS, ReportState
from portfolio.initiatives.rules.starting import MISSING_WORDS, missing_for_start
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status
from portfolio.letters.rules import STATE_WORDS as LETTER_WORDS
from portfolio.letters.rules import LetterState
from portfolio.outbox.rules import DELIVERY_WORDS, DeliveryState
from portfolio.people.rules import ROLE_WORDS, Role
from portfolio.reminders.rules.catalogue import RULES
from portfolio.reminders.writing import HEADINGS
from portfolio.scorecard.rules import GOAL_WORDS, GoalKind
from portfolio.units.rules import KIND_WORDS as UNIT_WORDS
from tests.house.sources import ROOT, files, named

RULE_WORDS = {name: rule.title for name, rule in RULES.items()}
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
ENGLISH = ("dashboard", "roadmap", "backlog", "stakeholder", "compliance", "deadline")
BLAMING = ("pga", "på grund av dig", "du har missat", "du har glömt", "ditt fel", "ert fel", "slarv")


@pytest.mark.parametrize(
    "words",
    [
        STATUS_WORDS,
        KIND_WORDS,
        STATE_WORDS,
        ROLE_WORDS,
        UNIT_WORDS,
        GOAL_WORDS,
        DELIVERY_WORDS,
        LETTER_WORDS,
        RULE_WORDS,
        LESSON_WORDS,
        SOURCE_WORDS,
    ],
    ids=["status", "decision", "state", "role", "unit", "goal", "delivery", "letter", "rule", "lesson", "source"],
)
def test_every_word_of_the_code_stands_in_the_glossary_beside_the_word_of_the_screens(words: dict[str, str]) -> None:
    lines = [line for line in GLOSSARY.splitlines() if line.startswith("|")]
    missing = [
        f"{code}: {word}"
        for code, word in words.items()
        if not any(f"`{code}`" in line and word.lower() in line.lower() for line in lines)
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (STATUS_WORDS, Status),
        (KIND_WORDS, Kind),
        (KIND_VERBS, Kind),
        (STATE_WORDS, ReportState),
        (LEVEL_WORDS, get_args(Level)),
        (
            MISSING_WORDS,
            missing_for_start(has_owner=False, has_phases=False, unrated=1, unclear=True, effects_unready=1),
        ),
        (ROLE_WORDS, Role),
        (GOAL_WORDS, GoalKind),
        (LETTER_WORDS, LetterState),
        (DELIVERY_WORDS, DeliveryState),
        (HEADINGS, RULES),
        (LESSON_WORDS, LessonTag),
        (SOURCE_WORDS, Source),
    ],
    ids=[
        "status",
        "decision",
        "verb",
        "state",
        "level",
        "missing",
        "role",
        "goal",
        "letter",
        "delivery",
        "heading",
        "lesson",
        "source",
    ],
)
def test_every_code_has_a_word(words: dict[str, str], codes: Iterable[str]) -> None:
    assert set(words) == set(codes)


def test_every_event_stands_in_the_glossary_with_what_it_means() -> None:
    told = dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.+?) \|$", GLOSSARY, re.MULTILINE))
    assert set(told) == set(CATALOGUE)


def test_the_screens_speak_swedish() -> None:
    found = [
        f"{named(path)}: {word}"
        for path in files("templates", ".html")
        for word in ENGLISH
        if re.search(rf"\b{word}", shown(path.read_text("utf-8")), re.IGNORECASE)
    ]
    assert found == []


# S2-17
def test_no_screen_and_no_letter_blames_anybody() -> None:
    found = [
        f"{named(path)}: {word}"
        for path in (*files("templates"), *files("portfolio", ".py"))
        for word in BLAMING
        if re.search(rf"\b{word}", path.read_text("utf-8"), re.IGNORECASE)
    ]
    assert found == []


def shown(template: str) -> str:
    """What is written in a template, without what is computed."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", " ", template, flags=re.DOTALL)

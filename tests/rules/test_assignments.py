"""How a proposal is sorted, when an assignment is clear, and what a decision needs beside the plan."""

import io
from datetime import date
from itertools import product

import pytest
from docx import Document

from portfolio.assignments.rules.clarity import ASKED, QUESTIONS, Assignment, Letter, answered, letter_of, unanswered
from portfolio.assignments.rules.groundwork import Groundwork, ensure_review, lacking
from portfolio.assignments.writing import letter_docx
from portfolio.base.errors import Invalid
from portfolio.initiatives.rules.proposals import SOURCE_WORDS, is_unclear
from portfolio.initiatives.rules.triage import (
    TRIAGE_QUESTIONS,
    TriageAnswers,
    is_own_and_simple,
    suggested_class,
    suggestion_told,
)

DAY = date(2026, 11, 24)
SOC, HEMTJANST, BUF = [2], [5, 2], [3]
"""Places in the tree: a förvaltning, an enhet below it, and another förvaltning."""


def answers(**changed: bool) -> TriageAnswers:
    return TriageAnswers(**{"everyday": False, "one_department": True, "known_way": True, "needed": True, **changed})


def test_an_everyday_improvement_is_sent_out_whatever_else_is_answered() -> None:  # S0-12
    for others in product((True, False), repeat=3):
        everyday = TriageAnswers(True, *others)
        assert suggested_class(everyday) is None
        assert suggestion_told(everyday) == "Gör det direkt. Det behöver inte in i portföljen."


@pytest.mark.parametrize(
    ("changed", "suggested", "told"),
    [
        ({}, "simple", "Enkelt, eftersom det stannar inom en förvaltning och vi vet hur det ska göras."),
        (
            {"one_department": False},
            "regular",
            "Ordinarie, eftersom det berör flera förvaltningar och vi vet hur det ska göras.",
        ),
        ({"known_way": False}, "complex", "Komplext, eftersom vi inte vet hur det ska göras."),
        (
            {"known_way": False, "one_department": False},
            "complex",
            "Komplext, eftersom vi inte vet hur det ska göras.",
        ),
    ],
)
def test_four_answers_suggest_a_class_and_say_why(
    changed: dict[str, bool], suggested: str, told: str
) -> None:  # S1-14
    assert len(TRIAGE_QUESTIONS) == 4
    for needed in (True, False):
        given = answers(**changed, needed=needed)
        assert (suggested_class(given), suggestion_told(given)) == (suggested, told)


def test_a_chief_decides_alone_on_what_is_simple_and_stays_in_the_own_unit() -> None:  # S1-12
    assert is_own_and_simple("simple", [SOC, HEMTJANST], 2)
    assert is_own_and_simple("simple", [HEMTJANST], 5)
    assert not is_own_and_simple("simple", [SOC, HEMTJANST], 5)
    assert not is_own_and_simple("simple", [SOC, BUF], 2)
    assert not is_own_and_simple("simple", [], 2)
    assert not is_own_and_simple("simple", [SOC], None)
    for triage_class in ("regular", "complex", None):
        assert not is_own_and_simple(triage_class, [SOC], 2)


# S4-48
@pytest.mark.parametrize("source", [*SOURCE_WORDS, None])
def test_only_a_political_assignment_with_fewer_than_four_answers_is_unclear(source: str | None) -> None:  # S1-22
    political = source in ("kf", "ks", "namnd", "agardirektiv")
    assert [is_unclear(source, number) for number in range(6)] == [political] * 4 + [False] * 2


def assignment(**given: str) -> Assignment:
    found = {question: given.get(question, "") for question in QUESTIONS}
    return Assignment("KF-118", "Ett mer tillgängligt Luleå", "kf", "118", "KLF 2026/388", found)


def test_white_space_is_no_answer() -> None:
    given = assignment(what="Fler kommer in", for_whom=" \n", mandate="Inom ram").answers
    assert answered(given) == 2
    assert unanswered(given) == ["for_whom", "by_when", "stops"]


def test_the_letter_asks_what_has_no_answer_and_tells_what_was_understood() -> None:  # S1-22
    letter = letter_of(assignment(what="Fler kommer in", for_whom="Alla"), "Kanslichef", DAY)
    assert letter.receiver == "Kommunfullmäktige"
    assert letter.asks == [ASKED["by_when"], ASKED["mandate"], ASKED["stops"]]
    assert letter.understood == [(QUESTIONS["what"], "Fler kommer in"), (QUESTIONS["for_whom"], "Alla")]
    assert letter.text.startswith("Till: Kommunfullmäktige\n24 november 2026\n\nFrågor om uppdraget ”Ett mer")
    assert "§\u00a0118 · Diarienummer: KLF 2026/388 · Beteckning: KF-118" in letter.text
    assert "behöver vi svar på 3 frågor:\n\n1. När ska det vara klart" in letter.text
    assert letter.text.endswith("Med vänlig hälsning\nKanslichef\n")


def test_the_letter_about_one_open_question_speaks_of_one() -> None:
    given = dict.fromkeys(QUESTIONS, "Ja") | {"stops": ""}
    letter = letter_of(assignment(**given), "Kanslichef", DAY)
    assert letter.opening.endswith("behöver vi svar på frågan:")
    assert len(letter.asks) == 1


DONE = Groundwork("Handläggarna provar först.", date(2027, 1, 12), "", "own")


@pytest.mark.parametrize(
    ("triage_class", "found", "departments", "lacks"),
    [
        (None, DONE, {1, 2}, ["triage"]),
        ("simple", Groundwork(), {1}, []),
        ("regular", Groundwork(), {1}, ["participation"]),  # S4-26
        ("regular", DONE, {1}, []),
        ("complex", Groundwork(), {1}, ["participation", "review", "breadth", "change_lead"]),
        ("complex", DONE, {1, 2}, []),
        ("complex", DONE, {1}, ["breadth"]),  # S3-08
        ("complex", Groundwork("De är med", DAY, "Bara vi har larm", "bought"), {1}, []),
        ("complex", Groundwork("De är med", DAY, "", "missing"), {1, 2}, ["change_lead"]),  # S1-26
        ("complex", Groundwork("De är med", date(2026, 11, 23), "", "own"), {1, 2}, ["review"]),
        ("complex", Groundwork("De är med", date(2027, 1, 19), "", "own"), {1, 2}, []),
        ("complex", Groundwork("De är med", date(2027, 1, 20), "", "own"), {1, 2}, ["review"]),  # S0-08
    ],
)
def test_what_is_complex_needs_more_before_it_is_decided(
    triage_class: str | None, found: Groundwork, departments: set[int], lacks: list[str]
) -> None:
    assert lacking(triage_class, found, departments, DAY) == lacks


def test_a_review_lies_within_eight_weeks_when_it_is_set_and_may_stay_when_its_day_has_passed() -> None:  # S0-08
    ensure_review(date(2027, 1, 19), None, DAY)
    ensure_review(None, DAY, DAY)
    ensure_review(date(2026, 11, 1), date(2026, 11, 1), DAY)
    for refused in (date(2027, 1, 20), date(2026, 11, 23)):
        with pytest.raises(Invalid) as told:
            ensure_review(refused, None, DAY)
        assert told.value.errors == {"review_on": ["Välj en dag från i dag till 19 januari, högst åtta veckor fram."]}


def test_the_letter_for_word_leaves_out_what_it_cannot_hold() -> None:
    text = "a\x00b\uffffc\u202ed"
    letter = Letter(text, "24 november", text, text, text, [("Vad?", text)], ["När?"], [text], text)
    file = Document(io.BytesIO(letter_docx(letter)))
    lines = [line for one in file.paragraphs for line in one.text.splitlines()]
    assert (lines.count("abcd"), lines[0]) == (6, "Till: abcd")
    assert (file.core_properties.title, file.core_properties.author) == ("abcd", "abcd")

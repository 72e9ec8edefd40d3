"""What a closing asks for."""

from dataclasses import replace
from datetime import date

import pytest

from portfolio.initiatives.rules import Handover, Lesson, handover_errors, lesson_errors

IN_LINE = Handover(ends=False, unit="KOF", function="Bibliotekschef", on=date(2027, 2, 1))


@pytest.mark.parametrize(
    ("lesson", "wrong"),
    [
        (Lesson("Vi borde ha frågat enheterna först."), []),
        (Lesson("  "), ["lesson.text"]),
        (Lesson("Fråga först.", useful=True), ["lesson.use"]),
        (Lesson("Fråga först.", useful=True, use="Alla som inför ett system."), []),
        (Lesson("Fråga först.", useful=False), []),
    ],
)
def test_a_lesson_has_words_and_tells_how_others_can_use_it(lesson: Lesson, wrong: list[str]) -> None:  # S1-15 S3-01
    assert list(lesson_errors(lesson)) == wrong


@pytest.mark.parametrize(
    ("handover", "wrong"),
    [
        (IN_LINE, []),
        (Handover(ends=True), []),
        (Handover(ends=None), ["handover.how"]),
        (Handover(ends=False), ["handover.unit", "handover.function", "handover.on"]),
        (replace(IN_LINE, function=" "), ["handover.function"]),
        (replace(IN_LINE, on=None), ["handover.on"]),
    ],
)
def test_the_work_is_taken_over_by_somebody_from_a_day_or_it_ends(handover: Handover, wrong: list[str]) -> None:
    assert list(handover_errors(handover)) == wrong  # S2-18

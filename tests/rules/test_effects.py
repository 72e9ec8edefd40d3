"""What an effektmål must say, how figures are read, when one asks what came of it; and what a closing asks for."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from portfolio.effects.rules.following import (
    Answer,
    Given,
    is_success,
    months_after,
    next_question,
    occasion,
    settled,
    told,
)
from portfolio.effects.rules.goals import EffectGoal, clear, errors_in, is_activity, measurable, realistic, unready
from portfolio.effects.rules.measuring import Measured, drawn, number_told, read_pasted
from portfolio.effects.rules.sums import Freed, freed_by_unit, number_reached
from portfolio.initiatives.rules.ending import Handover, Lesson, handover_errors, lesson_errors

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


WHOLE_GOAL = EffectGoal(
    "Bygglov kommer samma dag", "den som söker", "21 dagar", "1 dag", date(2027, 12, 31), "ärendesystemet"
)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Införa ett nytt system", True),
        ("Ta  fram en plan för digitalisering", True),
        ("genomföra utbildningar", True),
        ("UTREDA", True),
        ("Införandegraden ökar", False),
        ("Bygglov kommer samma dag", False),
        ("Fler barn får språkstöd", False),
        ("", False),
    ],
)
def test_what_begins_as_an_activity_is_told_from_what_changes(text: str, is_one: bool) -> None:  # S4-07
    assert is_activity(text) == is_one


def test_a_goal_is_clear_measurable_and_realistic_only_when_everything_is_said() -> None:  # S4-09
    confirmed = [(1, "confirmed"), (2, "corrected")]
    assert [clear(WHOLE_GOAL).told, measurable(WHOLE_GOAL).told] == ["Tydligt", "Uppföljningsbart"]
    assert realistic([1, 2], confirmed).told == "Realistiskt"
    unclear = clear(replace(WHOLE_GOAL, for_whom=" "))
    assert (unclear.told, unclear.needed) == ("Inte tydligt än", "Skriv för vem.")
    for name, empty in {"baseline": "", "target": " ", "by_when": None, "source": ""}.items():
        assert not measurable(replace(WHOLE_GOAL, **{name: empty})).is_lit, name
    written = "Skriv hur det är i dag, skriv hur det ska bli, skriv när och skriv var det syns."
    assert measurable(EffectGoal("Kortare kö")).needed == written
    waiting, objecting = realistic([1, 2], confirmed[:1]), realistic([1, 2], [(1, "objection"), (2, "confirmed")])
    assert waiting.needed == "Mottagande chefer har inte kvitterat."
    assert objecting.needed == "En mottagande chef har en invändning."
    assert not realistic([], []).is_lit
    assert unready([WHOLE_GOAL, replace(WHOLE_GOAL, source=""), replace(WHOLE_GOAL, for_whom="")]) == 2


def test_what_is_freed_is_freed_somewhere() -> None:  # S4-44
    assert errors_in(replace(WHOLE_GOAL, hours=400)) == {"unit": ["Välj var tiden eller pengarna frigörs."]}
    assert errors_in(replace(WHOLE_GOAL, tkr=90, unit="BUF")) == {}
    assert list(errors_in(EffectGoal(" "))) == ["change"]


def test_figures_are_pasted_from_excel_as_they_stand() -> None:  # S4-08
    pasted = read_pasted(
        "Datum\tVärde\n2026-11-30\t12,5\n2026-10\t1 234,5 %\n\n2025;−3\n20260915  7.25\n2026-08-01 4"
    )
    assert pasted.errors == []
    assert [(one.day.isoformat(), one.value) for one in pasted.values] == [
        ("2025-12-31", -3),
        ("2026-08-01", 4),
        ("2026-09-15", 7.25),
        ("2026-10-31", 1234.5),
        ("2026-11-30", 12.5),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-30", "Rad 1: ”2026-11-30” har inte både ett datum och ett värde."),
        ("2026-13-01\t4", "Rad 1: ”2026-13-01” är inget datum. Skriv datumet som 2026-11-24, 2026-11 eller 2026."),
        ("2026-11-31;4", "Rad 1: ”2026-11-31” är inget datum. Skriv datumet som 2026-11-24, 2026-11 eller 2026."),
        ("2026-11-30\tmånga", "Rad 1: ”många” är inget tal. Skriv värdet som ett tal, till exempel 12,5."),
        ("2026-11-30\t1e99", "Rad 1: ”1e99” är inget tal. Skriv värdet som ett tal, till exempel 12,5."),
        ("Datum\tVärde\n2026-11\t4\n2026-11-30\t5", "Rad 3: 2026-11-30 finns redan på en tidigare rad."),
        ("2026-01-01\t1\n" * 501, "Klistra in högst 500 rader åt gången."),
        ("٢٠٢٦-11-30\t4", "Rad 1: ”٢٠٢٦-11-30” är inget datum. Skriv datumet som 2026-11-24, 2026-11 eller 2026."),
    ],
)
def test_a_row_that_cannot_be_read_is_told_by_its_number(text: str, told: str) -> None:
    assert list(read_pasted(text).errors) == [told]


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, ""), (0, "0"), (100, "100"), (1234.5, "1\u00a0234,5"), (-0.25, "-0,25"), (21000, "21\u00a0000")],
)
def test_a_figure_is_told_as_people_read_it(value: float | None, told: str) -> None:
    assert number_told(value) == told


def test_a_line_is_drawn_through_the_days_with_the_target_beside_it() -> None:
    values = [Measured(date(2026, 1, 1), 10), Measured(date(2026, 1, 11), 20), Measured(date(2026, 1, 21), 15)]
    assert drawn(values, 20) == ("8,88 160,8 312,48", (312, 48), 8)
    assert drawn(values[:1], 20) is None
    flat = drawn([Measured(date(2026, 1, 1), 5), Measured(date(2026, 1, 2), 5)], None)
    assert flat is not None
    assert (flat.points, flat.target_at) == ("8,48 312,48", None)


def test_one_asks_three_months_after_and_a_last_time_after_twelve() -> None:
    done = date(2026, 11, 30)
    assert (months_after(done, 3), months_after(done, 12)) == (date(2027, 2, 28), date(2027, 11, 30))
    assert occasion(done, date(2026, 12, 1), ()) == 3
    assert occasion(done, date(2027, 3, 1), {3}) is None
    assert occasion(done, date(2027, 11, 29), {3}) is None
    assert occasion(done, date(2027, 11, 30), {3}) == occasion(done, date(2027, 11, 30), ()) == 12
    assert next_question(done, None, date(2027, 3, 1)) == "Nästa gång frågan ställs är 30 november 2027."
    assert next_question(done, 12, date(2027, 12, 1)) == ""


def test_too_early_to_say_is_an_answer_the_first_time_and_none_the_last() -> None:
    assert settled({1: "too_early", 2: "not"}, [1, 2], 3)
    assert not settled({1: "too_early", 2: "not"}, [1, 2], 12)
    assert settled({1: "partly", 2: "not"}, [1, 2], 12)
    assert not settled({1: "reached"}, [1, 2], 3)


def test_what_it_came_to_is_told_goal_by_goal() -> None:
    answers = [
        ("Kortare kö.", Given(Answer.REACHED, "Två dagar nu")),
        ("Färre fel", Given(Answer.NOT, "Lika många!")),
    ]
    assert told(answers) == "Kortare kö: nått. Två dagar nu. Färre fel: inte nått. Lika många!"
    assert told([("Kortare kö", Given(Answer.TOO_EARLY, "Vi väntar…"))]).endswith("att säga. Vi väntar…")
    assert is_success([answers[0][1]])
    assert not is_success(given for _, given in answers)
    assert not is_success([])


def test_what_is_freed_is_summed_where_it_is_freed_and_apart_for_what_is_reached() -> None:  # S4-44 S4-49
    class Counted(NamedTuple):
        goal: EffectGoal
        answer: Answer | None
        top: int | None

    hours, both = replace(WHOLE_GOAL, hours=100), replace(WHOLE_GOAL, hours=20, tkr=5)
    found = [Counted(hours, Answer.REACHED, 1), Counted(both, None, 1), Counted(both, Answer.NOT, 2)]
    found += [Counted(WHOLE_GOAL, Answer.REACHED, None), Counted(WHOLE_GOAL, Answer.REACHED, 3)]
    assert freed_by_unit(found) == {1: Freed(120, 100, 5, 0), 2: Freed(20, 0, 5, 0)}
    assert (number_reached(found), len(found)) == (3, 5)

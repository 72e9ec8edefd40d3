"""The load in words: what a person would say of a row of cells, a conflict, an impact."""

from collections.abc import Sequence

import pytest

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.limits import Bounds, level_of
from portfolio.capacity.rules.load import Cell, Weight
from portfolio.capacity.rules.sentences import (
    cell_label,
    conflict_sentence,
    filled_by,
    full_sentence,
    in_words,
    limit_words,
    listed,
    lower_first,
    over_sentence,
)

FIRST = parse_week("2026-W48")
NAME = "Miljöförvaltningen"


def plain(text: str | None) -> str | None:
    return None if text is None else text.replace("\u00a0", " ")


def cells(loads: Sequence[int | None], limit: int | None = 4, reason: str | None = None, **more: int) -> list[Cell]:
    """One cell a week from week 48; None is a standstill."""
    return [
        Cell(FIRST + at, "standstill") if load is None else cell(load, limit, reason, week=FIRST + at, **more)
        for at, load in enumerate(loads)
    ]


def cell(
    load: int,
    limit: int | None = 4,
    reason: str | None = None,
    *,
    parallel: int = 1,
    most: int | None = None,
    week: int = FIRST,
    unrated: int = 0,
) -> Cell:
    bounds = Bounds(limit, most, reason)
    return Cell(week, level_of(load, parallel, bounds), load, parallel, unrated, bounds)


def test_over_is_told_with_its_weeks_its_figures_and_why_the_limit_is_lowered() -> None:
    told = over_sentence(NAME, cells([5, 5, 4, 4], reason="Årsbokslut"))
    assert plain(told) == "Miljöförvaltningen går över taket vecka 48–49 (5 av 4, årsbokslut)."


def test_different_figures_are_told_by_the_worst() -> None:
    told = over_sentence(NAME, cells([5, 4, 7]))
    assert plain(told) == "Miljöförvaltningen går över taket vecka 48 och 50 (som mest 7 av 4)."


def test_each_limit_has_its_own_worst_figure() -> None:
    spans = [(FIRST, FIRST + 5)]
    told = conflict_sentence(NAME, "load", spans, {(8, 6), (9, 8)})
    assert plain(told) == f"{NAME} går över taket vecka 48–53: 8 av 6 och 9 av 8."
    told = conflict_sentence(NAME, "load", spans, {(7, 6), (8, 6), (9, 8)})
    assert plain(told) == f"{NAME} går över taket vecka 48–53: som mest 8 av 6 och 9 av 8."


def test_a_standstill_neither_ends_a_run_nor_is_named_by_itself() -> None:
    told = over_sentence(NAME, cells([5, 5, 5, 5, None, None, 5]))
    assert plain(told) == "Miljöförvaltningen går över taket vecka 48–1 (5 av 4)."


def test_too_many_at_once_is_told_in_initiatives() -> None:
    told = over_sentence(NAME, cells([3], parallel=4, most=3))
    assert plain(told) == "Miljöförvaltningen går över taket vecka 48 (4 av 3 initiativ)."


def test_nothing_over_is_no_sentence() -> None:
    assert over_sentence(NAME, cells([4, None, 0])) is None


@pytest.mark.parametrize(
    ("loads", "told"),
    [
        ([4, 4, 4, 1], "Miljöförvaltningen är fullt belastad till och med vecka 50."),
        ([4, 4, 4, 4], "Miljöförvaltningen är fullt belastad minst till och med vecka 51."),
        ([4, 1, 1, 1], "Miljöförvaltningen är fullt belastad vecka 48."),
        ([1, 4, 4, 1], "Miljöförvaltningen är fullt belastad vecka 49–50."),
        ([4, 1, 4, 1], "Miljöförvaltningen är fullt belastad vecka 48 och 50."),
        ([1, 1, 1, 4], None),
        ([0, 0, 0, 0], None),
    ],
)
def test_full_is_told_when_it_comes_soon(loads: list[int], told: str | None) -> None:
    assert plain(full_sentence(NAME, cells(loads), horizon=3)) == told


def test_a_kontor_is_belastat_and_a_förvaltning_belastad() -> None:
    assert plain(full_sentence("Kansliet", cells([4, 1]), 8)) == "Kansliet är fullt belastat vecka 48."


@pytest.mark.parametrize(
    ("weights", "limit", "told"),
    [
        ([Weight(3), Weight(3), Weight(1)], 8, "2 stora och 1 liten: 7 av 8"),
        ([Weight(2), Weight(1), Weight(1)], 4, "1 märkbar och 2 små: 4 av 4"),
        ([Weight(1), Weight(0, 1), Weight(0, 2)], 4, "1 liten och 2 obedömda: 1 av 4"),
        ([Weight(2, 1)], None, "1 märkbar: 2, inget tak satt"),
        ([], 3, "0 av 3"),
    ],
)
def test_words_come_before_points(weights: list[Weight], limit: int | None, told: str) -> None:
    assert plain(filled_by(weights, sum(weight.load for weight in weights), limit)) == told


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (cell(3), "3 av 4, måttlig"),
        (cell(5), "5 av 4, över taket"),
        (cell(2, None), "2, inget tak satt"),
        (cell(2, parallel=4, most=3), "2 av 4, över taket, 4 av högst 3 initiativ samtidigt"),
        (Cell(FIRST, "standstill"), "uppehåll"),
    ],
)
def test_a_cell_is_heard_with_its_level(one: Cell, told: str) -> None:
    assert cell_label(one) == told


def test_a_lowered_limit_says_why_and_what_it_is_else() -> None:
    assert limit_words(cell(1, 2, "Val"), Bounds(4, None)) == ["Taket är sänkt till 2 (val). Annars är det 4."]
    assert limit_words(cell(1, 2, "Val"), Bounds(None, None)) == [
        "Taket är sänkt till 2 (val). Annars finns inget tak."
    ]
    assert limit_words(cell(1, None), Bounds(None, None))[0].startswith("Inget tak är satt.")
    assert limit_words(cell(1, most=3), Bounds(4, 3)) == ["Taket är 4.", "1 av högst 3 initiativ samtidigt."]


def test_conflicts_are_told_by_what_is_measured() -> None:
    spans, figures = [(FIRST, FIRST + 2)], {(5, 4)}
    assert plain(conflict_sentence(NAME, "load", spans, figures)) == f"{NAME} går över taket vecka 48–50: 5 av 4."
    told = conflict_sentence(NAME, "parallel", spans, {(4, 3)})
    assert plain(told) == f"{NAME} går över taket vecka 48–50: 4 av 3 initiativ samtidigt."
    told = conflict_sentence("Kanslichef", "owner", spans, {(4, 3), (5, 3)})
    assert plain(told) == "Kanslichef äger fler initiativ än gränsen vecka 48–50: som mest 5 av 3."


def test_small_words() -> None:
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b och c")
    assert (in_words(8), in_words(13)) == ("åtta", "13")
    assert (lower_first("Årsbokslut"), lower_first("IT-byte"), lower_first("")) == ("årsbokslut", "IT-byte", "")

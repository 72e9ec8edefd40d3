"""What becomes of impacts when units are split, and when that is taken back."""

import pytest

from portfolio.reorganisation.rules import Merge, Move, NewUnit, Rename, Split, led_on, told, why_not_then

NAMES = {"KAN": "Kansliet", "ARK": "Arkivet", "KLF": "Kommunledningen"}


@pytest.mark.parametrize(
    ("impacts", "to", "expected"),
    [
        ({"KAN": 2, "SOC": 1}, {"KAN": ["NORD"]}, {"NORD": 2, "SOC": 1}),
        ({"KAN": 2}, {"KAN": ["NORD", "SYD"]}, {"NORD": 2, "SYD": 2}),
        ({"KAN": None}, {"KAN": ["NORD", "SYD"]}, {"NORD": None, "SYD": None}),
        ({"NORD": 2, "SYD": 3}, {"NORD": ["KAN"], "SYD": ["KAN"]}, {"KAN": 3}),
        ({"NORD": None, "SYD": 1}, {"NORD": ["KAN"], "SYD": ["KAN"]}, {"KAN": 1}),
        ({}, {"KAN": ["NORD"]}, {}),
    ],
)
def test_impacts_are_led_on_and_where_two_meet_the_higher_holds(impacts, to, expected):  # S1-27
    assert led_on(impacts, to) == expected


def test_every_change_is_told_in_one_sentence():
    nord, syd = NewUnit("NORD", "Kontor Nord"), NewUnit("SYD", "Kontor Syd")
    assert told(Rename("KAN", "Stadskansliet"), NAMES) == "Kansliet byter namn till Stadskansliet"
    assert told(Move("KAN", "KLF"), NAMES) == "Kansliet flyttas till Kommunledningen"
    assert told(Move("KAN", None), NAMES) == "Kansliet läggs överst"
    assert told(Merge(("KAN", "ARK"), nord, None), NAMES) == "Kansliet och Arkivet slås ihop till Kontor Nord"
    assert told(Split("KAN", (nord, syd)), NAMES) == "Kansliet delas i Kontor Nord och Kontor Syd"


def test_the_organisation_changes_neither_in_the_past_nor_years_ahead():
    assert [why_not_then(100 + ahead, 100) is None for ahead in (-1, 0, 104, 105)] == [False, True, True, False]

"""Goals and their words from year to year, what an initiative may aim at, and how the portfolio is spread."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from portfolio.base.errors import Invalid
from portfolio.capacity.rules.burden import Burden
from portfolio.goals.rules import Served, Step, ensure_whole, spread_of, sums_of
from portfolio.scorecard.rules import (
    NO_PRIMARY,
    SAME_AREA_TWICE,
    TOO_MANY_AREAS,
    AimNames,
    Aims,
    Goal,
    GoalKind,
    Scorecard,
    Wording,
    aims_changed,
    names_of,
)


def day(written: str) -> datetime:
    return datetime.fromisoformat(f"{written}T09:00:00+01:00")


def words(name: str, first_year: int = 2020, written: str = "2020-01-10") -> Wording:
    return Wording(first_year, day(written), name)


def goal(
    goal_id: int,
    *wordings: Wording,
    kind: GoalKind = GoalKind.AREA,
    parent: int | None = 1,
    last_year: int | None = None,
) -> Goal:
    return Goal(goal_id, kind, parent, goal_id, last_year, wordings)


DIRECTION = goal(1, words("Medarbetare"), kind=GoalKind.DIRECTION, parent=None)
SERVICE, LEADERS, HEALTH, MONEY = (
    goal(goal_id, words(name))
    for goal_id, name in enumerate(("God service", "Goda chefer", "Hälsa", "Ekonomi i balans"), start=2)
)
PROGRAMME = goal(9, words("Rum för möten"), kind=GoalKind.PROGRAMME, parent=None)
CARD = Scorecard({one.id: one for one in (DIRECTION, SERVICE, LEADERS, HEALTH, MONEY, PROGRAMME)})
NOW = day("2026-11-23")
NO_AIMS = Aims()


def changed(fields: dict[str, Any], aims: Aims = NO_AIMS, card: Scorecard = CARD) -> Aims:
    return aims_changed(aims, names_of(aims, card, NOW), fields, card, NOW)


def refused(fields: dict[str, Any], aims: Aims = NO_AIMS) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        changed(fields, aims)
    return caught.value.errors


# S4-03
@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2025-12-31", "Nöjda brukare"),
        ("2026-12-31", "Nöjda brukare"),
        ("2027-01-01", "God service"),
    ],
)
def test_other_words_hold_from_their_year(at: str, name: str) -> None:
    one = goal(2, words("Nöjda brukare"), words("God service", 2027, "2026-10-01"))
    assert one.name_at(day(at)) == name


# S4-03
def test_what_was_closed_before_the_words_were_changed_in_the_same_year_keeps_the_old_ones() -> None:
    one = goal(2, words("Nöjda brukare"), words("God service", 2026, "2026-06-01"))
    assert one.name_at(day("2026-03-01")) == "Nöjda brukare"
    assert one.name_at(day("2026-09-01")) == "God service"


def test_words_that_are_mended_the_same_moment_are_the_last_written() -> None:
    one = goal(2, words("God servis"), words("God service"))
    assert (one.name_at(NOW), one.newest.name) == ("God service", "God service")


def test_a_goal_that_was_written_down_after_something_was_closed_is_known_by_its_first_words() -> None:
    one = goal(2, words("God service", 2013, "2026-01-10"), words("Bättre service", 2027, "2026-10-01"))
    assert one.name_at(day("2015-05-05")) == "God service"
    assert one.name_at(day("2012-05-05")) == "God service"


# S4-10
def test_a_goal_is_in_force_from_its_first_year_to_its_last() -> None:
    one = goal(2, words("God service", 2013), last_year=2020)
    assert [year for year in (2012, 2013, 2020, 2021) if one.is_in_force(year)] == [2013, 2020]


# S4-10
def test_the_targets_of_an_ended_direction_are_hidden_with_it() -> None:
    ended = goal(1, words("Medarbetare"), kind=GoalKind.DIRECTION, parent=None, last_year=2025)
    card = Scorecard({1: ended, 2: SERVICE})
    assert card.in_force(GoalKind.AREA, NOW) == []
    assert card.in_force(GoalKind.AREA, day("2025-11-23")) == [SERVICE]


def test_a_goal_is_found_whatever_the_case_of_its_letters_and_by_an_earlier_name() -> None:
    one = goal(2, words("Nöjda brukare"), words("God service", 2026, "2026-01-10"))
    card = Scorecard({1: DIRECTION, 2: one})
    assert card.named(GoalKind.AREA, "  GOD   Service", NOW) is one
    assert card.named(GoalKind.AREA, "nojda brukare", NOW) is one
    assert card.named(GoalKind.PROGRAMME, "God service", NOW) is None


def test_what_is_called_so_now_comes_before_what_was_called_so_once() -> None:
    old = goal(2, words("God service"), words("Nöjda brukare", 2026, "2026-01-10"))
    card = Scorecard({1: DIRECTION, 2: old, 3: goal(3, words("God service", 2026))})
    found = card.named(GoalKind.AREA, "God service", NOW)
    assert found is not None
    assert found.id == 3


# S1-20
def test_an_initiative_is_linked_to_a_goal_by_its_name() -> None:
    assert changed({"goal_area": "god service"}) == Aims((2,))


# S4-04
def test_free_text_is_kept_and_is_no_link() -> None:
    assert changed({"goal_area": "Gladare medborgare"}) == Aims((), None, "Gladare medborgare")
    assert changed({"goal_area": "God service"}, Aims(text="Gladare medborgare")) == Aims((2,))


def test_a_field_that_says_what_it_said_changes_nothing() -> None:
    ended = goal(8, words("Gammalt mål"), last_year=2021)
    card = Scorecard({**CARD.goals, 8: ended})
    aims = Aims((8, 2), 9)
    assert changed(names_of(aims, card, NOW).fields(), aims, card) == aims


def test_goals_can_be_taken_away() -> None:
    cleared = {"goal_area": None, "other_goal_areas": [], "programme": None}
    assert changed(cleared, Aims((2, 3), 9)) == Aims()


# S4-14
@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"goal_area": "God service", "other_goal_areas": ["Goda chefer", "Hälsa", "Ekonomi i balans"]},
         "other_goal_areas", TOO_MANY_AREAS),
        ({"goal_area": "God service", "other_goal_areas": ["God service"]}, "other_goal_areas", SAME_AREA_TWICE),
        ({"goal_area": "God service", "other_goal_areas": ["Hälsa", "Hälsa"]}, "other_goal_areas", SAME_AREA_TWICE),
        ({"other_goal_areas": ["God service"]}, "goal_area", NO_PRIMARY),
        ({"goal_area": "Något annat", "other_goal_areas": ["God service"]}, "goal_area", NO_PRIMARY),
    ],
)  # fmt: skip
def test_an_initiative_has_one_primary_goal_and_at_most_two_more(
    fields: dict[str, Any], field: str, message: str
) -> None:
    assert refused(fields) == {field: [message]}


def test_an_initiative_may_have_three_goals() -> None:
    wanted = {"goal_area": "God service", "other_goal_areas": ["Hälsa", "Goda chefer"], "programme": "Rum för möten"}
    assert changed(wanted) == Aims((2, 4, 3), 9)


@pytest.mark.parametrize("field", ["other_goal_areas", "programme"])
def test_only_the_primary_goal_may_be_something_that_the_styrkort_lacks(field: str) -> None:
    sent = ["Påhittat"] if field == "other_goal_areas" else "Påhittat"
    assert refused({field: sent}, Aims((2,))) == {field: ["”Påhittat” finns inte i styrkortet. Välj i listan."]}


def test_a_closed_initiative_is_told_with_the_names_that_its_goals_had() -> None:
    one = goal(2, words("Nöjda brukare"), words("God service", 2026, "2026-06-01"))
    card = Scorecard({**CARD.goals, 2: one})
    assert names_of(Aims((2, 3), 9), card, day("2026-03-01")) == AimNames(
        "Nöjda brukare", ("Goda chefer",), "Rum för möten"
    )


# S1-20
def test_the_portfolio_is_spread_with_each_initiative_counted_once() -> None:
    spread = spread_of([Aims((2, 3)), Aims((2,), 9), Aims((3, 2), 9), Aims(text="Annat")])
    assert spread.areas == {2: Served(2, 1), 3: Served(1, 1)}
    assert (spread.without, spread.total) == (1, 4)


# S0-02
def test_a_programmes_load_is_summed_by_unit_and_status() -> None:
    sums = sums_of(
        [
            Step(1, "ongoing", 10, 4, 2),
            Step(1, "ongoing", 10, 3, 1),
            Step(2, "proposed", 10, 2, 3),
            Step(2, "proposed", 20, 40, 1),
            Step(2, "proposed", 20, 5, None),
        ],
        ["proposed", "decided", "ongoing"],
    )
    assert [sums.of(10, "ongoing"), sums.of(10, "proposed")] == [Burden(11, 0, True), Burden(6, 0, True)]
    assert [sums.of(20, "ongoing"), sums.of(20, "proposed")] == [None, Burden(40, 1, True)]
    assert (list(sums.unit_ids), list(sums.statuses)) == ([20, 10], ["proposed", "ongoing"])
    assert (sums.of_unit(10), sums.of_status("proposed")) == (Burden(17, 0, True), Burden(46, 1, True))
    assert sums.total == Burden(57, 1, True)


@pytest.mark.parametrize("parent", [None, 2, 77])
def test_a_target_belongs_to_a_direction(parent: int | None) -> None:
    with pytest.raises(Invalid):
        ensure_whole(GoalKind.AREA, {}, CARD, parent)
    ensure_whole(GoalKind.AREA, {}, CARD, 1)


# S0-01
@pytest.mark.parametrize(
    ("given", "missing"),
    [({}, ["source", "source_year"]), ({"source": "KF"}, ["source_year"]), ({"source_year": 2022}, ["source"])],
)
def test_an_overall_goal_has_its_source_and_its_year(given: dict[str, object], missing: Sequence[str]) -> None:
    with pytest.raises(Invalid) as caught:
        ensure_whole(GoalKind.OVERALL, given, CARD, None)
    assert sorted(caught.value.errors) == list(missing)

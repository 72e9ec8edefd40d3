"""What a plan means at one workplace: its months, how much it is felt, and when."""

from datetime import date

import pytest

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Stretch
from portfolio.workplaces.rules import (
    LONGEST_ANSWER,
    Month,
    Step,
    figure_told,
    impact_told,
    month_line,
    month_of,
    months_from,
    on_paper,
    steps_at,
    strongest,
    touched_by,
    when_told,
)

NOW = parse_week("2026-W48")
CHRISTMAS = Calendar((Period(parse_week("2026-W52"), parse_week("2026-W53")),))


def step(kind: str, first: str, last: str, **impacts: int | None) -> Step:
    return Step(kind, Stretch(parse_week(first), parse_week(last), impacts))


PLAN = [
    step("prepare", "2026-W40", "2026-W49", SOC=1),
    step("implement", "2026-W50", "2027-W03", SOC=3, BUF=None),
    step("reinforce", "2027-W04", "2027-W08", BUF=1),
]


@pytest.mark.parametrize(
    ("week", "month"),
    [("2026-W49", (2026, 12)), ("2026-W53", (2026, 12)), ("2027-W01", (2027, 1)), ("2026-W44", (2026, 10))],
)
def test_a_week_belongs_to_the_month_that_has_most_of_it(week: str, month: tuple[int, int]) -> None:
    assert month_of(parse_week(week)) == month


def test_the_months_go_on_over_the_year() -> None:
    found = months_from(date(2026, 11, 23))
    assert [month.name for month in found] == ["november", "december", "januari", "februari", "mars", "april"]
    assert found[2] == Month(2027, 1)
    assert found[2].with_year == "januari 2027"


def test_only_the_steps_that_touch_the_place_and_are_not_over_are_told_of() -> None:
    assert [one.kind for one in steps_at(PLAN, {"SOC"}, NOW)] == ["prepare", "implement"]
    assert [one.kind for one in steps_at(PLAN, {"SOC"}, parse_week("2026-W50"))] == ["implement"]
    assert steps_at(PLAN, {"KFF"}, NOW) == []


def test_how_much_it_is_felt_is_its_strongest_step() -> None:
    assert (strongest(PLAN, {"SOC"}), strongest(PLAN, {"BUF"}), strongest(PLAN[1:2], {"BUF"})) == (3, 1, None)
    assert touched_by(PLAN, {"BUF", "SOC", "KFF"}) == ["SOC", "BUF"]
    assert [impact_told(impact) for impact in (1, 2, 3, None)] == [
        "Liten påverkan",
        "Märkbar påverkan",
        "Stor påverkan",
        "Påverkan är inte bedömd än",
    ]


def test_each_month_says_the_steps_in_it_and_nothing_happens_in_a_month_that_stands_still() -> None:
    months = months_from(date(2026, 11, 23), 4)
    assert month_line(PLAN, months, Calendar()) == [
        "Förbereda",
        "Förbereda, Genomföra",
        "Genomföra, Förstärka",
        "Förstärka",
    ]
    only_christmas = [step("implement", "2026-W52", "2026-W53", SOC=1)]
    assert month_line(only_christmas, months, CHRISTMAS) == ["", "", "", ""]


def test_when_it_is_felt_is_said_in_months_with_the_week_beside() -> None:
    running = when_told(PLAN, NOW).replace("\N{NO-BREAK SPACE}", " ")
    assert running == "Pågår till och med februari 2027 (v. 8)."
    coming = when_told(PLAN, parse_week("2026-W30")).replace("\N{NO-BREAK SPACE}", " ")
    assert coming == "Börjar i oktober 2026 (v. 40) och pågår till och med februari 2027 (v. 8)."


def test_the_one_number_speaks_of_ones_own_unit() -> None:
    assert figure_told(1, is_own=True) == "förändring berör din enhet det närmaste halvåret"
    assert figure_told(2, is_own=False) == "förändringar berör enheten det närmaste halvåret"


def test_on_paper_a_text_is_one_line_and_not_too_long() -> None:
    assert on_paper("Ett\n\nstycke  till") == "Ett stycke till"
    assert len(on_paper("x" * 999)) == LONGEST_ANSWER
    assert on_paper("Ett stycke", 6) == "Ett s…"

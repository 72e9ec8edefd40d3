"""Open conflicts as people speak of them."""

from datetime import UTC, datetime

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Stretch
from portfolio.capacity.rules.clashes import OpenCell, grouped, joined, weeks_left_without
from portfolio.capacity.rules.conflicts import CellKey
from portfolio.capacity.rules.limits import Unit
from portfolio.capacity.rules.load import Commitment, Portfolio
from portfolio.capacity.rules.tree import Tree

FIRST = parse_week("2026-W48")
CHRISTMAS = Calendar((Period(parse_week("2026-W52"), parse_week("2026-W53")),))
SINCE = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_standstill_between_two_weeks_does_not_part_them() -> None:
    weeks = [parse_week(week) for week in ("2026-W50", "2026-W51", "2027-W01", "2027-W03")]
    assert joined(weeks, CHRISTMAS) == [(weeks[0], weeks[2]), (weeks[3], weeks[3])]


def test_one_clash_for_all_weeks_with_the_same_cause_and_everyone_who_meets_there() -> None:
    tree = Tree({"KLF": Unit("KLF", None, 2), "KAN": Unit("KAN", "KLF")})
    commitments = {
        "FI-001": Commitment("FI-001", (Stretch(FIRST, FIRST + 1, {"KAN": 2}),), owner=7),
        "FI-002": Commitment("FI-002", (Stretch(FIRST + 1, FIRST + 2, {"KLF": 1}),), owner=7),
        "FI-003": Commitment("FI-003", (Stretch(FIRST, FIRST + 2, {"KLF": None}),)),
    }
    portfolio = Portfolio(tree, CHRISTMAS, commitments)
    cells = [
        OpenCell(CellKey("KLF", None, FIRST + 1, "load"), 3, 2, "FI-002 startades", SINCE),
        OpenCell(CellKey("KLF", None, FIRST, "load"), 3, 2, "FI-002 startades", SINCE),
        OpenCell(CellKey(None, 7, FIRST + 1, "owner"), 2, 1, "Gränsen ändrades", SINCE),
    ]
    unit, owner = grouped(cells, portfolio, FIRST)
    assert (unit.unit, unit.spans, unit.codes) == ("KLF", [(FIRST, FIRST + 1)], ["FI-001", "FI-002"])
    assert unit.sentence("Ledningen").replace("\u00a0", " ") == "Ledningen går över taket vecka 48–49: 3 av 2."
    assert (owner.person, owner.codes) == (7, ["FI-001", "FI-002"])


def test_what_would_solve_a_clash_is_what_leaves_no_week_of_it_over_the_limit() -> None:
    tree = Tree({"KLF": Unit("KLF", None, 2)})
    commitments = {
        "FI-001": Commitment("FI-001", (Stretch(FIRST, FIRST + 1, {"KLF": 2}),), owner=7),
        "FI-002": Commitment("FI-002", (Stretch(FIRST, FIRST, {"KLF": 1}),), owner=7),
        "FI-003": Commitment("FI-003", (Stretch(FIRST + 1, FIRST + 1, {"KLF": 1}),)),
    }
    portfolio = Portfolio(tree, CHRISTMAS, commitments)
    cells = [OpenCell(CellKey("KLF", None, FIRST + at, "load"), 3, 2, "Ändring", SINCE) for at in (0, 1)]
    cells += [
        OpenCell(CellKey("KLF", None, FIRST, "parallel"), 2, 1, "Ändring", SINCE),
        OpenCell(CellKey(None, 7, FIRST, "owner"), 2, 1, "Ändring", SINCE),
    ]
    load, parallel, owner = grouped(cells, portfolio, FIRST)
    left = {code: weeks_left_without(load, code, portfolio, FIRST) for code in commitments}
    assert left == {"FI-001": [], "FI-002": [FIRST + 1], "FI-003": [FIRST]}
    for clash in (parallel, owner):
        assert weeks_left_without(clash, "FI-002", portfolio, FIRST) == []
        assert weeks_left_without(clash, "FI-003", portfolio, FIRST) == [FIRST]

"""Every row of the domain description is shown by a test or left out with a reason."""

import re
from collections import Counter

from tests.house.sources import ROOT, files

LAST = {"S0": 18, "S1": 28, "S2": 19, "S3": 17, "S4": 52}
"""The last row of each series."""
NO_CRITERION = (
    *("S0-18", "S3-02", "S3-04", "S3-12", "S3-15", "S3-17", "S4-13", "S4-18", "S4-21", "S4-25", "S4-30", "S4-34"),
    *("S4-38", "S4-41", "S4-43", "S4-50", "S4-52"),
)
"""Background, and what another row says already: may be named or left out, but nothing asks for it."""
ALL = tuple(f"{series}-{number:02}" for series, last in LAST.items() for number in range(1, last + 1))
ROWS = tuple(row for row in ALL if row not in NO_CRITERION)
"""The rows with an acceptance criterion."""
LEFT_OUT = re.findall(r"^\| (S\d-\d\d) \|", (ROOT / "docs/decisions-left-out.md").read_text("utf-8"), re.MULTILINE)


def named_at_tests() -> set[str]:
    """The rows that a comment in the tests names."""
    comments = [
        comment for path in files("tests", ".py") for comment in re.findall(r"# (S\d-.*)", path.read_text("utf-8"))
    ]
    return {row for comment in comments for row in re.findall(r"S\d-\d\d", comment)}


def test_every_row_with_a_criterion_is_shown_by_a_test_or_left_out() -> None:
    assert sorted(set(ROWS) - named_at_tests() - set(LEFT_OUT)) == []


def test_no_row_is_both_shown_by_a_test_and_left_out() -> None:
    assert sorted(named_at_tests() & set(LEFT_OUT)) == []


def test_no_row_is_named_that_there_is_not() -> None:
    assert sorted((named_at_tests() | set(LEFT_OUT)) - set(ALL)) == []


def test_what_is_left_out_stands_once_and_in_order() -> None:
    assert Counter(LEFT_OUT) == Counter(set(LEFT_OUT))
    in_order = [row for row in ROWS if row in LEFT_OUT]
    assert [row for row in LEFT_OUT if row in ROWS] == in_order

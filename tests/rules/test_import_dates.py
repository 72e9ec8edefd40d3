"""Dates as municipalities write them in their lists."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.base.weeks import format_week, week_of
from portfolio.exchange.rules.dates import Order, UnreadableDate, column_order, read_week

TODAY = date(2026, 11, 23)


def week(cell, edge="start", order=Order.UNPROVEN, today=TODAY):
    """The week of a cell as it is written, None for a cell without a date."""
    read = read_week(cell, edge, order, today)
    return read and format_week(read[0])


def note(cell):
    return read_week(cell, "start", Order.UNPROVEN, TODAY)[1]


@pytest.mark.parametrize(
    "cell",
    [
        "2027-02-15",
        " 2027-02-15\u00a0",
        "2027-2-15",
        "20270215",
        20270215,
        20270215.0,
        "2027.02.15",
        "2027/02/15",
        "15.2.2027",
        "15.02.27",
        "15. 2. 2027",
        "15 februari 2027",
        "den 15 februari 2027",
        "15 feb. 2027",
        "15-feb-27",
        "February 15, 2027",
        "Feb 15th, 2027",
        "15th February 2027",
        "2027-02-15T00:00:00Z",
        "2027-02-15 08:30:00+01:00",
        "2027-02-15 08.00",
        date(2027, 2, 15),
        datetime(2027, 2, 15, 13, 30),  # noqa: DTZ001 — as it comes out of a cell
        "v7 2027",
        "v. 7 2027",
        "vecka 7, 2027",
        "2027 v. 7",
        "2027W07",
        "2027-W07",
        "week 7 2027",
    ],
)
def test_a_day_or_a_week_that_says_its_year_needs_no_interpretation(cell):
    assert week(cell) == week(cell, "end") == "2027-W07"
    assert note(cell) is None


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("feb 2027", date(2027, 2, 1), date(2027, 2, 28)),
        ("februari, 2027", date(2027, 2, 1), date(2027, 2, 28)),
        ("feb-27", date(2027, 2, 1), date(2027, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("Q1 2027", date(2027, 1, 1), date(2027, 3, 31)),
        ("2017-Q3", date(2017, 7, 1), date(2017, 9, 30)),
        ("kv. 2 2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("T2 2027", date(2027, 5, 1), date(2027, 8, 31)),
        ("halvår 1 2027", date(2027, 1, 1), date(2027, 6, 30)),
        ("våren 2027", date(2027, 3, 1), date(2027, 5, 31)),
        ("HÖSTEN 2027", date(2027, 9, 1), date(2027, 11, 30)),
        ("HT27", date(2027, 8, 1), date(2027, 12, 31)),
        ("2027", date(2027, 1, 1), date(2027, 12, 31)),
        (2027, date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_period_gives_its_first_day_to_the_start_and_its_last_to_the_end_and_says_so(cell, first, last):
    assert week(cell, "start") == format_week(week_of(first))
    assert week(cell, "end") == format_week(week_of(last))
    assert note(cell) == f"”{cell}” lästes som {first} till {last}."


@pytest.mark.parametrize(
    ("cell", "today", "expected"),
    [
        ("v. 7", date(2026, 11, 23), "2027-W07"),
        ("v7", date(2027, 2, 21), "2027-W07"),
        ("v7", date(2027, 2, 22), "2028-W07"),
        ("vecka 48", date(2026, 11, 23), "2026-W48"),
        ("v. 53", date(2026, 11, 23), "2026-W53"),
        ("v. 53", date(2027, 1, 3), "2026-W53"),
        ("v. 53", date(2027, 1, 4), "2032-W53"),
        ("T1", date(2026, 11, 23), "2026-W53"),
        ("hösten", date(2026, 11, 30), "2026-W36"),
        ("hösten", date(2026, 12, 1), "2027-W35"),
    ],
)
def test_a_period_without_a_year_is_the_first_that_has_not_ended(cell, today, expected):
    assert week(cell, today=today) == expected
    assert read_week(cell, "start", Order.UNPROVEN, today)[1]


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 53), st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_a_week_without_a_year_is_never_over_and_never_farther_off_than_it_must(number, today):
    found, _ = read_week(f"v. {number}", "start", Order.UNPROVEN, today)
    between = range(week_of(today), found)
    assert found >= week_of(today)
    assert all(not format_week(earlier).endswith(f"-W{number:02d}") for earlier in between)
    assert format_week(found).endswith(f"-W{number:02d}")


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "–", "TBD", "n/a", "Ej bestämt", "?"])
def test_what_says_that_there_is_no_date_is_no_date(cell):
    assert week(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "Exempt under Section 26 of the Freedom of Information Act 2000 (Defence)",
        "2023-24",
        "2021-2022",
        "Q4 2019/20",
        "v. 6-10",
        "15 februari",
        "27-02-15",
        "slutet av 2027",
        "vintern 2027",
        46433.0,
        "1e400",
        "15.2.",
    ],
)
def test_a_text_that_is_no_clear_date_is_refused_with_the_way_to_write_one(cell):
    with pytest.raises(UnreadableDate, match=r"går inte att läsa som datum.*2027-02-15.*v. 7"):
        week(cell)


@pytest.mark.parametrize("cell", ["2027-02-30", "31.4.2027", "v. 53 2027", "v. 0", "31/13/2027", "0000-01-01"])
def test_a_date_that_the_calendar_lacks_is_refused(cell):
    with pytest.raises(UnreadableDate, match="finns inte i kalendern"):
        week(cell)


@pytest.mark.parametrize("cell", ["0207-02-15", "2207-02-15", date(1899, 12, 31)])
def test_a_year_that_must_be_a_slip_is_refused(cell):
    with pytest.raises(UnreadableDate, match="utanför åren"):
        week(cell)


def test_a_slash_date_is_read_day_first_when_its_column_proves_it_by_one_row():
    proof = column_order([(2, "3/4/2027"), (3, None), (4, "15/2/2027"), (5, "våren 2027"), (6, "28/2/2027")])
    assert proof.order is Order.DAY_FIRST
    assert proof.note("Start").endswith("läses med dagen först. Det visar ”15/2/2027” på rad 4.")
    assert week("3/4/2027", order=proof.order) == "2027-W13"


def test_a_slash_date_is_read_month_first_when_its_column_proves_it():
    proof = column_order([(3, "6/1/2023 12:00:00 AM"), (4, "12/30/2022 12:00:00 AM")])
    assert proof.order is Order.MONTH_FIRST
    assert "månaden först" in proof.note("Slut")
    assert "rad 4" in proof.note("Slut")
    assert week("6/1/2023 12:00:00 AM", order=proof.order) == "2023-W22"


def test_the_swedish_short_form_proves_itself():
    proof = column_order([(2, "15/2-27")])
    assert week("15/2-27", order=proof.order) == "2027-W07"


def test_where_nothing_proves_the_order_the_ambiguous_rows_are_refused():
    proof = column_order([(2, "3/4/2027"), (3, "5/5/2027"), (4, "31/31/2027")])
    assert proof.order is Order.UNPROVEN
    assert proof.note("Start") is None
    for cell in ("3/4/2027", "5/5/2027", "3/4-27"):
        with pytest.raises(UnreadableDate, match="på två sätt"):
            week(cell, order=proof.order)


def test_where_both_orders_occur_every_slash_date_is_refused():
    proof = column_order([(2, "15/2/2027"), (3, "2/15/2027")])
    assert proof.order is Order.CONTRADICTORY
    assert "rad 2" in proof.note("Start")
    assert "rad 3" in proof.note("Start")
    for cell in ("15/2/2027", "2/15/2027", "3/4/2027"):
        with pytest.raises(UnreadableDate, match="blandar"):
            week(cell, order=proof.order)
    assert week("2027-02-15", order=proof.order) == "2027-W07"


@settings(deadline=None, derandomize=True)
@given(st.lists(st.dates(date(2000, 1, 1), date(2050, 12, 31)), min_size=1), st.booleans())
def test_a_column_that_proves_its_order_gives_back_every_day(days, day_first):
    form = "{0.day}/{0.month}/{0.year}" if day_first else "{0.month}/{0.day}/{0.year}"
    column = [(row, form.format(day)) for row, day in enumerate(days, start=2)]
    order = column_order(column).order
    if order is Order.UNPROVEN:
        assert all(day.day <= 12 for day in days)
        return
    read = [read_week(cell, "start", order, TODAY)[0] for _, cell in column]
    assert read == [week_of(day) for day in days]


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=30) | st.floats() | st.integers(), st.sampled_from(["start", "end"]))
def test_no_cell_breaks_the_reading(cell, edge):
    try:
        read = read_week(cell, edge, Order.UNPROVEN, TODAY)
    except UnreadableDate:
        return
    assert read is None or week_of(date(1950, 1, 1)) <= read[0] <= week_of(date(2100, 12, 31))

"""A first limit to start from."""

import pytest

from portfolio.capacity.rules.presets import suggested_limit


@pytest.mark.parametrize(
    ("headcount", "limit"), [(0, 4), (49, 4), (50, 5), (199, 5), (200, 6), (500, 6), (501, 7), (1500, 7), (1501, 8)]
)
def test_a_larger_unit_carries_more(headcount: int, limit: int) -> None:
    assert suggested_limit(headcount, many_vacancies=False, wide_spans=False) == limit


# S4-28
def test_vacancies_and_wide_spans_take_one_each() -> None:
    assert suggested_limit(300, many_vacancies=True, wide_spans=False) == 5
    assert suggested_limit(300, many_vacancies=True, wide_spans=True) == 4

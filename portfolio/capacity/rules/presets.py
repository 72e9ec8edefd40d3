"""A first limit to start from, by the size and the state of a unit (practice: ask again after eight weeks)."""

SIZES = ((50, 4), (200, 5), (501, 6), (1501, 7))
"""Up to so many employees, exclusive, and what such a unit usually carries in a week beside its daily work."""
LARGEST = 8


def suggested_limit(headcount: int, *, many_vacancies: bool, wide_spans: bool) -> int:
    """Load points a week that a unit of this size usually carries, at the least 1.

    One less with more than ten per cent vacancies, and one less if a chief has more than 25 people.
    """
    by_size = next((limit for below, limit in SIZES if headcount < below), LARGEST)
    return max(1, by_size - many_vacancies - wide_spans)

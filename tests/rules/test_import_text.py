"""Texts are compared folded, in search and in import."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.base.text import fold, quoted


def test_search_finds_sprakstod_under_any_spelling():
    assert fold("Språkstöd") == "sprakstod"
    assert fold("  SPRÅKSTÖD\u00a0i\n förskolan ") == "sprakstod i forskolan"
    assert fold("Café Ærø") == "cafe aero"


@settings(deadline=None, derandomize=True)
@given(st.text())
def test_folding_what_is_folded_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_a_long_text_is_quoted_in_short_and_on_one_line():
    assert quoted("Ny\r\r\nskola") == "”Ny skola”"
    assert quoted("x" * 100, limit=10) == "”xxxxxxxxxx…”"

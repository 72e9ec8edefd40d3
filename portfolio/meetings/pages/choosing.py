"""Which initiative somebody means who puts one on the agenda: by its code, a line of the chooser, or its name."""

from collections.abc import Sequence

from portfolio.base.errors import Invalid
from portfolio.base.text import fold, listed, quoted
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.filters import Filter, initiatives_in
from portfolio.initiatives.queries.stored import code_exists
from portfolio.initiatives.rules.statuses import OPEN

MOST_NAMED = 3
"""So many of those that could be meant are named; more is no help."""


def code_meant(typed: str) -> str:
    """The code of the one initiative that is meant. Invalid of a name that no open one has, or several."""
    first = typed.split()[0].upper()
    looks_like_a_code = first == typed.upper() and any(sign.isdigit() for sign in first)
    if looks_like_a_code or code_exists(first):
        return first
    found = initiatives_in(Filter(tuple(OPEN), text=typed))
    named = [one for one in found if fold(typed) in fold(one.title)]
    exact = [one for one in named if fold(one.title) == fold(typed)]
    likely = exact or named
    if len(likely) != 1:
        raise Invalid({"code": [_which(typed, likely)]})
    return likely[0].code


def _which(typed: str, likely: Sequence[Initiative]) -> str:
    if not likely:
        return f"Inget öppet initiativ heter {quoted(typed)}. Skriv beteckningen, till exempel FI-011."
    told = [f"{one.code} {one.title}" for one in likely[:MOST_NAMED]]
    more = f" och {len(likely) - MOST_NAMED} till" if len(likely) > MOST_NAMED else ""
    names = f"{', '.join(told)}{more}" if more else listed(told)
    return f"Flera kan vara det: {names}. Skriv beteckningen."

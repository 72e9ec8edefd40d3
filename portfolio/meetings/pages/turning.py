"""Long lists a page at a time: `?sida=2`."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from flask import url_for

from portfolio.base.text import NBSP
from portfolio.web.forms import number_in

AT_A_TIME = 50

Some = TypeVar("Some")


class Turning(NamedTuple):
    """Where one is in the list, and the addresses of the pages before and after."""

    text: str
    previous: str | None
    next: str | None


def turned_to(
    lines: Sequence[Some], endpoint: str, asked: str | None, **kept: str
) -> tuple[Sequence[Some], Turning | None]:
    """The lines of the page that is `asked` for, and how to turn it; None where there is only one.

    `kept` is what else the addresses of the other pages say.
    """
    last = max(1, -(-len(lines) // AT_A_TIME))
    page = min(max(1, number_in(asked) or 1), last)
    first = (page - 1) * AT_A_TIME
    shown = lines[first : first + AT_A_TIME]
    if last == 1:
        return shown, None
    text = f"{first + 1}–{first + len(shown)} av{NBSP}{len(lines)}"
    before = url_for(endpoint, sida=page - 1, **kept) if page > 1 else None  # type: ignore[arg-type]
    after = url_for(endpoint, sida=page + 1, **kept) if page < last else None  # type: ignore[arg-type]
    return shown, Turning(text, before, after)

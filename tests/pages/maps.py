"""The load map on a page, read by row: what is seen and what is heard in every cell."""

import re
from html import unescape
from typing import NamedTuple

from tests.pages.screen import Screen

_ROW = re.compile(r'<tr><th scope="row".*?</tr>', re.S)
_NAME = re.compile(r'<a href="[^"]*">([^<]*)</a>')
_CELL = re.compile(r'<td class="([^"]*)">.*?<span aria-hidden="true">(.*?)</span><span>([^<]*)</span>', re.S)


class Seen(NamedTuple):
    """A cell: its classes, what is seen, and what is heard."""

    css: str
    shown: str
    label: str


def rows_of(page: Screen) -> dict[str, list[Seen]]:
    """{unit: its cells from the first week shown}."""
    found = {}
    for row in _ROW.findall(page.html):
        name = _NAME.search(row)
        assert name is not None
        found[unescape(name[1])] = [Seen(*cell) for cell in _CELL.findall(row)]
    return found


def points(cell: Seen) -> str:
    """`7 av 8` of `7 av 8, måttlig`."""
    return cell.label.partition(",")[0]

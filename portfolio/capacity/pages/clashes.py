"""Conflicts as pages show them: on the load map, on a unit, and right after the change that caused them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import url_for

from portfolio.base.text import listed
from portfolio.base.weeks import format_week
from portfolio.capacity import queries
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.load import Portfolio
from portfolio.capacity.rules.sentences import numbered
from portfolio.units import queries as units
from portfolio.web.flashes import tell

MOST_NAMED = 4
"""A sentence that names more initiatives than this is not read."""


class ShownClash(NamedTuple):
    """An open conflict on a page: what, since when and why, and the initiatives (code, title) that meet."""

    text: str
    href: str
    cause: str
    since: datetime
    initiatives: Sequence[tuple[str, str]]


def shown_clashes(rows: Iterable[ConflictRow], portfolio: Portfolio, now: datetime) -> list[ShownClash]:
    """Conflict rows as the page shows them, the soonest first."""
    found = queries.clashes(rows, portfolio, now)
    if not found:
        return []
    titles, functions = queries.titles(), queries.functions()
    names = {unit.code: unit.name for unit in units.all_units()}
    return [
        ShownClash(
            clash.sentence(names[clash.unit] if clash.unit else functions[clash.person or 0]),
            _place_of(clash),
            clash.cause,
            clash.since,
            [(code, titles.get(code, "")) for code in clash.codes],
        )
        for clash in found
    ]


def _place_of(clash: Clash) -> str:
    if clash.unit is None:
        return ""
    return url_for("overview.cell", code=clash.unit, week=format_week(clash.first_week))


def tell_what_follows(done: str, opened: Iterable[ConflictRow], now: datetime) -> None:
    """Say what was done and, at once, which initiatives now collide because of it."""
    found = queries.clashes(opened, queries.whole_portfolio(), now)
    codes = sorted({code for clash in found for code in clash.codes})
    if not codes:
        tell(done)
        return
    named = listed(codes[:MOST_NAMED]) + (" med flera" if len(codes) > MOST_NAMED else "")
    collide = numbered(len(codes), "initiativ krockar", "initiativ krockar")
    tell(f"{done} {collide} nu: {named}. Se krockarna nedan.", kind="watch")

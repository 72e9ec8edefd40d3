"""Det här förändras hos oss: the cards of a unit, and the half page that its chief prints for an APT."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, request

from portfolio.base.errors import NotFound
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week, today
from portfolio.capacity import queries as capacity
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import in_tree
from portfolio.web.clock import now
from portfolio.web.fragments import show
from portfolio.workplaces.queries import Change, workplace
from portfolio.workplaces.rules import (
    LONGEST_TITLE,
    MOST_LINES,
    MOST_ON_PAPER,
    Month,
    figure_told,
    impact_told,
    month_line,
    months_from,
    on_paper,
    when_told,
)

workplaces = Blueprint("workplaces", __name__)


class Card(NamedTuple):
    """A change in plain words; `months` says what happens in each of those that the page shows."""

    change: Change
    when: str
    impact: str
    elsewhere: Sequence[str]
    """The units that it touches, where that is not simply the chosen one."""
    months: Sequence[str]


@workplaces.get("/hos-oss")
@requires(May.READ_DECIDED)
def changes() -> Response:
    """What changes at the visitor's own unit, or at another one: `?enhet=SOC`."""
    by, at = me(), now()
    chosen = _chosen(by)
    if chosen is None:
        return show("workplaces/changes.html", unit=None)
    found, months = workplace(chosen.code, at), months_from(today(at))
    cards = [_card(one, chosen, months, at) for one in found.coming]
    soon = [card for card in cards if any(card.months)]
    return show(
        "workplaces/changes.html",
        unit=chosen,
        is_own=chosen.id == by.unit_id,
        choices=_choices(at),
        figure=figure_told(len(soon), is_own=chosen.id == by.unit_id),
        months=months,
        soon=soon,
        later=[card for card in cards if not any(card.months)],
        paused=found.paused,
        finished=found.finished,
        contact=the_portfolio().contact,
    )


@workplaces.get("/hos-oss/apt")
@requires(May.READ_DECIDED)
def paper() -> Response:
    """Half a page to print and talk about: what, why, when, and how those who work there take part."""
    at = now()
    chosen = _chosen(me())
    if chosen is None:
        raise NotFound
    cards = [_card(_shortened(one), chosen, (), at) for one in workplace(chosen.code, at).coming]
    others = cards[MOST_ON_PAPER:]
    return show(
        "workplaces/apt.html",
        unit=chosen,
        day=today(at),
        cards=cards[:MOST_ON_PAPER],
        others=others[:MOST_LINES],
        more=max(0, len(others) - MOST_LINES),
        contact=the_portfolio().contact,
    )


def _chosen(by: Actor) -> UnitRow | None:
    """The unit that the address asks for, or the visitor's own, or the first; None while there are no units."""
    every, asked = units.all_units(), request.args.get("enhet")
    if asked is not None:
        return _named(every, asked)
    own = next((unit for unit in every if unit.id == by.unit_id), None)
    return own or next(iter(every), None)


def _named(every: Sequence[UnitRow], code: str) -> UnitRow:
    found = next((unit for unit in every if unit.code == code), None)
    if found is None:
        raise NotFound
    return found


def _choices(at: datetime) -> list[tuple[str, str]]:
    """Every unit that exists today, each below the one that it belongs to."""
    return [(unit.code, f"{'– ' * depth}{unit.name}") for unit, depth in in_tree(units.living(today(at)))]


def _card(one: Change, chosen: UnitRow, months: Sequence[Month], at: datetime) -> Card:
    return Card(
        one,
        when_told(one.steps, this_week(at)),
        impact_told(one.impact),
        [] if list(one.units) == [chosen.name] else one.units,
        month_line(one.steps, months, capacity.calendar()),
    )


def _shortened(one: Change) -> Change:
    return one._replace(
        title=on_paper(one.title, LONGEST_TITLE), why=on_paper(one.why), participation=on_paper(one.participation)
    )

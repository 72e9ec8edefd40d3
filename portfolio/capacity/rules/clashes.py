"""Open conflicts as people speak of them: one clash for all weeks of a unit with the same cause."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.conflicts import CellKey
from portfolio.capacity.rules.gate import Measure
from portfolio.capacity.rules.load import Portfolio, fillers_of, owned_in
from portfolio.capacity.rules.sentences import conflict_sentence


class OpenCell(NamedTuple):
    """One open conflict: how far over the cell is, what pushed it over and since when."""

    key: CellKey
    value: int
    limit: int
    cause: str
    since: datetime


class Clash(NamedTuple):
    """Several open conflicts, `cells`, told as one. `spans` are its weeks as runs; `codes` the initiatives that meet
    there.

    What is unplanned is not among them: nobody can move it, and the cause names it.
    """

    unit: str | None
    person: int | None
    measure: Measure
    spans: Sequence[tuple[Week, Week]]
    figures: frozenset[tuple[int, int]]
    cause: str
    since: datetime
    codes: Sequence[str]
    cells: Sequence[OpenCell] = ()

    @property
    def first_week(self) -> Week:
        """Where it begins."""
        return self.spans[0][0]

    def sentence(self, who: str) -> str:
        """`Kommunledningsförvaltningen går över taket vecka 2–6: 7 av 6.`"""
        return conflict_sentence(who, self.measure, self.spans, self.figures)


def grouped(cells: Iterable[OpenCell], portfolio: Portfolio, now: Week) -> list[Clash]:
    """Open conflicts by unit or owner, measure and cause, the soonest first."""
    by_cause: dict[tuple[str | None, int | None, Measure, str], list[OpenCell]] = {}
    for cell in sorted(cells, key=lambda cell: cell.key.week):
        group = (cell.key.unit, cell.key.person, cell.key.measure, cell.cause)
        by_cause.setdefault(group, []).append(cell)
    return [
        Clash(
            unit,
            person,
            measure,
            joined([cell.key.week for cell in members], portfolio.calendar),
            frozenset((cell.value, cell.limit) for cell in members),
            cause,
            min(cell.since for cell in members),
            _codes_in(members, portfolio, now),
            members,
        )
        for (unit, person, measure, cause), members in by_cause.items()
    ]


def weeks_left_without(clash: Clash, code: str, portfolio: Portfolio, now: Week) -> list[Week]:
    """The weeks of a clash that still go over the limit while one initiative rests; none if that solves it."""
    without = ((cell, cell.value - _share_of(code, cell.key, portfolio, now)) for cell in clash.cells)
    return [cell.key.week for cell, value in without if value > cell.limit]


def _share_of(code: str, key: CellKey, portfolio: Portfolio, now: Week) -> int:
    """What one initiative puts into a cell, in the measure of the cell."""
    if key.person is not None:
        return int(code in owned_in(portfolio, key.person, key.week, now))
    weight = fillers_of(portfolio, key.unit or "", key.week, now).get(code)
    if weight is None:
        return 0
    return 1 if key.measure == "parallel" else weight.load


def joined(weeks: Sequence[Week], calendar: Calendar) -> list[tuple[Week, Week]]:
    """Ordered weeks as runs from first to last; a standstill between two weeks does not part them."""
    spans: list[tuple[Week, Week]] = []
    for week in weeks:
        if spans and calendar.running_weeks(spans[-1][1] + 1, week - 1) == 0:
            spans[-1] = spans[-1][0], week
        else:
            spans.append((week, week))
    return spans


def _codes_in(cells: Iterable[OpenCell], portfolio: Portfolio, now: Week) -> list[str]:
    found: set[str] = set()
    for (unit, person, week, measure), *_ in cells:
        if person is not None:
            found.update(owned_in(portfolio, person, week, now))
        elif unit is not None:
            weights = fillers_of(portfolio, unit, week, now)
            found.update(code for code, weight in weights.items() if weight.load or measure == "parallel")
    return sorted(found & portfolio.commitments.keys())

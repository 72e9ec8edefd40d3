"""What the load map and its cells show."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import NamedTuple

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ExceptionCellRow, ExceptionRow
from portfolio.capacity.rules.calendar import Stretch, lay_out
from portfolio.capacity.rules.limits import Bounds
from portfolio.capacity.rules.load import (
    Cell,
    Commitment,
    Portfolio,
    Unplanned,
    Weight,
    drags_on,
    effective_stretches,
    fillers_of,
    ledger_of,
    roll_up,
)
from portfolio.capacity.rules.outlook import WEEKS
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries import filters
from portfolio.initiatives.queries.filters import Filter
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import WITH_PLAN, titles_of
from portfolio.initiatives.rules.statuses import UNDECIDED
from portfolio.people.models import Person
from portfolio.reminders.queries.facts import settings as reminder_settings
from portfolio.reviews.queries import LATELY, happened_of_late
from portfolio.reviews.rules.hindsight import waits_of
from portfolio.reviews.rules.sentences import days
from portfolio.units import queries as units
from portfolio.units.models import UnitRow


@dataclass(frozen=True, slots=True)
class Loads:
    """Everything that the map is drawn from. `outlook` begins now, `shown` where the visitor looks.

    `excepted` are the weeks in which an exception covers a unit; `proposed` the points that proposals add,
    week by week from the first shown.
    """

    units: Sequence[UnitRow]
    portfolio: Portfolio
    now: Week
    outlook: Mapping[str, Sequence[Cell]]
    shown: Mapping[str, Sequence[Cell]]
    excepted: Mapping[str, Collection[Week]]
    proposed: Mapping[str, Sequence[int]]


def loads(now: datetime, first: Week | None, *, with_proposals: bool) -> Loads:
    """The load of every unit that exists today, or that something still weighs on."""
    week = this_week(now)
    begins = week if first is None else first
    portfolio = capacity.whole_portfolio(since=min(week, begins))
    outlook = capacity.load_of_units(portfolio, week, week, WEEKS)
    shown = outlook if begins == week else capacity.load_of_units(portfolio, week, begins, WEEKS)
    loaded = {code for code, cells in outlook.items() if any(cell.load for cell in cells)}
    alive = units.living(today(now), loaded)
    proposed = points_proposed(portfolio, week, range(begins, begins + WEEKS)) if with_proposals else {}
    return Loads(alive, portfolio, week, outlook, shown, capacity.excepted_weeks(now), proposed)


def has_initiatives() -> bool:
    """Whether there is any initiative at all, counting or not."""
    return current_session().scalar(select(Initiative.id).limit(1)) is not None


def points_proposed(portfolio: Portfolio, now: Week, weeks: range) -> Mapping[str, Sequence[int]]:
    """What all proposals would add together in some weeks if each came at its wished week."""
    proposed = replace(portfolio, commitments=_wishes(portfolio, now), unplanned={})
    ledger = ledger_of(proposed, now, weeks[0], weeks[-1])
    return {code: ledger.rows(code)[0] for code in portfolio.tree.units}


def _wishes(portfolio: Portfolio, now: Week) -> dict[str, Commitment]:
    wanted = filters.initiatives(Filter(UNDECIDED)).where(Initiative.start_week.is_not(None))
    codes = units.codes_by_id()
    wishes = {}
    for row in current_session().scalars(wanted):
        stretches = lay_out(row.start_week or now, phases_of(row, codes), portfolio.calendar)
        if stretches and stretches[-1].last >= now:
            wishes[row.code] = Commitment(row.code, stretches)
    return wishes


class Waiting(NamedTuple):
    """How long proposals wait for their answer.

    `median` is that of the last half-year, None if nothing was answered. `oldest` is (code, title, days) of the one
    that has waited longest, None if none waits; `late` how many have waited longer than `promised` days.
    """

    median: float | None
    oldest: tuple[str, str, int] | None
    late: int
    promised: int

    @property
    def median_told(self) -> str:
        """`12 dagar`."""
        return days(self.median)


def waiting(now: datetime) -> Waiting:
    """What whoever prepares the decisions should see at once; three questions.

    How long is too long the municipality has said by the reminder Ett beslut dröjer.
    """
    answered, waits = waits_of(happened_of_late(now))
    promised = reminder_settings()["decision_waits"].days
    waited = {subject.removeprefix("initiative/"): (today(now) - since).days for subject, since in waits.items()}
    oldest = max(waited, key=lambda code: (waited[code], code), default=None)
    recent = [one.days for one in answered if one.answered_on > today(now - LATELY)]
    return Waiting(
        median(recent) if recent else None,
        None if oldest is None else (oldest, titles_of([oldest])[oldest], waited[oldest]),
        sum(count > promised for count in waited.values()),
        promised,
    )


@dataclass(frozen=True, slots=True)
class Filler:
    """One initiative in a cell. `causes` are the units below, or the unit itself, on which its impact lies."""

    code: str
    title: str
    status: str
    owner: str | None
    phase: str
    weight: Weight
    causes: Sequence[str]
    last_week: Week
    drags: bool


@dataclass(frozen=True, slots=True)
class CellFacts:
    """One unit in one week, with what fills it, what is proposed for it, and how it is below it."""

    unit: UnitRow
    cell: Cell
    base: Bounds
    fillers: Sequence[Filler]
    proposals: Sequence[Filler]
    unplanned: Sequence[Unplanned]
    exceptions: Sequence[tuple[str, Week]]
    """The initiatives that are let over the limit here, and through which week."""
    below: Sequence[tuple[UnitRow, Cell]]


def cell_facts(code: str, week: Week, now: datetime, *, with_proposals: bool) -> CellFacts:
    """One cell of the map; NotFound if there is no such unit."""
    rows = {unit.code: unit for unit in units.all_units()}
    if code not in rows:
        raise NotFound
    at, portfolio = this_week(now), capacity.whole_portfolio()
    cells = {unit: row[0] for unit, row in capacity.load_of_units(portfolio, at, week, 1).items()}
    unit = portfolio.tree.units[code]
    wishes = replace(portfolio, commitments=_wishes(portfolio, at)) if with_proposals else None
    events = fillers_of(portfolio, code, week, at).keys() & portfolio.unplanned.keys()
    names = {unit_code: row.name for unit_code, row in rows.items()}
    return CellFacts(
        rows[code],
        cells[code],
        Bounds(unit.limit, unit.max_parallel),
        _fillers(portfolio, code, week, at, names),
        _fillers(wishes, code, week, at, names) if wishes else (),
        sorted((portfolio.unplanned[key] for key in events), key=lambda one: (-one.level, one.key)),
        _exceptions_in(rows[code].id, week),
        [(rows[below], cells[below]) for below in portfolio.tree.below(code)],
    )


def _fillers(portfolio: Portfolio, code: str, week: Week, now: Week, names: Mapping[str, str]) -> list[Filler]:
    active = list(_active(portfolio, code, week, now))
    found = _initiatives_by_code(one.code for one, _, _ in active)
    fillers = []
    ways_up = portfolio.tree.ways_in(week)
    for commitment, position, stretch in active:
        row, owner = found[commitment.code]
        fillers.append(
            Filler(
                row.code,
                row.title,
                row.status,
                owner,
                row.phases[position].kind,
                roll_up(stretch.impacts, ways_up)[code],
                [names[unit] for unit in stretch.impacts if code in ways_up[unit]],
                effective_stretches(commitment, now, portfolio.drag_weeks)[-1].last,
                drags_on(commitment, now),
            )
        )
    return sorted(fillers, key=lambda filler: (-filler.weight.load, filler.code))


def _active(portfolio: Portfolio, code: str, week: Week, now: Week) -> Iterable[tuple[Commitment, int, Stretch]]:
    """Each initiative with an impact on the unit that week, with its phase's place and stretch."""
    if portfolio.calendar.stands_still(week):
        return
    inside = {unit for unit, way in portfolio.tree.ways_in(week).items() if code in way}
    for commitment in portfolio.commitments.values():
        stretches = effective_stretches(commitment, now, portfolio.drag_weeks)
        for position, stretch in enumerate(stretches):
            if stretch.first <= week <= stretch.last and inside & set(stretch.impacts):
                yield commitment, position, stretch


def _initiatives_by_code(codes: Iterable[str]) -> dict[str, tuple[Initiative, str | None]]:
    wanted = (
        select(Initiative, Person.function)
        .outerjoin(Person, Person.id == Initiative.owner_id)
        .where(Initiative.code.in_(list(codes)))
        .options(WITH_PLAN)
    )
    return {row.code: (row, owner) for row, owner in current_session().execute(wanted)}


def _exceptions_in(unit_id: int, week: Week) -> list[tuple[str, Week]]:
    wanted = (
        select(Initiative.code, ExceptionRow.valid_to)
        .join(ExceptionRow, ExceptionRow.initiative_id == Initiative.id)
        .join(ExceptionCellRow, ExceptionCellRow.exception_id == ExceptionRow.id)
        .where(ExceptionRow.ended_at.is_(None), ExceptionCellRow.unit_id == unit_id, ExceptionCellRow.week == week)
        .distinct()
    )
    return [(code, valid_to) for code, valid_to in current_session().execute(wanted)]

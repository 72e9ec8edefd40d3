"""Whether all the data holds together: what `flask check` names. Reads, never mends."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.base.text import fold
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.conflicts import CellKey, breaches, uncovered
from portfolio.capacity.rules.load import Commitment
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import phases_of, plan_of
from portfolio.initiatives.queries.stored import WITH_PLAN, code_exists
from portfolio.initiatives.rules.reported import ReportState
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, Status
from portfolio.outbox.queries import first_broken_event
from portfolio.reports.models import Report
from portfolio.units import queries as units
from portfolio.units.rules import makes_a_circle


def breached_invariants(now: datetime) -> Iterator[str]:
    """Every breach of what must always hold, a Swedish sentence each; nothing if all is well.

    Units that lie in a circle are told alone: nothing that follows the tree can be trusted then.
    """
    circles = list(_circles())
    yield from circles
    if not circles:
        for check in CHECKS:
            yield from check(now)


def _circles() -> Iterator[str]:
    parents, codes = units.parents_by_id(), units.codes_by_id()
    for unit_id, parent_id in parents.items():
        if makes_a_circle(unit_id, parent_id, parents):
            yield f"Enheten {codes[unit_id]} ligger under sig själv."


def _order_of_priority(now: datetime) -> Iterator[str]:
    """Open initiatives have the places 1, 2, 3 … each, the others none."""
    rows = current_session().execute(select(Initiative.code, Initiative.status, Initiative.rank)).all()
    for code, status, rank in rows:
        if (status in OPEN) != (rank is not None):
            yield f"{code} är {status} och har plats {rank} i prioritetsordningen."
    places = sorted(rank for _, _, rank in rows if rank is not None)
    if places != list(range(1, len(places) + 1)):
        wrong = next(place for place, rank in enumerate(places, start=1) if rank != place)
        yield f"Prioritetsordningen har en lucka eller en dubblett vid plats {wrong}."


def _pauses(now: datetime) -> Iterator[str]:
    """Paused initiatives, and no others, know the week in which they were paused."""
    rows = select(Initiative.code, Initiative.status, Initiative.paused_week)
    for code, status, week in current_session().execute(rows):
        if (status == Status.PAUSED) != (week is not None):
            yield f"{code} är {status} men har {'ingen vecka' if week is None else format_week(week)} för sin paus."


def _searched_texts(now: datetime) -> Iterator[str]:
    """Search and import find an initiative by the title that it has."""
    rows = select(Initiative.code, Initiative.title, Initiative.title_folded)
    for code, title, folded in current_session().execute(rows):
        if fold(title)[:200] != folded:
            yield f"{code} söks under ”{folded}” men heter ”{title}”."


def _reports(now: datetime) -> Iterator[str]:
    """An initiative shows what its latest lägesrapport said, and no other shows anything."""
    told: dict[int, tuple[str | None, datetime | None]] = {}
    rows = select(Report.initiative_id, Report.state, Report.reported_at).order_by(Report.id)
    for initiative_id, state, at in current_session().execute(rows):
        before, _ = told.get(initiative_id, (None, None))
        told[initiative_id] = before if state == ReportState.NOTHING_NEW else state, at
    shown = select(Initiative.id, Initiative.code, Initiative.reported_state, Initiative.reported_at)
    for initiative_id, code, *latest in current_session().execute(shown):
        if tuple(latest) != told.get(initiative_id, (None, None)):
            yield f"{code} visar ett annat läge än den senaste lägesrapporten."


def _next_number(now: datetime) -> Iterator[str]:
    code = f"FI-{the_portfolio().next_number:03d}"
    if code_exists(code):
        yield f"Nästa beteckning är {code}, men den används redan."


def _claims(now: datetime) -> Iterator[str]:
    """A counting initiative holds exactly what its plan gives, and no other holds anything (capacity kernel §2)."""
    held = capacity.whole_portfolio().commitments
    calendar = capacity.calendar()
    counting = select(Initiative).where(Initiative.status.in_(COUNTING)).options(WITH_PLAN)
    codes = units.codes_by_id()
    known = set()
    for one in current_session().scalars(counting).all():
        known.add(one.code)
        plan = plan_of(one, now, phases=phases_of(one, codes)).laid_out(calendar)
        wanted = Commitment(one.code, plan.stretches, one.owner_id, one.forecast_end_week)
        found = held.get(one.code)
        if found is None:
            yield f"{one.code} är {one.status} men räknas inte i belastningen."
        elif _facts(found) != _facts(wanted):
            yield f"{one.code} belastar annorlunda än planen säger."
    for code in sorted(set(held) - known):
        yield f"{code} räknas i belastningen men är varken beslutad eller pågående."


def _facts(one: Commitment) -> object:
    stretches = [(stretch.first, stretch.last, dict(stretch.impacts)) for stretch in one.stretches]
    return stretches, one.owner, one.forecast_end


def _unexplained_cells(now: datetime) -> Iterator[str]:
    """Every cell over its confirmed limit has an exception or an open conflict, and no other has one (§6)."""
    portfolio = capacity.whole_portfolio()
    over = breaches(portfolio, this_week(now), list(portfolio.tree.units), list(portfolio.max_owned))
    unexplained = set(uncovered(over, capacity.exception_covers(now)))
    codes = units.codes_by_id()
    told = {capacity.cell_of(row, codes) for row in capacity.open_conflicts(now)}
    for key in sorted(unexplained - told, key=str):
        yield f"{_cell(key)} är över taket utan undantag eller öppen krock."
    for key in sorted(told - unexplained, key=str):
        yield f"{_cell(key)} har en öppen krock men är inte över taket."


def _cell(key: CellKey) -> str:
    return f"{key.unit or f'Person {key.person}'} {format_week(key.week)} ({key.measure})"


def _event_log(now: datetime) -> Iterator[str]:
    broken = first_broken_event()
    if broken is not None:
        yield f"Händelseloggen håller inte från händelse {broken}."


CHECKS: tuple[Callable[[datetime], Iterator[str]], ...] = (
    _order_of_priority,
    _pauses,
    _searched_texts,
    _reports,
    _next_number,
    _claims,
    _unexplained_cells,
    _event_log,
)

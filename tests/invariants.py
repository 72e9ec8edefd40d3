"""What must hold in the database after whatever was done, looked at from outside the product's own checks."""

from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ClaimRow, CommitmentRow, ConflictRow
from portfolio.capacity.rules.calendar import lay_out
from portfolio.capacity.rules.conflicts import breaches, uncovered
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, Status
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import first_broken_event
from portfolio.units.queries import codes_by_id


def broken(now: datetime) -> list[str]:
    """Everything that does not hold, a line each."""
    current_session().rollback()  # look at what is stored, not at what was read before
    checks = (
        unexplained_cells(now),
        nameless_causes(),
        wrong_claims(),
        wrong_statuses(),
        wrong_places(),
        broken_seals(),
    )
    return list(chain.from_iterable(checks))


def unexplained_cells(now: datetime) -> list[str]:
    """Cells over a confirmed limit that nothing explains, and open conflicts where nothing is over."""
    portfolio, codes = capacity.whole_portfolio(), codes_by_id()
    found = breaches(portfolio, this_week(now), portfolio.tree.units, portfolio.max_owned)
    over = {key: breach.value for key, breach in uncovered(found, capacity.exception_covers(now)).items()}
    told = {
        (codes.get(row.unit_id or 0), row.person_id, row.week, row.measure): row.value
        for row in capacity.open_conflicts(now)
    }
    cells = {tuple(key): value for key, value in over.items()}
    return [f"no open conflict: {_cell(key)}" for key in cells.keys() - told.keys()] + [
        f"an open conflict where there is none: {_cell(key)}" for key in told.items() - cells.items()
    ]


def _cell(key: Any) -> str:
    return " ".join(map(str, key))


def nameless_causes() -> list[str]:
    """Conflicts whose cause is not the event that it says it is."""
    types = dict(current_session().execute(select(EventRow.seq, EventRow.type)).all())
    rows = current_session().scalars(select(ConflictRow)).all()
    return [
        f"conflict {row.id} names no event: {row.cause}"
        for row in rows
        if types.get(row.cause_seq or 0) != row.cause or not row.cause_text
    ]


def wrong_claims() -> list[str]:
    """Initiatives that hold something else than their plan, or something although they do not count."""
    calendar, codes = capacity.calendar(), codes_by_id()
    held: dict[int, set[Any]] = {}
    for row in current_session().scalars(select(ClaimRow)):
        unit = None if row.unit_id is None else codes[row.unit_id]
        held.setdefault(row.initiative_id, set()).add((row.first_week, row.last_week, unit, row.impact))
    commitments = {row.initiative_id: row for row in current_session().scalars(select(CommitmentRow))}
    wrong = []
    for one in current_session().scalars(select(Initiative).options(WITH_PLAN)):
        counts = one.status in COUNTING
        commitment = commitments.get(one.id)
        if counts != (commitment is not None):
            wrong.append(f"{one.code} is {one.status} and has {'no ' if counts else ''}claims")
        elif commitment is not None:
            facts = (commitment.owner_id, commitment.forecast_end, commitment.start_week)
            if facts != (one.owner_id, one.forecast_end_week, one.start_week):
                wrong.append(f"{one.code} holds with other facts than its own: {facts}")
        if held.get(one.id, set()) != (_wanted(one, calendar, codes) if counts else set()):
            wrong.append(f"{one.code} holds something else than its plan")
    return wrong


def _wanted(one: Initiative, calendar: Any, codes: dict[int, str]) -> set[Any]:
    assert one.start_week is not None
    return {
        (stretch.first, stretch.last, unit, impact)
        for stretch in lay_out(one.start_week, phases_of(one, codes), calendar)
        for unit, impact in (stretch.impacts or {None: None}).items()
    }


def wrong_statuses() -> list[str]:
    """Statuses that the table does not know."""
    found = current_session().execute(select(Initiative.code, Initiative.status))
    return [f"{code} is {status}" for code, status in found if status not in set(Status)]


def wrong_places() -> list[str]:
    """The places in the order of priority: 1, 2, 3 … for what is open, none for the rest."""
    rows = current_session().execute(select(Initiative.code, Initiative.status, Initiative.rank)).all()
    places = sorted(rank or 0 for _, status, rank in rows if status in OPEN)
    wrong = [] if places == list(range(1, len(places) + 1)) else [f"the places of what is open are {places}"]
    return wrong + [
        f"{code} is {status} and has place {rank}" for code, status, rank in rows if rank and status not in OPEN
    ]


def broken_seals() -> list[str]:
    """The first event that has no unbroken seal."""
    seq = first_broken_event()
    return [] if seq is None else [f"event {seq} does not hold"]

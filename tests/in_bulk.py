"""Initiatives by the million, with a row in every table that they would have left one in."""

from typing import Any

from sqlalchemy import Integer, String, cast, func, insert, literal, select, text
from sqlalchemy.sql.elements import ColumnElement

from portfolio.base.db import current_session, db
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions.claims import FOR_EVER
from portfolio.capacity.models import ClaimRow, CommitmentRow, ConflictRow, ExceptionCellRow, ExceptionRow
from portfolio.initiatives.models import AcknowledgementRow, DecisionRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.rules.statuses import Status
from portfolio.outbox.models import EventRow
from portfolio.people.models import Person
from portfolio.units.models import UnitRow
from tests.make import NOW

FIRST = 10**7
"""The ids of what is put in begin here, far above those that the product gives."""

WEEK = parse_week("2024-W10")

PER_CONFLICT, PER_EXCEPTION = 10, 5
"""One finished initiative in so many was once in a conflict, or was let over a limit."""


def put_in(count: int) -> None:
    """Store `count` closed initiatives on the units and owners that there are."""
    session = current_session()
    units, owners = (session.scalar(select(func.count(table.id))) or 1 for table in (UnitRow, Person))
    session.rollback()
    _unchecked(True)
    number = _numbers(count)
    facts = {"status": Status.CLOSED, "owner_id": number % owners + 1}
    _store(Initiative, _initiative("OLD-", number, FIRST) | facts, number)
    _plans(count, units)
    _decisions(count)
    _events(count)
    _overruns(count, units)
    session.commit()
    _unchecked(False)
    _analyze()


def put_in_running(count: int, unit_id: int) -> None:
    """Store `count` ongoing initiatives without an owner, each on this one unit."""
    _unchecked(True)
    number = _numbers(count)
    own = number + FIRST * 2
    facts = {"status": Status.ONGOING, "rank": own}
    _store(Initiative, _initiative("RUN-", number, FIRST * 2) | facts, number)
    phase, impact = {"initiative_id": own, "weeks": 400}, {"unit_id": unit_id, "impact": 1}
    _store(PhaseRow, phase | {"id": own, "position": 0, "kind": "implement"}, number)
    _store(ImpactRow, impact | {"id": own, "phase_id": own}, number)
    _store(CommitmentRow, {"initiative_id": own, "code": _written("RUN-", number), "start_week": WEEK}, number)
    held = {"phase": 0, "first_week": WEEK, "last_week": WEEK + 400, "counts_to": FOR_EVER}
    _store(ClaimRow, phase | impact | held | {"id": own}, number)
    current_session().commit()
    _unchecked(False)
    _analyze()


def _unchecked(off: bool) -> None:
    """Leave out the check of every foreign key while a million rows are put in."""
    if db.engine.dialect.name == "postgresql":
        current_session().execute(text(f"SET session_replication_role = {'replica' if off else 'origin'}"))
    else:
        current_session().connection().exec_driver_sql("COMMIT")  # no pragma has an effect within a transaction
        for pragma in (f"foreign_keys={not off:d}", f"synchronous={'OFF' if off else 'FULL'}"):
            current_session().connection().exec_driver_sql(f"PRAGMA {pragma}")
        current_session().connection().exec_driver_sql("BEGIN")


def _analyze() -> None:
    """PostgreSQL keeps its statistics up to date by itself, a little later; nobody does it for SQLite."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _numbers(count: int) -> ColumnElement[int]:
    """1, 2, 3 … in a question, on both databases."""
    series = select(literal(1, Integer).label("number")).cte("series", recursive=True)
    series = series.union_all(select(series.c.number + 1).where(series.c.number < count))
    return series.c.number


def _store(table: Any, values: dict[str, Any], per: ColumnElement[int]) -> None:
    """One row per number, in one statement."""
    columns = [
        value if isinstance(value, ColumnElement) else literal(value, table.__table__.c[name].type)
        for name, value in values.items()
    ]
    current_session().execute(insert(table).from_select(list(values), select(*columns).select_from(per.table)))


def _written(prefix: str, number: ColumnElement[int]) -> ColumnElement[str]:
    return literal(prefix) + cast(number, String)


def _initiative(prefix: str, number: ColumnElement[int], first: int) -> dict[str, Any]:
    return {
        "id": number + first,
        "code": _written(prefix, number),
        "title": _written("Gammal förändring ", number),
        "summary": "Det här beslutades för länge sedan.",
        "why": "",
        "if_we_wait": "",
        "diarienummer": "",
        "legal_duty": False,
        "owner_text": "",
        "start_week": WEEK,
        "dragging_noted": False,
        "search_text": _written("gammal forandring ", number),
        "title_folded": _written("gammal forandring ", number),
        "created_at": NOW,
        "updated_at": NOW,
        "version": 4,
    }


def _plans(count: int, units: int) -> None:
    number = _numbers(count)
    for position, kind in enumerate(("prepare", "implement")):
        phase = number * 2 + FIRST + position
        columns = {"id": phase, "initiative_id": number + FIRST, "position": position, "kind": kind, "weeks": 6}
        _store(PhaseRow, columns, number)
        for at in range(position + 1):
            unit = (number + at) % units + 1
            columns = {"id": number * 3 + FIRST + position + at, "phase_id": phase, "unit_id": unit, "impact": 2}
            _store(ImpactRow, columns, number)
    _store(
        AcknowledgementRow,
        {
            "id": number + FIRST,
            "initiative_id": number + FIRST,
            "unit_id": number % units + 1,
            "answer": "confirmed",
            "text": "",
            "answered_by": "Socialchef",
            "answered_at": NOW,
        },
        number,
    )


def _decisions(count: int) -> None:
    number = _numbers(count)
    for at, kind in enumerate(("start", "close")):
        _store(
            DecisionRow,
            {
                "id": number * 2 + FIRST + at,
                "initiative_id": number + FIRST,
                "kind": kind,
                "reason": "Gruppen är enig",
                "decision_maker": "Kommundirektör",
                "decided_at": NOW,
                "responsible": "Kanslichef",
                "version_after": 2 + at,
                "before": "{}",
            },
            number,
        )


def _events(count: int) -> None:
    number = _numbers(count)
    for at, kind in enumerate(("initiative.proposed", "initiative.started", "initiative.closed")):
        seq = number * 3 + FIRST + at
        _store(
            EventRow,
            {
                "seq": seq,
                "id": _written("old-", seq),
                "type": kind,
                "time": NOW,
                "actor": "Kommundirektör",
                "subject": _written("initiative/OLD-", number),
                "data": "{}",
                "text": "{}",
                "seal": "0" * 64,
            },
            number,
        )


def _overruns(count: int, units: int) -> None:
    number = _numbers(max(count // PER_CONFLICT, 1))
    over = {"unit_id": number % units + 1, "week": WEEK, "measure": "load"}
    settled = {"value": 9, "limit": 8, "cause": "initiative.started", "cause_text": ""}
    times = {"since": NOW, "resolved_at": NOW}
    _store(ConflictRow, {"id": number + FIRST, **over, **settled, **times}, number)
    number = _numbers(max(count // PER_EXCEPTION, 1))
    over = {"unit_id": number % units + 1, "week": WEEK, "measure": "load"}
    texts = dict.fromkeys(("why", "relief", "risk", "stance", "granted_by"), "Skälen")
    granted = {"initiative_id": number + FIRST, "valid_to": WEEK, "granted_at": NOW, "ended_at": NOW}
    _store(ExceptionRow, {"id": number + FIRST, **texts, **granted}, number)
    _store(
        ExceptionCellRow,
        {"id": number + FIRST, "exception_id": number + FIRST, **over, "value": 9, "limit": 8},
        number,
    )

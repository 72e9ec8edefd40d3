"""What the product asks its database: which statements, and how the database finds the answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from portfolio.base.db import current_session, db

OPEN_ONLY = "ix_conflict_open_week"
"""An index of the open conflicts alone: reading all of it reads none of those that are settled."""


class Question(NamedTuple):
    """One statement as it was sent."""

    statement: str
    parameters: Any

    @property
    def looks(self) -> bool:
        """Whether the database has to find rows for it."""
        return self.statement.startswith(("SELECT", "WITH", "UPDATE", "DELETE"))


@contextmanager
def questions() -> Iterator[list[Question]]:
    """Everything that is sent to the database within."""
    sent: list[Question] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append(Question(statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def plan_of(question: Question) -> list[str]:
    """How the database would find the answer, a line for each step."""
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    steps = current_session().connection().exec_driver_sql(f"{explain} {question.statement}", question.parameters)
    return [str(step[-1]) for step in steps]


def scanned(question: Question) -> set[str]:
    """The tables that the database would read from end to end for the answer."""
    return {table for step in plan_of(question) for table in [_scanned_by(step)] if table}


def _scanned_by(step: str) -> str:
    """`SCAN claim` on SQLite, `->  Seq Scan on claim  (cost=…)` on PostgreSQL."""
    words = step.replace("->", "").split()
    if words[0] == "SCAN" and words[-1] != OPEN_ONLY:
        return words[1]
    return words[3] if words[:3] == ["Seq", "Scan", "on"] else ""

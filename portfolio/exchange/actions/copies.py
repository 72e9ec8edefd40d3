"""A backup of the whole database as lines of JSON, and back: the same file for SQLite and for PostgreSQL.

The first line tells what it is and which tables' version it was made of; then every table begins with a line
that names its columns, with a line for each row; the last line says how many rows there are, so that a file
that was cut off is known.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, delete, func, insert, literal_column, select, text, update
from sqlalchemy.engine import Connection

from portfolio.base.db import Base, current_session, in_chunks
from portfolio.base.errors import Invalid
from portfolio.base.portfolio import PortfolioRow
from portfolio.exchange.writing.values import from_json, to_json
from portfolio.outbox.models import ClockRow

FORMAT = "forandringsportfoljen-backup"

THERE_FROM_THE_BEGINNING = (PortfolioRow, ClockRow)
"""The tables whose only row the migrations have made: an empty database has those too."""


def backup_lines(made_at: datetime) -> Iterator[str]:
    """The backup, line by line, all of it as the database is at one moment."""
    connection = current_session().connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    yield _line({"format": FORMAT, "tables": _version(connection), "made_at": made_at.isoformat()})
    rows = 0
    for table in Base.metadata.sorted_tables:
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        wanted = select(table).order_by(*table.primary_key).execution_options(yield_per=500)
        for row in connection.execute(wanted):
            rows += 1
            yield _line([to_json(value) for value in row])
    yield _line({"rows": rows})


def restore_lines(lines: Iterable[str]) -> int:
    """Put a backup into an empty, migrated database; how many rows.

    Refused as Invalid, with nothing written, if the database is not empty, if it has another version of the
    tables, or if the file is none of ours or was cut off.
    """
    connection = current_session().connection()
    _ensure_empty(connection)
    read = (_read(line) for line in lines)
    head = next(read, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Invalid({"_form": ["Filen är ingen säkerhetskopia av Förändringsportföljen."]})
    if head.get("tables") != _version(connection):
        raise Invalid({"_form": [f"Kopian gjordes med databasens version {head.get('tables')}. Migrera dit först."]})
    for table in THERE_FROM_THE_BEGINNING:
        connection.execute(delete(table))
    return _Restoring(connection).restore(read)


def _line(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise _cut_off() from None


def _cut_off() -> Invalid:
    return Invalid({"_form": ["Filen är skadad eller avhuggen. Inget har lästs in."]})


def _version(connection: Connection) -> str | None:
    version: str | None = connection.scalar(
        select(literal_column("version_num")).select_from(text("alembic_version"))
    )
    return version


def _ensure_empty(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        is_always_there = table in [row.__table__ for row in THERE_FROM_THE_BEGINNING]
        if not is_always_there and connection.scalar(select(func.count()).select_from(table)):
            raise Invalid({"_form": ["Databasen är inte tom. Läs in kopian i en ny databas."]})


@dataclass(slots=True)
class _Restoring:
    """The tables on their way in, each whole before the next begins."""

    connection: Connection
    rows: int = 0

    def restore(self, read: Iterator[Any]) -> int:
        """Write every table; how many rows."""
        line = next(read, None)
        while isinstance(line, dict) and "table" in line:
            table = Base.metadata.tables[line["table"]]
            rows = _Rows(read, [table.columns[name] for name in line["columns"]])
            self._write(table, rows)
            line = rows.following
        if not isinstance(line, dict) or line.get("rows") != self.rows:
            raise _cut_off()
        return self.rows

    def _write(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """A row that refers to a row of its own table, such as the unit above, does so once all are there."""
        within = [key.parent for key in table.foreign_keys if key.column.table is table]
        links = []
        for few in in_chunks(rows):
            self.rows += len(few)
            links += [(column, row["id"], row[column.name]) for column in within for row in few if row[column.name]]
            self.connection.execute(insert(table), [row | {column.name: None for column in within} for row in few])
        for column, row_id, to in links:
            self.connection.execute(update(table).where(table.c.id == row_id).values({column: to}))
        if self.connection.dialect.name == "postgresql":
            self._count_on(table)

    def _count_on(self, table: Table) -> None:
        """New rows get numbers after those that came; SQLite sees to that by itself."""
        key = table.autoincrement_column
        if key is not None:
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            self.connection.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))


@dataclass(slots=True)
class _Rows:
    """The rows of one table as they are read; `following` is the line after them."""

    read: Iterator[Any]
    columns: list[Column[Any]]
    following: Any = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Each row by column names."""
        for line in self.read:
            if not isinstance(line, list):
                self.following = line
                return
            values = zip(self.columns, line, strict=True)
            yield {column.name: from_json(column, value) for column, value in values}

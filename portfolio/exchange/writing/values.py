"""What stands in a column of ours, as JSON can say it, and back again: times and days as ISO, bytes as base64."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, DateTime, LargeBinary

Json = str | int | float | bool | None


def to_json(value: Any) -> Json:
    """A column's value in JSON."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    written: Json = value
    return written


def from_json(column: Column[Any], written: Json) -> Any:
    """The value that `to_json` wrote, for that column. Weeks are numbers and stay so."""
    if not isinstance(written, str):
        return written
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, LargeBinary):
        return b64decode(written)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(written)
    return date.fromisoformat(written) if isinstance(kind, Date) else written


def json_lines(columns: Sequence[str], rows: Iterable[Sequence[Json]]) -> Iterator[str]:
    """A table as one JSON array with an object for each row, in pieces: a long table never lies in memory."""
    yield "["
    between = "\n"
    for row in rows:
        yield between + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        between = ",\n"
    yield "\n]\n"

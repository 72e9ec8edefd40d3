"""Whether what a meeting decided still is to be carried out."""

from collections.abc import Collection
from datetime import date

from portfolio.initiatives.rules import Kind, Status

TELLING = frozenset({Kind.NOTE, Kind.RERANK})
"""The kinds that do not take a matter any further."""
_AWAITED = frozenset({Kind.DEFER, Kind.RETURN, Kind.REFER, Kind.PREPARE})
"""The kinds that are done when something has been decided in the matter."""


def is_open(kind: Kind, since: Collection[Kind], status: Status, due: date | None, day: date) -> bool:
    """Whether a decision still is to be carried out, on a day.

    A start or a resumption is, until its week has come; what was deferred, returned, referred or taken up, until
    something else has been decided (`since` are the kinds of that); anything else through its last day.
    """
    if {*since} - TELLING:
        return False
    if kind in (Kind.START, Kind.RESUME):
        return status is Status.DECIDED
    return kind in _AWAITED or (due is not None and due >= day)

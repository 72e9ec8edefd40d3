"""Whether what a meeting decided still is to be carried out."""

from collections.abc import Collection
from datetime import date

from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status

TELLING = frozenset({Kind.NOTE, Kind.RERANK})
"""The kinds that do not take a matter any further."""
_AWAITED = frozenset({Kind.RETURN, Kind.REFER, Kind.PREPARE})
"""The kinds that are done when something has been decided in the matter."""
_NOTHING_TO_DO = TELLING | {Kind.DEFER}
"""The kinds that nobody has to carry out: what is deferred comes back to the agenda by itself."""


def is_open(kind: Kind, since: Collection[Kind], status: Status, due: date | None, day: date) -> bool:
    """Whether a decision still is to be carried out, on a day.

    A start or a resumption is, until its week has come; what was returned, referred or taken up, until something
    else has been decided (`since` are the kinds of that); what was deferred or noted never; anything else through its
    last day.
    """
    if kind in _NOTHING_TO_DO or {*since} - TELLING:
        return False
    if kind in (Kind.START, Kind.RESUME):
        return status is Status.DECIDED
    return kind in _AWAITED or (due is not None and due >= day)

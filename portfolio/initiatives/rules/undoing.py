"""How long a decision can be taken back."""

from datetime import datetime, timedelta

UNDO_SECONDS = 30
"""How long a decision can be taken back."""

MINUTED = "minuted"
"""The status of a decision that completed minutes tell of, as refusals name it."""


def may_still_undo(decided_at: datetime, now: datetime) -> bool:
    """Whether a decision's 30 seconds have not passed yet."""
    return now - decided_at <= timedelta(seconds=UNDO_SECONDS)

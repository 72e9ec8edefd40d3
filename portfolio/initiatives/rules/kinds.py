"""The kinds of decision, and the steps between the statuses."""

from enum import StrEnum

from portfolio.base.errors import NotAllowedNow
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, UNDECIDED, Status


class Kind(StrEnum):
    """A kind of decision; the list is closed."""

    PREPARE = "prepare"
    START = "start"
    DEFER = "defer"
    RETURN = "return"
    REFER = "refer"
    NOTE = "note"
    RERANK = "rerank"
    REJECT = "reject"
    RESCOPE = "rescope"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    CLOSE = "close"
    CANCEL = "cancel"


KIND_WORDS = {
    Kind.PREPARE: "Ta upp i beredning",
    Kind.START: "Starta",
    Kind.DEFER: "Bordlägg",
    Kind.RETURN: "Komplettera",
    Kind.REFER: "Hänskjut",
    Kind.NOTE: "Notera",
    Kind.RERANK: "Omprioritera",
    Kind.REJECT: "Avslå",
    Kind.RESCOPE: "Ändra ram",
    Kind.PAUSE: "Pausa",
    Kind.RESUME: "Återuppta",
    Kind.COMPLETE: "Avsluta",
    Kind.CLOSE: "Stäng",
    Kind.CANCEL: "Avbryt",
}

KIND_VERBS = {
    Kind.PREPARE: "ta upp i beredning",
    Kind.START: "starta",
    Kind.DEFER: "bordlägga",
    Kind.RETURN: "be om komplettering",
    Kind.REFER: "hänskjuta",
    Kind.NOTE: "notera",
    Kind.RERANK: "omprioritera",
    Kind.REJECT: "avslå",
    Kind.RESCOPE: "ändra ramen",
    Kind.PAUSE: "pausa",
    Kind.RESUME: "återuppta",
    Kind.COMPLETE: "avsluta",
    Kind.CLOSE: "stänga",
    Kind.CANCEL: "avbryta",
}
"""What a kind of decision is called in a sentence about what may be done."""

MOVE_START = "Flytta starten"
"""What a new start is called of an initiative whose start is decided already."""

STEPS: dict[Kind, tuple[frozenset[Status], Status | None]] = {
    Kind.PREPARE: (frozenset({Status.PROPOSED, Status.REJECTED}), Status.IN_PREPARATION),
    Kind.START: (frozenset({Status.IN_PREPARATION, Status.DECIDED}), Status.DECIDED),
    Kind.DEFER: (OPEN, None),
    Kind.RETURN: (OPEN, None),
    Kind.REFER: (OPEN, None),
    Kind.NOTE: (OPEN, None),
    Kind.RERANK: (OPEN, None),
    Kind.REJECT: (UNDECIDED, Status.REJECTED),
    Kind.RESCOPE: (frozenset({Status.DECIDED, Status.ONGOING, Status.PAUSED}), None),
    Kind.PAUSE: (COUNTING, Status.PAUSED),
    Kind.RESUME: (frozenset({Status.PAUSED}), Status.DECIDED),
    Kind.COMPLETE: (frozenset({Status.ONGOING}), Status.FOLLOW_UP),
    Kind.CLOSE: (frozenset({Status.FOLLOW_UP}), Status.CLOSED),
    Kind.CANCEL: (frozenset({Status.DECIDED, Status.ONGOING, Status.PAUSED}), Status.CANCELLED),
}
"""From which statuses a decision is allowed, and to which it leads; None leaves the status as it is."""

BEGINNING = frozenset({Kind.START, Kind.RESUME})
"""The kinds that are carried out by beginning: their last day is by itself the first of the start week."""

TEACHING = frozenset({Kind.COMPLETE, Kind.CANCEL})
"""The kinds that leave at least one lesson behind: what is over has taught somebody something."""


def kinds_allowed(status: Status) -> list[Kind]:
    """The kinds of decision that a status allows."""
    return [kind for kind, (allowed, _) in STEPS.items() if status in allowed]


def kind_word(kind: Kind, status: Status) -> str:
    """What a kind of decision is called on an initiative in this status."""
    return MOVE_START if kind is Kind.START and status is Status.DECIDED else KIND_WORDS[kind]


def status_after(kind: Kind, status: Status) -> Status:
    """The status that a decision leads to; NotAllowedNow if the present one does not allow it."""
    allowed, target = STEPS[kind]
    if status not in allowed:
        raise NotAllowedNow(status, kinds_allowed(status))
    return status if target is None else target

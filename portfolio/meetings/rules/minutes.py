"""Minnesanteckningar: what a meeting decided, as one document that HTML, PDF and DOCX are drawn from.

The document is plain values, so that what was completed once can be stored as JSON and never changes.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

FORM_WORDS = {"notes": "Minnesanteckningar", "protocol": "Protokoll"}
"""What the document is called, as the settings choose."""
THE_FORM = {"notes": "anteckningarna", "protocol": "protokollet"}
"""The same in a sentence."""
COMPLETED_WORDS = {"notes": "färdigställda", "protocol": "färdigställt"}
"""What it is once it is completed."""

COMPLETED = "completed"
"""The status that minutes have once they are locked, as refusals name it."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody of the group: a function, whether they were there, and who stood in."""

    function: str
    present: bool
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there, where, and who wrote it down: what is noted of a meeting beside its decisions."""

    participants: tuple[Participant, ...]
    place: str
    secretary: str


@dataclass(frozen=True, slots=True)
class Minuted:
    """One item as it ended. `number` is its place, 1 first; `decision` is a whole sentence.

    `due` is the last day, and `due_label` says of what: of a start that it has begun by then. `basis` is the kind of
    decision in words, with the point in the delegationsordning where there is one. `exception` tells limit, weeks and
    reason of a motivated exception. `remark` holds what somebody wanted noted (jäv, avvikande mening). `key` is the
    agenda's key of the item; `withheld` keeps it out of the general copy for as long as its ärende is not decided.
    `question` is why the group took it up, as the agenda told it; empty where nothing was asked beforehand.
    `reason_label` is what `reason` is called: of what was only noted it is the note itself.
    """

    number: int
    code: str
    title: str
    diarienummer: str
    decision: str
    reason: str
    responsible: str
    due: date | None
    basis: str
    exception: str = ""
    remark: str = ""
    key: str = ""
    withheld: bool = False
    due_label: str = "Klart senast"
    question: str = ""
    reason_label: str = "Skäl"


@dataclass(frozen=True, slots=True)
class NotNow:
    """Something that the group chose not to do now: deferred, rejected, paused or cancelled, at item `number`."""

    code: str
    title: str
    what: str
    reason: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Minutes:
    """The whole document. Times are aware; `number` is `LG 2026-11-24`, `version` counts corrections from 1.

    `starts_at` is the hour of the meeting, or, where it was over by then, when somebody began it.

    `completed_by` is a function and `completed_at` None in a draft. `withheld_count` counts the items that are kept
    out of this copy because their ärende is not decided yet. `correction` says why there is a new version.
    """

    form: str
    number: str
    version: int
    municipality: str
    group: str
    starts_at: datetime
    ended_at: datetime | None
    place: str
    participants: tuple[Participant, ...]
    items: tuple[Minuted, ...]
    not_now: tuple[NotNow, ...]
    outdated: tuple[str, ...]
    next_meeting: datetime | None
    secretary: str
    withheld_count: int = 0
    completed_by: str = ""
    completed_at: datetime | None = None
    correction: str = ""


def general_copy(minutes: Minutes, released: Collection[str]) -> Minutes:
    """The copy that everybody may read: without the withheld items, except those whose keys are `released`.

    What is left out is counted, and the others keep their numbers.
    """
    kept_out = {one.number for one in minutes.items if one.withheld and one.key not in released}
    return replace(
        minutes,
        items=tuple(one for one in minutes.items if one.number not in kept_out),
        not_now=tuple(one for one in minutes.not_now if one.number not in kept_out),
        withheld_count=len(kept_out),
    )


def as_json(minutes: Minutes) -> dict[str, Any]:
    """The document as it is stored: dates and times as RFC 3339."""
    stored: dict[str, Any] = _plain(asdict(minutes))
    return stored


def from_json(stored: dict[str, Any]) -> Minutes:
    """The document that was stored."""
    fields = dict(stored)
    fields.setdefault("withheld_count", fields.pop("held_back", 0))  # as the first completed minutes call it
    for name in ("starts_at", "ended_at", "next_meeting", "completed_at"):
        fields[name] = None if fields[name] is None else datetime.fromisoformat(fields[name])
    fields["participants"] = tuple(Participant(**one) for one in fields["participants"])
    fields["items"] = tuple(Minuted(**{**one, "due": _day(one["due"])}) for one in fields["items"])
    fields["not_now"] = tuple(NotNow(**one) for one in fields["not_now"])
    fields["outdated"] = tuple(fields["outdated"])
    return Minutes(**fields)


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value

"""What was said earlier about a matter that comes back, so that nobody has to remember it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from portfolio.base.text import as_sentence
from portfolio.base.time import long_date
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.rules.following import TELLING

PUT_OFF_WORDS: Mapping[Kind, str] = {
    Kind.DEFER: "Bordlagt",
    Kind.RETURN: "Tillbaka för komplettering",
    Kind.REFER: "Hänskjutet",
    Kind.PAUSE: "Pausat",
    Kind.NOTE: "Noterat",
}
"""The kinds after which the same question may come back, as they are told."""


class Past(NamedTuple):
    """A decision that was taken earlier. `question` is what somebody had asked the group then, else empty."""

    kind: Kind
    day: date
    reason: str
    question: str = ""


def earlier_told(decided: Iterable[Past]) -> str:
    """`Bordlagt 24 november: Priset saknas. Frågan var: Ska vi skjuta starten till hösten?`

    `decided` is what has been decided in the matter, the oldest first. Empty once it was taken further than being
    put off: then what comes back is something else. To note something does not take the place of a deferral.
    """
    latest: Past | None = None
    question = ""
    for one in decided:
        if one.kind in TELLING:
            is_first = one.kind in PUT_OFF_WORDS and (latest is None or latest.kind in TELLING)
            latest = one if is_first else latest
        else:
            latest = one if one.kind in PUT_OFF_WORDS else None
        question = (one.question or question) if latest is not None else ""
    if latest is None:
        return ""
    told = f"{PUT_OFF_WORDS[latest.kind]} {long_date(latest.day)}: {as_sentence(latest.reason)}"
    return f"{told} Frågan var: {as_sentence(question)}" if question else told

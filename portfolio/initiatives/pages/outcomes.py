"""What a decision comes to, in one sentence: said before it is taken, and again when it has been."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portfolio.base.text import NBSP
from portfolio.base.weeks import Week
from portfolio.capacity.rules.words import week_told
from portfolio.initiatives.rules import UNDECIDED, Kind, Status
from portfolio.web.filters import long_day

EXPLAINED: Mapping[Kind, str] = {
    Kind.PREPARE: "Förslaget arbetas fram så att det går att besluta om.",
    Kind.START: "Initiativet får en startvecka och börjar räknas på kartan.",
    Kind.DEFER: "Frågan tas upp igen en annan dag.",
    Kind.RETURN: "Den som bereder behöver ta fram något mer.",
    Kind.REFER: "En nämnd eller kommunstyrelsen ska avgöra.",
    Kind.NOTE: "Information som ska finnas kvar. Inget ändras.",
    Kind.RERANK: "Initiativet får en annan plats i prioritetsordningen.",
    Kind.REJECT: "Vi går inte vidare med förslaget.",
    Kind.RESCOPE: "Tiden eller påverkan ändras.",
    Kind.PAUSE: "Arbetet vilar och slutar belasta enheterna.",
    Kind.RESUME: "Det som är kvar av planen fortsätter.",
    Kind.COMPLETE: "Arbetet är klart. Effekten följs upp.",
    Kind.CLOSE: "Effekten är uppföljd.",
    Kind.CANCEL: "Arbetet slutar utan att bli klart.",
}
"""What each kind of decision means, for someone who chooses between them."""


DUE_WORDS: Mapping[Kind, str] = {
    Kind.START: "Ska ha startat senast",
    Kind.RESUME: "Ska ha återupptagits senast",
    Kind.RESCOPE: "Ändringen är genomförd senast",
}


@dataclass(frozen=True, slots=True)
class Wished:
    """What stands in the decision's form, as far as it can be read."""

    kind: Kind
    code: str
    start: Week | None = None
    until: date | None = None
    rank: int | None = None
    responsible: str = ""
    due: date | None = None


def outcome(wished: Wished, now: Week) -> str:
    """`FI-011 startar vecka 7`; without a full stop, so that it can follow `Beslutet blir:` and `Beslutat:`."""
    start = f" {week_told(wished.start, now)}" if wished.start is not None else ""
    until = f" {long_day(wished.until)}" if wished.until is not None else ""
    ends: Mapping[Kind, str] = {
        Kind.PREPARE: "tas upp i beredning",
        Kind.START: f"startar{start}",
        Kind.DEFER: f"bordläggs till{until or ' senare'}",
        Kind.RETURN: f"ska kompletteras{f', senast{until}' if until else ''}",
        Kind.REFER: f"hänskjuts{f'. Vi väntar besked{until}' if until else ''}",
        Kind.NOTE: "får en anteckning. Inget annat ändras",
        Kind.RERANK: f"får plats{NBSP}{wished.rank}" if wished.rank else "får en ny plats",
        Kind.REJECT: "avslås. Vi går inte vidare med förslaget",
        Kind.RESCOPE: f"får en ny ram, med start{start}" if start else "får en ny ram",
        Kind.PAUSE: f"pausas från {week_told(now, now)}{f', till omkring{until}' if until else ''}",
        Kind.RESUME: f"återupptas{start}",
        Kind.COMPLETE: "avslutas och går över i effektuppföljning",
        Kind.CLOSE: "stängs",
        Kind.CANCEL: "avbryts",
    }
    return f"{wished.code} {ends[wished.kind]}"


def outcome_told(wished: Wished, now: Week) -> str:
    """The same with who sees to it and by when: `FI-011 startar vecka 7. Ansvarig: Skolchef. Ska ha startat …`"""
    seen_to = seen_to_told(wished.kind, wished.responsible, wished.due)
    return f"{outcome(wished, now)}.{' ' if seen_to else ''}{seen_to}"


def seen_to_told(kind: Kind, responsible: str, due: date | None) -> str:
    """`Ansvarig: Skolchef. Ska ha startat senast 15 februari 2027.`; empty where neither is known."""
    told = [f"Ansvarig: {responsible}."] if responsible else []
    if due is not None:
        told.append(f"{due_words(kind)} {long_day(due)}.")
    return " ".join(told)


def due_words(kind: Kind) -> str:
    """What the last day of a decision means: of a start that it has begun by then, not that all is done."""
    return DUE_WORDS.get(kind, "Klart senast")


@dataclass(frozen=True, slots=True)
class Headline:
    """The one number of an initiative's page: `11 veckor till start`."""

    number: str
    text: str


def headline(
    status: Status, start: Week | None, end: Week | None, now: Week, earliest: Week | None
) -> Headline | None:
    """What one wants to know first of an initiative in this status; None where no week says anything."""
    if status is Status.ONGOING and end is not None:
        return _weeks(end - now + 1, "kvar") if end >= now else _weeks(now - end, "över tiden")
    if status is Status.DECIDED and start is not None:
        return _weeks(start - now, "till start")
    if status in UNDECIDED and earliest is not None:
        return Headline(f"v.{NBSP}{week_told(earliest, now).removeprefix(f'vecka{NBSP}')}", "tidigast möjliga start")
    return None


def _weeks(number: int, text: str) -> Headline:
    return Headline(str(number), f"{'vecka' if number == 1 else 'veckor'} {text}")

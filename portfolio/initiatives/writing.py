"""What a decision comes to, in one sentence: said before it is taken, when it has been, and in the minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portfolio.base.text import NBSP
from portfolio.base.weeks import Week, week_number, week_year
from portfolio.capacity.rules.words import week_told
from portfolio.initiatives.rules.kinds import Kind
from portfolio.web.filters import long_day

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


def outcome(wished: Wished, now: Week, *, with_year: bool = False) -> str:
    """`FI-011 startar vecka 7`; without a full stop, so that it can follow `Beslutet blir:` and `Beslutat:`.

    `with_year` is for what is read years later: `FI-011 startar vecka 7 2027`.
    """
    told = _with_year if with_year else week_told
    start = f" {told(wished.start, now)}" if wished.start is not None else ""
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
        Kind.PAUSE: f"pausas från {told(now, now)}{f', till omkring{until}' if until else ''}",
        Kind.RESUME: f"återupptas{start}",
        Kind.COMPLETE: "avslutas och går över i effektuppföljning",
        Kind.CLOSE: "stängs",
        Kind.CANCEL: "avbryts",
    }
    return f"{wished.code} {ends[wished.kind]}"


def _with_year(week: Week, _: Week) -> str:
    return f"vecka{NBSP}{week_number(week)} {week_year(week)}"


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


def put_off(kind: Kind, until: date | None) -> str:
    """What was chosen not to be done now, in a table: `Bordlagt till 15 december 2026`; empty of other decisions."""
    day = f" {long_day(until)}" if until is not None else ""
    told: Mapping[Kind, str] = {
        Kind.DEFER: f"Bordlagt till{day}" if day else "Bordlagt",
        Kind.REJECT: "Avslaget",
        Kind.PAUSE: f"Pausat, till omkring{day}" if day else "Pausat",
        Kind.CANCEL: "Avbrutet i tid",
    }
    return told.get(kind, "")

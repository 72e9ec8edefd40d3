"""The words that people use for statuses, impacts and units, and what they mean here."""

import re
from collections.abc import Iterable, Mapping

from portfolio.base.text import fold, phrases, quoted
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status

_STATUS_PHRASES: Mapping[str, tuple[str, ...]] = {
    "proposed": phrases(
        """
        förslag, föreslagen, föreslaget, föreslagna, idé, idéer, behov, önskemål, ansökan, inkommen,
        inkommet, ny, nytt, proposed, proposal, idea, concept, pipeline, candidate, draft, new
        """
    ),
    "in_preparation": phrases(
        """
        beredning, bereds, under beredning, i beredning, planerad, planerat, planeras, planering,
        planering pågår, ej påbörjad, ej påbörjat, inte påbörjad, inte påbörjat, ej startad, ej startat,
        inte startad, inte startat, kommande, framtida, förstudie, förstudie pågår, utreds, utredning,
        utredning pågår, förberedelse, förbereds, upphandling, upphandling pågår, upphandlas,
        projektering, projektering pågår, framtagande av, samråd, samråd pågår, klar för beslut, redo
        för beslut, väntar på beslut, inväntar beslut, planned, planning, in planning, not started,
        preparation, in preparation, in procurement, procurement, business case, business case
        development, investment case development, feasibility, design, in design, upcoming, future,
        scoping, pågår ej, pågår inte
        """
    ),
    "decided": phrases(
        """
        beslutad, beslutat, beslutade, godkänd, godkänt, klar för start, redo att starta, prioriterad,
        beställd, decided, approved, committed, funded, ready to start, awarded
        """
    ),
    "ongoing": phrases(
        """
        pågående, pågår, påbörjad, påbörjat, startad, startat, aktiv, aktivt, igång, i gång,
        genomförande, genomförs, genomförande pågår, under genomförande, införs, införande, införande
        pågår, bygge, byggs, byggande, byggande pågår, byggnation, byggnation pågår, byggstartad,
        löpande, delvis klar, delvis genomförd, försenad, försenat, ongoing, active, in progress,
        started, running, implementation, in implementation, implementing, execution, in delivery,
        delivery, under construction, construction, under way, underway, open
        """
    ),
    "paused": phrases(
        """
        pausad, pausat, vilande, vilar, avvaktar, bordlagd, uppskjuten, uppskjutet, framskjuten, på is,
        paused, on hold, hold, suspended, deferred, postponed, dormant
        """
    ),
    "follow_up": phrases(
        """
        effektuppföljning, uppföljning, följs upp, effekthemtagning, nyttorealisering, follow up,
        follow-up, benefits realisation, benefits realization, benefits follow up
        """
    ),
    "closed": phrases(
        """
        stängd, stängt, klar, klart, färdig, färdigt, färdigställd, färdigställt, avslutad, avslutat,
        genomförd, genomfört, slutförd, slutfört, levererad, implementerad, införd, infört, closed,
        complete, completed, done, finished, delivered, implemented, ended
        """
    ),
    "cancelled": phrases(
        """
        avbruten, avbrutet, avbröts, stoppad, stoppat, nedlagd, nedlagt, inställd, inställt, utgår,
        utgått, struken, struket, cancelled, canceled, dropped, stopped, terminated, abandoned,
        withdrawn
        """
    ),
    "rejected": phrases(
        """
        avslagen, avslaget, avslag, avvisad, ej godkänd, nekad, rejected, declined, not approved
        """
    ),
}
_STATUSES = {phrase: status for status, phrases in _STATUS_PHRASES.items() for phrase in phrases}

# Work that is going on is often described ("Bygge av etapp 1: …"): anything may follow these. Other
# phrases must stand alone or before an aside or a date, or "Klar för upphandling" would close an initiative.
_DESCRIBED = frozenset(
    phrases(
        """
        pågår, pågående, genomförande, införande, bygge, byggande, byggnation, planering, upphandling,
        projektering, utredning, förstudie, framtagande av, business case, construction, procurement,
        planning, implementation
        """
    )
)
_ASIDE = re.compile(r"\s*[,;(–-]|\s+\d")
_PARTLY = re.compile(r"%|procent|percent")
_LONG_ENOUGH_FOR_A_SLIP = 8

_TRAFFIC_LIGHTS = frozenset(
    phrases(
        "red, amber, yellow, green, orange, amber/red, red/amber, amber/green, green/amber, röd, gul, grön, "
        "röda, gula, gröna"
    )
)

_IMPACTS: Mapping[str, int | None] = {
    **dict.fromkeys(phrases("0, ingen, inget, inga, none, no"), 0),
    **dict.fromkeys(phrases("1, låg, lågt, liten, litet, små, low, small, minor"), 1),
    **dict.fromkeys(phrases("2, medel, mellan, märkbar, märkbart, måttlig, medium, moderate, mid"), 2),
    **dict.fromkeys(phrases("3, hög, högt, stor, stort, high, large, major, big"), 3),
    **dict.fromkeys(["", *phrases("x, ?, -, obedömd, ej bedömd, okänd, vet inte, unknown, tbd, n/a")]),
}
_NO_MEANING = -1

_BETWEEN_UNITS = re.compile(r"[;,/&]|\b(?:och|and)\b", re.IGNORECASE)
_LONGEST_UNITS_CELL = 1000


class UnknownWord(ValueError):
    """A word that means nothing here; its text says in Swedish which words do."""


def known_status(text: str) -> str | None:
    """The status that a word or a short description names, None if it names none.

    In this order: the whole text is a known phrase; it begins with one (going-on work may be followed
    by anything, other phrases by an aside or a number); one letter was doubled, dropped or added, or two were
    swapped, in a long word. A single changed letter is never forgiven: "avslutas" is not "avslutad".
    """
    words = fold(text).rstrip(" .!")
    if words in _STATUSES:
        return _STATUSES[words]
    beginnings = [phrase for phrase in _STATUSES if words.startswith(phrase) and _may_follow(phrase, words)]
    if beginnings:
        return _STATUSES[max(beginnings, key=len)]
    slips = {status for phrase, status in _STATUSES.items() if _is_slip_of(words, phrase)}
    return slips.pop() if len(slips) == 1 else None


def read_status(text: str) -> tuple[str, str | None]:
    """The status, and a note if it was understood rather than known; `UnknownWord` if neither.

    An empty text is a proposal: a list that says nothing about status promises nothing.
    """
    if not text:
        return "proposed", None
    status = known_status(text)
    if status is None:
        names = ", ".join(STATUS_WORDS.values())
        raise UnknownWord(f"Statusen {quoted(text)} känns inte igen. Skriv till exempel {names}.")
    if fold(text).rstrip(" .!") in _STATUSES:
        return status, None
    return status, f"Statusen {quoted(text)} lästes som {STATUS_WORDS[Status(status)]}."


def is_traffic_light(text: str) -> bool:
    """Whether a text is a colour rating ("Amber/Red", "Gul"): that tells how it goes, not the status."""
    return fold(text) in _TRAFFIC_LIGHTS


def read_impact(text: str) -> tuple[int | None, str | None]:
    """0 to 3, None for unrated; and a note where a word was not understood, which leaves it unrated.

    A number beside its word is read too ("3 – stor"), unless the two disagree.
    """
    word = fold(text)
    if word in _IMPACTS:
        return _IMPACTS[word], None
    parts = set(re.findall(r"[a-z0-9]+", word.removesuffix(".0"))) - {"paverkan", "impact"}
    meanings = {_IMPACTS.get(part, _NO_MEANING) for part in parts}
    if len(meanings) == 1 and _NO_MEANING not in meanings:
        return meanings.pop(), None
    return None, f"Påverkan {quoted(text)} känns inte igen. Den lämnas obedömd."


class KnownUnits:
    """The municipality's units, found by code or name however they are spelled."""

    def __init__(self, units: Iterable[tuple[str, str]]):
        """Take the code and the name of every unit."""
        self._codes = {fold(word): code for code, name in units for word in (name, code)}

    def code_for(self, name: str) -> str | None:
        """The code of the unit that is called this, None for an unknown one."""
        return self._codes.get(fold(name))

    def split(self, text: str) -> tuple[str, ...]:
        """The units that one cell names.

        A cell is taken apart at `;`, `,`, `/`, `&` and "och" only if every part is a known unit, each once:
        "Kultur och fritid" stays whole. What cannot be taken apart is one name.
        """
        if not text:
            return ()
        parts = self._known_parts(text) if len(text) <= _LONGEST_UNITS_CELL else None
        return tuple({self.code_for(part): part for part in parts}.values()) if parts else (text,)

    def _known_parts(self, text: str) -> list[str] | None:
        if self.code_for(text):
            return [text]
        for between in _BETWEEN_UNITS.finditer(text):
            first = text[: between.start()].strip()
            rest = self._known_parts(text[between.end() :].strip()) if self.code_for(first) else None
            if rest:
                return [first, *rest]
        return None


def _may_follow(phrase: str, words: str) -> bool:
    """Whether what stands after a phrase leaves its meaning as it was; "klar 50 %" is not "klar"."""
    rest = words[len(phrase) :]
    if phrase in _DESCRIBED:
        return not rest[0].isalnum()
    return bool(_ASIDE.match(rest)) and not _PARTLY.search(rest)


def _is_slip_of(written: str, meant: str) -> bool:
    """Whether one letter too many, one too few or two swapped make the difference, in a long word."""
    if len(meant) < _LONG_ENOUGH_FOR_A_SLIP or abs(len(written) - len(meant)) > 1:
        return False
    shorter, longer = sorted((written, meant), key=len)
    same = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) < len(longer):
        return shorter[same:] == longer[same + 1 :]
    swapped = shorter[:same] + shorter[same : same + 2][::-1] + shorter[same + 2 :]
    return swapped == longer

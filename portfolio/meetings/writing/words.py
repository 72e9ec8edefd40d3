"""What the minutes say, once for all who draw them. A document in Swedish, for readers who were not there.

A group of officials decides nothing in a municipality (kommunallagen has no such body): a decision is always
somebody's, after talking it over. So the words name one who decides, and there are none for voting.
"""

import re
from datetime import datetime

from babel.dates import format_date

from portfolio.base.text import NBSP
from portfolio.base.time import STOCKHOLM
from portfolio.meetings.rules.minutes import COMPLETED_WORDS, FORM_WORDS, THE_FORM, Minuted, Minutes, NotNow
from portfolio.meetings.writing.parts import Block, Document, Fact, Facts, Lines, Section, Sentence, Table

NOTES = "notes"
_DRAFT = "Utkast. Innehållet kan ändras tills {the} är {completed}."

_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
# What XML has no place for, what nobody can see, and what turns the reading direction of all that follows:
# with the last, a text could show another decision than the one that it holds.
_UNSEEN = re.compile(
    r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\ufeff]|[\u202a-\u202e\u2066-\u2069]"
)
_LONGEST_GAP = re.compile(r"\n{3,}")


def document_of(minutes: Minutes) -> Document:
    """The minutes in words, with everything that somebody wrote as plain text."""
    name = one_line(minutes.number)
    heading = f"{FORM_WORDS[minutes.form]} {name}"
    municipality, group = one_line(minutes.municipality), one_line(minutes.group)
    reference = f"{name}, {_standing(minutes)}"
    return Document(
        title=f"{FORM_WORDS[minutes.form]} {reference}",
        author=", ".join(one for one in (municipality, group) if one),
        made_at=minutes.completed_at,
        version=minutes.version,
        sender=(municipality, group),
        heading=heading,
        reference=", ".join(one for one in (municipality, reference) if one),
        opening=_opening(minutes),
        sections=tuple(one for one in _sections(minutes) if one is not None),
    )


def said_of(form: str, sentence: str) -> str:
    """A sentence about the document by its own name: `said_of("protocol", "{The} är {completed}.")`."""
    name = THE_FORM[form]
    return sentence.format(the=name, The=name.capitalize(), completed=COMPLETED_WORDS[form])


def attribution(decision_maker: str, group: str, what: str) -> str:
    """A decision as a sentence: who decides, after talking it over with whom.

    `attribution("Kommundirektör", "Ledningsgruppen", "FI-011 startar v. 7")` is
    `Kommundirektören beslutar, efter samråd i ledningsgruppen, att FI-011 startar v. 7.`
    """
    among = group if group[1:2].isupper() else group[:1].lower() + group[1:]
    return f"{_definite(decision_maker)} beslutar, efter samråd i {among}, att {what.rstrip('. ')}."


def noting(decision_maker: str, code: str) -> str:
    """Information, which is noted and not decided: `Kommundirektören noterar informationen om FI-003.`"""
    return f"{_definite(decision_maker)} noterar informationen om {code}. Inget ändras."


def one_line(text: str) -> str:
    """What somebody wrote, on one line and without signs that cannot be shown."""
    return " ".join(several_lines(text).split())


def several_lines(text: str) -> str:
    """What somebody wrote, with its own line ends and without signs that cannot be shown."""
    return _LONGEST_GAP.sub("\n\n", _UNSEEN.sub("", _LINE_END.sub("\n", text))).strip()


def day_words(moment: datetime) -> str:
    """`tisdag 24 november 2026`, in Sweden."""
    return format_date(moment.astimezone(STOCKHOLM).date(), "EEEE d MMMM y", locale="sv")


def time_words(moment: datetime) -> str:
    """`tisdag 24 november 2026 kl. 08.30`, in Sweden."""
    return f"{day_words(moment)} kl.{NBSP}{moment.astimezone(STOCKHOLM):%H.%M}"


def _definite(function: str) -> str:
    """`Kommundirektören`. A function whose last word is none of the usual ones is left as it is."""
    if function.endswith(("are", "or", "er")):
        return f"{function}n"
    return f"{function}en" if function.endswith(("chef", "direktör", "strateg", "jurist")) else function


def _standing(minutes: Minutes) -> str:
    version = f"version{NBSP}{minutes.version}"
    if minutes.completed_at is None:
        return "utkast" if minutes.version == 1 else f"{version}, utkast"
    return version


def _opening(minutes: Minutes) -> tuple[Block, ...]:
    notes: list[Block] = []
    if minutes.completed_at is None:
        notes.append(Sentence(said_of(minutes.form, _DRAFT), noticed=True))
    if minutes.version > 1:
        notes.append(Sentence(_correction(minutes), noticed=True))
    return (*notes, _facts(Fact("Tid", _span(minutes)), Fact("Plats", one_line(minutes.place))))


def _correction(minutes: Minutes) -> str:
    why = several_lines(minutes.correction)
    version = f"Version{NBSP}{minutes.version}"
    return f"{version}, rättelse: {why}" if why else f"{version} ersätter den tidigare."


def _span(minutes: Minutes) -> str:
    """`tisdag 24 november 2026 kl. 08.30–09.10`; with both days where the meeting went past midnight."""
    begun = time_words(minutes.starts_at)
    if minutes.ended_at is None:
        return begun
    if day_words(minutes.starts_at) != day_words(minutes.ended_at):
        return f"{begun} till {time_words(minutes.ended_at)}"
    return f"{begun}–{minutes.ended_at.astimezone(STOCKHOLM):%H.%M}"


def _sections(minutes: Minutes) -> tuple[Section | None, ...]:
    return (
        _participants(minutes),
        _decisions(minutes),
        _not_now(minutes.not_now),
        _list("utgick", "Utgick", minutes.outdated),
        _next_meeting(minutes),
        _about(minutes),
    )


def _participants(minutes: Minutes) -> Section:
    present = [one_line(one.function) for one in minutes.participants if one.present]
    absent = [one_line(one.function) for one in minutes.participants if not one.present]
    substitutes = [
        f"{one_line(one.substitute)} (för {one_line(one.function)})" for one in minutes.participants if one.substitute
    ]
    lists = (
        _list("narvarande", "Närvarande", present),
        _list("ersattare", "Ersättare", substitutes),
        _list("franvarande", "Frånvarande", absent),
    )
    parts = tuple(one for one in lists if one is not None)
    none_told = () if parts else (Sentence("Ingen närvaro är antecknad."),)
    return Section("deltagare", "Deltagare", none_told, parts)


def _decisions(minutes: Minutes) -> Section:
    blocks: list[Block] = []
    if minutes.withheld_count:
        what = "1 punkt" if minutes.withheld_count == 1 else f"{minutes.withheld_count} punkter"
        blocks.append(Sentence(f"{what} lämnas ut efter särskild prövning.", noticed=True))
    if not minutes.items and not minutes.withheld_count:
        blocks.append(Sentence("Inga punkter behandlades."))
    return Section("beslut", "Beslut", tuple(blocks), tuple(_item(minutes.form, one) for one in minutes.items))


def _item(form: str, item: Minuted) -> Section:
    place = f"Punkt{NBSP}{item.number}." if form == NOTES else f"§{NBSP}{item.number}"
    heading = " ".join(one for one in (place, one_line(item.code), one_line(item.title)) if one)
    due = "" if item.due is None else format_date(item.due, "d MMMM y", locale="sv")
    told = _facts(
        Fact("Fråga", several_lines(item.question)),
        Fact("Beslut", several_lines(item.decision), weighty=True),
        Fact(one_line(item.reason_label), several_lines(item.reason)),
        Fact("Undantag", several_lines(item.exception)),
        Fact("Ansvarig", one_line(item.responsible)),
        Fact(one_line(item.due_label), due),
        Fact("Slag av beslut", one_line(item.basis)),
        Fact("Diarienummer", one_line(item.diarienummer)),
        Fact("Anmärkning", several_lines(item.remark)),
    )
    return Section(f"punkt-{item.number}", heading, (told,) if told.facts else ())


def _not_now(chosen: tuple[NotNow, ...]) -> Section | None:
    if not chosen:
        return None
    heading = "Det här gör vi inte nu"
    rows = tuple(
        (f"{one_line(one.code)} {one_line(one.title)}".strip(), one_line(one.what), several_lines(one.reason))
        for one in chosen
    )
    table = Table(heading, ("Initiativ", "Besked", "Skäl"), rows)
    return Section("inte-nu", heading, (Sentence("Att välja bort är också ett beslut."), table))


def _next_meeting(minutes: Minutes) -> Section | None:
    if minutes.next_meeting is None:
        return None
    when = time_words(minutes.next_meeting)
    return Section("nasta-mote", "Nästa möte", (Sentence(f"{when[:1].upper()}{when[1:]}"),))


def _about(minutes: Minutes) -> Section:
    """Who answers for the document, last as in any minutes."""
    facts = _facts(
        Fact("Sekreterare", one_line(minutes.secretary)),
        _completed(minutes),
        Fact("Version", str(minutes.version)),
    )
    return Section("om", f"Om {THE_FORM[minutes.form]}", (facts,))


def _completed(minutes: Minutes) -> Fact:
    done = COMPLETED_WORDS[minutes.form].capitalize()
    if minutes.completed_at is None:
        return Fact(done, "Nej, det här är ett utkast")
    when, who = time_words(minutes.completed_at), one_line(minutes.completed_by)
    return Fact(f"{done} av", f"{who}, {when}") if who else Fact(done, when)


def _list(id: str, heading: str, texts: tuple[str, ...] | list[str]) -> Section | None:
    lines = tuple(one for one in (one_line(text) for text in texts) if one)
    return Section(id, heading, (Lines(lines),)) if lines else None


def _facts(*facts: Fact) -> Facts:
    """The facts that there are: an empty one is not told."""
    return Facts(tuple(one for one in facts if one.text))

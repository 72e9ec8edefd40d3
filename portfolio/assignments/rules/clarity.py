"""Uppdragets tydlighet: five questions to a political assignment, and the letter that asks the open ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.base.text import NBSP
from portfolio.base.time import long_date
from portfolio.initiatives.rules.proposals import CLEAR_FROM

QUESTIONS = {
    "what": "Vad ska vara uppnått?",
    "for_whom": "För vem ska det bli bättre?",
    "by_when": "När ska det vara klart?",
    "mandate": "Vilket mandat och vilka pengar följer med?",
    "stops": "Vad ska vi sluta med, eller vänta med?",
}
"""What whoever carries out a political assignment must know, by the fields of the answers."""

ASKED = {
    "what": "Vad ska vara uppnått när uppdraget är klart? Skriv gärna något som går att följa upp.",
    "for_whom": "För vilka ska det bli bättre: vilka invånare, företag eller medarbetare?",
    "by_when": "När ska det vara klart, och när vill ni ha en första redovisning?",
    "mandate": "Vad får vi bestämma själva, och vilka pengar finns?",
    "stops": "Vilket annat uppdrag ska vi sluta med eller vänta med för att få plats?",
}
"""The same questions as they are put to whoever gave the assignment."""

RECEIVERS = {
    "kf": "Kommunfullmäktige",
    "ks": "Kommunstyrelsen",
    "namnd": "Nämnden",
    "agardirektiv": "Kommunfullmäktige, som ägare",
}
"""To whom the letter goes, by the source of the assignment."""


def answered(answers: Mapping[str, str]) -> int:
    """How many of the five questions have an answer."""
    return sum(bool(answers.get(question, "").strip()) for question in QUESTIONS)


def unanswered(answers: Mapping[str, str]) -> list[str]:
    """The questions without an answer, in their order."""
    return [question for question in QUESTIONS if not answers.get(question, "").strip()]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is known of an assignment. `source` is a code of SOURCE_WORDS, `answers` {question: answer}."""

    code: str
    title: str
    source: str
    paragraph: str
    diarienummer: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """Fråga tillbaka till uppdragsgivaren. `understood` are (question, answer), `asks` what has no answer."""

    receiver: str
    day: str
    reference: str
    heading: str
    opening: str
    understood: Sequence[tuple[str, str]]
    asks: Sequence[str]
    closing: Sequence[str]
    sender: str

    @property
    def text(self) -> str:
        """The letter as plain text, to copy into an e-mail."""
        understood = [f"{question}\n{answer}" for question, answer in self.understood]
        asks = [f"{number}. {question}" for number, question in enumerate(self.asks, 1)]
        parts = [f"Till: {self.receiver}\n{self.day}", self.heading]
        parts += [self.reference] if self.reference else []
        parts += ["Hej!", self.opening, "\n".join(asks)]
        parts += ["Så här har vi förstått resten:", *understood] if understood else []
        return "\n\n".join([*parts, *self.closing, f"Med vänlig hälsning\n{self.sender}"]) + "\n"


def letter_of(assignment: Assignment, sender: str, day: date) -> Letter:
    """The letter that asks whoever gave a political assignment about what it does not say."""
    missing = unanswered(assignment.answers)
    known = [question for question in QUESTIONS if question not in missing]
    number = "frågan" if len(missing) == 1 else f"{len(missing)} frågor"
    title = f"”{assignment.title}”"
    return Letter(
        receiver=RECEIVERS[assignment.source],
        day=f"{long_date(day)} {day.year}",
        reference=_reference(assignment),
        heading=f"Frågor om uppdraget {title}",
        opening=f"Vi har fått uppdraget {title}. För att kunna göra rätt sak behöver vi svar på {number}:",
        understood=[(QUESTIONS[one], assignment.answers[one].strip()) for one in known],
        asks=[ASKED[one] for one in missing],
        closing=(
            f"Uppdraget behöver svar på minst {CLEAR_FROM} av {len(QUESTIONS)} frågor innan vi beslutar om start. "
            "Till dess står det som otydligt i förändringsportföljen.",
            "Svara gärna direkt på brevet, eller bjud in oss till ett kort samtal.",
        ),
        sender=sender,
    )


def _reference(assignment: Assignment) -> str:
    known = [
        f"§{NBSP}{assignment.paragraph.removeprefix('§').strip()}" if assignment.paragraph else "",
        f"Diarienummer: {assignment.diarienummer}" if assignment.diarienummer else "",
        f"Beteckning: {assignment.code}",
    ]
    return " · ".join(one for one in known if one)

"""What is left behind when an initiative is over: lessons, and who takes the work over."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LessonTag(StrEnum):
    """The values that a lesson can be an example of."""

    TRUST = "trust"
    INNOVATION = "innovation"
    PRIDE = "pride"


LESSON_WORDS = {
    LessonTag.TRUST: "Tillit",
    LessonTag.INNOVATION: "Innovation",
    LessonTag.PRIDE: "Intern stolthet",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt (lärdom). `useful` is whether somebody else can use it, None unanswered; `use` says how."""

    text: str
    tag: str | None = None
    useful: bool | None = None
    use: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """What becomes of the work: a function in a unit takes it over on a day, or it `ends`; None is unanswered."""

    ends: bool | None
    unit: str | None = None
    function: str = ""
    on: date | None = None


def lesson_errors(lesson: Lesson) -> dict[str, list[str]]:
    """What a lesson lacks, by the names of its boxes."""
    told = {
        "lesson.text": "" if lesson.text.strip() else "Skriv minst en lärdom.",
        "lesson.use": "Skriv i en mening på vilket sätt." if lesson.useful and not lesson.use.strip() else "",
    }
    return {name: [text] for name, text in told.items() if text}


def handover_errors(handover: Handover) -> dict[str, list[str]]:
    """What an answer to what becomes of the work lacks, by the names of its boxes; what ends has no receiver."""
    if handover.ends is None:
        return {"handover.how": ["Välj om arbetet tas över eller upphör."]}
    told = {
        "handover.unit": "" if handover.unit else "Välj vilken enhet som tar över.",
        "handover.function": "" if handover.function.strip() else "Skriv vilken funktion som tar över.",
        "handover.on": "" if handover.on else "Skriv vilken dag, till exempel 2027-02-15.",
    }
    return {} if handover.ends else {name: [text] for name, text in told.items() if text}

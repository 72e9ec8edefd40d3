"""What is decided, and what each kind cannot do without."""

from dataclasses import dataclass
from datetime import date, datetime

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, monday
from portfolio.capacity import queries as capacity
from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.rules.gate import Plan, refused_start
from portfolio.initiatives.actions.plans import ensure_units_known
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.ending import Handover, Lesson, handover_errors, lesson_errors
from portfolio.initiatives.rules.kinds import TEACHING, Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.units import queries as units

REASON_ASKED = {
    Kind.NOTE: "Skriv det som ska antecknas.",
    Kind.COMPLETE: "Skriv vad effekten blev hittills.",
    Kind.CLOSE: "Skriv vad effekten blev.",
}
"""What is said where the reason is missing, of the kinds where what is written is no reason."""

START_REFUSED = {
    "past": "Veckan har redan varit. Välj den här veckan eller en senare.",
    "standstill": "Veckan ligger i ett uppehåll. Välj en vecka då arbetet pågår.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is decided. Which fields a kind needs stands in docs/decisions.md; a missing one is told at its field.

    `responsible` is a function and defaults to the owner's; `due` of what begins is by default the first day of the
    start week. `postpones` is whether a deferral puts the initiative itself off, not only a question about it.
    `lesson` and `handover` are what a completion and a stop leave behind. They are demanded of those who see a form:
    where no lesson is asked for, the reason is kept as the lesson. `why` is what becomes better, asked of a proposal
    that does not say it when it is taken into preparation.
    """

    kind: Kind
    reason: str
    start_week: Week | None = None
    phases: tuple[Phase, ...] | None = None
    until: date | None = None
    rank: int | None = None
    responsible: str | None = None
    due: date | None = None
    despite: str | None = None
    exception: Ground | None = None
    postpones: bool = True
    lesson: Lesson | None = None
    handover: Handover | None = None
    why: str | None = None


def ensure_fields(initiative: Initiative, asked: Asked, now: datetime) -> None:
    """Invalid names each box that a decision of this kind cannot do without, all at once."""
    errors: dict[str, list[str]] = {}
    if not asked.reason.strip():
        errors["reason"] = [REASON_ASKED.get(asked.kind, "Skriv skälet till beslutet.")]
    if asked.kind is Kind.DEFER and asked.until is None:
        errors["until"] = ["Skriv vilken dag ärendet kommer tillbaka, till exempel 2027-02-15."]
    if asked.kind is Kind.RERANK and asked.rank is None:
        errors["rank"] = ["Skriv vilken plats initiativet ska ha, till exempel 3."]
    if asked.kind is Kind.RESCOPE and asked.phases == ():
        errors["phases"] = ["Planen behöver minst ett steg."]
    if asked.kind in (Kind.START, Kind.RESUME, Kind.RESCOPE):
        errors |= _start_errors(initiative, asked, now)
    if asked.kind is Kind.PREPARE and asked.why is not None and not asked.why.strip():
        errors["why"] = ["Skriv vad som blir bättre för invånarna, eller vad den interna nyttan är."]
    errors |= _errors_of_what_is_left_behind(asked)
    if errors:
        raise Invalid(errors)
    ensure_units_known(asked.phases or ())


def _errors_of_what_is_left_behind(asked: Asked) -> dict[str, list[str]]:
    errors = {} if asked.lesson is None or asked.kind not in TEACHING else lesson_errors(asked.lesson)
    if asked.handover is None or asked.kind is not Kind.COMPLETE:
        return errors
    errors |= handover_errors(asked.handover)
    unit = asked.handover.unit
    if unit and unit not in units.ids_by_code():
        errors |= {"handover.unit": ["Välj en enhet i listan."]}
    return errors


def _start_errors(initiative: Initiative, asked: Asked, now: datetime) -> dict[str, list[str]]:
    wished = asked.start_week
    if wished is None and asked.kind is not Kind.RESUME:
        wished = initiative.start_week
    if wished is None:
        return {"start_week": ["Välj vilken vecka initiativet ska starta."]}
    begun = asked.kind is Kind.RESCOPE and status_of(initiative, now) is not Status.DECIDED
    present = initiative.start_week if begun else None
    plan = Plan(initiative.code, wished, (), present_start=present)
    refused = refused_start(plan, capacity.calendar(), this_week(now))
    return {"start_week": [START_REFUSED[refused]]} if refused else {}


def responsible_by_default(initiative: Initiative) -> str:
    """Who sees to a decision where nobody else is named: the owner; nobody where there is none."""
    return function_of(initiative.owner_id) or ""


def due_by_default(start: Week | None) -> date | None:
    """By when what begins is to be carried out where no day is written: the first day of the start week."""
    return None if start is None else monday(start)

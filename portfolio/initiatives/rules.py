"""An initiative's statuses and the steps between them, and what it must have before it starts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from portfolio.base.errors import NotAllowedNow, NotReady
from portfolio.base.time import STOCKHOLM, today
from portfolio.base.weeks import Week, week_of
from portfolio.capacity.rules.calendar import Calendar


class Status(StrEnum):
    """Where an initiative stands."""

    PROPOSED = "proposed"
    IN_PREPARATION = "in_preparation"
    DECIDED = "decided"
    ONGOING = "ongoing"
    PAUSED = "paused"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


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


STATUS_WORDS = {
    Status.PROPOSED: "Förslag",
    Status.IN_PREPARATION: "Beredning",
    Status.DECIDED: "Beslutad",
    Status.ONGOING: "Pågående",
    Status.PAUSED: "Pausad",
    Status.FOLLOW_UP: "Effektuppföljning",
    Status.CLOSED: "Stängd",
    Status.CANCELLED: "Avbruten",
    Status.REJECTED: "Avslagen",
}

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

PHASE_WORDS = {"prepare": "Förbereda", "implement": "Genomföra", "reinforce": "Förstärka"}

IMPACT_WORDS = {0: "Ingen", 1: "Liten", 2: "Märkbar", 3: "Stor", None: "Obedömd"}

SOURCE_WORDS = {
    "kf": "Kommunfullmäktige",
    "ks": "Kommunstyrelsen",
    "namnd": "Nämnd",
    "lag": "Lag",
    "agardirektiv": "Ägardirektiv",
    "eget": "Eget initiativ",
}
"""Where an assignment comes from (uppdrag från)."""

POLITICAL = frozenset({"kf", "ks", "namnd", "agardirektiv"})
"""The sources that are political bodies or speak for one: only these can be asked what they meant."""

CLEAR_FROM = 4
"""How many of the five questions about a political assignment must be answered for it to be clear."""

UNCLEAR_WORD = "Otydligt uppdrag"


class TriageClass(StrEnum):
    """How much an initiative asks of those who decide on it."""

    SIMPLE = "simple"
    REGULAR = "regular"
    COMPLEX = "complex"


TRIAGE_WORDS = {
    TriageClass.SIMPLE: "Enkelt",
    TriageClass.REGULAR: "Ordinarie",
    TriageClass.COMPLEX: "Komplext",
}

TRIAGE_QUESTIONS = {
    "everyday": "Är det en vardagsförbättring som ni kan göra själva, utan att någon annan beslutar?",
    "one_department": "Stannar förändringen inom en enda förvaltning?",
    "known_way": "Vet vi hur det ska göras?",
    "needed": "Är det ett behov vi måste möta, eller ett önskemål?",
}
"""The four questions that sort a proposal, in the order in which they are asked, by the fields of TriageAnswers."""

GO_AHEAD = "Gör det direkt. Det behöver inte in i portföljen."
"""What whoever has an everyday improvement in mind is told."""

NEED_WORDS = {True: "Behov", False: "Önskemål"}
"""What an initiative answers to: what must be met, or what somebody wishes."""

PROMISED_DAYS = 14
"""Within how many days whoever proposes something is told what comes of it."""


class ReportState(StrEnum):
    """How an initiative goes, as its lägesrapport says."""

    ON_TRACK = "on_track"
    WATCH = "watch"
    NEEDS_DECISION = "needs_decision"
    NOTHING_NEW = "nothing_new"
    """Only in a report, never the state of an initiative: what was told before still holds."""


STATE_WORDS = {
    ReportState.ON_TRACK: "Enligt plan",
    ReportState.WATCH: "Behöver bevakas",
    ReportState.NEEDS_DECISION: "Behöver beslut",
    ReportState.NOTHING_NEW: "Inget nytt",
}
STATE_MISSING = "Uppgift saknas"
"""What is shown of an initiative that runs while nobody knows how it goes."""

MISSING_WORDS = {
    "owner": "en projektägare",
    "phases": "minst ett steg med antal veckor",
    "impacts_rated": "en bedömning av påverkan på varje enhet",
    "clear_assignment": "ett tydligt uppdrag",
    "ready_effects": "effektmål som är tydliga och går att följa upp",
}
"""What a start may lack, by the code words of `missing_for_start`."""

COUNTING = frozenset({Status.DECIDED, Status.ONGOING})
"""The statuses whose initiatives load their units (capacity kernel §2)."""

UNDECIDED = frozenset({Status.PROPOSED, Status.IN_PREPARATION})
"""The statuses before any decision: the plan is still a wish, and may be edited."""

PROPOSALS = UNDECIDED | {Status.REJECTED}
"""The statuses of what nobody has decided to do: not for those who may read only what is decided."""

OPEN = frozenset({Status.PROPOSED, Status.IN_PREPARATION, Status.DECIDED, Status.ONGOING, Status.PAUSED})
"""The statuses that have a place in the order of priority, and on which anything can still be decided."""

REPORTABLE = frozenset({Status.DECIDED, Status.ONGOING, Status.PAUSED})
"""The statuses in which somebody can tell how it goes: before that it has not begun, after that it is over."""

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

UNDO_SECONDS = 30
"""How long a decision can be taken back."""

OLDEST_REPORT = timedelta(days=800)
"""What a lägesrapport can hold at the very most, when a municipality stands still for years."""

MINUTED = "minuted"
"""The status of a decision that completed minutes tell of, as refusals name it."""

SUMMARY_LENGTH = 280
"""Kort sagt: the longest summary, in characters."""


def kinds_allowed(status: Status) -> list[Kind]:
    """The kinds of decision that a status allows."""
    return [kind for kind, (allowed, _) in STEPS.items() if status in allowed]


def kind_word(kind: Kind, status: Status) -> str:
    """What a kind of decision is called on an initiative in this status."""
    return MOVE_START if kind is Kind.START and status is Status.DECIDED else KIND_WORDS[kind]


def status_now(status: Status, start: Week | None, now: Week) -> Status:
    """A decided initiative whose week has come counts as ongoing even before the clock has said so (§2)."""
    if status is Status.DECIDED and start is not None and start <= now:
        return Status.ONGOING
    return status


def status_after(kind: Kind, status: Status) -> Status:
    """The status that a decision leads to; NotAllowedNow if the present one does not allow it."""
    allowed, target = STEPS[kind]
    if status not in allowed:
        raise NotAllowedNow(status, kinds_allowed(status))
    return status if target is None else target


def missing_for_start(
    *, has_owner: bool, has_phases: bool, unrated: int, unclear: bool = False, effects_unready: int = 0
) -> list[str]:
    """What an initiative lacks before it may start (§4), as code words; empty when it is ready."""
    lacks = [
        ("owner", not has_owner),
        ("phases", not has_phases),
        ("impacts_rated", unrated > 0),
        ("clear_assignment", unclear),
        ("ready_effects", effects_unready > 0),
    ]
    return [word for word, is_missing in lacks if is_missing]


def ensure_ready(missing: Iterable[str], despite: str | None) -> None:
    """Refuse with NotReady if something is missing, unless a written reason says why it starts all the same."""
    lacking = list(missing)
    if lacking and not despite:
        raise NotReady(lacking)


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


@dataclass(frozen=True, slots=True)
class TriageAnswers:
    """What somebody answers to TRIAGE_QUESTIONS; `needed` is true of a need and false of a wish."""

    everyday: bool
    one_department: bool
    known_way: bool
    needed: bool


def suggested_class(answers: TriageAnswers) -> TriageClass | None:
    """The class that the answers suggest; None for an everyday improvement, which needs no decision."""
    if answers.everyday:
        return None
    if not answers.known_way:
        return TriageClass.COMPLEX
    return TriageClass.SIMPLE if answers.one_department else TriageClass.REGULAR


def suggestion_told(answers: TriageAnswers) -> str:
    """The suggestion with its reason in one sentence: `Enkelt, eftersom det stannar inom en förvaltning …`"""
    where = "stannar inom en förvaltning" if answers.one_department else "berör flera förvaltningar"
    match suggested_class(answers):
        case None:
            return GO_AHEAD
        case TriageClass.COMPLEX:
            return "Komplext, eftersom vi inte vet hur det ska göras."
        case suggested:
            return f"{TRIAGE_WORDS[suggested]}, eftersom det {where} och vi vet hur det ska göras."


def is_unclear(source: str | None, answered: int) -> bool:
    """Whether a political assignment says too little: `answered` of its five questions have an answer."""
    return source in POLITICAL and answered < CLEAR_FROM


def is_own_and_simple(triage_class: str | None, places: Collection[Collection[int]], unit_id: int | None) -> bool:
    """Whether a förvaltningschef decides alone: it is simple, and touches only the own unit and those below it.

    `places` are the touched units, each as the ids of itself and every unit above it. What touches nobody yet is
    nobody's own.
    """
    return triage_class == TriageClass.SIMPLE and bool(places) and all(unit_id in place for place in places)


def is_simple_proposal(status: str, triage_class: str | None) -> bool:
    """Whether it is simple and undecided: such a thing is decided without the meeting."""
    return status in UNDECIDED and triage_class == TriageClass.SIMPLE


def fresh_since(now: datetime, report_days: int, calendar: Calendar) -> datetime:
    """The moment from which a lägesrapport still holds: the beginning of the day `report_days` days ago.

    A standstill does not age a report: nothing runs then and nobody is asked, so its days are not counted. But
    nothing older than OLDEST_REPORT holds, however long everything stands still.
    """
    days = (today(now) - timedelta(days=number) for number in range(OLDEST_REPORT.days))
    counted = (day for day in days if not calendar.stands_still(week_of(day)))
    oldest = next(islice(counted, report_days, None), today(now) - OLDEST_REPORT)
    return datetime.combine(oldest, time(), STOCKHOLM).astimezone(UTC)


def shown_state(state: str | None, reported_at: datetime | None, since: datetime) -> ReportState | None:
    """The state to show; None is "Uppgift saknas": never reported, or before `since` (`fresh_since`)."""
    if state is None or reported_at is None or reported_at < since:
        return None
    return ReportState(state)


def state_word(status: Status, shown: ReportState | None) -> str:
    """The state in words; of one that does not run, an absent state is no news and has no word."""
    if status not in REPORTABLE or (shown is None and status is not Status.ONGOING):
        return ""
    return STATE_MISSING if shown is None else STATE_WORDS[shown]


def may_still_undo(decided_at: datetime, now: datetime) -> bool:
    """Whether a decision's 30 seconds have not passed yet."""
    return now - decided_at <= timedelta(seconds=UNDO_SECONDS)


def moved_to(order: list[int], moving: int, place: int) -> list[int]:
    """The order of ids with one of them moved to `place`, 1 first; places beyond the ends mean the ends."""
    others = [one for one in order if one != moving]
    at = max(0, min(place - 1, len(others)))
    return [*others[:at], moving, *others[at:]]

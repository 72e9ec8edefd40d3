"""What a half-year came to, worked out from what happened: pure, and the same however often it is asked.

One walk through the events gives every half-year. Its cost follows the number of decisions and edits ever made.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median
from typing import Any, NamedTuple

from portfolio.base.time import today
from portfolio.effects.rules.following import Answer
from portfolio.events.capacity import CapLowered, CapRestored, ExceptionGranted, LimitsConfirmed, SettingsChanged
from portfolio.events.decisions import (
    DecisionUndone,
    InitiativeCancelled,
    InitiativeClosed,
    InitiativeCompleted,
    InitiativePaused,
    InitiativePrepared,
    InitiativeRejected,
    InitiativeResumed,
    InitiativeStarted,
)
from portfolio.events.effects import EffectAnswered
from portfolio.events.event import Event
from portfolio.events.initiatives import (
    InitiativeEdited,
    InitiativeImported,
    InitiativeProposed,
    InitiativeRemoved,
    WeekCame,
)
from portfolio.events.units import UnitEdited
from portfolio.initiatives.rules.proposals import PROMISED_DAYS
from portfolio.initiatives.rules.statuses import UNDECIDED, Status
from portfolio.reviews.rules.half_years import HalfYear, half_year_of, half_years, months_between

ARRIVALS: tuple[type[Event], ...] = (InitiativeProposed, InitiativeImported)
DECISIONS: tuple[type[Event], ...] = (
    InitiativePrepared,
    InitiativeStarted,
    InitiativeRejected,
    InitiativePaused,
    InitiativeResumed,
    InitiativeCompleted,
    InitiativeClosed,
    InitiativeCancelled,
)
"""The decisions that change where an initiative stands."""
ANSWERS = frozenset({InitiativeStarted.name, InitiativeRejected.name})
"""The decisions by which whoever proposed something has the answer."""
LIMITS: tuple[type[Event], ...] = (LimitsConfirmed, CapLowered, CapRestored)
LIMIT_FIELDS = frozenset({"limit", "max_parallel"})
"""The fields of a unit that say how much it carries."""

ARRIVED = frozenset(one.name for one in ARRIVALS)
MOVED = frozenset({*ARRIVED, *(one.name for one in DECISIONS), DecisionUndone.name})
"""The events that tell the status after them."""
WITHOUT_STATUS = {WeekCame.name: Status.ONGOING, InitiativeRemoved.name: Status.CANCELLED}
"""Where an initiative stands after the events that do not tell it."""
LIMITED = frozenset(one.name for one in LIMITS)
OTHERS: tuple[type[Event], ...] = (
    WeekCame,
    EffectAnswered,
    InitiativeEdited,
    InitiativeRemoved,
    ExceptionGranted,
    UnitEdited,
    SettingsChanged,
)
READ = frozenset({*MOVED, *LIMITED, *(one.name for one in OTHERS)})
"""The wire names of all that is looked back on."""


class Happened(NamedTuple):
    """One event: when, its wire name, what it is about (`initiative/FI-011`), and its fields."""

    at: datetime
    name: str
    subject: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What one half-year came to.

    `lead_days` are the days from proposal to answer of everything that was answered in it. `active` is how many
    went on at a time, on average over its month ends; None before the first of them. `months` is how much of it has
    passed since the portfolio began. `closed_and_followed` are those of `closed` of which somebody had said what
    came of them.
    """

    half_year: HalfYear
    started: int
    finished: int
    rejected: int
    cancelled: int
    exceptions: int
    lead_days: tuple[int, ...]
    active: float | None
    months: float
    closed: int
    closed_and_followed: int
    limits_changed: int
    rules_changed: int

    @property
    def stopped(self) -> int:
        """What was stopped in time: before it began, or before it had cost all that it would have."""
        return self.rejected + self.cancelled

    @property
    def median_lead(self) -> float | None:
        """The median days from proposal to answer; None if nothing was answered."""
        return median(self.lead_days) if self.lead_days else None

    @property
    def within_promise(self) -> int:
        """How many were answered within the days that every proposer is promised."""
        return sum(days <= PROMISED_DAYS for days in self.lead_days)


def hindsights(happened: Sequence[Happened], now: datetime) -> list[Hindsight]:
    """Every half-year from the first event on; `happened` as it happened, the half-years newest first."""
    if not happened:
        return []
    began, kept = happened[0].at, _without_undone(happened)
    by_half: dict[HalfYear, list[Happened]] = defaultdict(list)
    for one in kept:
        by_half[half_year_of(today(one.at))].append(one)
    answered, started, ongoing = _lead_days(kept), _first_starts(kept), Ongoing(happened)
    followed = {one.subject for one in kept if _tells_its_effect(one)}
    return [
        Hindsight(
            half_year=half,
            started=started[half],
            lead_days=tuple(answered[half]),
            active=ongoing.on_average(_looked_at(half, began, now)),
            months=months_between(max(half.begins, began), min(half.ends, now)),
            **_counted(by_half[half], followed),
        )
        for half in half_years(today(began), today(now))
    ]


def _counted(happened: Sequence[Happened], followed: Collection[str]) -> dict[str, int]:
    """What is simply counted of a half-year, by the field that tells it; `followed` has its effect told."""
    times = Counter(one.name for one in happened)
    closed = [one for one in happened if one.name == InitiativeClosed.name]
    return {
        "finished": times[InitiativeCompleted.name],
        "rejected": times[InitiativeRejected.name],
        "cancelled": times[InitiativeCancelled.name],
        "exceptions": times[ExceptionGranted.name],
        "closed": len(closed),
        "closed_and_followed": sum(one.subject in followed for one in closed),
        "limits_changed": sum(_is_of_limits(one) for one in happened),
        "rules_changed": times[SettingsChanged.name],
    }


def _tells_its_effect(one: Happened) -> bool:
    """Whether somebody answered what came of an initiative; that it is too early to say is no answer."""
    return one.name == EffectAnswered.name and any(
        answer["answer"] != Answer.TOO_EARLY for answer in one.data["answers"]
    )


def _is_of_limits(one: Happened) -> bool:
    if one.name == UnitEdited.name:
        return bool(LIMIT_FIELDS & set(one.data["changes"]))
    return one.name in LIMITED


def _without_undone(happened: Sequence[Happened]) -> list[Happened]:
    """What still holds: neither decisions that were taken back nor the exceptions that came with them."""
    undone = {one.data["decision"] for one in happened if one.name == DecisionUndone.name}
    gone = {one.data.get("exception") for one in happened if one.data.get("decision") in undone} - {None}
    return [
        one
        for one in happened
        if one.data.get("decision") not in undone
        and not (one.name == ExceptionGranted.name and one.data["exception"] in gone)
    ]


def _lead_days(happened: Iterable[Happened]) -> dict[HalfYear, list[int]]:
    """The days from proposal to answer, by the half-year of the answer."""
    found: dict[HalfYear, list[int]] = defaultdict(list)
    for one in waits_of(happened).answered:
        found[half_year_of(one.answered_on)].append(one.days)
    return found


class Answered(NamedTuple):
    """A proposal that has its answer: when it came, when the answer, and how many days lie between."""

    proposed_on: date
    answered_on: date

    @property
    def days(self) -> int:
        """How long somebody waited."""
        return (self.answered_on - self.proposed_on).days


class Waits(NamedTuple):
    """The answered proposals in the order of their answers, and since when each of the others waits, by subject."""

    answered: Sequence[Answered]
    waiting: Mapping[str, date]


def waits_of(happened: Iterable[Happened]) -> Waits:
    """How long each proposal has waited or waits. One that is taken up again after a rejection waits anew."""
    answered: list[Answered] = []
    waiting: dict[str, date] = {}
    for one in _without_undone(list(happened)):
        day, status = today(one.at), _status_after(one)
        if status in UNDECIDED:
            waiting.setdefault(one.subject, day)
        elif one.name in ANSWERS and one.subject in waiting:
            answered.append(Answered(waiting.pop(one.subject), day))
        elif status is not None:
            waiting.pop(one.subject, None)
    return Waits(answered, waiting)


def _first_starts(happened: Iterable[Happened]) -> Counter[HalfYear]:
    """How many initiatives were first decided to start in each half-year: a moved start is no new one."""
    first: dict[str, HalfYear] = {}
    for one in happened:
        if one.name == InitiativeStarted.name:
            first.setdefault(one.subject, half_year_of(today(one.at)))
    return Counter(first.values())


def _looked_at(half: HalfYear, began: datetime, now: datetime) -> list[datetime]:
    """The month ends of a half-year that have been since the portfolio began, and now while it goes on."""
    ends = [moment for moment in half.month_ends() if began < moment <= now]
    return [*ends, now] if now < half.ends else ends


class Ongoing:
    """How many initiatives went on at any moment."""

    def __init__(self, happened: Iterable[Happened]):
        """Follow every initiative through what happened to it."""
        ongoing: set[str] = set()
        self._times: list[datetime] = []
        self._numbers = [0]
        for one in happened:
            status = _status_after(one)
            if status is not None:
                (ongoing.add if status == Status.ONGOING else ongoing.discard)(one.subject)
                self._times.append(one.at)
                self._numbers.append(len(ongoing))

    def on_average(self, moments: Sequence[datetime]) -> float | None:
        """The mean over some moments; None of no moment."""
        numbers = [self._numbers[bisect_right(self._times, moment)] for moment in moments]
        return mean(numbers) if numbers else None


def _status_after(one: Happened) -> str | None:
    """Where an initiative stands after an event; None of an event that leaves it as it was."""
    if one.name in MOVED:
        return str(one.data["status"])
    if one.name == InitiativeEdited.name:  # a list that was read in again, or its undoing, changes it so
        _, after = one.data["changes"].get("status", (None, None))
        return None if after is None else str(after)
    return WITHOUT_STATUS.get(one.name)

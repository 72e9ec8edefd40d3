"""What a lägesrapport must say, what follows from it, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from portfolio.base.errors import Invalid
from portfolio.base.weeks import Week
from portfolio.base.workdays import AlwaysClosed, Closed
from portfolio.capacity.rules.calendar import Calendar
from portfolio.initiatives.rules.reported import STATE_WORDS, ReportState, fresh_since
from portfolio.meetings.rules.series import Series, freeze_of, next_meeting, report_deadline

CHOICES = (
    (ReportState.ON_TRACK, "På väg enligt plan", "Det går som vi har tänkt."),
    (ReportState.WATCH, STATE_WORDS[ReportState.WATCH], "Något kan gå fel. Vi har det i hand."),
    (ReportState.NEEDS_DECISION, STATE_WORDS[ReportState.NEEDS_DECISION], "Ledningsgruppen behöver ta ställning."),
    (ReportState.NOTHING_NEW, STATE_WORDS[ReportState.NOTHING_NEW], "Det är som förra gången."),
)
"""The four answers to "Hur går det?", as the buttons say them."""

NEEDS_TEXT = frozenset({ReportState.WATCH, ReportState.NEEDS_DECISION})
"""A deviation is told together with what is done about it (law S4-47)."""

LONGEST_TEXT = 2000
"""Characters of each text."""

TEXT_MISSING = "Skriv vad ni gör åt det."
NOTHING_BEFORE = "Det här är den första lägesrapporten. Välj hur det går."


@dataclass(frozen=True, slots=True)
class Given:
    """A lägesrapport as somebody gives it. `forecast` None leaves the forecast as it is."""

    state: ReportState
    text: str = ""
    help: str = ""
    forecast: Week | None = None


def state_after(given: Given, before: str | None) -> ReportState:
    """The state that holds from now on: with nothing new, what was told before.

    Refuses with Invalid a deviation without a word of what is done about it, and nothing new where nothing has
    ever been told.
    """
    if given.state in NEEDS_TEXT and not given.text:
        raise Invalid({"text": [TEXT_MISSING]})
    if given.state is not ReportState.NOTHING_NEW:
        return given.state
    if before is None:
        raise Invalid({"state": [NOTHING_BEFORE]})
    return ReportState(before)


def help_after(given: Given, before: str) -> str:
    """What help is asked for from now on: with nothing new, what was asked for before, unless something is."""
    return before if given.state is ReportState.NOTHING_NEW and not given.help else given.help


def next_due(reported_at: datetime, report_days: int, series: Series, calendar: Calendar, closed: Closed) -> datetime:
    """When the next lägesrapport is due: before the first meeting that this one is too old for and that lies ahead.

    Where no meeting is ever held, when it ceases to hold.
    """

    def holds(at: datetime) -> bool:
        return fresh_since(at, report_days, calendar) <= reported_at

    after = reported_at + timedelta(days=report_days - 1)
    try:
        meeting = next_meeting(after, series, closed)
        while holds(freeze_of(meeting, closed)) or report_deadline(meeting, closed) <= reported_at:
            meeting = next_meeting(meeting, series, closed)
        return report_deadline(meeting, closed)
    except AlwaysClosed:
        days = (reported_at + timedelta(days=number) for number in count(report_days))
        return next(day for day in days if not holds(day + timedelta(days=1)))

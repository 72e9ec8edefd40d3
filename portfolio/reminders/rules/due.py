"""Who is to be told of what, worked out from how things are: a pure function of the data and the calendar.

Nothing here remembers what has been told. The four columns of a reminder's key do: person, rule, subject and
period. So it does no harm to work it out again, on two machines, after three weeks of downtime, or with a clock
that has been moved. What is done disappears from the answer, and is then never told.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week, format_week, monday, sunday, week_number, week_of
from portfolio.base.workdays import AlwaysClosed, moment, next_workday, workdays_after, workdays_before
from portfolio.effects.rules.following import OCCASIONS, months_after
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.series import Series, freeze_of, next_meeting, report_deadline
from portfolio.receivers.rules.months import month_of
from portfolio.reminders.rules.catalogue import RULES, Setting
from portfolio.reminders.rules.facts import Facts, Running

GRACE = timedelta(days=7)
"""Nobody is asked for a lägesrapport so soon after a pause, or after coming back."""
FOLLOW_UP_MONTHS = tuple(reversed(OCCASIONS))
"""How long after completion the effect is asked for, the latest first."""
MIDNIGHT = "00:00"

log = logging.getLogger(__name__)


Key = tuple[int, str, str, str]
"""Person, rule, subject and period: what the database lets in only once."""


@dataclass(frozen=True, slots=True)
class Due:
    """One matter for one person. `due_at` is when they are to be told, `useful_until` when it is too late."""

    person_id: int
    rule: str
    subject: str
    period: str
    due_at: datetime
    useful_until: datetime | None = None

    @property
    def key(self) -> Key:
        """What it is remembered by."""
        return self.person_id, self.rule, self.subject, self.period


Settings = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question: everything that a rule looks at. Nothing from `end` on is told of yet."""

    now: datetime
    end: datetime
    facts: Facts
    settings: Settings
    _known: dict[tuple[str, str, date], datetime] = field(default_factory=dict)
    """Many matters fall due at the same moment: each is worked out once."""

    def at(self, rule: str, day: date) -> datetime:
        """The rule's hour on a day, or on the first working day after it."""
        key = "at", rule, day
        if key not in self._known:
            self._known[key] = moment(next_workday(day, self.facts.closed), self.settings[rule].time)
        return self._known[key]

    def before(self, rule: str, day: date) -> datetime:
        """The rule's hour, as many working days before a day as the rule says."""
        key = "before", rule, day
        if key not in self._known:
            days = self.settings[rule].days
            early = workdays_before(day, days, self.facts.closed) if days else day
            self._known[key] = moment(early, self.settings[rule].time)
        return self._known[key]


def due(now: datetime, facts: Facts, settings: Settings) -> list[Due]:
    """Everything that somebody is to be told of by the end of this week, once in the list and still of use.

    What may come early is there from Monday on, so that one letter can tell of the whole week.
    """
    asked = _Asked(now, end_of_week(now), facts, settings)
    found: dict[Key, Due] = {}
    for name, rule in RULES.items():
        if not settings[name].active:
            continue
        for one in _safely(name, asked) if name in _FINDERS else ():
            told_from = one.due_at < asked.end if rule.may_come_early else one.due_at <= now
            if told_from and (one.useful_until is None or now < one.useful_until):
                found.setdefault(one.key, one)
    return list(found.values())


def _safely(name: str, asked: _Asked) -> Iterator[Due]:
    """What one rule finds. Whoever has closed every day has no day on which to tell anybody anything.

    A rule that fails is logged: what it cannot work out must not keep back what all the others have to tell.
    """
    try:
        yield from _FINDERS[name](asked)
    except AlwaysClosed:
        return
    except Exception:
        log.exception("the rule %s could not be followed", name)


def end_of_week(now: datetime) -> datetime:
    """The midnight in Sweden that ends the week."""
    return moment(monday(this_week(now) + 1), MIDNIGHT)


def about(code: str) -> str:
    """An initiative, as a reminder's subject."""
    return f"initiative/{code}"


_Finder = Callable[[_Asked], Iterator[Due]]


def _meetings(asked: _Asked) -> Iterator[datetime]:
    """The meetings whose reports may be asked for this week, the next one first."""
    meeting = next_meeting(asked.now, asked.facts.series, asked.facts.closed)
    while _report_due_at(asked, meeting) < asked.end:
        yield meeting
        meeting = next_meeting(meeting, asked.facts.series, asked.facts.closed)


def _report_due_at(asked: _Asked, meeting: datetime) -> datetime:
    return asked.before("report_due", today(report_deadline(meeting, asked.facts.closed)))


def _is_too_old(one: Running, since: datetime) -> bool:
    return one.reported_at is None or one.reported_at < since


def _spared(one: Running, asked: _Asked) -> bool:
    """Whether the initiative has just resumed, or the one who reports has just come back."""
    resumed = one.resumed_at is not None and asked.now < one.resumed_at + GRACE
    back = asked.facts.returned.get(one.reporter_id)
    return resumed or (back is not None and today(asked.now) < back + GRACE)


def _reports(asked: _Asked) -> Iterator[tuple[Running, datetime, datetime, datetime]]:
    """Each missing report with its meeting, the meeting's freeze and the deadline: the nearest meeting only."""
    told: set[str] = set()
    for meeting in _meetings(asked):
        freeze = freeze_of(meeting, asked.facts.closed)
        deadline = report_deadline(meeting, asked.facts.closed)
        if freeze <= asked.now:
            continue
        since = asked.facts.fresh_since(freeze)
        for one in asked.facts.running:
            if one.code not in told and not _spared(one, asked) and _is_too_old(one, since):
                told.add(one.code)
                yield one, meeting, freeze, deadline


def _report_due(asked: _Asked) -> Iterator[Due]:
    for one, meeting, freeze, deadline in _reports(asked):
        last_day = asked.before("report_last_day", today(deadline))
        if asked.now < last_day or not asked.settings["report_last_day"].active:
            at, period = _report_due_at(asked, meeting), today(meeting).isoformat()
            yield Due(one.reporter_id, "report_due", about(one.code), period, at, freeze)


def _report_last_day(asked: _Asked) -> Iterator[Due]:
    for one, meeting, freeze, deadline in _reports(asked):
        at, period = asked.before("report_last_day", today(deadline)), today(meeting).isoformat()
        yield Due(one.reporter_id, "report_last_day", about(one.code), period, at, freeze)


def _report_missing(asked: _Asked) -> Iterator[Due]:
    facts, since = asked.facts, asked.facts.fresh_since(asked.now)
    for one in facts.running:
        if one.chief_id is None or one.asked_for is None or _spared(one, asked) or not _is_too_old(one, since):
            continue
        deadline = report_deadline(moment(one.asked_for, facts.series.time), facts.closed)
        day = workdays_after(today(deadline), asked.settings["report_missing"].days, facts.closed)
        spell = "first" if one.reported_at is None else today(one.reported_at).isoformat()
        yield Due(one.chief_id, "report_missing", about(one.code), spell, asked.at("report_missing", day))


def _acknowledge(asked: _Asked) -> Iterator[Due]:
    meeting = next_meeting(asked.now, asked.facts.series, asked.facts.closed)
    at = asked.before("acknowledge", today(meeting))
    for one in asked.facts.unanswered:
        for chief in one.chiefs:
            yield Due(chief, "acknowledge", about(one.code), f"{one.unit} {one.plan}", at)


def _decision_waits(asked: _Asked) -> Iterator[Due]:
    for one in asked.facts.undecided:
        if one.since >= asked.end:
            continue
        since = today(one.since)
        at = asked.at("decision_waits", since + timedelta(days=asked.settings["decision_waits"].days))
        is_prepared = one.status is Status.IN_PREPARATION
        for person_id in (*asked.facts.coordinators, *(asked.facts.chairs if is_prepared else ())):
            yield Due(person_id, "decision_waits", about(one.code), since.isoformat(), at)


def _start_soon(asked: _Asked) -> Iterator[Due]:
    for one in asked.facts.starting:
        day = monday(one.start) - timedelta(days=asked.settings["start_soon"].days)
        at, too_late = asked.at("start_soon", day), moment(monday(one.start), MIDNIGHT)
        yield Due(one.owner_id, "start_soon", about(one.code), format_week(one.start), at, too_late)


def _past_last_week(asked: _Asked) -> Iterator[Due]:
    for one in asked.facts.dragging:
        at = asked.at("past_last_week", monday(one.last_week + 1))
        yield Due(one.owner_id, "past_last_week", about(one.code), format_week(one.last_week), at)


def _exception_expires(asked: _Asked) -> Iterator[Due]:
    for one in asked.facts.exceptions:
        day = sunday(one.valid_to) - timedelta(days=asked.settings["exception_expires"].days)
        at, too_late = asked.at("exception_expires", day), moment(monday(one.valid_to + 1), MIDNIGHT)
        owner = () if one.owner_id is None else (one.owner_id,)
        for person_id in (*owner, *asked.facts.chairs):
            yield Due(person_id, "exception_expires", about(one.code), format_week(one.valid_to), at, too_late)


def _felt_load(asked: _Asked) -> Iterator[Due]:
    day = today(asked.now)
    first, month = day.replace(day=1), month_of(day)
    at = asked.at("felt_load", first + timedelta(days=asked.settings["felt_load"].days))
    too_late = moment(months_after(first, 1), MIDNIGHT)
    for one in asked.facts.feeling:
        if one.answered < month:
            yield Due(one.person_id, "felt_load", f"unit/{one.unit}", month, at, too_late)


def _follow_up_due(asked: _Asked) -> Iterator[Due]:
    for one in asked.facts.completed:
        for months in FOLLOW_UP_MONTHS:
            at = asked.at("follow_up_due", months_after(one.day, months))
            if at < asked.end and months in one.answered:
                break
            if at < asked.end:
                yield Due(one.owner_id, "follow_up_due", about(one.code), f"{one.day.isoformat()}+{months}", at)
                break


def _weekly_letter(asked: _Asked) -> Iterator[Due]:
    first = monday(this_week(asked.now))
    day = next_workday(first, asked.facts.closed)
    if week_of(day) != week_of(first):
        return
    week = week_of(first)
    at = moment(day, asked.settings["weekly_letter"].time)
    for person_id, rhythm in asked.facts.readers.items():
        if wants_this_week(rhythm, week, asked.facts.series):
            yield Due(person_id, "weekly_letter", "calendar/weeks", format_week(week), at, asked.end)


def wants_this_week(rhythm: str, week: Week, series: Series) -> bool:
    """Whether somebody's veckobrev comes in a week; fortnightly it comes in the weeks of the meetings.

    Where the group meets every week, or on chosen days, those are the even weeks.
    """
    if rhythm == "fortnightly":
        return week_number(week) % 2 == (1 if series.rhythm == "odd" else 0)
    return rhythm == "weekly"


_FINDERS: dict[str, _Finder] = {
    "report_last_day": _report_last_day,
    "report_due": _report_due,
    "report_missing": _report_missing,
    "exception_expires": _exception_expires,
    "acknowledge": _acknowledge,
    "decision_waits": _decision_waits,
    "past_last_week": _past_last_week,
    "start_soon": _start_soon,
    "follow_up_due": _follow_up_due,
    "felt_load": _felt_load,
    "weekly_letter": _weekly_letter,
}
"""The rules that time brings about; the others are brought about by what happens (handlers)."""

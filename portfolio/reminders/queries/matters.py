"""What each reminder says, looked up at the moment the letter is written: only what the reader may see then.

A letter holds titles, status words, figures of the load and links, and the short reason why one gets it (ADR 13):
of a decision, of a lowered limit or a standstill. Each is made one line, and stands whole on the page that the
link leads to.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.time import long_date, this_week, today
from portfolio.base.weeks import format_week, parse_week, sunday, week_number
from portfolio.base.workdays import moment, workdays_between
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.calendar import Period
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.limits import bounds_of
from portfolio.capacity.rules.sentences import lower_first, weeks_in_words
from portfolio.events.calendar import StandstillAdded
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules.statuses import PROPOSALS, Status
from portfolio.meetings.queries.meetings import Meeting, upcoming
from portfolio.meetings.rules.series import freeze_of, report_deadline
from portfolio.outbox.models import EventRow
from portfolio.people.rules import May, may
from portfolio.receivers.rules.chefs import may_feel
from portfolio.receivers.rules.months import month_told
from portfolio.reminders.models import Reminder
from portfolio.reminders.queries.facts import REPORT_RULES, Recipient
from portfolio.reminders.queries.minutes import minutes_item
from portfolio.reminders.rules.facts import Facts
from portfolio.reminders.writing import one_line, one_sentence
from portfolio.units import queries as units
from portfolio.units.models import StandstillRow

Item = dict[str, Any]

NOT_TO_SEE = "mottagaren får inte se ärendet"
GONE = "ärendet finns inte längre"
SOLVED = "krocken är löst"
UNDONE = "beslutet ångrades"
COUNT_WORDS = {1: "en påminnelse", 2: "två påminnelser", 3: "tre påminnelser"}


class Waiting(NamedTuple):
    """A reminder's row: whose matter, which rule, what about, which occasion, and when it was due."""

    id: int
    person_id: int
    rule: str
    subject: str
    period: str
    due_at: datetime
    useful_until: datetime | None
    letter_id: str | None = None
    """A letter that told of it and was refused for good."""

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What the database lets in only once."""
        return self.person_id, self.rule, self.subject, self.period

    @property
    def about(self) -> str:
        """The code or function that it is about."""
        return self.subject.partition("/")[2]


@dataclass(frozen=True)
class Known:
    """What all letters of one moment share. `readers` are those who read what is somebody else's today."""

    now: datetime
    base_url: str
    facts: Facts
    people: Mapping[int, Recipient]
    readers: Mapping[int, Recipient] = field(default_factory=dict)

    @cached_property
    def meeting(self) -> Meeting | None:
        """The meeting that goes on or comes next; None if there is none."""
        return upcoming(self.now)

    def seen_by(self, person_id: int) -> Recipient:
        """Who reads what is a person's: they, or who stands in for them."""
        return self.readers.get(person_id, self.people[person_id])


def items_of(rows: Sequence[Waiting], known: Known) -> dict[int, Item | str]:
    """{reminder's id: what it says}, or the reason why it says nothing; the veckobrev is not among them."""
    found = _initiatives([row.about for row in rows if row.subject.startswith("initiative/")])
    decisions = _decisions([row for row in rows if row.rule == "proposal_answered"])
    clashes = _clashes([row.subject for row in rows if row.rule == "collision"], known)
    reminded = _reminded([row.subject for row in rows if row.rule == "report_missing"])
    items: dict[int, Item | str] = {}
    for row in rows:
        if row.rule == "collision":
            items[row.id] = _collision(clashes.get(row.subject), known)
        elif row.rule == "minutes_completed":
            items[row.id] = _minutes(row, known)
        elif row.rule == "felt_load":
            items[row.id] = _felt_load(row, known)
        elif row.rule != "weekly_letter":
            initiative = found.get(row.about)
            items[row.id] = GONE if initiative is None else _item(row, initiative, decisions, reminded, known)
    return items


def _minutes(row: Waiting, known: Known) -> Item | str:
    if not may(known.seen_by(row.person_id).actor, May.READ):
        return NOT_TO_SEE
    return minutes_item(row.subject, row.period, known.people[row.person_id].function, known.base_url, known.now)


def _felt_load(row: Waiting, known: Known) -> Item | str:
    """Only whoever receives changes at the unit can answer: a substitute of another unit is told nothing."""
    unit = next((unit for unit in units.all_units() if unit.code == row.about), None)
    if unit is None:
        return GONE
    if not may_feel(known.seen_by(row.person_id).actor, unit.id):
        return NOT_TO_SEE
    month = month_told(row.period).partition(" ")[0]
    return {"unit": one_line(unit.name), "month": month, "url": f"{known.base_url}/upplevd-belastning"}


def _initiatives(codes: Collection[str]) -> dict[str, Initiative]:
    wanted = select(Initiative).where(Initiative.code.in_(set(codes)))
    return {row.code: row for row in current_session().scalars(wanted)} if codes else {}


def _item(
    row: Waiting,
    initiative: Initiative,
    decisions: Mapping[str, DecisionRow],
    reminded: Mapping[str, Sequence[int]],
    known: Known,
) -> Item | str:
    if not may_see(known.seen_by(row.person_id), initiative.status):
        return NOT_TO_SEE
    item = _about(initiative, known.base_url)
    if row.rule in REPORT_RULES:
        return item | {"is_owner": row.person_id == initiative.owner_id} | _asked_for(row, known)
    if row.rule == "report_missing":
        return item | _missing(initiative, reminded.get(row.subject, ()), known)
    if row.rule == "proposal_answered":
        decision = decisions.get(row.period)
        return UNDONE if decision is None else item | _answered(decision, initiative)
    return item | _dated(row, known)


def may_see(person: Recipient, status: str) -> bool:
    """Whether somebody may read of an initiative in this status now (fault case PR-5)."""
    return may(person.actor, May.READ) or Status(status) not in PROPOSALS


def named(initiative: Initiative) -> str:
    """`FI-011 Nytt schema- och frånvarosystem i skolan`, on one line whatever the title holds."""
    return f"{initiative.code} {one_line(initiative.title)}"


def _about(initiative: Initiative, base_url: str) -> Item:
    page = f"{base_url}/initiativ/{initiative.code}"
    return {
        "code": initiative.code,
        "named": named(initiative),
        "url": page,
        "edit_url": f"{page}/andra",
        "owner_url": f"{page}/andra",
        "report_url": f"{page}/lagesrapport",
        "effect_url": f"{page}/effekt",
    }


def _asked_for(row: Waiting, known: Known) -> Item:
    series, closed, day = known.facts.series, known.facts.closed, date.fromisoformat(row.period)
    meeting = moment(day, series.time)
    deadline, freeze = report_deadline(meeting, closed), freeze_of(meeting, closed)
    return {
        "deadline": f"{long_date(today(deadline), weekday=True)} kl. 12.00",
        "last_day": long_date(today(deadline), weekday=True),
        "freeze": f"{long_date(today(freeze), weekday=True)} kl. 12.00",
        "meeting_day": long_date(day, weekday=True).partition(" ")[0],
        "late": deadline <= known.now,
    }


def _missing(initiative: Initiative, reminded: Sequence[int], known: Known) -> Item:
    since = initiative.reported_at
    days = None if since is None else workdays_between(today(since), today(known.now), known.facts.closed)
    number = COUNT_WORDS.get(min(len(reminded), 3), "")
    by_owner = set(reminded) == {initiative.owner_id}
    said = f"Projektägaren har fått {number}." if by_owner else f"Vi har skickat {number}."
    return {"days": days, "reminded": said if number else ""}


def _reminded(subjects: Collection[str]) -> dict[str, list[int]]:
    """Whose the reminders of the missing report are that have been sent, for the latest meeting that asked for it."""
    wanted = select(Reminder.subject, Reminder.period, Reminder.person_id).where(
        Reminder.state == "sent", Reminder.rule.in_(REPORT_RULES), Reminder.subject.in_(set(subjects))
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for subject, period, person_id in current_session().execute(wanted) if subjects else ():
        found.setdefault(subject, []).append((period, person_id))
    return {subject: [who for period, who in ones if period == max(ones)[0]] for subject, ones in found.items()}


def _dated(row: Waiting, known: Known) -> Item:
    """What the occasion itself says."""
    if row.rule == "exception_expires":
        return {"last_day": long_date(sunday(parse_week(row.period)))}
    if row.rule in ("start_soon", "past_last_week"):
        return {"week": week_number(parse_week(row.period))}
    if row.rule == "follow_up_due":
        return {"months": row.period.rpartition("+")[2]}
    if row.rule == "decision_waits":
        return {"since": long_date(date.fromisoformat(row.period))}
    return {"unit": _unit_name(row.period.partition(" ")[0]), "url": f"{known.base_url}/kvittera"}


def _unit_name(code: str) -> str:
    """What a unit is called; all units are read once."""
    return next((one_line(unit.name) for unit in units.all_units() if unit.code == code), code)


def _decisions(rows: Sequence[Waiting]) -> dict[str, DecisionRow]:
    """The decisions that are told of, by the reminders' periods; those that were undone are not there."""
    ids = {decision_id_of(row.period): row.period for row in rows}
    wanted = select(DecisionRow).where(DecisionRow.id.in_(ids), DecisionRow.undone_at.is_(None))
    return {ids[row.id]: row for row in current_session().scalars(wanted)} if ids else {}


def decision_id_of(period: str) -> int:
    """The decision that `decision 12` means."""
    return int(period.partition(" ")[2])


def _answered(decision: DecisionRow, initiative: Initiative) -> Item:
    start = initiative.start_week
    return {
        "kind": decision.kind,
        "week": "" if start is None else week_number(start),
        "until": "" if decision.until is None else long_date(decision.until),
        "reason": one_sentence(decision.reason),
    }


def _clashes(subjects: Collection[str], known: Known) -> dict[str, tuple[Clash, StandstillRow | None]]:
    """The soonest open conflict of each unit or person, with the standstill that has caused it."""
    if not subjects:
        return {}
    rows = capacity.open_conflicts(known.now)
    ids = units.ids_by_code()
    functions = {one.id: one.function for one in known.people.values()}
    causes = {row.cause_text: row for row in rows}
    found: dict[str, tuple[Clash, StandstillRow | None]] = {}
    for clash in capacity.clashes(rows, capacity.whole_portfolio(since=this_week(known.now)), known.now):
        subject = f"unit/{clash.unit}" if clash.unit in ids else f"person/{functions.get(clash.person or 0)}"
        if subject in subjects:
            found.setdefault(subject, (clash, _standstill(causes[clash.cause])))
    return found


def _standstill(conflict: ConflictRow) -> StandstillRow | None:
    """The standstill that has caused a conflict, if one has and it is still there."""
    if conflict.cause != StandstillAdded.name or conflict.cause_seq is None:
        return None
    told = json.loads(
        current_session().scalar(select(EventRow.data).where(EventRow.seq == conflict.cause_seq)) or "{}"
    )
    return next((row for row in units.standstills() if row.id == told.get("standstill")), None)


def _collision(found: tuple[Clash, StandstillRow | None] | None, known: Known) -> Item | str:
    if found is None:
        return SOLVED
    clash, standstill = found
    who = _who(clash, known)
    titles = capacity.titles()
    return {
        "why": [*_lowered(clash, who), *_stands_still(standstill)],
        "who": who,
        "weeks": weeks_in_words(clash.spans),
        "sentence": clash.sentence(who),
        "codes": [f"{code} {one_line(titles[code])}" for code in clash.codes if code in titles],
        "meeting": "" if known.meeting is None else long_date(known.meeting.day),
        "url": _page_of(clash, known),
    }


def _lowered(clash: Clash, who: str) -> list[str]:
    """`Taket för Socialförvaltningen sänks vecka 24–34 (semester).`, for each lowering that makes it too little."""
    if clash.unit is None:
        return []
    unit = capacity.tree().units[clash.unit]
    said = []
    for week in (week for first, last in clash.spans for week in range(first, last + 1)):
        bounds = bounds_of(unit, week)
        bound, base = (
            (bounds.limit, unit.limit) if clash.measure == "load" else (bounds.max_parallel, unit.max_parallel)
        )
        for row in unit.lowered if bound != base else ():
            if row.period.covers(week) and bound == (row.limit if clash.measure == "load" else row.max_parallel):
                said.append(f"Taket för {who} sänks {_weeks_and_why(row.period, row.reason)}")
    return list(dict.fromkeys(said))


def _stands_still(row: StandstillRow | None) -> list[str]:
    return [] if row is None else [f"Ett uppehåll har lagts in {_weeks_and_why(capacity.period_of(row), row.reason)}"]


def _weeks_and_why(period: Period, reason: str) -> str:
    why = lower_first(one_line(reason).rstrip("."))
    weeks = weeks_in_words([(period.first, period.last)]) + (" varje år" if period.yearly else "")
    return f"{weeks} ({why})." if why else f"{weeks}."


def _who(clash: Clash, known: Known) -> str:
    if clash.unit is not None:
        return _unit_name(clash.unit)
    return one_line(known.people[clash.person or 0].function)


def _page_of(clash: Clash, known: Known) -> str:
    if clash.unit is not None:
        return f"{known.base_url}/belastning/{clash.unit}/{format_week(clash.first_week)}"
    return f"{known.base_url}/initiativ?owner={clash.person}"

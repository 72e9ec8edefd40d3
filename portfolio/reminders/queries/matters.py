"""What each reminder says, looked up at the moment the letter is written: only what the reader may see then.

A letter holds titles, status words, figures of the load and links, and nothing that somebody wrote as a reason
(law C4-10). That stands on the page that the link leads to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from babel.dates import format_date
from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.time import this_week, today
from portfolio.base.weeks import format_week, parse_week, sunday, week_number
from portfolio.base.workdays import AlwaysClosed, moment, workdays_between
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.sentences import weeks_in_words
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.rules import PROPOSALS, Status
from portfolio.meetings.rules import freeze_of, next_meeting, report_deadline
from portfolio.people.rules import May, may
from portfolio.reminders.models import Reminder
from portfolio.reminders.queries.facts import REPORT_RULES, Recipient
from portfolio.reminders.rules.due import Facts
from portfolio.reminders.writing import one_line
from portfolio.units import queries as units

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


@dataclass(frozen=True, slots=True)
class Known:
    """What all letters of one moment share. `readers` are those who read what is somebody else's today."""

    now: datetime
    base_url: str
    facts: Facts
    people: Mapping[int, Recipient]
    readers: Mapping[int, Recipient] = field(default_factory=dict)

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
        elif row.rule != "weekly_letter":
            initiative = found.get(row.about)
            items[row.id] = GONE if initiative is None else _item(row, initiative, decisions, reminded, known)
    return items


def _initiatives(codes: Collection[str]) -> dict[str, Initiative]:
    wanted = select(Initiative).where(Initiative.code.in_(set(codes)))
    return {row.code: row for row in current_session().scalars(wanted)} if codes else {}


def _item(
    row: Waiting,
    initiative: Initiative,
    decisions: Mapping[str, DecisionRow],
    reminded: Mapping[str, int],
    known: Known,
) -> Item | str:
    if not may_see(known.seen_by(row.person_id), initiative.status):
        return NOT_TO_SEE
    item = _about(initiative, known.base_url)
    if row.rule in REPORT_RULES:
        return item | _asked_for(row, known)
    if row.rule == "report_missing":
        return item | _missing(initiative, reminded.get(row.subject, 0), known)
    if row.rule == "proposal_answered":
        decision = decisions.get(row.period)
        return UNDONE if decision is None else item | _answered(decision, initiative)
    return item | _dated(row, initiative, known)


def may_see(person: Recipient, status: str) -> bool:
    """Whether somebody may read of an initiative in this status now (fault case PR-5)."""
    return may(person.actor, May.READ) or Status(status) not in PROPOSALS


def named(initiative: Initiative) -> str:
    """`FI-011 Nytt schema- och frånvarosystem i skolan`, on one line whatever the title holds."""
    return f"{initiative.code} {one_line(initiative.title)}"


def long_date(day: date, *, weekday: bool = False) -> str:
    """`27 november`, or `fredag 27 november`."""
    return format_date(day, "EEEE d MMMM" if weekday else "d MMMM", locale="sv")


def _about(initiative: Initiative, base_url: str) -> Item:
    page = f"{base_url}/initiativ/{initiative.code}"
    return {
        "code": initiative.code,
        "named": named(initiative),
        "url": page,
        "edit_url": f"{page}/andra",
        "owner_url": f"{page}/andra",
        "report_url": f"{page}/lagesrapport",
    }


def _asked_for(row: Waiting, known: Known) -> Item:
    series, closed, day = known.facts.series, known.facts.closed, date.fromisoformat(row.period)
    meeting = moment(day, series.time)
    deadline, freeze = report_deadline(meeting, closed), freeze_of(meeting, closed)
    return {
        "deadline": f"{long_date(today(deadline), weekday=True)} kl. 12.00",
        "last_day": long_date(today(deadline), weekday=True),
        "freeze": f"{long_date(today(freeze), weekday=True)} kl. 12.00",
        "meeting_day": format_date(day, "EEEE", locale="sv"),
        "late": deadline <= known.now,
    }


def _missing(initiative: Initiative, reminded: int, known: Known) -> Item:
    since = initiative.reported_at
    days = None if since is None else workdays_between(today(since), today(known.now), known.facts.closed)
    return {"days": days, "reminded": COUNT_WORDS.get(min(reminded, 3), "")}


def _reminded(subjects: Collection[str]) -> dict[str, int]:
    """How many reminders of the missing report have been sent, for the latest meeting that it was asked for."""
    wanted = select(Reminder.subject, Reminder.period).where(
        Reminder.state == "sent", Reminder.rule.in_(REPORT_RULES), Reminder.subject.in_(set(subjects))
    )
    found: dict[str, list[str]] = {}
    for subject, period in current_session().execute(wanted) if subjects else ():
        found.setdefault(subject, []).append(period)
    return {subject: periods.count(max(periods)) for subject, periods in found.items()}


def _dated(row: Waiting, initiative: Initiative, known: Known) -> Item:
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
    }


def _clashes(subjects: Collection[str], known: Known) -> dict[str, Clash]:
    """The soonest open conflict of each unit or person."""
    if not subjects:
        return {}
    rows = capacity.open_conflicts(known.now)
    ids = units.ids_by_code()
    functions = {one.id: one.function for one in known.people.values()}
    found: dict[str, Clash] = {}
    for clash in capacity.clashes(rows, capacity.whole_portfolio(since=this_week(known.now)), known.now):
        subject = f"unit/{clash.unit}" if clash.unit in ids else f"person/{functions.get(clash.person or 0)}"
        if subject in subjects:
            found.setdefault(subject, clash)
    return found


def _collision(clash: Clash | None, known: Known) -> Item | str:
    if clash is None:
        return SOLVED
    who = _who(clash, known)
    titles = capacity.titles()
    return {
        "who": who,
        "weeks": weeks_in_words(clash.spans),
        "sentence": clash.sentence(who),
        "codes": [f"{code} {one_line(titles[code])}" for code in clash.codes if code in titles],
        "meeting": _next_meeting(known),
        "url": _page_of(clash, known),
    }


def _who(clash: Clash, known: Known) -> str:
    if clash.unit is not None:
        return _unit_name(clash.unit)
    return one_line(known.people[clash.person or 0].function)


def _page_of(clash: Clash, known: Known) -> str:
    if clash.unit is not None:
        return f"{known.base_url}/belastning/{clash.unit}/{format_week(clash.first_week)}"
    return f"{known.base_url}/initiativ?owner={clash.person}"


def _next_meeting(known: Known) -> str:
    try:
        return long_date(today(next_meeting(known.now, known.facts.series, known.facts.closed)), weekday=True)
    except AlwaysClosed:
        return ""

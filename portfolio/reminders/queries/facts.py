"""How things are, in a handful of questions whose cost never grows with what is finished."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, func, select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week, today
from portfolio.base.workdays import moment
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ExceptionRow
from portfolio.effects import queries as effects
from portfolio.initiatives.models import AcknowledgementRow, DecisionRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.states import dragging, reports_fresh_since
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import OPEN, Status, status_now
from portfolio.meetings.queries.series import closed_days, the_series
from portfolio.people import queries as persons
from portfolio.people.models import Absence, Person
from portfolio.people.rules import Actor, May, Role, may
from portfolio.receivers import queries as receivers
from portfolio.receivers.rules.chefs import receivers_of, who_receive
from portfolio.reminders.models import Reminder, RuleSetting
from portfolio.reminders.rules.catalogue import Setting, settings_from
from portfolio.reminders.rules.due import about
from portfolio.reminders.rules.facts import (
    Completed,
    Dragging,
    Excepted,
    Facts,
    Feeling,
    Running,
    Starting,
    Unanswered,
    Undecided,
)
from portfolio.reminders.rules.judging import ReminderState
from portfolio.reminders.rules.manners import Absences, Away, returned_on
from portfolio.units import queries as units
from portfolio.units.rules import chain_above

LETTER_ROLES = frozenset({Role.CHAIR, Role.MEMBER, Role.COORDINATOR, Role.OWNER, Role.DELEGATE, Role.RECEIVER})
"""The roles that have something to do each week, and so get a veckobrev."""
REPORT_RULES = ("report_due", "report_last_day")
LOOK_BACK = timedelta(days=60)
"""How far back an absence that has ended can still matter."""


class Recipient(NamedTuple):
    """One person as letters see them."""

    id: int
    function: str
    email: str | None
    role: Role
    unit_id: int | None
    active: bool
    bounced: bool
    rhythm: str

    @property
    def actor(self) -> Actor:
        """The person, as the rules of rights see them."""
        return Actor(self.function, self.role, self.id, self.unit_id)


def recipients() -> dict[int, Recipient]:
    """Everybody, active or not, by id."""
    columns = (Person.id, Person.function, Person.email, Person.role, Person.unit_id, Person.active)
    found = current_session().execute(select(*columns, Person.bounced_at, Person.letter_rhythm))
    return {
        key: Recipient(key, function, email, Role(role), unit_id, active, bounced is not None, rhythm)
        for key, function, email, role, unit_id, active, bounced, rhythm in found
    }


def absences(now: datetime) -> Absences:
    """Who is away, has lately been or will be, and who stands in for them.

    A substitute who can no longer be written to, or may no longer read what the letters tell of, is none: what
    waits for the person is not lost on them, but waits until the person is back.
    """
    wanted = (
        select(Absence, Person)
        .outerjoin(Person, Person.id == Absence.substitute_id)
        .where(Absence.last_day >= today(now) - LOOK_BACK)
        .order_by(Absence.first_day, Absence.id)
    )
    found: dict[int, list[Away]] = defaultdict(list)
    for row, substitute in current_session().execute(wanted):
        stands_in = substitute is not None and _can_stand_in(substitute)
        found[row.person_id].append(Away(row.first_day, row.last_day, row.substitute_id if stands_in else None))
    return found


def _can_stand_in(one: Person) -> bool:
    is_reached = one.active and bool(one.email) and one.bounced_at is None
    return is_reached and may(persons.actor_of(one), May.READ)


def settings() -> dict[str, Setting]:
    """How each rule is set."""
    rows = current_session().scalars(select(RuleSetting))
    return settings_from({row.name: Setting(row.active, row.days, row.time) for row in rows})


def facts(now: datetime, people: Mapping[int, Recipient], away: Absences) -> Facts:
    """Everything that the rules of time look at."""
    rows, active = _unfinished(now), [one for one in people.values() if one.active]
    return Facts(
        running=_running(rows[Status.ONGOING], people, now),
        undecided=_undecided([*rows[Status.PROPOSED], *rows[Status.IN_PREPARATION]]),
        starting=[Starting(row.code, row.owner_id, row.start_week) for row in _led(rows[Status.DECIDED])],
        dragging=_dragging(_led([*rows[Status.ONGOING], *rows[Status.DECIDED]]), now),
        exceptions=_exceptions(now),
        unanswered=_unanswered(people),
        completed=_completed(_led(rows[Status.FOLLOW_UP])),
        feeling=_feeling(people),
        chairs=tuple(one.id for one in active if one.role is Role.CHAIR),
        coordinators=tuple(one.id for one in active if one.role is Role.COORDINATOR),
        readers={one.id: one.rhythm for one in active if one.role in LETTER_ROLES},
        returned=returned_on(away, today(now)),
        series=the_series(),
        report_days=the_portfolio().report_days,
        calendar=capacity.calendar(),
        closed=closed_days(),
    )


_COLUMNS = (
    Initiative.id,
    Initiative.code,
    Initiative.status,
    Initiative.owner_id,
    Initiative.delegate_id,
    Initiative.start_week,
    Initiative.until,
    Initiative.reported_at,
    Initiative.resumed_at,
    Initiative.created_at,
)
Rows = Sequence[Row[Any]]


def _unfinished(now: datetime) -> Mapping[Status, list[Row[Any]]]:
    """The initiatives that are not finished, by the status that counts."""
    wanted = select(*_COLUMNS).where(Initiative.status.in_([*OPEN, Status.FOLLOW_UP])).order_by(Initiative.id)
    rows: dict[Status, list[Row[Any]]] = defaultdict(list)
    found: Iterable[Row[Any]] = current_session().execute(wanted)
    for row in found:
        rows[status_now(Status(row.status), row.start_week, this_week(now))].append(row)
    return rows


def _led(rows: Rows) -> Rows:
    return [row for row in rows if row.owner_id is not None]


def _running(rows: Rows, people: Mapping[int, Recipient], now: datetime) -> list[Running]:
    parents = units.parents_by_id()
    stale = reports_fresh_since(now)
    asked = _asked_for([row for row in rows if row.reported_at is None or row.reported_at < stale])
    return [
        Running(
            row.code,
            reporter,
            chief_of(people[row.owner_id], people, parents) if row.owner_id and row.code in asked else None,
            row.reported_at,
            row.resumed_at,
            asked.get(row.code),
        )
        for row in rows
        if (reporter := _reporter(row, people)) is not None
    ]


def _reporter(row: Row[Any], people: Mapping[int, Recipient]) -> int | None:
    """Who reports: the delegate while they are there, else the owner."""
    delegate: int | None = row.delegate_id
    owner: int | None = row.owner_id
    return delegate if delegate is not None and people[delegate].active else owner


def chief_of(person: Recipient, people: Mapping[int, Recipient], parents: Mapping[int, int | None]) -> int | None:
    """The nearest förvaltningschef at or above somebody's unit, else the chair; never themselves."""
    others = [one for one in people.values() if one.active and one.id != person.id]
    for unit_id in chain_above(person.unit_id, parents) if person.unit_id is not None else ():
        here = [one.id for one in others if one.role is Role.MEMBER and one.unit_id == unit_id]
        if here:
            return min(here)
    return min((one.id for one in others if one.role is Role.CHAIR), default=None)


def _asked_for(stale: Rows) -> dict[str, date]:
    """The day of the first meeting for which each stale report was asked in vain."""
    since = {about(row.code): (row.code, row.reported_at) for row in stale}
    wanted = select(Reminder.subject, Reminder.period, Reminder.due_at).where(
        Reminder.state == ReminderState.SENT, Reminder.rule.in_(REPORT_RULES), Reminder.subject.in_(since)
    )
    found: dict[str, date] = {}
    for subject, period, due_at in current_session().execute(wanted) if since else ():
        code, reported_at = since[subject]
        if reported_at is None or due_at > reported_at:
            day = date.fromisoformat(period)
            found[code] = min(day, found.get(code, day))
    return found


def _undecided(rows: Rows) -> list[Undecided]:
    decided = _latest_decisions([row.id for row in rows])
    return [Undecided(row.code, Status(row.status), _since(row, decided.get(row.id))) for row in rows]


def _since(row: Row[Any], decided_at: datetime | None) -> datetime:
    """Since when somebody waits for an answer: the latest decision, or the day until which it was put off."""
    since: datetime = decided_at or row.created_at
    return since if row.until is None or row.until <= today(since) else moment(row.until, "00:00")


def _latest_decisions(ids: Collection[int]) -> dict[int, datetime]:
    wanted = select(DecisionRow.initiative_id, func.max(DecisionRow.decided_at)).where(
        DecisionRow.initiative_id.in_(ids), DecisionRow.undone_at.is_(None), DecisionRow.kind != Kind.RERANK
    )
    return dict(current_session().execute(wanted.group_by(DecisionRow.initiative_id)).all())


def _dragging(rows: Rows, now: datetime) -> list[Dragging]:
    last = dragging(now)
    return [Dragging(row.code, row.owner_id, last[row.code]) for row in rows if row.code in last]


def _exceptions(now: datetime) -> list[Excepted]:
    wanted = (
        select(Initiative.code, Initiative.owner_id, ExceptionRow.valid_to)
        .join(ExceptionRow, ExceptionRow.initiative_id == Initiative.id)
        .where(ExceptionRow.ended_at.is_(None), ExceptionRow.valid_to >= this_week(now))
        .order_by(ExceptionRow.id)
    )
    return [Excepted(*row) for row in current_session().execute(wanted)]


def _unanswered(people: Mapping[int, Recipient]) -> list[Unanswered]:
    """The rated impacts of what is about to be decided that no receiving chef has answered."""
    wanted = (
        select(
            Initiative.code,
            ImpactRow.unit_id,
            func.sum(PhaseRow.weeks),
            func.sum(ImpactRow.impact),
            func.count() - func.count(ImpactRow.impact),
        )
        .join(PhaseRow, PhaseRow.initiative_id == Initiative.id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .outerjoin(
            AcknowledgementRow,
            and_(AcknowledgementRow.initiative_id == Initiative.id, AcknowledgementRow.unit_id == ImpactRow.unit_id),
        )
        .where(Initiative.status == Status.IN_PREPARATION, AcknowledgementRow.id.is_(None))
        .group_by(Initiative.code, ImpactRow.unit_id)
        .order_by(Initiative.code, ImpactRow.unit_id)
    )
    parents, codes, able = units.parents_by_id(), units.codes_by_id(), _receiving(people)
    return [
        Unanswered(code, codes[unit_id], f"{weeks}.{points}", receivers_of(unit_id, able, parents))
        for code, unit_id, weeks, points, unrated in current_session().execute(wanted)
        if not unrated
    ]


def _receiving(people: Mapping[int, Recipient]) -> dict[int, tuple[int, ...]]:
    """{unit's id: who receives changes at it}."""
    return who_receive(one.actor for one in people.values() if one.active)


def _feeling(people: Mapping[int, Recipient]) -> list[Feeling]:
    """Everybody who is asked how heavy it feels on their unit."""
    codes, latest = units.codes_by_id(), receivers.latest_felt()
    return [
        Feeling(person_id, codes[unit_id], latest.get((person_id, unit_id), ""))
        for unit_id, person_ids in _receiving(people).items()
        for person_id in person_ids
    ]


def _completed(rows: Rows) -> list[Completed]:
    days, answered = (
        effects.completed_on([row.id for row in rows]),
        effects.settled_occasions([row.id for row in rows]),
    )
    return [Completed(row.code, row.owner_id, days[row.id], answered[row.id]) for row in rows if row.id in days]


def open_collisions(now: datetime, people: Mapping[int, Recipient]) -> list[tuple[str, set[int]]]:
    """What has open conflicts, as a reminder's subject, with the owners of what fills it; the soonest first."""
    portfolio = capacity.whole_portfolio(since=this_week(now))
    found = capacity.clashes(capacity.open_conflicts(now), portfolio, now)
    return [
        (
            f"unit/{clash.unit}" if clash.unit is not None else f"person/{people[clash.person or 0].function}",
            {owner for code in clash.codes if (owner := portfolio.commitments[code].owner) is not None},
        )
        for clash in found
    ]

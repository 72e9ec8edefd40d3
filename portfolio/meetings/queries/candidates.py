"""What the portfolio needs the ledningsgrupp for at one meeting."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select

from portfolio.assignments.queries import groundworks_of, reviews_due
from portfolio.base.db import current_session
from portfolio.base.time import long_date, this_week
from portfolio.base.weeks import Week, format_week, week_of
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.load import Portfolio, dragging
from portfolio.capacity.rules.ways import Request, verdict_and_earliest
from portfolio.capacity.rules.words import Names
from portfolio.effects.queries import number_of_goals
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries import filters
from portfolio.initiatives.queries.filters import Filter
from portfolio.initiatives.queries.gate import with_priorities
from portfolio.initiatives.queries.impacts import answered_by
from portfolio.initiatives.queries.plans import departments_touched, plan_of
from portfolio.initiatives.queries.states import reports_fresh_since
from portfolio.initiatives.queries.triage import labels
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, UNDECIDED, Status, status_now
from portfolio.initiatives.rules.triage import TriageClass, is_simple_proposal
from portfolio.meetings.queries.preparation import missing_before_decision
from portfolio.meetings.rules.agenda import Candidate, Matter, not_settled
from portfolio.meetings.rules.sentences import (
    dragging_sentence,
    exception_sentence,
    help_sentence,
    proposal_sentence,
    returning_sentence,
    review_sentence,
)
from portfolio.people import queries as people
from portfolio.units import queries as units
from portfolio.units.rules import UnitKind

SOON = timedelta(days=14)
"""How long before it runs out an exception is taken up."""


class Open(NamedTuple):
    """What an agenda needs to know of an open initiative: they are many, and most are no more than looked at."""

    code: str
    title: str
    status: str
    start_week: Week | None
    rank: int | None
    legal_duty: bool
    until: date | None
    help_needed: str
    reported_at: datetime | None
    triage_class: str | None
    assignment_source: str | None
    clarity_answers: int


def collision_key(clash: Clash) -> str:
    """What names a collision on the agenda for as long as it stands."""
    return f"collision/{clash.unit or clash.person}/{clash.measure}/{clash.since:%Y%m%dT%H%M%S}"


_OPEN = (
    select(*(getattr(Initiative, name) for name in Open._fields))
    .where(Initiative.status.in_(OPEN))
    .order_by(Initiative.rank, Initiative.id)
)
_UNDECIDED = filters.initiatives(Filter(tuple(UNDECIDED)))


@dataclass
class Needs:
    """What is needed at a meeting on `day`, as things stand `now`; what many items share is read once."""

    day: date
    now: datetime
    settled: Mapping[str, date]
    """What earlier meetings have decided, by key, with the day on which it is taken up again."""
    decided: Collection[str] = ()
    """The keys of the items that this meeting has decided: they stay as they are, whatever is needed now."""
    requests: dict[str, Request] = field(default_factory=dict, init=False)
    """The proposals that have been tried, by code: candidates() fills it."""

    def candidates(self) -> list[Candidate]:
        """Everything that the group is needed for, by matter and then by what is most urgent."""
        found = [*self._collisions(), *self._help(), *self._dragging(), *self._reviews(), *self._exceptions()]
        stand = not_settled(found, self.settled, self.day)
        taken_up = {code for one in stand for code in one.codes}
        return [*stand, *not_settled([*self._returning(taken_up), *self._proposals()], self.settled, self.day)]

    @cached_property
    def week(self) -> Week:
        """The current week."""
        return this_week(self.now)

    @cached_property
    def portfolio(self) -> Portfolio:
        """What counts, as the gate sees it and with its priorities: read once for everything that is tried."""
        priorities = {one.code: (one.rank, one.legal_duty) for one in self._open.values() if one.status in COUNTING}
        return with_priorities(capacity.whole_portfolio(), priorities)

    @cached_property
    def _fresh_since(self) -> datetime:
        """The moment from which a lägesrapport still holds."""
        return reports_fresh_since(self.now)

    @cached_property
    def names(self) -> Names:
        """What units, functions and everything open are called."""
        every = units.all_units()
        return Names(
            {unit.code: unit.name for unit in every},
            {one.code: one.title for one in self._open.values()},
            {person.id: person.function for person in people.holders()},
            {unit.code for unit in every if unit.kind == UnitKind.FORVALTNING},
        )

    @cached_property
    def _undecided(self) -> Sequence[Initiative]:
        """What is proposed or prepared, by priority, with its plans."""
        return current_session().scalars(_UNDECIDED).all()

    @cached_property
    def _open(self) -> dict[str, Open]:
        """Everything open, by priority."""
        return {row.code: Open._make(row) for row in current_session().execute(_OPEN).all()}

    @cached_property
    def ready(self) -> dict[str, Initiative]:
        """What can be decided at this meeting: it is prepared, has a plan and is not deferred beyond it."""
        return {one.code: one for one in self._undecided if self._is_ready(one)}

    def labels(self, codes: Collection[str]) -> dict[str, list[str]]:
        """What one should know before deciding of those of some initiatives that are open."""
        known = [self._open[code] for code in codes if code in self._open]
        return {one.code: labels(one.triage_class, one.assignment_source, one.clarity_answers) for one in known}

    def _collisions(self) -> Iterable[Candidate]:
        rows = capacity.open_conflicts(self.now)
        for clash in capacity.clashes(rows, self.portfolio, self.now) if rows else []:
            who = self.names.unit(clash.unit) if clash.unit else self.names.functions[clash.person or 0]
            sentence = f"{clash.sentence(who)} {clash.cause}."
            yield Candidate(collision_key(clash), Matter.COLLISION, self._by_rank(clash.codes), sentence)

    def _by_rank(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes with what the group values least first: that is what would give way."""
        known = [self._open[code] for code in codes if code in self._open]
        return tuple(one.code for one in sorted(known, key=lambda one: (one.legal_duty, -(one.rank or 0))))

    def _help(self) -> Iterable[Candidate]:
        for one in self._open.values():
            if one.help_needed and one.reported_at is not None and one.reported_at >= self._fresh_since:
                key = f"help/{one.code}/{sha256(one.help_needed.encode()).hexdigest()[:12]}"
                yield Candidate(key, Matter.HELP, (one.code,), help_sentence(one.help_needed))

    def _dragging(self) -> Iterable[Candidate]:
        for code, last in dragging(self.portfolio, self.week).items():
            counts_to = self.week + self.portfolio.drag_weeks
            sentence = dragging_sentence(last, counts_to, self.week)
            yield Candidate(f"dragging/{code}/{format_week(last)}", Matter.DRAGGING, (code,), sentence)

    def _reviews(self) -> Iterable[Candidate]:
        has_complex = any(one.triage_class == TriageClass.COMPLEX for one in self._open.values())
        for code, review_on in reviews_due(self.day) if has_complex else []:
            key = f"review/{code}/{'none' if review_on is None else review_on.isoformat()}"
            yield Candidate(key, Matter.REVIEW, (code,), review_sentence(review_on))

    def _exceptions(self) -> Iterable[Candidate]:
        ending = [
            one for one in capacity.exceptions_in_force(self.now) if one.row.valid_to < week_of(self.day + SOON)
        ]
        codes = capacity.codes_of([one.row.initiative_id for one in ending]) if ending else {}
        for row, _, cells in ending:
            where = {key.unit for key, _ in cells if key.unit is not None}
            sentence = exception_sentence([self.names.unit(code) for code in sorted(where)], row.valid_to, self.week)
            code = codes[row.initiative_id]
            if code not in self._open:
                continue
            yield Candidate(f"exception/{row.id}", Matter.EXCEPTION, (code,), sentence)

    def _returning(self, taken_up: Collection[str]) -> Iterable[Candidate]:
        """What was to come back by now and is not on the agenda for another reason."""
        for one in self._open.values():
            if one.until is None or one.until > self.day or one.code in self.ready or one.code in taken_up:
                continue
            if is_simple_proposal(one.status, one.triage_class):
                continue
            sentence = returning_sentence(one.status, long_date(one.until))
            key = f"returning/{one.code}/{one.until.isoformat()}"
            yield Candidate(key, Matter.RETURNING, (one.code,), sentence)

    def _proposals(self) -> Iterable[Candidate]:
        waiting = {f"proposal/{code}": one for code, one in self.ready.items()}
        ids = [one.id for one in waiting.values()]
        answered, laid, goals = answered_by(ids), groundworks_of(ids), number_of_goals(ids)
        for key, one in waiting.items():
            if key not in self.decided:
                known = answered[one.id], laid[one.id], goals.get(one.id, 0)
                missing = tuple(missing_before_decision(one, self.names, *known, self.now))
                yield Candidate(key, Matter.PROPOSAL, (one.code,), self._verdict(one), missing)

    def _is_ready(self, one: Initiative) -> bool:
        """Whether it can be decided at this meeting: it is prepared, has a plan and is not deferred beyond it.

        What is simple is decided without the meeting.
        """
        if is_simple_proposal(one.status, one.triage_class):
            return False
        is_prepared = one.status == Status.IN_PREPARATION and one.start_week is not None and bool(one.phases)
        return is_prepared and (one.until is None or one.until <= self.day)

    def unready(self) -> list[Initiative]:
        """What is proposed or prepared and cannot be decided yet, for the one who prepares the meeting.

        What is simple waits for its förvaltningschef, unless it touches several and must be sorted anew.
        """
        return [one for one in self._undecided if one.code not in self.ready and not self._is_decided_in_line(one)]

    def _is_decided_in_line(self, one: Initiative) -> bool:
        return is_simple_proposal(one.status, one.triage_class) and len(departments_touched(one)) < 2

    def stale(self) -> list[Open]:
        """What runs while nobody has told for too long how it goes: one line of the agenda."""
        since = self._fresh_since
        unheard = (one for one in self._open.values() if one.reported_at is None or one.reported_at < since)
        return [one for one in unheard if status_now(Status(one.status), one.start_week, self.week) is Status.ONGOING]

    def _verdict(self, one: Initiative) -> str:
        request = Request(plan_of(one, self.now), self.portfolio, self.week, one.must_finish_by)
        self.requests[one.code] = request
        verdict, earliest = verdict_and_earliest(request)
        return proposal_sentence(request.plan.start, verdict, earliest.week, self.names, self.week)

"""Find trials, and work out what one would come to. Nothing here changes anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, func, select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.gate import Plan, evaluate, fingerprint_of
from portfolio.capacity.rules.load import Cell, Portfolio
from portfolio.capacity.rules.outlook import WEEKS
from portfolio.capacity.rules.ways import Earliest, Request, earliest_start, try_out
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.decisions import plans
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.gate import Answer, prioritised
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.kinds import BEGINNING, Kind
from portfolio.initiatives.rules.statuses import Status, status_now
from portfolio.meetings.queries import meetings
from portfolio.meetings.queries.preparation import missing_at_start
from portfolio.planning.models import TrialMoveRow, TrialRow
from portfolio.planning.rules.moves import (
    KINDS,
    UNCOUNTED,
    Hindrance,
    TrialMove,
    apply_moves,
    before_each,
    place_of,
)
from portfolio.units import queries as units
from portfolio.units.models import UnitRow


def trial_by_id(trial_id: int, *, lock: bool = False) -> TrialRow:
    """One trial, open or not; NotFound if there is none. `lock` holds it until the transaction ends."""
    wanted = select(TrialRow).where(TrialRow.id == trial_id)
    if lock:
        wanted = wanted.with_for_update()
    found = current_session().scalar(wanted, execution_options={"populate_existing": lock})
    if found is None:
        raise NotFound
    return found


class Listed(NamedTuple):
    """A trial in the list, with how many moves it has."""

    trial: TrialRow
    moves: int


def trials(*, is_open: bool, limit: int, mine: int | None = None) -> list[Listed]:
    """At most so many open trials, or closed ones, the newest first; before all others those of the person `mine`."""
    moves = select(func.count()).where(TrialMoveRow.trial_id == TrialRow.id).scalar_subquery()
    wanted = select(TrialRow, moves).where(TrialRow.closed_at.is_(None) == is_open)
    newest = TrialRow.id.desc() if is_open else TrialRow.closed_at.desc()
    others = case((TrialRow.created_by_id == mine, 0), else_=1)
    found = current_session().execute(wanted.order_by(others, newest, TrialRow.id.desc()).limit(limit))
    return [Listed(trial, number) for trial, number in found]


def open_trials_by(person_id: int) -> int:
    """How many open trials a person has begun."""
    wanted = select(func.count()).where(TrialRow.created_by_id == person_id, TrialRow.closed_at.is_(None))
    return current_session().scalar(wanted) or 0


class Chosen(NamedTuple):
    """A move with its initiative and the plan that is stored for it."""

    row: TrialMoveRow
    initiative: Initiative


def moves_of(trial_id: int) -> list[Chosen]:
    """A trial's moves in the order in which they are decided."""
    wanted: Select[TrialMoveRow, Initiative] = (
        select(TrialMoveRow, Initiative)
        .join(Initiative, Initiative.id == TrialMoveRow.initiative_id)
        .where(TrialMoveRow.trial_id == trial_id)
        .order_by(TrialMoveRow.position, TrialMoveRow.id)
        .options(WITH_PLAN)
    )
    found = [Chosen(row, initiative) for row, initiative in current_session().execute(wanted)]
    return sorted(found, key=lambda one: place_of(one.row.kind))


def decision_of(row: TrialMoveRow) -> DecisionRow | None:
    """The decision that came of a move; None while there is none."""
    return None if row.decision_id is None else current_session().get(DecisionRow, row.decision_id)


class Choice(NamedTuple):
    """Something that may be tried: a kind of decision on an initiative in a status."""

    kind: Kind
    status: Status
    code: str
    title: str


def choices(now: datetime, left_out: Collection[str]) -> list[Choice]:
    """Everything that may be tried but on the initiatives left out, by priority."""
    columns = (Initiative.code, Initiative.title, Initiative.status, Initiative.start_week)
    wanted = select(*columns).where(Initiative.status.in_(KINDS)).order_by(Initiative.rank, Initiative.id)
    found = []
    for code, title, stored, start in current_session().execute(wanted):
        status = status_now(Status(stored), start, this_week(now))
        found += [Choice(kind, status, code, title) for kind in KINDS[status] if code not in left_out]
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """One move and what would come of it.

    `hindrance` stops it whatever room there is, with what is `missing`; `answer` is the gate's, None for a pause,
    which always fits, and for a move that is not counted.
    """

    row: TrialMoveRow
    initiative: Initiative
    status: Status
    hindrance: Hindrance | None = None
    missing: Sequence[str] = ()
    answer: Answer | None = None

    @property
    def stops_whatever_is_written(self) -> bool:
        """Whether the trial could not be applied because of this move, also where somebody writes why what lacks
        something begins all the same.
        """
        is_over = self.answer is not None and not self.answer.verdict.fits
        return is_over or self.hindrance not in (None, Hindrance.NOT_READY)


@dataclass(frozen=True, slots=True)
class Prospect:
    """A whole trial: its moves in order, and both maps from the current week on.

    `units` are those that exist today, or that something weighs on in either map; `excepted` the weeks in which
    an exception covers a unit at present.
    """

    moves: Sequence[Tried]
    now: Week
    portfolio: Portfolio
    units: Sequence[UnitRow]
    present: Mapping[str, Sequence[Cell]]
    tried: Mapping[str, Sequence[Cell]]
    excepted: Mapping[str, Collection[Week]]


def prospect_of(trial_id: int, now: datetime) -> Prospect:
    """What a trial would come to if it were applied now."""
    week, chosen, names = this_week(now), moves_of(trial_id), names_at_meeting(now)
    present = capacity.whole_portfolio()
    found = [_looked_at(one, names, now) for one in chosen]
    counted = [TrialMove(one.row.initiative.code, one.plan) for one in found if one.hindrance not in UNCOUNTED]
    after = apply_moves(present, counted)
    present_map = capacity.load_of_units(present, week, week, WEEKS)
    tried_map = capacity.load_of_units(after, week, week, WEEKS) if counted else present_map
    return Prospect(
        _answered(found, counted, present, week),
        week,
        present,
        _alive(now, present_map, tried_map),
        present_map,
        tried_map,
        capacity.excepted_weeks(now),
    )


class _Looked(NamedTuple):
    """A move, whether its status allows it, and the plan that it asks the gate for."""

    row: Chosen
    status: Status
    plan: Plan | None
    hindrance: Hindrance | None
    missing: Sequence[str] = ()


def names_at_meeting(now: datetime) -> Names | None:
    """What units are called while a meeting goes on, to name what a start lacks there; None while none does."""
    if meetings.going_on(now) is None:
        return None
    return Names({unit.code: unit.name for unit in units.all_units()})


def missing_of(initiative: Initiative, kind: Kind, names: Names | None, now: datetime) -> list[str]:
    """What an initiative lacks to begin, as code words; in words where a meeting asks for more, which gives `names`.

    Empty of a kind that does not begin anything.
    """
    if kind not in BEGINNING:
        return []
    at_meeting = missing_at_start(initiative, names, now) if kind is Kind.START and names is not None else []
    phases = plans.left_of(initiative) if kind is Kind.RESUME else phases_of(initiative)
    return at_meeting or plans.missing_of(initiative, phases)


def _looked_at(one: Chosen, names: Names | None, now: datetime) -> _Looked:
    """The same questions that the decision asks, in its order."""
    row, initiative = one
    kind, status = Kind(row.kind), status_of(initiative, now)
    if kind not in KINDS.get(status, ()):
        return _Looked(one, status, None, Hindrance.GONE)
    if kind is Kind.PAUSE:
        return _Looked(one, status, None, None)
    left = plans.left_of(initiative) if kind is Kind.RESUME else None
    if left == ():
        return _Looked(one, status, None, Hindrance.NOTHING_LEFT)
    plan = plans.plan_after(initiative, kind, now, start=row.start_week, phases=left)
    if status is Status.PROPOSED:
        return _Looked(one, status, plan, Hindrance.PROPOSAL)
    missing = missing_of(initiative, kind, names, now)
    return _Looked(one, status, plan, Hindrance.NOT_READY if missing else None, missing)


def _answered(found: Sequence[_Looked], counted: Sequence[TrialMove], present: Portfolio, week: Week) -> list[Tried]:
    """Each move with what the gate says where all moves before it have been taken.

    Ways forward are looked for where the first one is stopped: the answers after it rest on what is done there.
    """
    verdicts: dict[str, Answer] = {}
    finish = {one.row.initiative.code: one.row.initiative.must_finish_by for one in found}
    is_stopped = False
    for move, before in before_each(prioritised(present) if counted else present, counted):
        if move.plan is None:
            continue
        verdict = evaluate(move.plan, before, week)
        if verdict.fits:
            verdicts[move.code] = Answer(move.plan, verdict, Earliest(None), (), "", before)
        elif is_stopped:
            earliest = earliest_start(move.plan, move.plan.start, before, week)
            verdicts[move.code] = Answer(move.plan, verdict, earliest, (), "", before)
        else:
            tried = try_out(Request(move.plan, before, week, finish[move.code]))
            verdicts[move.code] = Answer(move.plan, *tried, fingerprint_of(verdict.binding), before)
            is_stopped = True
    return [
        Tried(*one.row, one.status, one.hindrance, one.missing, verdicts.get(one.row.initiative.code))
        for one in found
    ]


def _alive(
    now: datetime, present: Mapping[str, Sequence[Cell]], tried: Mapping[str, Sequence[Cell]]
) -> list[UnitRow]:
    loaded = {code for code in tried if any(cell.load for cell in (*present[code], *tried[code]))}
    return units.living(today(now), loaded)

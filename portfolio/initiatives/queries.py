"""Find initiatives, and ask the kernel about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.portfolio import the_portfolio
from portfolio.base.text import fold
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.rules.gate import Plan, Verdict, fingerprint_of
from portfolio.capacity.rules.load import Commitment, Portfolio
from portfolio.capacity.rules.ways import Earliest, Pause, Way, try_out
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.models import (
    AcknowledgementRow,
    AimRow,
    DecisionRow,
    HandoverRow,
    ImpactRow,
    Initiative,
    LessonRow,
    PhaseRow,
    TriageRow,
)
from portfolio.initiatives.rules import (
    CLEAR_FROM,
    COUNTING,
    OPEN,
    POLITICAL,
    REPORTABLE,
    TRIAGE_WORDS,
    UNCLEAR_WORD,
    UNDECIDED,
    Kind,
    ReportState,
    Status,
    TriageClass,
    fresh_since,
    is_own_and_simple,
    is_unclear,
    shown_state,
    state_word,
    status_now,
)
from portfolio.people.models import Person
from portfolio.scorecard.rules import AimNames, Aims, Scorecard, names_of
from portfolio.units import queries as units
from portfolio.units.rules import chain_above

Chosen = TypeVar("Chosen", bound=Select[*tuple[Any, ...]])

WITH_PLAN = selectinload(Initiative.phases).selectinload(PhaseRow.impacts)


def initiative_by_code(code: str, *, lock: bool = False) -> Initiative:
    """The initiative with its plan; NotFound if there is none. `lock` holds it until the transaction ends."""
    wanted = select(Initiative).where(Initiative.code == code).options(WITH_PLAN)
    if lock:
        wanted = wanted.with_for_update()
    found = current_session().scalar(wanted, execution_options={"populate_existing": lock})
    if found is None:
        raise NotFound
    return found


def status_of(initiative: Initiative, now: datetime) -> Status:
    """The status as it counts: a decided initiative whose week has come is ongoing."""
    return status_now(Status(initiative.status), initiative.start_week, this_week(now))


def phases_of(initiative: Initiative, codes: Mapping[int, str] | None = None) -> tuple[Phase, ...]:
    """The initiative's phases as the kernel reads them."""
    codes = codes if codes is not None else units.codes_by_id()
    return tuple(
        Phase(phase.kind, phase.weeks, {codes[row.unit_id]: row.impact for row in phase.impacts})
        for phase in initiative.phases
    )


def plan_of(
    initiative: Initiative,
    now: datetime,
    *,
    start: Week | None = None,
    phases: tuple[Phase, ...] | None = None,
) -> Plan:
    """The initiative's plan with another start or other phases where given.

    A plan that is replaced leaves its forecast behind; one that is asked about unchanged keeps it.
    """
    replaced = start is not None or phases is not None
    runs = status_of(initiative, now) is Status.ONGOING
    wished = start if start is not None else initiative.start_week
    return Plan(
        initiative.code,
        wished if wished is not None else this_week(now),
        phases if phases is not None else phases_of(initiative),
        initiative.owner_id,
        initiative.start_week if runs else None,
        None if replaced else initiative.forecast_end_week,
    )


def standing_plan_of(initiative: Initiative, now: datetime) -> Plan:
    """The plan as it stands, for a change of something else than its weeks: its start is not asked for anew."""
    return replace(plan_of(initiative, now), present_start=initiative.start_week)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate says of a plan, with the ways forward: the same for page, preview, API and refusal."""

    plan: Plan
    verdict: Verdict
    earliest: Earliest
    ways: tuple[Way, ...]
    fingerprint: str
    portfolio: Portfolio

    @property
    def codes(self) -> set[str]:
        """The initiatives that the answer speaks of: its own, those that fill what is full, and those to pause."""
        filling = (code for conflict in self.verdict.conflicts for code in conflict.filled_by)
        paused = (one.code for way in self.ways if isinstance(way, Pause) for one in way.paused)
        return {self.plan.code, *filling, *paused}


class Known(NamedTuple):
    """What many plans are tried against: everything that counts, with its priorities, and what it is all called."""

    portfolio: Portfolio
    names: Names


def answer(
    plan: Plan,
    now: datetime,
    *,
    portfolio: Portfolio | None = None,
    without: Collection[str] = (),
    must_finish_by: date | None = None,
) -> Answer:
    """Try a plan: nothing is written. `without` are initiatives to be thought away.

    `portfolio` is everything that counts, with its priorities; it is read unless whoever asks has it already.
    `must_finish_by` is asked of the ways forward; a stored initiative's own by default.
    """
    week = this_week(now)
    portfolio = portfolio or prioritised(capacity.whole_portfolio())
    portfolio = portfolio.changed(gone=without) if without else portfolio
    stored = select(Initiative.must_finish_by).where(Initiative.code == plan.code)
    tried = try_out(plan, portfolio, week, must_finish_by or current_session().scalar(stored))
    return Answer(plan, *tried, fingerprint_of(tried.verdict.binding), portfolio)


def prioritised(portfolio: Portfolio) -> Portfolio:
    """The portfolio with each counting initiative's rank and legal duty, which decide what may be paused."""
    columns = (Initiative.code, Initiative.rank, Initiative.legal_duty)
    wanted = select(*columns).where(Initiative.status.in_(COUNTING))
    return with_priorities(portfolio, {code: (rank, duty) for code, rank, duty in current_session().execute(wanted)})


def with_priorities(portfolio: Portfolio, known: Mapping[str, tuple[int | None, bool]]) -> Portfolio:
    """The same where the rank and legal duty of each initiative are known already, by its code."""
    commitments = {
        code: Commitment(code, one.stretches, one.owner, one.forecast_end, *known[code])
        for code, one in portfolio.commitments.items()
        if code in known
    }
    return replace(portfolio, commitments=commitments)


def end_week_of(initiative: Initiative, calendar: Calendar) -> Week | None:
    """The last planned week, None without a start or phases."""
    if initiative.start_week is None or not initiative.phases:
        return None
    phases = [Phase(phase.kind, phase.weeks, {}) for phase in initiative.phases]
    return lay_out(initiative.start_week, phases, calendar)[-1].last


def triage_of(initiative_id: int) -> TriageRow | None:
    """How an initiative was sorted; None if nobody has."""
    return current_session().get(TriageRow, initiative_id)


def lies_unclear(initiative: Initiative) -> bool:
    """Whether it rests on a political assignment that says too little."""
    return is_unclear(initiative.assignment_source, initiative.clarity_answers)


def places_of(unit_ids: Collection[int]) -> list[list[int]]:
    """The ids of each of these units together with those of every unit above it."""
    parents = units.parents_by_id()
    return [chain_above(unit_id, parents) for unit_id in sorted(unit_ids)]


def units_touched(initiative: Initiative) -> set[int]:
    """The ids of the units that the plan has an impact on."""
    return {row.unit_id for phase in initiative.phases for row in phase.impacts}


def departments_touched(initiative: Initiative) -> set[int]:
    """The ids of the förvaltningar that take part: of each touched unit the one at the top of its tree."""
    return {place[-1] for place in places_of(units_touched(initiative))}


def own_and_simple(unit_id: int | None) -> list[Initiative]:
    """The proposals that the chief of a unit decides alone, by priority."""
    wanted = select(Initiative).options(WITH_PLAN).where(Initiative.status.in_(UNDECIDED))
    simple = wanted.where(Initiative.triage_class == TriageClass.SIMPLE).order_by(Initiative.rank)
    found = current_session().scalars(simple)
    return [one for one in found if is_own_and_simple(one.triage_class, places_of(units_touched(one)), unit_id)]


def labels_of(codes: Collection[str]) -> dict[str, list[str]]:
    """{code: what one should know before deciding}: that the assignment is unclear, that it is complex."""
    columns = (Initiative.code, Initiative.triage_class, Initiative.assignment_source, Initiative.clarity_answers)
    found: dict[str, list[str]] = {}
    for code, triaged, source, answered in current_session().execute(
        select(*columns).where(Initiative.code.in_(codes))
    ):
        unclear = [UNCLEAR_WORD] if is_unclear(source, answered) else []
        found[code] = [*unclear, *([TRIAGE_WORDS[TriageClass.COMPLEX]] if triaged == TriageClass.COMPLEX else [])]
    return found


STATE_UNKNOWN = "unknown"
NO_GOAL = "none"
"""What a filter by goal is where those are wanted that have no primary målområde."""
NOT_TRIAGED, UNCLEAR = "none", "unclear"
"""What a list can be asked for beside the classes: what nobody has sorted, what rests on an unclear assignment."""


def reports_fresh_since(now: datetime) -> datetime:
    """The moment from which a lägesrapport still holds, as the settings and the standstills are now."""
    return fresh_since(now, the_portfolio().report_days, capacity.calendar())


@dataclass(frozen=True, slots=True)
class Filter:
    """Which initiatives a list shows: every condition that is set must hold.

    `week` is the current one: a decided initiative whose week has come is found among the ongoing (§2).
    `state` is how it goes, told since `fresh_since`; STATE_UNKNOWN finds the ongoing of which nobody has told it.
    `goal` is the id of a målområde or programme, or NO_GOAL.
    `triage` is a class, NOT_TRIAGED or UNCLEAR; the last two only of what is open.
    """

    statuses: Collection[str] = ()
    unit: str | None = None
    owner: int | None = None
    text: str = ""
    week: Week | None = None
    state: str | None = None
    fresh_since: datetime | None = None
    goal: int | str | None = None
    triage: str | None = None


def initiatives(wanted: Filter) -> Select[Initiative]:
    """The initiatives of a list in the order of priority, those without a rank last."""
    found = _filtered(select(Initiative).options(WITH_PLAN), wanted)
    return found.order_by(Initiative.rank.is_(None), Initiative.rank, Initiative.id)


def _filtered(found: Chosen, wanted: Filter) -> Chosen:
    if wanted.statuses:
        found = found.where(_has_status(wanted.statuses, wanted.week))
    if wanted.owner is not None:
        found = found.where(Initiative.owner_id == wanted.owner)
    if wanted.state is not None and wanted.fresh_since is not None:
        found = found.where(_has_state(wanted.state, wanted.fresh_since, wanted.week))
    if wanted.goal is not None:
        found = found.where(_aims_at(wanted.goal))
    if wanted.triage is not None:
        found = found.where(_is_triaged(wanted.triage))
    for word in fold(wanted.text).split():
        found = found.where(Initiative.search_text.contains(word, autoescape=True))
    if wanted.unit is not None:
        found = found.where(Initiative.id.in_(_touching(wanted.unit)))
    return found


def _aims_at(goal: int | str) -> ColumnElement[bool]:
    if goal == NO_GOAL:
        return Initiative.id.not_in(select(AimRow.initiative_id))
    aiming = select(AimRow.initiative_id).where(AimRow.goal_id == goal)
    return or_(Initiative.id.in_(aiming), Initiative.programme_id == goal)


def _is_triaged(triage: str) -> ColumnElement[bool]:
    if triage == NOT_TRIAGED:
        return and_(Initiative.triage_class.is_(None), Initiative.status.in_(OPEN))
    if triage == UNCLEAR:
        return and_(_rests_on_an_unclear_assignment(), Initiative.status.in_(OPEN))
    return Initiative.triage_class == triage


def _rests_on_an_unclear_assignment() -> ColumnElement[bool]:
    return and_(Initiative.assignment_source.in_(POLITICAL), Initiative.clarity_answers < CLEAR_FROM)


def _has_state(state: str, since: datetime, week: Week | None) -> ColumnElement[bool]:
    if state == STATE_UNKNOWN:
        stale = or_(Initiative.reported_at.is_(None), Initiative.reported_at < since)
        return and_(_has_status((Status.ONGOING,), week), stale)
    fresh = and_(Initiative.reported_state == state, Initiative.reported_at >= since)
    return and_(fresh, Initiative.status.in_(REPORTABLE))


def _has_status(statuses: Collection[str], week: Week | None) -> ColumnElement[bool]:
    stored = Initiative.status.in_(statuses)
    if week is None or (Status.DECIDED in statuses) == (Status.ONGOING in statuses):
        return stored
    if Status.ONGOING in statuses:
        return or_(stored, and_(Initiative.status == Status.DECIDED, Initiative.start_week <= week))
    return and_(stored, or_(Initiative.status != Status.DECIDED, Initiative.start_week > week))


def _touching(code: str) -> Select[int]:
    tree = capacity.tree()
    below = {code, *tree.below(code)} if code in tree.units else set()
    ids = [unit_id for unit_code, unit_id in units.ids_by_code().items() if unit_code in below]
    return (
        select(PhaseRow.initiative_id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(ImpactRow.unit_id.in_(ids))
    )


def initiatives_in(wanted: Filter) -> Sequence[Initiative]:
    """The initiatives of a list in the order of priority, without their plans."""
    found = _filtered(select(Initiative), wanted)
    return current_session().scalars(found.order_by(Initiative.rank.is_(None), Initiative.rank, Initiative.id)).all()


def page_of(wanted: Filter, after: int | None, limit: int) -> Sequence[Initiative]:
    """At most `limit` initiatives in the order of their ids, after the id `after`: the API's cursor."""
    found = initiatives(wanted).order_by(None).order_by(Initiative.id).limit(limit)
    if after is not None:
        found = found.where(Initiative.id > after)
    return current_session().scalars(found).all()


class RatedShare(NamedTuple):
    """How many impacts, an initiative on a unit each, somebody has rated, of how many."""

    rated: int
    total: int


def rated_share(unit_ids: Collection[int]) -> RatedShare:
    """How far the rating has come of the open initiatives on these units."""
    unrated = func.max(case((ImpactRow.impact.is_(None), 1), else_=0)).label("unrated")
    pairs = _open_impacts(unit_ids, PhaseRow.initiative_id, ImpactRow.unit_id, unrated).group_by(
        PhaseRow.initiative_id, ImpactRow.unit_id
    )
    found = pairs.subquery()
    total, left = current_session().execute(select(func.count(), func.sum(found.c.unrated)).select_from(found)).one()
    return RatedShare(total - (left or 0), total)


def unrated_impacts(unit_ids: Collection[int]) -> list[tuple[str, str, int]]:
    """(initiative, title, unit's id) of every impact on these units that nobody has rated, by priority."""
    wanted = _open_impacts(unit_ids, Initiative.code, Initiative.title, ImpactRow.unit_id, Initiative.rank)
    wanted = wanted.where(ImpactRow.impact.is_(None)).distinct().order_by(Initiative.rank, Initiative.code)
    return [(code, title, unit_id) for code, title, unit_id, _ in current_session().execute(wanted)]


def _open_impacts(unit_ids: Collection[int], *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Initiative)
        .join(PhaseRow, PhaseRow.initiative_id == Initiative.id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(Initiative.status.in_(OPEN), ImpactRow.unit_id.in_(unit_ids))
    )


TO_ACKNOWLEDGE = (Status.IN_PREPARATION, Status.PROPOSED, Status.DECIDED, Status.ONGOING)
"""Whose impacts the receiving chefs are asked about, the most urgent first: what is about to be decided."""


def impacts_to_acknowledge(unit_ids: Collection[int]) -> list[tuple[Initiative, int, AcknowledgementRow | None]]:
    """Each initiative on each of these units with the answer on its present plan, None while there is none."""
    touched = _open_impacts(unit_ids, Initiative.id, ImpactRow.unit_id).distinct()
    pairs = touched.where(Initiative.status.in_(TO_ACKNOWLEDGE)).subquery()
    wanted = (
        select(Initiative, pairs.c.unit_id, AcknowledgementRow)
        .join(pairs, pairs.c.id == Initiative.id)
        .outerjoin(
            AcknowledgementRow,
            and_(AcknowledgementRow.initiative_id == Initiative.id, AcknowledgementRow.unit_id == pairs.c.unit_id),
        )
        .options(WITH_PLAN)
    )
    found = [(row, unit_id, answer) for row, unit_id, answer in current_session().execute(wanted)]
    order = {status: at for at, status in enumerate(TO_ACKNOWLEDGE)}
    return sorted(found, key=lambda one: (order[Status(one[0].status)], one[0].rank or 0, one[1]))


def open_ids_in_order() -> list[int]:
    """The ids of the open initiatives in the order of priority."""
    wanted = select(Initiative.id).where(Initiative.rank.is_not(None)).order_by(Initiative.rank)
    return list(current_session().scalars(wanted))


def aims_of(rows: Collection[Initiative]) -> dict[int, Aims]:
    """What each initiative aims at, by its id; one question."""
    wanted = select(AimRow.initiative_id, AimRow.goal_id).where(AimRow.initiative_id.in_([row.id for row in rows]))
    areas: dict[int, tuple[int, ...]] = {}
    for key, goal_id in current_session().execute(wanted.order_by(AimRow.initiative_id, AimRow.place)):
        areas[key] = (*areas.get(key, ()), goal_id)
    return {row.id: Aims(areas.get(row.id, ()), row.programme_id, row.goal_text) for row in rows}


ENDINGS = (Kind.REJECT, Kind.COMPLETE, Kind.CANCEL)
"""The decisions that close an initiative: it keeps the words of its goals that it had then."""


def words_from(rows: Collection[Initiative], now: datetime) -> dict[int, datetime]:
    """The moment whose words tell what each initiative aims at: now while it is open, else when it was closed.

    One that came closed from a list has the words of the day when it was read in.
    """
    closed = {row.id: row.created_at for row in rows if row.status not in OPEN}
    wanted = select(DecisionRow.initiative_id, DecisionRow.decided_at).where(
        DecisionRow.initiative_id.in_(closed), DecisionRow.kind.in_(ENDINGS), DecisionRow.undone_at.is_(None)
    )
    if closed:
        closed |= {key: at for key, at in current_session().execute(wanted.order_by(DecisionRow.id))}
    return {row.id: closed.get(row.id, now) for row in rows}


def aim_names_of(rows: Collection[Initiative], card: Scorecard, now: datetime) -> dict[int, AimNames]:
    """What each initiative aims at, by name."""
    moments = words_from(rows, now)
    return {key: names_of(aims, card, moments[key]) for key, aims in aims_of(rows).items()}


def decisions_of(initiative_id: int) -> Sequence[DecisionRow]:
    """The decisions on an initiative, newest first."""
    wanted = select(DecisionRow).where(DecisionRow.initiative_id == initiative_id)
    return current_session().scalars(wanted.order_by(DecisionRow.id.desc())).all()


def decision(decision_id: int) -> DecisionRow:
    """One decision; NotFound if there is none."""
    row = current_session().get(DecisionRow, decision_id)
    if row is None:
        raise NotFound
    return row


def decision_on(initiative: Initiative, decision_id: int) -> DecisionRow:
    """One decision on an initiative; NotFound if there is none, or it is about another."""
    row = decision(decision_id)
    if row.initiative_id != initiative.id:
        raise NotFound
    return row


def lessons_of(initiative_id: int) -> Sequence[LessonRow]:
    """What was learnt from an initiative, in the order in which it was told."""
    wanted = select(LessonRow).where(LessonRow.initiative_id == initiative_id)
    return current_session().scalars(wanted.order_by(LessonRow.id)).all()


def handover_of(initiative_id: int) -> HandoverRow | None:
    """What became of the work when an initiative was completed; None where nobody has told."""
    return current_session().get(HandoverRow, initiative_id)


def answered_by(initiative_ids: Collection[int]) -> dict[int, set[int]]:
    """{initiative's id: ids of the units whose chiefs have answered on the impact on them}, of some initiatives."""
    columns = (AcknowledgementRow.initiative_id, AcknowledgementRow.unit_id)
    wanted = select(*columns).where(AcknowledgementRow.initiative_id.in_(initiative_ids))
    found: dict[int, set[int]] = {initiative_id: set() for initiative_id in initiative_ids}
    for initiative_id, unit_id in current_session().execute(wanted):
        found[initiative_id].add(unit_id)
    return found


def acknowledgements_of(initiative_id: int) -> Sequence[AcknowledgementRow]:
    """The receiving chefs' answers on an initiative."""
    wanted = select(AcknowledgementRow).where(AcknowledgementRow.initiative_id == initiative_id)
    return current_session().scalars(wanted.order_by(AcknowledgementRow.unit_id)).all()


def titles_of(codes: Collection[str]) -> dict[str, str]:
    """{code: title} of some initiatives."""
    wanted = select(Initiative.code, Initiative.title).where(Initiative.code.in_(codes))
    return dict(current_session().execute(wanted).all())


def person_known_as(word: str) -> Person | None:
    """The active person with this function or e-mail address, whatever the letters' case; None if unknown."""
    folded = fold(word)
    if not folded:
        return None
    active = current_session().scalars(select(Person).where(Person.active).order_by(Person.id))
    return next((one for one in active if folded in (fold(one.function), fold(one.email or ""))), None)


def function_of(person_id: int | None) -> str | None:
    """A person's function; None for nobody."""
    return None if person_id is None else current_session().get_one(Person, person_id).function


def code_exists(code: str) -> bool:
    """Whether an initiative has this code."""
    return current_session().scalar(select(Initiative.id).where(Initiative.code == code)) is not None


def last_rank() -> int:
    """The last place in the order of priority, 0 if nothing is open."""
    return current_session().scalar(select(func.max(Initiative.rank))) or 0


def decided_until(week: Week) -> Sequence[Initiative]:
    """The decided initiatives whose start week is `week` or earlier."""
    wanted = select(Initiative).where(Initiative.status == Status.DECIDED, Initiative.start_week <= week)
    return current_session().scalars(wanted.order_by(Initiative.id)).all()


def dragging(now: datetime) -> dict[str, Week]:
    """The counting initiatives that drag on (capacity kernel §2): {code: their promised last week}."""
    return capacity.past_their_end(this_week(now))


def unnoted(codes: Collection[str]) -> Sequence[str]:
    """Those of some initiatives of which it has not been noted yet that they drag on."""
    wanted = select(Initiative.code).where(Initiative.code.in_(codes), ~Initiative.dragging_noted)
    return current_session().scalars(wanted.order_by(Initiative.code)).all() if codes else []


def code_of(initiative_id: int) -> str:
    """The code of an initiative that is known to exist."""
    return current_session().scalars(select(Initiative.code).where(Initiative.id == initiative_id)).one()


def initiatives_by_id(ids: Collection[int]) -> Sequence[Initiative]:
    """Some initiatives, without their plans."""
    return current_session().scalars(select(Initiative).where(Initiative.id.in_(ids))).all()


ORDERS = ("rank", "title", "status", "state", "owner", "start")
"""What a list can be ordered by."""


def _ordered_by(order: str, now: datetime) -> tuple[SQLColumnExpression[Any], ...]:
    """The columns of one of ORDERS: what is missing comes last, then the column that may be turned round."""
    columns: dict[str, tuple[SQLColumnExpression[Any], ...]] = {
        "rank": (Initiative.rank.is_(None), Initiative.rank),
        "title": (Initiative.title_folded,),
        "status": (case({status: at for at, status in enumerate(Status)}, value=Initiative.status),),
        "state": (_by_state(now),),
        "owner": (Person.function.is_(None), Person.function),
        "start": (Initiative.start_week.is_(None), Initiative.start_week),
    }
    return columns[order]


def _by_state(now: datetime) -> SQLColumnExpression[Any]:
    """What needs attention first: a decision, then what nobody knows, then what is to be watched."""
    since, week = reports_fresh_since(now), this_week(now)
    order = (ReportState.NEEDS_DECISION, STATE_UNKNOWN, ReportState.WATCH, ReportState.ON_TRACK)
    return case(*((_has_state(state, since, week), at) for at, state in enumerate(order)), else_=len(order))


LISTED = (
    Initiative.id,
    Initiative.code,
    Initiative.title,
    Initiative.status,
    Initiative.rank,
    Initiative.start_week,
    Initiative.reported_state,
    Initiative.reported_at,
    Initiative.assignment_source,
    Initiative.clarity_answers,
)
"""What a line needs of its initiative."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. `weeks` is the plan's length without standstill, `units` are codes.

    `state` is how it goes, None where nobody knows; `state_word` the same in words, empty where it is not asked for.
    """

    code: str
    title: str
    status: Status
    rank: int | None
    owner: str
    start: Week | None
    weeks: int
    units: tuple[str, ...]
    state: ReportState | None
    state_word: str
    unclear: bool


def lines(wanted: Filter, order: str, *, descending: bool, first: int, limit: int, now: datetime) -> list[Line]:
    """At most `limit` lines from number `first` (0 is the first), in one of ORDERS; six questions at the most."""
    owner = func.coalesce(Person.function, Initiative.owner_text)
    found = _filtered(select(*LISTED, owner), wanted)
    *missing_last, by = _ordered_by(order, now)
    found = found.outerjoin(Person, Person.id == Initiative.owner_id)
    found = found.order_by(*missing_last, by.desc() if descending else by, Initiative.id)
    page = found.offset(first).limit(limit)
    rows = current_session().execute(page).all()
    ids = page.with_only_columns(Initiative.id)  # asked for again: a long list has more than a statement may carry
    lengths, touched, since = _lengths_of(ids), _units_of(ids), reports_fresh_since(now)
    return [_line(row, lengths, touched, now, since) for row in rows]


def _line(
    row: Sequence[Any],
    lengths: Mapping[int, int],
    touched: Mapping[int, tuple[str, ...]],
    now: datetime,
    since: datetime,
) -> Line:
    key, code, title, stored, rank, start, state, reported_at, source, answered, owner = row
    status, shown = status_now(Status(stored), start, this_week(now)), shown_state(state, reported_at, since)
    if status not in REPORTABLE:
        shown = None
    weeks, units_of = lengths.get(key, 0), touched.get(key, ())
    unclear = status in OPEN and is_unclear(source, answered)
    return Line(code, title, status, rank, owner, start, weeks, units_of, shown, state_word(status, shown), unclear)


def _lengths_of(ids: Select[int]) -> dict[int, int]:
    wanted = select(PhaseRow.initiative_id, func.sum(PhaseRow.weeks)).where(PhaseRow.initiative_id.in_(ids))
    return {key: int(weeks) for key, weeks in current_session().execute(wanted.group_by(PhaseRow.initiative_id))}


def _units_of(ids: Select[int]) -> dict[int, tuple[str, ...]]:
    codes = units.codes_by_id()
    wanted = (
        select(PhaseRow.initiative_id, ImpactRow.unit_id)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(PhaseRow.initiative_id.in_(ids))
        .distinct()
        .order_by(PhaseRow.initiative_id, ImpactRow.unit_id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for key, unit_id in current_session().execute(wanted):
        found[key] = (*found.get(key, ()), codes[unit_id])
    return found


def number_of(wanted: Filter) -> int:
    """How many initiatives a list has."""
    return current_session().scalar(_filtered(select(func.count(Initiative.id)), wanted)) or 0


def ongoing_number(now: datetime) -> int:
    """How many initiatives are ongoing, those included whose week has come before the clock has said so."""
    come = and_(Initiative.status == Status.DECIDED, Initiative.start_week <= this_week(now))
    wanted = select(func.count(Initiative.id)).where(or_(Initiative.status == Status.ONGOING, come))
    return current_session().scalar(wanted) or 0


def owners() -> Sequence[tuple[int, str]]:
    """The ids and functions of everybody who owns an initiative, active or not."""
    wanted = select(Person.id, Person.function).where(Person.id.in_(select(Initiative.owner_id)))
    return [(person_id, function) for person_id, function in current_session().execute(wanted)]

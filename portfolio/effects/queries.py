"""Read effektmål, nyckeltal and what was answered about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select, tuple_

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.time import today
from portfolio.effects.models import EffectAnswerRow, EffectGoalRow, IndicatorRow, MeasurementRow
from portfolio.effects.rules.following import OCCASIONS, WHOLE, Answer, settled
from portfolio.effects.rules.goals import EffectGoal, Light, clear, measurable, realistic
from portfolio.effects.rules.measuring import Indicator, Measured
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.plans import units_touched
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.units import queries as units
from portfolio.units.rules import chain_above


def goals_of(initiative_id: int) -> dict[int, EffectGoal]:
    """The effektmål of an initiative by their ids, in the order in which they were written."""
    return goals_of_each([initiative_id])[initiative_id]


def goals_of_each(ids: Collection[int]) -> dict[int, dict[int, EffectGoal]]:
    """The same of several initiatives, by their ids: one question, however many."""
    wanted = select(EffectGoalRow).where(EffectGoalRow.initiative_id.in_(ids)).order_by(EffectGoalRow.id)
    found: dict[int, dict[int, EffectGoal]] = {one: {} for one in ids}
    codes = units.codes_by_id()
    for row in current_session().scalars(wanted) if ids else ():
        found[row.initiative_id][row.id] = goal_in(row, codes)
    return found


def goal_in(row: EffectGoalRow, codes: Mapping[int, str]) -> EffectGoal:
    """The effektmål that is stored in a row."""
    unit = None if row.unit_id is None else codes[row.unit_id]
    first = (row.change, row.for_whom, row.baseline, row.target, row.by_when, row.source)
    return EffectGoal(*first, row.benefit, row.hours, row.tkr, unit)


def goal_row(initiative: Initiative, goal_id: int) -> EffectGoalRow:
    """An effektmål of an initiative; NotFound if there is none, or it is another's."""
    row = current_session().get(EffectGoalRow, goal_id)
    if row is None or row.initiative_id != initiative.id:
        raise NotFound
    return row


def lights_of(initiative: Initiative, goals: Iterable[EffectGoal]) -> list[list[Light]]:
    """The three lights of each effektmål."""
    answers = [(row.unit_id, row.answer) for row in acknowledgements_of(initiative.id)]
    third = realistic(units_touched(initiative), answers)
    return [[clear(goal), measurable(goal), third] for goal in goals]


_NUMBERS = (
    select(EffectGoalRow.initiative_id, func.count(EffectGoalRow.id))
    .where(EffectGoalRow.initiative_id.in_(bindparam("ids", expanding=True)))
    .group_by(EffectGoalRow.initiative_id)
)


def number_of_goals(ids: Collection[int]) -> dict[int, int]:
    """How many effektmål each of some initiatives has, by its id; those that have none are not there."""
    return dict(current_session().execute(_NUMBERS, {"ids": list(ids)}).all()) if ids else {}


@dataclass(frozen=True, slots=True)
class Followed:
    """A nyckeltal with its id, the effektmål that it belongs to, and what has been measured, the oldest first.

    Among others it brings only what was measured last: it may have hundreds of values.
    """

    id: int
    goal_id: int
    indicator: Indicator
    values: Sequence[Measured]

    @property
    def outcome(self) -> Measured | None:
        """Utfall: what was measured last."""
        return self.values[-1] if self.values else None


def indicators_of(goal_ids: Collection[int]) -> dict[int, list[Followed]]:
    """The nyckeltal of some effektmål, by their ids, each with its latest value; two questions, however many."""
    wanted = select(IndicatorRow).where(IndicatorRow.effect_goal_id.in_(goal_ids))
    rows = current_session().scalars(wanted.order_by(IndicatorRow.place)).all() if goal_ids else []
    latest = _latest_values([row.id for row in rows])
    found: dict[int, list[Followed]] = {one: [] for one in goal_ids}
    for row in rows:
        found[row.effect_goal_id].append(
            Followed(row.id, row.effect_goal_id, indicator_in(row), latest.get(row.id, []))
        )
    return found


def indicator_in(row: IndicatorRow) -> Indicator:
    """The nyckeltal that is stored in a row."""
    return Indicator(row.name, row.measured_in, row.baseline, row.target, row.source, row.forecast)


def _latest_values(ids: Collection[int]) -> dict[int, list[Measured]]:
    last = select(MeasurementRow.indicator_id, func.max(MeasurementRow.day)).group_by(MeasurementRow.indicator_id)
    which = tuple_(MeasurementRow.indicator_id, MeasurementRow.day)
    wanted = select(MeasurementRow).where(which.in_(last.where(MeasurementRow.indicator_id.in_(ids))))
    rows = current_session().scalars(wanted) if ids else ()
    return {row.indicator_id: [Measured(row.day, row.value)] for row in rows}


def number_of_values(indicator_id: int, *, but: Collection[date]) -> int:
    """How many values a nyckeltal has, apart from those of some days."""
    wanted = select(func.count()).where(MeasurementRow.indicator_id == indicator_id, MeasurementRow.day.not_in(but))
    return current_session().scalar(wanted) or 0


def indicator_row(initiative: Initiative, indicator_id: int) -> IndicatorRow:
    """A nyckeltal of an initiative; NotFound if there is none, or it is another's."""
    row = current_session().get(IndicatorRow, indicator_id)
    if row is None:
        raise NotFound
    goal_row(initiative, row.effect_goal_id)
    return row


def followed(initiative: Initiative, indicator_id: int) -> Followed:
    """One nyckeltal of an initiative with all that has been measured; NotFound as above."""
    row = indicator_row(initiative, indicator_id)
    wanted = select(MeasurementRow).where(MeasurementRow.indicator_id == row.id).order_by(MeasurementRow.day)
    values = [Measured(one.day, one.value) for one in current_session().scalars(wanted)]
    return Followed(row.id, row.effect_goal_id, indicator_in(row), values)


def completed_on(initiative_ids: Collection[int]) -> dict[int, date]:
    """The day on which each of some initiatives was completed, by its id."""
    wanted = select(DecisionRow.initiative_id, func.max(DecisionRow.decided_at)).where(
        DecisionRow.initiative_id.in_(initiative_ids),
        DecisionRow.undone_at.is_(None),
        DecisionRow.kind == Kind.COMPLETE,
    )
    found = current_session().execute(wanted.group_by(DecisionRow.initiative_id)) if initiative_ids else ()
    return {key: today(at) for key, at in found}


def answer_rows(initiative_ids: Collection[int]) -> Sequence[EffectAnswerRow]:
    """What was answered about some initiatives, the oldest occasion first."""
    wanted = select(EffectAnswerRow).where(EffectAnswerRow.initiative_id.in_(initiative_ids))
    ordered = wanted.order_by(EffectAnswerRow.initiative_id, EffectAnswerRow.months, EffectAnswerRow.id)
    return current_session().scalars(ordered).all() if initiative_ids else []


def asked_about(goals: Mapping[int, EffectGoal]) -> list[int]:
    """What is asked about when an initiative is followed up: each effektmål, or the initiative as a whole."""
    return list(goals) or [WHOLE]


def settled_occasions(ids: Collection[int]) -> dict[int, frozenset[int]]:
    """At which occasions everything has been answered, of each of some initiatives by its id; two questions."""
    given: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for row in answer_rows(ids):
        given[row.initiative_id, row.months][row.effect_goal_id or WHOLE] = row.answer
    goals = goals_of_each([*{key for key, _ in given}])
    return {
        one: frozenset(
            months
            for months in OCCASIONS
            if (one, months) in given and settled(given[one, months], asked_about(goals[one]), months)
        )
        for one in ids
    }


@dataclass(frozen=True, slots=True)
class Reach:
    """An effektmål of an initiative that is or was carried out, with its latest answer; None while nobody has asked.

    `top` is the id of the förvaltning or bolag where something is freed.
    """

    code: str
    title: str
    status: Status
    goal_id: int
    goal: EffectGoal
    answer: Answer | None
    top: int | None


CARRIED_OUT = (Status.DECIDED, Status.ONGOING, Status.PAUSED, Status.FOLLOW_UP, Status.CLOSED)
"""The statuses whose effektmål are counted: a proposal has promised nothing yet, and a stop is let off."""


def reaches() -> list[Reach]:
    """Every effektmål that somebody has decided to reach, by initiative."""
    wanted = (
        select(EffectGoalRow, Initiative.code, Initiative.title, Initiative.status)
        .join(Initiative, Initiative.id == EffectGoalRow.initiative_id)
        .where(Initiative.status.in_(CARRIED_OUT))
        .order_by(Initiative.id, EffectGoalRow.id)
    )
    rows = current_session().execute(wanted).all()
    latest = {row.effect_goal_id: row.answer for row in answer_rows([*{row.initiative_id for row, *_ in rows}])}
    codes, parents = units.codes_by_id(), units.parents_by_id()
    return [
        Reach(
            code,
            title,
            Status(status),
            row.id,
            goal_in(row, codes),
            Answer(latest[row.id]) if row.id in latest else None,
            None if row.unit_id is None else chain_above(row.unit_id, parents)[-1],
        )
        for row, code, title, status in rows
    ]


def number_cancelled() -> int:
    """How many initiatives were cancelled in time."""
    wanted = select(func.count(Initiative.id)).where(Initiative.status == Status.CANCELLED)
    return current_session().scalar(wanted) or 0

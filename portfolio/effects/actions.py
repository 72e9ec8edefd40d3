"""Write effektmål and nyckeltal, keep what is measured, and answer what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, select

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.effects import queries
from portfolio.effects.models import EffectAnswerRow, EffectGoalRow, IndicatorRow, MeasurementRow
from portfolio.effects.rules.following import LAST, WHOLE, Given, is_success, occasion, settled, told
from portfolio.effects.rules.goals import MOST_GOALS, EffectGoal, errors_in, unready
from portfolio.effects.rules.measuring import (
    MOST_INDICATORS,
    MOST_VALUES,
    TOO_MANY,
    TOO_MANY_VALUES,
    Indicator,
    Measured,
)
from portfolio.events.effects import (
    EffectAnswered,
    EffectGoalRemoved,
    EffectGoalWritten,
    IndicatorMeasured,
    IndicatorRemoved,
    IndicatorWritten,
)
from portfolio.events.event import Json
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.decisions.taking import Outcome, close_followed_up
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.ending import Lesson
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import OPEN, Status
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure, may_edit, may_report
from portfolio.units import queries as units

MEASURED_IN = OPEN | {Status.FOLLOW_UP}
"""The statuses in which a nyckeltal lives: what is over is not measured here any longer."""

NOT_YET = "Effekten följs upp igen tolv månader efter avslutet."


def write_goal(
    code: str, given: EffectGoal, *, goal_id: int | None = None, version: int | None = None, by: Actor, now: datetime
) -> int:
    """Write an effektmål of an open initiative, or give the one with `goal_id` other words; its id.

    By whoever may change the initiative's texts. Once it has been completed nobody rewrites what it was to reach.
    """
    initiative = _to_write(code, version, by)
    _ensure_whole(given)
    stored = queries.goals_of(initiative.id)
    if goal_id is None and len(stored) >= MOST_GOALS:
        raise Invalid({"_form": [f"Ett initiativ har högst {MOST_GOALS} effektmål."]})
    row = EffectGoalRow(initiative_id=initiative.id) if goal_id is None else queries.goal_row(initiative, goal_id)
    changes = _changes(None if goal_id is None else stored[goal_id], given)
    if not changes:
        return row.id
    for name, value in asdict(given).items():
        if name != "unit":
            setattr(row, name, value)
    row.unit_id = None if given.unit is None else units.unit_by_code(given.unit).id
    current_session().add(row)
    _judge_anew(initiative, now)
    event = EffectGoalWritten(initiative=code, goal=row.id, change=given.change, changes=changes)
    record(event, by=by.name, now=now)
    return row.id


def _ensure_whole(given: EffectGoal) -> None:
    errors = errors_in(given)
    if given.unit is not None and given.unit not in units.ids_by_code():
        errors |= {"unit": ["Välj en enhet i listan."]}
    if errors:
        raise Invalid(errors)


def _changes(before: EffectGoal | Indicator | None, after: EffectGoal | Indicator) -> dict[str, Json]:
    """{field: [before, after]} of what differs; of something new, of what has been written."""
    was, becomes = asdict(before) if before else dict[str, object](), asdict(after)
    return {
        name: [_as_json(was.get(name)), _as_json(value)]
        for name, value in becomes.items()
        if (was[name] != value if was else value not in (None, ""))
    }


def _as_json(value: object) -> Json:
    if isinstance(value, date):
        return value.isoformat()
    assert value is None or isinstance(value, str | int | float)
    return value


def _judge_anew(initiative: Initiative, now: datetime) -> None:
    """Let the initiative know how many of its effektmål are not ready for a decision."""
    current_session().flush()  # they are read again
    initiative.effects_unready = unready(queries.goals_of(initiative.id).values())
    touch(initiative, now)


def remove_goal(code: str, goal_id: int, *, version: int | None = None, by: Actor, now: datetime) -> None:
    """Take an effektmål of an open initiative away, with its nyckeltal."""
    initiative = _to_write(code, version, by)
    row = queries.goal_row(initiative, goal_id)
    event = EffectGoalRemoved(initiative=code, goal=goal_id, change=row.change)
    current_session().delete(row)
    _judge_anew(initiative, now)
    record(event, by=by.name, now=now)


def _to_write(code: str, version: int | None, by: Actor) -> Initiative:
    initiative = _locked(code)
    ensure(may_edit(by, initiative.owner_id, initiative.proposer_id))
    ensure_unchanged(version, initiative.version)
    _ensure_status(initiative, OPEN)
    return initiative


def _locked(code: str) -> Initiative:
    lock_portfolio()
    return initiative_by_code(code, lock=True)


def _ensure_status(initiative: Initiative, allowed: frozenset[Status]) -> None:
    if initiative.status not in allowed:
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))


def may_measure(initiative: Initiative, by: Actor) -> bool:
    """Whether somebody may follow an initiative's figures and effect: who writes of it, and who reports."""
    mine = may_edit(by, initiative.owner_id, initiative.proposer_id)
    return mine or may_report(by, initiative.owner_id, initiative.delegate_id)


def write_indicator(
    code: str,
    goal_id: int,
    given: Indicator,
    *,
    indicator_id: int | None = None,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Write a nyckeltal of an effektmål, or change the one with `indicator_id`; its id. Invalid of a fourth one.

    Stale if the initiative has another `version` than the one in which the nyckeltal was read.
    """
    initiative = _to_measure(code, by)
    ensure_unchanged(version, initiative.version)
    goal = queries.goal_row(initiative, goal_id)
    stored = {one.id: one.indicator for one in queries.indicators_of([goal.id])[goal.id]}
    if indicator_id is not None and indicator_id not in stored:
        raise NotFound
    if not given.name.strip():
        raise Invalid({"name": ["Skriv vad nyckeltalet heter."]})
    if indicator_id is None and len(stored) >= MOST_INDICATORS:
        raise Invalid({"_form": [TOO_MANY]})
    changes = _changes(None if indicator_id is None else stored[indicator_id], given)
    if indicator_id is not None and not changes:
        return indicator_id
    if indicator_id is None:
        row = IndicatorRow(effect_goal_id=goal.id, place=_free_place(goal.id))
    else:
        row = queries.indicator_row(initiative, indicator_id)
    for name, value in asdict(given).items():
        setattr(row, name, value)
    current_session().add(row)
    current_session().flush()  # the event names it
    touch(initiative, now)
    event = IndicatorWritten(initiative=code, goal=goal.id, indicator=row.id, title=given.name, changes=changes)
    record(event, by=by.name, now=now)
    return row.id


def _free_place(goal_id: int) -> int:
    taken = set(current_session().scalars(select(IndicatorRow.place).where(IndicatorRow.effect_goal_id == goal_id)))
    return min(set(range(1, MOST_INDICATORS + 1)) - taken)


def remove_indicator(code: str, indicator_id: int, *, by: Actor, now: datetime) -> None:
    """Take a nyckeltal away, with what was measured."""
    initiative = _to_measure(code, by)
    row = queries.indicator_row(initiative, indicator_id)
    event = IndicatorRemoved(initiative=code, goal=row.effect_goal_id, indicator=row.id, title=row.name)
    current_session().delete(row)
    record(event, by=by.name, now=now)


def measure(code: str, indicator_id: int, values: Sequence[Measured], *, by: Actor, now: datetime) -> None:
    """Keep measured values: a day that has one already gets the new one.

    Invalid of a day that has not been, and of more values than a nyckeltal keeps.
    """
    initiative = _to_measure(code, by)
    row = queries.indicator_row(initiative, indicator_id)
    ahead = [one.day for one in values if one.day > today(now)]
    if ahead:
        raise Invalid({"pasted": [f"{min(ahead).isoformat()} har inte varit än."]})
    if not values:
        raise Invalid({"pasted": ["Klistra in minst en rad med datum och värde."]})
    days = [one.day for one in values]
    if queries.number_of_values(row.id, but=days) + len(days) > MOST_VALUES:
        raise Invalid({"pasted": [TOO_MANY_VALUES]})
    gone = delete(MeasurementRow).where(MeasurementRow.indicator_id == row.id, MeasurementRow.day.in_(days))
    current_session().execute(gone)
    current_session().add_all(MeasurementRow(indicator_id=row.id, day=one.day, value=one.value) for one in values)
    kept: dict[str, Json] = {one.day.isoformat(): one.value for one in values}
    event = IndicatorMeasured(initiative=code, indicator=row.id, title=row.name, values=kept)
    record(event, by=by.name, now=now)


def _to_measure(code: str, by: Actor) -> Initiative:
    initiative = _locked(code)
    ensure(may_measure(initiative, by))
    _ensure_status(initiative, MEASURED_IN)
    return initiative


def follow_up(
    code: str, given: Mapping[int, Given], lesson: Lesson | None = None, *, by: Actor, now: datetime
) -> Outcome | None:
    """Answer what came of each effektmål, WHOLE where there is none; the decision where the last answer closes it.

    `lesson` is what others can use of what was reached, and is kept with that decision. An answer at the same
    occasion takes the place of the one before. NotAllowedNow between the occasions.
    """
    initiative = _locked(code)
    ensure(may_measure(initiative, by))
    _ensure_status(initiative, frozenset({Status.FOLLOW_UP}))
    goals = queries.goals_of(initiative.id)
    asked = queries.asked_about(goals)
    months = open_occasion(initiative, now)
    if months is None:
        raise Invalid({"_form": [NOT_YET]})
    _ensure_answered(asked, given)
    calls = {one: goals[one].change if one else initiative.title for one in asked}
    _keep(initiative, months, {one: given[one] for one in asked}, by, now)
    answers: list[Json] = [
        {"goal": one or None, "change": calls[one], "answer": given[one].answer, "text": given[one].text}
        for one in asked
    ]
    record(EffectAnswered(initiative=code, months=months, answers=answers), by=by.name, now=now)
    if months != LAST or not settled({one: given[one].answer for one in asked}, asked, LAST):
        return None
    reason = told([(calls[one], given[one]) for one in asked])
    is_lesson = lesson is not None and is_success(given[one] for one in asked)
    return close_followed_up(code, reason, lesson if is_lesson else None, by=by, now=now)


def open_occasion(initiative: Initiative, now: datetime) -> int | None:
    """How many months after completion the question is that is open now; None between them.

    What came completed from a list is asked about as if it had been completed long ago.
    """
    completed = queries.completed_on([initiative.id]).get(initiative.id)
    if completed is None:
        return LAST
    return occasion(completed, today(now), queries.settled_occasions([initiative.id])[initiative.id])


def _ensure_answered(asked: Sequence[int], given: Mapping[int, Given]) -> None:
    errors = {
        f"text.{one}": ["Skriv en mening om vad det blev."]
        for one in asked
        if one in given and not given[one].text.strip()
    }
    errors |= {f"answer.{one}": ["Välj ett svar."] for one in asked if one not in given}
    if errors:
        raise Invalid(errors)


def _keep(initiative: Initiative, months: int, given: Mapping[int, Given], by: Actor, now: datetime) -> None:
    before = delete(EffectAnswerRow).where(
        EffectAnswerRow.initiative_id == initiative.id, EffectAnswerRow.months == months
    )
    current_session().execute(before)
    current_session().add_all(
        EffectAnswerRow(
            initiative_id=initiative.id,
            effect_goal_id=None if one == WHOLE else one,
            months=months,
            answer=answer.answer,
            text=answer.text,
            answered_by=by.name,
            answered_at=now,
        )
        for one, answer in given.items()
    )

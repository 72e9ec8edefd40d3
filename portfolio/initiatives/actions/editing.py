"""Change what an initiative says, its owner, its wished plan and its forecast."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from portfolio.base.errors import Invalid, NotAllowedNow, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week
from portfolio.capacity.actions.gate import pass_gate
from portfolio.capacity.models import ConflictRow
from portfolio.events.event import Event, Json
from portfolio.events.initiatives import ForecastReported, InitiativeEdited, OwnerChanged, PlanChanged
from portfolio.initiatives.actions.acknowledging import forget_answers
from portfolio.initiatives.actions.fields import TEXTS, aim_at, ensure_done, refold, touch
from portfolio.initiatives.actions.holding import record_change
from portfolio.initiatives.actions.plans import ensure_units_known, plan_as_json, set_phases
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.aims import aims_of, words_from
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import standing_plan_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import COUNTING, UNDECIDED
from portfolio.outbox.actions import record
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure, may, may_edit
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import AIM_FIELDS, aims_changed, names_of

LONGEST_FORECAST = 5 * 52
"""Weeks: a forecast further ahead than this is a slip of the pen, and every week of it loads the units."""


def edit(code: str, fields: Mapping[str, Any], *, version: int | None, by: Actor, now: datetime) -> list[ConflictRow]:
    """Change an initiative's texts, owner, forecast, and its wished plan while it does not count.

    A counting initiative's plan changes by decision only. A new owner of a counting initiative passes the
    gate. A later forecast is reality: it moves the load at once, and the new conflicts are given back.
    """
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    ensure_may_edit(initiative, fields, by)
    ensure_units_known(fields.get("phases") or ())
    ensure_done(fields, now)
    ensure_unchanged(version, initiative.version)
    _ensure_plan_is_free(initiative, fields, now)
    events = [
        *_edit_texts(initiative, fields),
        *_edit_aims(initiative, fields, now),
        *_edit_plan(initiative, fields),
        *_edit_owner(initiative, fields, now),
        *_edit_delegate(initiative, fields),
        *_edit_forecast(initiative, fields, now),
    ]
    if not events:
        return []
    touch(initiative, now)
    for event in events[:-1]:
        record(event, by=by.name, now=now)
    return record_change(initiative, events[-1], f"{initiative.code} ändrades", by, now)


def ensure_may_edit(initiative: Initiative, fields: Mapping[str, Any], by: Actor) -> None:
    """Refuse with NotPermitted a change of fields that are not the actor's to change."""
    if set(fields) <= {"diarienummer"} and may(by, May.SET_CASE_NUMBER):
        return
    ensure(may_edit(by, initiative.owner_id, initiative.proposer_id))


def _ensure_plan_is_free(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> None:
    status = status_of(initiative, now)
    if {"start_week", "phases"} & set(fields) and status not in UNDECIDED:
        raise NotAllowedNow(status, kinds_allowed(status))


def _edit_texts(initiative: Initiative, fields: Mapping[str, Any]) -> Iterable[Event]:
    changes: dict[str, Json] = {}
    for name in TEXTS:
        if name in fields and getattr(initiative, name) != fields[name]:
            before = getattr(initiative, name)
            changes[name] = [_as_json(before), _as_json(fields[name])]
            setattr(initiative, name, fields[name])
    if changes:
        refold(initiative)
        yield InitiativeEdited(initiative=initiative.code, changes=changes)


def _edit_aims(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> Iterable[Event]:
    if not AIM_FIELDS & set(fields):
        return
    card, at = scorecard(), words_from([initiative], now)[initiative.id]
    aims = aims_of([initiative])[initiative.id]
    known_as = names_of(aims, card, at)
    wanted = aims_changed(aims, known_as, fields, card, now)
    if wanted != aims:
        aim_at(initiative, wanted)
        before, after = known_as.fields(), names_of(wanted, card, at).fields()
        changes: dict[str, Json] = {name: [before[name], after[name]] for name in sorted(AIM_FIELDS & set(fields))}
        changed = {name: pair for name, pair in changes.items() if before[name] != after[name]}
        yield InitiativeEdited(initiative=initiative.code, changes=changed)


def _edit_plan(initiative: Initiative, fields: Mapping[str, Any]) -> Iterable[Event]:
    if not {"start_week", "phases"} & set(fields):
        return
    before = plan_as_json(initiative)
    if "start_week" in fields:
        initiative.start_week = fields["start_week"]
    if "phases" in fields:
        set_phases(initiative, fields["phases"])
    after = plan_as_json(initiative)
    if before != after:
        forget_answers(initiative)
        yield PlanChanged(initiative=initiative.code, before=before, after=after)


def _edit_owner(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> Iterable[Event]:
    if "owner" not in fields:
        return
    owner: Person | None = fields["owner"]
    before = initiative.owner_id
    if before == (owner.id if owner else None):
        return
    initiative.owner_id, initiative.owner_text = (owner.id if owner else None), ""
    if initiative.status in COUNTING:
        pass_gate(standing_plan_of(initiative, now), now)
    yield OwnerChanged(
        initiative=initiative.code,
        before=function_of(before),
        after=owner.function if owner else None,
    )


def _edit_delegate(initiative: Initiative, fields: Mapping[str, Any]) -> Iterable[Event]:
    if "delegate" not in fields:
        return
    delegate: Person | None = fields["delegate"]
    before = initiative.delegate_id
    initiative.delegate_id = None if delegate is None else delegate.id
    if initiative.delegate_id != before:
        functions: list[Json] = [function_of(before), delegate.function if delegate else None]
        yield InitiativeEdited(initiative=initiative.code, changes={"delegate": functions})


def _edit_forecast(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> Iterable[Event]:
    if "forecast_end_week" not in fields or fields["forecast_end_week"] == initiative.forecast_end_week:
        return
    week: Week | None = fields["forecast_end_week"]
    if week is not None and week < this_week(now):
        raise Invalid({"forecast_end_week": ["Välj en vecka som inte har varit än."]})
    if week is not None and week > this_week(now) + LONGEST_FORECAST:
        raise Invalid({"forecast_end_week": [f"Välj en vecka inom {LONGEST_FORECAST // 52} år."]})
    initiative.forecast_end_week, initiative.dragging_noted = week, False
    yield ForecastReported(initiative=initiative.code, week=None if week is None else format_week(week))


def report_forecast(initiative: Initiative, week: Week, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """The last week that a lägesrapport expects, taken as `edit` takes it; the new conflicts.

    Call under the lock, once it is clear that the actor may report and after everything else of the report.
    """
    opened: list[ConflictRow] = []
    for event in _edit_forecast(initiative, {"forecast_end_week": week}, now):
        opened += record_change(initiative, event, f"Ny prognos för {initiative.code}", by, now)
    return opened


def _as_json(value: date | str | int | None) -> Json:
    return value.isoformat() if isinstance(value, date) else value

"""An initiative, as it is answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from portfolio.base.time import this_week
from portfolio.base.weeks import format_week
from portfolio.capacity.rules.calendar import Calendar, Phase, lay_out
from portfolio.capacity.schemas import Json, moment
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.reported import ReportState, shown_state
from portfolio.initiatives.rules.statuses import Status, status_now
from portfolio.initiatives.schemas.dates import written_day, written_week
from portfolio.initiatives.schemas.plans import PhaseView
from portfolio.scorecard.rules import AimNames
from portfolio.web.strict import IsoWeek, View

STATES = [state.value for state in ReportState if state is not ReportState.NOTHING_NEW]
"""How an initiative can go."""


class InitiativeView(View):
    """An initiative. `owner` is a function; `owner_text` an owner whom an imported list names and nobody knows.

    `end_week` is the last planned week, `until` the day that it comes back, `paused_week` when it was paused.
    `delegate` is the function that reports in the owner's place. `reported_state` is how it goes: null where nobody
    has told since long (Uppgift saknas); `reported_at` is when somebody last did.
    """

    code = fields.String()
    title = fields.String()
    summary = fields.String()
    why = fields.String()
    if_we_wait = fields.String()
    status = fields.String(validate=validate.OneOf([status.value for status in Status]))
    owner = fields.String(allow_none=True)
    owner_text = fields.String()
    delegate = fields.String(allow_none=True)
    reported_state = fields.String(allow_none=True, validate=validate.OneOf([None, *STATES]))
    reported_at = fields.DateTime(allow_none=True)
    start_week = IsoWeek(allow_none=True)
    end_week = IsoWeek(allow_none=True)
    phases = fields.List(fields.Nested(PhaseView))
    rank = fields.Integer(allow_none=True)
    goal_area = fields.String(allow_none=True)
    other_goal_areas = fields.List(fields.String())
    programme = fields.String(allow_none=True)
    assignment_source = fields.String(allow_none=True)
    diarienummer = fields.String()
    legal_duty = fields.Boolean()
    must_finish_by = fields.Date(allow_none=True)
    risk_assessed_on = fields.Date(allow_none=True)
    consulted_on = fields.Date(allow_none=True)
    forecast_end_week = IsoWeek(allow_none=True)
    paused_week = IsoWeek(allow_none=True)
    until = fields.Date(allow_none=True)
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    version = fields.Integer()


@dataclass(frozen=True, slots=True)
class Known:
    """What every initiative in an answer is shown with: looked up once, however many there are.

    `codes` is {id: unit code}, `owners` {id: function}, `aims` what each initiative aims at, by its id.
    A lägesrapport from before `fresh_since` no longer holds.
    """

    codes: Mapping[int, str]
    owners: Mapping[int, str]
    aims: Mapping[int, AimNames]
    calendar: Calendar
    now: datetime
    fresh_since: datetime


def initiative_view(row: Initiative, known: Known) -> Json:
    """An initiative as InitiativeView has it."""
    phases = [_phase_of(phase.kind, phase.weeks, phase.impacts, known) for phase in row.phases]
    return {
        "code": row.code,
        "title": row.title,
        "summary": row.summary,
        "why": row.why,
        "if_we_wait": row.if_we_wait,
        "status": status_now(Status(row.status), row.start_week, this_week(known.now)),
        "owner": None if row.owner_id is None else known.owners[row.owner_id],
        "owner_text": row.owner_text,
        "delegate": None if row.delegate_id is None else known.owners[row.delegate_id],
        "reported_state": shown_state(row.reported_state, row.reported_at, known.fresh_since),
        "reported_at": None if row.reported_at is None else moment(row.reported_at),
        "start_week": written_week(row.start_week),
        "end_week": _end_week(row, known.calendar),
        "phases": phases,
        "rank": row.rank,
        "goal_area": known.aims[row.id].area,
        "other_goal_areas": list(known.aims[row.id].others),
        "programme": known.aims[row.id].programme,
        "assignment_source": row.assignment_source,
        "diarienummer": row.diarienummer,
        "legal_duty": row.legal_duty,
        "must_finish_by": written_day(row.must_finish_by),
        "risk_assessed_on": written_day(row.risk_assessed_on),
        "consulted_on": written_day(row.consulted_on),
        "forecast_end_week": written_week(row.forecast_end_week),
        "paused_week": written_week(row.paused_week),
        "until": written_day(row.until),
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "version": row.version,
    }


def _phase_of(kind: str, weeks: int, impacts: Iterable[Any], known: Known) -> Json:
    by_unit = {known.codes[row.unit_id]: row.impact for row in sorted(impacts, key=lambda row: row.unit_id)}
    return {"kind": kind, "weeks": weeks, "impacts": by_unit}


def _end_week(row: Initiative, calendar: Calendar) -> str | None:
    if row.start_week is None or not row.phases:
        return None
    length = Phase("", sum(phase.weeks for phase in row.phases), {})
    return format_week(lay_out(row.start_week, [length], calendar)[-1].last)

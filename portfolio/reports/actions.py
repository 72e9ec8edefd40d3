"""Give a lägesrapport."""

from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.weeks import format_week
from portfolio.capacity.models import ConflictRow
from portfolio.events.reports import HelpRequested, StatusReported
from portfolio.initiatives.actions.editing import report_forecast
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.reported import ReportState
from portfolio.initiatives.rules.statuses import REPORTABLE
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure, may_report
from portfolio.reports.models import Report
from portfolio.reports.rules import Given, help_after, state_after


def report(code: str, given: Given, *, by: Actor, now: datetime) -> tuple[Report, list[ConflictRow]]:
    """Tell how an initiative goes; the report, and the conflicts that a later forecast has opened.

    By its owner, its delegate, the coordinator or the chair (NotPermitted), of what is decided, runs or is paused
    (NotAllowedNow). A forecast is reality: it moves the load at once, and is never refused for lack of room.
    """
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    ensure(may_report(by, initiative.owner_id, initiative.delegate_id))
    status = status_of(initiative, now)
    if status not in REPORTABLE:
        raise NotAllowedNow(status, kinds_allowed(status))
    shown = state_after(given, initiative.reported_state)
    row = _stored(initiative, given, by, now)
    initiative.reported_state, initiative.reported_at = shown, now
    initiative.help_needed = help_after(given, initiative.help_needed)
    touch(initiative, now)
    _announce(initiative, row, shown, by, now)
    opened = [] if given.forecast is None else report_forecast(initiative, given.forecast, by=by, now=now)
    return row, opened


def _stored(initiative: Initiative, given: Given, by: Actor, now: datetime) -> Report:
    row = Report(initiative_id=initiative.id, state=given.state, text=given.text, help=given.help)
    row.forecast_end_week, row.reported_by, row.reported_at = given.forecast, by.name, now
    current_session().add(row)
    current_session().flush()  # the events name the report
    return row


def _announce(initiative: Initiative, row: Report, shown: ReportState, by: Actor, now: datetime) -> None:
    week = None if row.forecast_end_week is None else format_week(row.forecast_end_week)
    told = StatusReported(
        initiative=initiative.code, report=row.id, state=row.state, shown=shown, text=row.text, forecast=week
    )
    record(told, by=by.name, now=now)
    if row.help:
        record(HelpRequested(initiative=initiative.code, report=row.id, text=row.help), by=by.name, now=now)

"""Find lägesrapporter, and when the next one is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.capacity import queries as capacity
from portfolio.meetings.queries.series import closed_days, the_series
from portfolio.reports.models import Report
from portfolio.reports.rules import next_due


def reports_of(initiative_id: int) -> Sequence[Report]:
    """Every lägesrapport on an initiative, newest first."""
    wanted = select(Report).where(Report.initiative_id == initiative_id).order_by(Report.id.desc())
    return current_session().scalars(wanted).all()


def next_report_due(reported_at: datetime) -> datetime:
    """When the next lägesrapport is due after one that came at this time."""
    return next_due(reported_at, the_portfolio().report_days, the_series(), capacity.calendar(), closed_days())

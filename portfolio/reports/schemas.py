"""The shapes of lägesrapporter: in the form, in the API's calls, in its answers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from portfolio.base.weeks import format_week
from portfolio.capacity.schemas import Json, moment
from portfolio.initiatives.rules.reported import ReportState
from portfolio.initiatives.schemas.texts import EmptyText
from portfolio.reports.models import Report
from portfolio.reports.rules import LONGEST_TEXT, Given
from portfolio.web.fields import Choice, Form, Text, WeekField
from portfolio.web.strict import IsoWeek, View
from portfolio.web.weeks import WEEK_HELP

STATES = tuple(ReportState)
STATE_HELP = "Välj hur det går."


class ReportForm(Form):
    """What is filled in on the page: one answer, and where that is needed a few words."""

    state = Choice(STATES, required=True, error_messages={"required": STATE_HELP})
    text = Text(LONGEST_TEXT, load_default="")
    help = Text(LONGEST_TEXT, load_default="")
    forecast_end_week = WeekField(load_default=None, error_messages={"invalid": WEEK_HELP})


class ReportBody(Form):
    """A lägesrapport. `text` says what is done about it and is needed with `watch` and `needs_decision`.

    `help` is what the ledningsgrupp is asked for; it comes up at the next meeting. `forecast_end_week` is the last
    week that is expected now; null, or left out, leaves the forecast as it is.
    """

    state = Choice(STATES, required=True)
    text = EmptyText(LONGEST_TEXT, load_default="")
    help = EmptyText(LONGEST_TEXT, load_default="")
    forecast_end_week = IsoWeek(load_default=None, allow_none=True)


class ReportView(View):
    """A lägesrapport. `reported_by` is a function."""

    id = fields.Integer()
    state = fields.String(validate=validate.OneOf([state.value for state in ReportState]))
    text = fields.String()
    help = fields.String()
    forecast_end_week = IsoWeek(allow_none=True)
    reported_by = fields.String()
    reported_at = fields.DateTime()


def given_of(sent: Mapping[str, Any]) -> Given:
    """What a form or a body gives, as the action reads it."""
    return Given(ReportState(sent["state"]), sent["text"], sent["help"], sent["forecast_end_week"])


def report_view(row: Report) -> Json:
    """A lägesrapport as ReportView has it."""
    return {
        "id": row.id,
        "state": row.state,
        "text": row.text,
        "help": row.help,
        "forecast_end_week": None if row.forecast_end_week is None else format_week(row.forecast_end_week),
        "reported_by": row.reported_by,
        "reported_at": moment(row.reported_at),
    }

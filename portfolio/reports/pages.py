"""Lägesrapport: one question, answered with two taps where nothing is new."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import long_date, this_week
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.drafts import Values, nested
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.queries.states import reports_fresh_since, status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.reported import STATE_WORDS, ReportState, shown_state
from portfolio.initiatives.rules.statuses import REPORTABLE, STATUS_WORDS
from portfolio.meetings.queries.meetings import upcoming
from portfolio.people.access import me, requires
from portfolio.people.rules import May, ensure, may, may_report
from portfolio.reports import actions, queries
from portfolio.reports.rules import CHOICES
from portfolio.reports.schemas import ReportForm, given_of
from portfolio.web.clock import now
from portfolio.web.filters import long_day
from portfolio.web.flashes import Link, tell
from portfolio.web.forms import Errors, check
from portfolio.web.fragments import see, show

reports = Blueprint("reports", __name__)


SHOWN_EARLIER = 20
"""How many earlier reports the page lists."""


@reports.get("/initiativ/<code>/lagesrapport")
@requires(May.READ_DECIDED)
def new(code: str) -> Response:
    """The form. Reading it changes nothing, so a mail scanner may follow the link."""
    return _page(_to_report(code), {}, {})


@reports.post("/initiativ/<code>/lagesrapport")
@requires(May.READ_DECIDED)
def send(code: str) -> BaseResponse:
    """Keep the lägesrapport, and say when the next one is due."""
    at, form = now(), ReportForm()
    typed = {name: request.form.get(name, "") for name in form.fields}
    try:
        _to_report(code)
        given = given_of(check(form, nested(typed, this_week(at), form.fields)))
        with transaction():
            _, opened = actions.report(code, given, by=me(), now=at)
            collisions = len(opened)
    except Invalid as error:
        return _page(_to_report(code), typed, error.errors, status=422)
    tell(f"Tack. Nästa gång: {long_day(queries.next_report_due(at))}.")
    if given.help:
        _tell_which_meeting(at)
    if collisions:
        tell("Prognosen gör att taket överskrids. Krockarna finns på sidan och tas upp på nästa möte.", kind="watch")
    return see("initiatives.show", code=code)


def _tell_which_meeting(at: datetime) -> None:
    """When the help that somebody has just asked for is talked about."""
    meeting = upcoming(at)
    if meeting is not None:
        link = Link(label="Öppna dagordningen", href=url_for("meetings.agenda", day=meeting.day))
        day = long_date(meeting.day, weekday=True)
        tell(f"Det ni behöver hjälp med tas upp på mötet {day}.", link=link if may(me(), May.READ) else None)


def _to_report(code: str) -> Initiative:
    """The initiative, for those who may report on it, and may read of it at all."""
    by, initiative = me(), initiative_by_code(code)
    if initiative.status not in statuses_seen_by(by):
        raise NotFound
    ensure(may_report(by, initiative.owner_id, initiative.delegate_id))
    return initiative


def _page(initiative: Initiative, values: Values, errors: Errors, *, status: int = 200) -> Response:
    at = now()
    standing = status_of(initiative, at)
    earlier = queries.reports_of(initiative.id)
    return show(
        "reports/report.html",
        status=status,
        initiative=initiative,
        values=values,
        errors=errors,
        choices=CHOICES,
        state=_state(initiative, at),
        before=None if initiative.reported_state is None else STATE_WORDS[ReportState(initiative.reported_state)],
        over="" if standing in REPORTABLE else STATUS_WORDS[standing],
        earlier=earlier[:SHOWN_EARLIER],
    )


def _state(initiative: Initiative, at: datetime) -> ReportState | None:
    return shown_state(initiative.reported_state, initiative.reported_at, reports_fresh_since(at))

"""The API's calls about lägesrapporter."""

from portfolio.base.errors import NotFound
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.statuses import PROPOSALS
from portfolio.people.access import me
from portfolio.people.rules import May, may
from portfolio.reports import actions, queries
from portfolio.reports.schemas import ReportBody, ReportView, given_of, report_view
from portfolio.web.calls import Answer, Calls, Paging, Sent, page_of
from portfolio.web.clock import now
from portfolio.web.openapi import NotAllowedNow

calls = Calls("reports")

REPORTS = "/initiatives/<code:code>/reports"


def _visible(_raw: object, code: str) -> Initiative:
    row = initiative_by_code(code)
    if row.status in PROPOSALS and not may(me(), May.READ):
        raise NotFound
    return row


@calls.get(REPORTS, May.READ, find=_visible, query=Paging, gives=ReportView, listed=True)
def list_reports(sent: Sent, code: str) -> Answer:
    """The lägesrapporter on an initiative, the first one first."""
    return page_of(queries.reports_of(initiative_by_code(code).id), sent.query, report_view)


@calls.post(REPORTS, May.EDIT_ALL, find=_visible, takes=ReportBody, gives=ReportView, refuses=(NotAllowedNow,))
def give_report(sent: Sent, code: str) -> Answer:
    """Give a lägesrapport on what is decided, runs or is paused. A later forecast moves the load at once.

    With `nothing_new` what was told before still holds, and is fresh again.
    """
    row, _ = actions.report(code, given_of(sent.body), by=me(), now=now())
    return Answer(report_view(row))

"""How an initiative goes, as its lägesrapporter say, and how long they hold."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from portfolio.base.time import STOCKHOLM, today
from portfolio.base.weeks import week_of
from portfolio.capacity.rules.calendar import Calendar
from portfolio.initiatives.rules.statuses import REPORTABLE, Status


class ReportState(StrEnum):
    """How an initiative goes, as its lägesrapport says."""

    ON_TRACK = "on_track"
    WATCH = "watch"
    NEEDS_DECISION = "needs_decision"
    NOTHING_NEW = "nothing_new"
    """Only in a report, never the state of an initiative: what was told before still holds."""


STATE_WORDS = {
    ReportState.ON_TRACK: "Enligt plan",
    ReportState.WATCH: "Behöver bevakas",
    ReportState.NEEDS_DECISION: "Behöver beslut",
    ReportState.NOTHING_NEW: "Inget nytt",
}
STATE_MISSING = "Uppgift saknas"
"""What is shown of an initiative that runs while nobody knows how it goes."""

OLDEST_REPORT = timedelta(days=800)
"""What a lägesrapport can hold at the very most, when a municipality stands still for years."""


def fresh_since(now: datetime, report_days: int, calendar: Calendar) -> datetime:
    """The moment from which a lägesrapport still holds: the beginning of the day `report_days` days ago.

    A standstill does not age a report: nothing runs then and nobody is asked, so its days are not counted. But
    nothing older than OLDEST_REPORT holds, however long everything stands still.
    """
    last = today(now)
    days = (last - timedelta(days=number) for number in range(OLDEST_REPORT.days))
    counted = (day for day in days if not calendar.stands_still(week_of(day)))
    oldest = next(islice(counted, report_days, None), last - OLDEST_REPORT)
    return datetime.combine(oldest, time(), STOCKHOLM).astimezone(UTC)


def shown_state(state: str | None, reported_at: datetime | None, since: datetime) -> ReportState | None:
    """The state to show; None is "Uppgift saknas": never reported, or before `since` (`fresh_since`)."""
    if state is None or reported_at is None or reported_at < since:
        return None
    return ReportState(state)


def state_word(status: Status, shown: ReportState | None) -> str:
    """The state in words; of one that does not run, an absent state is no news and has no word."""
    if status not in REPORTABLE or (shown is None and status is not Status.ONGOING):
        return ""
    return STATE_MISSING if shown is None else STATE_WORDS[shown]

"""Which meeting is next, and which there have been."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import today
from portfolio.base.workdays import AlwaysClosed, moment
from portfolio.events.meetings import MeetingMoved
from portfolio.meetings.models import MeetingRow
from portfolio.meetings.queries.series import closed_days, the_series
from portfolio.meetings.rules.series import freeze_of, next_meeting
from portfolio.outbox.models import EventRow

LONGEST = timedelta(hours=12)
"""For so long a meeting that nobody has ended goes on."""

EARLY = timedelta(days=2)
"""No longer than this before its hour a meeting can begin: what it does not take up is deferred past it."""

LATE = timedelta(hours=4)
"""For so long after its hour a meeting that has not begun is still the next one."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as everything else sees it: a stored one, or the next one of the series before it is stored.

    `freezes_at` is when its agenda is to be frozen; `row` is None until somebody or the clock has stored it. It is
    held where the settings say, until the agenda that tells the place is frozen.
    """

    starts_at: datetime
    freezes_at: datetime
    place: str
    row: MeetingRow | None = None

    @property
    def day(self) -> date:
        """The day in Sweden, which names the meeting in addresses and events."""
        return today(self.starts_at)

    @property
    def begins_from(self) -> datetime:
        """When it can begin at the earliest."""
        return self.starts_at - EARLY

    @property
    def frozen(self) -> bool:
        """Whether the agenda has been frozen."""
        return self.row is not None and self.row.frozen_at is not None

    @property
    def began(self) -> bool:
        """Whether it has begun."""
        return self.row is not None and self.row.began_at is not None

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.row is not None and self.row.ended_at is not None


def upcoming(now: datetime) -> Meeting | None:
    """The meeting that goes on, or else the next one; None if the municipality has closed every day to come."""
    held = going_on(now)
    if held is not None:
        return held
    after = max(now - LATE, _latest_over() or now - LATE)
    try:
        starts_at = next_meeting(after, the_series(), closed_days())
    except AlwaysClosed:
        return None
    planned = planned_row(starts_at)
    return Meeting(starts_at, _freeze(starts_at), the_portfolio().meeting_place) if planned is None else _met(planned)


_GOING_ON = (
    select(MeetingRow)
    .where(MeetingRow.began_at > bindparam("began_after"), MeetingRow.began_at <= bindparam("now"))
    .where(MeetingRow.ended_at.is_(None))
    .order_by(MeetingRow.began_at.desc())
    .limit(1)
)


def going_on(now: datetime) -> Meeting | None:
    """The meeting that has begun and not ended. One that nobody has ended stops nothing on the days after."""
    row = current_session().scalars(_GOING_ON, {"now": now, "began_after": now - LONGEST}).first()
    return None if row is None else _met(row)


def the_one_after(meeting: Meeting, now: datetime) -> date:
    """The day of the meeting after this one; in a municipality that has closed every day to come a week later."""
    try:
        return today(next_meeting(max(meeting.starts_at, now), the_series(), closed_days()))
    except AlwaysClosed:
        return meeting.day + timedelta(days=7)


def planned_row(starts_at: datetime) -> MeetingRow | None:
    """The stored meeting that begins at this time."""
    return current_session().scalar(select(MeetingRow).where(MeetingRow.starts_at == starts_at))


_BETWEEN = (
    select(MeetingRow)
    .where(MeetingRow.starts_at >= bindparam("begins"), MeetingRow.starts_at < bindparam("ends"))
    .order_by(MeetingRow.starts_at)
)


def on(day: date, now: datetime) -> Meeting:
    """The meeting on a day: a stored one, or the next one; NotFound if there is none."""
    begins, ends = moment(day, "00:00"), moment(day + timedelta(days=1), "00:00")
    row = current_session().scalars(_BETWEEN, {"begins": begins, "ends": ends}).first()
    if row is not None:
        return _met(row)
    following = upcoming(now)
    if following is None or following.day != day:
        raise NotFound
    return following


def beside(meeting: Meeting) -> tuple[date | None, date | None]:
    """The days of the stored meetings before and after this one; None where there is none."""
    before = select(func.max(MeetingRow.starts_at)).where(MeetingRow.starts_at < meeting.starts_at)
    after = select(func.min(MeetingRow.starts_at)).where(MeetingRow.starts_at > meeting.starts_at)
    found = [current_session().scalar(one) for one in (before, after)]
    first, last = (None if at is None else today(at) for at in found)
    return first, last


def moved_to(day: date) -> date | None:
    """The day that the meeting which was planned for this one has been moved to, on and on; None if none was."""
    told = select(EventRow.data).where(EventRow.type == MeetingMoved.name).order_by(EventRow.seq)
    at = day
    for move in map(json.loads, current_session().scalars(told)):
        if today(datetime.fromisoformat(move["before"])) == at:
            at = today(datetime.fromisoformat(move["after"]))
    return None if at == day else at


def _latest_over() -> datetime | None:
    """When the latest meeting that is over began: the next one comes after it."""
    return current_session().scalar(select(func.max(MeetingRow.starts_at)).where(MeetingRow.ended_at.is_not(None)))


def _met(row: MeetingRow) -> Meeting:
    place = row.place if row.frozen_at is not None or row.began_at is not None else the_portfolio().meeting_place
    return Meeting(row.starts_at, _freeze(row.starts_at), place, row)


def _freeze(starts_at: datetime) -> datetime:
    return freeze_of(starts_at, closed_days())

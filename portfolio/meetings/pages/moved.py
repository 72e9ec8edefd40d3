"""A meeting by its day in an address; one that has been moved is found at the day where it is now."""

from datetime import date

from flask import abort, request

from portfolio.base.errors import NotFound
from portfolio.base.time import long_date
from portfolio.meetings.queries.meetings import Meeting, moved_to, on
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.fragments import see


def meeting_on(day: date) -> Meeting:
    """The meeting on a day; NotFound if there is none. Whoever asks for one that was moved is sent on and told so."""
    try:
        return on(day, now())
    except NotFound:
        to = moved_to(day)
        if to is None:
            raise
    tell(f"Mötet {long_date(day)} är flyttat till {long_date(to, weekday=True)}.", kind="info")
    here = request.endpoint if request.method == "GET" else None
    abort(see(here or "meetings.agenda", day=to))

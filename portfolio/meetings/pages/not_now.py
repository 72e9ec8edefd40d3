"""Det här gör vi inte nu: what is deferred, rejected, paused or cancelled, with the reason."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Response, request

from portfolio.base.time import today
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.writing import put_off
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.turning import turned_to
from portfolio.meetings.queries.not_now import SetAside, set_aside
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.filters import long_day
from portfolio.web.fragments import show

AGAIN: Mapping[Kind, str] = {
    Kind.REJECT: "När skälet inte längre gäller",
    Kind.CANCEL: "Med ett nytt förslag",
}
"""When something may be taken up again that no day has been set for."""


class Line(NamedTuple):
    """One initiative as the page shows it."""

    code: str
    title: str
    what: str
    reason: str
    decided: str
    again: str


@meetings.get("/inte-nu")
@requires(May.READ_DECIDED)
def not_now() -> Response:
    """What the municipality does not do now. Whoever reads only what is decided sees no proposals."""
    lines = [_line(one) for one in set_aside(statuses_seen_by(me()), now())]
    shown, turning = turned_to(lines, "meetings.not_now", request.args.get("sida"))
    return show("meetings/not_now.html", number=len(lines), lines=shown, turning=turning)


def _line(one: SetAside) -> Line:
    decision, initiative = one.decision, one.initiative
    reason = decision.reason if decision is not None else ""
    decided = long_day(today(decision.decided_at)) if decision is not None else ""
    again = long_day(one.until) if one.until is not None else AGAIN.get(one.kind, "Ingen dag är satt")
    return Line(initiative.code, initiative.title, put_off(one.kind, one.until), reason, decided, again)

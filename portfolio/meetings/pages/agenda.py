"""Dagordning: it builds itself; the coordinator orders it, the members ask, and at the hour it is frozen."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound
from portfolio.base.text import listed
from portfolio.base.time import STOCKHOLM, long_date
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.statuses import Status
from portfolio.initiatives.rules.triage import is_simple_proposal
from portfolio.initiatives.rules.undoing import UNDO_SECONDS
from portfolio.meetings.actions import arranging
from portfolio.meetings.pages.about import about
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.choosing import code_meant
from portfolio.meetings.pages.moved import meeting_on
from portfolio.meetings.pages.points import Point, points_of
from portfolio.meetings.pages.refusals import NO_LONGER_THERE, no_longer_there
from portfolio.meetings.queries.agenda import Agenda, agenda_of
from portfolio.meetings.queries.meetings import Meeting, beside, upcoming
from portfolio.meetings.rules.agenda import MOST_DECISIONS, OVER
from portfolio.meetings.schemas import AddForm, QuestionForm
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.web.clock import now
from portfolio.web.flashes import Undo, tell
from portfolio.web.forms import Errors, number_in, read
from portfolio.web.fragments import htmx, see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

NOT_MOVED = {"key": "", "pressed": ""}
"""What a page says of the item that was just arranged where none was."""


@meetings.get("/dagordning")
@requires(May.READ)
def following() -> BaseResponse:
    """The agenda of the next meeting, wherever it is in the calendar."""
    meeting = upcoming(now())
    if meeting is None:
        return show("meetings/no_meeting.html", may_set=may(me(), May.MANAGE_PEOPLE))
    return see("meetings.agenda", day=meeting.day)


@meetings.get("/dagordning/<day:day>")
@requires(May.READ)
def agenda(day: date) -> Response:
    """One meeting's agenda. It is live: an open page asks for it again."""
    version = version_shown(url_for("meetings.agenda", day=day), me().name, me().role)
    if is_unchanged(version):
        return unchanged(version)
    return _page(day, {}, {}, version=version)


@meetings.get("/dagordning/<day:day>/infor")
@requires(May.READ)
def beforehand(day: date) -> Response:
    """Inför mötet: the same on paper."""
    found = agenda_of(meeting_on(day), now())
    shown = _shown(found)
    told = {
        point.item.key: about(point.item.codes[0], found) for point in shown["points"] if len(point.item.codes) == 1
    }
    return show("meetings/beforehand.html", about=told, **shown)


@meetings.post("/dagordning/<day:day>/ordna")
@requires(May.LEAD_MEETINGS)
def arrange(day: date) -> BaseResponse:
    """Move an item, hold it back or take it up after all: what the pressed button says, or the address of an undo.

    With JavaScript the list alone is drawn again, and the focus stays on the item (`moved`, and the way it went).
    """
    key, moved = request.values.get("item", ""), NOT_MOVED
    with no_longer_there():
        moved = {"key": key, "pressed": _arranged(day, key)}
    return _page(day, {}, {}, moved=moved, fragment=True) if htmx else see("meetings.agenda", day=day)


def _arranged(day: date, key: str) -> str:
    """Do what was asked with the item, and tell of it with a button that takes it back; which way the item went:
    `up`, `down`, `out` or `in`.
    """
    if "place" in request.values:
        place = number_in(request.values["place"])
        if not place:
            raise Invalid({"place": ["Skriv vilken plats punkten ska ha, till exempel 2."]})
        with transaction():
            before = arranging.move_item(day, key, place, by=me(), now=now())
        tell("Punkten är flyttad.", undo=_undo(day, item=key, place=before))
        return "up" if place < before else "down"
    out = request.values.get("held_back") == "1"
    with transaction():
        arranging.hold_back(day, key, out, by=me(), now=now())
    told = "Punkten hålls inne. Den tas upp på ett senare möte." if out else "Punkten tas upp på mötet."
    tell(told, undo=_undo(day, item=key, held_back=int(not out)))
    return "out" if out else "in"


def _undo(day: date, **asked: object) -> Undo:
    address = url_for("meetings.arrange", day=day, **asked)  # type: ignore[arg-type]
    return Undo(action=address, label="Ångra", seconds=UNDO_SECONDS)


@meetings.post("/dagordning/<day:day>/lagg-till")
@requires(May.LEAD_MEETINGS)
def add(day: date) -> BaseResponse:
    """Put an initiative on the agenda."""
    try:
        form = read(AddForm())
        code = code_meant(form["code"])
        with transaction():
            arranging.add_item(day, code, form["reason"], by=me(), now=now())
    except Invalid as error:
        return _page(day, request.form, error.errors, status=422)
    except NotAllowedNow as error:
        over = "Mötet är avslutat. Lägg till initiativet på nästa möte."
        why = over if error.status == OVER else "Initiativet är avslutat och kan inte tas upp."
        return _page(day, request.form, {"code": [why]}, status=409)
    tell(f"{code} är tillagd på dagordningen.")
    return see("meetings.agenda", day=day)


@meetings.post("/dagordning/<day:day>/fraga")
@requires(May.ASK_QUESTIONS)
def ask(day: date) -> BaseResponse:
    """Ask something about an item before the meeting."""
    try:
        form = read(QuestionForm())
        with transaction():
            arranging.ask(day, form["item"], form["text"], by=me(), now=now())
    except Invalid as error:
        return _page(day, request.form, error.errors, status=422)
    except (NotFound, NotAllowedNow):
        gone = {"question": [f"{NO_LONGER_THERE} Du skrev: {request.form.get('text', '')}"]}
        return _page(day, request.form, gone, status=409)
    tell("Frågan är sparad. Den syns för alla i mötet.")
    return see("meetings.agenda", day=day)


@meetings.post("/dagordning/<day:day>/fraga/<int:number>/ta-bort")
@requires(May.ASK_QUESTIONS, May.LEAD_MEETINGS)
def withdraw_question(day: date, number: int) -> BaseResponse:
    """Take a question away."""
    with suppress(NotFound), transaction():  # somebody else may just have taken it away
        arranging.withdraw_question(day, number, by=me(), now=now())
    tell("Frågan är borttagen.")
    return see("meetings.agenda", day=day)


@meetings.post("/dagordning/<day:day>/las")
@requires(May.LEAD_MEETINGS)
def freeze(day: date) -> BaseResponse:
    """Freeze the agenda before its hour."""
    with transaction():
        arranging.freeze(day, by=me(), now=now())
    tell("Dagordningen är låst. Det som ändras nu märks ut.")
    return see("meetings.agenda", day=day)


def _page(
    day: date,
    typed: Mapping[str, str],
    errors: Errors,
    *,
    status: int = 200,
    version: str = "",
    moved: Mapping[str, str] | None = None,
    fragment: bool = False,
) -> Response:
    found = agenda_of(meeting_on(day), now())
    shown = _shown(found)
    return show(
        "meetings/agenda.html",
        "live_agenda",
        status=status,
        typed=typed,
        errors=errors,
        version=version or version_shown(url_for("meetings.agenda", day=day), me().name, me().role),
        moved=_where_focus_goes(moved or NOT_MOVED, shown["points"], shown["aside"]),
        flashes_oob=fragment,
        asks_as=me().name,
        beside=beside(found.meeting),
        may_lead=may(me(), May.LEAD_MEETINGS) and not found.meeting.ended,
        may_ask=may(me(), May.ASK_QUESTIONS) and not found.meeting.ended,
        **shown,
    )


def _where_focus_goes(moved: Mapping[str, str], points: Sequence[Point], aside: Sequence[Point]) -> Mapping[str, str]:
    """The item that gets the focus and the way it went: what has been held back leaves it to the one after it."""
    left = next((point.place for point in aside if point.item.key == moved["key"]), 0)
    if moved["pressed"] != "out" or not left or not points:
        return moved
    following = next((point for point in points if point.place > left), points[-1])
    return {"key": following.item.key, "pressed": "in"}


def _shown(found: Agenda) -> dict[str, Any]:
    """What the agenda says, on the screen and on paper."""
    points = points_of(found)
    return {
        "meeting": found.meeting,
        "title": title_of(found.meeting),
        "frozen_told": _frozen_told(found.meeting),
        "points": [point for point in points if point.number is not None],
        "aside": [point for point in points if point.number is None],
        "waiting": sum(item.waits for item in found.items),
        "to_add": sorted(found.names.titles.items()),
        "too_many": sum(item.waits for item in found.items) > MOST_DECISIONS,
        "most": MOST_DECISIONS,
        "stale": [(one.code, one.title) for one in found.stale],
        "unready": [(one.code, one.title, _lacks(one)) for one in found.unready],
    }


def _lacks(one: Initiative) -> str:
    """Why something proposed or prepared cannot be decided at this meeting."""
    if one.until is not None:
        return f"kommer tillbaka {long_date(one.until)}"
    if is_simple_proposal(one.status, one.triage_class):
        return "är sorterat som enkelt men stannar inte i en förvaltning. Sortera det igen"
    lacks = [
        ("startvecka", one.start_week is None),
        ("steg", not one.phases),
        ("beredning", one.status == Status.PROPOSED),
    ]
    return f"saknar {listed([word for word, is_missing in lacks if is_missing])}"


def title_of(meeting: Meeting) -> str:
    """`Dagordning tisdag 24 november`."""
    return f"Dagordning {long_date(meeting.day, weekday=True)}"


def _frozen_told(meeting: Meeting) -> str:
    """When it begins and where, whether it goes on or is over, and when the agenda is or was frozen."""
    begins = f"kl. {meeting.starts_at.astimezone(STOCKHOLM):%H.%M}"
    place = f", {meeting.place}" if meeting.place else ""
    if meeting.ended:
        return f"Mötet är avslutat ({begins}{place})."
    if meeting.began:
        return f"Mötet pågår ({begins}{place})."
    if meeting.row is not None and meeting.row.frozen_at is not None:
        at = meeting.row.frozen_at.astimezone(STOCKHOLM)
        return f"Börjar {begins}{place}. Låst {long_date(at.date(), weekday=True)} kl. {at:%H.%M}."
    at = meeting.freezes_at.astimezone(STOCKHOLM)
    return f"Börjar {begins}{place}. Låses {long_date(at.date(), weekday=True)} kl. {at:%H.%M}."

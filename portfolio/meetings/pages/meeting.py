"""Mötet: the items to the left, the decision to the right, the same on the coordinator's screen and the projector."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotReady, OverCapacity, Stale
from portfolio.base.time import STOCKHOLM, long_date, this_week
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.asking import wished_of
from portfolio.initiatives.pages.deciding import SAY_WHY, with_choice
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.outcomes import outcome_told
from portfolio.initiatives.pages.proposal import typed
from portfolio.initiatives.pages.verdicts import heading_of_refusal
from portfolio.initiatives.rules.undoing import UNDO_SECONDS, may_still_undo
from portfolio.meetings.actions import holding
from portfolio.meetings.pages.about import about
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.deciding import asked_at_meeting, decided_on, form_of, with_reason_to_start
from portfolio.meetings.pages.moved import meeting_on
from portfolio.meetings.pages.points import Point, points_of
from portfolio.meetings.pages.refusals import NO_LONGER_THERE, no_longer_there
from portfolio.meetings.pages.told import told_of
from portfolio.meetings.queries.agenda import Agenda, agenda_of
from portfolio.meetings.queries.completed import outcomes_for_everybody
from portfolio.meetings.queries.meetings import Meeting, going_on, on
from portfolio.meetings.queries.outcomes import Decided, item_ended_by
from portfolio.meetings.schemas import ground_in
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.web.clock import now
from portfolio.web.flashes import Undo, is_telling, tell
from portfolio.web.forms import Errors, number_in
from portfolio.web.fragments import htmx, see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

STILL_OVER = (
    "Det går inte att ångra, för då skulle taket överskridas igen. Vill ni ha det som förut: öppna initiativet "
    "och återuppta det den vecka då det ryms, eller med ett motiverat undantag."
)
"""Why a decision that gave room, such as a pause, is not taken back, and what can be done instead."""


@meetings.get("/mote/<day:day>")
@requires(May.READ)
def meeting(day: date) -> Response:
    """The meeting. `?visa=projektor` only follows; whoever leads it else decides here, with `?kind=` its form."""
    follows = not _leads() or request.args.get("visa") == "projektor"
    version = _version(day, follows=follows)
    if is_unchanged(version):
        return unchanged(version)
    return _page(day, follows=follows, version=version)


@meetings.post("/mote/<day:day>/borja")
@requires(May.LEAD_MEETINGS)
def begin(day: date) -> BaseResponse:
    """Begin the meeting."""
    with transaction():
        holding.begin(day, by=me(), now=now())
    return see("meetings.meeting", day=day)


@meetings.post("/mote/<day:day>/visa")
@requires(May.LEAD_MEETINGS)
def show_item(day: date) -> BaseResponse:
    """Show an item on every screen."""
    with no_longer_there(), transaction():
        holding.show_item(day, request.form.get("item", ""), by=me(), now=now())
    return see("meetings.meeting", day=day, _anchor="punkten")


@meetings.post("/mote/<day:day>/beslut")
@requires(May.LEAD_MEETINGS)
def decide(day: date) -> BaseResponse:
    """End the item with a decision, or change the form by one of its buttons and look again."""
    values, key = typed(), request.form.get("item", "")
    initiative, kind = decided_on(values)
    if "choose" in request.form:
        return _page(day, values=with_choice(values, request.form["choose"]), look=True)
    try:
        asked = asked_at_meeting(initiative, kind, values)
        with transaction():
            version = number_in(values.get("version"))
            ground = ground_in(values)
            done = holding.decide_item(day, key, initiative.code, asked, ground, version=version, by=me(), now=now())
            told, ended = wished_of(done.initiative, kind, asked), item_ended_by(on(day, now()), done.decision.id)
    except Invalid as error:
        errors = drafts.named_as_typed(error, values).errors
        return _page(day, values=values, errors=errors, status=422)
    except Stale as error:
        kept = values | {"version": str(error.current)}
        return _page(day, values=kept, status=412, changes=["Initiativet har en ny version."])
    except NotReady:
        return _page(day, values=values, errors={"despite": [SAY_WHY]}, status=409)
    except OverCapacity:
        return _page(day, values=values, look=True, status=409, refused=True)
    except NotFound:
        tell(NO_LONGER_THERE, kind="watch")
        return see("meetings.meeting", day=day)
    undo = Undo(action=url_for("meetings.undo", day=day, item=ended), label="Ångra", seconds=UNDO_SECONDS)
    tell(f"Beslutat: {outcome_told(told, this_week(now()))}", undo=undo)
    return see("meetings.meeting", day=day)


@meetings.post("/mote/<day:day>/prova")
@requires(May.LEAD_MEETINGS)
def try_decision(day: date) -> Response:
    """What the decision would come to, and whether it fits."""
    found, values = agenda_of(meeting_on(day), now()), typed()
    return show("meetings/_preview.html", **form_of(found, _point_of(found, points_of(found), values), values, {}))


@meetings.post("/mote/<day:day>/angra")
@requires(May.LEAD_MEETINGS)
def undo(day: date) -> BaseResponse:
    """Take the decision on an item back."""
    try:
        with transaction():
            holding.undo_item(day, request.args.get("item", ""), by=me(), now=now())
    except OverCapacity:
        tell(STILL_OVER, kind="watch")
    except (NotFound, NotAllowedNow):
        tell("Det går inte längre att ångra. Ändra beslutet med ett nytt beslut.", kind="watch")
    else:
        tell("Beslutet är ångrat. Punkten väntar på beslut igen.")
    return see("meetings.meeting", day=day)


@meetings.post("/mote/<day:day>/avsluta")
@requires(May.LEAD_MEETINGS)
def end(day: date) -> BaseResponse:
    """End the meeting; what it had no time for is deferred to the next one."""
    with transaction():
        deferred = holding.end(day, by=me(), now=now())
    points = "punkt" if len(deferred) == 1 else "punkter"
    more = f" {len(deferred)} {points} bordlades till nästa möte." if deferred else ""
    undo = Undo(action=url_for("meetings.take_back_end", day=day), label="Ångra", seconds=UNDO_SECONDS)
    tell(f"Mötet är avslutat.{more}", undo=undo)
    return see("meetings.minutes", day=day)


@meetings.post("/mote/<day:day>/fortsatt")
@requires(May.LEAD_MEETINGS)
def take_back_end(day: date) -> BaseResponse:
    """Let the meeting go on after all."""
    try:
        with transaction():
            holding.take_back_end(day, by=me(), now=now())
    except NotAllowedNow:
        tell("Det går inte längre att ångra. Mötet är avslutat.", kind="watch")
    else:
        tell("Mötet pågår igen. Det som bordlades väntar på beslut.")
    return see("meetings.meeting", day=day)


def _leads() -> bool:
    return may(me(), May.LEAD_MEETINGS)


def _page(
    day: date,
    *,
    values: Values | None = None,
    errors: Errors | None = None,
    look: bool = False,
    status: int = 200,
    follows: bool = False,
    changes: Sequence[str] = (),
    refused: bool = False,
    version: str = "",
) -> Response:
    version = version or _version(day, follows=follows)  # first: what changes while this is drawn must be asked for
    found = agenda_of(meeting_on(day), now())
    points = points_of(found)
    shown = _point_of(found, points, values or {})
    outcomes = _outcomes(found)
    context = form_of(found, shown, values, errors or {}, look=look, follows=follows)
    if context["kind"]:
        address = url_for("meetings.meeting", day=day, code=context["code"], kind=context["kind"])
        context["read_anew"] = address
    if refused and context["tried"] and context["tried"].answer:
        context["refusal"] = heading_of_refusal(context["tried"].answer, this_week(now()), found.names)
        context["values"] = context["values"] | {"granted_for": context["fingerprint"]}
    context |= {"errors": with_reason_to_start(errors, context)} if errors else {}
    context |= {"changes": changes} if changes else {}
    return show(
        "meetings/meeting.html",
        "meeting",
        "meeting_points",
        status=status,
        day=day,
        meeting=found.meeting,
        title=f"Möte {long_date(day, weekday=True)}",
        points=[point for point in points if point.number is not None],
        shown=shown,
        outcomes=outcomes,
        told=told_of(outcomes),
        counts_anew=htmx.target == "meeting-points",
        withheld=sum(point.item.decided for point in points) - len(outcomes),
        follows=follows,
        projected=request.args.get("visa") == "projektor",
        leads=_leads() and not follows and not found.meeting.ended,
        here=_address(day, follows=follows),
        version=version,
        left=sum(point.item.waits for point in points),
        too_early=now() < found.meeting.begins_from,
        begins_from=_begins_from(found.meeting),
        timer=_timer(found),
        **_beside(points, shown),
        view_mode="projektor",
        about=about(context["code"], found) if context["code"] else [],
        **_follows_on(found, points, shown),
        undo=None if follows else _undo_left(found),
        is_chosen=values is None and "kind" in request.args,
        **context,
    )


def _undo_left(found: Agenda) -> dict[str, object] | None:
    """The latest decision that whoever leads the meeting has written down, for as long as it can be taken back.

    None where it has just been told with its own button.
    """
    mine = [(key, one) for key, one in found.outcomes.items() if one.decision.decided_by_id == me().person_id]
    key, latest = max(mine, key=lambda found: found[1].decision.id, default=("", None))
    if latest is None or is_telling() or not may_still_undo(latest.decision.decided_at, now()):
        return None
    seconds = UNDO_SECONDS - int((now() - latest.decision.decided_at).total_seconds())
    return {"key": key, "seconds": seconds}


def _follows_on(found: Agenda, points: Sequence[Point], shown: Point | None) -> dict[str, str]:
    """Which item the page that asks has open (`looks_at`), and of another that the meeting shows by now its name."""
    showing = found.meeting.row.showing if found.meeting.row is not None else ""
    looks_at = request.args.get("visar", shown.item.key if shown else "")
    names = {point.item.key: " ".join(point.initiatives[0]) if point.initiatives else point.word for point in points}
    return {"looks_at": looks_at, "onward": "" if looks_at == showing else names.get(showing, "slutet")}


def _begins_from(meeting: Meeting) -> str:
    """`söndag 22 november kl. 08.30`."""
    at = meeting.begins_from.astimezone(STOCKHOLM)
    return f"{long_date(at.date(), weekday=True)} kl. {at:%H.%M}"


def _outcomes(found: Agenda) -> Mapping[str, Decided]:
    """What has been decided: all of it in the room, and afterwards what the minutes tell the one who reads."""
    if _leads():
        return found.outcomes
    held = going_on(now())
    if held is not None and held.day == found.meeting.day:
        return found.outcomes
    return outcomes_for_everybody(found.outcomes, now())


def _timer(found: Agenda) -> dict[str, object] | None:
    """Since when the item is shown, and for how many seconds."""
    row = found.meeting.row
    if row is None or row.shown_at is None:
        return None
    seconds = max(0, int((now() - row.shown_at).total_seconds()))
    return {"since": f"{row.shown_at.astimezone(STOCKHOLM):%H.%M}", "seconds": seconds}


def _beside(points: Sequence[Point], shown: Point | None) -> dict[str, str]:
    """The keys of the items before and after the one that is shown, for the arrow keys."""
    keys = [point.item.key for point in points if point.number is not None]
    if shown is None or shown.item.key not in keys:
        return {"above": "", "below": keys[0] if keys else ""}
    at = keys.index(shown.item.key)
    return {"above": keys[at - 1] if at else "", "below": keys[at + 1] if at + 1 < len(keys) else ""}


def _version(day: date, *, follows: bool) -> str:
    return version_shown(_address(day, follows=follows), me().name, me().role)


def _address(day: date, *, follows: bool) -> str:
    """Where the meeting is asked for again: the list beside a decision that is being written changes nothing else."""
    return url_for("meetings.meeting", day=day, visa="projektor" if follows else None)


def _point_of(found: Agenda, points: Sequence[Point], values: Values) -> Point | None:
    """The item that a form was sent for, though another may be shown by now; else the one that is shown."""
    showing = values.get("item") or (found.meeting.row.showing if found.meeting.row is not None else "")
    return next((point for point in points if point.item.key == showing), None)

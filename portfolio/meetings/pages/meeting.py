"""Mötet: the items to the left, the decision to the right, the same on the coordinator's screen and the projector."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotReady, OverCapacity, Stale
from portfolio.base.time import STOCKHOLM, long_date, this_week
from portfolio.initiatives import decisions
from portfolio.initiatives import queries as initiatives
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.asking import BEGINNING, asked_in, wished_of
from portfolio.initiatives.pages.deciding import Errors, first_values, panel, with_choice
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.outcomes import outcome_told
from portfolio.initiatives.pages.preview import doors_of
from portfolio.initiatives.pages.proposal import typed
from portfolio.initiatives.pages.verdicts import heading_of_refusal
from portfolio.initiatives.pages.ways import Doors
from portfolio.initiatives.rules import UNDO_SECONDS, Kind, Status, kind_word, kinds_allowed
from portfolio.meetings.actions import holding
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.forms import ground_in
from portfolio.meetings.pages.points import Point, points_of
from portfolio.meetings.queries.agenda import Agenda, agenda_of
from portfolio.meetings.queries.meetings import on
from portfolio.meetings.queries.outcomes import outcomes_of
from portfolio.meetings.rules.agenda import Matter
from portfolio.meetings.rules.deciding import BASIS_WORDS, DECISION_MAKER
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.web.clock import now
from portfolio.web.flashes import Undo, tell
from portfolio.web.forms import number_in
from portfolio.web.fragments import see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

AT_MEETINGS = ("responsible", "due")
"""What every decision at a meeting has, whatever its kind."""

KEYS = {
    Kind.START: "S",
    Kind.DEFER: "B",
    Kind.RETURN: "K",
    Kind.PAUSE: "P",
    Kind.REJECT: "A",
    Kind.RERANK: "O",
    Kind.NOTE: "N",
}
"""The keys of the kinds that are decided most often."""


@meetings.get("/mote/<day:day>")
@requires(May.READ)
def meeting(day: date) -> Response:
    """The meeting. `?visa=projektor` only follows; whoever leads it else decides here, with `?kind=` its form."""
    follows = not _leads() or request.args.get("visa") == "projektor"
    version = version_shown(request.full_path, me().name, me().role)
    if is_unchanged(version):
        return unchanged(version)
    return _page(day, version=version, follows=follows)


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
    with transaction():
        holding.show_item(day, request.form.get("item", ""), by=me(), now=now())
    return see("meetings.meeting", day=day)


@meetings.post("/mote/<day:day>/beslut")
@requires(May.LEAD_MEETINGS)
def decide(day: date) -> BaseResponse:
    """End the item with a decision, or change the form by one of its buttons and look again."""
    values, key = typed(), request.form.get("item", "")
    initiative, kind = _decided_on(values)
    if "choose" in request.form:
        return _page(day, values=with_choice(values, request.form["choose"]), look=True)
    try:
        asked = _asked(initiative, kind, values)
        with transaction():
            version = number_in(values.get("version"))
            ground = ground_in(values)
            done = holding.decide_item(day, key, initiative.code, asked, ground, version=version, by=me(), now=now())
            told = wished_of(done.initiative, kind, asked)
    except Invalid as error:
        errors = drafts.named_as_typed(error, values).errors
        return _page(day, values=values, errors=errors, status=422)
    except NotAllowedNow:
        return _decided_by_somebody_else(day)
    except Stale:
        tell("Initiativet ändrades nyss av någon annan. Läs igen innan ni beslutar.", kind="watch")
        return see("meetings.meeting", day=day)
    except NotReady as error:
        return _page(day, values=values, look=True, status=409, missing=error.missing)
    except OverCapacity:
        return _page(day, values=values, look=True, status=409, refused=True)
    undo = Undo(action=url_for("meetings.undo", day=day, item=key), label="Ångra", seconds=UNDO_SECONDS)
    tell(f"Beslutat: {outcome_told(told, this_week(now()))}", undo=undo)
    return see("meetings.meeting", day=day)


@meetings.post("/mote/<day:day>/prova")
@requires(May.LEAD_MEETINGS)
def try_decision(day: date) -> Response:
    """What the decision would come to, and whether it fits."""
    return _page(day, values=typed())


@meetings.post("/mote/<day:day>/angra")
@requires(May.LEAD_MEETINGS)
def undo(day: date) -> BaseResponse:
    """Take the decision on an item back."""
    try:
        with transaction():
            holding.undo_item(day, request.args.get("item", ""), by=me(), now=now())
    except (NotAllowedNow, OverCapacity):
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
    more = f" {len(deferred)} punkter bordlades till nästa möte." if deferred else ""
    tell(f"Mötet är avslutat.{more}")
    return see("meetings.minutes", day=day)


def _leads() -> bool:
    return may(me(), May.LEAD_MEETINGS)


def _decided_by_somebody_else(day: date) -> BaseResponse:
    tell("Punkten är redan beslutad. Du ser vad som beslutades i listan.", kind="watch")
    return see("meetings.meeting", day=day)


def _decided_on(values: Values) -> tuple[Initiative, Kind]:
    with suppress(ValueError):
        return initiatives.initiative_by_code(values.get("code", "")), Kind(values.get("kind", ""))
    raise NotFound


def _asked(initiative: Initiative, kind: Kind, values: Values) -> decisions.Asked:
    """What is decided; whatever begins has its start as its last day where none is written."""
    asked = asked_in(initiative, kind, values, AT_MEETINGS)
    start = asked.start_week if asked.start_week is not None else initiative.start_week
    due = asked.due or asked.until or (decisions.due_by_default(start) if kind in BEGINNING else None)
    return replace(asked, due=due)


def _page(
    day: date,
    *,
    values: Values | None = None,
    errors: Errors | None = None,
    look: bool = False,
    status: int = 200,
    version: str = "",
    follows: bool = False,
    missing: Sequence[str] = (),
    refused: bool = False,
) -> Response:
    found = agenda_of(on(day, now()), now())
    points = points_of(found)
    shown = _shown_point(found, points)
    context = _form(shown, values, errors or {}, look, follows)
    if refused and context["tried"] and context["tried"].answer:
        context["refusal"] = heading_of_refusal(context["tried"].answer, this_week(now()), found.names)
    if missing:
        context["missing"] = missing
    return show(
        "meetings/meeting.html",
        "meeting",
        "meeting_points",
        "preview",
        status=status,
        day=day,
        meeting=found.meeting,
        title=f"Möte {long_date(day, weekday=True)}",
        points=[point for point in points if point.number is not None],
        shown=shown,
        outcomes=outcomes_of(found.meeting),
        follows=follows,
        leads=_leads() and not follows and not found.meeting.ended,
        version=version or version_shown(request.full_path, me().name, me().role),
        left=sum(point.item.waits for point in points),
        view_mode="projektor",
        **context,
    )


def _shown_point(found: Agenda, points: Sequence[Point]) -> Point | None:
    showing = found.meeting.row.showing if found.meeting.row is not None else ""
    return next((point for point in points if point.item.key == showing), None)


def _form(shown: Point | None, values: Values | None, errors: Errors, look: bool, follows: bool) -> dict[str, Any]:
    """The decision on the item that is shown: its kinds, and the form of the one that is chosen."""
    empty: dict[str, Any] = {"tried": None, "kinds": [], "kind": None, "code": "", "values": {}, "errors": errors}
    if shown is None or not shown.item.codes or shown.item.decided:
        return empty
    code = (values or request.args).get("code", shown.item.codes[0])
    if code not in shown.item.codes:
        raise NotFound
    initiative = initiatives.initiative_by_code(code)
    status = initiatives.status_of(initiative, now())
    kinds = [(kind, kind_word(kind, status), KEYS.get(kind, "")) for kind in kinds_allowed(status)]
    kind = _kind_of(shown, values, status)
    if kind is None or follows:
        preview = panel(initiative, Kind.START, first_values(initiative, Kind.START)) if _may_start(status) else empty
        return empty | {"code": code, "kinds": kinds, "tried": preview["tried"], "sentence": ""}
    filled = values if values is not None else _first_values(initiative, kind)
    context = panel(initiative, kind, filled, errors, look=look, doors=_doors())
    wanted = dict.fromkeys((*context["fields"], *AT_MEETINGS))
    lacks = list(shown.item.missing) if kind is Kind.START else []
    return context | {
        "code": code,
        "kinds": kinds,
        "fields": tuple(wanted),
        "missing": lacks,
        "bases": list(BASIS_WORDS.items()),
    }


def _may_start(status: Status) -> bool:
    return status is Status.IN_PREPARATION


def _kind_of(shown: Point, values: Mapping[str, str] | None, status: Status) -> Kind | None:
    """The kind that is chosen; a proposal opens with the form of its start."""
    written = (values or request.args).get("kind", "")
    default = Kind.START if shown.item.matter is Matter.PROPOSAL and written == "" else None
    return next((kind for kind in kinds_allowed(status) if kind == written), default)


def _first_values(initiative: Initiative, kind: Kind) -> Values:
    due = "" if kind in BEGINNING else (now() + timedelta(days=7)).astimezone(STOCKHOLM).date().isoformat()
    return first_values(initiative, kind) | {"maker": DECISION_MAKER, "basis": "internal", "due": due}


def _doors() -> Doors:
    """At a meeting whoever leads it writes down the exceptions that the chair grants."""
    return replace(doors_of(me()), may_except=True)

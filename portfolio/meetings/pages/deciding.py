"""The form by which an item of the meeting is decided: on which initiative, which kind, with what beside it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import request, url_for

from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import STOCKHOLM, this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.clashes import weeks_left_without
from portfolio.initiatives.decisions.asked import Asked, due_by_default
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.asking import asked_in
from portfolio.initiatives.pages.deciding import SAY_WHY, first_values, if_we_wait, panel
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.preview import Tried, doors_of
from portfolio.initiatives.pages.ways import Doors
from portfolio.initiatives.queries.gate import Known
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import BEGINNING, Kind, kind_word, kinds_allowed
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.pages.points import Point
from portfolio.meetings.queries.agenda import Agenda
from portfolio.meetings.queries.candidates import collision_key
from portfolio.meetings.queries.meetings import Meeting, the_one_after
from portfolio.meetings.queries.people import decision_maker
from portfolio.meetings.queries.preparation import missing_at_start
from portfolio.meetings.rules.agenda import Matter
from portfolio.meetings.rules.deciding import BASIS_WORDS
from portfolio.meetings.rules.sentences import solved_sentence
from portfolio.people.access import me
from portfolio.web.clock import now
from portfolio.web.forms import Errors

AT_MEETINGS = ("responsible", "due")
"""What every decision at a meeting has, whatever its kind."""

ONE_DAY = frozenset({Kind.DEFER, Kind.RETURN})
"""The kinds that are carried out when the matter comes back: the form asks for that day alone."""

RESTING = frozenset({Kind.PAUSE, Kind.CANCEL})
"""The kinds after which an initiative no longer weighs on anybody."""

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


def decided_on(values: Values) -> tuple[Initiative, Kind]:
    """The initiative and the kind of decision that a form was sent for; NotFound if there is no such."""
    with suppress(ValueError):
        if not values.get("code", "").isprintable():
            raise NotFound
        return initiative_by_code(values.get("code", "")), Kind(values.get("kind", ""))
    raise NotFound


def asked_at_meeting(initiative: Initiative, kind: Kind, values: Values) -> Asked:
    """What is decided. Where no last day is written it is the start of what begins, and the day of what comes back.

    Invalid names each box that cannot be read, and the day by which something is to be completed where it is empty.
    """
    asked = asked_in(initiative, kind, values, AT_MEETINGS)
    if kind is Kind.RETURN and asked.until is None:
        raise Invalid({"until": ["Skriv vilken dag det ska vara kompletterat, till exempel 2027-02-15."]})
    start = asked.start_week if asked.start_week is not None else initiative.start_week
    due = asked.due or asked.until or (due_by_default(start) if kind in BEGINNING else None)
    return replace(asked, due=due)


def form_of(
    found: Agenda,
    shown: Point | None,
    values: Values | None,
    errors: Errors,
    *,
    look: bool = False,
    follows: bool = False,
) -> dict[str, Any]:
    """The decision on the item that is shown: its kinds, and the form of the one that is chosen."""
    empty: dict[str, Any] = {"tried": None, "kinds": [], "kind": None, "code": "", "values": {}, "errors": errors}
    empty |= {"cannot": False, "sentence": "", "solves": "", "if_we_wait": ""}
    if shown is None or not shown.item.codes or not shown.item.waits:
        return empty
    written: Mapping[str, str] = values or request.args
    makes_room = _makes_room(shown, written)
    wished = written.get("code", "")
    code = wished if makes_room or wished in shown.item.codes else shown.item.codes[0]
    initiative = found.ready.get(code) or initiative_by_code(code)
    status = status_of(initiative, now())
    kinds = [(kind, kind_word(kind, status), KEYS.get(kind, "")) for kind in kinds_allowed(status) if not makes_room]
    kind = _kind_of(shown, values, status)
    if kind is None or follows:
        looked_at = {"tried": _verdict_on(initiative, status, found.known), "if_we_wait": if_we_wait(initiative)}
        return empty | {"code": code, "kinds": kinds} | looked_at
    filled = values if values is not None else _first_values(initiative, kind, found.meeting)
    context = panel(initiative, kind, filled, errors, look=look, doors=_doors(found), known=found.known)
    asks_also = [name for name in AT_MEETINGS if name != "due" or kind not in ONE_DAY]
    wanted = dict.fromkeys((*context["fields"], *asks_also))
    lacks = shown.item.missing or missing_at_start(initiative, found.names, now()) if kind is Kind.START else ()
    return context | {
        "code": code,
        "kinds": kinds,
        "makes_room": makes_room,
        "fields": tuple(wanted),
        "must_come_back": kind in ONE_DAY,
        "solves": _solves(found, shown, code, kind),
        "missing": lacks or context["missing"],
        "bases": list(BASIS_WORDS.items()),
    }


def with_reason_to_start(errors: Errors, context: Mapping[str, Any]) -> Errors:
    """What is wrong in a form, and that it lacks a reason to start what is not prepared where it does."""
    is_written = context["values"].get("despite", "").strip()
    return errors if is_written or not context.get("missing") else {**errors, "despite": [SAY_WHY]}


def _verdict_on(initiative: Initiative, status: Status, known: Known | None) -> Tried | None:
    """Whether a proposal fits as it is wished, only to look at: whatever changes something is on the other screen."""
    if status is not Status.IN_PREPARATION:
        return None
    values, doors = first_values(initiative, Kind.START), replace(doors_of(me(), None), pause=None)
    looked_at = panel(initiative, Kind.START, values, doors=doors, known=known)
    tried: Tried = looked_at["tried"]
    return tried


def _solves(found: Agenda, shown: Point, code: str, kind: Kind) -> str:
    """Whether a collision goes away with what is decided to rest; empty of any other decision."""
    if shown.item.matter is not Matter.COLLISION or kind not in RESTING or found.known is None:
        return ""
    at, portfolio = now(), found.known.portfolio
    for clash in capacity.clashes(capacity.open_conflicts(at), portfolio, at):
        if collision_key(clash) == shown.item.key:
            left = weeks_left_without(clash, code, portfolio, this_week(at))
            return solved_sentence(left, portfolio.calendar)
    return ""


def _kind_of(shown: Point, values: Mapping[str, str] | None, status: Status) -> Kind | None:
    """The kind that is chosen; a proposal opens with the form of its start."""
    written = (values or request.args).get("kind", "")
    default = Kind.START if shown.item.matter is Matter.PROPOSAL and written == "" else None
    return next((kind for kind in kinds_allowed(status) if kind == written), default)


def _first_values(initiative: Initiative, kind: Kind, meeting: Meeting) -> Values:
    """The form as it opens; what is put off comes back at the next meeting unless another day is written."""
    opened = first_values(initiative, kind) | {"maker": decision_maker(), "basis": "internal"}
    if kind in ONE_DAY:
        return opened | {"until": the_one_after(meeting, now()).isoformat()}
    due = "" if kind in BEGINNING else (now() + timedelta(days=7)).astimezone(STOCKHOLM).date().isoformat()
    return opened | {"due": due}


def _makes_room(shown: Point, written: Mapping[str, str]) -> bool:
    """Whether what is decided is to pause another initiative than the item is about."""
    code = written.get("code", "")
    if written.get("kind") != Kind.PAUSE or code in shown.item.codes or not code.isprintable():
        return False
    with suppress(NotFound):
        return Kind.PAUSE in kinds_allowed(status_of(initiative_by_code(code), now()))
    return False


def _doors(found: Agenda) -> Doors:
    """At a meeting whoever leads it writes down the exceptions that the chair grants, and pauses what gives way."""

    def pause(code: str, _: str) -> str:
        return url_for("meetings.meeting", day=found.meeting.day, code=code, kind=Kind.PAUSE)

    return replace(doors_of(me(), beside_form=False), may_except=True, pause=pause)

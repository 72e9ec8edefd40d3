"""Beslut: choose a kind, see what it comes to and whether it fits, give the reason, take it back if it was wrong."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotReady, OverCapacity, Stale
from portfolio.base.time import this_week
from portfolio.capacity.rules.gate import Plan
from portfolio.initiatives.decisions import taking, undoing
from portfolio.initiatives.decisions.rights import may_decide_on
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.asking import asked_in, wished_of
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.deciding import (
    SAY_WHY,
    first_values,
    missing_told,
    panel,
    with_choice,
    word_of,
)
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.merging import changes_since
from portfolio.initiatives.pages.outcomes import EXPLAINED, outcome
from portfolio.initiatives.pages.preview import FOR, NOT_SENT, doors_of, tried_plan
from portfolio.initiatives.pages.proposal import typed
from portfolio.initiatives.pages.reading import names, seen_by
from portfolio.initiatives.pages.verdicts import heading_of_refusal
from portfolio.initiatives.queries.decisions import decision_on
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.kinds import Kind, kinds_allowed
from portfolio.initiatives.rules.statuses import Status
from portfolio.initiatives.rules.undoing import MINUTED, UNDO_SECONDS
from portfolio.outbox.queries import newest_seq
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, ensure, may
from portfolio.web.clock import now
from portfolio.web.flashes import Undo, tell
from portfolio.web.forms import Errors, number_in
from portfolio.web.fragments import see, show

TOO_LATE = "Det går inte längre att ångra."
IN_THE_MINUTES = "Mötets anteckningar är färdigställda, och beslutet står i dem. Därför går det inte att ångra."


@initiatives.get("/initiativ/<code>/beslut")
@requires(May.DECIDE, May.PREPARE, May.DECIDE_SIMPLE)
def decide(code: str) -> Response:
    """Choose a kind of decision; with `?kind=` its form."""
    initiative = _to_decide(code)
    kind = _kind_in(request.args.get("kind"), initiative)
    if kind is None:
        return _choice_page(initiative)
    values = first_values(initiative, kind, request.args.get("start_week"))
    if "choose" in request.args:
        values = with_choice(values, request.args["choose"])
    return _page(initiative, kind, values)


@initiatives.post("/initiativ/<code>/beslut")
@requires(May.DECIDE, May.PREPARE, May.DECIDE_SIMPLE)
def take(code: str) -> BaseResponse:
    """Take the decision, or change the form by one of its buttons and look again."""
    initiative, values = _to_decide(code), typed()
    kind = _kind_sent(values)
    if "choose" in request.form:
        return _page(initiative, kind, with_choice(values, request.form["choose"]), look=True)
    try:
        asked = asked_in(initiative, kind, values)
        with transaction():
            done = taking.decide(code, asked, version=number_in(values.get("version")), by=me(), now=now())
            decision_id, told = done.decision.id, wished_of(done.initiative, kind, asked)
            collisions = len(done.conflicts)
    except Invalid as error:
        return _page(seen_by(me(), code), kind, values, drafts.named_as_typed(error, values).errors, status=422)
    except Stale:
        return _stale_page(seen_by(me(), code), kind, values)
    except NotReady as error:
        lacks, missing = {"despite": [SAY_WHY]}, missing_told(error.missing)
        return _page(seen_by(me(), code), kind, values, lacks, status=409, missing=missing)
    except OverCapacity as error:
        return _refused_page(seen_by(me(), code), kind, values, error)
    tell(f"Beslutat: {outcome(told, this_week(now()))}.", undo=undo_of(code, decision_id))
    if collisions:
        tell("Beslutet gör att taket överskrids. Krockarna finns på sidan.", kind="watch")
    return see("initiatives.show", code=code)


@initiatives.post("/initiativ/<code>/beslut/prova")
@requires(May.DECIDE, May.PREPARE, May.DECIDE_SIMPLE)
def try_decision(code: str) -> Response:
    """What the decision would come to, and whether it fits."""
    values = typed()
    return _page(_to_decide(code), _kind_sent(values), values)


@initiatives.post("/initiativ/<code>/beslut/<int:decision_id>/angra")
@requires(May.DECIDE, May.PREPARE, May.DECIDE_SIMPLE)
def undo(code: str, decision_id: int) -> BaseResponse:
    """Take a decision back within its 30 seconds."""
    decision_on(seen_by(me(), code), decision_id)
    try:
        with transaction():
            undoing.undo(decision_id, by=me(), now=now())
    except NotAllowedNow as error:
        told = IN_THE_MINUTES if error.status == MINUTED else TOO_LATE
        tell(f"{told} Ändra beslutet med ett nytt beslut.", kind="watch")
    except OverCapacity:
        tell("Det går inte att ångra: då skulle taket överskridas. Fatta ett nytt beslut i stället.", kind="stop")
    else:
        tell(f"Beslutet är ångrat. {code} är som det var.")
    return see("initiatives.show", code=code)


def undo_of(code: str, decision_id: int) -> Undo:
    """The button that takes a decision back."""
    address = url_for("initiatives.undo", code=code, decision_id=decision_id)
    return Undo(action=address, label="Ångra", seconds=UNDO_SECONDS)


def kinds_for(by: Actor, initiative: Initiative) -> list[Kind]:
    """The kinds of decision that this person may take on an initiative as it stands now."""
    allowed = kinds_allowed(status_of(initiative, now()))
    return [kind for kind in allowed if may_decide_on(initiative, kind, by)]


def seconds_left(decided_at: datetime) -> int:
    """For how many seconds a decision can still be taken back."""
    return max(0, UNDO_SECONDS - int((now() - decided_at).total_seconds()))


def _to_decide(code: str) -> Initiative:
    """The initiative, for those who may take some kind of decision on it; NotPermitted for others."""
    initiative = seen_by(me(), code)
    ensure(any(may_decide_on(initiative, kind, me()) for kind in Kind))
    return initiative


def _kind_in(written: str | None, initiative: Initiative) -> Kind | None:
    allowed = kinds_for(me(), initiative)
    return next((kind for kind in allowed if kind == written), None)


def _kind_sent(values: Values) -> Kind:
    with suppress(ValueError):
        return Kind(values.get("kind", ""))
    raise NotFound


def _choice_page(initiative: Initiative) -> Response:
    allowed = kinds_for(me(), initiative)
    return show(
        "initiatives/decisions.html",
        initiative=initiative,
        kinds=[(kind, word_of(initiative, kind), _explained(initiative, kind)) for kind in allowed],
    )


class MakesRoom(NamedTuple):
    """Why somebody came to pause an initiative: another one needs its room. `href` leads back to that one."""

    text: str
    code: str = ""
    href: str = ""


def _makes_room(initiative: Initiative) -> MakesRoom | None:
    """What the address says that the pause is for; nothing of what this person may not see."""
    code = request.args.get(FOR, "")
    if code == NOT_SENT:
        way = f"Att pausa {initiative.code} är ett sätt att ge plats åt förslaget som du skriver."
        return MakesRoom(f"{way} Det ligger kvar i den andra fliken.")
    with suppress(NotFound):
        other = seen_by(me(), code)
        way = f"Att pausa {initiative.code} är ett sätt att ge det plats."
        text = f"Du kom hit från {other.code} {other.title}. {way}"
        return MakesRoom(text, other.code, url_for("initiatives.show", code=other.code))
    return None


def _explained(initiative: Initiative, kind: Kind) -> str:
    moves = kind is Kind.START and status_of(initiative, now()) is Status.DECIDED
    return "Initiativet får en annan startvecka." if moves else EXPLAINED[kind]


def _stale_page(initiative: Initiative, kind: Kind, values: Values) -> Response:
    """Somebody was first: say what has changed, and keep what was typed for a second look."""
    called = names()
    told = [change.told(called) for change in changes_since(initiative.code, number_in(values.get("seen")) or 0)]
    kept = values | {"version": str(initiative.version), "seen": str(newest_seq())}
    return _page(initiative, kind, kept, status=412, changes=told or ["Initiativet har en ny version."])


def _refused_page(initiative: Initiative, kind: Kind, values: Values, error: OverCapacity) -> Response:
    """It does not fit: the explanation in place. It is worked out after the rollback, outside the lock."""
    assert isinstance(error.plan, Plan)
    by = me()
    doors = replace(doors_of(by), may_except=may(by, May.DECIDE))
    verdict = tried_plan(error.plan, doors, now())
    assert verdict.answer is not None
    heading = heading_of_refusal(verdict.answer, this_week(now()), names())
    kept = values | {"granted_for": verdict.answer.fingerprint}
    return _page(initiative, kind, kept, look=True, status=409, tried=verdict, refusal=heading)


def _page(
    initiative: Initiative,
    kind: Kind,
    values: Values,
    errors: Errors | None = None,
    *,
    look: bool = False,
    status: int = 200,
    **more: object,
) -> Response:
    context = panel(initiative, kind, values, errors, look=look)
    room = _makes_room(initiative) if kind is Kind.PAUSE else None
    return show(
        "initiatives/decide.html", "decision", "preview", status=status, **{**context, "makes_room": room, **more}
    )

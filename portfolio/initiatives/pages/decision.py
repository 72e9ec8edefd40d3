"""Beslut: choose a kind, see what it comes to and whether it fits, give the reason, take it back if it was wrong."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotReady, OverCapacity, Stale
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.rules.gate import Plan
from portfolio.capacity.rules.ways import AskException
from portfolio.initiatives import decisions, queries
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.asking import FIELDS, GATED, asked_in, read_as_far_as_possible, wished_in, wished_of
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.merging import changes_since
from portfolio.initiatives.pages.outcomes import EXPLAINED, due_words, outcome, outcome_told
from portfolio.initiatives.pages.preview import FOR, NOT_SENT, Tried, doors_of, tried, tried_plan
from portfolio.initiatives.pages.proposal import chosen, people_choices, plan_context, typed
from portfolio.initiatives.pages.reading import names, seen_by
from portfolio.initiatives.pages.verdicts import heading_of_refusal
from portfolio.initiatives.rules import MISSING_WORDS, UNDO_SECONDS, Kind, Status, kind_word, kinds_allowed
from portfolio.outbox.queries import newest_seq
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may
from portfolio.web.clock import now
from portfolio.web.flashes import Undo, tell
from portfolio.web.forms import number_in
from portfolio.web.fragments import see, show

Errors = Mapping[str, Sequence[str]]

UNTIL_LABELS = {
    Kind.DEFER: "Tas upp igen",
    Kind.RETURN: "Kompletteras senast",
    Kind.REFER: "Besked väntas",
    Kind.PAUSE: "Återupptas omkring",
}


@initiatives.get("/initiativ/<code>/beslut")
@requires(May.DECIDE, May.PREPARE)
def decide(code: str) -> Response:
    """Choose a kind of decision; with `?kind=` its form."""
    initiative = seen_by(me(), code)
    kind = _kind_in(request.args.get("kind"), initiative)
    if kind is None:
        return _choice_page(initiative)
    values = _first_values(initiative, kind)
    if "choose" in request.args:
        values = _with_choice(values, request.args["choose"])
    return _page(initiative, kind, values)


@initiatives.post("/initiativ/<code>/beslut")
@requires(May.DECIDE, May.PREPARE)
def take(code: str) -> BaseResponse:
    """Take the decision, or change the form by one of its buttons and look again."""
    initiative, values = seen_by(me(), code), typed()
    kind = _kind_sent(values)
    if "choose" in request.form:
        return _page(initiative, kind, _with_choice(values, request.form["choose"]), look=True)
    try:
        asked = asked_in(initiative, kind, values)
        with transaction():
            done = decisions.decide(code, asked, version=number_in(values.get("version")), by=me(), now=now())
            decision_id, told = done.decision.id, wished_of(done.initiative, kind, asked)
            collisions = len(done.conflicts)
    except Invalid as error:
        return _page(seen_by(me(), code), kind, values, drafts.named_as_typed(error, values).errors, status=422)
    except Stale:
        return _stale_page(seen_by(me(), code), kind, values)
    except NotReady as error:
        return _page(seen_by(me(), code), kind, values, look=True, status=409, missing=_missing_told(error.missing))
    except OverCapacity as error:
        return _refused_page(seen_by(me(), code), kind, values, error)
    tell(f"Beslutat: {outcome(told, this_week(now()))}.", undo=undo_of(code, decision_id))
    if collisions:
        tell("Beslutet gör att taket överskrids. Krockarna finns på sidan.", kind="watch")
    return see("initiatives.show", code=code)


@initiatives.post("/initiativ/<code>/beslut/prova")
@requires(May.DECIDE, May.PREPARE)
def try_decision(code: str) -> Response:
    """What the decision would come to, and whether it fits."""
    values = typed()
    return _page(seen_by(me(), code), _kind_sent(values), values)


@initiatives.post("/initiativ/<code>/beslut/<int:decision_id>/angra")
@requires(May.DECIDE, May.PREPARE)
def undo(code: str, decision_id: int) -> BaseResponse:
    """Take a decision back within its 30 seconds."""
    queries.decision_on(seen_by(me(), code), decision_id)
    try:
        with transaction():
            decisions.undo(decision_id, by=me(), now=now())
    except NotAllowedNow:
        tell("Det går inte längre att ångra. Ändra beslutet med ett nytt beslut.", kind="watch")
    except OverCapacity:
        tell("Det går inte att ångra: då skulle taket överskridas. Fatta ett nytt beslut i stället.", kind="stop")
    else:
        tell(f"Beslutet är ångrat. {code} är som det var.")
    return see("initiatives.show", code=code)


def undo_of(code: str, decision_id: int) -> Undo:
    """The button that takes a decision back."""
    address = url_for("initiatives.undo", code=code, decision_id=decision_id)
    return Undo(action=address, label="Ångra", seconds=UNDO_SECONDS)


def kinds_for(by: Actor, status: Status) -> list[Kind]:
    """The kinds of decision that this person may take on an initiative in this status."""
    allowed = kinds_allowed(status)
    if may(by, May.DECIDE):
        return allowed
    return [kind for kind in allowed if kind in decisions.PREPARING] if may(by, May.PREPARE) else []


def missing_of(initiative: Initiative) -> list[str]:
    """What an initiative still lacks before it may start, in words."""
    return _missing_told(decisions.missing_of(initiative, queries.phases_of(initiative)))


def seconds_left(decided_at: datetime) -> int:
    """For how many seconds a decision can still be taken back."""
    return max(0, UNDO_SECONDS - int((now() - decided_at).total_seconds()))


def _missing_told(missing: Sequence[str]) -> list[str]:
    return [MISSING_WORDS[word] for word in missing]


def _kind_in(written: str | None, initiative: Initiative) -> Kind | None:
    allowed = kinds_for(me(), queries.status_of(initiative, now()))
    return next((kind for kind in allowed if kind == written), None)


def _kind_sent(values: Values) -> Kind:
    with suppress(ValueError):
        return Kind(values.get("kind", ""))
    raise NotFound


def _first_values(initiative: Initiative, kind: Kind) -> Values:
    """The form as it opens: the wished plan, the owner as responsible, and what the address asks for.

    The last day is left empty: unless one is written it is the first day of the start week, whichever that becomes.
    """
    start = _start_in(request.args.get("start_week")) or _first_start(initiative, kind)
    phases = drafts.phase_values(queries.phases_of(initiative)) if "phases" in FIELDS.get(kind, ()) else {}
    values = {
        "kind": kind.value,
        "version": str(initiative.version),
        "seen": str(newest_seq()),
        "start_week": drafts.week_text(start),
        "responsible": decisions.responsible_by_default(initiative),
        "rank": str(initiative.rank or "") if kind is Kind.RERANK else "",
    }
    return values | phases


def _first_start(initiative: Initiative, kind: Kind) -> Week | None:
    return this_week(now()) if kind is Kind.RESUME else initiative.start_week


def _start_in(written: str | None) -> Week | None:
    with suppress(ValueError):
        return parse_week(written or "")
    return None


def _with_choice(values: Values, choice: str) -> Values:
    if choice == "exception":
        return values | {"excepted": "on"}
    changed = chosen(values, choice)
    moved = changed.get("start_week") != values.get("start_week")
    return {name: text for name, text in changed.items() if not (moved and name == "excepted")}


def _try(initiative: Initiative, kind: Kind, values: Values) -> Tried:
    """The gate's answer to what stands in the form; nothing for kinds that add no load."""
    if kind not in GATED:
        return Tried(None)
    by = me()
    doors = replace(doors_of(by), may_except=may(by, May.DECIDE))
    if kind is not Kind.RESUME:
        return tried(values, initiative, doors, now())
    left, start = decisions.left_of(initiative), read_as_far_as_possible(values)["start_week"]
    if not left:
        return Tried(None, "Inget är kvar av planen. Ändra ramen först.")
    if start is None:
        return Tried(None, "Skriv vilken vecka initiativet ska återupptas.")
    return tried_plan(queries.plan_of(initiative, now(), start=start, phases=left), doors, now())


def _people_for(initiative: Initiative) -> list[tuple[str, str]]:
    """Who may be responsible; the owner is among them also when no longer here."""
    people, owner = people_choices(), decisions.responsible_by_default(initiative)
    return people if not owner or (owner, owner) in people else [(owner, owner), *people]


def _cannot(initiative: Initiative, kind: Kind, values: Values, verdict: Tried) -> bool:
    """Whether what stands in the form would be refused for lack of room; a paused frame adds no load."""
    if verdict.answer is None or verdict.answer.verdict.fits or values.get("excepted"):
        return False
    return kind is not Kind.RESCOPE or queries.status_of(initiative, now()) is not Status.PAUSED


def _longest_exception(verdict: Tried) -> Week | None:
    """The last week that an exception may cover; None where none can be granted."""
    ways = verdict.answer.ways if verdict.answer else ()
    return next((way.valid_to for way in ways if isinstance(way, AskException)), None)


def _choice_page(initiative: Initiative) -> Response:
    allowed = kinds_for(me(), queries.status_of(initiative, now()))
    return show(
        "initiatives/decisions.html",
        initiative=initiative,
        kinds=[(kind, _kind_word(initiative, kind), _explained(initiative, kind)) for kind in allowed],
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


def _kind_word(initiative: Initiative, kind: Kind) -> str:
    """What the decision is called; one that is decided already has a start, which can only be moved."""
    return kind_word(kind, queries.status_of(initiative, now()))


def _explained(initiative: Initiative, kind: Kind) -> str:
    moves = kind is Kind.START and queries.status_of(initiative, now()) is Status.DECIDED
    return "Initiativet får en annan startvecka." if moves else EXPLAINED[kind]


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
    verdict = _try(initiative, kind, values)
    wanted, longest = FIELDS.get(kind, ()), _longest_exception(verdict)
    if values.get("excepted"):
        values = {"exception.valid_to_week": drafts.week_text(longest)} | values
    context: dict[str, object] = {
        "initiative": initiative,
        "kind": kind,
        "kind_word": _kind_word(initiative, kind),
        "makes_room": _makes_room(initiative) if kind is Kind.PAUSE else None,
        "values": values,
        "errors": errors or {},
        "look": look,
        "fields": wanted,
        "tried": verdict,
        "sentence": outcome_told(wished_in(initiative, kind, values), this_week(now())),
        "until_label": UNTIL_LABELS.get(kind, ""),
        "people": _people_for(initiative),
        "nobody": "" if initiative.owner_id else "Ingen",
        "due_label": due_words(kind),
        "cannot": _cannot(initiative, kind, values, verdict),
        "missing": missing_of(initiative) if kind in (Kind.START, Kind.RESUME) else [],
        "fingerprint": verdict.answer.fingerprint if verdict.answer else "",
        "longest_exception": longest,
        "refusal": "",
        "changes": [],
        **plan_context(values if "phases" in wanted else {}),
    }
    return show("initiatives/decide.html", "decision", "preview", status=status, **{**context, **more})


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

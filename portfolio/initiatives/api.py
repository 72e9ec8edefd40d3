"""The API's calls about initiatives: read, propose, change, try, decide and take back."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.gate import Plan
from portfolio.initiatives.actions import editing
from portfolio.initiatives.actions.plans import ensure_units_known
from portfolio.initiatives.actions.proposing import propose
from portfolio.initiatives.decisions import taking
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.rights import ensure_may_decide
from portfolio.initiatives.decisions.taking import Outcome
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries import filters
from portfolio.initiatives.queries.aims import aim_names_of
from portfolio.initiatives.queries.decisions import decision_on, decisions_of
from portfolio.initiatives.queries.filters import Filter
from portfolio.initiatives.queries.gate import answer
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.states import reports_fresh_since
from portfolio.initiatives.queries.stored import initiative_by_code, titles_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import PROPOSALS, Status
from portfolio.initiatives.schemas.deciding import DecidedView, DecisionBody, DecisionView, decision_view
from portfolio.initiatives.schemas.facts import InitiativeChanges, InitiativeQuery, NewInitiative
from portfolio.initiatives.schemas.shown import InitiativeView, Known, initiative_view
from portfolio.initiatives.schemas.trying import OverCapacity, TryBody, TryView, try_view
from portfolio.people import queries as people
from portfolio.people.access import me
from portfolio.people.rules import May, may
from portfolio.scorecard.queries import scorecard
from portfolio.units import queries as units
from portfolio.web.calls import Answer, Calls, Paging, Sent, page_of
from portfolio.web.clock import now
from portfolio.web.openapi import NotAllowedNow, NotReady


def _explain(plan: Plan) -> Mapping[str, object]:
    """Why a plan does not fit, and the ways forward: what a try of it would have said."""
    return try_view(answer(plan, now()))


calls = Calls("initiatives", explain=_explain)

INITIATIVE = "/initiatives/<code:code>"
DECISIONS = INITIATIVE + "/decisions"
UNDO = DECISIONS + "/<number:decision_id>/undo"
DECIDES = (May.DECIDE, May.PREPARE, May.DECIDE_SIMPLE)
REFUSALS = (NotAllowedNow, NotReady, OverCapacity)


@calls.get("/initiatives", May.READ_DECIDED, query=InitiativeQuery, gives=InitiativeView, listed=True)
def list_initiatives(sent: Sent) -> Answer:
    """The initiatives in the order in which they came.

    A decided initiative whose week has come is ongoing. With a unit, those that touch it or a unit below it.
    """
    query = sent.query
    _ensure_units([query["unit"]] if query["unit"] is not None else [], "unit")
    wanted = Filter(_may_see(query["status"]), query["unit"], None, query["q"], this_week(now()))
    rows = filters.page_of(wanted, query["cursor"], query["limit"] + 1)
    known = _known(rows)
    return page_of(rows, query, lambda row: initiative_view(row, known))


def _may_see(statuses: Sequence[str]) -> tuple[str, ...]:
    """The statuses that were asked for, without those that the caller may not know of."""
    wanted = statuses or list(Status)
    return tuple(status for status in wanted if may(me(), May.READ) or status not in PROPOSALS) or ("none",)


def _known(rows: Sequence[Initiative]) -> Known:
    at = now()
    aims, since = aim_names_of(rows, scorecard(), at), reports_fresh_since(at)
    return Known(units.codes_by_id(), people.functions(), aims, capacity.calendar(), at, since)


@calls.post("/initiatives", May.PROPOSE, takes=NewInitiative, gives=InitiativeView)
def propose_initiative(sent: Sent) -> Answer:
    """Propose an initiative. Only the title must be there, and the owner is never filled in."""
    row = propose(_with_persons(sent.body), by=me(), now=now())
    return _initiative(row, location=f"/initiatives/{row.code}")


def _with_persons(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the persons whom `owner` and `delegate` name in their place; no text names nobody."""
    named = {name: body[name] for name in ("owner", "delegate") if name in body}
    found = {name: people.find_person(word) if word else None for name, word in named.items()}
    unknown = [name for name, word in named.items() if word and found[name] is None]
    if unknown:
        raise Invalid({name: ["Ingen har den funktionen eller e-postadressen."] for name in unknown})
    return {**body, **found}


def _visible(_raw: object, code: str) -> Initiative:
    """The initiative; NotFound also for those who may not know of proposals."""
    row = initiative_by_code(code)
    if row.status in PROPOSALS and not may(me(), May.READ):
        raise NotFound
    return row


@calls.get(INITIATIVE, May.READ_DECIDED, find=_visible, gives=InitiativeView)
def show_initiative(_: Sent, code: str) -> Answer:
    """One initiative."""
    return _initiative(initiative_by_code(code))


def _mine_to_change(raw: Mapping[str, Any], code: str) -> None:
    editing.ensure_may_edit(initiative_by_code(code), raw, me())


@calls.patch(
    INITIATIVE,
    May.PROPOSE,
    May.EDIT_ALL,
    May.SET_CASE_NUMBER,
    find=_mine_to_change,
    takes=InitiativeChanges,
    gives=InitiativeView,
    refuses=(NotAllowedNow, OverCapacity),
)
def change_initiative(sent: Sent, code: str) -> Answer:
    """Change an initiative's texts, owner, forecast, and its wished plan while it does not count.

    A later forecast is reality: it is never refused. A new owner of a counting initiative passes the gate.
    """
    fields = _with_persons(sent.body)
    ensure_units_known(fields.get("phases") or ())
    editing.edit(code, fields, version=sent.version, by=me(), now=now())
    return _initiative(initiative_by_code(code))


def _initiative(row: Initiative, location: str | None = None) -> Answer:
    return Answer(initiative_view(row, _known([row])), row.version, location)


@calls.ask(INITIATIVE + "/try", May.READ, find=_visible, takes=TryBody, gives=TryView)
def try_plan(sent: Sent, code: str) -> Answer:
    """Try a plan: may it start, and if not, what can be done instead. Writes nothing."""
    phases, without = sent.body["phases"], sent.body["without"]
    ensure_units_known(phases or ())
    _ensure_initiatives(without)
    row = initiative_by_code(code)
    wished = None if phases is None else tuple(phases)
    plan = plan_of(row, now(), start=sent.body["start_week"], phases=wished)
    return Answer(try_view(answer(plan, now(), without=without)))


def _ensure_initiatives(codes: Collection[str]) -> None:
    unknown = sorted(set(codes) - set(titles_of(codes)))
    if unknown:
        raise Invalid({"without": [f"Initiativet finns inte: {', '.join(unknown)}."]})


def _ensure_units(codes: Collection[str], field: str) -> None:
    unknown = sorted(set(codes) - set(units.ids_by_code()))
    if unknown:
        raise Invalid({field: [f"Enheten finns inte: {', '.join(unknown)}."]})


def _mine_to_decide(raw: Mapping[str, Any], code: str) -> None:
    """A kind that the caller may not take is refused before anything else; one that there is not, later."""
    with suppress(ValueError):
        ensure_may_decide(Kind(str(raw.get("kind"))), me())
    initiative_by_code(code)


@calls.get(DECISIONS, May.READ, find=_visible, query=Paging, gives=DecisionView, listed=True)
def list_decisions(sent: Sent, code: str) -> Answer:
    """The decisions on an initiative."""
    return page_of(decisions_of(initiative_by_code(code).id), sent.query, decision_view)


@calls.post(
    DECISIONS,
    *DECIDES,
    find=_mine_to_decide,
    takes=DecisionBody,
    gives=DecidedView,
    status=200,
    checks_version=True,
    refuses=REFUSALS,
)
def decide(sent: Sent, code: str) -> Answer:
    """Take a decision. Whatever adds load passes the gate."""
    phases = sent.body["phases"]
    read = {
        "kind": Kind(sent.body["kind"]),
        "phases": None if phases is None else tuple(phases),
        "responsible": _function_of(sent.body["responsible"]),
    }
    asked = Asked(**{**sent.body, **read})
    return _decided(taking.decide(code, asked, version=sent.version, by=me(), now=now()))


def _function_of(responsible: str | None) -> str | None:
    """The function of one who is known by it or by an e-mail address, which no decision keeps; else as it is."""
    known = people.find_person(responsible) if responsible else None
    return responsible if known is None else known.function


def _decided(outcome: Outcome) -> Answer:
    row = outcome.initiative
    body = initiative_view(row, _known([row])) | {"decision": decision_view(outcome.decision)}
    return Answer(body, row.version)


def _mine_to_undo(_raw: object, code: str, decision_id: int) -> None:
    row = decision_on(initiative_by_code(code), decision_id)
    ensure_may_decide(Kind(row.kind), me())


@calls.post(UNDO, *DECIDES, find=_mine_to_undo, gives=DecidedView, status=200, refuses=(NotAllowedNow, OverCapacity))
def undo_decision(_: Sent, code: str, decision_id: int) -> Answer:
    """Take a decision back within 30 seconds: what was is restored, through the gate where that adds load."""
    return _decided(undo(decision_id, by=me(), now=now()))

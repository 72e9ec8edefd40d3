"""One trial: what it would change, whether that fits, both maps, and the button that decides all of it.

The page is one form whose buttons say what to do, so that whatever is typed in any box comes along.
"""

from collections.abc import Callable, Collection

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, Stale
from portfolio.base.text import listed
from portfolio.base.weeks import parse_week
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.proposal import typed
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.planning import actions, queries
from portfolio.planning.actions import Wish
from portfolio.planning.pages.blueprint import planning
from portfolio.planning.pages.boxes import looked_at, move_asked, wishes_in
from portfolio.planning.pages.ended import ended_page, outcomes_of
from portfolio.planning.pages.looking import trial_page
from portfolio.planning.rules.moves import Ending, TrialStopped
from portfolio.planning.schemas import ApplyForm
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import check, number_in
from portfolio.web.fragments import see

CHANGED_NOW = "Du ändrade något i försöket. Så här blir det nu. Inget är beslutat: titta igen och genomför sedan."
CHANGED_BY_OTHERS = "Någon annan ändrade försöket medan du läste. Så här ser det ut nu. Inget är beslutat."

NEW_MOVE = frozenset({"move", "start_week", "until"})
"""The boxes of a further move."""


@planning.get("/prova/<int:trial_id>", endpoint="show")
@requires(May.TRY_PLANS)
def show_one(trial_id: int) -> Response:
    """The trial; `?enheter=alla` with every unit in the maps."""
    trial = queries.trial_by_id(trial_id)
    return trial_page(trial, {}) if trial.outcome is None else ended_page(trial)


@planning.post("/prova/<int:trial_id>")
@requires(May.TRY_PLANS)
def recount(trial_id: int) -> BaseResponse:
    """Take in what is typed, and a way forward if its button was pressed."""
    return _changed(trial_id, lambda _: _choose(trial_id, request.form.get("choose", "")))


@planning.post("/prova/<int:trial_id>/lagg-till")
@requires(May.TRY_PLANS)
def add(trial_id: int) -> BaseResponse:
    """One more move."""
    return _changed(trial_id, lambda values: _add(trial_id, values), emptied=NEW_MOVE)


@planning.post("/prova/<int:trial_id>/ta-bort/<int:move_id>")
@requires(May.TRY_PLANS)
def remove(trial_id: int, move_id: int) -> BaseResponse:
    """One move less."""
    return _changed(trial_id, lambda _: actions.remove_move(trial_id, move_id, by=me()))


@planning.post("/prova/<int:trial_id>/genomfor")
@requires(May.DECIDE, May.LEAD_MEETINGS)
def apply(trial_id: int) -> BaseResponse:
    """Decide on all of it at once, or on nothing."""
    trial, values = queries.trial_by_id(trial_id), typed()
    try:
        if wishes_in(queries.moves_of(trial_id), values):
            return _changed(trial_id, lambda _: None, notice=CHANGED_NOW)
        sent = check(ApplyForm(), {name: values.get(name, "").strip() for name in ("reason", "despite")})
        with transaction():
            done = actions.apply(trial_id, **sent, **looked_at(values), by=me(), now=now())
            collisions = sum(len(outcome.conflicts) for outcome in done)
    except Invalid as error:
        return trial_page(trial, values, error.errors, status=422)
    except Stale:
        return trial_page(trial, _boxes_apart_from_moves(values), status=412, notice=CHANGED_BY_OTHERS)
    except TrialStopped as stopped:
        return trial_page(trial, values, status=409, stopped=stopped)
    except NotAllowedNow:
        return _over(trial_id)
    tell(f"Genomfört: {listed(outcomes_of(queries.moves_of(trial_id)))}.")
    if collisions:
        tell("Besluten gör att taket överskrids. Krockarna finns på sidan Belastning.", kind="watch")
    return see("planning.show", trial_id=trial_id)


def _changed(
    trial_id: int, what: Callable[[Values], None], *, emptied: Collection[str] = (), notice: str = ""
) -> BaseResponse:
    """Take in what is typed and change something; the boxes `emptied` are done with, all others stay as they are."""
    trial, values = queries.trial_by_id(trial_id), typed()
    try:
        wishes = wishes_in(queries.moves_of(trial_id), values)
        with transaction():
            for move_id, wish in wishes.items():
                actions.change_move(trial_id, move_id, wish, by=me())
            what(values)
    except Invalid as error:
        return trial_page(trial, values, error.errors, status=422)
    except NotAllowedNow as error:
        if error.status in set(Ending):
            return _over(trial_id)
        sentence = f"Initiativet är i läget {STATUS_WORDS[Status(error.status)]}. Välj något annat."
        return trial_page(trial, values, {"move": [sentence]}, status=422)
    kept = {name: text for name, text in _boxes_apart_from_moves(values).items() if name not in emptied}
    return trial_page(trial, kept, look=True, notice=notice)


def _boxes_apart_from_moves(values: Values) -> Values:
    """What is typed, without the boxes of the moves: those show what is stored now."""
    return {name: text for name, text in values.items() if "." not in name}


def _over(trial_id: int) -> BaseResponse:
    tell("Försöket är redan avslutat.", kind="watch")
    return see("planning.show", trial_id=trial_id)


def _add(trial_id: int, values: Values) -> None:
    code, kind, wish = move_asked(values)
    actions.set_move(trial_id, code, kind, wish, by=me(), now=now())


def _choose(trial_id: int, choice: str) -> None:
    """A way forward: `12:start:2027-W07` moves move 12, `pause:FI-001` adds a pause. Others change nothing."""
    what, _, rest = choice.partition(":")
    if what == "pause":
        offered = {one.code for one in queries.choices(now(), ()) if one.kind is Kind.PAUSE}
        for code in offered & set(rest.split(",")):
            actions.set_move(trial_id, code, Kind.PAUSE, Wish(), by=me(), now=now())
    elif rest.startswith("start:") and (move_id := number_in(what)) is not None:
        try:
            wish = Wish(start_week=parse_week(rest.removeprefix("start:")))
        except ValueError:
            return
        actions.change_move(trial_id, move_id, wish, by=me())

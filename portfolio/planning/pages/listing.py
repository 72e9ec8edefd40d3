"""The trials: those that are open, what came of the others, a new one, and one that is thrown away."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow
from portfolio.base.time import today
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.rules.undoing import UNDO_SECONDS
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.planning import actions, queries
from portfolio.planning.pages.blueprint import planning
from portfolio.planning.schemas import TrialForm
from portfolio.web.clock import now
from portfolio.web.filters import long_day
from portfolio.web.flashes import Undo, tell
from portfolio.web.forms import Errors, read
from portfolio.web.fragments import see, show

MOST_OPEN, MOST_CLOSED = 100, 10
"""How many trials the list shows."""


@planning.get("/prova")
@requires(May.TRY_PLANS)
def index() -> Response:
    """The open trials, the latest that ended, and the form of a new one."""
    return _page({"name": f"Försök {long_day(today(now()))}"}, {})


@planning.post("/prova")
@requires(May.TRY_PLANS)
def create() -> BaseResponse:
    """Begin a trial."""
    try:
        name = read(TrialForm())["name"]
        with transaction():
            trial_id = actions.create(name, by=me(), now=now()).id
    except Invalid as error:
        return _page({"name": request.form.get("name", "")}, error.errors, status=422)
    return see("planning.show", trial_id=trial_id)


@planning.post("/prova/<int:trial_id>/kasta")
@requires(May.TRY_PLANS)
def discard(trial_id: int) -> BaseResponse:
    """Throw a trial away, with Ångra while it lasts."""
    try:
        with transaction():
            actions.discard(trial_id, by=me(), now=now())
    except NotAllowedNow:
        return see("planning.show", trial_id=trial_id)
    name = queries.trial_by_id(trial_id).name
    back = url_for("planning.reopen", trial_id=trial_id)
    tell(f"Försöket {name} är kastat. Inget är ändrat.", undo=Undo(action=back, label="Ångra", seconds=UNDO_SECONDS))
    return see("planning.index")


@planning.post("/prova/<int:trial_id>/ta-tillbaka")
@requires(May.TRY_PLANS)
def reopen(trial_id: int) -> BaseResponse:
    """Take back a trial that was just thrown away."""
    try:
        with transaction():
            actions.reopen(trial_id, by=me(), now=now())
    except NotAllowedNow:
        tell("Det går inte längre att ångra.", kind="watch")
    else:
        tell("Försöket är kvar.")
    return see("planning.show", trial_id=trial_id)


def _page(values: Values, errors: Errors, *, status: int = 200) -> Response:
    return show(
        "planning/list.html",
        status=status,
        values=values,
        errors=errors,
        open_trials=queries.trials(is_open=True, limit=MOST_OPEN, mine=me().person_id),
        closed_trials=queries.trials(is_open=False, limit=MOST_CLOSED),
    )

"""An open trial's page as it is drawn, after whatever was done."""

from flask import Response, request, url_for

from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.reading import names
from portfolio.initiatives.pages.ways import Doors
from portfolio.meetings.queries import meetings
from portfolio.people.access import me
from portfolio.people.rules import May, may
from portfolio.planning import queries
from portfolio.planning.actions import may_apply
from portfolio.planning.models import TrialRow
from portfolio.planning.pages.boxes import grouped, stored_in
from portfolio.planning.pages.drawing import compared, figures_of
from portfolio.planning.pages.words import shown_move, stopped_told, verdict_on
from portfolio.planning.rules.moves import Hindrance, TrialStopped
from portfolio.web.clock import now
from portfolio.web.forms import Errors
from portfolio.web.fragments import show

ALL = "alla"


def trial_page(
    trial: TrialRow,
    values: Values,
    errors: Errors | None = None,
    *,
    look: bool = False,
    status: int = 200,
    notice: str = "",
    stopped: TrialStopped | None = None,
) -> Response:
    """The trial with `values` in its boxes, those that are stored where there are none.

    `look` leads the eye to what has become of the trial, `notice` says why nothing is decided, `stopped` by what.
    """
    at = now()
    prospect = queries.prospect_of(trial.id, at)
    called = names([*prospect.portfolio.commitments, *(one.initiative.code for one in prospect.moves)])
    moves = [shown_move(one, called, prospect.now, _doors()) for one in prospect.moves]
    pairs = list(zip(moves, prospect.moves, strict=True))
    everything = request.values.getlist("enheter")[-1:] == [ALL]
    return show(
        "planning/trial.html",
        "trial",
        status=status,
        trial=trial,
        values=stored_in(one.row for one in prospect.moves) | values,
        errors=errors or {},
        look=look,
        notice_text=notice,
        moves=moves,
        verdict=verdict_on(moves),
        choices=grouped(queries.choices(at, {one.code for one in moves})),
        figures=figures_of(prospect),
        compared=compared(prospect, everything=everything),
        everything=everything,
        stopped=stopped,
        why_stopped=stopped_told(stopped, moves) if stopped else "",
        stopping=next((one for one, tried in pairs if tried.stops_whatever_is_written), None),
        lacking=[one.code for one, tried in pairs if tried.hindrance is Hindrance.NOT_READY],
        may_apply=may_apply(me(), at),
        at_meeting=meetings.going_on(at) is not None,
        may_prepare=may(me(), May.DECIDE) or may(me(), May.PREPARE),
    )


def _doors() -> Doors:
    """The ways forward lead to this trial itself; only what fills a cell leads away, beside it."""
    return Doors(lambda code: url_for("initiatives.show", code=code), new_tab=True)

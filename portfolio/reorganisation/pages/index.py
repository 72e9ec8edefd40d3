"""Organisationen ändras: what is decided, what has been done, and the ways to change something."""

from typing import NamedTuple

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import NotAllowedNow
from portfolio.base.time import this_week
from portfolio.capacity.pages.clashes import tell_what_follows
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.reorganisation.actions import undoing
from portfolio.reorganisation.pages.blueprint import reorganisation
from portfolio.reorganisation.queries import is_ahead
from portfolio.reorganisation.rules import KIND_WORDS
from portfolio.units import queries as units
from portfolio.units.models import ReorganisationRow
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.fragments import see, show


class Listed(NamedTuple):
    """A change in the list; `may_undo` while its week has not come."""

    row: ReorganisationRow
    may_undo: bool


@reorganisation.get("/enheter/organisation")
@requires(May.SHAPE_UNITS)
def index() -> Response:
    """Every change of the organisation, those ahead first."""
    listed = [Listed(row, is_ahead(row, this_week(now()))) for row in units.reorganisations()]
    return show(
        "reorganisation/index.html",
        ahead=[one for one in reversed(listed) if one.may_undo],
        past=[one.row for one in listed if not one.may_undo],
        kinds=KIND_WORDS.items(),
    )


@reorganisation.post("/enheter/organisation/<int:reorganisation_id>/angra")
@requires(May.SHAPE_UNITS)
def undo(reorganisation_id: int) -> BaseResponse:
    """Take back a change whose week has not come."""
    told = units.reorganisation(reorganisation_id).told
    try:
        with transaction():
            opened = undoing.undo(reorganisation_id, by=me(), now=now())
    except NotAllowedNow:
        tell("Det går inte längre att ångra.", kind="watch")
    else:
        tell_what_follows(f"Ångrat: {told}.", opened, now())
    return see("reorganisation.index")

"""Hur är belastningen? One question with five buttons, once a month. Reading the page changes nothing."""

from collections.abc import Mapping, Sequence

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.base.time import today
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.receivers import actions, queries
from portfolio.receivers.pages.blueprint import receivers
from portfolio.receivers.rules.chefs import may_feel
from portfolio.receivers.rules.felt import FELT_WORDS
from portfolio.receivers.rules.months import month_of, month_told
from portfolio.receivers.schemas import FeltForm
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import read
from portfolio.web.fragments import see, show


@receivers.get("/upplevd-belastning")
@requires(May.ACKNOWLEDGE)
def feeling() -> Response:
    """The question about the visitor's own unit, with their own answer this month."""
    return _page({})


@receivers.post("/upplevd-belastning/<unit>")
@requires(May.ACKNOWLEDGE)
def feel(unit: str) -> BaseResponse:
    """Keep the answer."""
    name = units.unit_by_code(unit).name
    try:
        felt = read(FeltForm())["felt"]
        with transaction():
            actions.feel(unit, felt, by=me(), now=now())
    except Invalid as error:
        return _page(error.errors, status=422)
    tell(f"Tack. Svaret för {name} är sparat.")
    return see("receivers.feeling")


def own_unit() -> UnitRow | None:
    """The unit whose load the visitor may tell of; None for whoever receives changes at none."""
    by = me()
    return next((row for row in units.all_units() if may_feel(by, row.id)), None)


def own_answer(unit: UnitRow) -> int | None:
    """What the visitor has answered this month; None if nothing yet."""
    row = queries.felt_row(unit.id, me().person_id or 0, month_of(today(now())))
    return None if row is None else row.felt


def _page(errors: Mapping[str, Sequence[str]], *, status: int = 200) -> Response:
    unit = own_unit()
    return show(
        "receivers/feeling.html",
        status=status,
        unit=unit,
        answer=None if unit is None else own_answer(unit),
        choices=list(FELT_WORDS.items()),
        words=FELT_WORDS,
        month=month_told(month_of(today(now()))),
        errors=errors,
    )

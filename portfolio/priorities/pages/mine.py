"""Min ordning: a member orders the open proposals for themselves before the meeting. Advice, never a vote."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotPermitted
from portfolio.initiatives.pages.moving import where_to
from portfolio.initiatives.rules.order import moved_to
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.priorities import actions, queries
from portfolio.priorities.pages.blueprint import priorities
from portfolio.priorities.queries import Proposal
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.fragments import see, show


class Own(NamedTuple):
    """One row of the order as it stands on the page. `is_new` has come since this person answered."""

    proposal: Proposal
    is_new: bool


@priorities.get("/prioritering/min")
@requires(May.RANK)
def mine() -> Response:
    """One's own order, or the group's to begin from."""
    known = queries.own_order(_person_id())
    return _page(_laid_out(known))


@priorities.post("/prioritering/min")
@requires(May.RANK)
def keep() -> BaseResponse:
    """Keep the order; or move a row and look again, which keeps nothing."""
    sent = request.form.getlist("order")
    try:
        if "move" in request.form:
            return _moved(_in_sent_order(sent), request.form["move"])
        with transaction():
            actions.rank(sent, by=me(), now=now())
    except Invalid as error:
        return _page(_in_sent_order(sent), errors=error.errors, status=422)
    tell("Din ordning är sparad. Ingen annan ser den. Du kan ändra den när du vill.")
    return see("priorities.mine")


@priorities.post("/prioritering/min/ta-tillbaka")
@requires(May.RANK)
def withdraw() -> BaseResponse:
    """Take one's own order back."""
    with transaction():
        actions.withdraw(by=me(), now=now())
    tell("Ditt svar är borttaget.")
    return see("priorities.mine")


def _person_id() -> int:
    by = me()
    if by.person_id is None:
        raise NotPermitted
    return by.person_id


def _laid_out(known: Sequence[int]) -> list[Own]:
    """The open proposals: those that somebody has placed in that order, the others after them."""
    proposals = {one.id: one for one in queries.open_proposals()}
    placed = [key for key in dict.fromkeys(known) if key in proposals]
    rest = [key for key in proposals if key not in placed]
    return [*(Own(proposals[key], False) for key in placed), *(Own(proposals[key], bool(placed)) for key in rest)]


def _in_sent_order(codes: Sequence[str]) -> list[Own]:
    ids = {one.code: one.id for one in queries.open_proposals()}
    return _laid_out([ids[code] for code in codes if code in ids])


def _moved(rows: Sequence[Own], written: str) -> Response:
    code, place = where_to(written)
    by_id = {one.proposal.id: one for one in rows}
    moving = next((key for key, one in by_id.items() if one.proposal.code == code), None)
    if moving is None:
        return _page(rows)
    order = moved_to(list(by_id), moving, place)
    return _page(
        [by_id[key] for key in order], moved=f"{code} har plats {order.index(moving) + 1}. Spara när du är klar."
    )


def _page(
    rows: Sequence[Own],
    *,
    moved: str = "",
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> Response:
    return show(
        "priorities/mine.html",
        "own_order",
        status=status,
        rows=rows,
        moved=moved,
        errors=errors or {},
        has_answered=bool(queries.own_order(_person_id())),
    )

"""Prioritering: the group's order beside a suggested one, and where the members' own orders differ the most."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.errors import Invalid
from portfolio.base.text import NBSP
from portfolio.base.time import this_week
from portfolio.initiatives.pages import exports
from portfolio.initiatives.pages.moving import move
from portfolio.initiatives.rules import STATUS_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_edit
from portfolio.priorities import queries
from portfolio.priorities.pages.blueprint import priorities
from portfolio.priorities.pages.picture import picture_of
from portfolio.priorities.queries import Ranked
from portfolio.priorities.rules.assessment import CRITERION_WORDS, Burden, Criterion
from portfolio.priorities.rules.sentences import (
    difference_told,
    duties_told,
    grade_told,
    kronor,
    reason_told,
)
from portfolio.priorities.rules.suggestion import Suggested, suggested_order, to_be_moved
from portfolio.web.clock import now
from portfolio.web.fragments import htmx, see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

PROPOSALS = "forslag"
"""What `?visa=` says where only the proposals are asked for."""

EXPORTED = (
    "Plats",
    "Beteckning",
    "Namn",
    "Status",
    "Lagkrav",
    *CRITERION_WORDS.values(),
    "Kostnad (kr)",
    "Poängveckor",
    "Förslagets plats",
    "Förslagets skäl",
)
"""The headings of the list as a file."""


class Shown(NamedTuple):
    """One row as the table shows it. `up`, `down` and `follow` are places that a move would lead to, 0 for none."""

    ranked: Ranked
    grades: Sequence[tuple[str, str]]
    cost: str
    burden: str
    difference: str
    reason: str
    up: int
    down: int
    follow: int
    may_assess: bool


class Total(NamedTuple):
    """What the page says first: how many moves part the two orders, how much is assessed, what the law takes."""

    moves: int
    assessed: int
    open: int
    duties: str


@priorities.get("/prioritering")
@requires(May.READ)
def index() -> Response:
    """The ranked list; with `?visa=forslag` only what is not decided yet."""
    return _page()


@priorities.post("/prioritering/ordning")
@requires(May.DECIDE)
def rerank() -> BaseResponse:
    """Move an initiative in the group's order."""
    try:
        reason = move()
    except Invalid as error:
        return _page(reason=request.form.get("reason", ""), errors=error.errors, status=422)
    return _page(reason=reason, fragment=True) if htmx else see("priorities.index", **_query())


@priorities.get("/prioritering/export.<any(xlsx, csv):kind>")
@requires(May.READ)
def export(kind: str) -> Response:
    """The same list as a file."""
    return exports.as_file(_export_rows(), kind, "Prioritering", this_week(now()))


def _query() -> dict[str, str]:
    return {"visa": PROPOSALS} if request.args.get("visa") == PROPOSALS else {}


def _page(
    *,
    reason: str | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    fragment: bool = False,
    status: int = 200,
) -> Response:
    by, query = me(), _query()
    here = url_for("priorities.index", **query)  # type: ignore[arg-type]
    version = version_shown(here, by.name, by.role)
    if is_unchanged(version):
        return unchanged(version)
    every = queries.ranked(now())
    order = suggested_order([one.candidate for one in every])
    moves = to_be_moved(order)
    return show(
        "priorities/list.html",
        "priority_list",
        status=status,
        version=version,
        query=query,
        here=here,
        rows=_shown(every, order, moves, by),
        total=_total(every, moves),
        picture=picture_of(every),
        criteria=CRITERION_WORDS.values(),
        may_move=may(by, May.DECIDE),
        may_rank=may(by, May.RANK) and by.person_id is not None,
        reason=f"Omprioriterad i listan av {by.name}" if reason is None else reason,
        errors=errors or {},
        flashes_oob=fragment,
    )


def _total(every: Sequence[Ranked], moves: Mapping[str, int]) -> Total:
    candidates = [one.candidate for one in every]
    duties = [one.burden for one in candidates if one.legal_duty]
    points = sum(one.burden.points for one in candidates)
    assessed = sum(one.assessment.value is not None for one in candidates)
    return Total(len(moves), assessed, len(every), duties_told(duties, points))


def _wanted(every: Sequence[Ranked]) -> list[Ranked]:
    return [one for one in every if one.is_proposal] if _query() else list(every)


def _shown(every: Sequence[Ranked], order: Sequence[Suggested], moves: Mapping[str, int], by: Actor) -> list[Shown]:
    rows, suggested = _wanted(every), {one.candidate.code: one for one in order}
    ranks = [0, *(one.candidate.rank for one in rows), 0]
    return [
        Shown(
            one,
            [(CRITERION_WORDS[name], grade_told(name, grade)) for name, grade in _grades(one)],
            kronor(one.candidate.assessment.cost),
            _points(one.candidate.burden),
            difference_told(suggested[one.code]),
            reason_told(suggested[one.code]),
            ranks[at - 1],
            ranks[at + 1],
            _follow(suggested[one.code], moves),
            may_edit(by, one.owner_id, one.proposer_id),
        )
        for at, one in enumerate(rows, start=1)
    ]


def _follow(one: Suggested, moves: Mapping[str, int]) -> int:
    """Where one move brings the order nearer to the suggestion; what has its place already waits for the others."""
    return 0 if one.place == one.candidate.rank else moves.get(one.candidate.code, 0)


def _grades(one: Ranked) -> Iterable[tuple[Criterion, int | None]]:
    return one.candidate.assessment.grades.items()


def _export_rows() -> Iterable[Sequence[str]]:
    every = queries.ranked(now())
    suggested = {one.candidate.code: one for one in suggested_order([one.candidate for one in every])}
    yield EXPORTED
    for one in _wanted(every):
        seen = one.candidate
        yield (
            str(seen.rank),
            seen.code,
            one.title,
            STATUS_WORDS[one.status],
            "Ja" if seen.legal_duty else "",
            *(_number(grade) for grade in seen.assessment.grades.values()),
            _number(seen.assessment.cost),
            _points(seen.burden).replace(NBSP, " "),
            str(suggested[seen.code].place),
            reason_told(suggested[seen.code]),
        )


def _points(burden: Burden) -> str:
    at_least = f"minst{NBSP}" if burden.unrated else ""
    return f"{at_least}{burden.points}" if burden.is_planned else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)

"""Prioritering: the group's order beside a suggested one, and where the members' own orders differ the most."""

from collections.abc import Iterable, Mapping, Sequence

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.errors import Invalid
from portfolio.base.text import NBSP
from portfolio.base.time import this_week
from portfolio.initiatives.pages import exports
from portfolio.initiatives.pages.moving import move
from portfolio.initiatives.rules.statuses import STATUS_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.priorities import queries
from portfolio.priorities.pages.blueprint import priorities
from portfolio.priorities.pages.picture import picture_of
from portfolio.priorities.pages.rows import points_told, shown_rows, total_of
from portfolio.priorities.queries import Ranked
from portfolio.priorities.rules.assessment import CRITERION_WORDS
from portfolio.priorities.rules.sentences import reason_told
from portfolio.priorities.rules.suggestion import suggested_order, to_be_moved
from portfolio.web.clock import now
from portfolio.web.forms import number_in
from portfolio.web.fragments import htmx, see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

PAGE = 200
"""Rows on one page."""

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
    return _page(reason=reason, fragment=True) if htmx else see("priorities.index", **_query(_page_number()))


@priorities.get("/prioritering/export.<any(xlsx, csv):kind>")
@requires(May.READ)
def export(kind: str) -> Response:
    """The same list as a file."""
    return exports.as_file(_export_rows(), kind, "Prioritering", this_week(now()))


def _query(number: int = 1) -> dict[str, str]:
    """What the address asks for, of its page number `number`."""
    wanted = {"visa": PROPOSALS} if request.args.get("visa") == PROPOSALS else {}
    return wanted | ({"sida": str(number)} if number > 1 else {})


def _page_number() -> int:
    return max(1, number_in(request.args.get("sida")) or 1)


def _page(
    *,
    reason: str | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    fragment: bool = False,
    status: int = 200,
) -> Response:
    by, number = me(), _page_number()
    here = _address(number)
    version = version_shown(here, by.name, by.role)
    if is_unchanged(version):
        return unchanged(version)
    every = queries.ranked(now())
    listed = _listed(every)
    number = min(number, max(1, -(-len(listed) // PAGE)))
    first = (number - 1) * PAGE
    order = suggested_order([one.candidate for one in every])
    moves, suggested = to_be_moved(order), {one.candidate.code: one for one in order}
    rows = shown_rows(listed, slice(first, first + PAGE), suggested, moves, by)
    return show(
        "priorities/list.html",
        "priority_list",
        status=status,
        version=version,
        query=_query(),
        here=here,
        rerank_at=url_for("priorities.rerank", **_query(number)),  # type: ignore[arg-type]
        rows=rows,
        place=f"{first + 1}–{first + len(rows)} av {len(listed)}" if len(listed) > PAGE else "",
        previous=_address(number - 1) if number > 1 else None,
        next=_address(number + 1) if first + len(rows) < len(listed) else None,
        total=total_of(every, moves),
        picture=picture_of(every),
        criteria=CRITERION_WORDS.values(),
        may_move=may(by, May.DECIDE),
        may_rank=may(by, May.RANK) and by.person_id is not None,
        reason=f"Omprioriterad i listan av {by.name}" if reason is None else reason,
        errors=errors or {},
        flashes_oob=fragment,
    )


def _address(number: int) -> str:
    return url_for("priorities.index", **_query(number))  # type: ignore[arg-type]


def _listed(every: Sequence[Ranked]) -> list[Ranked]:
    return [one for one in every if one.is_proposal] if _query() else list(every)


def _export_rows() -> Iterable[Sequence[str]]:
    every = queries.ranked(now())
    suggested = {one.candidate.code: one for one in suggested_order([one.candidate for one in every])}
    yield EXPORTED
    for one in _listed(every):
        seen = one.candidate
        yield (
            str(seen.rank),
            seen.code,
            one.title,
            STATUS_WORDS[one.status],
            "Ja" if seen.legal_duty else "",
            *(_number(grade) for grade in seen.assessment.grades.values()),
            _number(seen.assessment.cost),
            points_told(seen.burden).replace(NBSP, " "),
            str(suggested[seen.code].place),
            reason_told(suggested[seen.code]),
        )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)

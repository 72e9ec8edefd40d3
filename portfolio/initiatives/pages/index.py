"""Initiativ: the list with its filters, its order of priority, and the same list as a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import Response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.errors import Invalid
from portfolio.base.text import NBSP
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week, week_year
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.sentences import LONG_SPAN, span
from portfolio.initiatives.pages import exports
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.moving import move
from portfolio.initiatives.pages.reading import statuses_seen_by
from portfolio.initiatives.queries.filters import NO_GOAL, NOT_TRIAGED, UNCLEAR, Filter, number_of
from portfolio.initiatives.queries.lines import ORDERS, Line
from portfolio.initiatives.queries.lines import lines as list_of_initiatives
from portfolio.initiatives.queries.people import owners
from portfolio.initiatives.queries.states import STATE_UNKNOWN, ongoing_number, reports_fresh_since
from portfolio.initiatives.rules.proposals import UNCLEAR_WORD
from portfolio.initiatives.rules.reported import STATE_MISSING, STATE_WORDS, ReportState
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status
from portfolio.initiatives.rules.triage import TRIAGE_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import LINKED
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.forms import number_in
from portfolio.web.fragments import htmx, see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

PAGE = 200
"""Lines on one page."""

LONGEST_EXPORT = 100_000
"""Lines in one file."""

COLUMNS = (
    ("rank", "Plats"),
    ("title", "Initiativ"),
    ("status", "Status"),
    ("state", "Läge"),
    ("owner", "Projektägare"),
    ("start", "Veckor"),
)
INSIDE = frozenset({"rank", "state"})
"""The columns that only those see who may read the whole portfolio."""

STATES = {state.value: word for state, word in STATE_WORDS.items() if state is not ReportState.NOTHING_NEW}
STATES[STATE_UNKNOWN] = STATE_MISSING
"""What the filter Läge offers."""

TRIAGES: Mapping[str, str] = {
    **{one.value: word for one, word in TRIAGE_WORDS.items()},
    NOT_TRIAGED: "Inte sorterat",
    UNCLEAR: UNCLEAR_WORD,
}
"""What the filter Uppdrag offers."""

EXPORTED = (
    "Beteckning",
    "Namn",
    "Status",
    "Plats",
    "Projektägare",
    "Startvecka",
    "Slutvecka",
    "Berörda enheter",
    "Läge",
)
"""The headings of the list as a file."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The address, `?q=&status=&state=&unit=&owner=&goal=&triage=&sort=&page=`; what cannot be read is left out."""

    text: str = ""
    status: str = ""
    state: str = ""
    unit: str = ""
    owner: str = ""
    goal: str = ""
    sort: str = "rank"
    descending: bool = False
    page: int = 1
    triage: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same as the address says it, without what is not asked for."""
        asked = {"q": self.text, "status": self.status, "state": self.state, "unit": self.unit}
        asked |= {"owner": self.owner, "goal": self.goal, "triage": self.triage, "sort": self.order}
        return {name: value for name, value in asked.items() if value and (name, value) != ("sort", "rank")}

    def address(self, **changes: str) -> str:
        """The address of the same list with something changed."""
        return url_for("initiatives.index", **{**self.query, **changes})  # type: ignore[arg-type]

    @property
    def order(self) -> str:
        """The order as the address says it: `-title` is from the last to the first."""
        return f"-{self.sort}" if self.descending else self.sort

    @property
    def is_filtered(self) -> bool:
        """Whether only some of the initiatives are asked for."""
        return any((self.text, self.status, self.state, self.unit, self.owner, self.goal, self.triage))

    def filter(self, by: Actor, at: datetime) -> Filter:
        """The same for the query; never more than this person may see."""
        seen = statuses_seen_by(by)
        statuses = (self.status,) if self.status in seen else seen
        state = self.state if self.state in STATES and may(by, May.READ) else None
        since = reports_fresh_since(at)
        goal = NO_GOAL if self.goal == NO_GOAL else number_in(self.goal)
        triage = self.triage if self.triage in TRIAGES and may(by, May.READ) else None
        return Filter(
            statuses,
            self.unit or None,
            number_in(self.owner),
            self.text,
            this_week(at),
            state,
            since,
            goal=goal,
            triage=triage,
        )


class Head(NamedTuple):
    """A column's heading: a link that orders by it, and how it is ordered now (`ascending`, `descending`, "")."""

    label: str
    href: str
    ordered: str


class Shown(NamedTuple):
    """One line as the table shows it. `up` and `down` are the places that a move would lead to, 0 for none."""

    line: Line
    href: str
    weeks: str
    units: str
    up: int
    down: int


@initiatives.get("/initiativ")
@requires(May.READ_DECIDED)
def index() -> Response:
    """The list, filtered and ordered as the address says."""
    return _list(wish_of(request.args))


@initiatives.post("/initiativ/ordning")
@requires(May.DECIDE)
def rank() -> BaseResponse:
    """Move an initiative in the order of priority: a decision like any other, with its reason."""
    wish = wish_of(request.args)
    try:
        reason = move()
    except Invalid as error:
        return _list(wish, reason=request.form.get("reason", ""), errors=error.errors, status=422)
    if htmx:
        return _list(wish, reason=reason, fragment=True)
    return see("initiatives.index", **wish.query, page=wish.page if wish.page > 1 else None)


@initiatives.get("/initiativ/export.<any(xlsx, csv):kind>")
@requires(May.READ_DECIDED)
def export(kind: str) -> Response:
    """The filtered list as a file."""
    wish = wish_of(request.args)
    rows = _export_rows(wish)
    return exports.as_file(rows, kind, "Initiativ", this_week(now()))


def wish_of(args: "MultiDict[str, str]") -> Wish:
    """What an address asks for."""
    sort = args.get("sort", "rank")
    order = sort.removeprefix("-")
    page = args.get("page", "1")
    return Wish(
        args.get("q", "").strip()[:200],
        args.get("status", ""),
        args.get("state", ""),
        args.get("unit", ""),
        args.get("owner", ""),
        args.get("goal", ""),
        order if order in ORDERS else "rank",
        sort.startswith("-") and order in ORDERS,
        max(1, number_in(page) or 1),
        args.get("triage", ""),
    )


def weeks_told(start: Week | None, weeks: int, calendar: Calendar, now: Week) -> str:
    """`v. 36–13`, with years where numbers alone could be misread; a dash without a start."""
    if start is None:
        return "–"
    end = calendar.nth_running(start, weeks) if weeks else start
    told = f"v.{NBSP}{span(start, end)}"
    near = max(abs(start - now), abs(end - now)) < 52 and end - start < 52
    has_years = week_year(start) != week_year(end) and end - start >= LONG_SPAN
    return told if near or has_years else f"{told} ({_years(start, end)})"


def _years(start: Week, end: Week) -> str:
    first, last = format_week(start)[:4], format_week(end)[:4]
    return first if first == last else f"{first}–{last}"


def _list(
    wish: Wish,
    *,
    reason: str | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    fragment: bool = False,
    status: int = 200,
) -> Response:
    by, at = me(), now()
    here = wish.address(page=str(wish.page)) if wish.page > 1 else wish.address()
    version = version_shown(here, by.name, by.role)
    if is_unchanged(version):
        return unchanged(version)
    wanted = wish.filter(by, at)
    number = number_of(wanted)
    first = (wish.page - 1) * PAGE
    lines = list_of_initiatives(wanted, wish.sort, descending=wish.descending, first=first, limit=PAGE, now=at)
    may_move = may(by, May.DECIDE) and wish.order == "rank"
    return show(
        "initiatives/list.html",
        "initiative_list",
        status=status,
        version=version,
        wish=wish,
        here=here,
        lines=_shown(lines, this_week(at)),
        number=number,
        ongoing=ongoing_number(at),
        heads=_heads(wish, may(by, May.READ)),
        choices=_choices(by, at),
        may_move=may_move,
        is_inside=may(by, May.READ),
        may_propose=may(by, May.PROPOSE),
        may_import=may(by, May.IMPORT),
        reason=f"Omprioriterad i listan av {by.name}" if reason is None else reason,
        errors=errors or {},
        place=f"{first + 1}–{first + len(lines)} av {number}" if number > PAGE else "",
        previous=wish.address(page=str(wish.page - 1)) if wish.page > 1 else None,
        next=wish.address(page=str(wish.page + 1)) if first + len(lines) < number else None,
        flashes_oob=fragment,
    )


def _heads(wish: Wish, is_inside: bool) -> list[Head]:
    heads = []
    for order, label in [column for column in COLUMNS if is_inside or column[0] not in INSIDE]:
        ordered = ("descending" if wish.descending else "ascending") if order == wish.sort else ""
        target = f"-{order}" if ordered == "ascending" else order
        heads.append(Head(label, wish.address(sort=target), ordered))
    return heads


def _shown(lines: Sequence[Line], week: Week) -> list[Shown]:
    calendar = capacity.calendar()
    ranks = [line.rank or 0 for line in lines]
    page_of = url_for("initiatives.show", code="-").removesuffix("-")
    return [
        Shown(
            line,
            page_of + line.code,
            weeks_told(line.start, line.weeks, calendar, week),
            ", ".join(line.units),
            ranks[at - 1] if at and line.rank else 0,
            ranks[at + 1] if at + 1 < len(lines) and line.rank else 0,
        )
        for at, line in enumerate(lines)
    ]


def _choices(by: Actor, at: datetime) -> dict[str, list[tuple[object, str]]]:
    return {
        "status": [(status.value, STATUS_WORDS[status]) for status in Status if status in statuses_seen_by(by)],
        "state": list(STATES.items()) if may(by, May.READ) else [],
        "unit": [(unit.code, unit.name) for unit in units.all_units()],
        "triage": list(TRIAGES.items()) if may(by, May.READ) else [],
        "owner": [(person_id, function) for person_id, function in sorted(owners(), key=lambda one: one[1])],
        "goal": _goals(at),
    }


def _goals(at: datetime) -> list[tuple[object, str]]:
    """What can be aimed at this year, and the lack of it; nothing while there is no styrkort."""
    card = scorecard()
    known: list[tuple[object, str]] = [
        (one.id, one.name_at(at)) for kind in LINKED for one in card.in_force(kind, at)
    ]
    return [*known, (NO_GOAL, "Utan mål")] if known else []


def _export_rows(wish: Wish) -> Iterable[Sequence[str]]:
    by, at = me(), now()
    lines = list_of_initiatives(
        wish.filter(by, at), wish.sort, descending=wish.descending, first=0, limit=LONGEST_EXPORT, now=at
    )
    calendar = capacity.calendar()
    names = {unit.code: unit.name for unit in units.all_units()}
    yield EXPORTED
    for line in lines:
        end = None if line.start is None or not line.weeks else calendar.nth_running(line.start, line.weeks)
        yield (
            line.code,
            line.title,
            STATUS_WORDS[line.status],
            str(line.rank or "") if may(by, May.READ) else "",
            line.owner,
            "" if line.start is None else format_week(line.start),
            "" if end is None else format_week(end),
            ", ".join(names[code] for code in line.units),
            line.state_word if may(by, May.READ) else "",
        )

"""The boxes of a trial's form: what stands in them, and what they ask for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.queries.stored import code_exists
from portfolio.initiatives.rules.kinds import KIND_WORDS, MOVE_START, Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.planning.actions import START_MISSING, Wish
from portfolio.planning.models import TrialMoveRow
from portfolio.planning.queries import Choice, Chosen
from portfolio.planning.schemas import MoveForm, WishForm
from portfolio.web.clock import now
from portfolio.web.forms import check, number_in

SEEN = "seen."
"""Before an initiative's code: the version of it that somebody has looked at."""

START = KIND_WORDS[Kind.START]
GROUPS: Mapping[tuple[Kind, Status], str] = {
    (Kind.START, Status.IN_PREPARATION): START,
    (Kind.START, Status.PROPOSED): f"{START} (är förslag än)",
    (Kind.START, Status.DECIDED): MOVE_START,
    (Kind.PAUSE, Status.ONGOING): KIND_WORDS[Kind.PAUSE],
    (Kind.PAUSE, Status.DECIDED): KIND_WORDS[Kind.PAUSE],
    (Kind.RESUME, Status.PAUSED): KIND_WORDS[Kind.RESUME],
    (Kind.RESCOPE, Status.ONGOING): f"{KIND_WORDS[Kind.RESCOPE]}: ny startvecka",
}
"""What may be tried, as the list to choose from is parted."""

CHOOSE = "Välj i listan vad du vill prova."


def grouped(choices: Iterable[Choice]) -> dict[str, list[tuple[str, str]]]:
    """The list to choose from: `{"Starta": [("start:FI-011", "FI-011 Nytt schemasystem")]}`."""
    groups: dict[str, list[tuple[str, str]]] = {word: [] for word in GROUPS.values()}
    for kind, status, code, title in choices:
        groups[GROUPS[kind, status]].append((f"{kind}:{code}", f"{code} {title}"))
    return {word: options for word, options in groups.items() if options}


def stored_in(rows: Iterable[TrialMoveRow]) -> Values:
    """What stands in the boxes of moves that nobody has touched."""
    values: Values = {}
    for row in rows:
        values[f"start_week.{row.id}"] = drafts.week_text(row.start_week)
        values[f"until.{row.id}"] = row.until.isoformat() if row.until else ""
    return values


def wishes_in(moves: Sequence[Chosen], values: Values) -> dict[int, Wish]:
    """What is asked of the moves whose boxes somebody has changed; Invalid names each box that is wrong."""
    wishes: dict[int, Wish] = {}
    errors: dict[str, Sequence[str]] = {}
    for row, _ in moves:
        box = "until" if row.kind == Kind.PAUSE else "start_week"
        text = values.get(f"{box}.{row.id}")
        if text is None:
            continue
        try:
            wish = _wish(box, text)
        except Invalid as error:
            errors[f"{box}.{row.id}"] = error.errors[box]
        else:
            is_same = wish == (Wish(until=row.until) if box == "until" else Wish(row.start_week))
            wishes |= {} if is_same else {row.id: wish}
    if errors:
        raise Invalid(errors)
    return wishes


def _wish(box: str, text: str) -> Wish:
    wish = Wish(**_read(WishForm(), {box: text}))
    if box == "start_week" and wish.start_week is None:
        raise Invalid({box: [START_MISSING]})
    return wish


def _read(form: WishForm, values: Mapping[str, str]) -> dict[str, Any]:
    return check(form, drafts.nested(values, this_week(now()), form.fields))


def move_asked(values: Values) -> tuple[str, Kind, Wish]:
    """The further move that the boxes ask for: an initiative's code, what is tried with it, and when."""
    read = _read(MoveForm(), values)
    kind, _, code = str(read.pop("move")).partition(":")
    if kind not in set(Kind) or not code_exists(code):
        raise Invalid({"move": [CHOOSE]})
    return code, Kind(kind), Wish(**read)


def looked_at(values: Values) -> dict[str, Any]:
    """The versions of the trial and of its initiatives that stood on the page when its button was pressed."""
    seen = {name.removeprefix(SEEN): number_in(text) for name, text in values.items() if name.startswith(SEEN)}
    return {
        "version": number_in(values.get("version")),
        "seen": {code: version for code, version in seen.items() if version is not None},
    }

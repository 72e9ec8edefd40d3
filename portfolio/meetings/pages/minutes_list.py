"""Anteckningar: every meeting's minutes with what they left to be done, to search and to follow up."""

from typing import NamedTuple

from flask import Response, request, url_for

from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.turning import turned_to
from portfolio.meetings.queries.completed import Action, Entry, drafts, entries, never_ended
from portfolio.meetings.rules.minutes import FORM_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.web.clock import now
from portfolio.web.fragments import show

OPEN = "oppna"


class Shown(NamedTuple):
    """One meeting's minutes on the page, with the decisions that are to be shown of them."""

    entry: Entry
    title: str
    actions: list[Action]


@meetings.get("/anteckningar")
@requires(May.READ)
def minutes_list() -> Response:
    """The minutes, the newest first: `?q=` searches, `?visa=oppna` shows only what is still to be carried out."""
    text, only_open = request.args.get("q", "").strip(), request.args.get("visa") == OPEN
    found = entries(now(), text)
    shown = [_shown(one, only_open=only_open) for one in found]
    kept = ({"q": text} if text else {}) | ({"visa": OPEN} if only_open else {})
    wanted = [one for one in shown if one.actions or not only_open]
    lines, turning = turned_to(wanted, _HERE, request.args.get("sida"), **kept)
    leads = may(me(), May.LEAD_MEETINGS)
    every = [action for one in found for action in one.actions]
    return show(
        "meetings/minutes_list.html",
        text=text,
        lines=lines,
        turning=turning,
        open_number=sum(one.open for one in every),
        late=sum(one.late for one in every),
        views=_views(text, only_open),
        drafts=drafts() if leads else [],
        never_ended=never_ended(now()) if leads else [],
    )


_HERE = "meetings.minutes_list"


def _shown(entry: Entry, *, only_open: bool) -> Shown:
    actions = [one for one in entry.actions if one.open or not only_open]
    return Shown(entry, f"{FORM_WORDS[entry.minutes.form]} {entry.minutes.number}", actions)


def _views(text: str, only_open: bool) -> list[tuple[str, str, bool]]:
    wanted = text or None
    return [
        ("Alla beslut", url_for(_HERE, q=wanted), not only_open),
        ("Öppna", url_for(_HERE, q=wanted, visa=OPEN), only_open),
    ]

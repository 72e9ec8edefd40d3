"""Anteckningar: every meeting's minutes with what they left to be done, to search and to follow up."""

from typing import Any, NamedTuple

from flask import Response, request, url_for

from portfolio.base.portfolio import the_portfolio
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.turning import turned_to
from portfolio.meetings.queries.completed import Action, Entry, drafts, entries, never_ended
from portfolio.meetings.rules.minutes import COMPLETED_WORDS, FORM_WORDS, THE_FORM
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
    """The minutes, the newest first: `?q=` searches, `?visa=oppna` shows only what is still to be carried out.

    `?ansvarig=` shows what one function sees to.
    """
    text, only_open = request.args.get("q", "").strip(), request.args.get("visa") == OPEN
    who = request.args.get("ansvarig", "")
    found = entries(now(), text)
    everybody = sorted({action.item.responsible for one in found for action in one.actions})
    shown = [_shown(one, who, only_open=only_open) for one in found]
    kept = {name: value for name, value in (("q", text), ("ansvarig", who)) if value}
    wanted = [one for one in shown if one.actions or not (only_open or who)]
    showing = {"visa": OPEN} if only_open else {}
    lines, turning = turned_to(wanted, _HERE, request.args.get("sida"), **kept, **showing)
    leads, form = may(me(), May.LEAD_MEETINGS), the_portfolio().minutes_form
    every = [action for one in found for action in one.actions if _is_seen_to_by(action, who)]
    return show(
        "meetings/minutes_list.html",
        text=text,
        lines=lines,
        turning=turning,
        open_number=sum(one.open for one in every),
        late=sum(one.late for one in every),
        views=_views(kept, only_open),
        only_open=only_open,
        who=who,
        everybody=everybody if who in ("", *everybody) else [who, *everybody],
        the_form=THE_FORM[form],
        completed=COMPLETED_WORDS[form],
        drafts=drafts() if leads else [],
        never_ended=never_ended(now()) if leads else [],
    )


_HERE = "meetings.minutes_list"


def _shown(entry: Entry, who: str, *, only_open: bool) -> Shown:
    actions = [one for one in entry.actions if _is_seen_to_by(one, who) and (one.open or not only_open)]
    return Shown(entry, f"{FORM_WORDS[entry.minutes.form]} {entry.minutes.number}", actions)


def _is_seen_to_by(action: Action, who: str) -> bool:
    return who in ("", action.item.responsible)


def _views(kept: dict[str, Any], only_open: bool) -> list[tuple[str, str, bool]]:
    return [
        ("Alla beslut", url_for(_HERE, **kept), not only_open),
        ("Öppna", url_for(_HERE, **kept, visa=OPEN), only_open),
    ]

"""What an initiative is, in a few lines: for those who decide on it and have not read it today."""

from portfolio.base.text import listed
from portfolio.base.time import this_week
from portfolio.capacity.rules.words import Names, week_told
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.meetings.queries.agenda import Agenda
from portfolio.web.clock import now

Facts = list[tuple[str, str]]


def about(code: str, found: Agenda) -> Facts:
    """What it is for, who owns it, when it is wished for and whom it touches; what is not written is left out."""
    one = found.ready.get(code) or initiative_by_code(code)
    told = [
        ("Kort sagt", one.summary),
        ("Vad blir bättre, och för vem?", one.why),
        ("Projektägare", found.names.functions.get(one.owner_id or 0) or one.owner_text),
        ("Önskad start" if code in found.ready else "Start", _start(one)),
        ("Berör", _touched(one, found.names)),
    ]
    return [(term, text) for term, text in told if text]


def _start(one: Initiative) -> str:
    return "" if one.start_week is None else week_told(one.start_week, this_week(now()))


def _touched(one: Initiative, names: Names) -> str:
    codes = {code: None for phase in phases_of(one) for code, level in phase.impacts.items() if level != 0}
    return listed([names.unit(code) for code in codes])

"""Why something cannot be done at a meeting as it stands: said on its page, where one sees what has happened."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.errors import NotAllowedNow, NotFound
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.rules.agenda import ANOTHER_GOES_ON, DECIDED, HELD_BACK, NOT_BEGUN, OVER, TOO_EARLY
from portfolio.web.flashes import tell
from portfolio.web.fragments import see

NOT_NOW = {
    DECIDED: "Punkten är redan beslutad. Du ser vad som beslutades i listan.",
    HELD_BACK: "Punkten hålls inne. Ta upp den på dagordningen först, om den ska beslutas i dag.",
    NOT_BEGUN: "Mötet har inte börjat. Tryck på Starta mötet först.",
    OVER: "Mötet är avslutat. Fatta beslutet på initiativets egen sida.",
    TOO_EARLY: "Det är för tidigt att starta mötet. Det går från två dygn före.",
    ANOTHER_GOES_ON: "Ett annat möte pågår. Avsluta det först.",
}
CHANGED = "Initiativet har ändrats, och det går inte att besluta så."

NO_LONGER_THERE = "Punkten finns inte kvar på dagordningen."


@contextmanager
def no_longer_there() -> Iterator[None]:
    """Say of an item that has just gone that it has: then the page is shown as it is now."""
    try:
        yield
    except NotFound:
        tell(NO_LONGER_THERE, kind="watch")


@meetings.errorhandler(NotAllowedNow)
def why_not(error: NotAllowedNow) -> BaseResponse:
    """Back to the meeting, with the reason."""
    tell(NOT_NOW.get(error.status, CHANGED), kind="watch")
    return see("meetings.meeting", day=(request.view_args or {})["day"])

"""Utskick: which letters wait, have been sent or could not be, and why; and a test letter to oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from flask import Blueprint, Response, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import the_portfolio
from portfolio.base.text import NBSP
from portfolio.base.time import STOCKHOLM, real_now, today
from portfolio.letters import actions, queries
from portfolio.letters.queries import Line, Trouble
from portfolio.letters.rules import DEMO, NO_ADDRESS, STATE_WORDS, LetterState
from portfolio.letters.writing import TEST, Letterhead, as_message, sender_of
from portfolio.mail.post import Undelivered, post_for
from portfolio.people import queries as people
from portfolio.people.access import me, requires, visitor
from portfolio.people.rules import May, may
from portfolio.web.clock import settings
from portfolio.web.filters import moment
from portfolio.web.flashes import tell
from portfolio.web.forms import number_in
from portfolio.web.fragments import see, show

letters = Blueprint("letters", __name__)

PAGE = 50
"""Lines on one page."""
TEST_TIMEOUT_SECONDS = 10.0
"""Somebody waits in front of the screen."""

SUPPRESSED = "suppressed"
VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "fel": ("Kunde inte skickas", (LetterState.FAILED,)),
    "ko": ("I kö", (LetterState.QUEUED, LetterState.SENDING)),
    "skickade": ("Skickade", (LetterState.SENT,)),
    "avskrivna": ("Behövdes inte", (LetterState.CANCELLED,)),
    "utan-brev": ("Påminnelser utan brev", (SUPPRESSED,)),
}
"""What `?visa=` may ask for."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A line above every page for those who administer the product, with the way to the letters that it is about."""

    text: str
    href: str


@letters.get("/utskick")
@requires(May.MANAGE_PEOPLE)
def index() -> Response:
    """The list, as the address asks for it."""
    trouble, numbers = queries.trouble(), queries.counts()
    view = _view(trouble)
    page = max(1, number_in(request.args.get("sida")) or 1)
    number = sum(numbers.get(state, 0) for state in VIEWS[view][1])
    first = (page - 1) * PAGE
    lines = _lines(view, first)
    return show(
        "letters/list.html",
        trouble=trouble,
        told=_told(trouble),
        bouncing=queries.bouncing(),
        view=view,
        views=_views(view, numbers),
        lines=lines,
        letter_words=STATE_WORDS,
        place=f"{first + 1}–{first + len(lines)} av {number}" if number > PAGE else "",
        previous=_address(view, page - 1) if page > 1 else None,
        next=_address(view, page + 1) if first + len(lines) < number else None,
        demo=_silence(),
    )


@letters.post("/utskick/<letter_id>/igen")
@requires(May.MANAGE_PEOPLE)
def retry(letter_id: str) -> BaseResponse:
    """Send a letter that did not get through once more."""
    try:
        with transaction():
            actions.retry(letter_id, by=me(), real_now=real_now())
        tell("Brevet skickas igen så snart klockan går, på arbetsdagar från kl. 07.30.")
    except NotAllowedNow:
        tell("Brevet är redan skickat eller på väg.", kind="info")
    return see("letters.index", visa="ko")


@letters.post("/utskick/<letter_id>/avskriv")
@requires(May.MANAGE_PEOPLE)
def cancel(letter_id: str) -> BaseResponse:
    """Do not send a letter that did not get through."""
    try:
        with transaction():
            actions.cancel(letter_id, by=me())
        tell("Brevet skickas inte.")
    except NotAllowedNow:
        tell("Brevet är redan skickat eller på väg.", kind="info")
    return see("letters.index")


@letters.post("/utskick/prov")
@requires(May.MANAGE_PEOPLE)
def send_test() -> BaseResponse:
    """A test letter to whoever asks for it, handed over at once by the same way as all others; what came of it."""
    by = me()
    address = None if by.person_id is None else people.person(by.person_id).email
    portfolio = the_portfolio()
    head, silence = Letterhead(portfolio.municipality, portfolio.contact), _silence()
    current_session().rollback()  # whoever waits for a mail server holds nothing in the database
    if not address or silence:
        tell(silence or NO_ADDRESS, kind="watch")
        return see("letters.index")
    error = _hand_over(by.name, address, head)
    if error is None:
        tell(f"Provbrevet till {address} är lämnat till mejlservern. Kommer det inte fram: titta i skräpposten.")
    else:
        tell(f"Provbrevet till {address} kunde inte skickas. {error}", kind="stop")
    return see("letters.index")


@letters.app_context_processor
def _alarm() -> dict[str, object]:
    """For the frame of every page."""
    try:
        actor = visitor()
        trouble = queries.trouble() if actor is not None and may(actor, May.MANAGE_PEOPLE) else None
    except SQLAlchemyError:  # the page about the problem is drawn without it
        trouble = None
    if trouble is None or not trouble.number or request.endpoint == "letters.index":
        return {"letters_alarm": None}
    return {"letters_alarm": Alarm(_told(trouble), _address("fel" if trouble.failed else "ko", 1))}


def _told(trouble: Trouble) -> str:
    """`3 brev kunde inte skickas. Vi försöker igen kl. 14.00.`"""
    text = f"{trouble.number} brev kunde inte skickas."
    return text if trouble.next_at is None else f"{text} Vi försöker igen {_when(trouble.next_at, real_now())}."


def _when(at: datetime, now: datetime) -> str:
    if at <= now:
        return "så snart det går"
    if today(at) != today(now):
        return moment(at)
    return f"kl.{NBSP}{at.astimezone(STOCKHOLM):%H.%M}"


def _view(trouble: Trouble) -> str:
    asked = request.args.get("visa", "")
    if asked in VIEWS:
        return asked
    return "fel" if trouble.failed else "ko" if trouble.waiting else "skickade"


def _views(view: str, numbers: dict[str, int]) -> list[tuple[str, str, bool]]:
    return [
        (f"{label} ({sum(numbers.get(state, 0) for state in states)})", _address(name, 1), name == view)
        for name, (label, states) in VIEWS.items()
    ]


def _lines(view: str, first: int) -> Sequence[Line]:
    if view == "utan-brev":
        return queries.suppressed_lines(first=first, limit=PAGE)
    return queries.lines(VIEWS[view][1], first=first, limit=PAGE)


def _address(view: str, page: int) -> str:
    return url_for("letters.index", visa=view, **({"sida": page} if page > 1 else {}))  # type: ignore[arg-type]


def _silence() -> str:
    """Why no letter leaves at all; empty if letters do."""
    in_demo = the_portfolio().demo_calendar is not None
    return DEMO if in_demo and post_for(settings().mail_url).leaves_the_house else ""


def _hand_over(name: str, address: str, head: Letterhead) -> str | None:
    """Hand over the test letter; the mail server's answer if it does not take it."""
    config, at = settings(), real_now()
    sender = sender_of(config.mail_from, config.base_url)
    letter_id = f"prov-{uuid4()}"
    raw = as_message(letter_id, name, address, TEST, head, sender, real_now=at)
    try:
        with post_for(config.mail_url, timeout=TEST_TIMEOUT_SECONDS) as post:
            post.hand_over(sender.address, address, raw)
    except Undelivered as error:
        current_app.logger.warning("test letter %s: %s", letter_id, error.line)
        return error.line
    return None

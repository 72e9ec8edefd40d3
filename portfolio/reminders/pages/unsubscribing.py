"""One click ends the veckobrev, without signing in (RFC 8058). Reading the page changes nothing: scanners read."""

from flask import Response

from portfolio.base.db import transaction
from portfolio.base.errors import NotFound
from portfolio.people import queries
from portfolio.people.access import public
from portfolio.people.actions.persons import set_letter_rhythm
from portfolio.people.models import Person
from portfolio.people.rules import LetterRhythm
from portfolio.reminders.pages.blueprint import reminders
from portfolio.reminders.rules.tokens import person_of
from portfolio.web.clock import now, settings
from portfolio.web.fragments import show
from portfolio.web.security import asks_by_address


@reminders.get("/avbestall/<token>")
@public
def unsubscribe(token: str) -> Response:
    """Ask whether the veckobrev is to end."""
    person = _whose(token)
    return _page(token, "asked" if person.letter_rhythm != LetterRhythm.NEVER else "done") if person else _refused()


@reminders.post("/avbestall/<token>")
@public
@asks_by_address
def end_weekly_letter(token: str) -> Response:
    """End it; a second time changes nothing."""
    person = _whose(token)
    if person is None:
        return _refused()
    person_id, by = person.id, queries.actor_of(person)
    with transaction():
        set_letter_rhythm(person_id, LetterRhythm.NEVER, by=by, now=now())
    return _page(token, "done")


def _whose(token: str) -> Person | None:
    person_id = person_of(token, settings().secret_key)
    if person_id is None:
        return None
    try:
        person = queries.person(person_id)
    except NotFound:
        return None
    return person if person.active else None


def _page(token: str, step: str) -> Response:
    return show("reminders/unsubscribe.html", token=token, step=step)


def _refused() -> Response:
    """Forged, and made for something else, look the same (fault case EM-7)."""
    return show("reminders/unsubscribe.html", status=400, token="", step="refused")

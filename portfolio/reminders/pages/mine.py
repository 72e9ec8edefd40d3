"""Mina brev: how often one wants the veckobrev, when one is away and who stands in, and what has been sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import long_date, this_week, today
from portfolio.base.weeks import monday, week_of
from portfolio.base.workdays import AlwaysClosed, moment, next_workday
from portfolio.letters.queries import latest_to
from portfolio.meetings.queries.series import closed_days, the_series
from portfolio.people import queries
from portfolio.people.access import me, signed_in
from portfolio.people.actions import absences
from portfolio.people.actions.persons import set_letter_rhythm
from portfolio.people.models import Person
from portfolio.people.rules import LetterRhythm, May, Role, may
from portfolio.people.schemas import AbsenceForm, LetterRhythmForm
from portfolio.reminders.pages.blueprint import reminders
from portfolio.reminders.queries.facts import LETTER_ROLES, settings
from portfolio.reminders.rules.due import wants_this_week
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import read
from portfolio.web.fragments import see, show

LATEST = 10
"""How many of one's letters are shown."""
WEEKS_AHEAD = 60

RHYTHMS = (
    (LetterRhythm.WEEKLY, "Varje vecka", "Veckans första arbetsdag, om det finns något att berätta."),
    (LetterRhythm.FORTNIGHTLY, "Varannan vecka", "De veckor då ledningsgruppen brukar mötas."),
    (LetterRhythm.NEVER, "Aldrig", "Påminnelser om sådant som väntar på dig kommer ändå."),
)


@reminders.get("/mina-brev")
@signed_in
def mine() -> Response:
    """The visitor's own letters."""
    return _page({}, {})


@reminders.post("/mina-brev")
@signed_in
def choose_rhythm() -> BaseResponse:
    """Choose how often the veckobrev comes."""
    try:
        rhythm = LetterRhythm(read(LetterRhythmForm())["rhythm"])
    except Invalid as error:
        return _page(request.form, error.errors, status=422)
    with transaction():
        set_letter_rhythm(_my_id(), rhythm, by=me(), now=now())
    tell("Ditt val är sparat.")
    return see("reminders.mine")


@reminders.post("/mina-brev/borta")
@signed_in
def add_absence() -> BaseResponse:
    """Say when one is away, and who gets the letters meanwhile."""
    try:
        form = read(AbsenceForm())
        days = form["first_day"], form["last_day"]
        with transaction():
            absences.add_absence(_my_id(), *days, form["substitute"], by=me(), now=now())
    except Invalid as error:
        return _page(request.form, error.errors, status=422)
    tell("Din frånvaro är sparad.")
    return see("reminders.mine")


@reminders.post("/mina-brev/borta/<int:absence_id>/ta-bort")
@signed_in
def remove_absence(absence_id: int) -> BaseResponse:
    """One is not away after all."""
    with transaction():
        absences.remove_absence(absence_id, by=me(), now=now())
    tell("Frånvaron är borttagen.")
    return see("reminders.mine")


def _my_id() -> int:
    person_id = me().person_id
    if person_id is None:
        raise NotFound
    return person_id


def _page(values: Mapping[str, Any], errors: Mapping[str, Sequence[str]], *, status: int = 200) -> Response:
    at, person = now(), queries.person(_my_id())
    functions = queries.functions()
    return show(
        "reminders/mine.html",
        status=status,
        person=person,
        values={"rhythm": person.letter_rhythm, **values},
        errors=errors,
        rhythms=RHYTHMS,
        gets_weekly=Role(person.role) in LETTER_ROLES,
        next_letter=_next_letter(person, at),
        absences=[(row, functions.get(row.substitute_id or 0)) for row in queries.absences_of(person.id, today(at))],
        substitutes=_substitutes(person),
        letters=latest_to(person.id, LATEST),
    )


def _substitutes(person: Person) -> list[tuple[int, str]]:
    """Those who may read what the letters tell of."""
    others = [one for one in queries.persons(active_only=True) if one.id != person.id]
    return [(one.id, one.function) for one in others if may(queries.actor_of(one), May.READ)]


def _next_letter(person: Person, at: datetime) -> str:
    """`måndag 30 november`: when the next veckobrev may come; empty if none does."""
    setting, closed, series = settings()["weekly_letter"], closed_days(), the_series()
    if not setting.active or Role(person.role) not in LETTER_ROLES:
        return ""
    try:
        for number in range(WEEKS_AHEAD):
            first = monday(this_week(at)) + timedelta(weeks=number)
            day = next_workday(first, closed)
            is_ahead = week_of(day) == week_of(first) and moment(day, setting.time) > at
            if is_ahead and wants_this_week(person.letter_rhythm, week_of(first), series):
                return long_date(day, weekday=True)
    except AlwaysClosed:
        pass
    return ""

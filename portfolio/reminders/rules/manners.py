"""When a letter may leave, and to whom: what makes the reminders a help and not a nuisance.

One letter a person and day, two a person and week, none on a day when nobody works, none before the rule's hour.
Whoever is away has a substitute who gets the letter, or gets it on return.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio.base.time import today
from portfolio.base.weeks import week_of
from portfolio.base.workdays import Closed, moment

MOST_A_WEEK = 2


@dataclass(frozen=True, slots=True)
class Away:
    """Days, first and last included, on which somebody is away, and who stands in for them."""

    first: date
    last: date
    substitute_id: int | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies in the absence."""
        return self.first <= day <= self.last


Absences = Mapping[int, Sequence[Away]]
"""{person's id: their absences}."""


def receiver_of(person_id: int, day: date, absences: Absences) -> int | None:
    """Who gets a person's letter on a day: they, or who stands in for them; None while nobody does.

    Substitutes who stand in for each other lead to nobody.
    """
    seen: set[int] = set()
    receiver: int | None = person_id
    while receiver is not None and receiver not in seen:
        seen.add(receiver)
        away = next((one for one in absences.get(receiver, ()) if one.covers(day)), None)
        if away is None:
            return receiver
        receiver = away.substitute_id
    return None


def returned_on(absences: Absences, day: date) -> dict[int, date]:
    """The latest day, up to `day`, on which people came back after an absence without a substitute."""
    back: dict[int, date] = {}
    for person_id, ones in absences.items():
        ended = [one.last + timedelta(days=1) for one in ones if one.substitute_id is None and one.last < day]
        if ended:
            back[person_id] = max(ended)
    return back


def may_leave(now: datetime, clock: str, letters: Collection[date], closed: Closed) -> bool:
    """Whether a letter may leave to a person at this very moment.

    `clock` is the rule's hour, `letters` the days on which the person has had, or is about to have, a letter.
    """
    day = today(now)
    this_week = sum(week_of(one) == week_of(day) for one in letters)
    is_full = day in letters or this_week >= MOST_A_WEEK
    return not is_full and not closed(day) and moment(day, clock) <= now

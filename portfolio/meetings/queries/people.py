"""The ledningsgrupp: who belongs to it, by function, and who was there."""

import json
from collections.abc import Sequence
from datetime import date
from zlib import crc32

from portfolio.meetings.models import MeetingRow
from portfolio.meetings.rules.deciding import DECISION_MAKER
from portfolio.meetings.rules.minutes import Participant
from portfolio.people import queries as people
from portfolio.people.models import Person
from portfolio.people.rules import Role

ORDER = (Role.CHAIR, Role.MEMBER, Role.COORDINATOR)
"""The roles that sit in the group, in the order in which the minutes name them."""


def decision_maker() -> str:
    """The function that decides where nobody else is named: the chair's. A group of officials decides nothing."""
    chairs = [person.function for person in people.holders(active_only=True) if person.role == Role.CHAIR]
    return chairs[0] if chairs else DECISION_MAKER


def expected_on(day: date) -> list[Participant]:
    """The group's members, the chair first; whoever is away that day is absent, with who stands in for them."""
    functions = people.functions()
    return [_expected(person, day, functions) for person in _members()]


def participants_of(row: MeetingRow) -> tuple[Participant, ...]:
    """Who was there, as it was noted."""
    return tuple(Participant(**one) for one in json.loads(row.participants))


def noted_version(row: MeetingRow) -> int:
    """A number that is another one once somebody has changed who was there, where, or who wrote it down."""
    noted = "\n".join([row.participants, row.place, row.secretary])
    return crc32(noted.encode()) >> 1  # no larger than a number that a form can bring back


def _members() -> Sequence[Person]:
    found = [person for person in people.persons(active_only=True) if person.role in ORDER]
    by_function = {person.function: person for person in reversed(found)}
    return sorted(by_function.values(), key=lambda person: (ORDER.index(Role(person.role)), found.index(person)))


def _expected(person: Person, day: date, functions: dict[int, str]) -> Participant:
    away = [one for one in people.absences_of(person.id, day) if one.first_day <= day]
    if not away:
        return Participant(person.function, True)
    return Participant(person.function, False, functions.get(away[0].substitute_id or 0, ""))

"""The ledningsgrupp: who belongs to it, by function."""

import json

from portfolio.meetings.models import MeetingRow
from portfolio.meetings.rules.minutes import Participant
from portfolio.people import queries as people
from portfolio.people.rules import Role

ORDER = (Role.CHAIR, Role.MEMBER, Role.COORDINATOR)
"""The roles that sit in the group, in the order in which the minutes name them."""


def the_group() -> list[str]:
    """The functions of the group's members, the chair first."""
    found = [person for person in people.persons(active_only=True) if person.role in ORDER]
    found.sort(key=lambda person: ORDER.index(Role(person.role)))
    return list(dict.fromkeys(person.function for person in found))


def participants_of(row: MeetingRow) -> tuple[Participant, ...]:
    """Who was there, as it was noted."""
    return tuple(Participant(**one) for one in json.loads(row.participants))

"""Change what holds for the whole municipality, and how many initiatives a person may own."""

from collections.abc import Mapping
from datetime import datetime

from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions.conflicts import record_and_settle, settle
from portfolio.capacity.models import ConflictRow
from portfolio.events import Json, SettingsChanged
from portfolio.outbox.queries import newest_event
from portfolio.people import actions as people
from portfolio.people.actions import PersonChanges
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure_may


def change_settings(fields: Mapping[str, str | int], *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Change the municipality's settings, columns of PortfolioRow; the new conflicts that follow from the limits."""
    ensure_may(by, May.MANAGE_PEOPLE)
    row = lock_portfolio()
    changes: dict[str, Json] = {
        name: [getattr(row, name), value] for name, value in fields.items() if getattr(row, name) != value
    }
    if not changes:
        return []
    for name in changes:
        setattr(row, name, fields[name])
    return record_and_settle(SettingsChanged(changes=changes), "Inställningarna ändrades", by=by, now=now)


def edit_person(
    person_id: int, changes: PersonChanges, *, version: int, by: Actor, now: datetime
) -> tuple[Person, list[ConflictRow]]:
    """Change a person. Fewer initiatives that they may own at a time is always allowed, as any lower limit."""
    person = people.edit_person(person_id, changes, version=version, by=by, now=now)
    if "max_owned" not in changes or person.version == version:
        return person, []
    text = f"Taket för {person.function} ändrades"
    return person, settle(newest_event(), text, codes=[], owners=[person_id], by=by.name, now=now)

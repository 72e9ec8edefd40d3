"""Change what holds for the whole municipality, and how many initiatives a person may own."""

from collections.abc import Mapping
from datetime import date, datetime

from portfolio.base.errors import Invalid
from portfolio.base.portfolio import PortfolioRow, lock_portfolio
from portfolio.base.time import long_date, today
from portfolio.base.weeks import week_of
from portfolio.base.workdays import free_day
from portfolio.capacity import queries as capacity
from portfolio.capacity.actions.conflicts import record_and_settle, settle
from portfolio.capacity.models import ConflictRow
from portfolio.events.capacity import SettingsChanged
from portfolio.events.event import Json
from portfolio.outbox.queries import newest_event
from portfolio.people.actions import persons
from portfolio.people.actions.persons import PersonChanges
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure_may


def change_settings(fields: Mapping[str, str | int], *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Change the municipality's settings, columns of PortfolioRow; the new conflicts that follow from the limits.

    Refuses with Invalid chosen days for the meetings that are past or on which nobody works, and none at all where
    they count.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    row = lock_portfolio()
    _ensure_days_can_be_met_on(row, fields, today(now))
    changes: dict[str, Json] = {
        name: [getattr(row, name), value] for name, value in fields.items() if getattr(row, name) != value
    }
    if not changes:
        return []
    for name in changes:
        setattr(row, name, fields[name])
    return record_and_settle(SettingsChanged(changes=changes), "Inställningarna ändrades", by=by, now=now)


def _ensure_days_can_be_met_on(row: PortfolioRow, fields: Mapping[str, str | int], now: date) -> None:
    """A day that was open and to come when it was chosen may stay; a meeting on one that is closed since is moved."""
    days = str(fields.get("meeting_days", row.meeting_days))
    if fields.get("meeting_rhythm", row.meeting_rhythm) == "chosen" and not days:
        raise Invalid({"meeting_days": ["Skriv vilka dagar ni träffas."]})
    new = [date.fromisoformat(text) for text in days.split() if text not in row.meeting_days.split()]
    past = [f"Den {long_date(day)} {day.year} har redan varit. Välj en kommande dag." for day in new if day < now]
    closed = [(day, why) for day in new if day >= now and (why := _why_closed(day)) is not None]
    told = [f"Den {long_date(day)} {day.year} är det stängt ({why}). Välj en annan dag." for day, why in closed]
    if past or told:
        raise Invalid({"meeting_days": [*past, *told]})


def _why_closed(day: date) -> str | None:
    name = free_day(day)
    if name is not None:
        return name.lower()
    return "uppehåll" if capacity.calendar().stands_still(week_of(day)) else None


def edit_person(
    person_id: int, changes: PersonChanges, *, version: int, by: Actor, now: datetime
) -> tuple[Person, list[ConflictRow]]:
    """Change a person. Fewer initiatives that they may own at a time is always allowed, as any lower limit."""
    person = persons.edit_person(person_id, changes, version=version, by=by, now=now)
    if "max_owned" not in changes or person.version == version:
        return person, []
    text = f"Taket för {person.function} ändrades"
    return person, settle(newest_event(), text, codes=[], owners=[person_id], by=by.name, now=now)

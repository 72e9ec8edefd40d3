"""Every event by its wire name."""

import inspect
from collections.abc import Mapping

from portfolio.events import (
    assignments,
    calendar,
    capacity,
    concepts,
    decisions,
    effects,
    exchange,
    goals,
    initiatives,
    meetings,
    people,
    planning,
    priorities,
    receivers,
    reminders,
    reorganisation,
    reports,
    reviews,
    signals,
    units,
)
from portfolio.events.event import Event

FILES = (
    assignments,
    calendar,
    capacity,
    concepts,
    decisions,
    effects,
    exchange,
    goals,
    initiatives,
    meetings,
    people,
    planning,
    priorities,
    receivers,
    reminders,
    reorganisation,
    reports,
    reviews,
    signals,
    units,
)

CATALOGUE: Mapping[str, type[Event]] = {
    found.name: found
    for file in FILES
    for _, found in inspect.getmembers(file, inspect.isclass)
    if issubclass(found, Event) and "name" in vars(found)
}
"""Every event that this version of the product knows, by its wire name."""

"""The municipality's weeks."""

from dataclasses import dataclass

from portfolio.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AboutCalendar(Event):
    """The base of events about the municipality's calendar."""

    @property
    def subject(self) -> str:
        """The calendar."""
        return "calendar/weeks"


@dataclass(frozen=True, kw_only=True)
class WeekBegan(AboutCalendar):
    """A new week began: what drags on counts a week further than it did."""

    name = "calendar.week_began"
    week: str


@dataclass(frozen=True, kw_only=True)
class StandstillAdded(AboutCalendar):
    """Nothing runs in these weeks (uppehåll)."""

    name = "standstill.added"
    standstill: int
    from_week: str
    to_week: str
    yearly: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class StandstillRemoved(AboutCalendar):
    """A standstill was taken away."""

    name = "standstill.removed"
    standstill: int
    reason: str

"""What is worth knowing."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutSignal(Event):
    """The base of events about something worth knowing: `signal` is its number, `title` what it is about."""

    signal: int
    title: str

    @property
    def subject(self) -> str:
        """The signal."""
        return f"signal/{self.signal}"


@dataclass(frozen=True, kw_only=True)
class SignalTold(AboutSignal):
    """Somebody told the others something worth knowing, which touches these initiatives."""

    name = "signal.told"
    link: str
    text: str
    initiatives: list[Json]


@dataclass(frozen=True, kw_only=True)
class SignalHidden(AboutSignal):
    """Its author, or whoever leads the meetings, took it away from the feed."""

    name = "signal.hidden"

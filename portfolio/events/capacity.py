"""What a unit carries: its limits, exceptions from them, what nobody decided, and cells that are over."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json
from portfolio.events.initiatives import AboutInitiative
from portfolio.events.units import AboutUnit


@dataclass(frozen=True, kw_only=True)
class LimitsConfirmed(AboutUnit):
    """The förvaltningschef confirmed the limits: from now on they block."""

    name = "unit.limits_confirmed"
    limit: int | None
    max_parallel: int | None


@dataclass(frozen=True, kw_only=True)
class CapLowered(AboutUnit):
    """The limit is lowered (sänkt tak) in these weeks."""

    name = "unit.cap_lowered"
    lowered_limit: int
    from_week: str
    to_week: str
    yearly: bool
    limit: int | None
    max_parallel: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class CapRestored(AboutUnit):
    """A lowered limit was removed."""

    name = "unit.cap_restored"
    lowered_limit: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExceptionGranted(AboutInitiative):
    """A motivated exception: over the limit in the listed cells, through `valid_to`."""

    name = "exception.granted"
    exception: int
    valid_to: str
    cells: list[Json]


@dataclass(frozen=True, kw_only=True)
class ExceptionExpired(AboutInitiative):
    """An exception's last week passed."""

    name = "exception.expired"
    exception: int
    valid_to: str


@dataclass(frozen=True, kw_only=True)
class ExceptionEnded(AboutInitiative):
    """An exception covers nothing any more: what it was for is within the limit, or is no longer carried out."""

    name = "exception.ended"
    exception: int


@dataclass(frozen=True, kw_only=True)
class UnplannedEventRegistered(AboutUnit):
    """Something that nobody decided takes the unit's strength (oplanerad händelse); `to_week` None: no known end."""

    name = "unplanned_event.registered"
    unplanned_event: int
    level: int
    from_week: str
    to_week: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnplannedEventChanged(AboutUnit):
    """An unplanned event turned out otherwise; `changes` has [before, after] by field."""

    name = "unplanned_event.changed"
    unplanned_event: int
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class UnplannedEventEnded(AboutUnit):
    """An unplanned event is over: `last_week` is the last in which it counts, None if it never came."""

    name = "unplanned_event.ended"
    unplanned_event: int
    last_week: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class AboutCell(Event):
    """The base of events about one cell: a unit, or a person's function, in one week."""

    unit: str | None
    person: str | None
    week: str
    measure: str

    @property
    def subject(self) -> str:
        """The unit or the person."""
        return f"unit/{self.unit}" if self.unit is not None else f"person/{self.person}"


@dataclass(frozen=True, kw_only=True)
class ConflictDetected(AboutCell):
    """A cell is over its limit and no exception covers it; `cause` is the wire name of what pushed it over."""

    name = "conflict.detected"
    value: int
    limit: int
    cause: str


@dataclass(frozen=True, kw_only=True)
class ConflictResolved(AboutCell):
    """A cell with an open conflict is within its limit again, or covered by an exception."""

    name = "conflict.resolved"


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):
    """The municipality's own settings were changed; each as [before, after]."""

    name = "settings.changed"
    changes: dict[str, Json]

    @property
    def subject(self) -> str:
        """The settings."""
        return "settings/municipality"

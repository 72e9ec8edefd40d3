"""How things are, as the rules about reminders look at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portfolio.base.weeks import Week
from portfolio.base.workdays import Closed, free_day
from portfolio.capacity.rules.calendar import Calendar
from portfolio.initiatives.rules.reported import fresh_since
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.series import Series


@dataclass(frozen=True, slots=True)
class Running:
    """An ongoing initiative. `asked_for` is the day of the first meeting for which a report was asked in vain."""

    code: str
    reporter_id: int
    chief_id: int | None = None
    reported_at: datetime | None = None
    resumed_at: datetime | None = None
    asked_for: date | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A proposal on which nothing has been decided since a moment; deferred, since the day that it came back."""

    code: str
    status: Status
    since: datetime


@dataclass(frozen=True, slots=True)
class Starting:
    """A decided initiative."""

    code: str
    owner_id: int
    start: Week


@dataclass(frozen=True, slots=True)
class Dragging:
    """An initiative whose last week has passed."""

    code: str
    owner_id: int
    last_week: Week


@dataclass(frozen=True, slots=True)
class Excepted:
    """An exception in force."""

    code: str
    owner_id: int | None
    valid_to: Week


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A plan's impact on a unit that the receiving chefs have not answered; `plan` tells one plan from another."""

    code: str
    unit: str
    plan: str
    chiefs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Feeling:
    """Somebody who receives changes on a unit, and the newest month in which they told how heavy it feels there."""

    person_id: int
    unit: str
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    """An initiative whose effect is being followed up, since the day on which it was completed.

    `answered` are the occasions, in months after that, at which everything has been answered.
    """

    code: str
    owner_id: int
    day: date
    answered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """How things are. `readers` are those who may get the veckobrev, with how often they want it.

    `returned` are the days on which people came back from an absence without a substitute. A lägesrapport holds for
    `report_days` days, those in a standstill of the `calendar` not counted; `closed` are those and all days off.
    """

    running: Sequence[Running] = ()
    undecided: Sequence[Undecided] = ()
    starting: Sequence[Starting] = ()
    dragging: Sequence[Dragging] = ()
    exceptions: Sequence[Excepted] = ()
    unanswered: Sequence[Unanswered] = ()
    completed: Sequence[Completed] = ()
    feeling: Sequence[Feeling] = ()
    chairs: tuple[int, ...] = ()
    coordinators: tuple[int, ...] = ()
    readers: Mapping[int, str] = field(default_factory=dict)
    returned: Mapping[int, date] = field(default_factory=dict)
    series: Series = field(default_factory=lambda: Series(2, "08:30"))
    report_days: int = 14
    calendar: Calendar = field(default_factory=Calendar)
    closed: Closed = free_day

    def fresh_since(self, at: datetime) -> datetime:
        """The moment from which a lägesrapport still holds at another moment."""
        return fresh_since(at, self.report_days, self.calendar)

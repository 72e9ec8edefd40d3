"""Time: stored in UTC, shown in Europe/Stockholm, and passed in as an argument everywhere else."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from portfolio.base.weeks import Week, week_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def real_now() -> datetime:
    """The machine's time: for sessions, leases and retries, which no demo calendar moves."""
    return datetime.now(UTC)


def product_now(real: datetime, frozen: datetime | None, started: tuple[datetime, datetime] | None) -> datetime:
    """The product's time: frozen, or the demo calendar, or the machine's.

    `started` is (machine's time, demo's time) at the moment the demo calendar was started; it runs on from there.
    """
    if frozen is not None:
        return frozen.astimezone(UTC)
    if started is not None:
        at, stood_at = started
        return (stood_at + (real - at)).astimezone(UTC)
    return real


def today(now: datetime) -> date:
    """The day in Sweden."""
    return now.astimezone(STOCKHOLM).date()


def this_week(now: datetime) -> Week:
    """The ISO week in Sweden."""
    return week_of(today(now))


def long_date(day: date, *, weekday: bool = False) -> str:
    """`27 november`, or `fredag 27 november`."""
    return format_date(day, "EEEE d MMMM" if weekday else "d MMMM", locale="sv")

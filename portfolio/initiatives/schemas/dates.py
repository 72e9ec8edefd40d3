"""Weeks and days, as they are answered."""

from datetime import date

from portfolio.base.weeks import Week, format_week


def written_week(week: Week | None) -> str | None:
    """A week as `2026-W48`, null for none."""
    return None if week is None else format_week(week)


def written_day(day: date | None) -> str | None:
    """A day as `2026-11-24`, null for none."""
    return None if day is None else day.isoformat()

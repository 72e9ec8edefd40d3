"""A month as it is stored and told: the receiving chefs are asked once in each."""

from datetime import date

from babel.dates import format_date


def month_of(day: date) -> str:
    """`2026-11`; months compare as their texts do."""
    return f"{day:%Y-%m}"


def month_told(month: str) -> str:
    """`november 2026`."""
    return format_date(date.fromisoformat(f"{month}-01"), "LLLL y", locale="sv")

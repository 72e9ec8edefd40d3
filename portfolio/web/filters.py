"""Weeks, days and numbers as people read them in Swedish; registered as Jinja filters of the same names."""

from datetime import date, datetime

from babel.dates import format_date
from flask import Flask

from portfolio.base.text import NBSP, listed, out_of
from portfolio.base.time import STOCKHOLM
from portfolio.base.weeks import Week, format_week, week_number, week_year
from portfolio.web.labels import labels_of


def week(value: Week | None) -> str:
    """`v. 7`, with a space that does not break."""
    return "" if value is None else f"v.{NBSP}{week_number(value)}"


def week_and_year(value: Week | None) -> str:
    """`v. 7 2027`."""
    return "" if value is None else f"{week(value)} {week_year(value)}"


def iso_week(value: Week | None) -> str:
    """`2027-W07`, for forms and addresses."""
    return "" if value is None else format_week(value)


def day(value: date | None) -> str:
    """`2026-11-24`."""
    return "" if value is None else value.isoformat()


def long_day(value: date | datetime | None) -> str:
    """`24 november 2026`."""
    if value is None:
        return ""
    shown = value.astimezone(STOCKHOLM).date() if isinstance(value, datetime) else value
    return format_date(shown, "d MMMM y", locale="sv")


def moment(value: datetime | None) -> str:
    """`2026-11-24 kl. 08.30`, Swedish time."""
    if value is None:
        return ""
    shown = value.astimezone(STOCKHOLM)
    return f"{shown.date().isoformat()} kl.{NBSP}{shown:%H.%M}"


def register(app: Flask) -> None:
    """Offer every filter to the templates."""
    for one in (week, week_and_year, iso_week, listed, day, long_day, moment, out_of, labels_of):
        app.add_template_filter(one)

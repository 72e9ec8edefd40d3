"""The shape of the forms about units, limits and the calendar: people type, so weeks are read leniently."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from portfolio.base.weeks import Week
from portfolio.capacity.schemas import CODE_LENGTH, MOST_EMPLOYED, MOST_PARALLEL, MOST_POINTS, REASON_LENGTH
from portfolio.people.schemas import Email
from portfolio.units.rules import UnitKind
from portfolio.web.fields import (
    LAST_YEAR,
    Choice,
    ClockTime,
    Day,
    Form,
    Text,
    WeekField,
    WholeNumber,
    YesNo,
    written_week,
)
from portfolio.web.forms import Errors, check, from_form
from portfolio.web.strict import CODE_PATTERN
from portfolio.web.weeks import WEEK_HELP, as_iso_week

CODE_READ = re.compile(CODE_PATTERN)
MOST_DRAG_WEEKS = 52
LEAST_REPORT_DAYS, MOST_REPORT_DAYS = 7, 92
"""How long a lägesrapport may hold: fewer days than between two meetings, and everybody would report for ever."""
LARGEST_VERSION = 2**31 - 1

WEEKDAY_WORDS = {1: "Måndag", 2: "Tisdag", 3: "Onsdag", 4: "Torsdag", 5: "Fredag"}
RHYTHM_WORDS = {"weekly": "Varje vecka", "even": "Jämna veckor", "odd": "Udda veckor", "chosen": "Valda datum"}
"""When the ledningsgrupp meets."""
MINUTES_WORDS = {"notes": "Minnesanteckningar", "protocol": "Protokoll"}
"""What comes of a meeting."""
MOST_MEETING_DAYS = 200
FIRST_YEAR = 2000
"""A meeting day before it is a slip of the pen, and so is one after LAST_YEAR."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})[ -](\d{4})\b", re.ASCII)
DAY_UNREAD = "”{text}” går inte att läsa. Skriv varje dag som år-månad-dag, till exempel 2026-12-01."

"""What is wrong with a form: sentences by field."""

NO_ERRORS: Errors = {}


class UnitCode(Text):
    """A unit's code, made upper case."""

    def __init__(self) -> None:
        """Short; always there."""
        super().__init__(longest=CODE_LENGTH, required=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        code = super()._deserialize(value, attr, data, **options).upper()
        if CODE_READ.match(code) is None:
            raise ValidationError("Skriv bokstäver och siffror utan mellanslag, till exempel BUF.")
        return code


class LimitsForm(Form):
    """What a unit carries, an empty limit being "Inget tak satt", and the most direct reports of its chefs."""

    max_parallel = WholeNumber(0, MOST_PARALLEL, load_default=None)
    limit = WholeNumber(0, MOST_POINTS, load_default=None)
    direct_reports = WholeNumber(0, MOST_EMPLOYED, load_default=None)
    version = WholeNumber(1, LARGEST_VERSION, required=True)


class UnitForm(Form):
    """A unit's name, kind and place in the tree."""

    name = Text(120, required=True)
    kind = Choice(tuple(UnitKind), required=True)
    parent = Text(CODE_LENGTH, load_default=None)
    headcount = WholeNumber(0, MOST_EMPLOYED, load_default=None)
    valid_from = Day(load_default=None)
    valid_to = Day(load_default=None)
    version = WholeNumber(1, LARGEST_VERSION, required=True)


class NewUnitForm(Form):
    """A unit to add, with its first limits if they are known."""

    code = UnitCode()
    name = Text(120, required=True)
    kind = Choice(tuple(UnitKind), required=True)
    parent = Text(CODE_LENGTH, load_default=None)
    headcount = WholeNumber(0, MOST_EMPLOYED, load_default=None)
    max_parallel = WholeNumber(0, MOST_PARALLEL, load_default=None)
    limit = WholeNumber(0, MOST_POINTS, load_default=None)
    direct_reports = WholeNumber(0, MOST_EMPLOYED, load_default=None)


class StandstillForm(Form):
    """Weeks in which nothing runs."""

    from_week = WeekField(required=True, error_messages={"invalid": WEEK_HELP})
    to_week = WeekField(required=True, error_messages={"invalid": WEEK_HELP})
    yearly = YesNo(load_default=False)
    reason = Text(REASON_LENGTH, required=True)


class HappeningForm(Form):
    """An unplanned event; an empty last week is one that nobody knows yet."""

    level = WholeNumber(1, 3, required=True)
    from_week = WeekField(required=True, error_messages={"invalid": WEEK_HELP})
    to_week = WeekField(load_default=None, error_messages={"invalid": WEEK_HELP})
    reason = Text(REASON_LENGTH, required=True)
    version = WholeNumber(1, LARGEST_VERSION, load_default=1)


def read_period(schema: Form, form: "MultiDict[str, str]", now: Week) -> dict[str, Any]:
    """A form with a period: a week without a year is the next such week, the last one counted from the first."""
    sent = from_form(schema, form)
    first = now
    for name in ("from_week", "to_week"):
        if name in sent:
            sent[name] = as_iso_week(sent[name], first)
            with suppress(ValueError):
                first = written_week(sent[name])
    return check(schema, sent)


class LoweredLimitForm(StandstillForm):
    """Weeks in which a unit carries less."""

    unit = Text(CODE_LENGTH, required=True)
    limit = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel = WholeNumber(0, MOST_PARALLEL, load_default=None)


class MeetingDays(Text):
    """Days, one on each line or with spaces or commas between; kept as `2026-12-01 2026-12-15`, in their order.

    People may also write `9/12 2026`, the day first as in Sweden.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options).replace(",", " ")
        typed = _SLASHED.sub(_as_iso, text).split()
        if len(typed) > MOST_MEETING_DAYS:
            raise ValidationError(f"Skriv högst {MOST_MEETING_DAYS} dagar.")
        return " ".join(sorted({_day_read(text) for text in typed}))


def _as_iso(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _day_read(text: str) -> str:
    with suppress(ValueError):
        if _DAY.fullmatch(text) and FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR:
            return text
    raise ValidationError(DAY_UNREAD.format(text=text))


class SettingsForm(Form):
    """The municipality's own settings."""

    municipality = Text(120, required=True)
    max_owned = WholeNumber(0, MOST_PARALLEL, required=True)
    drag_weeks = WholeNumber(0, MOST_DRAG_WEEKS, required=True)
    report_days = WholeNumber(LEAST_REPORT_DAYS, MOST_REPORT_DAYS, required=True)
    most_direct_reports = WholeNumber(1, MOST_EMPLOYED, required=True)
    meeting_weekday = WholeNumber(1, 5, required=True)
    meeting_time = ClockTime(required=True)
    meeting_rhythm = Choice(tuple(RHYTHM_WORDS), required=True)
    meeting_days = MeetingDays(3000, load_default="")
    meeting_place = Text(120, load_default="")
    minutes_form = Choice(tuple(MINUTES_WORDS), required=True)
    contact = Email(load_default="")


class OwnerLimitForm(Form):
    """How many initiatives one person may own at a time; empty takes the municipality's figure."""

    max_owned = WholeNumber(0, MOST_PARALLEL, load_default=None)
    version = WholeNumber(1, LARGEST_VERSION, required=True)

"""Fields of JSON bodies that take nothing for something else: 3 is a number, "3", 3.0 and true are not.

The fields of forms (web/fields) are lenient where people type; programs are told exactly what is wrong.
"""

import re
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from portfolio.base.weeks import Week, monday, parse_week, week_of
from portfolio.web.fields import (
    DATE_MESSAGE,
    LAST_YEAR,
    MESSAGES,
    NUMBER_MESSAGE,
    WEEK_MESSAGE,
    Text,
    ensure_within_years,
)

WEEK_PATTERN = r"^\d{4}-W\d{2}$"
CODE_PATTERN = r"^[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9._-]*$"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK_53 = re.compile(r"((?:19|2[0-9])[0-9]{2})-W53")
_WITH_WEEK_53 = parse_week("2026-W53")


class Words(Text):
    """Text that is never empty where it is sent."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not text:
            raise self.make_error("required")
        return text


class Number(fields.Integer):
    """A whole number written as one."""

    default_error_messages = MESSAGES | {"invalid": NUMBER_MESSAGE, "too_large": NUMBER_MESSAGE}

    def __init__(self, lowest: int, highest: int, **options: Any):
        """Keep the range as a rule that can be told."""
        outside = f"Skriv ett heltal mellan {lowest} och {highest}."
        super().__init__(strict=True, validate=validate.Range(lowest, highest, error=outside), **options)


class TrueOrFalse(fields.Boolean):
    """true or false, and no word or number that may mean one of them."""

    default_error_messages = MESSAGES | {"invalid": "Skriv true eller false."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class IsoDate(fields.Date):
    """A day, `2027-02-15`, of the years that a day in a form may have."""

    default_error_messages = MESSAGES | {"invalid": DATE_MESSAGE, "format": DATE_MESSAGE}

    def __init__(self, **options: Any):
        """Keep the years as a rule that can be told."""
        super().__init__(validate=ensure_within_years, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> date:
        if not isinstance(value, str) or _DATE.fullmatch(value) is None:
            raise self.make_error("invalid", input=value, obj_type="date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid", input=value, obj_type="date") from None


class IsoDayOrWeek(IsoDate):
    """A day, or a week that stands for its Monday."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> date:
        if isinstance(value, str) and "W" in value:
            try:
                return monday(parse_week(value))
            except ValueError:
                raise self.make_error("invalid", input=value, obj_type="date") from None
        return super()._deserialize(value, attr, data, **options)


class IsoWeek(fields.Field[Week]):
    """A week, `2027-W07`, of a year up to LAST_YEAR."""

    default_error_messages = MESSAGES | {"invalid": WEEK_MESSAGE}

    def __init__(self, **options: Any):
        """Tell the form in the description of the API."""
        super().__init__(metadata={"pattern": WEEK_PATTERN, "examples": ["2027-W07"]}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Week:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            week = self._read(value)
        except ValueError:
            raise self.make_error("invalid") from None
        if monday(week).year > LAST_YEAR:
            raise ValidationError(f"Välj en vecka till och med år {LAST_YEAR}.")
        return week

    def _read(self, text: str) -> Week:
        return parse_week(text)


class PeriodWeek(IsoWeek):
    """A week of a period that may be yearly: week 53 of a year that lacks it is the last week of any year.

    Such a week is kept as week 53 of a year that has one; see `refuse_lacking_week`.
    """

    def _read(self, text: str) -> Week:
        if _WEEK_53.fullmatch(text) and not _has_week_53(text):
            return _WITH_WEEK_53
        return parse_week(text)


def refuse_lacking_week(sent: dict[str, Any], *names: str) -> None:
    """Tell at its field each week 53 that its year lacks: what a period of given weeks, not yearly, may not have."""
    lacking = {name: [WEEK_MESSAGE] for name in names if _is_week_53(sent.get(name)) and not _has_week_53(sent[name])}
    if lacking:
        raise ValidationError(lacking)


def _is_week_53(text: Any) -> bool:
    return isinstance(text, str) and _WEEK_53.fullmatch(text) is not None


def _has_week_53(text: str) -> bool:
    return week_of(date(int(text[:4]), 12, 28)) == week_of(date.fromisocalendar(int(text[:4]), 52, 1)) + 1


class View(Schema):
    """The base of what a call gives. It only describes: answers are made without it, which is many times faster.

    Every field is always there, but those whose metadata says `optional`.
    """

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Mark the field as one that is always there."""
        field_obj.required = not field_obj.metadata.get("optional", False)

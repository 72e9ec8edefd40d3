"""Fields of forms and JSON bodies, with Swedish messages that say what to do (docs/glossary.md)."""

import re
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from portfolio.base.text import without_hidden_signs
from portfolio.base.weeks import Week, format_week, parse_week, week_of, week_year

DATE_MESSAGE = "Skriv datumet som år-månad-dag, till exempel 2027-02-15, eller som vecka, till exempel 2027-W07."
WEEK_MESSAGE = "Skriv veckan som år och vecka, till exempel 2027-W07."
NUMBER_MESSAGE = "Skriv ett heltal, till exempel 4."
MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "Fyll i det här fältet.",
    "null": "Fyll i det här fältet.",
    "validator_failed": "Värdet går inte att använda.",
}
CLOCK_MESSAGE = "Skriv klockslaget som timmar och minuter, till exempel 08.30."
_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_IN_GROUPS = re.compile(r"\s*\d{1,3}(\s\d{3})+\s*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LAST_YEAR = 2199
"""The last year a plan may start in: each further one costs every later check of the limits."""
EARLIEST_YEAR = 1900
YEAR_MESSAGE = f"Skriv ett datum mellan år {EARLIEST_YEAR} och {LAST_YEAR}."

_WEEK_FORMS = re.compile(r"(?:v\.?\s*)?(\d{1,2})\s+(\d{4})|(\d{4})-?[WwVv](\d{1,2})")


class Form(Schema):
    """The base of everything that is read: an unknown field is told, never ignored."""

    error_messages = {"unknown": "Fältet finns inte.", "type": "Skicka ett objekt med fält."}  # noqa: RUF012


class Text(fields.String):
    """Text without control characters, at most `longest` characters, at least one that is seen where required.

    What turns the reading direction or takes no room is left out without a word: it comes along when one pastes.
    """

    default_error_messages = MESSAGES | {"invalid": "Skriv text."}

    def __init__(self, longest: int, **options: Any):
        """Keep the length as a rule that can be told."""
        too_long = f"Skriv högst {longest} tecken."
        super().__init__(validate=validate.Length(max=longest, error=too_long), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        if _UNPRINTABLE.search(text):
            raise ValidationError("Ta bort tecken som inte går att visa.")
        text = without_hidden_signs(text)
        if self.required and not text:
            raise self.make_error("required")
        return text


class WholeNumber(fields.Integer):
    """3, "3", 3.0 and "1 200" with a space of any kind, but neither 3.7, "1 2" nor true."""

    default_error_messages = MESSAGES | {"invalid": NUMBER_MESSAGE, "too_large": NUMBER_MESSAGE}

    def __init__(self, lowest: int, highest: int, **options: Any):
        """Keep the range as a rule that can be told."""
        outside = f"Skriv ett heltal mellan {lowest} och {highest}."
        super().__init__(validate=validate.Range(lowest, highest, error=outside), **options)

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise self.make_error("invalid", input=value)
        if isinstance(value, str) and _IN_GROUPS.fullmatch(value):
            value = "".join(value.split())
        number: int = super()._validated(value)
        return number


class YesNo(fields.Boolean):
    """true or false; a ticked box in a form."""

    default_error_messages = MESSAGES | {"invalid": "Svara ja eller nej."}


class Choice(Text):
    """One of a closed list of code words."""

    def __init__(self, allowed: tuple[str, ...], **options: Any):
        """Keep the words."""
        super().__init__(longest=60, **options)
        self.validators = [validate.OneOf(allowed, error=f"Välj något av: {', '.join(allowed)}.")]


def ensure_within_years(day: date) -> None:
    """ValidationError of a day before EARLIEST_YEAR or after LAST_YEAR.

    Such a day is a slip of the pen, and whoever counts some days on from it can come to the end of all dates.
    """
    if not EARLIEST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(YEAR_MESSAGE)


class Day(fields.Date):
    """An ISO date from EARLIEST_YEAR up to LAST_YEAR."""

    default_error_messages = MESSAGES | {
        "invalid": "Skriv datumet som år-månad-dag, till exempel 2027-02-15.",
        "format": "Skriv datumet som år-månad-dag, till exempel 2027-02-15.",
    }

    def __init__(self, **options: Any):
        """Keep the years as a rule that can be told."""
        super().__init__(validate=ensure_within_years, **options)


class ClockTime(Text):
    """A time of the day, kept as `08:30`; people may also write `8.30`."""

    def __init__(self, **options: Any):
        """As short as a time is."""
        super().__init__(longest=5, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        found = _CLOCK.fullmatch(super()._deserialize(value, attr, data, **options))
        if found is None:
            raise ValidationError(CLOCK_MESSAGE)
        return f"{int(found[1]):02d}:{found[2]}"


class WeekField(fields.Field[Week]):
    """An ISO week, `2027-W07`; people may also write `v. 7 2027`, `7 2027` or a date in it."""

    default_error_messages = MESSAGES | {"invalid": WEEK_MESSAGE}

    def _serialize(self, value: Week | None, attr: str | None, obj: Any, **options: Any) -> str | None:
        return None if value is None else format_week(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Week:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return written_week(value)
        except ValueError:
            raise self.make_error("invalid") from None


def written_week(text: str) -> Week:
    """The week that somebody wrote in any of the forms of WeekField.

    ValueError for anything else, after LAST_YEAR, and in a year so early that `parse_week` could not read it again.
    """
    found = _WEEK_FORMS.fullmatch(text.strip())
    if found:
        number, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        week = parse_week(f"{year}-W{int(number):02d}")
    else:
        week = parse_week(format_week(week_of(date.fromisoformat(text.strip()))))
    if week_year(week) > LAST_YEAR:
        raise ValueError(f"too far ahead: {text!r}")
    return week

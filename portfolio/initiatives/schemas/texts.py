"""Texts and names, as they are sent."""

from typing import Any

from marshmallow import fields, validate

from portfolio.web.fields import MESSAGES, Text

LONGEST_TEXT = 5000
"""Characters of a text of several paragraphs."""


class EmptyText(Text):
    """Text that null empties."""

    def __init__(self, longest: int, **options: Any):
        """Null is empty text."""
        super().__init__(longest=longest, allow_none=True, **options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """Read text, or null as no text."""
        return "" if value is None else super().deserialize(value, attr, data, **options)


class Names(fields.List[str]):
    """At most so many names; null is none."""

    default_error_messages = MESSAGES | {"invalid": "Skicka en lista med namn."}

    def __init__(self, most: int, too_many: str, **options: Any):
        """Tell with `too_many` that there are more than `most`."""
        super().__init__(
            Text(200, required=True), allow_none=True, validate=validate.Length(max=most, error=too_many), **options
        )

"""Half-years as they are looked back on."""

from dataclasses import dataclass

from portfolio.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AboutReview(Event):
    """The base of events about a half-year as it is looked back on: `half_year` is `2026-2`."""

    half_year: str
    text: str

    @property
    def subject(self) -> str:
        """The half-year."""
        return f"review/{self.half_year}"


@dataclass(frozen=True, kw_only=True)
class ReviewNoted(AboutReview):
    """Somebody noted what was changed in the way of working in a half-year."""

    name = "review.noted"


@dataclass(frozen=True, kw_only=True)
class ReviewNoteRemoved(AboutReview):
    """Such a note was taken away; `text` is what it said."""

    name = "review.note_removed"

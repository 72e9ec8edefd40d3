"""What a plan means at one workplace: which of its steps touch it, in which months, and how it is said."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from babel.dates import format_date

from portfolio.base.text import NBSP
from portfolio.base.weeks import Week, monday, week_number
from portfolio.capacity.rules.calendar import Calendar, Stretch
from portfolio.initiatives.rules.plans import IMPACT_WORDS, PHASE_WORDS

MONTHS_SHOWN = 6
"""The current month and those after it: as far as somebody plans a season at work."""

MOST_ON_PAPER = 3
"""Changes told in full on the half page for an APT; the others have a line each."""
MOST_LINES = 3
"""How many of the others have their line: more would not fit on half a page."""
LONGEST_ANSWER, LONGEST_TITLE = 160, 80
"""Characters of an answer and of a title on that half page. Kort sagt, 280 at the most, stands whole."""

THURSDAY = 3
"""Days after Monday: a week belongs to the month that has most of it, as to the year (ISO 8601)."""


class Month(NamedTuple):
    """A month of a year."""

    year: int
    month: int

    @property
    def name(self) -> str:
        """`november`."""
        return format_date(date(self.year, self.month, 1), "LLLL", locale="sv")

    @property
    def with_year(self) -> str:
        """`november 2026`."""
        return f"{self.name} {self.year}"


class Step(NamedTuple):
    """A step of a plan: `kind` is one of PHASE_WORDS, `stretch` its weeks as they count, with its impacts."""

    kind: str
    stretch: Stretch


def month_of(week: Week) -> Month:
    """The month that most of a week lies in."""
    day = date.fromordinal(monday(week).toordinal() + THURSDAY)
    return Month(day.year, day.month)


def months_from(day: date, number: int = MONTHS_SHOWN) -> list[Month]:
    """A day's month and those after it."""
    counted = range(day.year * 12 + day.month - 1, day.year * 12 + day.month - 1 + number)
    return [Month(count // 12, count % 12 + 1) for count in counted]


def steps_at(steps: Sequence[Step], places: Collection[str], now: Week) -> list[Step]:
    """The steps that have an impact at some of these units, and are not over."""
    left = [step for step in steps if step.stretch.last >= now]
    return [step for step in left if any(code in places for code in step.stretch.impacts)]


def strongest(steps: Sequence[Step], places: Collection[str]) -> int | None:
    """The strongest impact of some steps at these units; None where nobody has rated any."""
    found = [impact for step in steps for code, impact in step.stretch.impacts.items() if code in places]
    return max((impact for impact in found if impact is not None), default=None)


def touched_by(steps: Sequence[Step], places: Collection[str]) -> list[str]:
    """Those of these units that some steps touch, in the order of the steps."""
    return list(dict.fromkeys(code for step in steps for code in step.stretch.impacts if code in places))


def impact_told(impact: int | None) -> str:
    """`Stor påverkan`."""
    return "Påverkan är inte bedömd än" if impact is None else f"{IMPACT_WORDS[impact]} påverkan"


def month_line(steps: Sequence[Step], months: Sequence[Month], calendar: Calendar) -> list[str]:
    """What happens in each month: `Genomföra`, or two steps in the month between them; empty where nothing does."""
    return [", ".join(dict.fromkeys(_words_in(month, steps, calendar))) for month in months]


def _words_in(month: Month, steps: Sequence[Step], calendar: Calendar) -> Iterator[str]:
    for step in steps:
        weeks = range(step.stretch.first, step.stretch.last + 1)
        if any(month_of(week) == month and not calendar.stands_still(week) for week in weeks):
            yield PHASE_WORDS[step.kind]


def when_told(steps: Sequence[Step], now: Week) -> str:
    """`Pågår till och med mars 2027 (v. 10).` or `Börjar i januari 2027 (v. 2) och pågår till och med …`"""
    first, last = steps[0].stretch.first, steps[-1].stretch.last
    until = f"till och med {_month_and_week(last)}."
    return f"Pågår {until}" if first <= now else f"Börjar i {_month_and_week(first)} och pågår {until}"


def _month_and_week(week: Week) -> str:
    return f"{month_of(week).with_year} (v.{NBSP}{week_number(week)})"


def figure_told(number: int, *, is_own: bool) -> str:
    """What follows the one number: `förändringar berör din enhet det närmaste halvåret`."""
    noun, unit = "förändring" if number == 1 else "förändringar", "din enhet" if is_own else "enheten"
    return f"{noun} berör {unit} det närmaste halvåret"


def on_paper(text: str, longest: int = LONGEST_ANSWER) -> str:
    """A text on one line, cut where half a page would not hold it."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"

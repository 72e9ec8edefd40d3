"""One initiative's own weeks: what templates/shared/strip.html draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar, Phase, Stretch, lay_out
from portfolio.capacity.rules.picture import WeekHead, week_heads
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.rules.plans import IMPACT_WORDS, PHASE_WORDS

LONGEST = 160
"""Weeks: a longer plan is drawn to here, and said in words elsewhere."""


@dataclass(frozen=True, slots=True)
class Band:
    """A piece of the band of steps: a step's word, or a gap without a word."""

    word: str
    span: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit in one week: its impact as a figure, as a kind for the colour and as a word."""

    text: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit's weeks."""

    name: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole strip."""

    weeks: Sequence[WeekHead]
    phases: tuple[Band, ...]
    rows: tuple[UnitRow, ...]


NOTHING = Cell("", "0", "")
UNRATED = Cell("?", "unrated", IMPACT_WORDS[None])
STANDSTILL = Cell("–", "standstill", "Uppehåll")


def strip_of(start: Week, phases: Sequence[Phase], calendar: Calendar, now: Week, names: Names) -> Strip:
    """The weeks from the start to the last, the steps as a band, and a row for each unit that is touched."""
    stretches = lay_out(start, phases, calendar)
    shown = range(start, min(stretches[-1].last, start + LONGEST - 1) + 1)
    units = list(dict.fromkeys(unit for phase in phases for unit in phase.impacts))
    return Strip(
        week_heads(start, len(shown), now),
        tuple(_bands(shown, phases, stretches, calendar)),
        tuple(UnitRow(names.unit(unit), "", _cells(unit, shown, stretches, calendar)) for unit in units),
    )


def _bands(shown: range, phases: Sequence[Phase], stretches: Sequence[Stretch], calendar: Calendar) -> list[Band]:
    """Runs of weeks with the same step; a standstill inside a step is a gap."""
    bands: list[Band] = []
    for week in shown:
        word = "" if calendar.stands_still(week) else _step_in(week, phases, stretches)
        if bands and bands[-1].word == word:
            bands[-1] = Band(word, bands[-1].span + 1)
        else:
            bands.append(Band(word, 1))
    return bands


def _step_in(week: Week, phases: Sequence[Phase], stretches: Sequence[Stretch]) -> str:
    return next(
        (
            PHASE_WORDS[phase.kind]
            for phase, stretch in zip(phases, stretches, strict=True)
            if stretch.first <= week <= stretch.last
        ),
        "",
    )


def _cells(unit: str, shown: range, stretches: Sequence[Stretch], calendar: Calendar) -> tuple[Cell, ...]:
    return tuple(_cell(_impacts_in(week, stretches), unit, calendar.stands_still(week)) for week in shown)


def _impacts_in(week: Week, stretches: Sequence[Stretch]) -> Mapping[str, int | None]:
    return next((stretch.impacts for stretch in stretches if stretch.first <= week <= stretch.last), {})


def _cell(impacts: Mapping[str, int | None], unit: str, stands_still: bool) -> Cell:
    if stands_still:
        return STANDSTILL
    if unit not in impacts:
        return NOTHING
    impact = impacts[unit]
    return Cell(
        "?" if impact is None else str(impact), "unrated" if impact is None else str(impact), IMPACT_WORDS[impact]
    )

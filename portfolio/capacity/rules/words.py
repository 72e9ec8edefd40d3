"""Small pieces of Swedish that sentences about units and initiatives are put together from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.base.text import NBSP, listed
from portfolio.base.weeks import Week, week_number, week_year
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.clashes import joined
from portfolio.capacity.rules.sentences import in_words, lower_first, span

DEFINITE_ENDINGS = (("chef", "en"), ("ör", "en"), ("or", "n"), ("are", "n"))
"""How the words for functions take the definite form: Kanslichefen, Kommundirektören, Registratorn, Ledaren."""

MOST_SPANS = 3
"""A sentence that lists more runs of weeks than this is not read."""


@dataclass(frozen=True, slots=True)
class Names:
    """What codes and ids are called on screen: units and initiatives by code, persons' functions by id."""

    units: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[int, str] = field(default_factory=dict)
    departments: Collection[str] = frozenset()
    """The codes of the units that are förvaltningar."""

    def unit(self, code: str) -> str:
        """The unit's name; its code if it has none."""
        return self.units.get(code, code)

    def counted(self, codes: Collection[str]) -> str:
        """`två förvaltningar`; `två enheter` if they are of several kinds."""
        if all(code in self.departments for code in codes):
            return count_of(len(codes), "en förvaltning", "förvaltningar")
        return count_of(len(codes), "en enhet", "enheter")

    def initiative(self, code: str) -> str:
        """`FI-001 E-arkiv`."""
        return f"{code} {self.titles.get(code, '')}".rstrip()

    def listed_units(self, codes: Iterable[str]) -> str:
        """`kansliet, IT-kontoret och räddningstjänsten`."""
        return listed([lower_first(self.unit(code)) for code in codes])


def definite(function: str) -> str:
    """`Kommundirektören` of `Kommundirektör`; a name that is no function stays as it is."""
    return function + next((extra for ending, extra in DEFINITE_ENDINGS if function.endswith(ending)), "")


def count_of(number: int, one: str, many: str) -> str:
    """`en enhet`, `två enheter`: `one` is the whole phrase for a single one."""
    return one if number == 1 else f"{in_words(number)} {many}"


def week_words(values: Iterable[Week], calendar: Calendar) -> str:
    """`vecka 2–6`; a standstill parts nothing, and many scattered runs are told as the span that holds them."""
    return _told("vecka", joined(sorted(set(values)), calendar))


def week_signs(values: Iterable[Week], calendar: Calendar) -> str:
    """`v. 2–6`, for tables."""
    return _told("v.", joined(sorted(set(values)), calendar))


def _told(word: str, spans: Sequence[tuple[Week, Week]]) -> str:
    if len(spans) > MOST_SPANS:
        return f"{word}{NBSP}{span(spans[0][0], spans[-1][1])}, med avbrott"
    return f"{word}{NBSP}{listed([span(*one) for one in spans])}"


def week_told(week: Week, now: Week) -> str:
    """`vecka 7`, with the year where the number alone could be misread (a year or more away)."""
    year = f" {week_year(week)}" if abs(week - now) >= 52 else ""
    return f"vecka{NBSP}{week_number(week)}{year}"

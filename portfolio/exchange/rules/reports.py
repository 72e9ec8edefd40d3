"""What became of every row of a list, told: as JSON for the pages, as csv for the one who made the list."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portfolio.base.text import NBSP, harmless
from portfolio.base.weeks import week_number, week_year
from portfolio.exchange.rules.verdicts import CHANGE_WORDS, OUTCOME_WORDS, Content, Outcome, Verdict
from portfolio.initiatives.rules.plans import IMPACT_WORDS
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were read, and what becomes of them: the four add up to the first."""

    create: int = 0
    update: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def read(self) -> int:
        """Every row of the list."""
        return self.create + self.update + self.unchanged + self.refused

    @property
    def line(self) -> str:
        """`read 46 create 40 update 1 unchanged 0 refused 5`, for programs."""
        return f"read {self.read} " + " ".join(f"{name} {number}" for name, number in asdict(self).items())


def counts_of(verdicts: Iterable[Verdict]) -> Counts:
    """Count the verdicts."""
    found = Counter(str(verdict.outcome) for verdict in verdicts)
    return Counts(**{str(outcome): found[outcome] for outcome in Outcome})


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of the file with what becomes of it; `code` is that of its initiative, once it has one."""

    row: int
    outcome: str
    title: str
    code: str | None
    understood: str
    """How the row was read, in words; empty where nothing is stored."""
    told: tuple[str, ...]

    @property
    def word(self) -> str:
        """The outcome in words."""
        return OUTCOME_WORDS[Outcome(self.outcome)]


def report_of(verdicts: Iterable[Verdict], new_codes: Mapping[int, str]) -> list[ReportRow]:
    """The report; `new_codes` gives the codes of the created initiatives by row number."""
    return [
        ReportRow(
            verdict.row,
            verdict.outcome,
            verdict.title,
            verdict.found.code if verdict.found is not None else new_codes.get(verdict.row),
            "" if verdict.content is None else understood(verdict.content),
            (*verdict.reasons, *_what_changes(verdict), *verdict.notes),
        )
        for verdict in verdicts
    ]


def understood(content: Content) -> str:
    """`Beredning, v. 7 2027, 24 veckor, BUF märkbar`: what a row comes to mean, to be checked before it is stored."""
    parts = [STATUS_WORDS[Status(content.status)]]
    if content.start_week is not None:
        parts.append(f"v.{NBSP}{week_number(content.start_week)} {week_year(content.start_week)}")
    weeks = sum(phase.weeks for phase in content.phases)
    if weeks:
        parts.append(f"{weeks}{NBSP}{'vecka' if weeks == 1 else 'veckor'}")
    impacts = {(code, level) for phase in content.phases for code, level in phase.impacts.items()}
    parts += [f"{code} {IMPACT_WORDS[level].lower()}" for code, level in sorted(impacts, key=str)]
    return ", ".join(parts)


def _what_changes(verdict: Verdict) -> list[str]:
    if not verdict.changed:
        return []
    return [f"Ändras: {', '.join(CHANGE_WORDS[name] for name in verdict.changed)}."]


def as_json(rows: Iterable[ReportRow]) -> list[list[Any]]:
    """The rows as short lists, in the order of ReportRow's fields."""
    return [[row.row, str(row.outcome), row.title, row.code, row.understood, list(row.told)] for row in rows]


def from_json(rows: Iterable[list[Any]]) -> list[ReportRow]:
    """The rows that `as_json` wrote."""
    return [
        ReportRow(number, outcome, title, code, reading, tuple(told))
        for number, outcome, title, code, reading, told in rows
    ]


def as_csv(rows: Iterable[ReportRow]) -> str:
    """The rows as Swedish Excel opens them: a mark for UTF-8, semicolons."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Rad", "Besked", "Beteckning", "Namn", "Läst som", "Förklaring"])
    for row in rows:
        texts = (row.code or "", row.title, row.understood, " ".join(row.told))
        writer.writerow([row.row, row.word, *map(harmless, texts)])
    return "\ufeff" + file.getvalue()

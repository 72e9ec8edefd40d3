"""One source row becomes a draft of an initiative, or is refused with every reason at once.

What is decided here, so that every row of a file has exactly one outcome:

- Only the title is required. An empty date means no date, and nothing is invented in its place.
- A text that is no date, a status word that nobody knows, or an end before the start refuses the row:
  stored without its date it would be left out of the load, and nobody would see why.
- What is understood rather than read (a period, a described status) and what is cut is said in a note.
- A row that names an id, or without one a title, that an earlier row of the file already gave is refused.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from portfolio.base.text import fold, quoted
from portfolio.base.weeks import Week, monday
from portfolio.exchange.rules.dates import Edge, Order, UnreadableDate, column_order, read_week
from portfolio.exchange.rules.headers import check_mapping
from portfolio.exchange.rules.tables import Cell, SourceRow, Table, cell_at, cell_text
from portfolio.exchange.rules.words import KnownUnits, UnknownWord, read_impact, read_status

TITLE_LENGTH, SUMMARY_LENGTH, OWNER_LENGTH = 200, 280, 200
"""Longer texts are cut, with a note."""
ID_LENGTH, UNIT_LENGTH = 120, 200
"""A longer id or unit name refuses the row: cut, it would name something else."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An initiative as one row describes it.

    `row` is the row number that Excel shows. `external_id` is the list's own id, None where it has none.
    `unit_names` are as written (`KnownUnits.code_for` finds the unit). `impact` is 0–3, None for unrated.
    A missing week is None: only with both is there a phase. `notes` are Swedish sentences for the preview.
    """

    row: int
    title: str
    external_id: str | None = None
    summary: str = ""
    unit_names: tuple[str, ...] = ()
    start_week: Week | None = None
    end_week: Week | None = None
    status: str = "proposed"
    owner_text: str = ""
    impact: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not read in: its number, its title if it has one, and every reason in Swedish."""

    row: int
    title: str
    reasons: tuple[str, ...]


def draft_rows(
    table: Table, mapping: Mapping[str, str], known_units: KnownUnits, today: date
) -> list[Draft | Refused]:
    """One outcome for each row of the table, in its order.

    `mapping` gives the column of each field (`guess_mapping`); `today` is a Europe/Stockholm day.
    Raises `Invalid` for a mapping that does not fit the table.
    """
    check_mapping(mapping, table.header)
    columns = {name: table.header.index(column) for name, column in mapping.items()}
    orders = {edge: column_order(table.column(mapping[edge])).order for edge in _EDGES if edge in mapping}
    first_rows: dict[tuple[str, str], int] = {}
    outcomes: list[Draft | Refused] = []
    for row in table.rows:
        outcome = _Reading(row, columns, orders, known_units, today).outcome()
        if isinstance(outcome, Draft):
            outcome = _unless_repeated(outcome, first_rows)
        outcomes.append(outcome)
    return outcomes


def column_notes(table: Table, mapping: Mapping[str, str]) -> list[str]:
    """What the date columns prove about their slash dates, and by which row: shown in the preview."""
    columns = [mapping[edge] for edge in _EDGES if edge in mapping]
    notes = [column_order(table.column(name)).note(name) for name in columns]
    return [note for note in notes if note]


def unknown_units(outcomes: Iterable[Draft | Refused], known_units: KnownUnits) -> dict[str, int]:
    """The unit names that the municipality lacks, as first written, with how many rows need each."""
    spelled: dict[str, str] = {}
    needed: dict[str, int] = {}
    for outcome in outcomes:
        for name in outcome.unit_names if isinstance(outcome, Draft) else ():
            if known_units.code_for(name) is None:
                first = spelled.setdefault(fold(name), name)
                needed[first] = needed.get(first, 0) + 1
    return needed


def plain_text(cell: Cell) -> str:
    """A cell as one line of plain text: tags taken away, entities such as `&ouml;` and `&nbsp;` read."""
    text = cell_text(cell)
    if "<" not in text and "&" not in text:
        return text
    text = html.unescape(_TAG.sub(" ", text))
    return " ".join(text.split())


_EDGES: tuple[Edge, ...] = ("start", "end")
_LABELS = {"start": "Start", "end": "Slut"}
_MISSING = {"start": "Start saknas, så inget steg läggs in.", "end": "Slut saknas, så inget steg läggs in."}
# Only real tags: "kostnad <5 mkr" stays. A tag that a cut text ends in the middle of goes too.
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|hr|i|img|li|ol|p|span|strong|sub|sup|table|tbody|td|th|tr|u|ul)\b[^<>]*(?:>|$)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Reading:
    """One row while it is read: reasons and notes gather here."""

    source: SourceRow
    columns: Mapping[str, int]
    orders: Mapping[Edge, Order]
    known_units: KnownUnits
    today: date
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def outcome(self) -> Draft | Refused:
        title, summary = self.title_and_summary()
        start, end = self.weeks()
        draft = Draft(
            row=self.source.number,
            title=title,
            external_id=self.limited("id", "Id", ID_LENGTH) or None,
            summary=summary,
            unit_names=self.unit_names(),
            start_week=start,
            end_week=end,
            status=self.status(),
            owner_text=self.cut(self.text("owner"), OWNER_LENGTH, "Ägaren"),
            impact=self.impact(),
            notes=tuple(self.notes),
        )
        if self.reasons:
            return Refused(draft.row, draft.title, tuple(self.reasons))
        return draft

    def cell(self, name: str) -> Cell:
        return cell_at(self.source, self.columns[name]) if name in self.columns else None

    def text(self, name: str) -> str:
        return plain_text(self.cell(name))

    def title_and_summary(self) -> tuple[str, str]:
        """A title that is too long is kept whole in an empty summary, if it has room there."""
        title, summary = self.text("title"), self.text("summary")
        if not title:
            self.reasons.append("Namnet saknas.")
        if not summary and TITLE_LENGTH < len(title) <= SUMMARY_LENGTH:
            summary = title
        return self.cut(title, TITLE_LENGTH, "Namnet"), self.cut(summary, SUMMARY_LENGTH, "Beskrivningen")

    def weeks(self) -> tuple[Week | None, Week | None]:
        """An end without a year is the first such that does not lie before the start."""
        start = self.week("start", self.today)
        end = self.week("end", self.today if start is None else max(self.today, monday(start)))
        if start is not None and end is not None and end < start:
            self.reasons.append("Slutveckan ligger före startveckan.")
        if (start is None) != (end is None):
            self.notes.append(_MISSING["end" if end is None else "start"])
        return start, end

    def week(self, edge: Edge, today: date) -> Week | None:
        written = self.text(edge)
        try:
            read = read_week(self.cell(edge), edge, self.orders.get(edge, Order.UNPROVEN), today)
        except UnreadableDate as reason:
            self.reasons.append(f"{_LABELS[edge]}: {reason}")
            return None
        if read is None:
            if written:
                self.notes.append(f"{_LABELS[edge]}: {quoted(written)} lästes som inget datum.")
            return None
        week, note = read
        if note:
            self.notes.append(f"{_LABELS[edge]}: {note}")
        return week

    def status(self) -> str:
        try:
            status, note = read_status(self.text("status"))
        except UnknownWord as reason:
            self.reasons.append(str(reason))
            return ""
        if note:
            self.notes.append(note)
        return status

    def impact(self) -> int | None:
        impact, note = read_impact(self.text("impact"))
        if note:
            self.notes.append(note)
        return impact

    def unit_names(self) -> tuple[str, ...]:
        names = self.known_units.split(self.text("unit"))
        if any(len(name) > UNIT_LENGTH for name in names):
            self.reasons.append(f"Enhetens namn är längre än {UNIT_LENGTH} tecken.")
        return names

    def limited(self, name: str, label: str, length: int) -> str:
        text = self.text(name)
        if len(text) > length:
            self.reasons.append(f"{label} är längre än {length} tecken.")
        return text

    def cut(self, text: str, length: int, what: str) -> str:
        if len(text) <= length:
            return text
        self.notes.append(f"{what} kortades till {length} tecken.")
        return text[: length - 1].rstrip() + "…"


def _unless_repeated(draft: Draft, first_rows: dict[tuple[str, str], int]) -> Draft | Refused:
    """The draft, or its refusal if an earlier row gave the same id, or without an id the same title."""
    key = ("id", draft.external_id) if draft.external_id else ("title", fold(draft.title))
    first = first_rows.setdefault(key, draft.row)
    if first == draft.row:
        return draft
    said = f"Id {quoted(draft.external_id)}" if draft.external_id else f"Namnet {quoted(draft.title)}"
    return Refused(draft.row, draft.title, (f"{said} finns redan på rad {first}.",))

"""What becomes of each row of a list: created, updated, unchanged or refused, and why.

The one place for that: a dry run, the preview and the storing ask it with the same facts and get the same
answers. What is decided here:

- A row meets an initiative by the list's own id, by our code if the list has that as its id, or by title.
  A row with an id meets by title only one that no list has given an id; several alike refuse the row.
- A row changes only what it says: a field without a column, and an empty cell, change nothing.
- A plan that the list agrees with keeps its phases and its rated impacts. One that it does not agree with is
  replaced by a single phase, Genomföra, from start to end.
- An owner whom nobody knows is kept as text, and never takes the place of one who is known.
- What is decided in the portfolio is not decided by a list: a row that would do so is refused.
- What is said to be running but starts in a week ahead does not run yet: it is decided, and passes the gate.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portfolio.base.text import fold, listed, quoted
from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar, Phase
from portfolio.exchange.rules.rows import Draft, Refused
from portfolio.exchange.rules.words import KnownUnits
from portfolio.initiatives.rules.statuses import UNDECIDED, Status


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


OUTCOME_WORDS = {
    Outcome.CREATE: "Läggs till",
    Outcome.UPDATE: "Ändras",
    Outcome.UNCHANGED: "Oförändrad",
    Outcome.REFUSED: "Läses inte in",
}

CHANGE_WORDS = {
    "title": "namn",
    "external_id": "listans id",
    "summary": "kort sagt",
    "status": "status",
    "owner": "projektägare",
    "plan": "plan",
}
"""What an update can touch, in words."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a list can say of an initiative. `owner_text` is an owner whom nobody knows."""

    title: str
    external_id: str | None = None
    summary: str = ""
    owner_id: int | None = None
    owner_text: str = ""
    status: str = "proposed"
    start_week: Week | None = None
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """An initiative as it is before the list is read in."""

    id: int
    code: str
    content: Content


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row of the file.

    `found` is the initiative that it meets; `content` what is to be stored, None where nothing is. `changed`
    names what an update touches, by the keys of CHANGE_WORDS. A refused row has its reasons.
    """

    row: int
    outcome: Outcome
    title: str
    found: Stored | None = None
    content: Content | None = None
    changed: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What rows are judged by.

    `new_units` gives the codes of the units that are to be added, by folded name; `persons` the ids of the
    active persons, by folded function and by address. `week` is the present one. `decided_here` are the ids of the
    initiatives that no list has brought in, or on which something has been decided in the portfolio since.
    """

    stored: Sequence[Stored]
    units: KnownUnits
    new_units: Mapping[str, str]
    persons: Mapping[str, int]
    calendar: Calendar
    week: Week
    decided_here: Collection[int] = ()

    def unit_code(self, name: str) -> str | None:
        """The code of a unit that exists or is to be added; None for any other."""
        return self.units.code_for(name) or self.new_units.get(fold(name))


class Judge:
    """Judges the rows of one list in their order, and remembers which initiatives earlier rows have met."""

    def __init__(self, facts: Facts):
        """Make the stored initiatives easy to find."""
        self._facts = facts
        self._by_id = {one.content.external_id: one for one in facts.stored if one.content.external_id}
        self._by_code = {one.code: one for one in facts.stored}
        self._by_title: dict[str, list[Stored]] = defaultdict(list)
        for one in facts.stored:
            self._by_title[fold(one.content.title)].append(one)
        self._met: dict[int, int] = {}

    def verdict(self, row: Draft | Refused, *, says_status: bool) -> Verdict:
        """What becomes of a row; `says_status` is false where it has no status, so that it promises nothing."""
        if isinstance(row, Refused):
            return Verdict(row.row, Outcome.REFUSED, row.title, reasons=row.reasons)
        alike = self._alike(row)
        found = alike[0] if alike else None
        reasons = (*self._unknown_units(row), *self._unclear(alike), *_in_wrong_order(row, found))
        if reasons:
            return Verdict(row.row, Outcome.REFUSED, row.title, found, reasons=reasons)
        content, notes = _content(row, found, self._facts, says_status)
        reasons = self._decided_here(found, content)
        if reasons:
            return Verdict(row.row, Outcome.REFUSED, row.title, found, reasons=reasons)
        told = (*row.notes, *notes)
        if found is None:
            return Verdict(row.row, Outcome.CREATE, row.title, None, content, notes=told)
        self._met[found.id] = row.row
        changed = changes_between(found.content, content)
        if not changed:
            return Verdict(row.row, Outcome.UNCHANGED, row.title, found, notes=told)
        return Verdict(row.row, Outcome.UPDATE, row.title, found, content, changed, notes=told)

    def _alike(self, draft: Draft) -> list[Stored]:
        """The initiatives that a row may mean; one, if all is well, or none."""
        by_title = self._by_title.get(fold(draft.title), [])
        if not draft.external_id:
            return by_title
        known = self._by_id.get(draft.external_id) or self._by_code.get(draft.external_id)
        if known is not None:
            return [known]
        return [one for one in by_title if one.content.external_id is None and one.id not in self._met]

    def _unknown_units(self, draft: Draft) -> list[str]:
        unknown = [name for name in draft.unit_names if self._facts.unit_code(name) is None]
        told = "Enheten {} finns inte. Godkänn att den läggs till, eller rätta den."
        return [told.format(quoted(name)) for name in unknown]

    def _unclear(self, alike: list[Stored]) -> list[str]:
        if len(alike) > 1:
            codes = ", ".join(one.code for one in alike[:3])
            return [f"Flera initiativ heter så ({codes}). Ange beteckningen i listans kolumn för id."]
        if alike and alike[0].id in self._met:
            return [f"Raden gäller samma initiativ som rad {self._met[alike[0].id]}."]
        return []

    def _decided_here(self, found: Stored | None, content: Content) -> tuple[str, ...]:
        """A plan and an owner before any decision are wishes, and may be changed by a list too."""
        if found is None or found.id not in self._facts.decided_here:
            return ()
        held = {"status"} if found.content.status in UNDECIDED else {"status", "owner", "plan"}
        touched = [CHANGE_WORDS[name] for name in changes_between(found.content, content) if name in held]
        return (f"Det beslutas i portföljen: {listed(touched)}.",) if touched else ()


def _in_wrong_order(draft: Draft, found: Stored | None) -> list[str]:
    """A row that gives only the end may end before the start that is known already."""
    start = draft.start_week if found is None or draft.start_week is not None else found.content.start_week
    wrong = start is not None and draft.end_week is not None and draft.end_week < start
    return ["Slutveckan ligger före startveckan."] if wrong else []


def changes_between(before: Content, after: Content) -> tuple[str, ...]:
    """What differs, by the keys of CHANGE_WORDS."""
    differs = {
        "title": before.title != after.title,
        "external_id": before.external_id != after.external_id,
        "summary": before.summary != after.summary,
        "status": before.status != after.status,
        "owner": (before.owner_id, before.owner_text) != (after.owner_id, after.owner_text),
        "plan": (before.start_week, before.phases) != (after.start_week, after.phases),
    }
    return tuple(name for name in CHANGE_WORDS if differs[name])


def _content(draft: Draft, found: Stored | None, facts: Facts, says_status: bool) -> tuple[Content, tuple[str, ...]]:
    """The initiative as the row says, and for the rest as it was; and what must be said about that."""
    before = found.content if found is not None else Content(draft.title)
    is_our_code = found is not None and draft.external_id == found.code
    owner_id, owner_text, owner_notes = _owner(draft, before, facts.persons)
    start, phases, plan_notes = _plan(draft, before, facts)
    status, status_notes = _status(draft, before, start, facts.week, says_status or found is None)
    content = replace(
        before,
        title=draft.title,
        external_id=before.external_id or (None if is_our_code else draft.external_id),
        summary=draft.summary or before.summary,
        status=status,
        owner_id=owner_id,
        owner_text=owner_text,
        start_week=start,
        phases=phases,
    )
    return content, (*owner_notes, *plan_notes, *status_notes)


def _status(
    draft: Draft, before: Content, start: Week | None, week: Week, says_status: bool
) -> tuple[str, tuple[str, ...]]:
    status = draft.status if says_status else before.status
    is_ahead = status == Status.ONGOING and start is not None and start > week
    if not is_ahead or not (says_status or draft.start_week is not None):
        return status, ()
    return Status.DECIDED, ("Starten ligger framåt: läses in som beslutad om det ryms, annars till beredning.",)


def _owner(draft: Draft, before: Content, persons: Mapping[str, int]) -> tuple[int | None, str, tuple[str, ...]]:
    if not draft.owner_text:
        return before.owner_id, before.owner_text, ()
    known = persons.get(fold(draft.owner_text))
    if known is not None:
        return known, "", ()
    if before.owner_id is not None:
        return before.owner_id, "", (f"Ägaren {quoted(draft.owner_text)} är okänd. Den förra står kvar.",)
    note = f"Ägaren {quoted(draft.owner_text)} är okänd och sparas som text. Skriv en funktion, inte ett namn."
    return None, draft.owner_text, (note,)


def _plan(draft: Draft, before: Content, facts: Facts) -> tuple[Week | None, tuple[Phase, ...], tuple[str, ...]]:
    """Start week and phases: those that were, if the row says the same of length, units and impact."""
    start = draft.start_week if draft.start_week is not None else before.start_week
    weeks, notes = _weeks(start, draft.end_week, before, facts.calendar)
    codes = [code for code in map(facts.unit_code, draft.unit_names) if code is not None]
    if _agrees(draft.impact, codes, weeks, before.phases):
        return start, before.phases, notes
    if weeks == 0:
        return start, (), notes
    if len(before.phases) > 1:
        notes = (*notes, "Planens steg ersätts av ett enda.")
    impacts = _impacts(draft.impact, codes or sorted(_highest(before.phases)), before.phases)
    return start, (Phase("implement", weeks, impacts),), notes


def _weeks(start: Week | None, end: Week | None, before: Content, calendar: Calendar) -> tuple[int, tuple[str, ...]]:
    """How many running weeks the plan has, 0 for no plan; the standstills between are left out."""
    if start is None or end is None:
        return sum(phase.weeks for phase in before.phases), ()
    running = calendar.running_weeks(start, end)
    if running:
        return running, ()
    return 1, ("Hela tiden ligger i ett uppehåll. Planen får den första veckan efter det.",)


def _agrees(impact: int | None, codes: Collection[str], weeks: int, phases: Sequence[Phase]) -> bool:
    if weeks != sum(phase.weeks for phase in phases):
        return False
    levels = {level for phase in phases for level in phase.impacts.values()}
    if impact == 0:
        return not levels
    same_units = not codes or set(codes) == set(_highest(phases))
    return same_units and (impact is None or levels <= {impact})


def _impacts(impact: int | None, codes: Collection[str], phases: Sequence[Phase]) -> dict[str, int | None]:
    """The row's impact on each unit; where it says none, the one that was rated before."""
    if impact == 0:
        return {}
    rated = _highest(phases)
    return {code: rated.get(code) if impact is None else impact for code in codes}


def _highest(phases: Sequence[Phase]) -> dict[str, int | None]:
    highest: dict[str, int | None] = {}
    for phase in phases:
        for code, level in phase.impacts.items():
            highest[code] = max(level or 0, highest.get(code) or 0) or None
    return highest

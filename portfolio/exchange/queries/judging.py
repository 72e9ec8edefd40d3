"""What becomes of the rows of a list: the facts they are judged by, and the judgement."""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from portfolio.base.db import current_session, in_chunks
from portfolio.base.text import fold
from portfolio.base.time import this_week, today
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Phase
from portfolio.exchange.models import ImportedRow
from portfolio.exchange.rules.reports import Counts, counts_of
from portfolio.exchange.rules.rows import Draft, Refused, column_notes, draft_rows, plain_text, unknown_units
from portfolio.exchange.rules.tables import Table, cell_at
from portfolio.exchange.rules.unit_codes import codes_for
from portfolio.exchange.rules.verdicts import Content, Facts, Judge, Stored, Verdict
from portfolio.exchange.rules.words import KnownUnits
from portfolio.initiatives.models import DecisionRow, ImpactRow, Initiative, PhaseRow
from portfolio.outbox.queries import newest_seq
from portfolio.people.models import Person
from portfolio.units import queries as units

Progress = Callable[[int, int], None]
"""Is told how many rows are done, and of how many."""


def tell_nobody(done: int, total: int) -> None:
    """For a list that is short enough to wait for."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a list if nothing changes after event `seq`.

    `unknown_units` says how many rows need each unit that does not exist; `new_units` gives the codes, by name,
    of those that are added, which is none unless that was agreed to. `notes` are about the file as a whole.
    """

    seq: int
    verdicts: Sequence[Verdict]
    unknown_units: Mapping[str, int]
    new_units: Mapping[str, str]
    notes: Sequence[str]

    @property
    def counts(self) -> Counts:
        """How many rows become what."""
        return counts_of(self.verdicts)


def judge(
    table: Table, mapping: Mapping[str, str], *, create_units: bool, now: datetime, told: Progress = tell_nobody
) -> Judgement:
    """What becomes of every row. Nothing is written: dry run, preview and storing all ask here."""
    steps = judge_in_steps(table, mapping, create_units=create_units, now=now)
    while True:
        try:
            told(next(steps), len(table.rows))
        except StopIteration as end:
            judgement: Judgement = end.value
            return judgement


def judge_in_steps(
    table: Table, mapping: Mapping[str, str], *, create_units: bool, now: datetime
) -> Generator[int, None, Judgement]:
    """`judge`, saying now and then how many rows are done."""
    seq = newest_seq()
    known = KnownUnits((unit.code, unit.name) for unit in units.all_units())
    drafts = draft_rows(table, mapping, known, today(now))
    unknown = unknown_units(drafts, known)
    codes = codes_for(unknown, units.ids_by_code()) if create_units else {}
    like = _initiatives_like(drafts)
    facts = Facts(
        stored=like,
        units=known,
        new_units={fold(name): code for name, code in codes.items()},
        persons=_persons(),
        calendar=capacity.calendar(),
        week=this_week(now),
        decided_here=_decided_here([one.id for one in like]),
    )
    with_status, judging, verdicts = _rows_with_status(table, mapping), Judge(facts), list[Verdict]()
    for few in in_chunks(drafts):
        verdicts += [judging.verdict(row, says_status=row.row in with_status) for row in few]
        yield len(verdicts)
    used = {fold(name) for name in _units_of_stored_rows(drafts, verdicts)}
    new_units = {name: code for name, code in codes.items() if fold(name) in used}
    return Judgement(seq, verdicts, unknown, new_units, (*table.notes, *column_notes(table, mapping)))


def _rows_with_status(table: Table, mapping: Mapping[str, str]) -> set[int]:
    """The numbers of the rows whose status cell says something."""
    if "status" not in mapping:
        return set()
    column = table.header.index(mapping["status"])
    return {row.number for row in table.rows if plain_text(cell_at(row, column))}


def _units_of_stored_rows(drafts: Iterable[Draft | Refused], verdicts: Iterable[Verdict]) -> Iterable[str]:
    for draft, verdict in zip(drafts, verdicts, strict=True):
        if verdict.content is not None and isinstance(draft, Draft):
            yield from draft.unit_names


def _persons() -> dict[str, int]:
    """The ids of the active persons by folded function and by address; the first of equal functions."""
    found = current_session().execute(
        select(Person.id, Person.function, Person.email).where(Person.active).order_by(Person.id.desc())
    )
    return {fold(word): person_id for person_id, *words in found for word in words if word}


def _initiatives_like(drafts: Iterable[Draft | Refused]) -> list[Stored]:
    """The initiatives that some row may mean, by id, code or title: the cost follows the list, not the table."""
    found: dict[int, Stored] = {}
    for few in in_chunks(draft for draft in drafts if isinstance(draft, Draft)):
        ids = {draft.external_id for draft in few} - {None}
        titles = {fold(draft.title)[:200] for draft in few}
        wanted = or_(Initiative.external_id.in_(ids), Initiative.code.in_(ids), Initiative.title_folded.in_(titles))
        found |= {one.id: one for one in stored(select(Initiative.id).where(wanted))}
    return [found[initiative_id] for initiative_id in sorted(found)]


def _decided_here(ids: Iterable[int]) -> set[int]:
    """Of these, what no list has brought in, and what has been decided on in the portfolio since."""
    found: set[int] = set()
    for few in in_chunks(ids):
        brought = select(ImportedRow.initiative_id).where(
            ImportedRow.initiative_id.in_(few), ImportedRow.before.is_(None)
        )
        decided = select(DecisionRow.initiative_id).where(
            DecisionRow.initiative_id.in_(few), DecisionRow.undone_at.is_(None)
        )
        found |= set(few) - set(current_session().scalars(brought)) | set(current_session().scalars(decided))
    return found


def stored(wanted: Select[int]) -> list[Stored]:
    """Some initiatives with their plans, in three statements and without a session's weight."""
    columns = (
        Initiative.id,
        Initiative.code,
        Initiative.title,
        Initiative.external_id,
        Initiative.summary,
        Initiative.owner_id,
        Initiative.owner_text,
        Initiative.status,
        Initiative.start_week,
    )
    rows = current_session().execute(select(*columns).where(Initiative.id.in_(wanted)))
    phases = _phases_of(wanted)
    return [Stored(row[0], row[1], Content(*row[2:], tuple(phases.get(row[0], ())))) for row in rows]


def _phases_of(wanted: Select[int]) -> Mapping[int, Sequence[Phase]]:
    impacts: dict[int, dict[str, int | None]] = defaultdict(dict)
    codes = units.codes_by_id()
    placed = (
        select(ImpactRow.phase_id, ImpactRow.unit_id, ImpactRow.impact)
        .join(PhaseRow, PhaseRow.id == ImpactRow.phase_id)
        .where(PhaseRow.initiative_id.in_(wanted))
    )
    for phase_id, unit_id, impact in current_session().execute(placed):
        impacts[phase_id][codes[unit_id]] = impact
    phases: dict[int, list[Phase]] = defaultdict(list)
    laid = (
        select(PhaseRow.initiative_id, PhaseRow.id, PhaseRow.kind, PhaseRow.weeks)
        .where(PhaseRow.initiative_id.in_(wanted))
        .order_by(PhaseRow.initiative_id, PhaseRow.position)
    )
    for initiative_id, phase_id, kind, weeks in current_session().execute(laid):
        phases[initiative_id].append(Phase(kind, weeks, impacts[phase_id]))
    return phases

"""Store the good rows of a list: all of them in one transaction, or none.

Written in few statements, 500 rows at a time: a list of 27,000 rows takes seconds and little memory. Rows that
already run are reality. They are never refused for lack of room; what they push over its limit becomes an open
conflict, once, with the list as its cause. Rows that are decided but lie ahead pass the gate, one by one, once
those that run have taken their room; one that does not fit is left in preparation, for the group to decide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sqlalchemy import delete, insert, select, update

from portfolio.base.db import IN_FEW_STATEMENTS, current_session, in_chunks
from portfolio.base.errors import NotAllowedNow, Stale
from portfolio.base.portfolio import PortfolioRow, lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity.actions import claims, tree
from portfolio.capacity.actions.conflicts import settle
from portfolio.capacity.actions.gate import verdict_under_lock
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.rules.gate import Plan
from portfolio.events.event import Event, Json
from portfolio.events.exchange import ListImported
from portfolio.events.initiatives import InitiativeEdited, InitiativeImported, OwnerChanged, PlanChanged
from portfolio.exchange.actions.batches import keep_report
from portfolio.exchange.models import ImportBatch, ImportedRow
from portfolio.exchange.queries import batches as queries
from portfolio.exchange.queries.judging import Judgement, Progress, tell_nobody
from portfolio.exchange.rules.memories import plan_as_json, remembered
from portfolio.exchange.rules.verdicts import Content, Outcome, Stored, Verdict
from portfolio.initiatives.actions.fields import refold, searched_texts, touch
from portfolio.initiatives.models import AcknowledgementRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.order import last_rank, open_ids_in_order
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, Status
from portfolio.outbox.actions import record, record_all
from portfolio.outbox.queries import newest_seq
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.units import queries as units

REMEMBERED = (
    "title",
    "external_id",
    "summary",
    "owner_id",
    "owner_text",
    "status",
    "rank",
    "paused_week",
    "forecast_end_week",
    "until",
    "dragging_noted",
)
"""The columns that an update may change, and an undo restores."""

WEIGHING = frozenset({"status", "owner", "plan"})
"""What an update can touch, by the keys of CHANGE_WORDS, that may need more room."""


def store(
    batch_id: int, judgement: Judgement, *, seen: int, by: Actor, now: datetime, told: Progress = tell_nobody
) -> list[ConflictRow]:
    """Store what the judgement says, and settle the conflicts that follow; the new ones.

    `seen` is the newest event that the preview had seen. Stale if anything has happened since then, also since
    the judgement was made: then nothing at all is written.
    """
    ensure_may(by, May.IMPORT)
    row = lock_portfolio()
    one = queries.batch(batch_id)
    if one.state != "uploaded":
        raise NotAllowedNow(one.state)
    newest = newest_seq()
    if newest != seen or newest != judgement.seq:
        raise Stale(newest)
    for name, code in judgement.new_units.items():
        tree.add_unit({"code": code, "name": name, "kind": "forvaltning"}, by=by, now=now)
    writing = _Writing(one, row, units.ids_by_code(), by, now, told, len(judgement.verdicts))
    record_all(writing.events(judgement.verdicts), by=by.name, now=now)
    writing.bind()
    keep_report(one, judgement, writing.new_codes)
    one.state, one.stored_at, one.content = "stored", now, b""
    cause = record(_told_of(one), by=by.name, now=now)
    return settle(cause, f"Inläsning av {one.file_name}", by=by.name, now=now)


def _told_of(one: ImportBatch) -> ListImported:
    return ListImported(
        batch=one.id,
        file=one.file_name,
        created=one.created,
        updated=one.updated,
        unchanged=one.unchanged,
        refused=one.refused,
    )


@dataclass(slots=True)
class _Writing:
    """The rows of one list on their way into the tables; what is to be bound at the end gathers here."""

    batch: ImportBatch
    portfolio: PortfolioRow
    unit_ids: Mapping[str, int]
    by: Actor
    now: datetime
    told: Progress
    total: int
    new_codes: dict[int, str] = field(default_factory=dict)
    _plans: dict[int, Plan] = field(default_factory=dict)
    _released: list[int] = field(default_factory=list)
    _to_start: set[int] = field(default_factory=set)
    _order_changed: bool = False

    def events(self, verdicts: Sequence[Verdict]) -> Iterator[Event]:
        """Write the rows, 500 at a time, and give the event of each change."""
        done = 0
        places, codes = count(last_rank() + 1), self._free_codes()
        for few in in_chunks(verdicts):
            created = [verdict for verdict in few if verdict.outcome is Outcome.CREATE]
            updated = [verdict for verdict in few if verdict.outcome is Outcome.UPDATE]
            yield from self._create(created, codes, places)
            yield from self._update(updated, places)
            done += len(few)
            self.told(done, self.total)

    def bind(self) -> None:
        """Write what the counting ones among the rows hold, and close the gaps in the order of priority."""
        claims.release_all(self._released)
        ahead = {one for one in self._to_start if self._plans[one].start > this_week(self.now)}
        claims.bind_all({one: plan for one, plan in self._plans.items() if one not in ahead})
        for one in sorted(ahead):
            self._start_if_it_fits(one, self._plans[one])
        if self._order_changed:
            renumber(open_ids_in_order())

    def _start_if_it_fits(self, initiative_id: int, plan: Plan) -> None:
        if verdict_under_lock(plan, self.now).fits:
            claims.bind(initiative_id, plan)
            return
        claims.release(initiative_id)
        left = update(Initiative).where(Initiative.id == initiative_id)
        current_session().execute(left.values(status=Status.IN_PREPARATION))
        changes: dict[str, Json] = {"status": [Status.DECIDED, Status.IN_PREPARATION]}
        record(InitiativeEdited(initiative=plan.code, changes=changes), by=self.by.name, now=self.now)

    def _free_codes(self) -> Iterator[str]:
        """FI-015, FI-016 and so on, but for those that somebody has given by hand."""
        for few in in_chunks(count(self.portfolio.next_number)):
            wanted = [f"FI-{number:03d}" for number in few]
            known = set(current_session().scalars(select(Initiative.code).where(Initiative.code.in_(wanted))))
            for number, code in zip(few, wanted, strict=True):
                if code not in known:
                    self.portfolio.next_number = number + 1
                    yield code

    def _create(self, verdicts: list[Verdict], codes: Iterator[str], places: Iterator[int]) -> Iterator[Event]:
        if not verdicts:
            return
        contents = {code: verdict for verdict, code in zip(verdicts, codes, strict=False)}
        rows = [self._columns(code, verdict, places) for code, verdict in contents.items()]
        added = insert(Initiative).returning(Initiative.code, Initiative.id)
        found = current_session().execute(added, rows, execution_options=IN_FEW_STATEMENTS)
        ids = dict(found.all())
        write_phases({ids[code]: _content(one).phases for code, one in contents.items()}, self.unit_ids)
        self._remember([(one, ids[code], 1, None) for code, one in contents.items()])
        for code, verdict in contents.items():
            content = _content(verdict)
            self.new_codes[verdict.row] = code
            if content.status in COUNTING:
                self._plans[ids[code]] = plan_of(code, content, self.now)
            if content.status == Status.DECIDED:
                self._to_start.add(ids[code])
            yield InitiativeImported(
                initiative=code,
                title=content.title,
                status=content.status,
                file=self.batch.file_name,
                row=verdict.row,
            )

    def _columns(self, code: str, verdict: Verdict, places: Iterator[int]) -> dict[str, object]:
        content = _content(verdict)
        return {
            "code": code,
            "title": content.title,
            "external_id": content.external_id,
            "summary": content.summary,
            "owner_id": content.owner_id,
            "owner_text": content.owner_text,
            "status": content.status,
            "start_week": content.start_week,
            "rank": next(places) if content.status in OPEN else None,
            "paused_week": this_week(self.now) if content.status == Status.PAUSED else None,
            "created_at": self.now,
            "updated_at": self.now,
            **searched_texts(code, content.title, content.summary),
        }

    def _update(self, verdicts: list[Verdict], places: Iterator[int]) -> Iterator[Event]:
        if not verdicts:
            return
        rows = initiatives_by_id([_found(verdict).id for verdict in verdicts])
        memories, new_plans = [], {}
        for verdict in verdicts:
            before, after = _found(verdict).content, _content(verdict)
            initiative = rows[_found(verdict).id]
            memory = memory_of(initiative, before.phases)
            yield from events_of(initiative.code, before, after)
            self._apply(initiative, before, after, verdict.changed, places)
            memories.append((verdict, initiative.id, initiative.version, memory))
            if before.phases != after.phases:
                new_plans[initiative.id] = after.phases
        current_session().flush()  # before the session lets go of them: a long list would fill the memory
        for initiative in rows.values():
            current_session().expunge(initiative)
        write_phases(new_plans, self.unit_ids)
        self._remember(memories)

    def _apply(
        self, one: Initiative, before: Content, after: Content, changed: Iterable[str], places: Iterator[int]
    ) -> None:
        for name in ("title", "external_id", "summary", "owner_id", "owner_text", "status", "start_week"):
            setattr(one, name, getattr(after, name))
        refold(one)
        if "plan" in changed:
            one.forecast_end_week, one.dragging_noted = None, False
        if "status" in changed:
            self._follow_status(one, places)
        touch(one, self.now)
        if one.status in COUNTING:
            self._plans[one.id] = plan_of(one.code, after, self.now, one.forecast_end_week)
            if one.status == Status.DECIDED and WEIGHING & set(changed):
                self._to_start.add(one.id)
        elif before.status in COUNTING:
            self._released.append(one.id)

    def _follow_status(self, one: Initiative, places: Iterator[int]) -> None:
        """What goes with a status: the week of a pause, the place in the order of priority."""
        one.paused_week = this_week(self.now) if one.status == Status.PAUSED else None
        one.until = None
        if one.status in OPEN and one.rank is None:
            one.rank = next(places)
        elif one.status not in OPEN and one.rank is not None:
            one.rank, self._order_changed = None, True

    def _remember(self, rows: Iterable[tuple[Verdict, int, int, str | None]]) -> None:
        kept = [
            {
                "batch_id": self.batch.id,
                "row": verdict.row,
                "initiative_id": initiative_id,
                "version_after": version,
                "before": memory,
            }
            for verdict, initiative_id, version, memory in rows
        ]
        current_session().execute(insert(ImportedRow), kept, execution_options=IN_FEW_STATEMENTS)


def _content(verdict: Verdict) -> Content:
    assert verdict.content is not None
    return verdict.content


def _found(verdict: Verdict) -> Stored:
    assert verdict.found is not None
    return verdict.found


def initiatives_by_id(ids: Iterable[int]) -> dict[int, Initiative]:
    """Some initiatives without their plans, read anew."""
    wanted = select(Initiative).where(Initiative.id.in_(list(ids)))
    found = current_session().scalars(wanted, execution_options={"populate_existing": True})
    return {one.id: one for one in found}


def plan_of(code: str, content: Content, now: datetime, forecast: Week | None = None) -> Plan:
    """What an initiative holds while it counts; without a start week it is there from this week on."""
    start = content.start_week if content.start_week is not None else this_week(now)
    return Plan(code, start, content.phases, content.owner_id, forecast_end=forecast)


def events_of(code: str, before: Content, after: Content) -> Iterator[Event]:
    """What history tells of an initiative that a list, or its undoing, changed."""
    texts: dict[str, Json] = {
        name: [getattr(before, name), getattr(after, name)]
        for name in ("title", "external_id", "summary", "status", "owner_text")
        if getattr(before, name) != getattr(after, name)
    }
    if "owner_text" in texts:
        texts["owner_text"] = [
            None,
            None,
        ]  # the log is for ever: it keeps that the owner changed, not a person's name
    if texts:
        yield InitiativeEdited(initiative=code, changes=texts)
    if before.owner_id != after.owner_id:
        functions = function_of(before.owner_id), function_of(after.owner_id)
        yield OwnerChanged(initiative=code, before=functions[0], after=functions[1])
    if (before.start_week, before.phases) != (after.start_week, after.phases):
        plans = [plan_as_json(one.start_week, one.phases) for one in (before, after)]
        yield PlanChanged(initiative=code, before=plans[0], after=plans[1])


def memory_of(initiative: Initiative, phases: tuple[Phase, ...]) -> str:
    """What an undo restores of an initiative."""
    columns = {name: getattr(initiative, name) for name in REMEMBERED}
    return remembered(columns, initiative.start_week, phases)


def write_phases(plans: Mapping[int, Sequence[Phase]], unit_ids: Mapping[str, int]) -> None:
    """Put these phases, by initiative, in the place of those that were, and of what was answered on them."""
    if not plans:
        return
    current_session().execute(delete(PhaseRow).where(PhaseRow.initiative_id.in_(plans)))
    answers = delete(AcknowledgementRow).where(AcknowledgementRow.initiative_id.in_(plans))
    current_session().execute(answers)
    phases = {
        (initiative_id, position): phase
        for initiative_id, plan in plans.items()
        for position, phase in enumerate(plan)
    }
    if not phases:
        return
    rows = [
        {"initiative_id": initiative_id, "position": position, "kind": phase.kind, "weeks": phase.weeks}
        for (initiative_id, position), phase in phases.items()
    ]
    added = insert(PhaseRow).returning(PhaseRow.initiative_id, PhaseRow.position, PhaseRow.id)
    impacts = [
        {"phase_id": phase_id, "unit_id": unit_ids[code], "impact": level}
        for initiative_id, position, phase_id in current_session().execute(added, rows).all()
        for code, level in phases[initiative_id, position].impacts.items()
    ]
    if impacts:
        current_session().execute(insert(ImpactRow), impacts, execution_options=IN_FEW_STATEMENTS)


def renumber(order: Iterable[int]) -> None:
    """Give the open initiatives the places 1, 2, 3 … in this order, many at a time."""
    places = [{"id": initiative_id, "rank": place} for place, initiative_id in enumerate(order, start=1)]
    for few in in_chunks(places):
        current_session().execute(update(Initiative), few)

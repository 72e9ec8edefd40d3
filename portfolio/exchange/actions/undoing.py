"""Undo an import within 24 hours: what it created disappears, what it updated is as it was before.

Whatever somebody has changed since is kept as it is now, and so is an initiative whose earlier plan no longer
has room: an undo adds load through the gate like everything else (capacity kernel §4). Both are told.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, select

from portfolio.base.db import current_session, in_chunks
from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions import claims
from portfolio.capacity.actions.conflicts import settle
from portfolio.capacity.actions.gate import verdict_under_lock
from portfolio.capacity.models import ConflictRow
from portfolio.events.event import Event
from portfolio.events.exchange import ImportUndone
from portfolio.events.initiatives import InitiativeRemoved
from portfolio.events.units import UnitRemoved
from portfolio.exchange.actions.storing import WEIGHING, events_of, initiatives_by_id, plan_of, renumber, write_phases
from portfolio.exchange.models import ImportBatch
from portfolio.exchange.queries import batches as queries
from portfolio.exchange.queries.judging import stored
from portfolio.exchange.rules.memories import recalled
from portfolio.exchange.rules.verdicts import Content, Stored, changes_between
from portfolio.initiatives.actions.fields import refold, touch
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.order import open_ids_in_order
from portfolio.initiatives.rules.statuses import COUNTING
from portfolio.outbox.actions import record, record_all
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.units import queries as units

CHANGED_SINCE = "{} {} har ändrats efter inläsningen och står kvar."
NO_ROOM = "{} {} står kvar som i listan: den förra planen ryms inte längre."


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo: how many disappeared and were restored, what was kept and why, new conflicts."""

    removed: int
    restored: int
    kept: Sequence[str]
    conflicts: Sequence[ConflictRow]


def undo(batch_id: int, *, by: Actor, now: datetime) -> Undone:
    """Undo a stored import; NotAllowedNow once its 24 hours have passed."""
    ensure_may(by, May.IMPORT)
    lock_portfolio()
    one = queries.batch(batch_id)
    if not queries.may_still_undo(one, now):
        raise NotAllowedNow(one.state)
    undoing = _Undoing(units.ids_by_code(), now)
    for few in in_chunks(queries.imported_rows(batch_id)):
        undoing.sort_out(few)
    removed, restored = undoing.remove(), undoing.restore()
    undoing.keep_order()
    record_all([*undoing.events, *_remove_unused_units(one)], by=by.name, now=now)
    one.state, one.undone_at = "undone", now
    one.report = json.dumps(json.loads(one.report) | {"kept": undoing.kept}, ensure_ascii=False)
    cause = record(ImportUndone(batch=one.id, removed=removed, restored=restored), by=by.name, now=now)
    conflicts = settle(cause, f"Inläsningen av {one.file_name} ångrades", by=by.name, now=now)
    return Undone(removed, restored, undoing.kept, conflicts)


def _remove_unused_units(one: ImportBatch) -> list[Event]:
    """The units that the import added go too, unless somebody has changed them or put them to use."""
    removed: list[Event] = []
    for unit in [unit for unit in units.all_units() if unit.code in json.loads(one.new_units)]:
        if unit.version == 1 and not queries.is_in_use(unit.id):
            current_session().delete(unit)
            removed.append(UnitRemoved(unit=unit.code, title=unit.name))
    return removed


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An updated initiative as it is now, and what is remembered of how it was."""

    now: Stored
    then: Content
    columns: Mapping[str, object]

    @property
    def needs_room(self) -> bool:
        """Whether it counts once it is restored, and weighs otherwise than now."""
        return self.then.status in COUNTING and bool(WEIGHING & set(changes_between(self.now.content, self.then)))


@dataclass(slots=True)
class _Undoing:
    """The rows of one import on their way back."""

    unit_ids: Mapping[str, int]
    now: datetime
    events: list[Event] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _created: list[int] = field(default_factory=list)
    _updated: list[_Earlier] = field(default_factory=list)
    _reopened: list[tuple[int, int]] = field(default_factory=list)

    def sort_out(self, rows: Sequence[tuple[int, int, str | None]]) -> None:
        """Tell what can be taken back from what somebody has changed since."""
        ids = [initiative_id for initiative_id, _, _ in rows]
        present, answered = initiatives_by_id(ids), queries.answered(ids)
        contents = {one.id: one for one in stored(select(Initiative.id).where(Initiative.id.in_(ids)))}
        for initiative_id, version, memory in rows:
            initiative = present[initiative_id]
            if initiative.version != version or (memory is None and initiative_id in answered):
                self.kept.append(CHANGED_SINCE.format(initiative.code, initiative.title))
            elif memory is None:
                self._created.append(initiative_id)
                self.events.append(InitiativeRemoved(initiative=initiative.code, title=initiative.title))
            else:
                self._updated.append(_earlier(contents[initiative_id], memory))
        for initiative in present.values():
            current_session().expunge(initiative)

    def remove(self) -> int:
        """Delete what the import created, and with it what that held; how many."""
        for few in in_chunks(self._created):
            current_session().execute(delete(Initiative).where(Initiative.id.in_(few)))
        return len(self._created)

    def restore(self) -> int:
        """Restore what the import updated, first what frees room and then what needs it; how many."""
        free = [one for one in self._updated if not one.needs_room]
        for few in in_chunks(free):
            self._restore(few)
        weighing = [one for one in self._updated if one.needs_room]
        return len(free) + sum(self._restore_if_it_fits(one) for one in weighing)

    def _restore_if_it_fits(self, one: _Earlier) -> bool:
        plan = plan_of(one.now.code, one.then, self.now, one.columns["forecast_end_week"])  # type: ignore[arg-type]
        if not verdict_under_lock(replace(plan, present_start=plan.start), self.now).fits:
            self.kept.append(NO_ROOM.format(one.now.code, one.now.content.title))
            return False
        self._restore([one])
        claims.bind(one.now.id, plan)
        return True

    def _restore(self, few: Sequence[_Earlier]) -> None:
        rows = initiatives_by_id(one.now.id for one in few)
        for one in few:
            initiative = rows[one.now.id]
            self._write(initiative, one)
            self.events += events_of(initiative.code, one.now.content, one.then)
        replanned = [one for one in few if one.now.content.phases != one.then.phases]
        current_session().flush()  # the plans are written past the session
        write_phases({one.now.id: one.then.phases for one in replanned}, self.unit_ids)
        claims.release_all(one.now.id for one in few if one.then.status not in COUNTING)

    def _write(self, initiative: Initiative, one: _Earlier) -> None:
        rank = one.columns["rank"]
        if rank is not None and initiative.rank is None:
            self._reopened.append((rank, initiative.id))  # type: ignore[arg-type]
        for name, value in one.columns.items():
            if name != "rank" or value is None:
                setattr(initiative, name, value)
        initiative.start_week = one.then.start_week
        refold(initiative)
        touch(initiative, self.now)

    def keep_order(self) -> None:
        """Close the gaps in the order of priority; what is open again gets back its place."""
        current_session().flush()  # the order is read from the database
        order = open_ids_in_order()
        for rank, initiative_id in sorted(self._reopened):
            order.insert(rank - 1, initiative_id)
        renumber(order)


def _earlier(now: Stored, memory: str) -> _Earlier:
    columns, start, phases = recalled(memory)
    names: Iterable[str] = ("title", "external_id", "summary", "owner_id", "owner_text", "status")
    then = Content(**{name: columns[name] for name in names}, start_week=start, phases=phases)
    return _Earlier(now, then, columns)

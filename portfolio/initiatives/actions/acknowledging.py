"""What the receiving chefs answer on the impact on their units."""

from collections.abc import Mapping
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import NotAllowedNow
from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions.gate import pass_gate
from portfolio.capacity.models import ConflictRow
from portfolio.events.event import Json
from portfolio.events.initiatives import ImpactChanged, ObjectionRaised, UnitAcknowledged
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import record_change
from portfolio.initiatives.models import AcknowledgementRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.plans import standing_plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, Status
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure, may_acknowledge
from portfolio.units import queries as units


def acknowledge(code: str, unit: str, *, by: Actor, now: datetime) -> None:
    """The receiving chef confirms the impact on their unit."""
    initiative = _locked_for_answer(code, unit, by)
    _answer(initiative, unit, "confirmed", "", by, now)
    record(UnitAcknowledged(initiative=code, unit=unit), by=by.name, now=now)


def object_to(code: str, unit: str, text: str, *, by: Actor, now: datetime) -> None:
    """The receiving chef objects to the impact on their unit, and says why."""
    initiative = _locked_for_answer(code, unit, by)
    _answer(initiative, unit, "objection", text, by, now)
    record(ObjectionRaised(initiative=code, unit=unit, text=text), by=by.name, now=now)


def correct_impact(code: str, unit: str, levels: Mapping[int, int], *, by: Actor, now: datetime) -> list[ConflictRow]:
    """The receiving chef corrects the impact on their unit: `{phase position: 0 to 3}`, 0 for none.

    A correction of a counting initiative that adds load passes the gate as any other path that adds load.
    """
    initiative = _locked_for_answer(code, unit, by)
    unit_id = units.unit_by_code(unit).id
    changes: list[Json] = []
    for phase in initiative.phases:
        row = next((row for row in phase.impacts if row.unit_id == unit_id), None)
        before = row.impact if row is not None else 0
        level = levels.get(phase.position, before or 0)
        if before != level:
            changes.append({"phase": phase.position + 1, "before": before, "after": level})
            _set_impact(phase, row, unit_id, level)
    _answer(initiative, unit, "corrected", "", by, now)
    if not changes:
        return []
    if initiative.status in COUNTING:
        pass_gate(standing_plan_of(initiative, now), now)
    touch(initiative, now)
    event = ImpactChanged(initiative=code, unit=unit, changes=changes)
    return record_change(initiative, event, f"Påverkan av {code} på {unit} rättades", by, now)


def _set_impact(phase: PhaseRow, row: ImpactRow | None, unit_id: int, level: int) -> None:
    if row is not None and level == 0:
        phase.impacts.remove(row)
    elif row is not None:
        row.impact = level
    elif level:
        phase.impacts.append(ImpactRow(unit_id=unit_id, impact=level))


def _locked_for_answer(code: str, unit: str, by: Actor) -> Initiative:
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    ensure(may_acknowledge(by, units.ids_above(units.unit_by_code(unit).id)))
    if initiative.status not in OPEN:
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))
    return initiative


def _answer(initiative: Initiative, unit: str, answer: str, text: str, by: Actor, now: datetime) -> None:
    unit_id = units.unit_by_code(unit).id
    row = next((row for row in acknowledgements_of(initiative.id) if row.unit_id == unit_id), None)
    if row is None:
        row = AcknowledgementRow(initiative_id=initiative.id, unit_id=unit_id)
        current_session().add(row)
    row.answer, row.text, row.answered_by, row.answered_at = answer, text, by.name, now


def forget_answers(initiative: Initiative) -> None:
    """The plan has changed: what the receiving chefs answered was about another one."""
    if initiative.id is not None:
        for row in acknowledgements_of(initiative.id):
            current_session().delete(row)

"""What the receiving chefs answer on the impact on their units."""

from collections.abc import Mapping
from datetime import datetime

from portfolio.base.db import current_session
from portfolio.base.errors import NotAllowedNow, NotFound, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.capacity.actions.gate import pass_gate
from portfolio.capacity.models import ConflictRow
from portfolio.events.event import Json
from portfolio.events.initiatives import ImpactChanged, ObjectionRaised, UnitAcknowledged
from portfolio.initiatives.actions.fields import touch
from portfolio.initiatives.actions.holding import record_change
from portfolio.initiatives.models import AcknowledgementRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.plans import standing_plan_of, units_touched
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import kinds_allowed
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, Status
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, ensure, may_acknowledge
from portfolio.units import queries as units
from portfolio.units.models import UnitRow


def acknowledge(code: str, unit: str, *, version: int | None, by: Actor, now: datetime) -> None:
    """The receiving chef confirms the impact on their unit. Stale if the initiative has changed since `version`."""
    initiative, there = locked_for_answer(code, unit, by)
    ensure_unchanged(version, initiative.version)
    _answer(initiative, there, "confirmed", "", by, now)
    record(UnitAcknowledged(initiative=code, unit=unit), by=by.name, now=now)


def object_to(code: str, unit: str, text: str, *, version: int | None, by: Actor, now: datetime) -> None:
    """The receiving chef objects to the impact on their unit, and says why. Stale as in `acknowledge`."""
    initiative, there = locked_for_answer(code, unit, by)
    ensure_unchanged(version, initiative.version)
    _answer(initiative, there, "objection", text, by, now)
    record(ObjectionRaised(initiative=code, unit=unit, text=text), by=by.name, now=now)


def correct_impact(
    code: str, unit: str, levels: Mapping[int, int], *, version: int | None, by: Actor, now: datetime
) -> list[ConflictRow]:
    """The receiving chef corrects the impact on their unit: `{phase position: 0 to 3}`, 0 for none.

    What is not among `levels` stays as it is, also unrated. A correction of a counting initiative that adds load
    passes the gate as any other path that adds load. Stale as in `acknowledge`.
    """
    initiative, there = locked_for_answer(code, unit, by)
    ensure_unchanged(version, initiative.version)
    changes: list[Json] = []
    for phase in initiative.phases:
        row = next((row for row in phase.impacts if row.unit_id == there.id), None)
        before = row.impact if row is not None else 0
        level = levels.get(phase.position, before)
        if level is not None and before != level:
            changes.append({"phase": phase.position + 1, "before": before, "after": level})
            _set_impact(phase, row, there.id, level)
    _answer(initiative, there, "corrected", "", by, now)
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


def locked_for_answer(code: str, unit: str, by: Actor) -> tuple[Initiative, UnitRow]:
    """The initiative and the unit, for the unit's receiving chef; NotFound if the plan leaves the unit alone."""
    lock_portfolio()
    initiative, there = initiative_by_code(code, lock=True), units.unit_by_code(unit)
    ensure(may_acknowledge(by, units.ids_above(there.id)))
    if there.id not in units_touched(initiative):
        raise NotFound
    if initiative.status not in OPEN:
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))
    return initiative, there


def _answer(initiative: Initiative, there: UnitRow, answer: str, text: str, by: Actor, now: datetime) -> None:
    row = next((row for row in acknowledgements_of(initiative.id) if row.unit_id == there.id), None)
    if row is None:
        row = AcknowledgementRow(initiative_id=initiative.id, unit_id=there.id)
        current_session().add(row)
    row.answer, row.text, row.answered_by, row.answered_at = answer, text, by.name, now


def forget_answers(initiative: Initiative) -> None:
    """The plan has changed: what the receiving chefs answered was about another one."""
    if initiative.id is not None:
        for row in acknowledgements_of(initiative.id):
            current_session().delete(row)

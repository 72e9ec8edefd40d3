"""Change what units carry and what initiatives hold. Everything here runs under the portfolio row's lock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from portfolio.base.db import IN_FEW_STATEMENTS, current_session, in_chunks
from portfolio.base.errors import Invalid, OverCapacity, Stale
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week
from portfolio.base.weeks import Week, format_week, week_of
from portfolio.capacity import queries
from portfolio.capacity.models import ClaimRow, CommitmentRow, ConflictRow, ExceptionCellRow, ExceptionRow
from portfolio.capacity.rules.calendar import Calendar, NothingEverRuns, Period, Phase, lay_out
from portfolio.capacity.rules.conflicts import Breach, CellKey, breaches, uncovered
from portfolio.capacity.rules.gate import Plan, Verdict, evaluate, fingerprint_of
from portfolio.capacity.rules.ways import longest_exception
from portfolio.events import (
    CapLowered,
    CapRestored,
    ConflictDetected,
    ConflictResolved,
    Event,
    ExceptionExpired,
    ExceptionGranted,
    Json,
    LimitsConfirmed,
    SettingsChanged,
    StandstillAdded,
    StandstillRemoved,
)
from portfolio.outbox.actions import record, record_all
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import newest_event
from portfolio.people import actions as people
from portfolio.people.actions import PersonChanges
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure, ensure_may, may_confirm_limits, may_set_limits
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.models import LoweredLimitRow, StandstillRow, UnitRow
from portfolio.units.rules import has_limits, loosens

FOR_EVER = week_of(date(9990, 1, 1))
"""Further than any week: the last phase of a counting initiative must always be read."""

LONGEST_STANDSTILL = 26
"""Weeks: half a year in which nothing runs is more than any summer."""

LIMIT_FIELDS = frozenset({"limit", "max_parallel"})


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an exception is asked for, in the chair's words, and the conflicts that it was read for."""

    why: str
    relief: str
    risk: str
    stance: str
    valid_to: Week
    granted_for: str


def pass_gate(plan: Plan, now: datetime) -> Verdict:
    """The gate (capacity kernel §4): lock, then look, then decide; OverCapacity if the plan does not fit."""
    verdict = verdict_under_lock(plan, now)
    if not verdict.fits:
        raise OverCapacity(plan)
    return verdict


def verdict_under_lock(plan: Plan, now: datetime) -> Verdict:
    """What the gate says of a plan while nobody else can change anything."""
    lock_portfolio()
    codes = {code for phase in plan.phases for code in phase.impacts}
    owners = [] if plan.owner is None else [plan.owner]
    return evaluate(plan, queries.portfolio_around(codes, owners, now), this_week(now))


def pass_gate_with(plan: Plan, ground: Ground, initiative_id: int, *, by: Actor, now: datetime) -> int | None:
    """Let a plan through on a motivated exception; its id, or None if the plan fits without one.

    Refused as OverCapacity if the conflicts are no longer those that it was asked for.
    """
    verdict = verdict_under_lock(plan, now)
    if verdict.fits:
        return None
    if verdict.refused_start or fingerprint_of(verdict.binding) != ground.granted_for:
        raise OverCapacity(plan)
    _ensure_covers(verdict, ground.valid_to)
    return _grant(verdict, ground, plan.code, initiative_id, by, now)


def _ensure_covers(verdict: Verdict, valid_to: Week) -> None:
    weeks = [conflict.week for conflict in verdict.binding]
    longest = longest_exception(min(weeks), queries.whole_portfolio())
    if not max(weeks) <= valid_to <= longest:
        told = f"Välj en vecka från {format_week(max(weeks))} till {format_week(longest)}."
        none = "Krockarna är för långa för ett undantag: det får gälla högst åtta veckor."
        raise Invalid({"exception.valid_to_week": [told if max(weeks) <= longest else none]})


def _grant(verdict: Verdict, ground: Ground, code: str, initiative_id: int, by: Actor, now: datetime) -> int:
    row = ExceptionRow(initiative_id=initiative_id, why=ground.why, relief=ground.relief, risk=ground.risk)
    row.stance, row.valid_to, row.granted_by, row.granted_at = ground.stance, ground.valid_to, by.name, now
    current_session().add(row)
    current_session().flush()  # the cells refer to the exception's id
    ids = units.ids_by_code()
    for conflict in verdict.binding:
        cell = ExceptionCellRow(exception_id=row.id, week=conflict.week, measure=conflict.measure)
        cell.unit_id = None if conflict.unit is None else ids[conflict.unit]
        cell.person_id, cell.value, cell.limit = conflict.person, conflict.after, conflict.limit
        current_session().add(cell)
    cells = [f"{c.unit or 'owner'} {format_week(c.week)} {c.measure}" for c in verdict.binding]
    valid_to = format_week(ground.valid_to)
    granted = ExceptionGranted(initiative=code, exception=row.id, valid_to=valid_to, cells=[*cells])
    record(granted, by=by.name, now=now)
    return row.id


def end_exception(exception_id: int, now: datetime) -> None:
    """Take back an exception together with the decision that it was granted for."""
    row = current_session().get_one(ExceptionRow, exception_id)
    row.ended_at = now


def expire_exceptions(*, by: str, now: datetime) -> list[tuple[ExceptionRow, EventRow]]:
    """End every exception whose last week has passed; each with its event, for the clock to settle."""
    past = queries.exceptions_past(this_week(now))
    codes = queries.codes_of([row.initiative_id for row in past])
    expired = []
    for row in past:
        row.ended_at = now
        code, valid_to = codes[row.initiative_id], format_week(row.valid_to)
        event = ExceptionExpired(initiative=code, exception=row.id, valid_to=valid_to)
        expired.append((row, record(event, by=by, now=now)))
    return expired


def bind(initiative_id: int, plan: Plan) -> None:
    """Write what a counting initiative holds, in place of what it held."""
    bind_all({initiative_id: plan})


def release(initiative_id: int) -> None:
    """An initiative no longer counts: take away what it holds."""
    release_all([initiative_id])


def bind_all(plans: Mapping[int, Plan]) -> None:
    """Write what many counting initiatives hold, by their ids, in place of what they held."""
    release_all(plans)
    hold_all(plans)


def release_all(initiative_ids: Iterable[int]) -> None:
    """Many initiatives no longer count: take away what they hold."""
    for few in in_chunks(initiative_ids):
        current_session().execute(delete(ClaimRow).where(ClaimRow.initiative_id.in_(few)))
        current_session().execute(delete(CommitmentRow).where(CommitmentRow.initiative_id.in_(few)))


def hold_all(plans: Mapping[int, Plan]) -> None:
    """Write what initiatives hold that have not counted so far."""
    calendar, ids = queries.calendar(), units.ids_by_code()
    for few in in_chunks(plans.items()):
        current_session().execute(
            insert(CommitmentRow), [_commitment(*one) for one in few], execution_options=IN_FEW_STATEMENTS
        )
        claims = [claim for one in few for claim in _claims(*one, calendar, ids)]
        if claims:
            current_session().execute(insert(ClaimRow), claims, execution_options=IN_FEW_STATEMENTS)


def _commitment(initiative_id: int, plan: Plan) -> dict[str, Any]:
    return {
        "initiative_id": initiative_id,
        "code": plan.code,
        "owner_id": plan.owner,
        "start_week": plan.start,
        "forecast_end": plan.forecast_end,
    }


def _claims(initiative_id: int, plan: Plan, calendar: Calendar, ids: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    stretches = lay_out(plan.start, plan.phases, calendar)
    for at, (phase, stretch) in enumerate(zip(plan.phases, stretches, strict=True)):
        is_last = at == len(stretches) - 1
        impacts: dict[int | None, int | None] = {ids[code]: impact for code, impact in phase.impacts.items()}
        for unit_id, impact in (impacts or {None: None}).items():
            yield {
                "initiative_id": initiative_id,
                "phase": at,
                "weeks": phase.weeks,
                "unit_id": unit_id,
                "first_week": stretch.first,
                "last_week": stretch.last,
                "counts_to": FOR_EVER if is_last else stretch.last,
                "impact": impact,
            }


def _lay_out_again() -> None:
    """The calendar has changed: every counting initiative gets new weeks for the same phases."""
    calendar = queries.calendar()
    for commitment in current_session().scalars(select(CommitmentRow)).all():
        wanted = select(ClaimRow).where(ClaimRow.initiative_id == commitment.initiative_id)
        claims = current_session().scalars(wanted.order_by(ClaimRow.phase)).all()
        weeks = {claim.phase: claim.weeks for claim in claims}
        phases = [Phase("", length, {}) for length in weeks.values()]
        stretches = dict(zip(weeks, lay_out(commitment.start_week, phases, calendar), strict=True))
        for claim in claims:
            claim.first_week, claim.last_week = stretches[claim.phase].first, stretches[claim.phase].last
            claim.counts_to = FOR_EVER if claim.phase == max(weeks) else claim.last_week


def settle(
    cause: EventRow,
    cause_text: str,
    *,
    codes: Collection[str] | None = None,
    owners: Collection[int] | None = None,
    by: str,
    now: datetime,
) -> list[ConflictRow]:
    """Bring the open conflicts in step with reality after a change; the new ones name `cause`.

    `codes` and `owners` are what the change touched, None for everything. No cell is left over its
    confirmed limit without an exception or an open conflict (capacity kernel §7).
    """
    current_session().flush()  # the queries below must see the change itself
    found = _uncovered_now(codes, owners, now)
    touched = _touched_units(codes)
    ids = units.ids_by_code()
    known = queries.unresolved_conflicts(
        None if touched is None else [ids[code] for code in touched],
        None if touched is None else list(owners or ()),
    )
    still_open = _close_settled(known, found, by, now)
    new = {key: breach for key, breach in found.items() if key not in still_open}
    rows = [_conflict(key, breach, ids, cause, cause_text, now) for key, breach in new.items()]
    current_session().add_all(rows)
    detected = [ConflictDetected(**_told(key), **asdict(breach), cause=cause.type) for key, breach in new.items()]
    record_all(detected, by=by, now=now)
    return rows


def _touched_units(codes: Collection[str] | None) -> set[str] | None:
    if codes is None:
        return None
    tree = queries.tree()
    return {above for code in codes if code in tree.units for above in tree.above(code)}


def _uncovered_now(
    codes: Collection[str] | None, owners: Collection[int] | None, now: datetime
) -> dict[CellKey, Breach]:
    if codes is None:
        portfolio = queries.whole_portfolio()
        wanted, persons = list(portfolio.tree.units), list(portfolio.max_owned)
    else:
        persons = list(owners or ())
        portfolio = queries.portfolio_around(codes, persons, now)
        wanted = sorted(_touched_units(codes) or ())
    found = breaches(portfolio, this_week(now), wanted, persons)
    _tighten_exceptions(found, wanted, persons, now)
    return uncovered(found, queries.exception_covers(now))


def _tighten_exceptions(
    found: Mapping[CellKey, Breach], codes: Collection[str], owners: Collection[int], now: datetime
) -> None:
    """An exception never grows into another: it follows its cells down, and ends where the limit is lowered."""
    for key, cell in queries.exception_cells(now):
        if key.unit not in codes and key.person not in owners:
            continue
        breach = found.get(key)
        if breach is None or breach.limit < cell.limit:
            current_session().delete(cell)
        else:
            cell.value = min(cell.value, breach.value)
    current_session().flush()  # what covers is read from the database


def _close_settled(
    known: Sequence[ConflictRow], found: dict[CellKey, Breach], by: str, now: datetime
) -> set[CellKey]:
    """Resolve the open conflicts that are conflicts no more, bring the others up to date; those still open."""
    codes = units.codes_by_id()
    still_open: set[CellKey] = set()
    resolved: list[Event] = []
    for row in known:
        key = queries.cell_of(row, codes)
        breach = found.get(key)
        if breach is not None:
            row.value, row.limit = breach.value, breach.limit
            still_open.add(key)
        else:
            row.resolved_at = now
            if row.week >= this_week(now):
                resolved.append(ConflictResolved(**_told(key)))
    record_all(resolved, by=by, now=now)
    return still_open


def _conflict(
    key: CellKey, breach: Breach, unit_ids: Mapping[str, int], cause: EventRow, cause_text: str, now: datetime
) -> ConflictRow:
    row = ConflictRow(person_id=key.person, week=key.week, measure=key.measure, since=now)
    row.unit_id = None if key.unit is None else unit_ids[key.unit]
    row.value, row.limit = breach.value, breach.limit
    row.cause, row.cause_text, row.cause_seq = cause.type, cause_text[:200], cause.seq
    return row


def _told(key: CellKey) -> dict[str, Any]:
    person = None if key.person is None else current_session().get_one(Person, key.person).function
    return {"unit": key.unit, "person": person, "week": format_week(key.week), "measure": key.measure}


def record_and_settle(
    event: Event,
    cause_text: str,
    *,
    codes: Collection[str] | None = None,
    owners: Collection[int] | None = None,
    by: Actor,
    now: datetime,
) -> list[ConflictRow]:
    """Record a change and settle the conflicts that it caused or resolved; the new conflicts."""
    cause = record(event, by=by.name, now=now)
    return settle(cause, cause_text, codes=codes, owners=owners, by=by.name, now=now)


def add_unit(fields: dict[str, Any], *, by: Actor, now: datetime) -> UnitRow:
    """Add a unit to the tree. Limits that the unit's own chief does not set stay as they are sent."""
    ensure_may(by, May.SHAPE_UNITS)
    lock_portfolio()
    return unit_rows.add_unit(fields, by=by, now=now)


def edit_unit(
    code: str, fields: dict[str, Any], *, version: int | None, by: Actor, now: datetime
) -> list[ConflictRow]:
    """Change a unit's facts, place or limits. Lowering a limit and moving a unit are always allowed.

    The new conflicts are given back, so that the page can show at once which initiatives now collide.
    """
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure_may_edit(unit, fields, by)
    unit_rows.ensure_changeable(unit, fields)
    if version is not None and version != unit.version:
        raise Stale(unit.version)
    event = unit_rows.edit_unit(unit, fields, by=by, now=now)
    if event is None:
        return []
    return settle(event, f"{unit.name} ändrades", by=by.name, now=now)


def ensure_may_edit(unit: UnitRow, fields: Mapping[str, Any], by: Actor) -> None:
    """Refuse with NotPermitted a change of fields that are not the actor's to change.

    A confirmed limit belongs to the förvaltningschef: only they, or the chair, raise or take away one, and only
    they make preliminary limits block or blocking ones preliminary. Whoever sets a unit's first limits may leave
    them preliminary: nothing that blocked stops blocking.
    """
    above = units.ids_above(unit.id)
    if set(fields) - LIMIT_FIELDS - {"limits_confirmed"}:
        ensure_may(by, May.SHAPE_UNITS)
    if set(fields) & LIMIT_FIELDS:
        ensure(may_set_limits(by, above))
    confirmed = fields.get("limits_confirmed", unit.limits_confirmed)
    is_first = not confirmed and not has_limits(unit) and not units.lowered_limits(unit.id)
    if (confirmed != unit.limits_confirmed and not is_first) or loosens(unit, fields):
        ensure(may_confirm_limits(by, above))


def confirm_limits(code: str, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """The förvaltningschef confirms the limits: from now on they block."""
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure(may_confirm_limits(by, units.ids_above(unit.id)))
    unit.limits_confirmed = True
    unit.version += 1
    event = LimitsConfirmed(unit=code, limit=unit.limit, max_parallel=unit.max_parallel)
    return record_and_settle(event, f"Taket för {unit.name} bekräftades", codes=[code], by=by, now=now)


def edit_person(
    person_id: int, changes: PersonChanges, *, version: int, by: Actor, now: datetime
) -> tuple[Person, list[ConflictRow]]:
    """Change a person. Fewer initiatives that they may own at a time is always allowed, as any lower limit."""
    person = people.edit_person(person_id, changes, version=version, by=by, now=now)
    if "max_owned" not in changes or person.version == version:
        return person, []
    text = f"Taket för {person.function} ändrades"
    return person, settle(newest_event(), text, codes=[], owners=[person_id], by=by.name, now=now)


def lower_limit(
    code: str,
    *,
    from_week: Week,
    to_week: Week,
    yearly: bool,
    limit: int | None,
    max_parallel: int | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> tuple[LoweredLimitRow, list[ConflictRow]]:
    """Lower a unit's limit for some weeks: always allowed, and the new conflicts are shown at once."""
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure(may_set_limits(by, units.ids_above(unit.id)))
    _ensure_in_order(from_week, to_week, yearly)
    if limit is None and max_parallel is None:
        raise Invalid({"limit": ["Skriv vilket tak som gäller, eller hur många som får pågå samtidigt."]})
    row = LoweredLimitRow(unit_id=unit.id, from_week=from_week, to_week=to_week, yearly=yearly)
    row.limit, row.max_parallel, row.reason = limit, max_parallel, reason
    current_session().add(row)
    current_session().flush()  # the event names the row
    event = CapLowered(
        unit=code,
        lowered_limit=row.id,
        from_week=format_week(from_week),
        to_week=format_week(to_week),
        yearly=yearly,
        limit=limit,
        max_parallel=max_parallel,
        reason=reason,
    )
    text = _because(f"Sänkt tak för {unit.name}", reason)
    return row, record_and_settle(event, text, codes=[code], by=by, now=now)


def restore_limit(code: str, lowered_id: int, *, by: Actor, now: datetime) -> None:
    """Remove a lowered limit."""
    lock_portfolio()
    unit = units.unit_by_code(code)
    ensure(may_set_limits(by, units.ids_above(unit.id)))
    row = units.lowered_limit(unit.id, lowered_id)
    event = CapRestored(unit=code, lowered_limit=row.id, reason=row.reason)
    current_session().delete(row)
    record_and_settle(event, f"Sänkt tak för {unit.name} togs bort", codes=[code], by=by, now=now)


def add_standstill(
    *, from_week: Week, to_week: Week, yearly: bool, reason: str, by: Actor, now: datetime
) -> tuple[StandstillRow, list[ConflictRow]]:
    """Add a standstill: every plan that runs through it is laid out anew, and the new conflicts are shown."""
    ensure_may(by, May.SET_CALENDAR)
    lock_portfolio()
    _ensure_in_order(from_week, to_week, yearly)
    _ensure_something_runs(Period(from_week, to_week, yearly), this_week(now))
    row = StandstillRow(from_week=from_week, to_week=to_week, yearly=yearly, reason=reason)
    current_session().add(row)
    current_session().flush()  # the calendar is read again with the new row
    _lay_out_again()
    event = StandstillAdded(
        standstill=row.id,
        from_week=format_week(from_week),
        to_week=format_week(to_week),
        yearly=yearly,
        reason=reason,
    )
    return row, record_and_settle(event, _because("Nytt uppehåll", reason), by=by, now=now)


def remove_standstill(standstill_id: int, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Take away a standstill; the plans are laid out anew."""
    ensure_may(by, May.SET_CALENDAR)
    lock_portfolio()
    row = units.standstill(standstill_id)
    event = StandstillRemoved(standstill=row.id, reason=row.reason)
    current_session().delete(row)
    current_session().flush()  # the calendar is read again without the row
    _lay_out_again()
    return record_and_settle(event, _because("Ett uppehåll togs bort", row.reason), by=by, now=now)


def _ensure_in_order(from_week: Week, to_week: Week, yearly: bool) -> None:
    if to_week < from_week and not yearly:
        raise Invalid({"to_week": ["Slutveckan ligger före startveckan."]})


def _because(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what


def _ensure_something_runs(new: Period, now: Week) -> None:
    """A year in which nothing ever runs would leave every plan without an end."""
    if not new.yearly and new.last - new.first >= LONGEST_STANDSTILL:
        raise Invalid({"to_week": [f"Ett uppehåll får vara högst {LONGEST_STANDSTILL} veckor."]})
    calendar = Calendar((*queries.calendar().standstills, new))
    try:
        runs = calendar.running_weeks(now, now + 520)
        calendar.next_running(now + 520)
    except NothingEverRuns:
        runs = 0
    if runs < 52:
        raise Invalid({"to_week": ["Uppehållet lämnar nästan ingen vecka kvar. Välj färre veckor."]})


def change_settings(fields: Mapping[str, str | int], *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Change the municipality's settings, columns of PortfolioRow; the new conflicts that follow from the limits."""
    ensure_may(by, May.MANAGE_PEOPLE)
    row = lock_portfolio()
    changes: dict[str, Json] = {
        name: [getattr(row, name), value] for name, value in fields.items() if getattr(row, name) != value
    }
    if not changes:
        return []
    for name in changes:
        setattr(row, name, fields[name])
    return record_and_settle(SettingsChanged(changes=changes), "Inställningarna ändrades", by=by, now=now)

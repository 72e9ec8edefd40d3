"""Propose, change and rate initiatives. Decisions have their own file, `decisions`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, Stale
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.text import fold
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week, format_week
from portfolio.capacity.actions import claims
from portfolio.capacity.actions.conflicts import record_and_settle
from portfolio.capacity.actions.gate import pass_gate
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.queries import held_by
from portfolio.capacity.rules.calendar import Phase
from portfolio.events.event import Event, Json
from portfolio.events.initiatives import (
    DraggingNoted,
    ForecastReported,
    ImpactChanged,
    ImpactRated,
    InitiativeEdited,
    InitiativeProposed,
    InitiativeTriaged,
    ObjectionRaised,
    OwnerChanged,
    PlanChanged,
    UnitAcknowledged,
    WeekCame,
)
from portfolio.initiatives.models import AcknowledgementRow, AimRow, ImpactRow, Initiative, PhaseRow, TriageRow
from portfolio.initiatives.queries.aims import aims_of, words_from
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.order import last_rank
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import phases_of, plan_of, standing_plan_of
from portfolio.initiatives.queries.states import decided_until, dragging, status_of, unnoted
from portfolio.initiatives.queries.stored import code_exists, initiative_by_code
from portfolio.initiatives.queries.triage import triage_of
from portfolio.initiatives.rules import (
    COUNTING,
    GO_AHEAD,
    OPEN,
    UNDECIDED,
    Status,
    TriageAnswers,
    TriageClass,
    kinds_allowed,
    suggested_class,
)
from portfolio.outbox.actions import record
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure, ensure_may, may, may_acknowledge, may_edit
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import AIM_FIELDS, AimNames, Aims, aims_changed, names_of
from portfolio.units import queries as units

TEXTS = (
    "title",
    "summary",
    "why",
    "if_we_wait",
    "assignment_source",
    "diarienummer",
    "legal_duty",
    "must_finish_by",
    "risk_assessed_on",
    "consulted_on",
)
"""The fields that change nothing in the load."""

DONE_ON = ("risk_assessed_on", "consulted_on")
"""The days on which something was done before the decision: what is to come has not been done."""
NOT_DONE_YET = "Skriv dagen då det gjordes. Den kan inte ligga framåt i tiden."

LONGEST_NUMBER = 5
"""Digits: a longer number in a code that somebody sends is a name of their own, and does not move ours."""

LONGEST_FORECAST = 5 * 52
"""Weeks: a forecast further ahead than this is a slip of the pen, and every week of it loads the units."""


def propose(fields: Mapping[str, Any], *, by: Actor, now: datetime) -> Initiative:
    """Store a proposal. `fields` are those of the API: only `title` must be there.

    `owner` and `delegate` are each a Person or None, `triage` TriageAnswers where they have been asked for: Invalid
    of an everyday improvement, which needs no decision. The code is the next free one unless it is sent; the place in
    the order of priority is the last.
    """
    ensure_may(by, May.PROPOSE)
    status = Status(fields.get("status", Status.PROPOSED))
    answers: TriageAnswers | None = fields.get("triage")
    suggested = None if answers is None else _suggested(answers)
    initiative = new_initiative(fields, status, now)
    initiative.proposer_id = by.person_id
    record(
        InitiativeProposed(initiative=initiative.code, title=initiative.title, status=status),
        by=by.name,
        now=now,
    )
    if answers is not None and suggested is not None:
        _keep_triage(initiative, answers, suggested, "", by, now)
    return initiative


def triage(
    code: str,
    answers: TriageAnswers,
    *,
    chosen: TriageClass | None = None,
    reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> TriageClass:
    """Sort an open initiative: by what the answers suggest, or with a `reason` as the `chosen` class. Its class.

    Whoever may change a proposal answers for it. Another class than the suggested one, and anything once the
    initiative has been decided, is for those who prepare the decisions: nobody says for oneself that something is
    simple enough to be decided alone.
    """
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    suggested = _suggested(answers)
    ensure(_may_triage(initiative, chosen is not None and chosen != suggested, by))
    if version is not None and version != initiative.version:
        raise Stale(initiative.version)
    if initiative.status not in OPEN:
        raise NotAllowedNow(initiative.status, kinds_allowed(Status(initiative.status)))
    _keep_triage(initiative, answers, chosen or suggested, reason.strip(), by, now)
    return chosen or suggested


def _may_triage(initiative: Initiative, otherwise: bool, by: Actor) -> bool:
    if may(by, May.PREPARE):
        return True
    mine = may_edit(by, initiative.owner_id, initiative.proposer_id)
    return mine and not otherwise and initiative.status in UNDECIDED


def _suggested(answers: TriageAnswers) -> TriageClass:
    suggested = suggested_class(answers)
    if suggested is None:
        raise Invalid({"everyday": [GO_AHEAD]})
    return suggested


def _keep_triage(
    initiative: Initiative, answers: TriageAnswers, triage_class: TriageClass, reason: str, by: Actor, now: datetime
) -> None:
    suggested, before = _suggested(answers), initiative.triage_class
    if triage_class == suggested:
        reason = ""
    elif not reason:
        raise Invalid({"reason": ["Skriv varför det är en annan sort än svaren säger."]})
    row = triage_of(initiative.id)
    if row is None:
        row = TriageRow(initiative_id=initiative.id)
        current_session().add(row)
    elif before == triage_class and (_answers_in(row), row.reason) == (answers, reason):
        return
    row.one_department, row.known_way = answers.one_department, answers.known_way
    row.needed, row.reason = answers.needed, reason
    initiative.triage_class = triage_class
    touch(initiative, now)
    event = InitiativeTriaged(
        initiative=initiative.code,
        before=before,
        triage_class=triage_class,
        suggested=suggested,
        needed=answers.needed,
        reason=reason,
    )
    record(event, by=by.name, now=now)


def _answers_in(row: TriageRow) -> TriageAnswers:
    return TriageAnswers(False, row.one_department, row.known_way, row.needed)


def new_initiative(fields: Mapping[str, Any], status: Status, now: datetime) -> Initiative:
    """Store an initiative with its plan in any status; what it holds is bound by the caller."""
    row = lock_portfolio()
    _ensure_done(fields, now)
    sent = fields.get("code")
    if sent is not None and code_exists(sent):
        raise Invalid({"code": ["Beteckningen används redan. Välj en annan."]})
    initiative = Initiative(status=status, created_at=now, updated_at=now, version=1, phases=[])
    initiative.code = sent or _next_code(row.next_number)
    row.next_number = max(row.next_number, _number_in(initiative.code) + 1)
    for name in TEXTS:
        if fields.get(name) is not None:
            setattr(initiative, name, fields[name])
    initiative.start_week = fields.get("start_week")
    owner: Person | None = fields.get("owner")
    initiative.owner_id = None if owner is None else owner.id
    delegate: Person | None = fields.get("delegate")
    initiative.delegate_id = None if delegate is None else delegate.id
    set_phases(initiative, fields.get("phases") or ())
    initiative.rank = last_rank() + 1 if status in OPEN else None
    refold(initiative)
    current_session().add(initiative)
    current_session().flush()  # the caller needs the id
    if AIM_FIELDS & set(fields):
        card = scorecard()
        aim_at(initiative, aims_changed(Aims(), AimNames(), fields, card, now))
    return initiative


def _next_code(number: int) -> str:
    codes = (f"FI-{candidate:03d}" for candidate in count(number))
    return next(code for code in codes if not code_exists(code))


def _number_in(code: str) -> int:
    """The number of a code that continues our own numbering; 0 for every other."""
    digits = code.removeprefix("FI-")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER else 0


def refold(initiative: Initiative) -> None:
    """Bring what search looks in up to date."""
    one = initiative
    folded = searched_texts(one.code, one.title, one.summary or "", one.diarienummer or "")
    one.title_folded, one.search_text = folded["title_folded"], folded["search_text"]


def searched_texts(code: str, title: str, summary: str, diarienummer: str = "") -> dict[str, str]:
    """The columns that search and import look in, from the texts that they fold."""
    texts = (code, title, summary, diarienummer)
    return {"title_folded": fold(title)[:200], "search_text": fold(" ".join(text for text in texts if text))}


def aim_at(initiative: Initiative, aims: Aims) -> None:
    """Put these aims in the place of those that were."""
    initiative.goal_text, initiative.programme_id = aims.text, aims.programme
    current_session().execute(delete(AimRow).where(AimRow.initiative_id == initiative.id))
    current_session().add_all(
        AimRow(initiative_id=initiative.id, goal_id=goal_id, place=place)
        for place, goal_id in enumerate(aims.areas, start=1)
    )


def ensure_units_known(phases: Iterable[Phase]) -> None:
    """Refuse with Invalid phases that touch units that there are not."""
    unknown = sorted({code for phase in phases for code in phase.impacts} - set(units.ids_by_code()))
    if unknown:
        raise Invalid({"phases": [f"Enheten finns inte: {', '.join(unknown)}."]})


def set_phases(initiative: Initiative, phases: Sequence[Phase]) -> None:
    """Put these phases in the place of those that were."""
    ids = units.ids_by_code()
    ensure_units_known(phases)
    if initiative.phases:
        initiative.phases = []
        current_session().flush()  # the old positions must be free before the new ones take them
    initiative.phases = [
        PhaseRow(
            position=position,
            kind=phase.kind,
            weeks=phase.weeks,
            impacts=[ImpactRow(unit_id=ids[code], impact=level) for code, level in phase.impacts.items()],
        )
        for position, phase in enumerate(phases)
    ]


def touch(initiative: Initiative, now: datetime) -> None:
    """A new version: whoever read an older one is told so."""
    initiative.version += 1
    initiative.updated_at = now


def edit(code: str, fields: Mapping[str, Any], *, version: int | None, by: Actor, now: datetime) -> list[ConflictRow]:
    """Change an initiative's texts, owner, forecast, and its wished plan while it does not count.

    A counting initiative's plan changes by decision only. A new owner of a counting initiative passes the
    gate. A later forecast is reality: it moves the load at once, and the new conflicts are given back.
    """
    lock_portfolio()
    initiative = initiative_by_code(code, lock=True)
    ensure_may_edit(initiative, fields, by)
    ensure_units_known(fields.get("phases") or ())
    _ensure_done(fields, now)
    if version is not None and version != initiative.version:
        raise Stale(initiative.version)
    _ensure_plan_is_free(initiative, fields, now)
    events = [
        *_edit_texts(initiative, fields),
        *_edit_aims(initiative, fields, now),
        *_edit_plan(initiative, fields),
        *_edit_owner(initiative, fields, now),
        *_edit_delegate(initiative, fields),
        *_edit_forecast(initiative, fields, now),
    ]
    if not events:
        return []
    touch(initiative, now)
    for event in events[:-1]:
        record(event, by=by.name, now=now)
    return _rebind_and_settle(initiative, events[-1], f"{initiative.code} ändrades", by, now)


def ensure_may_edit(initiative: Initiative, fields: Mapping[str, Any], by: Actor) -> None:
    """Refuse with NotPermitted a change of fields that are not the actor's to change."""
    if set(fields) <= {"diarienummer"} and may(by, May.SET_CASE_NUMBER):
        return
    ensure(may_edit(by, initiative.owner_id, initiative.proposer_id))


def _ensure_done(fields: Mapping[str, Any], now: datetime) -> None:
    ahead = [name for name in DONE_ON if fields.get(name) is not None and fields[name] > today(now)]
    if ahead:
        raise Invalid({name: [NOT_DONE_YET] for name in ahead})


def _ensure_plan_is_free(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> None:
    status = status_of(initiative, now)
    if {"start_week", "phases"} & set(fields) and status not in UNDECIDED:
        raise NotAllowedNow(status, kinds_allowed(status))


def _edit_texts(initiative: Initiative, fields: Mapping[str, Any]) -> Iterable[Event]:
    changes: dict[str, Json] = {}
    for name in TEXTS:
        if name in fields and getattr(initiative, name) != fields[name]:
            before = getattr(initiative, name)
            changes[name] = [_as_json(before), _as_json(fields[name])]
            setattr(initiative, name, fields[name])
    if changes:
        refold(initiative)
        yield InitiativeEdited(initiative=initiative.code, changes=changes)


def _edit_aims(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> Iterable[Event]:
    if not AIM_FIELDS & set(fields):
        return
    card, at = scorecard(), words_from([initiative], now)[initiative.id]
    aims = aims_of([initiative])[initiative.id]
    known_as = names_of(aims, card, at)
    wanted = aims_changed(aims, known_as, fields, card, now)
    if wanted != aims:
        aim_at(initiative, wanted)
        before, after = known_as.fields(), names_of(wanted, card, at).fields()
        changes: dict[str, Json] = {name: [before[name], after[name]] for name in sorted(AIM_FIELDS & set(fields))}
        changed = {name: pair for name, pair in changes.items() if before[name] != after[name]}
        yield InitiativeEdited(initiative=initiative.code, changes=changed)


def _edit_plan(initiative: Initiative, fields: Mapping[str, Any]) -> Iterable[Event]:
    if not {"start_week", "phases"} & set(fields):
        return
    before = plan_as_json(initiative)
    if "start_week" in fields:
        initiative.start_week = fields["start_week"]
    if "phases" in fields:
        set_phases(initiative, fields["phases"])
    after = plan_as_json(initiative)
    if before != after:
        forget_answers(initiative)
        yield PlanChanged(initiative=initiative.code, before=before, after=after)


def _edit_owner(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> Iterable[Event]:
    if "owner" not in fields:
        return
    owner: Person | None = fields["owner"]
    before = initiative.owner_id
    if before == (owner.id if owner else None):
        return
    initiative.owner_id, initiative.owner_text = (owner.id if owner else None), ""
    if initiative.status in COUNTING:
        pass_gate(standing_plan_of(initiative, now), now)
    yield OwnerChanged(
        initiative=initiative.code,
        before=function_of(before),
        after=owner.function if owner else None,
    )


def _edit_delegate(initiative: Initiative, fields: Mapping[str, Any]) -> Iterable[Event]:
    if "delegate" not in fields:
        return
    delegate: Person | None = fields["delegate"]
    before = initiative.delegate_id
    initiative.delegate_id = None if delegate is None else delegate.id
    if initiative.delegate_id != before:
        functions: list[Json] = [function_of(before), delegate.function if delegate else None]
        yield InitiativeEdited(initiative=initiative.code, changes={"delegate": functions})


def _edit_forecast(initiative: Initiative, fields: Mapping[str, Any], now: datetime) -> Iterable[Event]:
    if "forecast_end_week" not in fields or fields["forecast_end_week"] == initiative.forecast_end_week:
        return
    week: Week | None = fields["forecast_end_week"]
    if week is not None and week > this_week(now) + LONGEST_FORECAST:
        raise Invalid({"forecast_end_week": [f"Välj en vecka inom {LONGEST_FORECAST // 52} år."]})
    initiative.forecast_end_week, initiative.dragging_noted = week, False
    yield ForecastReported(initiative=initiative.code, week=None if week is None else format_week(week))


def report_forecast(initiative: Initiative, week: Week, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """The last week that a lägesrapport expects, taken as `edit` takes it; the new conflicts.

    Call under the lock, once it is clear that the actor may report and after everything else of the report.
    """
    opened: list[ConflictRow] = []
    for event in _edit_forecast(initiative, {"forecast_end_week": week}, now):
        opened += _rebind_and_settle(initiative, event, f"Ny prognos för {initiative.code}", by, now)
    return opened


def _rebind_and_settle(
    initiative: Initiative, event: Event, text: str, by: Actor, now: datetime
) -> list[ConflictRow]:
    """Record a change; of a counting initiative also what it holds and the conflicts that follow."""
    if initiative.status not in COUNTING:
        record(event, by=by.name, now=now)
        return []
    return rebind(initiative, event, text, by=by, now=now)


def rebind(initiative: Initiative, event: Event, text: str, *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Write anew what an initiative holds, nothing if it does not count, and settle what follows.

    Conflicts are looked for where it weighs now and where it weighed before.
    """
    codes, owners = held_by(initiative.id)
    if initiative.status in COUNTING:
        claims.bind(initiative.id, plan_of(initiative, now))
        codes |= touched_by(initiative)
        owners |= set() if initiative.owner_id is None else {initiative.owner_id}
    else:
        claims.release(initiative.id)
    return record_and_settle(event, text, codes=codes, owners=owners, by=by, now=now)


def touched_by(initiative: Initiative) -> set[str]:
    """The codes of the units that an initiative holds, or would hold, something on."""
    return {code for phase in phases_of(initiative) for code in phase.impacts}


def plan_as_json(initiative: Initiative) -> Json:
    """The plan as events and undo keep it: start week and phases."""
    start = initiative.start_week
    phases: list[Json] = [
        {"kind": phase.kind, "weeks": phase.weeks, "impacts": dict(phase.impacts)} for phase in phases_of(initiative)
    ]
    return {"start_week": None if start is None else format_week(start), "phases": phases}


def _as_json(value: date | str | int | None) -> Json:
    return value.isoformat() if isinstance(value, date) else value


def rate_impacts(ratings: Mapping[str, Mapping[str, int]], *, by: Actor, now: datetime) -> list[ConflictRow]:
    """Rate impacts that nobody has rated: `{initiative: {unit: 0 to 3}}`, 0 takes the impact away.

    That is the truth coming to light, not a decision: it is never refused, and what it pushes over its limit
    becomes an open conflict. Impacts that are rated already are left alone.
    """
    lock_portfolio()
    opened: list[ConflictRow] = []
    for code, by_unit in ratings.items():
        initiative = initiative_by_code(code, lock=True)
        rated = {unit: level for unit, level in by_unit.items() if _rate(initiative, unit, level, by)}
        if rated:
            touch(initiative, now)
            event = ImpactRated(initiative=code, impacts=dict(rated))
            opened += _rebind_and_settle(initiative, event, f"Påverkan av {code} bedömdes", by, now)
    return opened


def _rate(initiative: Initiative, unit: str, level: int, by: Actor) -> bool:
    unit_id = units.unit_by_code(unit).id
    ensure(may(by, May.EDIT_ALL) or may_acknowledge(by, units.ids_above(unit_id)))
    found = False
    for phase in initiative.phases:
        for row in [row for row in phase.impacts if row.unit_id == unit_id and row.impact is None]:
            found = True
            if level:
                row.impact = level
            else:
                phase.impacts.remove(row)
    return found


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
    return _rebind_and_settle(initiative, event, f"Påverkan av {code} på {unit} rättades", by, now)


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


def turn_ongoing(*, by: Actor, now: datetime) -> list[Initiative]:
    """Every decided initiative whose start week has come is ongoing from now on."""
    lock_portfolio()
    come = list(decided_until(this_week(now)))
    for initiative in come:
        initiative.status = Status.ONGOING
        touch(initiative, now)
        week = format_week(initiative.start_week or this_week(now))
        record(WeekCame(initiative=initiative.code, week=week), by=by.name, now=now)
    return come


def note_dragging(*, by: Actor, now: datetime) -> list[Initiative]:
    """Note once of each counting initiative that its last week has passed without completion."""
    lock_portfolio()
    late = dragging(now)
    noted = [initiative_by_code(code, lock=True) for code in unnoted(late)]
    for initiative in noted:
        initiative.dragging_noted = True
        event = DraggingNoted(initiative=initiative.code, last_week=format_week(late[initiative.code]))
        rebind(initiative, event, f"{initiative.code} drar över", by=by, now=now)
    return noted

"""One initiative: what it is, whether it fits, what stands in its way, and everything that has happened to it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Response, url_for

from portfolio.base.text import out_of
from portfolio.base.time import long_date, this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.clashes import Clash
from portfolio.capacity.rules.limits import Level
from portfolio.capacity.rules.load import Portfolio, drags_on
from portfolio.capacity.rules.sentences import lower_first
from portfolio.capacity.rules.words import Names, week_signs
from portfolio.events.reports import StatusReported
from portfolio.initiatives.decisions.rights import may_decide_on
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.acknowledging import ANSWER_WORDS
from portfolio.initiatives.pages.asking import chosen_of
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.cells import Touched, touched_cells
from portfolio.initiatives.pages.deciding import missing_of
from portfolio.initiatives.pages.decision import kinds_for, seconds_left
from portfolio.initiatives.pages.history import sentence
from portfolio.initiatives.pages.index import weeks_told
from portfolio.initiatives.pages.outcomes import headline
from portfolio.initiatives.pages.preview import Tried, doors_of, tried_plan
from portfolio.initiatives.pages.reading import names, names_when_done, seen_by
from portfolio.initiatives.pages.strips import Strip, strip_of
from portfolio.initiatives.pages.triage import may_triage
from portfolio.initiatives.queries.aims import aims_of, words_from
from portfolio.initiatives.queries.decisions import decisions_of, handover_of, lessons_of
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.plans import end_week_of, phases_of, plan_of
from portfolio.initiatives.queries.states import reports_fresh_since, status_of
from portfolio.initiatives.queries.triage import lies_unclear, triage_of
from portfolio.initiatives.rules.ending import LESSON_WORDS
from portfolio.initiatives.rules.kinds import KIND_WORDS, Kind, kind_word
from portfolio.initiatives.rules.proposals import SOURCE_WORDS
from portfolio.initiatives.rules.reported import ReportState, shown_state, state_word
from portfolio.initiatives.rules.statuses import COUNTING, OPEN, REPORTABLE, UNDECIDED, Status
from portfolio.initiatives.rules.triage import NEED_WORDS, TRIAGE_WORDS, TriageAnswers, TriageClass, suggestion_told
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import history_of
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_acknowledge, may_edit, may_report
from portfolio.scorecard.queries import scorecard
from portfolio.units import queries as units
from portfolio.units.rules import chain_above
from portfolio.web.clock import now
from portfolio.web.flashes import is_telling
from portfolio.web.fragments import show

NOT_ANSWERED = "Inte kvitterad"

MAIN_KINDS = (Kind.PREPARE, Kind.START, Kind.RESUME, Kind.COMPLETE, Kind.CLOSE)
"""The decision that leads on from each status: the page's first button."""


class UnitLoad(NamedTuple):
    """A touched unit in its fullest week: `7 av 6, v. 2–6`."""

    name: str
    level: Level
    text: str


class Running(NamedTuple):
    """A counting initiative among all others: its units' load, the conflicts it is part of, whether it drags on."""

    loads: Sequence[UnitLoad] = ()
    clashes: Sequence[tuple[Clash, str]] = ()
    drags: bool = False


class Receipt(NamedTuple):
    """What the receiving chef of one unit has answered."""

    unit: str
    answer: str
    kind: str
    text: str
    by: str
    at: datetime | None


class Reported(NamedTuple):
    """How it goes: the state in words (empty where none is asked for), and what the latest lägesrapport said.

    `text` is about the state: of a report with nothing new, what was told when the state was.
    """

    state: ReportState | None
    word: str
    text: str
    by: str
    at: datetime | None
    help: str
    earlier: Sequence["Earlier"]


class Earlier(NamedTuple):
    """A lägesrapport before the latest."""

    state: str
    text: str
    by: str
    at: datetime


class Aim(NamedTuple):
    """A goal that it is linked to: what it was called when it was closed, or is called now."""

    goal_id: int
    name: str


class Aiming(NamedTuple):
    """The goal line: primary målområde, what else it serves, its programme; `text` was said and is in no styrkort."""

    area: Aim | None
    others: Sequence[Aim]
    programme: Aim | None
    text: str


class Sorted(NamedTuple):
    """How it is sorted: its class, what the answers suggest and why, and why it is something else (else empty)."""

    word: str
    suggestion: str
    need: str
    reason: str


class Happening(NamedTuple):
    """One thing that happened."""

    at: datetime
    text: str


@initiatives.get("/initiativ/<code>", endpoint="show")
@requires(May.READ_DECIDED)
def show_one(code: str) -> Response:
    """One initiative's page."""
    by, at = me(), now()
    initiative = seen_by(by, code)
    status, week = status_of(initiative, at), this_week(at)
    calendar = capacity.calendar()
    verdict = _verdict(initiative, status, by, at)
    called = names([code]) if initiative.status in OPEN else names_when_done(initiative)
    end = end_week_of(initiative, calendar)
    earliest = verdict.answer.earliest.week if verdict.answer else None
    kinds = kinds_for(by, initiative)
    main = next((kind for kind in MAIN_KINDS if kind in kinds), None)
    decided = [row for row in decisions_of(initiative.id) if row.undone_at is None]
    events = history_of(f"initiative/{code}") if may(by, May.READ) else []
    return show(
        "initiatives/show.html",
        initiative=initiative,
        standing=status,
        headline=headline(status, initiative.start_week, end, week, earliest),
        facts=_facts(initiative, called),
        weeks=_weeks(initiative, calendar, week),
        delegate=called.functions.get(initiative.delegate_id or 0, ""),
        owner=called.functions.get(initiative.owner_id or 0) or initiative.owner_text,
        aims=_aims(initiative, at),
        strip=_strip(initiative, calendar, week, called),
        tried=verdict,
        running=_running(initiative, status, at, called, by),
        is_inside=may(by, May.READ),
        missing=missing_of(initiative) if status in UNDECIDED else [],
        receipts=_receipts(initiative, called),
        may_answer=_may_answer(initiative, by),
        lessons=lessons_of(initiative.id),
        lesson_words=LESSON_WORDS,
        handover=_handover(initiative, called),
        decisions=decided,
        seen_to=chosen_of(decided, initiative),
        kind_words=KIND_WORDS,
        history=_history(events, called),
        reported=_reported(initiative, status, events, at),
        may_report=status in REPORTABLE and may_report(by, initiative.owner_id, initiative.delegate_id),
        kinds=kinds,
        main=main,
        sorted_as=_sorted(initiative),
        unclear=initiative.status in OPEN and lies_unclear(initiative),
        may_triage=may_triage(initiative, by),
        main_word=kind_word(main, status) if main else "",
        may_edit=may_edit(by, initiative.owner_id, initiative.proposer_id) or may(by, May.SET_CASE_NUMBER),
        undoable=None if is_telling() else _undoable(initiative, by),
    )


def _verdict(initiative: Initiative, status: Status, by: Actor, at: datetime) -> Tried:
    """Whether a wish fits; what already counts has passed the gate."""
    phases = phases_of(initiative)
    if status not in UNDECIDED or initiative.start_week is None or not phases:
        return Tried(None)
    may_start = Kind.START in kinds_for(by, initiative)
    choose = url_for("initiatives.decide", code=initiative.code, kind=Kind.START.value) if may_start else None
    doors = doors_of(by, choose, beside_form=False)
    return tried_plan(plan_of(initiative, at), doors, at, initiative.must_finish_by)


def _facts(initiative: Initiative, called: Names) -> list[tuple[str, str]]:
    finish, assessed, consulted = initiative.must_finish_by, initiative.risk_assessed_on, initiative.consulted_on
    pairs = [
        ("Uppdrag från", SOURCE_WORDS.get(initiative.assignment_source or "", "")),
        ("Diarienummer", initiative.diarienummer),
        ("Lagkrav", "Ja" if initiative.legal_duty else ""),
        ("Måste vara klart", finish.isoformat() if finish else ""),
        ("Riskbedömning inför ändring gjord", assessed.isoformat() if assessed else ""),
        ("Samverkan enligt 11 § MBL gjord", consulted.isoformat() if consulted else ""),
        ("Föreslaget av", called.functions.get(initiative.proposer_id or 0, "")),
    ]
    return [(term, text) for term, text in pairs if text]


def _aims(initiative: Initiative, at: datetime) -> Aiming:
    card, moment = scorecard(), words_from([initiative], at)[initiative.id]
    aims = aims_of([initiative])[initiative.id]
    named = [Aim(goal_id, card.goals[goal_id].name_at(moment)) for goal_id in aims.areas]
    programme = None
    if aims.programme is not None:
        programme = Aim(aims.programme, card.goals[aims.programme].name_at(moment))
    return Aiming(named[0] if named else None, named[1:], programme, aims.text)


def _weeks(initiative: Initiative, calendar: Calendar, now: Week) -> str:
    return weeks_told(initiative.start_week, sum(phase.weeks for phase in initiative.phases), calendar, now)


def _strip(initiative: Initiative, calendar: Calendar, now: Week, called: Names) -> Strip | None:
    if initiative.start_week is None or not initiative.phases:
        return None
    return strip_of(initiative.start_week, phases_of(initiative), calendar, now, called)


def _running(initiative: Initiative, status: Status, at: datetime, called: Names, by: Actor) -> Running:
    """How a counting initiative stands among all others; nothing of one that does not count."""
    if status not in COUNTING:
        return Running()
    week = this_week(at)
    portfolio = capacity.whole_portfolio(since=week)
    cells = touched_cells(plan_of(initiative, at), portfolio, week)
    return Running(
        _loads(cells, portfolio, called),
        _clashes(initiative.code, cells, portfolio, called, at) if may(by, May.READ) else (),
        drags_on(portfolio.commitments[initiative.code], week),
    )


def _loads(cells: Sequence[Touched], portfolio: Portfolio, called: Names) -> list[UnitLoad]:
    """How full its units are while it runs, the fullest first."""
    by_unit: dict[str, list[Touched]] = {}
    for cell in cells:
        by_unit.setdefault(cell.unit, []).append(cell)
    peaks = [max(ours, key=lambda cell: (cell.fullness, -cell.week)) for ours in by_unit.values()]
    ordered = sorted(peaks, key=lambda cell: -cell.fullness)
    return [_unit_load(peak, by_unit[peak.unit], portfolio, called) for peak in ordered]


def _unit_load(peak: Touched, cells: Sequence[Touched], portfolio: Portfolio, called: Names) -> UnitLoad:
    same = [cell.week for cell in cells if (cell.after, cell.bounds.limit) == (peak.after, peak.bounds.limit)]
    limit = peak.bounds.limit
    figures = f"{peak.after}, inget tak" if limit is None else out_of(peak.after, limit)
    return UnitLoad(called.unit(peak.unit), peak.level, f"{figures}, {week_signs(same, portfolio.calendar)}")


def _clashes(
    code: str, cells: Sequence[Touched], portfolio: Portfolio, called: Names, at: datetime
) -> list[tuple[Clash, str]]:
    """The open conflicts in which it takes part, in words."""
    codes = units.codes_by_id()
    mine = {(cell.unit, cell.week) for cell in cells}
    rows = [
        row for row in capacity.open_conflicts(at) if row.unit_id is None or (codes[row.unit_id], row.week) in mine
    ]
    found = capacity.clashes(rows, portfolio, at)
    return [(clash, clash.sentence(_who(clash, called))) for clash in found if code in clash.codes]


def _who(clash: Clash, called: Names) -> str:
    return (
        called.unit(clash.unit)
        if clash.unit is not None
        else called.functions.get(clash.person or 0, "Projektägaren")
    )


def _sorted(initiative: Initiative) -> Sorted | None:
    row = triage_of(initiative.id)
    if row is None or initiative.triage_class is None:
        return None
    answers = TriageAnswers(False, row.one_department, row.known_way, row.needed)
    word = TRIAGE_WORDS[TriageClass(initiative.triage_class)]
    return Sorted(word, suggestion_told(answers), NEED_WORDS[row.needed], row.reason)


def _receipts(initiative: Initiative, called: Names) -> list[Receipt]:
    """One line for each unit that is touched, answered or not."""
    codes = units.codes_by_id()
    answers = {codes[row.unit_id]: row for row in acknowledgements_of(initiative.id)}
    touched = dict.fromkeys(code for phase in phases_of(initiative) for code in phase.impacts)
    found = []
    for code in touched:
        row = answers.get(code)
        if row is None:
            found.append(Receipt(called.unit(code), NOT_ANSWERED, "neutral", "", "", None))
        else:
            kind = "watch" if row.answer == "objection" else "ok"
            word = ANSWER_WORDS[row.answer]
            found.append(Receipt(called.unit(code), word, kind, row.text, row.answered_by, row.answered_at))
    return found


def _handover(initiative: Initiative, called: Names) -> str:
    """What became of the work, in one sentence; empty where nobody has told."""
    row = handover_of(initiative.id)
    if row is None:
        return ""
    if row.ends or row.unit_id is None or row.on_day is None:
        return "Arbetet upphörde."
    unit = lower_first(called.unit(units.codes_by_id()[row.unit_id]))
    return f"Tas över av {unit}, {row.function}, från {long_date(row.on_day)} {row.on_day.year}."


def _may_answer(initiative: Initiative, by: Actor) -> bool:
    """Whether this person is the receiving chef of some unit that it touches, and it is not over."""
    if initiative.status not in OPEN:
        return False
    touched, parents = {row.unit_id for phase in initiative.phases for row in phase.impacts}, units.parents_by_id()
    return any(may_acknowledge(by, chain_above(unit_id, parents)) for unit_id in touched)


def _reported(initiative: Initiative, status: Status, events: Sequence[EventRow], at: datetime) -> Reported:
    """How it goes, as its events tell; they are those that the visitor may read, the newest first."""
    told = [(row, json.loads(row.data)) for row in events if row.type == StatusReported.name]
    about = next((data for _, data in told if data["state"] != ReportState.NOTHING_NEW), {"text": ""})
    state = shown_state(initiative.reported_state, initiative.reported_at, reports_fresh_since(at))
    by, reported_at = (told[0][0].actor, told[0][0].time) if told else ("", None)
    earlier = [Earlier(data["state"], data["text"], row.actor, row.time) for row, data in told[1:]]
    word = state_word(status, state)
    return Reported(state, word, about["text"], by, reported_at, initiative.help_needed, earlier)


def _history(events: Sequence[EventRow], called: Names) -> list[Happening]:
    return [Happening(row.time, sentence(row.type, row.actor, json.loads(row.data), called)) for row in events]


def _undoable(initiative: Initiative, by: Actor) -> tuple[int, int] | None:
    """The newest decision and the seconds in which this person may still take it back."""
    row = next(iter(decisions_of(initiative.id)), None)
    if row is None or row.undone_at is not None or row.minuted or row.version_after != initiative.version:
        return None
    allowed = may_decide_on(initiative, Kind(row.kind), by)
    left = seconds_left(row.decided_at)
    return (row.id, left) if allowed and left else None

"""Make a trial, change its moves, and end it: by deciding on all of them at once, or by throwing it away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, NotAllowedNow, NotReady, Refusal, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week
from portfolio.capacity.rules.words import Names
from portfolio.events.event import Json
from portfolio.events.planning import TrialApplied, TrialCreated, TrialDiscarded, TrialReopened
from portfolio.initiatives.decisions.asked import Asked, due_by_default, responsible_by_default
from portfolio.initiatives.decisions.taking import Outcome, decide, decide_at_meeting
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import UNDECIDED, Status
from portfolio.initiatives.rules.undoing import may_still_undo
from portfolio.meetings.actions import holding
from portfolio.meetings.queries import meetings
from portfolio.meetings.queries.people import decision_maker
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure, ensure_may, may
from portfolio.planning import queries
from portfolio.planning.models import TrialMoveRow, TrialRow
from portfolio.planning.rules.moves import KINDS, MOST_MOVES, MOST_TRIALS, Ending, TrialStopped

START_MISSING = "Skriv vilken vecka, till exempel v. 7 eller v. 7 2027."


@dataclass(frozen=True, slots=True)
class Wish:
    """What a move asks for: a start week, or for a pause the day that it is meant to end, if anybody knows."""

    start_week: Week | None = None
    until: date | None = None


def create(name: str, *, by: Actor, now: datetime) -> TrialRow:
    """Begin a trial without moves; Invalid for whoever has MOST_TRIALS open already."""
    ensure_may(by, May.TRY_PLANS)
    lock_portfolio()  # two at once must not both find room for one more
    if by.person_id is not None and queries.open_trials_by(by.person_id) >= MOST_TRIALS:
        raise Invalid({"name": [f"Du har {MOST_TRIALS} öppna försök. Kasta något av dem först."]})
    trial = TrialRow(name=name, created_by=by.name, created_by_id=by.person_id, created_at=now)
    current_session().add(trial)
    current_session().flush()  # the event names the trial
    record(TrialCreated(trial=trial.id, title=name), by=by.name, now=now)
    return trial


def set_move(trial_id: int, code: str, kind: Kind, wish: Wish, *, by: Actor, now: datetime) -> None:
    """Try something with an initiative, in place of what the trial tried with it before.

    Refuses with NotFound an initiative that there is not, with NotAllowedNow what its status or a closed trial
    does not allow, with Invalid a week that is missing. There need not be room: a trial is for finding that out.
    """
    trial = _open_trial(trial_id, by)
    initiative = initiative_by_code(code)
    status = status_of(initiative, now)
    if kind not in KINDS.get(status, ()):
        raise NotAllowedNow(status, list(KINDS.get(status, ())))
    start = None if kind is Kind.PAUSE else _start(initiative, kind, status, wish, now)
    wanted = select(TrialMoveRow).where(TrialMoveRow.trial_id == trial_id)
    row = current_session().scalar(wanted.where(TrialMoveRow.initiative_id == initiative.id))
    if row is None:
        row = TrialMoveRow(trial_id=trial_id, initiative_id=initiative.id, position=_next_position(trial_id))
        current_session().add(row)
    row.kind, row.start_week = kind, start
    row.until = wish.until if kind is Kind.PAUSE else None
    trial.version += 1


def _start(initiative: Initiative, kind: Kind, status: Status, wish: Wish, now: datetime) -> Week:
    """The week that is asked for; a proposal's own, and the current one to resume, where none is written."""
    if wish.start_week is not None:
        return wish.start_week
    if kind is Kind.RESUME:
        return this_week(now)
    if status in UNDECIDED and initiative.start_week is not None:
        return initiative.start_week
    raise Invalid({"start_week": [START_MISSING]})


def _next_position(trial_id: int) -> int:
    wanted = select(func.count(), func.max(TrialMoveRow.position)).where(TrialMoveRow.trial_id == trial_id)
    number, last = current_session().execute(wanted).one()
    if number >= MOST_MOVES:
        raise Invalid({"move": [f"Ett försök kan ha högst {MOST_MOVES} ändringar."]})
    return (last or 0) + 1


def change_move(trial_id: int, move_id: int, wish: Wish, *, by: Actor) -> None:
    """Another week or another day for a move that is there; one that somebody has just removed is left alone."""
    trial = _open_trial(trial_id, by)
    row = current_session().get(TrialMoveRow, move_id)
    if row is None or row.trial_id != trial_id:
        return
    if row.kind == Kind.PAUSE:
        row.until = wish.until
    elif wish.start_week is None:
        raise Invalid({"start_week": [START_MISSING]})
    else:
        row.start_week = wish.start_week
    trial.version += 1


def remove_move(trial_id: int, move_id: int, *, by: Actor) -> None:
    """Try something no longer; that somebody else has removed it already is as good."""
    trial = _open_trial(trial_id, by)
    row = current_session().get(TrialMoveRow, move_id)
    if row is not None and row.trial_id == trial_id:
        current_session().delete(row)
        trial.version += 1


def apply(
    trial_id: int,
    reason: str,
    *,
    despite: str = "",
    version: int | None = None,
    seen: Mapping[str, int] | None = None,
    by: Actor,
    now: datetime,
) -> list[Outcome]:
    """Take every move as a decision, pauses first, all of them or none; what came of each, in that order.

    `despite` is why what lacks something begins all the same.

    Stale if the trial has another version than was looked at. TrialStopped names the first decision that is
    refused: for lack of room, because something is missing, or because its initiative is no longer as it was
    `seen`, {code: version}. The caller's transaction must then roll back. While a meeting goes on they are
    decisions of that meeting, whoever writes them down, and a start lacks what it lacks there.
    """
    lock_portfolio()
    ensure(may_apply(by, now))
    trial = _open_trial(trial_id, by)
    title = trial.name
    if not reason.strip():
        raise Invalid({"reason": ["Skriv skälet till besluten."]})
    ensure_unchanged(version, trial.version)
    moves = queries.moves_of(trial_id)
    if not moves:
        raise Invalid({"move": ["Lägg till minst en ändring först."]})
    agenda = holding.keep_the_items(now)
    together = _Together(reason, despite.strip(), seen or {}, agenda.names if agenda else None, by, now)
    done = []
    for move in moves:
        outcome = _decided(move, together)
        move.row.decision_id = outcome.decision.id
        done.append(outcome)
    if agenda is not None:
        holding.end_items_with(agenda, done, by=by, now=now)
    _close(trial, Ending.APPLIED, by, now)
    ids: list[Json] = [outcome.decision.id for outcome in done]
    record(TrialApplied(trial=trial_id, title=title, decisions=ids), by=by.name, now=now)
    return done


def may_apply(by: Actor, now: datetime) -> bool:
    """The chair decides; whoever leads the meeting may write down what is decided there, while it goes on."""
    if may(by, May.DECIDE):
        return True
    return may(by, May.LEAD_MEETINGS) and meetings.going_on(now) is not None


@dataclass(frozen=True, slots=True)
class _Together:
    """What all decisions of a trial have in common; `names` are given while a meeting goes on."""

    reason: str
    despite: str
    seen: Mapping[str, int]
    names: Names | None
    by: Actor
    now: datetime


def _decided(move: queries.Chosen, together: _Together) -> Outcome:
    code, by, now = move.initiative.code, together.by, together.now
    version = together.seen.get(code)
    try:
        asked = _asked(move, together)
        if together.names is None:
            return decide(code, asked, version=version, by=by, now=now)
        written = _as_a_meeting_writes(code, asked, by, now)
        return decide_at_meeting(code, written, decision_maker(), version=version, by=by, now=now)
    except Refusal as refusal:
        raise TrialStopped(code, refusal) from refusal


def _asked(move: queries.Chosen, together: _Together) -> Asked:
    """What a move decides. NotReady if it lacks what it must have at a meeting, as when an item is decided there."""
    row, kind = move.row, Kind(move.row.kind)
    missing = queries.missing_of(move.initiative, kind, together.names, together.now)
    if missing and together.names is not None and not together.despite:
        raise NotReady(missing)
    despite = together.despite if missing and together.despite else None
    return Asked(kind, together.reason, start_week=row.start_week, until=row.until, despite=despite)


def _as_a_meeting_writes(code: str, asked: Asked, by: Actor, now: datetime) -> Asked:
    """With who sees to it, the owner, and the last day: the first of the start week, else when it comes back.

    No last day has passed already: what is changed of something that runs is done on the day of the meeting.
    """
    initiative = initiative_by_code(code)
    due = asked.until if asked.start_week is None else due_by_default(asked.start_week)
    responsible = responsible_by_default(initiative) or by.name
    return replace(asked, responsible=responsible, due=max(due or today(now), today(now)))


def discard(trial_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a trial away; nothing else changes."""
    lock_portfolio()
    trial = _open_trial(trial_id, by)
    _close(trial, Ending.DISCARDED, by, now)
    record(TrialDiscarded(trial=trial_id, title=trial.name), by=by.name, now=now)


def reopen(trial_id: int, *, by: Actor, now: datetime) -> None:
    """Take back a trial that was thrown away some seconds ago; NotAllowedNow if it was not, or later."""
    ensure_may(by, May.TRY_PLANS)
    lock_portfolio()
    trial = queries.trial_by_id(trial_id, lock=True)
    is_discarded = trial.outcome == Ending.DISCARDED and trial.closed_at is not None
    if not is_discarded or not may_still_undo(trial.closed_at or now, now):
        raise NotAllowedNow(trial.outcome or "")
    trial.outcome, trial.closed_at, trial.closed_by = None, None, ""
    trial.version += 1
    record(TrialReopened(trial=trial_id, title=trial.name), by=by.name, now=now)


def _open_trial(trial_id: int, by: Actor) -> TrialRow:
    """The trial, held until the transaction ends; NotAllowedNow if it has ended."""
    ensure_may(by, May.TRY_PLANS)
    trial = queries.trial_by_id(trial_id, lock=True)
    if trial.outcome is not None:
        raise NotAllowedNow(trial.outcome)
    return trial


def _close(trial: TrialRow, ending: Ending, by: Actor, now: datetime) -> None:
    trial.outcome, trial.closed_at, trial.closed_by = ending, now, by.name
    trial.version += 1

"""A meeting of the demo municipality's ledningsgrupp on Tuesday 24 November 2026, as it was held."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from portfolio.base.db import current_session, db, transaction
from portfolio.base.time import STOCKHOLM
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions.exceptions import Ground as Excepting
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import Outcome
from portfolio.initiatives.queries.decisions import decisions_of
from portfolio.initiatives.queries.gate import answer
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.actions import arranging, holding, minutes
from portfolio.meetings.models import MinutesRow
from portfolio.meetings.queries.agenda import Agenda, agenda_of
from portfolio.meetings.queries.meetings import on
from portfolio.meetings.queries.minutes import draft_of
from portfolio.meetings.queries.people import noted_version
from portfolio.meetings.rules.deciding import Basis, Ground
from portfolio.meetings.rules.minutes import Attendance, Minutes, Participant
from portfolio.people.rules import Actor, Role
from tests.copies import copy_loaded
from tests.make import CHAIR, load_demo, make_decision

DAY = date(2026, 11, 24)
NOON_BEFORE = datetime(2026, 11, 23, 12, tzinfo=STOCKHOLM)
BEGINS = datetime(2026, 11, 24, 8, 30, tzinfo=STOCKHOLM)
ENDS = BEGINS + timedelta(minutes=20)
AFTERWARDS = datetime(2026, 11, 25, 9, tzinfo=STOCKHOLM)
COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR, 7)
DESPITE = "Samverkan hålls den 1 december."


def the_agenda(now: datetime = BEGINS) -> Agenda:
    """The agenda of the meeting as it is now."""
    current_session().rollback()
    return agenda_of(on(DAY, now), now)


def key_of(code: str, now: datetime = BEGINS) -> str:
    """The key of the item that is about an initiative, a proposal where there are several."""
    keys = [item.key for item in the_agenda(now).items if code in item.codes]
    return next((key for key in keys if key.startswith("proposal/")), keys[0])


def begin(now: datetime = BEGINS) -> None:
    """The coordinator freezes the agenda at its hour, and begins the meeting."""
    with transaction():
        arranging.freeze(DAY, by=COORDINATOR, now=NOON_BEFORE)
    with transaction():
        holding.begin(DAY, by=COORDINATOR, now=now)


def decide(
    code: str,
    kind: str,
    *,
    week: str | None = None,
    until: date | None = None,
    due: date = date(2026, 12, 15),
    responsible: str = "Kanslichef",
    reason: str = "Gruppen är enig.",
    ground: Ground | None = None,
    now: datetime = BEGINS,
) -> Outcome:
    """End the item about an initiative with one decision."""
    start, key = None if week is None else parse_week(week), key_of(code, now)
    despite = DESPITE if kind == Kind.START else None
    asked = Asked(
        Kind(kind), reason, start_week=start, until=until, responsible=responsible, due=due, despite=despite
    )
    with transaction():
        return holding.decide_item(DAY, key, code, asked, ground or Ground(), version=None, by=COORDINATOR, now=now)


def end(now: datetime = ENDS) -> Sequence[str]:
    """End the meeting; the keys of what was deferred."""
    with transaction():
        return holding.end(DAY, by=COORDINATOR, now=now)


def hold() -> None:
    """The whole meeting: one start that makes another wait, one by delegation, one put off, one turned down."""
    make_decision("FI-013", "prepare")
    begin()
    decide("FI-011", "start", week="2027-W07", due=date(2027, 2, 15), responsible="Skolchef")
    delegated = Ground(basis=Basis.DELEGATED, point="4.2", remark="Räddningschefen deltog inte på grund av jäv.")
    decide("FI-012", "start", week="2027-W10", due=date(2027, 3, 8), responsible="Räddningschef", ground=delegated)
    proposed = Ground(basis=Basis.PROPOSAL, withheld=True)
    later = {"until": date(2026, 12, 15), "due": date(2026, 12, 11)}
    decide("FI-013", "defer", **later, reason="Vi behöver först veta vad den kostar.", ground=proposed)
    decide("FI-014", "reject", responsible="Stadsbyggnadschef", reason="Länets e-tjänst ger samma nytta.")
    end()


def make_meeting_held() -> None:
    """The demo municipality after its meeting. In a new database it is a copy, like the demo itself."""
    copy_loaded(db.engine, _load_and_hold)


def _load_and_hold() -> None:
    load_demo()
    hold()


def draft(now: datetime = AFTERWARDS) -> Minutes:
    """The draft as it is now."""
    current_session().rollback()
    return draft_of(on(DAY, now), now)


def complete(by: Actor = COORDINATOR, now: datetime = AFTERWARDS) -> MinutesRow:
    """Complete the minutes."""
    with transaction():
        return minutes.complete(DAY, by=by, now=now)


def correct(
    correction: minutes.Correction, by: Actor = COORDINATOR, now: datetime = AFTERWARDS, version: int = 1
) -> MinutesRow:
    """Correct them, as whoever has read this version."""
    with transaction():
        return minutes.correct(DAY, correction, version=version, by=by, now=now)


def note(*there: Participant, place: str = "", now: datetime = AFTERWARDS) -> None:
    """Note who was there, and where."""
    row = on(DAY, now).row
    assert row is not None
    with transaction():
        noted = Attendance(there, place, row.secretary)
        holding.note_participants(DAY, noted, version=noted_version(row), by=COORDINATOR, now=now)


def decide_with_an_exception(code: str, week: str, due: date) -> Outcome:
    """Start an initiative in a week, over the limit."""
    key, initiative = key_of(code), initiative_by_code(code)
    found = answer(plan_of(initiative, BEGINS, start=parse_week(week)), BEGINS)
    last = max(conflict.week for conflict in found.verdict.binding)
    ground = Excepting("Avtalet går ut.", "Vi pausar annat.", "Sjukskrivningar.", "Med.", last, found.fingerprint)
    asked = Asked(
        Kind.START,
        "Det går inte att vänta.",
        start_week=parse_week(week),
        responsible="Skolchef",
        due=due,
        despite=DESPITE,
        exception=ground,
    )
    with transaction():
        return holding.decide_item(DAY, key, code, asked, Ground(), version=None, by=CHAIR, now=BEGINS)


def regret(initiative_id: int, now: datetime) -> None:
    """The latest decision on an initiative is taken back."""
    row = decisions_of(initiative_id)[0]
    row.undone_at = now

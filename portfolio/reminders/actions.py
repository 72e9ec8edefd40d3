"""Queue reminders, note what became of them, and set the rules.

Rows and events are written together, in the order of the portfolio's lock: a reminder is never in a state of which
no event tells.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from portfolio.base.db import current_session, insert_new
from portfolio.base.errors import NotFound
from portfolio.base.portfolio import lock_portfolio
from portfolio.events.capacity import SettingsChanged
from portfolio.events.event import Event, Json
from portfolio.events.reminders import ReminderFailed, ReminderQueued, ReminderSent, ReminderSuppressed
from portfolio.mail.rules import Outcome
from portfolio.outbox.actions import record, record_all
from portfolio.people.models import Person
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.reminders.models import Reminder, RuleSetting
from portfolio.reminders.queries import facts
from portfolio.reminders.rules.catalogue import RULES, Setting
from portfolio.reminders.rules.due import Due
from portfolio.reminders.rules.judging import ReminderState

CLOCK = "Klockan"
LONGEST_REASON = 200


def queue(dues: Sequence[Due], *, now: datetime) -> int:
    """Have people told of some matters; how many were new. The key lets each in only once, whoever comes first."""
    rows = [
        {
            "person_id": one.person_id,
            "rule": one.rule,
            "subject": one.subject,
            "period": one.period,
            "due_at": one.due_at,
            "useful_until": one.useful_until,
            "state": ReminderState.WAITING,
            "reason": "",
            "letter_id": None,
            "created_at": now,
        }
        for one in dues
    ]
    lock_portfolio()
    new = _told(insert_new(Reminder, rows)) if rows else []
    record_all([ReminderQueued(**fields) for _, fields in new], by=CLOCK, now=now)
    return len(new)


def suppress(reasons: Mapping[int, str], *, now: datetime) -> int:
    """Do not tell of some waiting reminders, each for its reason; how many that were."""
    lock_portfolio()
    waiting = _told(reasons, ReminderState.WAITING)
    for reason in set(reasons.values()):
        ids = [row_id for row_id, _ in waiting if reasons[row_id] == reason]
        _set(ids, state=ReminderState.SUPPRESSED, reason=reason[:LONGEST_REASON])
    events = [ReminderSuppressed(**fields, reason=reasons[row_id]) for row_id, fields in waiting]
    record_all(events, by=CLOCK, now=now)
    return len(waiting)


_REMINDER = Reminder.__table__.c
_TOLD = (
    update(Reminder.__table__)  # type: ignore[arg-type]
    .where(_REMINDER.id.in_(bindparam("ids", expanding=True)), _REMINDER.state == ReminderState.WAITING)
    .values(letter_id=bindparam("letter"), state=bindparam("becomes"))
    .returning(
        _REMINDER.id,
        select(Person.function).where(Person.id == _REMINDER.person_id).scalar_subquery(),
        _REMINDER.rule,
        _REMINDER.subject,
        _REMINDER.period,
    )
)
"""One statement, made once: it runs for every letter."""


def settle(letter_id: str, reminder_ids: Sequence[int], outcome: Outcome, detail: str, *, now: datetime) -> None:
    """Note that a letter told of these reminders, or was refused for good: then they wait for an administrator."""
    is_sent = outcome is Outcome.SENT
    becomes = ReminderState.SENT if is_sent else ReminderState.WAITING
    given = {"ids": reminder_ids, "letter": letter_id, "becomes": becomes}
    told = [_fields(*row[1:]) for row in sorted(tuple(row) for row in current_session().execute(_TOLD, given))]
    events: list[Event] = (
        [ReminderSent(**fields, letter=letter_id) for fields in told]
        if is_sent
        else [ReminderFailed(**fields, letter=letter_id, error=detail) for fields in told]
    )
    record_all(events, by=CLOCK, now=now)


def _fields(function: str, rule: str, subject: str, period: str) -> dict[str, str]:
    """What an event says of a reminder."""
    return {"person": function, "rule": rule, "about": subject, "period": period}


def _told(ids: Collection[int], state: ReminderState | None = None) -> list[tuple[int, dict[str, str]]]:
    """Each reminder's id with what an event says of it."""
    wanted = (
        select(Reminder.id, Person.function, Reminder.rule, Reminder.subject, Reminder.period)
        .join(Person, Person.id == Reminder.person_id)
        .where(Reminder.id.in_(ids))
        .order_by(Reminder.id)
    )
    if state is not None:
        wanted = wanted.where(Reminder.state == state)
    return [
        (row_id, _fields(function, rule, subject, period))
        for row_id, function, rule, subject, period in current_session().execute(wanted)
    ]


def _set(ids: Collection[int], **values: str) -> None:
    if ids:
        changed = update(Reminder).where(Reminder.id.in_(ids)).values(**values)
        current_session().execute(changed, execution_options={"synchronize_session": False})


def set_rule(name: str, setting: Setting, *, by: Actor, now: datetime) -> bool:
    """Turn a rule on or off, and say how long before and at which hour; whether that changed anything.

    NotFound if there is no such rule.
    """
    ensure_may(by, May.MANAGE_PEOPLE)
    if name not in RULES:
        raise NotFound
    lock_portfolio()
    before = facts.settings()[name]
    if before == setting:
        return False
    row = current_session().get(RuleSetting, name) or RuleSetting(name=name)
    row.active, row.days, row.time = setting.active, setting.days, setting.time
    current_session().add(row)
    pairs: tuple[tuple[str, Json, Json], ...] = (
        ("active", before.active, setting.active),
        ("days", before.days, setting.days),
        ("time", before.time, setting.time),
    )
    changes: dict[str, Json] = {f"{name}.{field}": [old, new] for field, old, new in pairs if old != new}
    record(SettingsChanged(changes=changes), by=by.name, now=now)
    return True

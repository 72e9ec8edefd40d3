"""A municipality that lives through time: the demo with sixty more people, who read their letters and answer.

Whoever is asked for a lägesrapport gives it after the first letter, or after the second. Each day has three
moments; at each the clock does what it does, and then people do what they do.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from functools import partial
from typing import Any, NamedTuple, Self

from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, OverCapacity
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week, format_week, week_of
from portfolio.base.workdays import moment
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.states import dragging, reports_fresh_since
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.reported import ReportState, shown_state
from portfolio.initiatives.rules.statuses import Status, status_now
from portfolio.letters.jobs import Office, send_due
from portfolio.letters.writing import Sender
from portfolio.meetings.queries.series import closed_days, the_series
from portfolio.meetings.rules.series import freeze_of, next_meeting, report_deadline
from portfolio.outbox.jobs import deliver_next, fan_out_next
from portfolio.outbox.rules import handlers_of
from portfolio.people.models import Absence, Person
from portfolio.people.rules import Role
from portfolio.reminders.actions import settle
from portfolio.reminders.jobs import Composer, materialise
from portfolio.reminders.models import Reminder
from portfolio.reports.actions import report
from portfolio.reports.rules import Given
from portfolio.subscriptions import SUBSCRIPTIONS
from tests.make import CHAIR, NOW, make_demo, make_initiative, make_lowered_limit, make_person

BASE = "https://portfolj.kommunen.example"
UNITS = ("KLF", "BUF", "SOC", "SBF", "KFF", "AMF", "MBF", "RTJ")
NEW_ROLES = (
    (Role.OWNER, 24),
    (Role.RECEIVER, 12),
    (Role.DELEGATE, 8),
    (Role.MEMBER, 6),
    (Role.READER, 6),
    (Role.COORDINATOR, 2),
    (Role.AUDITOR, 1),
    (Role.REGISTRAR, 1),
)
CLOCKS = ("07:30", "10:30")
ON_A_FREE_DAY = ("11:00",)
NEW_INITIATIVES = 40
RHYTHMS = ("weekly", "fortnightly", "never")


class Letter(NamedTuple):
    """What a letter says to its reader."""

    id: str
    subject: str
    text: str

    @classmethod
    def read(cls, message: bytes) -> Self:
        """Only as far as the HTML, which says the same: parsing is slow."""
        head, _, body = message.partition(b"\r\n\r\n")
        letter = message_from_bytes(head)
        first: Any = message_from_bytes(body.split(f"--{letter.get_boundary()}".encode())[1].lstrip())
        text = first.get_payload(decode=True).decode().replace("\r\n", "\n")
        return cls(letter["Message-ID"], str(make_header(decode_header(letter["Subject"]))), text)


@dataclass
class Letterbox:
    """Takes every letter, as the mail server of the municipality would."""

    letters: list[tuple[datetime, str, Letter]] = field(default_factory=list)
    now: datetime = NOW
    leaves_the_house = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hand_over(self, _sender: str, to: str, message: bytes) -> None:
        self.letters.append((self.now, to, Letter.read(message)))


@dataclass
class Town:
    """The municipality at a moment, with what people have on their desks."""

    box: Letterbox = field(default_factory=Letterbox)
    now: datetime = NOW
    asked: dict[str, int] = field(default_factory=Counter)
    desks: dict[str, datetime] = field(default_factory=dict)
    freshness: list[tuple[date, int, int]] = field(default_factory=list)
    read: int = 0

    def __post_init__(self) -> None:
        self.composer = Composer(BASE, lambda person_id: f"{BASE}/avbestall/{person_id}")

    @property
    def office(self) -> Office:
        return Office(
            post=self.box,
            sender=Sender("portfolj@kommunen.example", "portfolj.kommunen.example"),
            compose=self.composer,
            settle=partial(settle, now=self.now),
            now=lambda: self.now,
            real_now=lambda: self.now,
            closed=closed_days(),
        )

    def clock(self) -> None:
        """One pass of the clock: what is due, what happened, and the letters."""
        materialise(self.now, real_now=self.now, base_url=BASE)
        while fan_out_next(SUBSCRIPTIONS, real_now=self.now):
            pass
        while deliver_next(handlers_of(SUBSCRIPTIONS), now=self.now, real_now=self.now):
            pass
        while send_due(self.office):
            pass

    def live(self, days: int) -> Iterator[date]:
        """Day after day; what else happens on a day is for the test to say."""
        for number in range(days):
            day = today(NOW) + timedelta(days=number)
            self.now = self.box.now = moment(day, "07:00")
            current_session().rollback()
            if day.isoweekday() == 1:  # the calendar itself changes by weeks
                keep_up_with_the_calendar(self.now)
            yield day
            for clock in ON_A_FREE_DAY if closed_days()(day) else CLOCKS:
                self.now = self.box.now = moment(day, clock)
                self.clock()
                self.read_letters()
                self.give_reports()
                if clock == CLOCKS[-1]:
                    self.note_freshness(day)

    def read_letters(self) -> None:
        """Each letter that asks for a report puts it on somebody's desk: at once, or once it is asked for again."""
        new = self.box.letters[self.read :]
        self.read = len(self.box.letters)
        for at, _, letter in new:
            for code in {one.split("/")[-2] for one in links(letter.text) if one.endswith("/lagesrapport")}:
                if "Se lägesrapporten" not in letter.text:
                    self.asked[code] += 1
                needs_two = int(code[-1]) % 3 == 0
                if self.asked[code] >= 1 + needs_two:
                    self.desks[code] = at + timedelta(hours=2)

    def give_reports(self) -> None:
        for code, at in list(self.desks.items()):
            if at <= self.now:
                del self.desks[code]
                self.asked[code] = 0
                self.give(code)

    def give(self, code: str) -> None:
        row = current_session().scalars(select(Initiative).where(Initiative.code == code)).one()
        if row.status in (Status.DECIDED, Status.ONGOING, Status.PAUSED):
            with transaction():
                report(code, Given(ReportState.ON_TRACK), by=CHAIR, now=self.now)

    def note_freshness(self, day: date) -> None:
        """If the next agenda is frozen today: how many of the ongoing initiatives have a report that holds."""
        current_session().rollback()
        closed = closed_days()
        meeting = next_meeting(self.now, the_series(), closed)
        freeze = freeze_of(meeting, closed)
        if today(freeze) != day:
            return
        deadline, since = report_deadline(meeting, closed), reports_fresh_since(freeze)
        counting = [row for row in current_session().scalars(select(Initiative)) if ran_before(row, deadline)]
        fresh = [row for row in counting if shown_state(row.reported_state, row.reported_at, since)]
        self.freshness.append((day, len(fresh), len(counting)))


def ran_before(row: Initiative, deadline: datetime) -> bool:
    """Whether an initiative ran for a week before the deadline: whoever has just begun has nothing to tell yet."""
    runs = status_now(Status(row.status), row.start_week, this_week(deadline)) is Status.ONGOING
    begun = row.start_week is not None and row.start_week < this_week(deadline)
    resumed = row.resumed_at is not None and row.resumed_at > deadline - timedelta(days=14)
    return runs and begun and not resumed


def links(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith(BASE)]


def make_town() -> Town:
    """The demo with sixty more people of all roles, and forty more initiatives."""
    make_demo()
    functions = []
    for role, number in NEW_ROLES:
        for place in range(number):
            function = f"{role.capitalize()} {place + 1}"
            make_person(function, role=role, unit=UNITS[place % len(UNITS)], max_owned=9)
            functions.append((role, function))
    with transaction():
        for person in current_session().scalars(select(Person)):
            person.email = f"p{person.id}@kommunen.example"
            if (person.role, person.function) in functions:
                person.letter_rhythm = RHYTHMS[person.id % len(RHYTHMS)]
    owners = [function for role, function in functions if role is Role.OWNER]
    delegates = [function for role, function in functions if role is Role.DELEGATE]
    for number in range(NEW_INITIATIVES):
        _add_initiative(number, owners[number % len(owners)], delegates[number % len(delegates)])
    return Town()


def _add_initiative(number: int, owner: str, delegate: str) -> None:
    kinds = (Status.ONGOING, Status.DECIDED, Status.IN_PREPARATION, Status.PROPOSED)
    status = kinds[number % 4]
    start = week_of(today(NOW)) + {Status.ONGOING: -3}.get(status, 3 + number)
    code = make_initiative(
        f"Förändring {number}",
        status=status,
        start=start,
        weeks=10 + number % 20,
        impacts={UNITS[number % len(UNITS)]: 1},
        owner=owner,
    )
    if number % 5 == 0:
        with transaction():
            row = current_session().scalars(select(Initiative).where(Initiative.code == code)).one()
            row.delegate_id = make_person(delegate).id


def decide_something(town: Town) -> None:
    """The ledningsgrupp meets: what is done is completed, the first proposal is decided on, now and then paused."""
    current_session().rollback()
    late = list(dragging(town.now))
    waiting = _codes(Status.IN_PREPARATION)
    with transaction():
        for code in late[:2]:
            decide(code, Asked(Kind.COMPLETE, "Klart"), by=CHAIR, now=town.now)
    for code in waiting[:1]:
        _start_or_defer(code, town.now)
    proposed = _codes(Status.PROPOSED)
    with transaction():
        for code in proposed[:1]:
            decide(code, Asked(Kind.PREPARE, "Vi tittar på det"), by=CHAIR, now=town.now)


def _start_or_defer(code: str, now: datetime) -> None:
    asked = Asked(Kind.START, "Det ryms", start_week=this_week(now) + 4, despite="Vi vill")
    try:
        with transaction():
            decide(code, asked, by=CHAIR, now=now)
    except (OverCapacity, Invalid):  # full, or a standstill
        until = today(now) + timedelta(days=28)
        with transaction():
            decide(code, Asked(Kind.DEFER, "Det ryms inte", until=until), by=CHAIR, now=now)


def pause(code: str, now: datetime) -> None:
    with transaction():
        decide(code, Asked(Kind.PAUSE, "Vi hinner inte"), by=CHAIR, now=now)


def resume(code: str, now: datetime) -> None:
    """In the first week in which it fits."""
    for ahead in range(1, 40):
        try:
            with transaction():
                asked = Asked(Kind.RESUME, "Nu hinner vi", start_week=this_week(now) + ahead)
                decide(code, asked, by=CHAIR, now=now)
                return
        except (OverCapacity, Invalid):  # full, or a standstill
            continue


def away(function: str, first: date, days: int, substitute: str | None) -> None:
    with transaction():
        stand_in = make_person(substitute).id if substitute else None
        person_id = make_person(function).id
        last = first + timedelta(days=days)
        row = Absence(person_id=person_id, first_day=first, last_day=last, substitute_id=stand_in)
        current_session().add(row)


def lower(unit: str, week: Week, now: datetime) -> None:
    make_lowered_limit(unit, format_week(week + 1), format_week(week + 4), limit=1, now=now)


def _codes(status: Status) -> list[str]:
    wanted = select(Initiative.code).where(Initiative.status == status).order_by(Initiative.rank)
    return list(current_session().scalars(wanted))


def per_week(town: Town) -> Counter[tuple[str, Week]]:
    """How many letters each address got in each week."""
    return Counter((to, week_of(today(at))) for at, to, _ in town.box.letters)


def reminded() -> Counter[tuple[int, str, str, str]]:
    """How often each matter was told of."""
    wanted = select(Reminder.person_id, Reminder.rule, Reminder.subject, Reminder.period).where(
        Reminder.state == "sent"
    )
    return Counter((*row,) for row in current_session().execute(wanted))


def by_day(letters: Iterable[tuple[datetime, str, Letter]]) -> dict[tuple[str, date], list[str]]:
    found: dict[tuple[str, date], list[str]] = defaultdict(list)
    for at, to, letter in letters:
        found[to, today(at)].append(letter.subject)
    return found

"""The minutes of a meeting as its rows have them now: what is stored word for word once they are completed."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from portfolio.base.db import current_session
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week
from portfolio.base.workdays import AlwaysClosed
from portfolio.initiatives.models import DecisionRow
from portfolio.initiatives.queries.stored import titles_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import UNDECIDED
from portfolio.initiatives.writing import Wished, due_words, outcome, put_off
from portfolio.meetings.models import AgendaItemRow, MeetingRow
from portfolio.meetings.queries.agenda import agenda_of, kept
from portfolio.meetings.queries.exceptions import exceptions_told
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.queries.outcomes import Decided, as_taken, outcomes_of, stored_of
from portfolio.meetings.queries.people import participants_of
from portfolio.meetings.queries.series import closed_days, the_series
from portfolio.meetings.rules.agenda import MATTER_WORDS, NO_TIME, Change, Item, Kept, Matter
from portfolio.meetings.rules.deciding import basis_told
from portfolio.meetings.rules.minutes import Minuted, Minutes, NotNow
from portfolio.meetings.rules.series import next_meeting
from portfolio.meetings.writing.words import attribution, noting
from portfolio.web.filters import long_day

GROUP = "Ledningsgruppen"


def draft_of(meeting: Meeting, now: datetime) -> Minutes:
    """The minutes as they would be completed now: every item that is decided, the withheld ones too.

    The meeting must be a stored one.
    """
    row, portfolio = meeting.row, the_portfolio()
    assert row is not None
    outcomes = list(outcomes_of(meeting).items())
    taken = as_taken([one for _, one in outcomes])
    exceptions = exceptions_told([one.decision for _, one in outcomes], now)
    items = [
        _minuted(number, key, one, taken[one.decision.id], exceptions)
        for number, (key, one) in enumerate(outcomes, start=1)
    ]
    return Minutes(
        form=portfolio.minutes_form,
        number=number_of(meeting),
        version=1,
        municipality=portfolio.municipality,
        group=GROUP,
        starts_at=_starts_at(meeting, row),
        ended_at=row.ended_at,
        place=meeting.place,
        participants=participants_of(row),
        items=tuple(items),
        not_now=tuple(_not_now([one for _, one in outcomes])),
        outdated=tuple(_outdated(meeting, now)),
        next_meeting=_next(meeting),
        secretary=row.secretary,
    )


def _starts_at(meeting: Meeting, row: MeetingRow) -> datetime:
    """The hour of the meeting. One that was over before it began when somebody began it."""
    if row.began_at is not None and row.ended_at is not None and row.ended_at <= meeting.starts_at:
        return row.began_at
    return meeting.starts_at


def number_of(meeting: Meeting) -> str:
    """What a meeting's minutes are called: `LG 2026-11-24`."""
    return f"LG {meeting.day.isoformat()}"


def _minuted(number: int, key: str, one: Decided, taken: Wished, exceptions: Mapping[int, str]) -> Minuted:
    decision, initiative, row = one.decision, one.initiative, one.row
    return Minuted(
        number=number,
        code=initiative.code,
        title=initiative.title,
        diarienummer=initiative.diarienummer,
        decision=_sentence(one, taken),
        reason=_reason(decision),
        responsible=decision.responsible,
        due=decision.due,
        basis="" if _was_not_reached(decision) else basis_told(row.basis, row.point),
        exception=exceptions.get(decision.exception_id or 0, ""),
        remark=row.remark,
        key=key,
        withheld=row.withheld,
        due_label=_due_label(decision),
        question=_question(row),
        reason_label="Anteckning" if decision.kind == Kind.NOTE else "Skäl",
    )


def _due_label(decision: DecisionRow) -> str:
    """What the last day is of: of what was put off to that very day, that it is taken up again."""
    is_put_off = decision.kind == Kind.DEFER and decision.due == decision.until
    return "Tas upp" if is_put_off else due_words(Kind(decision.kind))


def _question(row: AgendaItemRow) -> str:
    """`Förslag: Ryms inte vecka 2.`; empty of what became an item by its decision, for which nobody had asked."""
    matter = Matter(row.matter)
    if matter is Matter.ADDED and row.added_at is None:
        return ""
    if matter is Matter.HELP and row.sentence:
        return row.sentence  # says that it is about help
    return f"{MATTER_WORDS[matter]}{f': {row.sentence}' if row.sentence else ''}"


def _sentence(one: Decided, taken: Wished) -> str:
    """`Kommundirektören beslutar, efter samråd i ledningsgruppen, att FI-011 startar vecka 7 2027.`"""
    decision, kind = one.decision, Kind(one.decision.kind)
    if _was_not_reached(decision):
        return f"Punkten hanns inte med och tas upp {long_day(decision.until)}."
    if kind is Kind.NOTE:
        return noting(decision.decision_maker, one.initiative.code)
    what = outcome(taken, this_week(decision.decided_at), with_year=True)
    return attribution(decision.decision_maker, GROUP, what)


def _reason(decision: DecisionRow) -> str:
    return f"{decision.reason}\nTrots det som saknas: {decision.despite}" if decision.despite else decision.reason


def _not_now(decided: Collection[Decided]) -> Iterator[NotNow]:
    for number, one in enumerate(decided, start=1):
        what = put_off(Kind(one.decision.kind), one.decision.until)
        if what and not (_goes_on(one.decision) or _was_not_reached(one.decision)):
            yield NotNow(one.initiative.code, one.initiative.title, what, one.decision.reason, number)


def _was_not_reached(decision: DecisionRow) -> bool:
    """Whether nobody decided anything: the meeting ended before it came to the item, which put it off."""
    return decision.kind == Kind.DEFER and decision.reason == NO_TIME


def _goes_on(decision: DecisionRow) -> bool:
    """Whether only a question was deferred, about something that is decided or goes on."""
    return decision.kind == Kind.DEFER and json.loads(decision.before)["status"] not in UNDECIDED


def _outdated(meeting: Meeting, now: datetime) -> list[str]:
    """What fell away before the meeting came to it. What it decided on otherwise has not."""
    decided = {(one.initiative.code,) for one in outcomes_of(meeting).values()}
    fell = [item for item in _fell_away(meeting, now) if item.codes not in decided]
    titles = titles_of({code for item in fell for code in item.codes})
    return [_outdated_told(item, titles) for item in fell]


def _fell_away(meeting: Meeting, now: datetime) -> Sequence[Item | Kept]:
    """What an ended meeting never ended and never held back: whatever else there was it has decided or deferred."""
    if meeting.ended:
        return [one for one in kept(stored_of(meeting), meeting) if not (one.decided or one.held_back)]
    gone = [one for one in agenda_of(meeting, now).items if one.change is Change.GONE]
    return [one for one in gone if not one.held_back]


def _outdated_told(item: Item | Kept, titles: Mapping[str, str]) -> str:
    """`FI-003 Digital post till alla hushåll: Ber om hjälp`."""
    about = [f"{code} {titles[code]}" for code in item.codes][:1]
    return ": ".join([*about, MATTER_WORDS[item.matter]]) if about else item.sentence or MATTER_WORDS[item.matter]


def _next(meeting: Meeting) -> datetime | None:
    """When the meeting after this one begins: as it is planned, or as the series has it."""
    after = select(func.min(MeetingRow.starts_at)).where(MeetingRow.starts_at > meeting.starts_at)
    planned = current_session().scalar(after)
    try:
        return planned or next_meeting(meeting.starts_at, the_series(), closed_days())
    except AlwaysClosed:
        return None

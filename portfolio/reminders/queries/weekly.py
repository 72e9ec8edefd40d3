"""Veckobrevet: what one person should know of the week, if there is anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from portfolio.base.text import listed
from portfolio.base.time import long_date, this_week, today
from portfolio.base.weeks import sunday, week_number, week_of
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.load import Cell, load_map
from portfolio.capacity.rules.sentences import how_far_over, runs, spans_of, weeks_in_words
from portfolio.initiatives.queries.stored import titles_of
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.queries.agenda import agenda_of
from portfolio.meetings.queries.meetings import Meeting
from portfolio.meetings.rules.agenda import MATTER_WORDS, Matter
from portfolio.meetings.rules.agenda import Item as Point
from portfolio.people.rules import LetterRhythm, May, Role, may
from portfolio.reminders.queries.facts import Recipient
from portfolio.reminders.queries.matters import Item, Known, may_see
from portfolio.reminders.rules.due import about
from portfolio.reminders.writing import one_line, one_sentence
from portfolio.signals.queries import Signal, told_since
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import UnitKind, chain_above

HORIZON = 8
"""How many weeks ahead, the current one included, the letter looks for what goes over."""
OUTLOOK = 26
"""How many weeks ahead it tells of what begins by then."""
MOST_TO_DECIDE = 10
SOON = timedelta(days=14)
ONE_LETTER, TWO_WEEKS = timedelta(days=7), timedelta(days=14)
"""How far back a letter tells what is worth knowing: to the one before it."""
LEADERS = frozenset({Role.CHAIR, Role.MEMBER, Role.COORDINATOR})
"""The roles that are told of the whole portfolio; the others of what is their own."""

Told = Collection[tuple[str, str]]
"""What a letter tells of anyway, as (rule, subject)."""


@dataclass
class Weekly:
    """The week's letters: what all share is worked out once."""

    known: Known

    def item(self, person: Recipient, told: Told) -> Item | None:
        """What one person is told, None if that is nothing."""
        leads = person.role in LEADERS
        if not self.is_anything(person, told):
            return None
        over = self._over_of(person)
        decides = self._decides(person)
        to_decide = self._to_decide if decides else []
        day = self._meeting.day if decides and self._meeting else None
        return {
            "week": week_number(this_week(self.known.now)),
            "figure": self._figure if leads else "",
            "over": over,
            "over_count": f"{len(over)} {self._nouns[len(over) != 1]}" if over else "",
            "to_decide": to_decide[:MOST_TO_DECIDE],
            "more_to_decide": max(0, len(to_decide) - MOST_TO_DECIDE),
            "meeting": "" if day is None else long_date(day, weekday=True),
            "meeting_day": "" if day is None else long_date(day, weekday=True).partition(" ")[0],
            "agenda_url": "" if day is None else f"{self.known.base_url}/dagordning/{day}",
            "own": self._own(person, told),
            "news": self._news_for(person),
        } | ({} if leads or not over else {"figure": listed([line.partition(",")[0] for line in over])})

    def is_anything(self, person: Recipient, told: Told) -> bool:
        """Whether there is anything to tell a person; costs less than to tell it."""
        if self._over_of(person) or self._own(person, told):
            return True
        return self._decides(person) and bool(self._to_decide)

    def _decides(self, person: Recipient) -> bool:
        return person.role in LEADERS and may_see(person, Status.IN_PREPARATION)

    def _over_of(self, person: Recipient) -> list[str]:
        return [line for unit, line in self._over if person.role in LEADERS or unit in self._above(person)]

    @cached_property
    def _meeting(self) -> Meeting | None:
        """The meeting, if the ledningsgrupp meets this week."""
        found = self.known.meeting
        return found if found is not None and week_of(found.day) == this_week(self.known.now) else None

    @cached_property
    def _tops(self) -> Sequence[UnitRow]:
        return [
            unit
            for unit in units.living(today(self.known.now))
            if unit.parent_id is None and unit.kind != UnitKind.BOLAG
        ]

    @cached_property
    def _over(self) -> list[tuple[int, str]]:
        """`Kommunledningsförvaltningen, vecka 2–6 (7 av 6, årsbokslut)`, with the unit's id: the soonest first."""
        week = this_week(self.known.now)
        portfolio = capacity.whole_portfolio(since=week)
        cells = load_map(portfolio, week, week, OUTLOOK, [unit.code for unit in self._tops])
        said = []
        for unit in self._tops:
            over = [run for run in _runs_over(cells[unit.code]) if run[0].week < week + HORIZON]
            if over:
                how_far = how_far_over([_with_one_line(cell) for run in over for cell in run])
                said.append((over[0][0].week, unit.id, f"{one_line(unit.name)}, {_weeks_of(over)} ({how_far})"))
        return [(unit_id, line) for _, unit_id, line in sorted(said)]

    @cached_property
    def _figure(self) -> str:
        """`1 av 8 förvaltningar`."""
        return f"{len(self._over)} av {len(self._tops)} {self._nouns[1]}"

    @cached_property
    def _nouns(self) -> tuple[str, str]:
        all_are = all(unit.kind == UnitKind.FORVALTNING for unit in self._tops)
        return ("förvaltning", "förvaltningar") if all_are else ("enhet", "enheter")

    @cached_property
    def _to_decide(self) -> list[str]:
        """What this week's meeting is to take up, in the order of its agenda and with the agenda's own sentences."""
        if self._meeting is None:
            return []
        points = [point for point in agenda_of(self._meeting, self.known.now).items if point.waits]
        titles = titles_of({code for point in points for code in point.codes})
        return [_point_told(point, titles) for point in points]

    def _above(self, person: Recipient) -> Collection[int]:
        return chain_above(person.unit_id, self._parents) if person.unit_id is not None else ()

    @cached_property
    def _parents(self) -> dict[int, int | None]:
        return units.parents_by_id()

    def _own(self, person: Recipient, told: Told) -> list[Item]:
        """What waits for the reader, apart from what the letter tells of anyway."""
        return [*self._to_acknowledge(person, told), *self._reports(person, told), *self._expiring(person, told)]

    def _to_acknowledge(self, person: Recipient, told: Told) -> list[Item]:
        if not may_see(person, Status.IN_PREPARATION):
            return []
        mine = [
            one
            for one in self.known.facts.unanswered
            if person.id in one.chiefs and ("acknowledge", about(one.code)) not in told
        ]
        codes = list(dict.fromkeys(one.code for one in mine))
        is_whole = {one.unit for one in mine} <= self._forvaltningar
        text = f"Kvittera påverkan på din {'förvaltning' if is_whole else 'enhet'}: {listed(codes)}"
        return [{"text": text, "url": f"{self.known.base_url}/kvittera"}] if codes else []

    @cached_property
    def _forvaltningar(self) -> set[str]:
        return {unit.code for unit in units.all_units() if unit.kind == UnitKind.FORVALTNING}

    def _news_for(self, person: Recipient) -> list[str]:
        """What others have told since the letter before; it follows a letter along and never makes one."""
        if not may(person.actor, May.READ):
            return []
        since = self.known.now - (TWO_WEEKS if person.rhythm == LetterRhythm.FORTNIGHTLY else ONE_LETTER)
        return [
            f"{one_sentence(one.row.title)} {one_sentence(one.row.text)} ({one_line(one.row.written_by)})"
            for one in self._news
            if one.row.written_at > since and one.row.author_id != person.id
        ]

    @cached_property
    def _news(self) -> list[Signal]:
        return told_since(self.known.now - TWO_WEEKS)

    def _reports(self, person: Recipient, told: Told) -> list[Item]:
        held = self.known.facts.fresh_since(self.known.now)
        return [
            {"text": f"Lägesrapport saknas: {one.code}", "url": f"{self._page(one.code)}/lagesrapport"}
            for one in self.known.facts.running
            if one.reporter_id == person.id
            and (one.reported_at is None or one.reported_at < held)
            and not any((rule, about(one.code)) in told for rule in ("report_due", "report_last_day"))
        ]

    def _expiring(self, person: Recipient, told: Told) -> list[Item]:
        soon = today(self.known.now) + SOON
        return [
            {"text": f"Undantaget för {one.code} löper ut {long_date(last)}", "url": self._page(one.code)}
            for one in self.known.facts.exceptions
            if (last := sunday(one.valid_to)) <= soon
            and (person.id == one.owner_id or person.role is Role.CHAIR)
            and ("exception_expires", about(one.code)) not in told
        ]

    def _page(self, code: str) -> str:
        return f"{self.known.base_url}/initiativ/{code}"


def _point_told(point: Point, titles: Mapping[str, str]) -> str:
    """`FI-003 En väg in. Projektägaren ber om hjälp: ”Vi saknar jurist i december.”`"""
    about_one = point.codes and point.matter is not Matter.COLLISION
    subject = f"{point.codes[0]} {titles[point.codes[0]]}" if about_one else MATTER_WORDS[point.matter]
    if point.matter is not Matter.HELP:
        return f"{one_sentence(one_line(subject))} {one_sentence(point.sentence)}"
    asked, quote, words = point.sentence.partition("”")
    return f"{one_sentence(one_line(subject))} {asked}{quote}{one_line(words.removesuffix(quote))}{quote}"


def _runs_over(cells: Sequence[Cell]) -> list[list[Cell]]:
    return runs(cells, lambda cell: cell.level == "over")


def _weeks_of(over: Sequence[Sequence[Cell]]) -> str:
    return weeks_in_words(spans_of(over))


def _with_one_line(cell: Cell) -> Cell:
    """The cell with the reasons of its limits as a letter may say them."""
    bounds = cell.bounds
    of_load, of_number = one_line(bounds.limit_reason or ""), one_line(bounds.parallel_reason or "")
    return cell._replace(bounds=bounds._replace(limit_reason=of_load or None, parallel_reason=of_number or None))

"""Veckobrevet: what one person should know of the week, if there is anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.text import listed
from portfolio.base.time import long_date, this_week, today
from portfolio.base.weeks import sunday, week_number, week_of
from portfolio.base.workdays import AlwaysClosed
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.gate import evaluate
from portfolio.capacity.rules.load import Cell, Portfolio, load_map
from portfolio.capacity.rules.sentences import how_far_over, runs, spans_of, weeks_in_words
from portfolio.capacity.rules.ways import earliest_start
from portfolio.initiatives import queries as initiatives
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules import Status, fresh_since
from portfolio.meetings.rules.series import next_meeting
from portfolio.people.rules import Role
from portfolio.reminders.queries.facts import Recipient
from portfolio.reminders.queries.matters import Item, Known, may_see, named
from portfolio.reminders.rules.due import about
from portfolio.reminders.writing import one_line
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import UnitKind, chain_above, is_valid

HORIZON = 8
"""How many weeks ahead, the current one included, the letter looks for what goes over."""
OUTLOOK = 26
"""How many weeks ahead it tells of what begins by then."""
MOST_TO_DECIDE = 10
SOON = timedelta(days=14)
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
        to_decide = self._to_decide if self._decides(person) else []
        own = self._own(person, told)
        return {
            "week": week_number(this_week(self.known.now)),
            "figure": self._figure if leads else "",
            "over": over,
            "over_count": f"{len(over)} {self._nouns[len(over) != 1]}" if over else "",
            "to_decide": to_decide[:MOST_TO_DECIDE],
            "more_to_decide": max(0, len(to_decide) - MOST_TO_DECIDE),
            "meeting": self._meeting if leads else "",
            "meeting_day": self._meeting.partition(" ")[0] if leads else "",
            "help": self._help if leads else [],
            "own": own,
        } | ({} if leads or not over else {"figure": listed([line.partition(",")[0] for line in over])})

    def is_anything(self, person: Recipient, told: Told) -> bool:
        """Whether there is anything to tell a person; costs less than to tell it."""
        decides, leads = self._decides(person), person.role in LEADERS
        shared = bool((decides and self._prepared) or (leads and self._help))
        return shared or bool(self._over_of(person) or self._own(person, told))

    def _decides(self, person: Recipient) -> bool:
        return person.role in LEADERS and may_see(person, Status.IN_PREPARATION)

    def _over_of(self, person: Recipient) -> list[str]:
        return [line for unit, line in self._over if person.role in LEADERS or unit in self._above(person)]

    @cached_property
    def _meeting(self) -> str:
        """`tisdag 24 november`, if the ledningsgrupp meets this week."""
        facts = self.known.facts
        try:
            day = today(next_meeting(self.known.now, facts.series, facts.closed))
        except AlwaysClosed:
            return ""
        return long_date(day, weekday=True) if week_of(day) == this_week(self.known.now) else ""

    @cached_property
    def _tops(self) -> Sequence[UnitRow]:
        day = today(self.known.now)
        return [
            unit
            for unit in units.all_units()
            if unit.parent_id is None
            and unit.kind != UnitKind.BOLAG
            and is_valid(unit.valid_from, unit.valid_to, day)
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
        """What is prepared, with what the gate says of it now."""
        return [f"{named(row)} – {self._verdict(row)}" for row in self._prepared]

    @cached_property
    def _prepared(self) -> Sequence[Initiative]:
        """What is prepared, by priority."""
        wanted = initiatives.initiatives(initiatives.Filter((Status.IN_PREPARATION,)))
        return current_session().scalars(wanted).all()

    def _verdict(self, row: Initiative) -> str:
        """`ryms inte vecka 2, tidigast vecka 7`."""
        if row.start_week is None or not row.phases:
            return "saknar plan"
        week, plan = this_week(self.known.now), initiatives.plan_of(row, self.known.now)
        verdict = evaluate(plan, self._portfolio, week)
        if verdict.fits:
            return "ryms" if verdict.kind != "warns" else "ryms, men ett preliminärt tak överskrids"
        earliest = earliest_start(plan, plan.start, self._portfolio, week).week
        said = f"ryms inte vecka {week_number(plan.start)}"
        return said if earliest is None else f"{said}, tidigast vecka {week_number(earliest)}"

    @cached_property
    def _portfolio(self) -> Portfolio:
        return capacity.whole_portfolio()

    @cached_property
    def _help(self) -> list[str]:
        """`FI-003 En väg in: ”Vi saknar jurist i december.”`, of each report that still holds and asks for help."""
        held = fresh_since(self.known.now, self.known.facts.report_days)
        wanted = select(Initiative).where(
            Initiative.status.in_([Status.ONGOING, Status.DECIDED]),
            Initiative.help_needed != "",
            Initiative.reported_at >= held,
        )
        rows = current_session().scalars(wanted.order_by(Initiative.rank, Initiative.id))
        return [f"{named(row)}: ”{one_line(row.help_needed)}”" for row in rows]

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

    def _reports(self, person: Recipient, told: Told) -> list[Item]:
        held = fresh_since(self.known.now, self.known.facts.report_days)
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


def _runs_over(cells: Sequence[Cell]) -> list[list[Cell]]:
    return runs(cells, lambda cell: cell.level == "over")


def _weeks_of(over: Sequence[Sequence[Cell]]) -> str:
    return weeks_in_words(spans_of(over))


def _with_one_line(cell: Cell) -> Cell:
    """The cell with the reasons of its limits as a letter may say them."""
    bounds = cell.bounds
    of_load, of_number = one_line(bounds.limit_reason or ""), one_line(bounds.parallel_reason or "")
    return cell._replace(bounds=bounds._replace(limit_reason=of_load or None, parallel_reason=of_number or None))

"""Whatever a meeting decides and takes back, in whatever order, the portfolio and the minutes hold together."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Refusal
from portfolio.base.time import this_week
from portfolio.demo import actions as demo
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import DecisionRow
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.actions import arranging, holding, minutes
from portfolio.meetings.models import AgendaItemRow
from portfolio.meetings.queries.agenda import agenda_of
from portfolio.meetings.queries.meetings import on
from portfolio.meetings.queries.minutes import draft_of
from portfolio.meetings.rules.agenda import Matter
from portfolio.meetings.rules.deciding import Basis, Ground
from portfolio.outbox.models import EventRow
from portfolio.planning import actions as trials
from tests.actions.test_sequences import everything
from tests.invariants import broken
from tests.make import CHAIR, make_initiative, make_person, make_unit
from tests.meetings.held import BEGINS, DAY, DESPITE

DUE = date(2027, 2, 15)
GROUNDS = st.builds(Ground, basis=st.sampled_from(Basis), point=st.just("4.2"), withheld=st.booleans())


class AMeeting(RuleBasedStateMachine):
    """A meeting with three proposals and one that drags on, while trials and other pages are used beside it.

    A refusal is an answer: nothing may have changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = BEGINS
        self.codes: list[str] = []

    @initialize()
    def a_small_municipality(self) -> None:
        """Two units that cannot take everything, and a meeting that has begun."""
        make_unit("KLF", limit=4)
        make_unit("SOC", limit=3)
        chair = make_person("Kommundirektör")
        self.by = replace(CHAIR, person_id=chair.id)
        plans: list[dict[str, int | None]] = [{"KLF": 3}, {"KLF": 2, "SOC": 2}, {"SOC": 2}]
        self.codes = [make_initiative(f"Förslag {at}", impacts=plan) for at, plan in enumerate(plans)]
        dragging = make_initiative("Drar över", status="ongoing", start="2026-W30", weeks=4, impacts={"SOC": 1})
        self.codes.append(dragging)
        with transaction():
            holding.begin(DAY, by=self.by, now=self.now)

    @contextmanager
    def attempt(self) -> Iterator[dict[str, Any]]:
        """One transaction by the chair at this time; what refuses it leaves everything as it was."""
        before = everything()
        try:
            with transaction():
                yield {"by": self.by, "now": self.now}
        except Refusal:
            current_session().rollback()
            assert everything() == before

    def keys(self) -> list[str]:
        """The keys of the items."""
        current_session().rollback()
        return [item.key for item in agenda_of(on(DAY, self.now), self.now).items if item.codes]

    @rule(
        at=st.integers(0, 3),
        kind=st.sampled_from([Kind.NOTE, Kind.START, Kind.DEFER, Kind.START, *Kind]),
        week=st.integers(0, 12),
        ground=GROUNDS,
    )
    def decide_item(self, at: int, kind: Kind, week: int, ground: Ground) -> None:
        """An item ends with a decision, rightly or wrongly; also one that has ended already."""
        self.decide_item_at(at, kind, week, ground)

    def decide_item_at(self, at: int, kind: Kind, week: int, ground: Ground) -> None:
        """End the item in a place of the agenda."""
        current_session().rollback()
        items = [item for item in agenda_of(on(DAY, self.now), self.now).items if item.codes]
        if items:
            item = items[at % len(items)]
            start = this_week(self.now) + week
            seen_to = {"responsible": "Kanslichef", "due": DUE}
            asked = Asked(kind, "Skäl", start_week=start, until=DUE, rank=1, despite=DESPITE, **seen_to)
            with self.attempt() as who_and_when:
                holding.decide_item(DAY, item.key, item.codes[0], asked, ground, version=None, **who_and_when)
                self.shows_what_waits()

    def shows_what_waits(self) -> None:
        """After a decision the meeting is led to an item that still waits, if any does."""
        agenda = agenda_of(on(DAY, self.now), self.now)
        assert agenda.meeting.row is not None
        waiting = [item.key for item in agenda.items if item.waits]
        assert agenda.meeting.row.showing in (waiting or [""])

    @rule(at=st.integers(0, 3), seconds=st.sampled_from([1, 1, 1, 40]))
    def undo_item(self, at: int, seconds: int) -> None:
        """A decision is taken back some seconds later, if it can be."""
        self.now += timedelta(seconds=seconds)
        keys = self.keys()
        if keys:
            with self.attempt() as who_and_when:
                holding.undo_item(DAY, keys[at % len(keys)], **who_and_when)

    @rule(at=st.integers(0, 1))
    def decide_again(self, at: int) -> None:
        """Somebody ends one of the first items, whether it has ended or not."""
        self.decide_item_at(at, Kind.NOTE, 0, Ground())

    @rule(at=st.integers(0, 3), kind=st.sampled_from([Kind.NOTE, Kind.START, Kind.REJECT]))
    def decide_beside_the_meeting(self, at: int, kind: Kind) -> None:
        """The chair decides on an initiative's own page meanwhile."""
        with self.attempt() as who_and_when:
            decide(self.codes[at], Asked(kind, "Skäl", start_week=this_week(self.now) + 3), **who_and_when)

    @rule(at=st.integers(0, 5), seconds=st.sampled_from([1, 1, 40]))
    def take_back_on_another_page(self, at: int, seconds: int) -> None:
        """One of the latest decisions is taken back on the initiative's page or the trial's, if it can be."""
        self.now += timedelta(seconds=seconds)
        current_session().rollback()
        latest = current_session().scalars(select(DecisionRow.id).order_by(DecisionRow.id.desc()).limit(at + 1)).all()
        if len(latest) > at:
            with self.attempt() as who_and_when:
                undo(latest[at], **who_and_when)

    @rule(at=st.integers(0, 3), kind=st.sampled_from([Kind.START, Kind.PAUSE, Kind.RESUME]), week=st.integers(1, 12))
    def decide_together(self, at: int, kind: Kind, week: int) -> None:
        """A trial of one move is applied while the meeting goes on."""
        wish = trials.Wish() if kind is Kind.PAUSE else trials.Wish(this_week(self.now) + week)
        with self.attempt() as who_and_when:
            trial_id = trials.create("Våren", **who_and_when).id
            trials.set_move(trial_id, self.codes[at], kind, wish, **who_and_when)
            trials.apply(trial_id, "Skäl", despite=DESPITE, **who_and_when)

    @rule(at=st.integers(0, 3))
    def add(self, at: int) -> None:
        """An initiative is put on the agenda."""
        with self.attempt() as who_and_when:
            arranging.add_item(DAY, self.codes[at], "Hur går det?", **who_and_when)

    @rule(at=st.integers(0, 5), held_back=st.booleans())
    def hold_back(self, at: int, held_back: bool) -> None:
        """An item is left for a later meeting, or taken up after all."""
        keys = self.keys()
        if keys:
            with self.attempt() as who_and_when:
                arranging.hold_back(DAY, keys[at % len(keys)], held_back, **who_and_when)

    @invariant()
    def all_holds_together(self) -> None:
        """Nothing is over its limit unexplained, every seal holds."""
        assert broken(self.now) == []

    @invariant()
    def no_item_has_two_standing_decisions(self) -> None:
        """By what the events tell of each item, and by what the minutes say."""
        current_session().rollback()
        standing = set(current_session().scalars(select(DecisionRow.id).where(DecisionRow.undone_at.is_(None))))
        told = current_session().scalars(select(EventRow.data).where(EventRow.type == "meeting.item_decided"))
        ended = [(one["item"], one["decision"]) for one in map(json.loads, told) if one["decision"] in standing]
        assert len({key for key, _ in ended}) == len(ended)
        meeting = on(DAY, self.now)
        if meeting.row is not None:
            rows = current_session().scalars(select(AgendaItemRow).where(AgendaItemRow.decision_id.is_not(None)))
            assert {(row.key, row.decision_id) for row in rows if row.decision_id in standing} == set(ended)
            assert sorted(item.key for item in draft_of(meeting, self.now).items) == sorted(key for key, _ in ended)

    @invariant()
    def nothing_stands_both_decided_and_fallen_away(self) -> None:
        """In the minutes; and what has gone or been decided leads nowhere: every item says what it is about."""
        current_session().rollback()
        meeting = on(DAY, self.now)
        if meeting.row is None:
            return
        draft = draft_of(meeting, self.now)
        decided = {item.code for item in draft.items}
        assert not [told for told in draft.outdated if told.split()[0] in decided]
        items = agenda_of(meeting, self.now).items
        assert all(item.codes or item.matter is Matter.COLLISION for item in items)

    def teardown(self) -> None:
        """The meeting ends and its minutes are completed; the next municipality begins from nothing."""
        if self.codes:
            for step in (holding.end, minutes.complete):
                with transaction():
                    step(DAY, by=self.by, now=self.now)
            self.all_holds_together()
            self.no_item_has_two_standing_decisions()
        current_session().rollback()
        with transaction():
            demo.reset()


@pytest.mark.usefixtures("app")
def test_no_sequence_of_decisions_at_a_meeting_breaks_the_portfolio_or_decides_an_item_twice(
    database_url: str,
) -> None:
    checks = list(HealthCheck)
    number = 8 if database_url.startswith("sqlite") else 4  # the rules are the same, and answers come slower
    wanted = settings(max_examples=number, stateful_step_count=20, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(AMeeting, settings=wanted)

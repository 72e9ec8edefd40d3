"""Whatever is done in whatever order, the portfolio holds together (capacity kernel §6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portfolio.base.db import Base, current_session, transaction
from portfolio.base.errors import Refusal
from portfolio.base.time import this_week
from portfolio.capacity.actions import calendar, tree
from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.actions.settings import edit_person
from portfolio.capacity.rules.calendar import Phase
from portfolio.demo import actions as demo
from portfolio.initiatives.actions import editing, proposing
from portfolio.initiatives.actions.acknowledging import correct_impact
from portfolio.initiatives.actions.rating import rate_impacts
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.initiatives.queries.gate import answer
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.people.queries import persons
from portfolio.planning import actions as planning
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_person, make_unit

UNITS = ("KLF", "KAN", "SOC")
OWNERS = ("Kanslichef", "Socialchef")
LEVELS = st.sampled_from([1, 2, 3, None])
PHASES = st.lists(
    st.builds(
        Phase,
        st.sampled_from(["prepare", "implement", "reinforce"]),
        st.integers(1, 5),
        st.dictionaries(st.sampled_from(UNITS), LEVELS, max_size=2),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
AHEAD = st.integers(-1, 12)
"""Weeks from the current one; -1 is one too early."""


class Municipality(RuleBasedStateMachine):
    """Everything that can be done to a portfolio. A refusal is an answer like any other: nothing may have changed."""

    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.latest: int | None = None

    @initialize()
    def a_small_municipality(self) -> None:
        """Two förvaltningar, one with a kontor, and two owners."""
        make_unit("KLF", limit=6, max_parallel=4)
        make_unit("KAN", limit=4, parent="KLF")
        make_unit("SOC", limit=5, confirmed=False)
        for function in OWNERS:
            make_person(function)

    @property
    def week(self) -> int:
        """The current week."""
        return this_week(self.now)

    @contextmanager
    def attempt(self) -> Iterator[dict[str, Any]]:
        """One transaction by the chair at this time; what refuses it leaves everything as it was."""
        before = everything()
        try:
            with transaction():
                yield {"by": CHAIR, "now": self.now}
        except Refusal:
            current_session().rollback()
            assert everything() == before

    @rule(target=codes, phases=PHASES, start=AHEAD, owner=st.sampled_from(OWNERS), prepared=st.booleans())
    def propose(self, phases: tuple[Phase, ...], start: int, owner: str, prepared: bool) -> Any:
        """Somebody proposes an initiative, and it may be prepared at once."""
        fields = {"title": "Nytt", "phases": phases, "start_week": self.week + start, "owner": make_person(owner)}
        status = {"status": "in_preparation"} if prepared else {}
        with transaction():
            return proposing.propose(fields | status, by=CHAIR, now=self.now).code

    @rule(
        code=codes,
        kind=st.sampled_from([*Kind, *[Kind.START] * 6, *[Kind.RESUME] * 3]),
        start=AHEAD,
        phases=st.none() | PHASES,
        rank=st.integers(1, 5),
        despite=st.sampled_from([None, "Det brådskar"]),
    )
    def decide(
        self, code: str, kind: Kind, start: int, phases: tuple[Phase, ...] | None, rank: int, despite: str | None
    ) -> None:
        """The chair decides, rightly or wrongly."""
        week = self.week + start
        asked = Asked(
            kind, "Skäl", start_week=week, phases=phases, rank=rank, despite=despite, until=date(2027, 6, 1)
        )
        self.take(code, asked)

    @rule(code=codes, start=AHEAD, phases=PHASES)
    def decide_with_an_exception(self, code: str, start: int, phases: tuple[Phase, ...]) -> None:
        """The chair lets through what does not fit, as far as an exception can."""
        current_session().rollback()
        initiative = initiative_by_code(code)
        plan = plan_of(initiative, self.now, start=self.week + start, phases=phases)
        found = answer(plan, self.now)
        weeks = [conflict.week for conflict in found.verdict.binding]
        if weeks:
            ground = Ground("Varför", "Lättnad", "Risk", "Med", max(weeks), found.fingerprint)
            kind = Kind.RESCOPE if initiative.status in ("ongoing", "decided") else Kind.START
            asked = Asked(kind, "Skäl", start_week=plan.start, phases=phases, despite="Nu", exception=ground)
            self.take(code, asked)

    def take(self, code: str, asked: Asked) -> None:
        """Take one decision."""
        with self.attempt() as who_and_when:
            self.latest = decide(code, asked, **who_and_when).decision.id

    @rule()
    def undo(self) -> None:
        """The latest decision is taken back, if it can be."""
        if self.latest is not None:
            with self.attempt() as who_and_when:
                undo(self.latest, **who_and_when)

    @rule(
        chosen=st.lists(codes, min_size=1, max_size=3),
        kind=st.sampled_from([Kind.START, Kind.START, Kind.PAUSE, Kind.RESUME, Kind.RESCOPE]),
        start=AHEAD,
    )
    def apply_a_trial(self, chosen: list[str], kind: Kind, start: int) -> None:
        """Several decisions are tried and taken at once, or none of them."""
        with self.attempt() as who_and_when:
            trial_id = planning.create("Allt på en gång", **who_and_when).id
            for code in chosen:
                wish = planning.Wish(self.week + start)
                planning.set_move(trial_id, code, kind, wish, **who_and_when)
            planning.apply(trial_id, "Skäl", **who_and_when)

    @rule(code=codes, owner=st.sampled_from([None, *OWNERS]))
    def change_the_owner(self, code: str, owner: str | None) -> None:
        """Somebody else takes over, or nobody."""
        self.edit(code, {"owner": owner and make_person(owner)})

    @rule(code=codes, forecast=st.none() | st.integers(-5, 20))
    def report_a_forecast(self, code: str, forecast: int | None) -> None:
        """The owner says when it will be done."""
        self.edit(code, {"forecast_end_week": None if forecast is None else self.week + forecast})

    def edit(self, code: str, fields: dict[str, Any]) -> None:
        """Change an initiative."""
        with self.attempt() as who_and_when:
            editing.edit(code, fields, version=None, **who_and_when)

    @rule(code=codes, unit=st.sampled_from(UNITS), level=st.integers(0, 3))
    def rate(self, code: str, unit: str, level: int) -> None:
        """What nobody has rated is rated."""
        with self.attempt() as who_and_when:
            rate_impacts({code: {unit: level}}, **who_and_when)

    @rule(code=codes, unit=st.sampled_from(UNITS), level=st.integers(0, 3))
    def correct(self, code: str, unit: str, level: int) -> None:
        """The receiving chef corrects the first phase."""
        with self.attempt() as who_and_when:
            correct_impact(code, unit, {0: level}, version=None, **who_and_when)

    @rule(
        unit=st.sampled_from(UNITS),
        changes=st.fixed_dictionaries(
            {},
            optional={
                "limit": st.none() | st.integers(0, 6),
                "max_parallel": st.none() | st.integers(0, 4),
                "limits_confirmed": st.booleans(),
                "parent": st.none() | st.sampled_from(UNITS),
            },
        ),
    )
    def change_a_unit(self, unit: str, changes: dict[str, Any]) -> None:
        """Limits change, and units move."""
        with self.attempt() as who_and_when:
            tree.edit_unit(unit, changes, version=None, **who_and_when)

    @rule(unit=st.sampled_from(UNITS), first=st.integers(0, 8), length=st.integers(0, 4), limit=st.integers(0, 4))
    def lower_a_limit(self, unit: str, first: int, length: int, limit: int) -> None:
        """A unit carries less for some weeks."""
        weeks = {"from_week": self.week + first, "to_week": self.week + first + length, "yearly": length == 0}
        with self.attempt() as who_and_when:
            calendar.lower_limit(unit, **weeks, limit=limit, max_parallel=None, reason="Sjuka", **who_and_when)

    @rule(first=st.integers(0, 8), length=st.integers(0, 2), yearly=st.booleans())
    def stand_still(self, first: int, length: int, yearly: bool) -> None:
        """Nothing runs for some weeks."""
        weeks = {"from_week": self.week + first, "to_week": self.week + first + length, "yearly": yearly}
        with self.attempt() as who_and_when:
            calendar.add_standstill(**weeks, reason="Uppehåll", **who_and_when)

    @rule(most=st.none() | st.integers(0, 3))
    def limit_an_owner(self, most: int | None) -> None:
        """An owner may own more, or fewer."""
        owner = next(one for one in persons() if one.function == OWNERS[0])
        with self.attempt() as who_and_when:
            edit_person(owner.id, {"max_owned": most}, version=owner.version, **who_and_when)

    @rule(weeks=st.integers(1, 6))
    def time_passes(self, weeks: int) -> None:
        """Some weeks later the clock brings the portfolio in step, and a second time changes nothing."""
        self.now += timedelta(weeks=weeks)
        keep_up_with_the_calendar(self.now)
        assert keep_up_with_the_calendar(self.now) == 0

    @invariant()
    def all_holds_together(self) -> None:
        """Nothing is over its limit unexplained, claims are the plans, places are 1 to n, every seal holds."""
        assert broken(self.now) == []

    def teardown(self) -> None:
        """The next municipality begins from nothing."""
        current_session().rollback()
        with transaction():
            demo.reset()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    current_session().rollback()
    tables = {table.name: current_session().execute(table.select()).all() for table in Base.metadata.sorted_tables}
    return {name: sorted((tuple(row) for row in rows), key=repr) for name, rows in tables.items()}


@pytest.mark.usefixtures("app")
def test_no_sequence_of_actions_breaks_the_portfolio(database_url: str) -> None:
    checks = list(HealthCheck)
    number = 12 if database_url.startswith("sqlite") else 6  # the rules are the same, and answers come slower
    wanted = settings(max_examples=number, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Municipality, settings=wanted)

"""What receiving chefs answer is kept by unit, and a new answer takes the place of the old."""

from datetime import timedelta

import pytest

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import NotAllowedNow, NotFound, NotPermitted
from portfolio.base.weeks import parse_week
from portfolio.capacity.queries import calendar
from portfolio.capacity.rules.calendar import Phase
from portfolio.exchange.queries.leaving import exported_tables
from portfolio.initiatives.actions.triage import triage
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.triage import TriageAnswers
from portfolio.outbox.queries import newest_seq
from portfolio.people.queries import actor_of
from portfolio.people.rules import Actor, Role
from portfolio.receivers import actions, queries
from portfolio.receivers.rules.conditions import Answer, Conditions
from portfolio.receivers.rules.felt import Felt
from portfolio.receivers.rules.readiness import Readiness
from portfolio.units.queries import unit_by_code
from tests.actions import stored
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_standstill, make_unit

pytestmark = pytest.mark.usefixtures("app")

GOOD = Conditions(Answer.YES, Answer.YES, Answer.PARTLY)
POOR = Conditions(Answer.NO, Answer.NO, Answer.YES)
READY = Readiness(4, 3, 2, 2, 1)
COMPLEX = TriageAnswers(everyday=False, one_department=False, known_way=False, needed=True)
PLAN = [
    Phase("prepare", 2, {"SOC": 1}),
    Phase("implement", 4, {"SOC": 2}),
    Phase("reinforce", 2, {"SOC": 1}),
]
"""From week 46: it is carried out in the weeks 48 to 51."""


@pytest.fixture
def chef() -> Actor:
    """The Socialchef, with the Socialförvaltningen and the school beside it."""
    make_unit("SOC", limit=7)
    make_unit("BUF", limit=8)
    return actor_of(make_person("Socialchef", role=Role.MEMBER, unit="SOC"))


def say(code: str, given: Conditions, by: Actor, unit: str = "SOC") -> None:
    with transaction():
        actions.answer_conditions(code, unit, given, by=by, now=NOW)


def tell(code: str, given: Readiness, by: Actor, days: int = 0) -> None:
    with transaction():
        actions.answer_readiness(code, "SOC", given, by=by, now=NOW + timedelta(days=days))


def feel(felt: int, by: Actor, unit: str = "SOC", days: int = 0) -> None:
    with transaction():
        actions.feel(unit, felt, by=by, now=NOW + timedelta(days=days))


def felt(days: int = 0) -> list[Felt]:
    current_session().rollback()
    return queries.felt_by_unit(NOW + timedelta(days=days)).get(unit_by_code("SOC").id, [])


def make_complex(**more: object) -> str:
    code = make_initiative("Kundcenter", status="ongoing", start="2026-W46", phases=PLAN, owner=None, **more)
    with transaction():
        triage(code, COMPLEX, by=CHAIR, now=NOW)
    return code


def test_a_chef_tells_of_the_own_conditions_and_may_think_again(chef: Actor) -> None:  # S4-36
    code = make_initiative(impacts={"SOC": 1})
    say(code, POOR, chef)
    say(code, POOR, chef)
    say(code, GOOD, chef)
    one = stored.initiative(code)
    assert queries.conditions_of(one.id) == {unit_by_code("SOC").id: GOOD}
    assert stored.told(code)[-2:] == ["initiative.conditions_answered"] * 2


def test_conditions_warn_and_never_stop_a_decision(chef: Actor) -> None:  # S4-36
    code = make_initiative(impacts={"SOC": 1})
    say(code, POOR, chef)
    make_decision(code, "start", start_week="2027-W02")
    assert stored.status(code) == "decided"


def test_only_the_receiving_chef_answers_and_only_about_what_the_plan_touches(chef: Actor) -> None:
    code = make_initiative(impacts={"SOC": 1})
    other = actor_of(make_person("Skolchef", role=Role.MEMBER, unit="BUF"))
    with pytest.raises(NotPermitted):
        say(code, GOOD, other)
    with pytest.raises(NotFound):
        say(code, GOOD, other, "BUF")
    make_decision(code, "reject")
    with pytest.raises(NotAllowedNow):
        say(code, GOOD, chef)


def test_how_ready_a_unit_is_is_told_once_a_month_while_it_is_carried_out(chef: Actor) -> None:  # S2-09
    code = make_complex()
    tell(code, READY, chef)
    tell(code, READY, chef)
    better = Readiness(4, 4, 3, 2, 2)
    tell(code, better, chef)
    tell(code, Readiness(4, 4, 4, 4, 3), chef, days=10)
    one = stored.initiative(code)
    unit_id = unit_by_code("SOC").id
    known = {month: queries.readiness_row(one.id, unit_id, month) for month in ("2026-11", "2026-12")}
    assert {month: row and queries.readiness_in(row) for month, row in known.items()} == {
        "2026-11": better,
        "2026-12": Readiness(4, 4, 4, 4, 3),
    }
    assert queries.latest_readiness(one.id)[unit_id].month == "2026-12"
    assert stored.told(code).count("initiative.readiness_answered") == 3


@pytest.mark.parametrize(
    ("week", "step"), [("2026-W47", "prepare"), ("2026-W48", "implement"), ("2027-W20", "reinforce")]
)
def test_the_step_is_the_one_that_the_plan_has_come_to(chef: Actor, week: str, step: str) -> None:
    one = initiative_by_code(make_complex())
    assert queries.step_of(one, parse_week(week), calendar()) == step


def test_nobody_is_asked_how_ready_they_are_before_or_after_or_of_what_is_simple(chef: Actor) -> None:
    code = make_complex()
    for days in (-7, 28):
        with pytest.raises(NotAllowedNow):
            tell(code, READY, chef, days=days)
    regular = make_initiative(status="ongoing", start="2026-W46", impacts={"SOC": 1})
    with pytest.raises(NotAllowedNow):
        tell(regular, READY, chef)
    make_decision(code, "pause")
    with pytest.raises(NotAllowedNow):
        tell(code, READY, chef)
    assert queries.latest_readiness(stored.initiative(code).id) == {}


def test_a_chef_tells_once_a_month_how_heavy_it_is_beside_what_is_computed(chef: Actor) -> None:
    make_initiative(status="ongoing", start="2026-W46", weeks=9, impacts={"SOC": 3})
    feel(2, chef)
    feel(4, chef)
    assert felt() == [Felt("2026-11", 4, 3, 7)]
    feel(5, chef, days=10)
    assert felt(days=10) == [Felt("2026-11", 4, 3, 7), Felt("2026-12", 5, 3, 7)]
    assert queries.latest_felt() == {(chef.person_id, unit_by_code("SOC").id): "2026-12"}


def test_the_same_answer_again_is_told_once(chef: Actor) -> None:
    feel(4, chef)
    before = newest_seq()
    feel(4, chef, days=1)
    assert newest_seq() == before
    feel(3, chef, days=1)
    assert newest_seq() == before + 1


def test_in_a_standstill_the_load_is_that_of_the_first_week_after_it(chef: Actor) -> None:
    make_initiative(status="ongoing", start="2026-W46", weeks=3, impacts={"SOC": 3})
    make_standstill("2026-W48", "2026-W49")
    feel(3, chef)
    assert felt() == [Felt("2026-11", 3, 3, 7)]


def test_neither_an_event_nor_what_is_exported_says_who_felt_it_or_how_heavy(chef: Actor) -> None:
    feel(5, chef)
    event = stored.newest("unit/SOC")
    assert (event.type, event.actor) == ("unit.load_felt", actions.NOBODY)
    assert "5" not in event.data.replace("2026-11", "")
    assert "felt_load" not in {one.name for one in exported_tables()}


def test_a_running_month_is_told_once_all_who_are_asked_have_answered_or_it_is_over(
    chef: Actor,
) -> None:
    other = actor_of(make_person("Biträdande socialchef", role=Role.RECEIVER, unit="SOC"))
    feel(5, chef)
    assert felt() == []
    assert felt(days=10) == [Felt("2026-11", 5, 0, 7)]
    feel(2, other)
    assert [one.felt for one in felt()] == [5, 2]
    feel(4, other, days=10)
    assert [one.felt for one in felt(days=10)] == [5, 2]


def test_nobody_tells_how_heavy_it_is_on_somebody_elses_unit(chef: Actor) -> None:
    with pytest.raises(NotPermitted):
        feel(3, chef, "BUF")
    with pytest.raises(NotPermitted):
        feel(3, CHAIR)
    assert felt() == []

"""What follows from the receiving chefs' answers: a warning, an advice, a better limit."""

from datetime import date
from itertools import product

import pytest

from portfolio.initiatives.rules.statuses import Status
from portfolio.initiatives.rules.triage import TriageClass
from portfolio.people.rules import Actor, Role
from portfolio.receivers.rules.chefs import may_feel, receivers_of, who_receive
from portfolio.receivers.rules.conditions import NAMES, QUESTIONS, Answer, Conditions, warning_of
from portfolio.receivers.rules.felt import Felt, Month, by_month, proposed_limit
from portfolio.receivers.rules.months import month_of, month_told
from portfolio.receivers.rules.readiness import ADVICE, ALL_IS_READY, STATEMENTS, Readiness, is_asked_for
from portfolio.units.rules import has_wide_spans, wide_spans_told

SOC, HEM, BUF = 1, 2, 3
PARENTS = {SOC: None, HEM: SOC, BUF: None}


def test_two_answers_of_no_warn_whoever_decides_and_fewer_do_not() -> None:  # S4-33, S4-36
    for answers in product(Answer, repeat=3):
        told = warning_of("Socialförvaltningen", Conditions(*answers))
        assert bool(told) == (answers.count(Answer.NO) >= 2)
    lacking = Conditions(Answer.NO, Answer.PARTLY, Answer.NO)
    assert warning_of("Socialförvaltningen", lacking) == (
        "Den mottagande chefen för Socialförvaltningen saknar ett tydligt uppdrag och ett rimligt antal direkt "
        "underställda."
    )
    assert list(QUESTIONS) == list(NAMES) == list(Conditions.__dataclass_fields__)


@pytest.mark.parametrize(("reports", "most", "wide"), [(25, 25, False), (26, 25, True), (26, 30, False)])
def test_more_direct_reports_than_the_municipality_aims_at_are_too_many(reports: int, most: int, wide: bool) -> None:
    assert has_wide_spans(reports, most) is wide  # S4-37
    assert has_wide_spans(None, most) is False
    assert wide_spans_told(25) == "Chefer med fler än 25 direkt underställda"


@pytest.mark.parametrize(
    ("scores", "weakest"),
    [
        ((4, 4, 3, 2, 1), "settled"),
        ((4, 3, 2, 2, 2), "how"),
        ((1, 1, 1, 1, 1), "why"),
        ((3, 2, 4, 4, 3), "will"),
        ((4, 4, 4, 3, 3), "can"),
    ],
)
def test_the_lowest_statement_decides_the_advice_and_of_several_the_first(
    scores: tuple[int, ...], weakest: str
) -> None:  # S2-09
    found = Readiness(*scores)
    assert (found.weakest, found.lowest) == (weakest, min(scores))
    assert found.advice == ADVICE[weakest]
    assert list(ADVICE) == list(STATEMENTS) == list(Readiness.__dataclass_fields__)


def test_where_everything_holds_the_advice_is_to_go_on() -> None:
    assert Readiness(4, 4, 4, 4, 4).advice == ALL_IS_READY


def test_only_what_is_complex_and_being_carried_out_is_asked_about() -> None:
    asked = {
        (triage, status, step)
        for triage, status, step in product([*TriageClass, None], Status, ("prepare", "implement", "reinforce", None))
        if is_asked_for(triage, status, step)
    }
    assert asked == {(TriageClass.COMPLEX, Status.ONGOING, "implement")}


def actor(person_id: int, role: Role, unit_id: int | None) -> Actor:
    return Actor(f"Funktion {person_id}", role, person_id, unit_id)


def test_a_unit_without_a_chef_of_its_own_is_received_by_the_one_above_and_never_by_the_chair() -> None:  # S4-35
    people = [
        actor(1, Role.CHAIR, SOC),
        actor(2, Role.MEMBER, SOC),
        actor(3, Role.READER, SOC),
        actor(4, Role.RECEIVER, HEM),
        actor(5, Role.OWNER, SOC),
        actor(6, Role.RECEIVER, None),
    ]
    receiving = who_receive(people)
    assert receiving == {SOC: (2, 5), HEM: (4,)}
    assert receivers_of(HEM, receiving, PARENTS) == (4,)
    assert receivers_of(HEM, {SOC: (2,)}, PARENTS) == (2,)
    assert receivers_of(BUF, receiving, PARENTS) == ()


def test_only_a_person_who_receives_at_the_very_unit_tells_how_heavy_it_is() -> None:
    assert may_feel(actor(2, Role.MEMBER, SOC), SOC)
    assert not may_feel(actor(2, Role.MEMBER, SOC), HEM)
    assert not may_feel(actor(3, Role.READER, SOC), SOC)
    assert not may_feel(Actor("Nyckel", Role.CHAIR, None, SOC), SOC)


def test_a_month_is_told_in_words() -> None:
    assert (month_of(date(2026, 11, 30)), month_told("2026-11")) == ("2026-11", "november 2026")


def test_a_month_is_told_by_the_middle_one_of_its_answers_the_newest_first() -> None:
    answers = [Felt("2026-10", 5, 6, 7), *(Felt("2026-11", felt, load, 8) for felt, load in [(2, 4), (3, 5), (5, 6)])]
    answers.append(Felt("2026-11", 4, 5, 6))
    assert by_month(answers) == [Month("2026-11", 3, 5, 6, 4), Month("2026-10", 5, 6, 7, 1)]


def answers(*felt_at: tuple[int, int]) -> list[Felt]:
    """Two answers for each (load, felt), in months of their own."""
    pairs = [pair for pair in felt_at for _ in range(2)]
    return [Felt(f"2026-{number:02d}", felt, load, 8) for number, (load, felt) in enumerate(pairs, start=1)]


LIGHT_THEN_HEAVY = answers((3, 2), (4, 3), (5, 3), (6, 4))


def test_a_load_within_the_limit_that_feels_heavy_speaks_for_the_highest_that_does_not() -> None:
    found = proposed_limit(LIGHT_THEN_HEAVY, 8)
    assert found is not None
    assert found.limit == 5
    assert (
        found.reason
        == "Redan vid belastningen 6 känns den tung (4\u00a0av\u00a05). Vid 5 känns den lagom (3\u00a0av\u00a05)."
    )
    assert proposed_limit(LIGHT_THEN_HEAVY, None) == found


@pytest.mark.parametrize(
    "told",
    [
        LIGHT_THEN_HEAVY[1:],  # seven answers
        answers((3, 2), (4, 3), (5, 3), (6, 3)),  # nothing is heavy, and nothing above the limit has been tried
        [*answers((3, 2), (4, 3), (5, 3)), Felt("2026-11", 5, 6, 8), Felt("2026-12", 5, 7, 8)],  # one bad day each
        answers((0, 5), (3, 2), (4, 3), (5, 3)),  # heavy without any change: no limit helps
        [],
    ],
)
def test_answers_that_are_few_or_fit_the_limit_speak_for_no_other(told: list[Felt]) -> None:
    assert proposed_limit(told, 8) is None


def test_a_limit_that_is_right_is_left_alone() -> None:
    assert proposed_limit(LIGHT_THEN_HEAVY, 5) is None


def test_a_load_above_the_limit_that_does_not_feel_heavy_speaks_for_a_higher_one() -> None:
    found = proposed_limit(answers((3, 2), (4, 2), (5, 3), (9, 3)), 8)
    assert found is not None
    assert found.limit == 9
    assert found.reason == "Också vid belastningen 9, över taket 8, känns den lagom (3\u00a0av\u00a05)."
    stopped = proposed_limit(answers((4, 2), (9, 3), (10, 4), (11, 2)), 8)
    assert stopped is not None
    assert stopped.limit == 9


def test_where_everything_feels_heavy_one_less_than_the_least_is_proposed() -> None:
    found = proposed_limit(answers((4, 5), (5, 4), (6, 5), (7, 5)), 8)
    assert found is not None
    assert found.limit == 3
    assert found.reason == (
        "Redan vid belastningen 4 känns den för tung (5\u00a0av\u00a05), och det finns inga svar om något lättare."
    )

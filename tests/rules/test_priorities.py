"""Priority: what an initiative is worth, a suggested order with its reasons, the spread of members' answers."""

from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.capacity.rules.burden import Burden, burden_of
from portfolio.initiatives.rules.order import moved_to
from portfolio.priorities.rules.assessment import (
    CRITERION_QUESTIONS,
    CRITERION_WORDS,
    GRADES,
    NOT_ASSESSED,
    Assessment,
    Criterion,
    changes_between,
)
from portfolio.priorities.rules.sentences import (
    answers_told,
    built_on_told,
    difference_told,
    duties_told,
    in_tkr,
    point_weeks,
    reason_told,
    spread_told,
)
from portfolio.priorities.rules.spread import (
    ANSWERS_NEEDED,
    CHANGES_NEEDED,
    Spread,
    is_drawn_anew,
    is_shown,
    places_in,
    spreads_of,
    widest_first,
)
from portfolio.priorities.rules.suggestion import Candidate, Ground, Suggested, suggested_order, to_be_moved

GRADE = st.none() | st.integers(1, 3)
ASSESSMENTS = st.builds(Assessment, GRADE, GRADE, GRADE, st.none() | st.integers(0, 9))
BURDENS = st.builds(Burden, st.integers(0, 40), st.integers(0, 1), st.booleans())


@st.composite
def portfolios(draw: st.DrawFn) -> list[Candidate]:
    """Open initiatives in the group's order."""
    found = draw(st.lists(st.tuples(st.booleans(), ASSESSMENTS, BURDENS), max_size=9))
    return [Candidate(f"FI-{rank:03d}", rank, *one) for rank, one in enumerate(found, start=1)]


def candidate(rank: int = 1, value: tuple[int, int, int] | None = (2, 2, 2), **more: object) -> Candidate:
    """One initiative that weighs 20 poängveckor, unless a test says otherwise."""
    known = NOT_ASSESSED if value is None else Assessment(*value)
    one = Candidate(f"FI-{rank:03d}", rank, False, known, Burden(20, 0, True))
    return replace(one, **more)  # type: ignore[arg-type]


def codes(order: list[Suggested]) -> list[str]:
    """The suggested order, in short."""
    return [one.candidate.code[-1] for one in order]


def reasons(*found: Candidate) -> list[str]:
    """The reason of each place of the suggestion."""
    return [reason_told(one).replace("\u00a0", " ") for one in suggested_order(found)]


@given(portfolios())
def test_the_suggestion_leaves_nobody_out_and_gives_each_one_place(found: list[Candidate]) -> None:
    order = suggested_order(found)
    assert sorted(one.candidate.code for one in order) == [one.code for one in found]
    assert [one.place for one in order] == list(range(1, len(found) + 1))


@given(portfolios(), st.randoms())
def test_the_suggestion_is_the_same_in_whatever_order_it_is_asked(found: list[Candidate], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert suggested_order(shuffled) == suggested_order(found)


@given(portfolios())
def test_legal_duties_come_first_and_what_nobody_has_assessed_last(found: list[Candidate]) -> None:
    order = [one.candidate for one in suggested_order(found)]
    duties = [one.legal_duty for one in order]
    assert duties == sorted(duties, reverse=True)
    others = [one.assessment.value is None for one in order if not one.legal_duty]
    assert others == sorted(others)


@given(portfolios())
def test_nothing_worth_less_and_nothing_heavier_at_the_same_worth_goes_before(found: list[Candidate]) -> None:
    order = [one.candidate for one in suggested_order(found)]
    for before, after in pairwise(order):
        if before.legal_duty != after.legal_duty or None in (before.assessment.value, after.assessment.value):
            continue
        assert before.assessment.value >= after.assessment.value  # type: ignore[operator]
        if before.assessment.value == after.assessment.value and after.burden.is_known:
            assert before.burden.is_known
            assert before.burden.points <= after.burden.points


def test_what_is_not_known_is_never_taken_for_light_or_cheap() -> None:
    unplanned = candidate(1, burden=Burden())
    unrated = candidate(2, burden=Burden(4, 2, True))
    heavy = candidate(3, burden=Burden(90, 0, True))
    assert codes(suggested_order([unplanned, unrated, heavy])) == ["3", "1", "2"]
    free = candidate(1, assessment=Assessment(2, 2, 2, None))
    dear = candidate(2, assessment=Assessment(2, 2, 2, 5_000_000))
    assert codes(suggested_order([free, dear])) == ["2", "1"]


def test_among_what_nobody_has_assessed_the_group_keeps_its_order() -> None:
    heavy, light = candidate(1, None, burden=Burden(90, 0, True)), candidate(2, None, burden=Burden(4, 0, True))
    assert codes(suggested_order([heavy, light, candidate(3, (1, 1, 1))])) == ["3", "1", "2"]


@given(portfolios())
def test_a_raised_grade_never_lowers_the_place(found: list[Candidate]) -> None:
    places = {one.candidate.code: one.place for one in suggested_order(found)}
    for at, one in enumerate(found):
        benefit = one.assessment.benefit
        if benefit in (1, 2):
            raised = replace(one, assessment=replace(one.assessment, benefit=benefit + 1))
            after = suggested_order([*found[:at], raised, *found[at + 1 :]])
            assert next(new.place for new in after if new.candidate.code == one.code) <= places[one.code]


@given(portfolios())
def test_every_place_has_its_reason_in_one_line_that_ends_as_a_sentence(found: list[Candidate]) -> None:
    for one in suggested_order(found):
        told = reason_told(one)
        assert told[0].isupper()
        assert told.endswith(".")
        assert "\n" not in told
        assert "None" not in told


def test_the_reason_says_what_the_place_rests_on() -> None:
    assert reasons(candidate(1, (3, 3, 3)), candidate(2, (1, 1, 1)), candidate(3, (2, 2, 2))) == [
        "Stor nytta, brådskar, lätt att genomföra.",
        "Måttlig nytta, bör göras snart, möjligt att genomföra.",
        "Liten nytta, kan vänta, svårt att genomföra.",
    ]


def test_the_reason_says_what_parts_two_that_are_worth_as_much() -> None:
    alike = "Måttlig nytta, bör göras snart, möjligt att genomföra. Lika mycket värt som FI-001"
    heavier, unknown = candidate(2, burden=Burden(21, 0, True)), candidate(2, burden=Burden())
    assert reasons(candidate(), heavier)[1] == f"{alike}, men tyngre."
    assert reasons(candidate(), unknown)[1] == f"{alike}, men hur tungt det är går inte att säga än."
    cheap = candidate(1, assessment=Assessment(2, 2, 2, 10))
    assert reasons(cheap, candidate(2, assessment=Assessment(2, 2, 2, 11)))[1] == f"{alike}, men dyrare."
    assert reasons(cheap, candidate(2))[1] == f"{alike}, men kostnaden är inte känd."
    assert reasons(candidate(1), candidate(2))[1] == f"{alike}: er ordning avgör."


def test_a_legal_duty_is_done_and_takes_room_all_the_same() -> None:
    told = reasons(candidate(1, legal_duty=True), candidate(2, None, legal_duty=True, burden=Burden()))
    assert told == [
        "Lagkrav: ska göras, och tar ändå 20 poängveckor.",
        "Lagkrav: ska göras. Hur mycket det tar är inte planerat än.",
    ]
    assert duties_told([Burden(20, 0, True), Burden(4, 0, True)], 96).replace("\u00a0", " ") == (
        "Lagkraven tar 24 av 96 poängveckor."
    )
    assert duties_told([], 96) == ""


def test_what_is_not_assessed_says_what_is_missing() -> None:
    half = candidate(2, assessment=Assessment(3, None, 2))
    assert reasons(candidate(1, None), half) == [
        "Inte bedömt än. Därför efter de bedömda.",
        "Inte färdigbedömt: angelägenhet saknas. Därför efter de bedömda.",
    ]


@pytest.mark.parametrize(
    ("rank", "place", "told"),
    [(7, 3, "plats 3, 4 högre"), (1, 3, "plats 3, 2 lägre"), (3, 3, "samma plats")],
)
def test_the_suggested_place_is_told_beside_the_groups_own(rank: int, place: int, told: str) -> None:
    assert difference_told(Suggested(candidate(rank), place, Ground.VALUE)).replace("\u00a0", " ") == told


def by_places(places: tuple[int, ...]) -> list[Suggested]:
    """Initiatives in the group's order, with the place that each is suggested to have."""
    return [Suggested(candidate(rank), place, Ground.VALUE) for rank, place in enumerate(places, start=1)]


def moved(order: list[Suggested], code: str, place: int) -> list[Suggested]:
    """The same after one move in the group's order."""
    by_rank = sorted(order, key=lambda one: one.candidate.rank)
    keys = moved_to(list(range(len(by_rank))), [one.candidate.code for one in by_rank].index(code), place)
    found = [by_rank[key] for key in keys]
    return [replace(one, candidate=replace(one.candidate, rank=at)) for at, one in enumerate(found, start=1)]


@pytest.mark.parametrize("places", list(permutations(range(1, 6))))
def test_following_the_suggestion_takes_exactly_as_many_moves_as_the_page_says(places: tuple[int, ...]) -> None:
    order = by_places(places)
    moves = to_be_moved(order)
    for left in range(len(moves), 0, -1):
        assert len(to_be_moved(order)) == left
        code, place = next(iter(to_be_moved(order).items()))
        order = moved(order, code, place)
    assert [one.place for one in order] == [1, 2, 3, 4, 5]
    assert to_be_moved(order) == {}


@pytest.mark.parametrize("places", list(permutations(range(1, 6))))
def test_whichever_of_the_moves_comes_first_one_fewer_is_left(places: tuple[int, ...]) -> None:
    order = by_places(places)
    moves = to_be_moved(order)
    for code, place in moves.items():
        assert len(to_be_moved(moved(order, code, place))) == len(moves) - 1


def test_one_that_should_be_first_is_one_move_and_the_others_only_make_way() -> None:
    assert to_be_moved(by_places((2, 3, 4, 5, 1))) == {"FI-005": 1}


def test_what_has_its_suggested_place_is_left_there_rather_than_another() -> None:
    assert to_be_moved(by_places((3, 2, 1))).keys() == {"FI-001", "FI-003"}


def test_no_smaller_number_of_moves_would_do() -> None:
    for places in permutations(range(1, 5)):
        order = by_places(places)
        needed = len(to_be_moved(order))
        if needed:
            tried = [moved(order, one.candidate.code, place) for one in order for place in range(1, 5)]
            assert min(len(to_be_moved(one)) for one in tried) == needed - 1


def test_a_plan_weighs_its_impacts_times_its_weeks_on_every_unit() -> None:
    assert burden_of([(4, 1), (4, 1), (10, 3), (10, 1)]) == Burden(48, 0, True)
    assert burden_of([(4, 1), (10, None)]) == Burden(4, 1, True)
    assert burden_of([]) == Burden()
    assert [
        point_weeks(one).replace("\u00a0", " ") for one in (Burden(1, 0, True), Burden(4, 1, True), Burden())
    ] == [
        "1 poängvecka",
        "minst 4 poängveckor",
        "",
    ]


def test_an_assessment_is_worth_nothing_until_all_of_it_is_there() -> None:
    assert Assessment(3, 3, 3).value == 27
    assert Assessment(3, 3).value is None
    assert changes_between(Assessment(3, 1), Assessment(3, 2, 1, 500)) == {
        "urgency": [1, 2],
        "feasibility": [None, 1],
        "cost": [None, 500],
    }


def test_every_grade_of_every_criterion_has_its_words() -> None:
    assert set(CRITERION_WORDS) == set(CRITERION_QUESTIONS) == set(GRADES) == set(Criterion)
    assert all(set(grades) == {1, 2, 3} for grades in GRADES.values())


# S4-40
def test_a_cost_is_told_in_thousands_to_the_last_krona() -> None:
    told = {None: "", 0: "0 tkr", 950: "0,95 tkr", 1_250_000: "1 250 tkr", 1_250_001: "1 250,001 tkr"}
    assert {amount: in_tkr(amount).replace("\u00a0", " ") for amount in told} == told


ORDERS = st.lists(st.permutations([1, 2, 3, 4, 5, 6]), max_size=14)


def answers_of(orders: list[list[int]]) -> list[dict[int, int]]:
    return [places_in(order, [1, 2, 3, 4, 5, 6]) for order in orders]


@given(ORDERS)
def test_nothing_is_told_of_fewer_than_five_answers(orders: list[list[int]]) -> None:
    assert bool(spreads_of(answers_of(orders))) == (len(orders) >= ANSWERS_NEEDED)


def test_a_proposal_that_too_few_have_placed_is_left_out_although_others_are_shown() -> None:
    answers = [{1: 1, 2: 2}] * 4 + [{1: 1}]
    assert set(spreads_of(answers)) == {1}


@given(ORDERS)
def test_the_picture_is_the_same_whoever_answered_what(orders: list[list[int]]) -> None:
    assert spreads_of(answers_of(orders)) == spreads_of(answers_of(orders[::-1]))


@given(st.lists(st.integers(1, 9), min_size=5, max_size=14))
def test_no_single_answer_at_an_end_is_ever_shown(places: list[int]) -> None:
    [spread] = spreads_of([{7: place} for place in places]).values()
    assert spread.low <= spread.middle <= spread.high
    assert sum(place <= spread.low for place in places) >= 2
    assert sum(place >= spread.high for place in places) >= 2
    inside = sum(spread.low <= place <= spread.high for place in places)
    assert inside * 2 >= len(places)


def test_one_who_differs_from_all_others_is_not_to_be_seen() -> None:
    assert spreads_of([{7: 1}] * 4 + [{7: 9}])[7].width == 0


@given(st.integers(0, 14), st.integers(0, 14), st.booleans())
def test_a_new_picture_is_never_drawn_of_few_answers_nor_for_few_changes(
    answers: int, changed: int, is_drawn: bool
) -> None:
    if is_drawn_anew(answers=answers, changed=changed, is_drawn=is_drawn):
        assert answers >= ANSWERS_NEEDED == 5
        assert not is_drawn or changed >= CHANGES_NEEDED > 2
    elif answers >= ANSWERS_NEEDED:
        assert is_drawn
        assert changed < CHANGES_NEEDED


def test_a_picture_is_put_away_while_too_few_answers_are_left() -> None:
    assert is_shown(answers=5, is_drawn=True)
    assert not is_shown(answers=4, is_drawn=True)
    assert not is_shown(answers=9, is_drawn=False)


@given(st.permutations([1, 2, 3, 4, 5, 6]), st.sets(st.integers(1, 9)))
def test_what_is_open_no_longer_leaves_no_gap_in_an_answer(order: list[int], still_open: set[int]) -> None:
    places = places_in(order, still_open)
    assert set(places) == still_open & set(order)
    assert sorted(places.values()) == list(range(1, len(places) + 1))
    assert list(places) == [key for key in order if key in still_open]


def test_the_widest_spread_comes_first_and_then_the_groups_order() -> None:
    spreads = {1: Spread(5, 2, 1, 3), 2: Spread(5, 3, 1, 6), 3: Spread(5, 2, 2, 4)}
    assert widest_first(spreads, {1: 9, 2: 5, 3: 4}) == [2, 3, 1]


def test_the_answers_are_told_in_plain_words() -> None:
    told = [
        answers_told(3, 10),
        answers_told(2, 4),
        built_on_told(8, 0),
        built_on_told(8, 2),
        spread_told(Spread(8, 3, 2, 6)),
        spread_told(Spread(8, 3, 3, 3)),
    ]
    assert [one.replace("\u00a0", " ") for one in told] == [
        "3 av 5 svar. Visas när fem har svarat.",
        "2 av 5 svar. Visas när fem har svarat. Bara fyra kan svara.",
        "Bygger på 8 svar, utan namn.",
        "Bygger på 8 svar, utan namn. 2 har svarat eller ändrat sig sedan dess. De räknas med när det är minst tre.",
        "I mitten plats 3. Minst hälften säger plats 2–6.",
        "Minst hälften säger plats 3.",
    ]

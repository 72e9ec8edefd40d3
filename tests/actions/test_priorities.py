"""Who may say what an initiative is worth, and what becomes of each member's own order of the proposals."""

import json
from collections.abc import Sequence

import pytest
from flask import Flask

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted, Stale
from portfolio.capacity.rules.burden import Burden
from portfolio.exchange.queries.leaving import exported_tables
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.statuses import OPEN, Status
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import newest_event, newest_seq
from portfolio.overview.checks import breached_invariants
from portfolio.people.actions.persons import deactivate
from portfolio.people.rules import Actor, Role
from portfolio.priorities import actions, queries
from portfolio.priorities.rules.assessment import NOT_ASSESSED, Assessment
from tests.cast import CAST, actor, look_again, person
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_standstill, make_unit

MEMBERS = [f"Förvaltningschef {number}" for number in range(1, 10)]


@pytest.fixture
def proposals(app: Flask) -> list[str]:
    """Three open proposals and nine members of the ledningsgrupp."""
    for function in MEMBERS:
        make_person(function, role=Role.MEMBER)
    return [make_initiative(title, status="proposed") for title in ("E-arkiv", "Kundcenter", "Praktik")]


def assess(code: str, by: Actor = CHAIR, version: int | None = None, **given: int | str | None) -> Assessment:
    """Assess an initiative; what is known of it afterwards."""
    with transaction():
        actions.assess(code, Assessment(**given), version=version, by=by, now=NOW)
    look_again()
    return queries.assessment_of(initiative_by_code(code).id)


def rank(member: int, codes: Sequence[str]) -> None:
    """One of the members orders the proposals."""
    with transaction():
        actions.rank(codes, by=actor_of(member), now=NOW)
    look_again()


def withdraw(member: int) -> None:
    with transaction():
        actions.withdraw(by=actor_of(member), now=NOW)
    look_again()


def actor_of(member: int) -> Actor:
    one = make_person(MEMBERS[member - 1], role=Role.MEMBER)
    return Actor(one.function, Role.MEMBER, one.id)


def drawn() -> dict[str, tuple[int, int, int, int]]:
    """The picture of all answers by the proposals' codes."""
    codes = {one.id: one.code for one in queries.open_proposals()}
    return {codes[key]: tuple(spread) for key, spread in queries.drawn_spreads(list(codes)).items()}


def number_of_answers() -> int:
    return len(list(queries.answers([one.id for one in queries.open_proposals()])))


def test_an_assessment_is_kept_with_its_event_and_is_a_new_version(app: Flask) -> None:
    code = make_initiative()
    before = initiative_by_code(code).version
    make_unit("KLF")
    costs = {"cost": 9_999_999_999, "yearly_cost": 200_000, "funded_by": "KLF"}
    assert assess(code, benefit=3, urgency=2, feasibility=1, **costs).value == 6
    assert initiative_by_code(code).version == before + 1
    event = newest_event()
    assert (event.type, event.subject) == ("initiative.assessed", f"initiative/{code}")
    assert json.loads(event.data)["changes"] == {
        "benefit": [None, 3],
        "urgency": [None, 2],
        "feasibility": [None, 1],
        "cost": [None, 9_999_999_999],
        "yearly_cost": [None, 200_000],
        "funded_by": [None, "KLF"],
    }


@pytest.mark.parametrize("costs", [{"cost": 1}, {"yearly_cost": 1}, {"cost": 1, "funded_by": "XYZ"}])
def test_whatever_costs_something_is_paid_by_somebody(app: Flask, costs: dict[str, int | str]) -> None:  # S4-40 S4-42
    code = make_initiative()
    with pytest.raises(Invalid) as refused:
        assess(code, **costs)
    assert list(refused.value.errors) == ["funded_by"]
    assert assess(code, benefit=3, cost=0).cost == 0


def test_an_assessment_that_changes_nothing_leaves_no_trace(app: Flask) -> None:
    code = make_initiative()
    assess(code, benefit=3)
    before = (newest_seq(), initiative_by_code(code).version)
    assess(code, benefit=3)
    assert (newest_seq(), initiative_by_code(code).version) == before


def test_an_assessment_can_be_taken_back(app: Flask) -> None:
    code = make_initiative()
    make_unit("KLF")
    assess(code, benefit=3, cost=500, funded_by="KLF")
    assert assess(code) == NOT_ASSESSED


@pytest.mark.parametrize("function", CAST)
def test_the_chair_the_coordinator_and_the_owner_assess_and_nobody_else(app: Flask, function: str) -> None:
    by = actor(function)
    code = make_initiative(owner="Kanslichef")
    if function in ("Kommundirektör", "Portföljkoordinator", "Kanslichef"):
        assert assess(code, by, benefit=2).benefit == 2
    else:
        with pytest.raises(NotPermitted):
            assess(code, by, benefit=2)


def test_who_proposed_it_assesses_it_too(app: Flask) -> None:
    by = actor("Enhetschef")
    code = make_initiative(owner="Kanslichef")
    with transaction():
        initiative_by_code(code).proposer_id = by.person_id
    assert assess(code, by, benefit=2).benefit == 2


@pytest.mark.parametrize("status", list(Status))
def test_only_what_is_open_is_assessed(app: Flask, status: Status) -> None:
    code = make_initiative(status=status)
    if status in OPEN:
        assert assess(code, benefit=1).benefit == 1
    else:
        with pytest.raises(NotAllowedNow):
            assess(code, benefit=1)


def test_two_who_assess_at_once_do_not_overwrite_each_other_unseen(app: Flask) -> None:
    code = make_initiative()
    read = initiative_by_code(code).version
    assess(code, version=read, benefit=3)
    with pytest.raises(Stale):
        assess(code, version=read, benefit=1)
    look_again()
    assert queries.assessment_of(initiative_by_code(code).id).benefit == 3


def test_a_plan_weighs_the_same_whatever_standstill_lies_in_its_way(app: Flask) -> None:
    make_unit("KLF")
    make_unit("SOC")
    make_initiative(weeks=10, impacts={"KLF": 2, "SOC": 1})
    make_standstill("2027-W03", "2027-W05")
    make_initiative(weeks=10, impacts={"KLF": 2, "SOC": None})
    make_initiative(phases=[])
    burdens = [one.candidate.burden for one in queries.ranked(NOW)]
    assert burdens == [Burden(30, 0, True), Burden(20, 1, True), Burden()]


def test_the_list_holds_what_is_open_in_the_groups_order(app: Flask) -> None:
    codes = [make_initiative(status=status) for status in Status]
    found = queries.ranked(NOW)
    assert [one.code for one in found] == [code for code, status in zip(codes, Status, strict=True) if status in OPEN]
    assert [one.candidate.rank for one in found] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("function", CAST)
def test_only_members_and_the_chair_order_the_proposals_for_themselves(proposals: list[str], function: str) -> None:
    by = actor(function)
    if function in ("Kommundirektör", "Socialchef"):
        with transaction():
            actions.rank(proposals, by=by, now=NOW)
        assert len(queries.own_order(person(function).id)) == 3
    else:
        with pytest.raises(NotPermitted), transaction():
            actions.rank(proposals, by=by, now=NOW)
        with pytest.raises(NotPermitted), transaction():
            actions.withdraw(by=by, now=NOW)


def test_a_token_has_no_opinion(proposals: list[str]) -> None:
    with pytest.raises(NotPermitted), transaction():
        actions.rank(proposals, by=Actor("Beslutsstödet", Role.CHAIR), now=NOW)


def test_nothing_that_is_told_says_who_ordered_or_how(proposals: list[str]) -> None:
    before = newest_seq()
    for member in range(1, 10):
        rank(member, proposals[::-1])
    withdraw(3)
    rows = current_session().query(EventRow).where(EventRow.seq > before).all()
    assert len(rows) == 10
    for row in rows:
        assert (row.type, row.subject, row.actor) == ("priorities.ranked", "priorities/proposals", "Ledningsgruppen")
        assert json.loads(row.data) == {}
        assert not any(word in row.text for word in (*MEMBERS, *proposals))


def test_what_each_answered_never_leaves_with_the_other_tables(app: Flask) -> None:
    leaving = {one.name for one in exported_tables()}
    assert "assessment" in leaving
    assert not leaving & {"own_ranking", "ranking_change"}


def test_an_answer_is_changed_as_often_as_one_likes_and_the_last_one_counts(proposals: list[str]) -> None:
    rank(1, proposals)
    rank(1, proposals[::-1])
    person_id = actor_of(1).person_id
    assert person_id is not None
    assert queries.own_order(person_id) == [initiative_by_code(code).id for code in proposals[::-1]]
    assert number_of_answers() == 1


def test_an_answer_given_once_more_changes_nothing_and_nobody_is_told(proposals: list[str]) -> None:
    rank(1, proposals)
    before = newest_seq()
    rank(1, proposals)
    assert newest_seq() == before


def test_nothing_is_drawn_before_the_fifth_answer(proposals: list[str]) -> None:
    for member in range(1, 5):
        rank(member, proposals)
        assert drawn() == {}
    rank(5, proposals[::-1])
    first, _, last = proposals
    assert drawn() == {first: (5, 1, 1, 1), proposals[1]: (5, 2, 2, 2), last: (5, 3, 3, 3)}


def test_one_more_answer_does_not_show_what_it_was(proposals: list[str]) -> None:
    for member in range(1, 6):
        rank(member, proposals)
    before = drawn()
    rank(6, proposals[::-1])
    rank(7, proposals[::-1])
    assert drawn() == before, "two more: the difference would tell one who answered what the other did"
    rank(8, proposals[::-1])
    assert drawn() != before
    assert {spread[0] for spread in drawn().values()} == {8}


def test_whoever_changes_back_and_forth_counts_as_one(proposals: list[str]) -> None:
    for member in range(1, 6):
        rank(member, proposals)
    before = drawn()
    for order in (proposals[::-1], proposals, proposals[::-1]):
        rank(1, order)
    assert drawn() == before
    assert queries.number_changed() == 1


def test_a_withdrawn_answer_is_gone_and_counts_as_a_change(proposals: list[str]) -> None:
    for member in range(1, 9):
        rank(member, proposals)
    withdraw(8)
    withdraw(8)
    assert number_of_answers() == 7
    before = drawn()
    withdraw(7)
    assert drawn() == before
    withdraw(6)
    assert {spread[0] for spread in drawn().values()} == {5}


def test_what_is_no_longer_a_proposal_is_ignored_at_once_and_cleaned_at_the_next_save(proposals: list[str]) -> None:
    for member in range(1, 6):
        rank(member, proposals)
    make_decision(proposals[0], "reject")
    look_again()
    assert set(drawn()) == set(proposals[1:])
    rank(1, [*proposals[::-1], "FI-999"])
    person_id = actor_of(1).person_id
    assert person_id is not None
    assert queries.own_order(person_id) == [initiative_by_code(code).id for code in proposals[:0:-1]]
    assert [sorted(answer.values()) for answer in queries.answers([one.id for one in queries.open_proposals()])] == [
        [1, 2]
    ] * 5


def test_an_answer_about_nothing_that_is_open_is_refused(proposals: list[str]) -> None:
    for codes in ([], ["FI-999"]):
        with pytest.raises(Invalid), transaction():
            actions.rank(codes, by=actor_of(1), now=NOW)


def test_who_is_no_longer_a_member_is_not_counted(proposals: list[str]) -> None:
    for member in range(1, 6):
        rank(member, proposals)
    one = make_person(MEMBERS[0], role=Role.MEMBER)
    with transaction():
        deactivate(one.id, by=CHAIR, now=NOW)
    look_again()
    assert number_of_answers() == 4
    assert queries.number_asked() == 8


def test_the_data_holds_together_after_all_of_it(proposals: list[str]) -> None:
    for member in range(1, 7):
        rank(member, proposals)
    assess(proposals[0], benefit=1, urgency=1, feasibility=1)
    assert list(breached_invariants(NOW)) == []

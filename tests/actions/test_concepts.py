"""Write a concept of what was carried through, use it, and find what is like something: on both databases."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted, Stale
from portfolio.concepts import actions, queries
from portfolio.concepts.actions import Words
from portfolio.concepts.models import OriginRow
from portfolio.concepts.rules.likeness import Told, words_of
from portfolio.concepts.rules.reuse import Source
from portfolio.concepts.rules.strength import Effort
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import DECIDED_UPON
from portfolio.initiatives.rules.ending import Lesson
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.queries import actor_of
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_unit
from tests.questions import questions

COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR)
WORDS = Words(title="Diplomering", problem="Bemötandet beror på vem man träffar.", steps="Välj\nPröva")
STEPS = [Effort("prepare", 4, 1, 0), Effort("implement", 16, 1, 2)]


@pytest.fixture(autouse=True)
def municipality(app: Flask) -> None:
    """The owner's unit, and one that receives."""
    make_unit("KAN", limit=8)
    make_unit("SOC", limit=8)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+01:00")


def write(code: str | None = None, by: Actor = COORDINATOR, words: Words = WORDS, **told: Any) -> int:
    with transaction():
        return actions.create_concept(words, told.get("efforts", STEPS), code=code, by=by, now=NOW).id


def change(concept_id: int, words: Words, *, version: int | None = None, by: Actor = COORDINATOR) -> None:
    with transaction():
        actions.edit_concept(concept_id, words, STEPS, version=version, by=by, now=NOW)


def use(concept_id: int, title: str = "Diplomering av hamnen") -> str:
    with transaction():
        return actions.use_concept(concept_id, {"title": title}, by=CHAIR, now=NOW).code


def finished(title: str = "Diplomering", **more: Any) -> str:
    return make_initiative(title, status="follow_up", start="2026-W02", impacts={"KAN": 1, "SOC": 2}, **more)


def found(text: str, seen: tuple[str, ...] = tuple(Status)) -> list[str]:
    return [one.code or one.title for one in queries.like(Told(words_of(text)), seen)]


# S1-16, S2-13
def test_the_owner_of_what_was_carried_through_makes_a_concept_of_it() -> None:
    code = finished()
    owner = actor_of(make_person("Kanslichef"))
    concept_id = write(code, by=owner)
    row = queries.concept_row(concept_id)
    assert (row.title, row.source, queries.efforts_in(row.efforts)) == ("Diplomering", "own", tuple(STEPS))
    assert [one.id for one in queries.concepts_of(stored.initiative(code).id)] == [concept_id]
    assert stored.told(f"concept/{concept_id}") == ["concept.created"]


def test_nobody_makes_a_concept_of_what_is_not_theirs_or_not_finished() -> None:
    code, ongoing = finished(), make_initiative("Bilpool", status="ongoing", impacts={"SOC": 1})
    for by in (actor_of(make_person("Skolchef", role=Role.MEMBER)), Actor("Revisor", Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            write(code, by=by)
        with pytest.raises(NotPermitted):
            write(by=by)
    with pytest.raises(NotAllowedNow):
        write(ongoing)


# S3-11
def test_a_concept_of_others_says_whose_it_is_and_one_of_our_own_does_not() -> None:
    with pytest.raises(Invalid) as told:
        write(words=Words(title="A", problem="B", steps="C", source=Source.INDUSTRY))
    assert told.value.errors == {"source_name": [actions.WHOSE]}
    theirs = Words(title="A", problem="B", steps="C", source=Source.MUNICIPALITY, source_name="Skellefteå kommun")
    concept_id = write(words=theirs)
    assert queries.concept_row(concept_id).source_name == "Skellefteå kommun"
    change(concept_id, Words(title="A", problem="B", steps="C", source_name="Skellefteå kommun"))
    current_session().rollback()
    assert queries.concept_row(concept_id).source_name == ""


def test_the_coordinator_changes_a_concept_and_whoever_read_an_older_one_is_told() -> None:
    concept_id = write()
    change(concept_id, WORDS, version=1)
    assert stored.told(f"concept/{concept_id}") == ["concept.created"]  # what says the same is not written
    change(concept_id, Words(title="Diplom", problem="B", steps="C"), version=1)
    assert stored.told(f"concept/{concept_id}") == ["concept.created", "concept.edited"]
    with pytest.raises(Stale):
        change(concept_id, WORDS, version=1)
    with pytest.raises(NotPermitted):
        change(concept_id, WORDS, by=actor_of(make_person("Kanslichef")))
    with transaction():
        actions.edit_concept(concept_id, WORDS, STEPS[1:], version=2, by=CHAIR, now=NOW)
    current_session().rollback()
    assert queries.efforts_in(queries.concept_row(concept_id).efforts) == tuple(STEPS[1:])


# S1-16
def test_the_strength_is_what_it_took_in_the_end_with_its_pause_and_its_delay() -> None:
    make_person("Kanslichef", unit="KAN")
    code = make_initiative(
        "E-arkiv", status="in_preparation", weeks=6, start="2027-W02", impacts={"KAN": 1, "SOC": 2}
    )
    make_decision(code, "start", start_week="2027-W02")
    make_decision(code, "pause", now=at("2027-01-25"))  # v. 4, after two weeks
    make_decision(code, "resume", start_week="2027-W10", now=at("2027-03-01"))
    make_decision(code, "complete", now=at("2027-04-19"))  # v. 16: seven weeks for the four that were left
    assert queries.effort_taken(stored.initiative(code)) == (Effort("implement", 9, leading=1, receiving=2),)


def test_what_came_finished_from_a_list_took_what_its_plan_says() -> None:
    assert [one.weeks for one in queries.course_taken(stored.initiative(finished(weeks=7)))] == [7]


# S1-16, S2-19
def test_a_proposal_that_is_filled_in_from_a_concept_keeps_the_link_and_is_counted() -> None:
    concept_id = write()
    assert queries.reuses() == {}
    first, second = use(concept_id), use(concept_id, "Diplomering av räddningstjänsten")
    origin = queries.origin_of(stored.initiative(first).id)
    assert origin is not None
    assert origin.concept_id == concept_id
    assert stored.told(first) == ["initiative.proposed", "initiative.concept_reused"]
    assert [one.code for one in queries.filled_from(concept_id)] == [second, first]
    assert queries.reuses() == {concept_id: 2}
    make_decision(second, "reject")
    current_session().rollback()
    assert queries.reuses() == {concept_id: 1}
    with pytest.raises(NotFound):
        use(999)
    assert broken(NOW) == []


def test_what_came_of_a_re_use_is_told_by_the_decision_that_ended_it() -> None:
    code = make_initiative("Bilpool", status="ongoing", start="2026-W40", impacts={"SOC": 1})
    ended = make_decision(code, "complete", reason="12 av 20 bilar är sålda")
    one = stored.initiative(code).id
    assert queries.results_of([one]) == {one: "12 av 20 bilar är sålda"}
    assert ended.decision.undone_at is None
    make_decision(code, "close", reason="20 av 20 bilar är sålda")
    current_session().rollback()
    assert queries.results_of([one]) == {one: "20 av 20 bilar är sålda"}


# S2-07
def test_an_initiative_that_spreads_a_pilot_keeps_the_link_and_what_has_not_begun_is_no_pilot() -> None:
    pilot = make_initiative("Meröppet", status="ongoing", start="2026-W40", impacts={"SOC": 1})
    with transaction():
        code = actions.spread_pilot(pilot, {"title": "Meröppet överallt"}, by=CHAIR, now=NOW).code
    assert [one.code for one in queries.spread_from(stored.initiative(pilot).id)] == [code]
    assert stored.told(code) == ["initiative.proposed", "initiative.pilot_spread"]
    with pytest.raises(NotAllowedNow), transaction():
        actions.spread_pilot(code, {"title": "Vidare"}, by=CHAIR, now=NOW)


def test_an_initiative_comes_from_one_thing_and_the_link_goes_with_what_it_links() -> None:
    concept_id, code = write(), finished()
    one = stored.initiative(code).id
    with pytest.raises(IntegrityError), transaction():
        current_session().add(OriginRow(initiative_id=one, concept_id=concept_id, pilot_id=one))
    of_it, used = write(code), use(concept_id)
    with transaction():
        current_session().execute(delete(Initiative).where(Initiative.code.in_([code, used])))
    assert current_session().scalars(select(OriginRow)).all() == []
    assert queries.concept_row(of_it).initiative_id is None


# S1-21
def test_concepts_and_initiatives_are_found_together_and_only_those_that_one_may_read() -> None:
    write(words=Words(title="Diplomering av arbetsplats", problem="B", steps="C"))
    code = make_initiative("Diplomering av hamnen", status="proposed", impacts={"SOC": 1})
    make_initiative("Bygglov på en dag", status="ongoing", impacts={"SOC": 1})
    assert found("Hbtq-diplomering av skolan") == ["Diplomering av arbetsplats", code]
    assert found("Hbtq-diplomering av skolan", DECIDED_UPON) == ["Diplomering av arbetsplats"]
    assert found("Och att") == []


def test_it_takes_four_questions_to_find_what_is_alike_however_much_there_is() -> None:
    for number in range(6):
        make_initiative(f"Diplomering {number}", status="proposed", impacts={"SOC": 1})
    current_session().rollback()
    with questions() as asked:
        assert len(found("Diplomering")) == 3
    assert len([one for one in asked if one.looks]) == 4


# S3-01, S3-10
def test_lessons_are_searched_by_their_words_and_value_and_found_beside_what_is_like_it() -> None:
    code = make_initiative("Gemensam bilpool", status="ongoing", start="2026-W40", impacts={"SOC": 1})
    lesson = Lesson("Bokningen måste vara lika enkel som den egna bilen.", "innovation", True, "Gäller all bokning.")
    make_decision(code, "cancel", lesson=lesson)
    again = make_initiative("Ny bilpool för hemtjänsten", impacts={"SOC": 1})
    current_session().rollback()
    assert [one.code for one in queries.lessons("BOKNINGEN maste")] == [code]
    assert [one.code for one in queries.lessons("bilpool", "innovation")] == [code]
    assert queries.lessons("bilpool", "trust") == queries.lessons("cykel") == []
    like = queries.lessons_like(stored.initiative(again), tuple(Status))
    assert [(one.code, one.lesson.text[:9]) for one in like] == [(code, "Bokningen")]
    assert queries.lessons_like(stored.initiative(code), tuple(Status)) == []

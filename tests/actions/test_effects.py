"""What an initiative is to change, what came of it, and what is left behind when it is over."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted, NotReady, Stale
from portfolio.effects import actions, queries
from portfolio.effects.rules.following import Answer, Given
from portfolio.effects.rules.goals import MOST_GOALS, EffectGoal
from portfolio.effects.rules.measuring import MOST_VALUES, TOO_MANY, TOO_MANY_VALUES, Indicator, Measured
from portfolio.initiatives.decisions.taking import Outcome
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import HandoverRow, LessonRow
from portfolio.initiatives.rules.ending import Handover, Lesson
from portfolio.people.queries import actor_of
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_unit

pytestmark = pytest.mark.usefixtures("app")

LESSON = Lesson("Fråga personalen först.", tag="trust", useful=True, use="Alla som inför ett nytt system.")


def running() -> str:
    make_unit("KOF", limit=8)
    return make_initiative("Meröppna bibliotek", status="ongoing", start="2026-W46", impacts={"KOF": 1})


def rows(model: type[LessonRow] | type[HandoverRow]) -> list[dict[str, object]]:
    """Everything that is stored of one kind, without what numbers it."""
    current_session().rollback()
    left_out = ("id", "initiative_id", "decision_id", "unit_id", "created_at")
    found = current_session().query(model).all()
    return [
        {key: value for key, value in vars(row).items() if key[0] != "_" and key not in left_out} for row in found
    ]


def test_a_completion_leaves_a_lesson_and_somebody_who_takes_over_and_an_undo_takes_both_back() -> None:
    code = running()  # S2-18 S3-01 S0-10
    taken = Handover(ends=False, unit="KOF", function="Bibliotekschef", on=date(2027, 2, 1))
    done = make_decision(code, "complete", reason="Fler lånar.", lesson=LESSON, handover=taken)
    assert rows(LessonRow) == [{"text": LESSON.text, "tag": "trust", "useful": True, "use": LESSON.use}]
    assert rows(HandoverRow) == [{"ends": False, "function": "Bibliotekschef", "on_day": date(2027, 2, 1)}]
    with transaction():
        undo(done.decision.id, by=CHAIR, now=NOW + timedelta(seconds=10))
    assert (rows(LessonRow), rows(HandoverRow)) == ([], [])
    make_decision(code, "complete", lesson=LESSON, handover=Handover(ends=True, unit="KOF", function="Ingen"))
    assert rows(HandoverRow) == [{"ends": True, "function": "", "on_day": None}]


@pytest.mark.parametrize("kind", ["complete", "cancel"])
def test_where_no_lesson_is_sent_the_reason_is_kept_as_the_lesson(kind: str) -> None:  # S3-01 S3-16
    make_decision(running(), kind, reason="Det fanns inget behov.")
    assert rows(LessonRow) == [{"text": "Det fanns inget behov.", "tag": None, "useful": None, "use": ""}]
    assert rows(HandoverRow) == []


def test_a_closing_that_is_not_whole_says_so_at_every_box_and_changes_nothing() -> None:
    code = running()
    somewhere = Handover(ends=False, unit="XYZ", function="Chef", on=date(2027, 2, 1))
    with pytest.raises(Invalid) as refused:
        make_decision(code, "complete", reason="", lesson=Lesson(""), handover=somewhere)
    assert set(refused.value.errors) == {"reason", "lesson.text", "handover.unit"}
    assert refused.value.errors["reason"] == ["Skriv vad effekten blev hittills."]
    assert stored.status(code) == "ongoing"


# --- Effektmål

GOAL = EffectGoal(
    "Fler lånar", "den som arbetar dagtid", "38 timmar", "91 timmar", date(2027, 3, 31), "passersystemet"
)


def owner() -> Actor:
    return actor_of(make_person("Kanslichef"))


def write(code: str, goal: EffectGoal = GOAL, by: Actor = CHAIR, **which: Any) -> int:
    with transaction():
        return actions.write_goal(code, goal, by=by, now=NOW, **which)


def index(
    code: str,
    goal_id: int,
    name: str = "Besök",
    *,
    indicator_id: int | None = None,
    version: int | None = None,
    **said: Any,
) -> int:
    given, which = Indicator(name, **said), {"indicator_id": indicator_id, "version": version}
    with transaction():
        return actions.write_indicator(code, goal_id, given, **which, by=CHAIR, now=NOW)


def measure(code: str, indicator_id: int, **days: float) -> None:
    values = [Measured(date.fromisoformat(day[1:].replace("_", "-")), value) for day, value in days.items()]
    with transaction():
        actions.measure(code, indicator_id, values, by=CHAIR, now=NOW)


def proposal() -> str:
    make_unit("KOF", limit=8)
    return make_initiative("Meröppna bibliotek", impacts={"KOF": 1})


def test_an_unready_effektmal_takes_a_written_reason_to_start_and_none_is_as_before() -> None:  # S4-09
    code = proposal()
    goal_id = write(code, EffectGoal("Fler lånar"), by=owner())
    with pytest.raises(NotReady) as refused:
        make_decision(code, "start", start_week="2027-W02")
    assert refused.value.missing == ["ready_effects"]
    write(code, replace(GOAL, hours=40, unit="KOF"), goal_id=goal_id, by=owner())
    assert make_decision(code, "start", start_week="2027-W02").initiative.status == "decided"
    assert stored.told(code)[-3:] == ["initiative.effect_goal_written"] * 2 + ["initiative.started"]
    with transaction():
        actions.remove_goal(code, goal_id, by=CHAIR, now=NOW)
    assert queries.goals_of(stored.initiative(code).id) == {}


def test_only_those_who_may_write_of_an_initiative_write_its_effektmal_and_not_once_it_is_over() -> None:
    code = running()
    with pytest.raises(NotPermitted):
        write(code, by=Actor("Socialchef", Role.MEMBER, person_id=99))
    with pytest.raises(Invalid) as refused:
        write(code, EffectGoal("", hours=3))
    assert refused.value.errors.keys() == {"change", "unit"}
    with pytest.raises(Invalid) as refused:
        write(code, replace(GOAL, unit="XYZ"))
    assert refused.value.errors == {"unit": ["Välj en enhet i listan."]}
    with pytest.raises(Stale):
        write(code, version=99)
    goal_id = write(code)
    with pytest.raises(NotFound):
        write(make_initiative("Ett annat"), goal_id=goal_id)
    make_decision(code, "complete")
    with pytest.raises(NotAllowedNow):
        write(code, replace(GOAL, target="40 timmar"), goal_id=goal_id)


def test_an_initiative_has_at_most_five_effektmal_and_each_can_still_be_written_anew() -> None:
    code = running()
    goals = [write(code, replace(GOAL, change=f"Fler lånar, del {number}")) for number in range(MOST_GOALS)]
    with pytest.raises(Invalid) as refused:
        write(code, replace(GOAL, change="En till"))
    assert refused.value.errors == {"_form": ["Ett initiativ har högst 5 effektmål."]}
    assert write(code, replace(GOAL, change="Ännu fler lånar"), goal_id=goals[-1]) == goals[-1]
    assert list(queries.goals_of(stored.initiative(code).id)) == goals


def test_an_effektmal_has_three_nyckeltal_and_never_a_fourth() -> None:  # S4-08
    code = running()
    goal_id = write(code)
    first, second, _ = (index(code, goal_id, name) for name in ("Besök", "Lån", "Nöjdhet"))
    with pytest.raises(Invalid) as refused:
        index(code, goal_id, "Kostnad")
    assert refused.value.errors == {"_form": [TOO_MANY]}
    with transaction():
        actions.remove_indicator(code, second, by=CHAIR, now=NOW)
    fourth = index(code, goal_id, "Kostnad", target=12.5, forecast="misses")  # S2-05
    found = queries.indicators_of([goal_id])[goal_id]
    assert [(one.id, one.indicator.name, one.indicator.forecast) for one in found][:2] == [
        (first, "Besök", "too_early"),
        (fourth, "Kostnad", "misses"),
    ]


def test_a_nyckeltal_that_somebody_else_has_taken_away_is_not_found() -> None:
    code = running()
    goal_id = write(code)
    key = index(code, goal_id)
    with transaction():
        actions.remove_indicator(code, key, by=CHAIR, now=NOW)
    with pytest.raises(NotFound):
        index(code, goal_id, "Lån", indicator_id=key)


def test_a_nyckeltal_that_somebody_else_has_changed_meanwhile_is_not_overwritten() -> None:
    code = running()
    goal_id = write(code)
    key = index(code, goal_id)
    read_in = stored.initiative(code).version
    index(code, goal_id, "Lån", indicator_id=key, version=read_in)
    with pytest.raises(Stale):
        index(code, goal_id, "Nöjdhet", indicator_id=key, version=read_in)
    assert queries.followed(stored.initiative(code), key).indicator.name == "Lån"


def test_a_day_that_is_measured_again_has_the_newer_value_and_nothing_is_measured_ahead() -> None:
    code = running()
    key = index(code, write(code))
    measure(code, key, d2026_10_31=9, d2026_11_15=14.5)
    measure(code, key, d2026_10_31=9.5)
    found = queries.followed(stored.initiative(code), key)
    assert found.values == [(date(2026, 10, 31), 9.5), (date(2026, 11, 15), 14.5)]
    assert found.outcome == (date(2026, 11, 15), 14.5)
    with pytest.raises(Invalid):
        measure(code, key, d2027_01_01=20)
    with pytest.raises(Invalid):
        measure(code, key)


def test_a_nyckeltal_keeps_as_many_values_as_anybody_reads_and_others_are_told_of_its_latest() -> None:
    code = running()
    goal_id = write(code)
    key = index(code, goal_id)
    days = [NOW.date() - timedelta(days=number) for number in range(MOST_VALUES + 1)]

    def keep(*few: date) -> None:
        with transaction():
            actions.measure(code, key, [Measured(day, 1) for day in few], by=CHAIR, now=NOW)

    keep(*days[1:])
    with pytest.raises(Invalid) as refused:
        keep(days[0])
    assert refused.value.errors == {"pasted": [TOO_MANY_VALUES]}
    keep(*days[1:])
    assert len(queries.followed(stored.initiative(code), key).values) == MOST_VALUES
    [told] = queries.indicators_of([goal_id])[goal_id]
    assert told.values == [(days[1], 1)]


# --- What came of it

MONTHS_LATER = NOW + timedelta(days=100)
A_YEAR_LATER = NOW + timedelta(days=370)


def follow(code: str, now: datetime, *answers: str, lesson: Lesson | None = None) -> Outcome | None:
    goals = queries.asked_about(queries.goals_of(stored.initiative(code).id))
    given = {one: Given(Answer(answer), "Så här blev det.") for one, answer in zip(goals, answers, strict=False)}
    with transaction():
        return actions.follow_up(code, given, lesson, by=owner(), now=now)


def completed() -> str:
    code = running()
    write(code)
    write(code, replace(GOAL, change="Biblioteken är trygga"))
    make_decision(code, "complete", reason="Fler lånar.", now=NOW)
    return code


def test_the_last_answer_closes_the_initiative_with_a_decision_by_whoever_answered() -> None:
    code = completed()
    assert follow(code, MONTHS_LATER, "too_early", "partly") is None
    key = stored.initiative(code).id
    assert queries.settled_occasions([key]) == {key: frozenset({3})}
    assert stored.status(code) == "follow_up"
    with pytest.raises(Invalid) as refused:
        follow(code, MONTHS_LATER, "reached", "reached")
    assert refused.value.errors == {"_form": [actions.NOT_YET]}
    assert follow(code, A_YEAR_LATER, "too_early", "partly") is None
    closed = follow(code, A_YEAR_LATER, "reached", "partly", lesson=LESSON)
    assert closed is not None
    assert (closed.decision.kind, closed.decision.decision_maker) == ("close", "Kanslichef")
    assert closed.decision.reason.startswith("Fler lånar: nått. Så här blev det. Biblioteken är trygga: delvis nått.")
    assert stored.status(code) == "closed"
    assert stored.told(code)[-2:] == ["initiative.effect_answered", "initiative.closed"]
    assert len(rows(LessonRow)) == 1  # not everything was reached: nobody is told to do the same
    assert [one.answer for one in queries.reaches()] == ["reached", "partly"]


def test_what_was_reached_altogether_is_kept_for_others() -> None:  # S1-15
    code = completed()
    follow(code, A_YEAR_LATER, "reached", "reached", lesson=LESSON)
    assert rows(LessonRow)[1] == {"text": LESSON.text, "tag": "trust", "useful": True, "use": LESSON.use}


def test_an_initiative_without_effektmal_is_asked_about_as_a_whole() -> None:
    code = running()
    make_decision(code, "complete")
    with pytest.raises(Invalid) as refused:
        follow(code, MONTHS_LATER)
    assert refused.value.errors == {"answer.0": ["Välj ett svar."]}
    follow(code, MONTHS_LATER, "not")
    key = stored.initiative(code).id
    assert queries.settled_occasions([key]) == {key: frozenset({3})}
    assert follow(code, A_YEAR_LATER, "not") is not None
    assert stored.status(code) == "closed"


def test_only_those_who_follow_an_initiative_answer_for_its_effect_and_only_while_it_is_followed_up() -> None:
    code = running()
    with pytest.raises(NotAllowedNow):
        follow(code, NOW, "reached")
    make_decision(code, "complete")
    with pytest.raises(NotPermitted), transaction():
        actions.follow_up(code, {}, by=Actor("Socialchef", Role.MEMBER, person_id=99), now=MONTHS_LATER)

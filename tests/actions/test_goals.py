"""Writing the styrkort, and what initiatives aim at: on both databases, and nothing that was said is lost."""

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotPermitted, Stale
from portfolio.goals.actions import Words, add_goal, edit_goal
from portfolio.initiatives.actions import editing
from portfolio.initiatives.queries.aims import aim_names_of, aims_of
from portfolio.initiatives.queries.filters import NO_GOAL, Filter, initiatives_in
from portfolio.outbox.models import EventRow
from portfolio.people.rules import Actor, Role
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import AimNames, GoalKind
from tests.actions import stored
from tests.invariants import broken
from tests.make import ADMINISTRATOR, CHAIR, NOW, make_decision, make_goal, make_initiative, make_unit

pytestmark = pytest.mark.usefixtures("app")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+01:00")


def change(
    goal_id: int,
    name: str,
    *,
    first_year: int = 2026,
    last_year: int | None = None,
    units: tuple[str, ...] = (),
    version: int | None = None,
    by: Actor = ADMINISTRATOR,
    now: datetime = NOW,
) -> None:
    words = Words(name=name, first_year=first_year)
    with transaction():
        edit_goal(goal_id, words, last_year=last_year, unit_codes=units, version=version, by=by, now=now)


def edit(code: str, now: datetime = NOW, **fields: Any) -> None:
    with transaction():
        editing.edit(code, fields, version=None, by=CHAIR, now=now)


def aims(code: str, now: datetime = NOW) -> AimNames:
    one = stored.initiative(code)
    return aim_names_of([one], scorecard(), now)[one.id]


def last_event(subject: str) -> dict[str, Any]:
    wanted = select(EventRow).where(EventRow.subject == subject).order_by(EventRow.seq.desc()).limit(1)
    row = current_session().scalars(wanted).one()
    return {"type": row.type, **json.loads(row.data)}


# S4-04
def test_only_the_administrator_writes_the_styrkort() -> None:
    goal_id = make_goal()
    for role in set(Role) - {Role.ADMIN}:
        by = Actor("Någon", role)
        with pytest.raises(NotPermitted):
            change(goal_id, "Annat", by=by)
        with pytest.raises(NotPermitted), transaction():
            add_goal(GoalKind.PROGRAMME, Words(name="Nytt", first_year=2026), by=by, now=NOW)


# S4-03
def test_what_is_closed_keeps_the_words_that_its_goal_had() -> None:
    goal_id = make_goal("Nöjda brukare")
    make_unit("KLF")
    closed = make_initiative(status="ongoing", start="2026-W40", impacts={"KLF": 1}, goal_area="Nöjda brukare")
    still_open = make_initiative("Ny växel", goal_area="Nöjda brukare")
    make_decision(closed, "complete", now=at("2026-11-24"))
    change(goal_id, "God service", first_year=2027, now=at("2026-11-25"))
    assert [aims(code, at("2026-12-01")).area for code in (closed, still_open)] == ["Nöjda brukare", "Nöjda brukare"]
    assert [aims(code, at("2027-01-08")).area for code in (closed, still_open)] == ["Nöjda brukare", "God service"]
    assert last_event(f"goal/{goal_id}") == {
        "type": "goal.reworded",
        "goal": goal_id,
        "first_year": 2027,
        "changes": {"name": ["Nöjda brukare", "God service"]},
    }
    assert broken(at("2027-01-08")) == []


def test_a_decision_that_is_taken_back_gives_the_words_of_today_again() -> None:
    goal_id, code = make_goal("Nöjda brukare"), make_initiative(goal_area="Nöjda brukare", status="proposed")
    make_decision(code, "reject", now=at("2026-11-24"))
    change(goal_id, "God service", now=at("2026-11-25"))
    assert aims(code, at("2026-11-26")).area == "Nöjda brukare"
    make_decision(code, "prepare", now=at("2026-11-27"))
    assert aims(code, at("2026-11-28")).area == "God service"


def test_words_that_are_saved_as_they_are_change_nothing() -> None:
    goal_id = make_goal()
    change(goal_id, "God service")
    assert stored.told(f"goal/{goal_id}") == ["goal.added"]
    assert len(scorecard().goals[goal_id].wordings) == 1


def test_two_who_change_the_same_goal_are_told() -> None:
    goal_id = make_goal()
    change(goal_id, "Bättre service", version=1)
    with pytest.raises(Stale):
        change(goal_id, "Bästa service", version=1)


# S4-10
def test_an_ended_goal_is_kept_and_cannot_be_chosen() -> None:
    goal_id, code = make_goal(), make_initiative(goal_area="God service")
    change(goal_id, "God service", last_year=2026)
    year_after = at("2027-01-08")
    assert aims(code, year_after).area == "God service"
    other = make_initiative("Ny växel")
    edit(other, goal_area="God service", now=year_after)
    assert aims_of([stored.initiative(other)])[2].areas == ()
    assert last_event(f"goal/{goal_id}") == {"type": "goal.ended", "goal": goal_id, "last_year": 2026}


# S4-11
def test_units_answer_for_a_goal() -> None:
    make_unit("KLF")
    goal_id = make_goal()
    change(goal_id, "God service", units=("KLF",))
    assert len(scorecard().goals[goal_id].unit_ids) == 1
    assert last_event(f"goal/{goal_id}") == {"type": "goal.assigned", "goal": goal_id, "units": ["KLF"]}
    with pytest.raises(Invalid) as refused:
        change(goal_id, "God service", units=("XYZ",))
    assert list(refused.value.errors) == ["units"]


# S2-02
def test_a_goal_that_would_be_wrong_is_refused_at_its_field() -> None:
    make_goal("Rum för möten", GoalKind.PROGRAMME)
    make_goal("Ett rikt liv", GoalKind.VISION)
    wrong: tuple[tuple[GoalKind, dict[str, Any], str], ...] = (
        (GoalKind.PROGRAMME, {"name": "rum för  MÖTEN"}, "name"),
        (GoalKind.PROGRAMME, {"name": "Nytt", "factors": ("Ett", "Två", "Tre", "Fyra")}, "factors"),
        (GoalKind.OVERALL, {"name": "Fler jobb"}, "source"),
        (GoalKind.AREA, {"name": "Utan inriktning"}, "parent"),
        (GoalKind.VISION, {"name": "En till"}, "_form"),
    )
    for kind, said, field in wrong:
        with pytest.raises(Invalid) as refused, transaction():
            add_goal(kind, Words(first_year=2026, **said), by=ADMINISTRATOR, now=NOW)
        assert field in refused.value.errors


def test_a_last_year_before_the_first_is_refused() -> None:
    goal_id = make_goal()
    with pytest.raises(Invalid) as refused:
        change(goal_id, "God service", last_year=2025)
    assert list(refused.value.errors) == ["last_year"]


# S4-04
def test_free_text_is_linked_as_soon_as_the_styrkort_has_a_goal_of_that_name() -> None:
    meant, other = make_initiative(goal_area="GOD  service"), make_initiative("Ny växel", goal_area="Något annat")
    assert aims_of([stored.initiative(meant)])[1].areas == ()
    assert (aims(meant).area, aims(other).area) == ("GOD  service", "Något annat")
    goal_id = make_goal("God service")
    assert aims_of([stored.initiative(meant)])[1].areas == (goal_id,)
    assert (aims(meant).area, aims(other).area) == ("God service", "Något annat")
    assert last_event(f"initiative/{meant}")["changes"] == {"goal_area": ["GOD  service", "God service"]}
    assert stored.initiative(meant).version == 2


# S1-20, S4-14
def test_what_an_initiative_aims_at_is_changed_and_told() -> None:
    for name in ("God service", "Goda chefer", "Hälsa"):
        make_goal(name)
    make_goal("Rum för möten", GoalKind.PROGRAMME)
    code = make_initiative()
    edit(code, goal_area="Hälsa", other_goal_areas=["God service", "Goda chefer"], programme="Rum för möten")
    assert aims(code) == AimNames("Hälsa", ("God service", "Goda chefer"), "Rum för möten")
    edit(code, goal_area="God service", other_goal_areas=["Hälsa"])
    assert aims(code) == AimNames("God service", ("Hälsa",), "Rum för möten")
    assert last_event(f"initiative/{code}")["changes"] == {
        "goal_area": ["Hälsa", "God service"],
        "other_goal_areas": [["God service", "Goda chefer"], ["Hälsa"]],
    }
    with pytest.raises(Invalid):
        edit(code, other_goal_areas=["Hälsa", "Goda chefer", "God service"])
    assert broken(NOW) == []


def test_the_list_is_filtered_by_goal_by_programme_and_by_the_lack_of_a_goal() -> None:
    goal_id, programme = make_goal(), make_goal("Rum för möten", GoalKind.PROGRAMME)
    make_goal("Hälsa")
    make_initiative(goal_area="God service")
    make_initiative("Två", goal_area="Hälsa", other_goal_areas=["God service"], programme="Rum för möten")
    make_initiative("Tre", goal_area="Fritext")

    def found(goal: int | str) -> list[str]:
        return [one.code for one in initiatives_in(Filter(goal=goal))]

    assert (found(goal_id), found(programme), found(NO_GOAL)) == (
        ["FI-001", "FI-002"],
        ["FI-002"],
        ["FI-003"],
    )

"""Impacts: rated after an import, confirmed, corrected or objected to by the receiving chef."""

import json
from collections.abc import Mapping
from datetime import datetime

import pytest

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import NotFound, NotPermitted, NotReady, OverCapacity, Stale
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.actions.acknowledging import acknowledge, correct_impact, object_to
from portfolio.initiatives.actions.editing import edit
from portfolio.initiatives.actions.rating import rate_impacts
from portfolio.initiatives.models import ImpactRow
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.people.rules import Actor, Role
from portfolio.units.queries import ids_by_code
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_standstill, make_unit

pytestmark = pytest.mark.usefixtures("app")


def rate(ratings: Mapping[str, Mapping[str, int]], by: Actor = CHAIR) -> None:
    """Rate impacts: {initiative: {unit: 0 to 3}}."""
    with transaction():
        rate_impacts(ratings, by=by, now=NOW)


def correct(code: str, unit: str, levels: Mapping[int, int], by: Actor = CHAIR, version: int | None = None) -> None:
    """Correct impacts on a unit: {phase from 0: 0 to 3}."""
    with transaction():
        correct_impact(code, unit, levels, version=version, by=by, now=NOW)


def chief_of(unit: str, role: Role = Role.MEMBER) -> Actor:
    """The chief of a unit."""
    return Actor(f"Chef för {unit}", role, None, ids_by_code()[unit])


def answers(code: str) -> list[tuple[str, str]]:
    """What the receiving chefs have answered, and who."""
    return [(row.answer, row.answered_by) for row in acknowledgements_of(stored.initiative(code).id)]


def test_rating_brings_the_truth_to_light_and_is_never_refused() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": None})
    make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": 2})
    assert stored.load("KLF", "2026-W48", "2026-W48") == [2]
    rate({code: {"KLF": 3}})
    assert stored.load("KLF", "2026-W48", "2026-W50") == [5, 5, 0]
    assert [(week, cause) for _, week, _, cause in stored.conflicts()] == [
        ("2026-W48", "initiative.impact_rated"),
        ("2026-W49", "initiative.impact_rated"),
    ]
    assert broken(NOW) == []


def test_rating_touches_only_what_is_unrated() -> None:
    make_unit("KLF", limit=9)
    phases = (
        Phase("prepare", 1, {"KLF": None}),
        Phase("implement", 1, {"KLF": 2}),
        Phase("reinforce", 1, {"KLF": None}),
    )
    code = make_initiative(status="ongoing", start="2026-W48", phases=phases)
    rate({code: {"KLF": 1}})
    assert stored.load("KLF", "2026-W48", "2026-W50") == [1, 2, 1]
    before = stored.initiative(code).version
    rate({code: {"KLF": 3}})
    assert stored.load("KLF", "2026-W48", "2026-W50") == [1, 2, 1]
    assert stored.initiative(code).version == before
    assert stored.told(code) == ["initiative.imported", "initiative.impact_rated"]


def test_rating_with_none_takes_the_impact_away() -> None:
    make_unit("KLF", max_parallel=1)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": None})
    make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": 1})
    assert len(stored.conflicts()) == 2
    rate({code: {"KLF": 0}})
    assert stored.conflicts() == []
    assert current_session().query(ImpactRow).count() == 1
    assert broken(NOW) == []


def test_a_whole_grid_is_rated_at_once_or_not_at_all() -> None:
    make_unit("KLF")
    make_unit("SOC")
    one, other = (make_initiative(status="proposed", impacts={"KLF": None, "SOC": None}) for _ in range(2))
    with pytest.raises(NotPermitted):
        rate({one: {"KLF": 1}, other: {"KLF": 1, "SOC": 2}}, by=chief_of("KLF"))
    assert stored.told(one) == ["initiative.imported"]
    rate({one: {"KLF": 1}, other: {"KLF": 1}}, by=chief_of("KLF"))
    rate({one: {"SOC": 2}, other: {"SOC": 2}}, by=Actor("Portföljkoordinator", Role.COORDINATOR))
    assert stored.told(one)[-2:] == ["initiative.impact_rated"] * 2


def test_a_correction_that_adds_load_passes_the_gate_and_a_smaller_one_always_does() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": 1})
    make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": 1})
    with pytest.raises(OverCapacity):
        correct(code, "KLF", {0: 3})
    assert answers(code) == []
    assert stored.load("KLF", "2026-W48", "2026-W48") == [2]
    correct(code, "KLF", {0: 2})
    correct(code, "KLF", {0: 0})
    assert stored.load("KLF", "2026-W48", "2026-W48") == [1]
    assert answers(code) == [("corrected", CHAIR.name)]
    assert json.loads(stored.newest(code).data)["changes"] == [{"phase": 1, "before": 2, "after": 0}]
    assert broken(NOW) == []


def test_a_new_frame_does_not_make_unrated_what_was_rated_so_that_no_rating_passes_the_gate_by() -> None:
    make_unit("KLF", limit=3)
    make_unit("SOC", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=2, impacts={"KLF": 2})
    for unrated in ({"KLF": None}, {"KLF": 2, "SOC": None}):
        phases = (Phase("implement", 2, unrated),)
        with pytest.raises(NotReady, match="impacts_rated"):
            make_decision(code, "rescope", phases=phases)
    make_decision(code, "rescope", phases=phases, despite="Socialförvaltningen svarar på fredag.")
    make_decision(code, "rescope", phases=(Phase("implement", 3, {"KLF": 2, "SOC": None}),))
    assert stored.load("KLF", "2026-W48", "2026-W50") == [2, 2, 2]


def test_a_correction_of_what_does_not_count_is_free() -> None:
    make_unit("KLF", limit=1)
    code = make_initiative(status="proposed", impacts={"KLF": 1})
    correct(code, "KLF", {0: 3})
    correct(code, "KLF", {0: 3})
    assert stored.told(code) == ["initiative.imported", "initiative.impact_changed"]
    assert stored.load("KLF", "2027-W02", "2027-W02") == [0]


def test_a_phase_that_the_chef_was_not_asked_about_stays_unrated() -> None:
    make_unit("KLF")
    phases = (Phase("prepare", 1, {"KLF": None}), Phase("implement", 1, {"KLF": 2}))
    code = make_initiative(status="proposed", phases=phases)
    correct(code, "KLF", {1: 3})
    assert [row.impact for phase in stored.initiative(code).phases for row in phase.impacts] == [None, 3]
    assert json.loads(stored.newest(code).data)["changes"] == [{"phase": 2, "before": 2, "after": 3}]


def test_nobody_answers_for_a_unit_that_the_plan_leaves_alone() -> None:
    make_unit("KLF")
    make_unit("SOC")
    code = make_initiative(status="proposed", impacts={"KLF": 1})
    with pytest.raises(NotFound):
        correct(code, "SOC", {0: 3}, by=chief_of("SOC", Role.RECEIVER))
    with pytest.raises(NotFound), transaction():
        acknowledge(code, "SOC", version=None, by=chief_of("SOC"), now=NOW)
    assert (answers(code), stored.told(code)) == ([], ["initiative.imported"])


def test_nobody_answers_on_a_plan_that_they_have_not_seen() -> None:
    make_unit("KLF")
    code = make_initiative(status="proposed", impacts={"KLF": 1})
    seen = stored.initiative(code).version
    with transaction():
        edit(code, {"phases": (Phase("implement", 40, {"KLF": 3}),)}, version=seen, by=CHAIR, now=NOW)
    with pytest.raises(Stale), transaction():
        acknowledge(code, "KLF", version=seen, by=chief_of("KLF"), now=NOW)
    with pytest.raises(Stale), transaction():
        object_to(code, "KLF", "Vänta", version=seen, by=chief_of("KLF"), now=NOW)
    with pytest.raises(Stale):
        correct(code, "KLF", {0: 0}, by=chief_of("KLF"), version=seen)
    assert answers(code) == []


def test_a_correction_is_not_refused_because_a_standstill_has_come_over_the_decided_start() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="decided", start="2027-W08", impacts={"KLF": 1})
    make_standstill("2027-W08", "2027-W08")
    correct(code, "KLF", {0: 2})
    assert stored.load("KLF", "2027-W09", "2027-W09") == [2]


def test_the_receiving_chef_answers_for_their_unit_and_those_below_it() -> None:
    make_unit("KLF")
    make_unit("KAN", parent="KLF")
    make_unit("SOC")
    code = make_initiative(status="proposed", impacts={"KAN": 1, "SOC": 1})
    with transaction():
        acknowledge(code, "KAN", version=None, by=chief_of("KLF"), now=NOW)
        object_to(code, "SOC", "Vi har ingen tid", version=None, by=chief_of("SOC", Role.RECEIVER), now=NOW)
    assert answers(code) == [("confirmed", "Chef för KLF"), ("objection", "Chef för SOC")]
    assert stored.told(code)[-2:] == ["initiative.unit_acknowledged", "initiative.objection_raised"]
    with pytest.raises(NotPermitted):
        correct(code, "SOC", {0: 0}, by=chief_of("KLF"))
    with pytest.raises(NotPermitted):
        correct(code, "KLF", {0: 1}, by=chief_of("KAN"))


def test_a_new_answer_takes_the_place_of_the_old_one_and_a_new_plan_needs_new_answers() -> None:
    make_unit("KLF")
    code = make_initiative(impacts={"KLF": 1})
    with transaction():
        object_to(code, "KLF", "Vänta", version=None, by=chief_of("KLF"), now=NOW)
        acknowledge(code, "KLF", version=None, by=chief_of("KLF"), now=NOW)
    assert answers(code) == [("confirmed", "Chef för KLF")]
    make_decision(code, "start", phases=(Phase("implement", 2, {"KLF": 2}),))
    assert answers(code) == []


def test_an_answer_is_kept_with_the_time_it_was_given() -> None:
    make_unit("KLF")
    code = make_initiative(status="proposed", impacts={"KLF": 1})
    later = datetime.fromisoformat("2027-03-28T02:30:00+02:00")
    with transaction():
        acknowledge(code, "KLF", version=None, by=chief_of("KLF"), now=later)
    [row] = acknowledgements_of(stored.initiative(code).id)
    assert row.answered_at == later

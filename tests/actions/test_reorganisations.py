"""Organisationen ändras: units are renamed, moved, merged and split from a week on, with all that stands on them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted, OverCapacity
from portfolio.base.weeks import parse_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.actions import tree
from portfolio.initiatives.queries.plans import phases_of
from portfolio.overview.checks import breached_invariants
from portfolio.people.rules import Actor, Role
from portfolio.reorganisation.actions import deciding
from portfolio.reorganisation.actions.rehearsing import rehearse
from portfolio.reorganisation.actions.undoing import undo
from portfolio.reorganisation.jobs import keep_up_with_the_organisation
from portfolio.reorganisation.rules import Merge, Move, NewUnit, Rename, Split, Wanted
from portfolio.units import actions as unit_rows
from portfolio.units import queries as units
from portfolio.units.queries import unit_by_code
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_unit

pytestmark = pytest.mark.usefixtures("app")

WEEK = "2027-W04"
THEN = NOW + timedelta(weeks=9)
"""Monday of WEEK."""
COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR)
INTO = (NewUnit("NORD", "Kontor Nord", 3), NewUnit("SYD", "Kontor Syd", 3))


def reorganise(wanted: Wanted, week: str = WEEK, by: Actor = CHAIR, now: Any = NOW) -> int:
    with transaction():
        row, _ = deciding.reorganise(wanted, parse_week(week), by=by, now=now)
        return row.id


def take_back(reorganisation: int, now: Any = NOW) -> None:
    with transaction():
        undo(reorganisation, by=CHAIR, now=now)


def loads(*codes: str, first: str = "2027-W02", last: str = "2027-W06") -> list[list[int | None]]:
    return [stored.load(code, first, last) for code in codes]


def impacts(code: str) -> Sequence[dict[str, int | None]]:
    return [dict(phase.impacts) for phase in phases_of(stored.initiative(code))]


def carries(code: str) -> tuple[int | None, int | None, bool]:
    unit = unit_by_code(code)
    return unit.limit, unit.max_parallel, unit.limits_confirmed


def holds(now: Any = NOW) -> bool:
    return broken(now) == list(breached_invariants(now)) == []


def town() -> str:
    """Two förvaltningar with an office each, and something that touches both offices through the week of change."""
    for code in ("KLF", "SOC"):
        make_unit(code, limit=9)
    make_unit("KAN", parent="KLF", limit=4, name="Kansliet")
    make_unit("ARK", parent="SOC", limit=4, name="Arkivet")
    return make_initiative(status="decided", start="2027-W02", weeks=5, impacts={"KAN": 2, "ARK": 3})


def test_a_unit_is_called_otherwise_from_its_week_and_not_before() -> None:  # S1-27
    make_unit("KAN", name="Kansliet")
    reorganise(Rename("KAN", "Stadskansliet"))
    assert keep_up_with_the_organisation(NOW) == 0
    assert unit_by_code("KAN").name == "Kansliet"
    assert [keep_up_with_the_organisation(THEN), keep_up_with_the_organisation(THEN)] == [1, 0]
    assert unit_by_code("KAN").name == "Stadskansliet"
    assert units.names_in(parse_week("2027-W03")) == {"KAN": "Kansliet"}
    assert units.names_in(parse_week(WEEK)) == {"KAN": "Stadskansliet"}
    assert stored.told("unit/KAN") == ["unit.added", "unit.renamed", "unit.edited"]
    assert stored.told("reorganisation/1") == ["reorganisation.carried_out"]
    assert holds(THEN)


def test_a_moved_unit_weighs_on_the_new_place_from_its_week_and_what_collides_names_it() -> None:  # S1-27
    town()
    make_unit("FUL", limit=1)
    reorganise(Move("KAN", "FUL"))
    assert loads("KAN", "KLF", "FUL") == [[2] * 5, [2, 2, 0, 0, 0], [0, 0, 2, 2, 2]]
    assert stored.conflicts() == [("FUL", week, "load", "unit.moved") for week in stored.weeks_from(WEEK, 3)]
    row = capacity.open_conflicts(NOW)[0]
    assert row.cause_text == "Kansliet flyttas till Förvaltningen FUL från v. 4"
    assert unit_by_code("KAN").parent_id == units.ids_by_code()["KLF"]
    assert holds()
    keep_up_with_the_organisation(THEN)
    assert unit_by_code("KAN").parent_id == units.ids_by_code()["FUL"]
    assert stored.conflict_weeks("FUL", THEN) == stored.weeks_from(WEEK, 3)
    assert holds(THEN)


def test_merged_units_are_one_from_their_week_and_the_higher_impact_holds() -> None:  # S1-27
    code = town()
    make_unit("DEL", parent="KAN")
    chief = make_person("Enhetschef", unit="KAN")
    reorganise(Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet", 2), "KLF"))
    assert loads("KAN", "ARK", "SKA") == [[2, 2, 0, 0, 0], [3, 3, 0, 0, 0], [0, 0, 3, 3, 3]]
    assert loads("KLF", "SOC") == [[2, 2, 3, 3, 3], [3, 3, 0, 0, 0]]
    assert stored.conflicts() == [("SKA", week, "load", "unit.merged") for week in stored.weeks_from(WEEK, 3)]
    assert impacts(code) == [{"KAN": 2, "ARK": 3}]
    assert holds()
    keep_up_with_the_organisation(THEN)
    ids = units.ids_by_code()
    assert [str(unit_by_code(old).valid_to) for old in ("KAN", "ARK")] == ["2027-01-24"] * 2
    assert unit_by_code("DEL").parent_id == ids["SKA"]
    assert chief.unit_id == ids["SKA"]
    assert units.ids_above(ids["KAN"]) == [ids["KAN"], ids["SKA"], ids["KLF"]]
    assert holds(THEN)


def test_the_gate_asks_the_new_unit_for_its_weeks_before_they_have_come() -> None:  # S1-27
    town()
    reorganise(Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet", 3), "KLF"))
    short = make_initiative("Kort", start="2027-W02", weeks=2, impacts={"KAN": 1}, owner="Arkivarie")
    make_decision(short, "start", start_week="2027-W02")
    long = make_initiative("Lång", start="2027-W02", weeks=3, impacts={"KAN": 1}, owner="Arkivarie")
    with pytest.raises(OverCapacity):
        make_decision(long, "start", start_week="2027-W02")
    assert holds()


def test_of_a_split_unit_each_initiative_goes_to_one_or_both_and_the_weeks_before_stay() -> None:  # S1-27
    make_unit("KLF", limit=9)
    make_unit("KAN", parent="KLF", limit=6, name="Kansliet")
    make_unit("DEL", parent="KAN")
    chief = make_person("Enhetschef", unit="KAN")
    one = make_initiative("Ett", status="decided", start="2027-W02", weeks=5, impacts={"KAN": 2})
    both = make_initiative("Båda", status="decided", start="2027-W02", weeks=5, impacts={"KAN": 3}, owner="Chef 2")
    closed = make_initiative("Klart", status="closed", start="2026-W02", weeks=5, impacts={"KAN": 3})
    staff = {chief.id: "SYD"}
    reorganise(Split("KAN", INTO, {one: ["SYD"]}, staff, {"DEL": "SYD"}))
    assert impacts(one) == [{"SYD": 2}]
    assert impacts(both) == [{"NORD": 3, "SYD": 3}]
    assert impacts(closed) == [{"KAN": 3}]
    assert loads("KAN", "NORD", "SYD", "KLF") == [[5, 5, 0, 0, 0], [0, 0, 3, 3, 3], [0, 0, 5, 5, 5], [5] * 5]
    assert {(unit, cause) for unit, _, _, cause in stored.conflicts()} == {("SYD", "unit.split")}
    assert stored.told(one)[-1] == "initiative.followed_unit"
    assert holds()
    keep_up_with_the_organisation(THEN)
    ids = units.ids_by_code()
    assert (unit_by_code("DEL").parent_id, chief.unit_id) == (ids["SYD"], ids["SYD"])
    assert holds(THEN)


def test_a_change_is_taken_back_until_its_week_comes_and_its_codes_may_be_used_again() -> None:  # S1-27
    code = town()
    split = reorganise(Split("KAN", INTO, {code: ["NORD"]}))
    take_back(split)
    assert impacts(code) == [{"KAN": 2, "ARK": 3}]
    assert loads("KAN", "NORD") == [[2] * 5, [0] * 5]
    assert stored.conflicts() == []
    merged = reorganise(Merge(("KAN", "ARK"), NewUnit("NORD", "Norr", 9), None))
    new = make_initiative("På den nya", status="decided", start="2027-W04", weeks=1, impacts={"NORD": 1}, owner="Ny")
    take_back(merged)
    assert impacts(new) == [{"KAN": 1, "ARK": 1}]
    assert loads("KAN", "ARK", "NORD", first=WEEK, last=WEEK) == [[3], [4], [0]]
    assert holds()
    for gone, now in ((merged, NOW), (reorganise(Rename("KAN", "Norra kansliet")), THEN)):
        with pytest.raises(NotAllowedNow):
            take_back(gone, now)


def test_what_is_decided_for_this_week_is_done_at_once() -> None:
    town()
    reorganise(Move("KAN", "SOC"), "2026-W48", by=COORDINATOR)
    assert unit_by_code("KAN").parent_id == units.ids_by_code()["SOC"]
    assert loads("KLF", "SOC") == [[0] * 5, [3] * 5]
    assert keep_up_with_the_organisation(NOW) == 0
    assert holds()


def test_a_rehearsal_shows_the_weeks_before_and_after_and_what_collides_and_leaves_nothing_behind() -> None:  # S1-27
    code = town()
    wanted = Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet", 2), "KLF")
    found = rehearse(wanted, parse_week(WEEK), by=CHAIR, now=NOW)
    at = parse_week(WEEK) - found.first
    assert [found.before["KAN"][at].load, found.after["SKA"][at].load] == [2, 3]
    assert found.after["KAN"][at].level == "absent"
    assert found.told == "Kansliet och Arkivet slås ihop till Stadskansliet"
    assert [(clash.unit, clash.codes) for clash in found.clashes] == [("SKA", [code])]
    assert "SKA" not in units.ids_by_code()
    assert units.reorganisations() == []
    assert holds()


@pytest.mark.parametrize(
    ("field", "wanted", "week"),
    [
        ("from_week", Rename("KAN", "Kansliet"), "2026-W47"),
        ("from_week", Rename("KAN", "Kansliet"), "2029-W10"),
        ("parent", Move("KLF", "KAN"), WEEK),
        ("parent", Move("KAN", "FINNSINTE"), WEEK),
        ("units", Merge(("KAN", "KAN"), NewUnit("SKA", "Stadskansliet"), None), WEEK),
        ("parent", Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet"), "KAN"), WEEK),
        ("code", Merge(("KAN", "ARK"), NewUnit("SOC", "Stadskansliet"), None), WEEK),
        ("code_2", Split("KAN", (NewUnit("NY", "Ny"), NewUnit("NY", "Ny igen"))), WEEK),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, wanted: Wanted, week: str) -> None:
    town()
    with pytest.raises(Invalid) as refused:
        reorganise(wanted, week)
    assert list(refused.value.errors) == [field]


def test_a_unit_that_changes_already_or_is_gone_then_is_left_alone() -> None:
    town()
    reorganise(Move("KAN", "SOC"))
    with pytest.raises(Invalid) as refused:
        reorganise(Rename("KAN", "Norra kansliet"))
    decided = "Det är redan beslutat: Kansliet flyttas till Förvaltningen SOC."
    assert refused.value.errors == {"unit": [f"{decided} Ångra det först, eller vänta tills det är gjort."]}
    reorganise(Split("ARK", INTO))
    keep_up_with_the_organisation(THEN)
    with pytest.raises(Invalid) as refused:
        reorganise(Rename("ARK", "Arkivet"), "2027-W06", now=THEN)
    assert refused.value.errors == {"unit": ["Arkivet finns inte den veckan."]}


def test_two_units_never_come_to_lie_below_each_other_whatever_is_decided_for_when() -> None:
    town()
    reorganise(Move("KLF", "SOC"), "2027-W10")
    with pytest.raises(Invalid) as refused:
        reorganise(Move("SOC", "KLF"), "2027-W05")
    assert list(refused.value.errors) == ["parent"]
    with pytest.raises(Invalid) as refused, transaction():
        tree.edit_unit("SOC", {"parent": "KLF"}, version=None, by=CHAIR, now=NOW)
    assert list(refused.value.errors) == ["parent"]


@pytest.mark.parametrize("parent", ["KAN", "DEL"])
def test_the_unit_above_a_merged_one_never_moves_below_what_is_merged(parent: str) -> None:
    town()
    make_unit("DEL", parent="KAN")
    reorganise(Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet", 9), "SOC"))
    with pytest.raises(Invalid) as refused, transaction():
        tree.edit_unit("SOC", {"parent": parent}, version=None, by=CHAIR, now=NOW)
    assert list(refused.value.errors) == ["parent"]


def test_nothing_is_put_below_a_unit_that_others_are_to_stand_in_the_place_of() -> None:
    town()
    reorganise(Split("KAN", INTO))
    with pytest.raises(Invalid) as refused, transaction():
        tree.edit_unit("ARK", {"parent": "KAN"}, version=None, by=CHAIR, now=NOW)
    assert refused.value.errors == {"parent": ["Kansliet ersätts av Kontor Nord. Välj den i stället."]}


def test_a_merged_unit_that_was_put_below_itself_comes_to_light_again() -> None:
    town()
    reorganise(Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet", 9), "SOC"))
    with transaction():
        unit_rows.edit_unit(unit_by_code("SOC"), {"parent": "KAN"}, by=CHAIR, now=NOW)
    keep_up_with_the_organisation(THEN)
    assert unit_by_code("SOC").parent_id is None
    assert unit_by_code("SKA").parent_id == unit_by_code("SOC").id
    assert holds(THEN)


def test_a_split_by_the_coordinator_leaves_each_new_unit_the_limit_that_was_confirmed() -> None:
    make_unit("KAN", limit=6, max_parallel=2, name="Kansliet")
    reorganise(Split("KAN", (NewUnit("NORD", "Kontor Nord", 40), NewUnit("SYD", "Kontor Syd", 5))), by=COORDINATOR)
    assert [carries(code) for code in ("NORD", "SYD")] == [(6, 2, True), (5, 2, True)]
    code = make_initiative(start=WEEK, weeks=5, impacts={"NORD": 3}, owner="Arkivarie")
    make_initiative("Annat", status="decided", start=WEEK, weeks=5, impacts={"NORD": 3})
    make_initiative("Tredje", status="decided", start=WEEK, weeks=5, impacts={"NORD": 1}, owner="Chef 2")
    with pytest.raises(OverCapacity):
        make_decision(code, "start", start_week=WEEK)


def test_a_merger_by_the_coordinator_leaves_the_lowest_limit_that_was_confirmed() -> None:
    make_unit("KAN", limit=6, name="Kansliet")
    make_unit("ARK", limit=4, max_parallel=2, name="Arkivet")
    make_unit("REG", limit=1, confirmed=False, name="Registraturen")
    reorganise(Merge(("KAN", "ARK", "REG"), NewUnit("SKA", "Stadskansliet"), None), by=COORDINATOR)
    assert carries("SKA") == (4, 2, True)


def test_limits_that_the_chair_sets_hold_and_where_none_was_confirmed_new_ones_are_preliminary() -> None:
    make_unit("KAN", limit=6, name="Kansliet")
    make_unit("ARK", limit=4, confirmed=False, name="Arkivet")
    reorganise(Split("KAN", INTO))
    reorganise(Split("ARK", (NewUnit("ARK1", "Arkiv 1", 9), NewUnit("ARK2", "Arkiv 2"))), by=COORDINATOR)
    assert [carries(code) for code in ("NORD", "ARK1", "ARK2")] == [
        (3, None, True),
        (9, None, False),
        (None, None, False),
    ]


def test_who_and_what_comes_to_a_merged_unit_after_the_decision_goes_along_too() -> None:
    town()
    reorganise(Merge(("KAN", "ARK"), NewUnit("SKA", "Stadskansliet", 9), "KLF"))
    make_unit("NYT", parent="ARK")
    late = make_person("Nämndsekreterare", unit="ARK")
    keep_up_with_the_organisation(THEN)
    assert unit_by_code("NYT").parent_id == late.unit_id == units.ids_by_code()["SKA"]


def test_a_unit_does_not_move_to_one_that_is_gone_by_then() -> None:
    town()
    reorganise(Split("KAN", INTO))
    with pytest.raises(Invalid) as refused:
        reorganise(Move("ARK", "KAN"), "2027-W10")
    assert refused.value.errors == {"parent": ["Kansliet finns inte den veckan."]}


def test_only_those_who_shape_units_change_the_organisation() -> None:
    make_unit("KAN")
    for role in (Role.MEMBER, Role.OWNER, Role.READER):
        with pytest.raises(NotPermitted):
            reorganise(Rename("KAN", "Mitt"), by=Actor("Någon", role, None, units.ids_by_code()["KAN"]))
    reorganise(Rename("KAN", "Kansliet"), by=COORDINATOR)

"""The table of decisions: what may be decided in which status, and what comes of it."""

import json
from datetime import date
from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted, NotReady, OverCapacity, Stale
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.queries.decisions import decisions_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_standstill, make_unit

pytestmark = pytest.mark.usefixtures("app")

TABLE = """
prepare   proposed rejected                                   in_preparation
start     in_preparation decided                              decided
defer     proposed in_preparation decided ongoing paused      -
return    proposed in_preparation decided ongoing paused      -
refer     proposed in_preparation decided ongoing paused      -
note      proposed in_preparation decided ongoing paused      -
rerank    proposed in_preparation decided ongoing paused      -
reject    proposed in_preparation                             rejected
rescope   decided ongoing paused                              -
pause     decided ongoing                                     paused
resume    paused                                              decided
complete  ongoing                                             follow_up
close     follow_up                                           closed
cancel    decided ongoing paused                              cancelled
"""
"""Each kind, the statuses from which it is allowed, and the status it leads to (docs/decisions.md)."""

NEEDS: dict[str, dict[str, Any]] = {
    "start": {"start_week": "2027-W10"},
    "resume": {"start_week": "2027-W10"},
    "defer": {"until": date(2027, 1, 11)},
    "rerank": {"rank": 1},
}
STARTS = {"ongoing": "2026-W45", "paused": "2026-W45", "follow_up": "2026-W40", "closed": "2026-W40"}

RULES = {kind: (set(statuses), target) for kind, *statuses, target in map(str.split, TABLE.strip().splitlines())}


def in_status(status: str, **impacts: int) -> str:
    """An initiative in a status, begun where it runs."""
    start = STARTS.get(status, "2027-W02")
    return make_initiative(status, status=status, start=start, weeks=8, impacts=impacts)


def test_a_decision_is_allowed_exactly_where_the_table_says_so_and_leads_where_it_says() -> None:
    make_unit("KLF", limit=200)
    make_person("Kanslichef", max_owned=200)
    found = {(kind.value, status.value): outcome_of(kind, status) for kind in Kind for status in Status}
    expected = {
        (kind, status.value): (status if target == "-" else target) if status in allowed else "refused"
        for kind, (allowed, target) in RULES.items()
        for status in Status
    }
    assert found == expected
    assert broken(NOW) == []


def outcome_of(kind: Kind, status: Status) -> str:
    """The status that a decision led to; `refused` if that left all as it was and named what is allowed."""
    code = in_status(status, KLF=1)
    if status in RULES[kind][0]:
        make_decision(code, kind, **NEEDS.get(kind, {}))
        return stored.status(code)
    with pytest.raises(NotAllowedNow) as refused:
        make_decision(code, kind, **NEEDS.get(kind, {}))
    assert stored.status(code) == status
    assert set(refused.value.allowed) == {one for one, (statuses, _) in RULES.items() if status in statuses}
    return "refused"


@pytest.mark.parametrize("kind", ["start", "resume"])
def test_what_starts_this_week_is_ongoing_at_once(kind: str) -> None:
    code = in_status("paused" if kind == "resume" else "in_preparation")
    make_decision(code, kind, start_week="2026-W48")
    assert stored.status(code) == "ongoing"


def test_a_decided_initiative_whose_week_has_come_counts_as_ongoing_before_the_clock_has_said_so() -> None:
    code = make_initiative(status="decided", start="2026-W48")
    with pytest.raises(NotAllowedNow) as refused:
        make_decision(code, "start", start_week="2027-W10")
    assert refused.value.status == "ongoing"
    make_decision(code, "complete")
    assert stored.status(code) == "follow_up"


def test_a_decision_keeps_who_decided_why_when_and_who_answers_for_it() -> None:
    code = make_initiative(start="2027-W10")
    make_decision(code, "start", reason="Lagen kräver det")
    [row] = decisions_of(stored.initiative(code).id)
    assert (row.kind, row.reason, row.decision_maker, row.decided_at) == (
        "start",
        "Lagen kräver det",
        CHAIR.name,
        NOW,
    )
    assert (row.responsible, row.due) == ("Kanslichef", date(2027, 3, 8))


def test_no_decision_is_taken_without_a_reason() -> None:
    for kind in Kind:
        code = in_status(min(RULES[kind][0]))
        with pytest.raises(Invalid) as refused:
            make_decision(code, kind, reason="  ", **NEEDS.get(kind, {}))
        assert list(refused.value.errors) == ["reason"]
        assert decisions_of(stored.initiative(code).id) == []


def test_a_decision_that_lacks_what_it_needs_is_told_at_the_field() -> None:
    for kind, field in {"start": "start_week", "resume": "start_week", "defer": "until", "rerank": "rank"}.items():
        code = make_initiative(status="paused" if kind == "resume" else "in_preparation", start=None)
        with pytest.raises(Invalid) as refused:
            make_decision(code, kind)
        assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("kind", ["defer", "return", "refer", "pause"])
def test_nothing_is_put_off_until_a_day_that_has_been(kind: str) -> None:
    code = in_status(min(RULES[kind][0]))
    with pytest.raises(Invalid) as refused:
        make_decision(code, kind, until=date(2026, 11, 22))
    assert refused.value.errors == {"until": ["Dagen har redan varit. Välj i dag eller en senare dag."]}
    make_decision(code, kind, until=date(2026, 11, 23))


@pytest.mark.parametrize("week", ["2026-W47", "2026-W52"])
def test_nothing_starts_in_a_past_week_or_in_a_standstill(week: str) -> None:
    make_standstill("2026-W52", "2026-W53")
    for kind, status in {"start": "in_preparation", "resume": "paused", "rescope": "decided"}.items():
        code = make_initiative(status=status, start="2027-W10")
        with pytest.raises(Invalid) as refused:
            make_decision(code, kind, start_week=week)
        assert list(refused.value.errors) == ["start_week"]


def test_a_decided_start_that_a_standstill_has_come_over_must_be_moved_to_change_the_frame() -> None:
    code = make_initiative(status="decided", start="2027-W08")
    make_standstill("2027-W08", "2027-W08")
    with pytest.raises(Invalid) as refused:
        make_decision(code, "rescope", phases=(Phase("implement", 3, {}),))
    assert list(refused.value.errors) == ["start_week"]
    make_decision(code, "rescope", start_week="2027-W09", phases=(Phase("implement", 3, {}),))
    assert stored.plan(code) == ("2027-W09", [3])


def test_a_plan_on_a_unit_that_does_not_exist_is_refused_at_the_phases() -> None:
    code = make_initiative(impacts={})
    with pytest.raises(Invalid) as refused:
        make_decision(code, "start", phases=(Phase("implement", 3, {"FINNSINTE": 1}),))
    assert list(refused.value.errors) == ["phases"]


def test_an_initiative_that_is_not_ready_starts_only_with_a_written_reason() -> None:
    make_unit("KLF", limit=8)
    code = make_initiative(owner=None, impacts={"KLF": None})
    bare = make_initiative(phases=[])
    with pytest.raises(NotReady) as refused:
        make_decision(code, "start")
    assert refused.value.missing == ["owner", "impacts_rated"]
    with pytest.raises(NotReady) as refused:
        make_decision(bare, "start")
    assert refused.value.missing == ["phases"]
    assert stored.status(code) == stored.status(bare) == "in_preparation"
    make_decision(code, "start", despite="Lagen gäller från årsskiftet")
    assert stored.status(code) == "decided"
    assert json.loads(stored.newest(code).data)["despite"] == "Lagen gäller från årsskiftet"


def test_a_start_that_does_not_fit_changes_nothing_and_says_where() -> None:
    make_unit("KLF", limit=3)
    make_initiative(status="ongoing", start="2026-W45", weeks=20, impacts={"KLF": 2})
    code = make_initiative(impacts={"KLF": 2})
    with pytest.raises(OverCapacity):
        make_decision(code, "start")
    assert stored.status(code) == "in_preparation"
    assert decisions_of(stored.initiative(code).id) == []
    assert stored.told(code) == ["initiative.imported"]


def test_a_decided_start_can_be_decided_anew_for_another_week() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(impacts={"KLF": 3})
    make_decision(code, "start")
    make_decision(code, "start", start_week="2027-W03")
    assert stored.loaded_weeks("KLF", "2027-W01", "2027-W10") == stored.weeks_from("2027-W03", 4)
    assert broken(NOW) == []


def test_a_start_may_bring_the_whole_plan_with_it() -> None:
    make_unit("KLF", limit=3)
    make_unit("BUF", limit=3)
    code = make_initiative(impacts={"KLF": 3})
    make_decision(code, "start", phases=(Phase("prepare", 2, {"BUF": 1}), Phase("implement", 1, {"BUF": 3})))
    assert stored.load("BUF", "2027-W02", "2027-W05") == [1, 1, 3, 0]
    assert stored.load("KLF", "2027-W02", "2027-W05") == [0, 0, 0, 0]


def test_the_frame_of_a_running_initiative_changes_and_its_past_start_stays() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W45", weeks=8, impacts={"KLF": 1})
    make_decision(code, "rescope", phases=(Phase("implement", 6, {"KLF": 3}),))
    assert stored.plan(code) == ("2026-W45", [6])
    assert stored.load("KLF", "2026-W48", "2026-W51") == [3, 3, 3, 0]


def test_the_frame_of_a_running_initiative_passes_the_gate_and_that_of_a_paused_one_does_not() -> None:
    make_unit("KLF", limit=3)
    running = make_initiative(status="ongoing", start="2026-W45", weeks=8, impacts={"KLF": 2})
    paused = make_initiative(status="paused", start="2026-W45", weeks=8, impacts={"KLF": 2})
    heavier = (Phase("implement", 8, {"KLF": 3}), Phase("reinforce", 1, {"KLF": 3}))
    make_initiative(status="ongoing", start="2026-W45", weeks=20, impacts={"KLF": 1})
    with pytest.raises(OverCapacity):
        make_decision(running, "rescope", phases=heavier)
    make_decision(paused, "rescope", phases=heavier)
    assert stored.plan(paused) == ("2026-W45", [8, 1])
    assert stored.plan(running) == ("2026-W45", [8])


def test_a_wider_frame_is_measured_against_what_the_initiative_has_already() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=8, impacts={"KLF": 2})
    make_initiative(status="ongoing", start="2026-W48", weeks=8, impacts={"KLF": 2})
    assert stored.conflict_weeks("KLF") == stored.weeks_from("2026-W48", 8)
    lighter = (Phase("implement", 2, {"KLF": 2}), Phase("implement", 6, {"KLF": 1}))
    make_decision(code, "rescope", phases=lighter)
    assert stored.conflict_weeks("KLF") == ["2026-W48", "2026-W49"]
    assert broken(NOW) == []


# S1-03
def test_the_places_in_the_order_of_priority_stay_one_to_n() -> None:
    codes = [make_initiative(f"Nummer {at}", status="proposed") for at in range(1, 6)]
    make_decision(codes[4], "rerank", rank=2)
    assert order() == [codes[0], codes[4], codes[1], codes[2], codes[3]]
    make_decision(codes[0], "rerank", rank=99)
    assert order() == [codes[4], codes[1], codes[2], codes[3], codes[0]]
    make_decision(codes[1], "reject")
    assert order() == [codes[4], codes[2], codes[3], codes[0]]
    make_decision(codes[1], "prepare")
    assert order() == [codes[4], codes[2], codes[3], codes[0], codes[1]]
    assert broken(NOW) == []


def order() -> list[str]:
    """The codes of what is open, first the first."""
    current = [stored.initiative(f"FI-{at:03d}") for at in range(1, 6)]
    return [one.code for one in sorted(current, key=lambda one: one.rank or 0) if one.rank is not None]


def test_the_chair_decides_and_the_coordinator_prepares() -> None:
    assert {role for role in Role if may_take("start", role)} == {Role.CHAIR}
    assert {role for role in Role if may_take("prepare", role)} == {Role.CHAIR, Role.COORDINATOR}


def may_take(kind: str, role: Role) -> bool:
    """Whether somebody in a role may take a kind of decision; if not, nothing has changed."""
    before = "in_preparation" if kind == "start" else "proposed"
    code = make_initiative(status=before, owner=None)
    asked = Asked(Kind(kind), "Vi är överens", despite="Ägare utses senare")
    try:
        with transaction():
            decide(code, asked, by=Actor("Någon", role), now=NOW)
    except NotPermitted:
        assert stored.status(code) == before
        return False
    assert stored.newest(code).actor == "Någon"
    return True


def test_a_decision_on_what_does_not_exist_finds_nothing() -> None:
    with pytest.raises(NotFound):
        make_decision("FI-404", "note")


def test_a_decision_on_an_older_version_is_refused_before_its_step_is_looked_at() -> None:
    code = make_initiative()
    make_decision(code, "note")
    with pytest.raises(Stale) as refused:
        make_decision(code, "complete", version=1)
    assert refused.value.current == 2
    make_decision(code, "note", version=2)


def test_ten_starts_of_which_the_seventh_does_not_fit_are_none() -> None:
    make_unit("KLF", limit=6)
    make_person("Kanslichef", max_owned=90)
    codes = [make_initiative(f"Nummer {at}", impacts={"KLF": 1}) for at in range(10)]
    with pytest.raises(OverCapacity) as refused:
        start_all(codes)
    assert refused.value.plan.code == codes[6]  # type: ignore[attr-defined]
    assert {stored.status(code) for code in codes} == {"in_preparation"}
    assert stored.load("KLF", "2027-W02", "2027-W02") == [0]
    assert broken(NOW) == []


def start_all(codes: list[str]) -> None:
    """One transaction for all of them."""
    with transaction():
        for code in codes:
            decide(code, Asked(Kind.START, "Allt på en gång"), by=CHAIR, now=NOW)

"""Pausing, resuming with what is left, and taking a decision back within thirty seconds."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import NotAllowedNow, NotFound, NotPermitted, NotReady, OverCapacity
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.actions import editing
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_standstill, make_unit

pytestmark = pytest.mark.usefixtures("app")

W50 = datetime.fromisoformat("2026-12-09T08:00:00+01:00")
W05 = datetime.fromisoformat("2027-02-01T08:00:00+01:00")

TWO_PHASES = (Phase("prepare", 2, {"KLF": 1}), Phase("implement", 6, {"KLF": 2}))


def running() -> str:
    """Ongoing in KLF: prepared in weeks 48 and 49, to be done in six more."""
    make_unit("KLF", limit=3)
    return make_initiative(status="ongoing", start="2026-W48", phases=TWO_PHASES)


def regret(decision: int, after: int = 30, by: Actor = CHAIR, now: datetime = NOW) -> None:
    """Take a decision back so many seconds later."""
    with transaction():
        undo(decision, by=by, now=now + timedelta(seconds=after))


def test_a_pause_takes_the_load_away_from_the_week_it_begins() -> None:
    code = running()
    make_decision(code, "pause", now=W50, until=date(2027, 2, 1))
    assert stored.load("KLF", "2026-W48", "2027-W02", W50) == [0] * 8
    assert stored.initiative(code).until == date(2027, 2, 1)
    assert broken(W50) == []


def test_what_is_left_is_resumed_and_a_standstill_is_no_time_that_has_passed() -> None:
    make_standstill("2026-W52", "2026-W53")
    code = running()
    make_decision(code, "pause", now=datetime.fromisoformat("2027-01-04T08:00:00+01:00"))
    make_decision(code, "resume", start_week="2027-W05", now=W05)
    assert stored.plan(code) == ("2027-W05", [4])
    assert stored.status(code) == "ongoing"
    assert stored.initiative(code).paused_week is None
    assert stored.load("KLF", "2027-W04", "2027-W09", W05) == [0, 2, 2, 2, 2, 0]
    assert broken(W05) == []


def test_a_pause_in_the_middle_of_a_phase_leaves_the_rest_of_that_phase() -> None:
    code = running()
    make_decision(code, "pause", now=datetime.fromisoformat("2026-11-30T08:00:00+01:00"))
    make_decision(code, "resume", start_week="2027-W05", now=W50)
    assert stored.plan(code) == ("2027-W05", [1, 6])
    assert stored.status(code) == "decided"


def test_what_was_paused_before_it_began_has_everything_left() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="decided", start="2027-W02", phases=TWO_PHASES)
    make_decision(code, "pause")
    make_decision(code, "resume", start_week="2027-W05", now=W05)
    assert stored.plan(code) == ("2027-W05", [2, 6])


def test_nothing_is_resumed_where_nothing_is_left_until_it_is_planned_anew() -> None:
    code = running()
    make_decision(code, "pause", now=W05)
    with pytest.raises(NotAllowedNow) as refused:
        make_decision(code, "resume", start_week="2027-W06", now=W05)
    assert set(refused.value.allowed) == {"defer", "return", "refer", "note", "rerank", "rescope", "cancel"}
    make_decision(code, "rescope", start_week="2027-W06", phases=(Phase("reinforce", 3, {"KLF": 1}),), now=W05)
    assert stored.status(code) == "paused"
    assert stored.load("KLF", "2027-W06", "2027-W06", W05) == [0]
    make_decision(code, "resume", start_week="2027-W06", now=W05)
    assert stored.plan(code) == ("2027-W06", [3])


def test_a_resumption_passes_the_gate() -> None:
    code = running()
    make_decision(code, "pause", now=W50)
    other = make_initiative(impacts={"KLF": 2}, weeks=8)
    make_decision(other, "start", start_week="2027-W02", now=W50)
    with pytest.raises(OverCapacity):
        make_decision(code, "resume", start_week="2027-W05", now=W50)
    assert stored.status(code) == "paused"
    make_decision(code, "resume", start_week="2027-W10", now=W50)
    assert broken(W50) == []


def test_what_is_left_must_be_ready_and_what_has_been_run_need_not() -> None:
    make_unit("KLF", limit=3)
    phases = (Phase("prepare", 2, {"KLF": None}), Phase("implement", 6, {"KLF": 2}))
    ready = make_initiative(status="ongoing", start="2026-W48", phases=phases)
    unready = make_initiative(status="ongoing", start="2026-W48", phases=phases[::-1])
    for code in (ready, unready):
        make_decision(code, "pause", now=W50)
    make_decision(ready, "resume", start_week="2027-W05", now=W50)
    with pytest.raises(NotReady) as refused:
        make_decision(unready, "resume", start_week="2027-W20", now=W50)
    assert refused.value.missing == ["impacts_rated"]


# --- Undo


UNDOABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "prepare": ("rejected", {}),
    "start": ("in_preparation", {"start_week": "2027-W05", "phases": TWO_PHASES}),
    "defer": ("ongoing", {"until": date(2027, 1, 11)}),
    "return": ("proposed", {"until": date(2027, 1, 11)}),
    "refer": ("decided", {"until": date(2027, 1, 11)}),
    "note": ("paused", {}),
    "rerank": ("proposed", {"rank": 1}),
    "reject": ("proposed", {}),
    "rescope": ("ongoing", {"phases": TWO_PHASES}),
    "pause": ("ongoing", {}),
    "resume": ("paused", {"start_week": "2027-W05"}),
    "complete": ("ongoing", {}),
    "close": ("follow_up", {}),
    "cancel": ("decided", {}),
}
KEPT = ("status", "rank", "start_week", "paused_week", "forecast_end_week", "until", "dragging_noted", "owner_id")


def test_every_kind_of_decision_can_be_taken_back_and_leaves_all_as_it_was() -> None:
    assert set(UNDOABLE) == set(Kind)
    make_unit("KLF", limit=90)
    make_person("Kanslichef", max_owned=90)
    make_initiative("Den första", status="proposed")
    for kind, (status, asked) in UNDOABLE.items():
        start = "2027-W02" if status == "decided" else "2026-W46"
        code = make_initiative(kind, status=status, start=start, weeks=9, impacts={"KLF": 1})
        make_initiative(f"Efter {kind}", status="proposed")
        before, load = facts(code), stored.load("KLF", "2026-W46", "2027-W20")
        decision = make_decision(code, kind, **asked).decision.id
        regret(decision)
        assert facts(code) == before, kind
        assert stored.load("KLF", "2026-W46", "2027-W20") == load, kind
        assert stored.told(code)[-1] == "initiative.decision_undone"
        assert broken(NOW) == [], kind


def facts(code: str) -> tuple[object, ...]:
    """What an undo must bring back."""
    one: Initiative = stored.initiative(code)
    phases = [
        (phase.kind, phase.weeks, sorted((row.unit_id, row.impact) for row in phase.impacts)) for phase in one.phases
    ]
    return *(getattr(one, name) for name in KEPT), phases


def test_an_undo_passes_the_gate_where_it_adds_load() -> None:
    code = running()
    decision = make_decision(code, "cancel").decision.id
    other = make_initiative(impacts={"KLF": 3}, weeks=2)
    make_decision(other, "start", start_week="2026-W50")
    with pytest.raises(OverCapacity):
        regret(decision)
    assert stored.status(code) == "cancelled"
    assert stored.told(code)[-1] == "initiative.cancelled"
    make_decision(other, "cancel")
    regret(decision)
    assert stored.status(code) == "ongoing"
    assert broken(NOW) == []


def test_an_undo_that_adds_nothing_is_not_refused_where_the_limit_is_passed_already() -> None:
    code = running()
    make_initiative("En lista lästes in", status="ongoing", start="2026-W48", weeks=8, impacts={"KLF": 3})
    regret(make_decision(code, "note").decision.id)
    assert stored.told(code)[-1] == "initiative.decision_undone"
    assert broken(NOW) == []


def test_a_decision_can_be_taken_back_once_within_thirty_seconds_and_only_if_nothing_has_happened_since() -> None:
    code = running()
    late, twice, changed = (make_decision(code, "note").decision.id for _ in range(3))
    with pytest.raises(NotAllowedNow):
        regret(changed, after=31)
    regret(changed)
    with pytest.raises(NotAllowedNow):
        regret(changed)
    with pytest.raises(NotAllowedNow):
        regret(twice)
    decision = make_decision(code, "note").decision.id
    with transaction():
        editing.edit(code, {"title": "Nytt namn"}, version=None, by=CHAIR, now=NOW)
    with pytest.raises(NotAllowedNow):
        regret(decision)
    assert late != twice


def test_only_who_may_decide_may_take_back_and_a_decision_that_never_was_is_not_found() -> None:
    code = running()
    decision = make_decision(code, "pause").decision.id
    with pytest.raises(NotPermitted):
        regret(decision, by=Actor("Portföljkoordinator", Role.COORDINATOR))
    regret(make_decision(code, "note").decision.id, by=Actor("Portföljkoordinator", Role.COORDINATOR))
    with pytest.raises(NotFound):
        regret(404)
